//! The module of helpers, with those that were called. It is built last.

use joggle_bind::abi::CoreType;
use joggle_bind::model::{Side, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::cast;
use super::lift::From;
use super::lower::To;
use super::shared::{Helper, Task};
use super::temps::Temps;
use super::writer::{ABI, Hold, Memory, Value, Writer, use_support};
use crate::ir::{Item, Module};
use crate::shape::{Context, rust};
use crate::spell::{Mode, Style, lifetime_a, lifetime_elided};

/// The module, if anything was called that stands in it.
#[must_use]
pub fn module(cx: &Context<'_>) -> Option<Module> {
    let mut items: Vec<Item> = area(cx).into_iter().collect();
    let mut uses_support = !items.is_empty();
    // Helpers call helpers, which then are to be printed as well.
    while let Some(helper) = cx.helpers.next() {
        let (tokens, support) = print(cx, &helper);
        uses_support |= support;
        items.push(Item::new(tokens));
    }
    if uses_support {
        items.insert(0, Item::new(use_support(cx, ABI)));
    }
    (!items.is_empty()).then(|| Module {
        ident: rust("_abi"),
        docs: proc_macro2::TokenStream::new(),
        attributes: quote!(#[cfg(target_arch = "wasm32")]),
        visibility: TokenStream::new(),
        items,
        modules: Vec::new(),
    })
}

/// Room for the largest result of an export that lies in memory. One is enough: the host reads a
/// result before it calls again.
fn area(cx: &Context<'_>) -> Option<Item> {
    let exports = cx.world.functions.values().filter(|it| it.side == Side::Export);
    let results = exports.filter(|it| it.core.return_pointer).filter_map(|it| it.result);
    let size = results.map(|ty| cx.world.layout(ty).size).max()?;
    let size = Literal::u32_unsuffixed(size);
    Some(Item::new(quote! {
        #[doc = " Where a result lies until it is read."]
        pub fn area() -> *mut u8 {
            static mut AREA: _rt::Area<#size> = _rt::Area::new();
            (&raw mut AREA).cast()
        }
    }))
}

/// A helper, and whether it calls support functions.
fn print(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    match helper.task {
        Task::Lower { deep } => lower(cx, helper, deep),
        Task::LowerFlat { deep } => lower_flat(cx, helper, deep),
        Task::Give => give(cx, helper),
        Task::GiveFlat => give_flat(cx, helper),
        Task::Lift => lift(cx, helper),
        Task::LiftFlat => lift_flat(cx, helper),
        Task::LiftEnum => lift_enum(cx, helper),
        Task::Free => free(cx, helper),
    }
}

fn borrowed_mode(cx: &Context<'_>, ty: TypeId, deep: bool) -> Mode {
    let style = if deep { Style::Deep } else { Style::Owned };
    cx.mode(ty, style, &lifetime_elided())
}

/// The parameter for memory that lasts as long as the call.
fn scratch(cx: &Context<'_>, ty: TypeId) -> Option<TokenStream> {
    cx.helpers.needs_scratch(cx, ty).then(|| quote!(, scratch: &mut _rt::Scratch))
}

fn lower(cx: &Context<'_>, helper: &Helper, deep: bool) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let mode = borrowed_mode(cx, *ty, deep);
    let (spelled, scratch) = (cx.spell(ABI, *ty, &mode), scratch(cx, *ty));
    let mut body = Writer::helper(cx, Hold::Lend, Temps::default());
    let mut to = To::Memory(Memory::at(quote!(base)));
    body.lower_here(*ty, &mode, &Value::reference(quote!(value)), &mut to);
    let block = body.block(&TokenStream::new(), "");
    let tokens = quote! {
        pub unsafe fn #name(value: &#spelled, base: *mut u8 #scratch) { #block }
    };
    (tokens, body.uses_support)
}

fn lower_flat(cx: &Context<'_>, helper: &Helper, deep: bool) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let mode = borrowed_mode(cx, *ty, deep);
    let (spelled, scratch) = (cx.spell(ABI, *ty, &mode), scratch(cx, *ty));
    let value = Value::reference(quote!(value));
    let (body, uses_support) = flat(cx, *ty, &mode, &value, Hold::Lend);
    let words = core_types(cx, *ty);
    let tokens = quote! {
        pub unsafe fn #name(value: &#spelled #scratch) -> #words { #body }
    };
    (tokens, uses_support)
}

fn give(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let spelled = cx.owned(ABI, *ty);
    let mut body = Writer::helper(cx, Hold::Give, Temps::default());
    let mut to = To::Memory(Memory::at(quote!(base)));
    body.lower_here(*ty, &Mode::owned(), &Value::place(quote!(value)), &mut to);
    let block = body.block(&TokenStream::new(), "");
    let tokens = quote! {
        pub unsafe fn #name(value: #spelled, base: *mut u8) { #block }
    };
    (tokens, body.uses_support)
}

fn give_flat(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let spelled = cx.owned(ABI, *ty);
    let value = Value::place(quote!(value));
    let (body, uses_support) = flat(cx, *ty, &Mode::owned(), &value, Hold::Give);
    let words = core_types(cx, *ty);
    let tokens = quote! {
        pub unsafe fn #name(value: #spelled) -> #words { #body }
    };
    (tokens, uses_support)
}

/// Statements and a tuple of core values.
fn flat(
    cx: &Context<'_>,
    ty: TypeId,
    mode: &Mode,
    value: &Value,
    hold: Hold,
) -> (TokenStream, bool) {
    let mut body = Writer::helper(cx, hold, Temps::default());
    let mut to = To::Flat(Vec::new());
    body.lower_here(ty, mode, value, &mut to);
    let words = match to {
        To::Flat(words) => words,
        To::Memory(_) => Vec::new(),
    };
    (body.block(&tuple(&words), ""), body.uses_support)
}

fn core_types(cx: &Context<'_>, ty: TypeId) -> TokenStream {
    let flat = cx.world.flat(ty).unwrap_or_default();
    tuple(&flat.iter().copied().map(cast::rust).collect::<Vec<_>>())
}

fn tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        parts => quote!((#(#parts),*)),
    }
}

/// Generics, a parameter and a type of a helper that lifts: with handles that are lent, the value
/// lives as long as what keeps them.
fn lifted(cx: &Context<'_>, ty: TypeId) -> (TokenStream, TokenStream, TokenStream) {
    if !cx.world.facts(ty).has_borrow() {
        return (TokenStream::new(), TokenStream::new(), cx.owned(ABI, ty));
    }
    let lent = cx.helpers.needs_lent(cx, ty).then(|| quote!(, lent: &'a _rt::Lent));
    let spelled = cx.spell(ABI, ty, &cx.mode(ty, Style::Owned, &lifetime_a()));
    (quote!(<'a>), lent.unwrap_or_default(), spelled)
}

fn lift(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let (generics, lent, spelled) = lifted(cx, *ty);
    let mut body = Writer::helper(cx, Hold::Give, Temps::default());
    let value = body.lift_here(*ty, &mut From::Memory(Memory::at(quote!(base))));
    let block = body.block(&value, "");
    let tokens = quote! {
        pub unsafe fn #name #generics(base: *mut u8 #lent) -> #spelled { #block }
    };
    (tokens, body.uses_support)
}

fn lift_flat(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let (generics, lent, spelled) = lifted(cx, *ty);
    let mut temps = Temps::default();
    let flat: Vec<CoreType> = cx.world.flat(*ty).unwrap_or_default().to_vec();
    let names: Vec<_> = (0..flat.len())
        .map(|index| temps.fresh(if index == 0 { "tag" } else { "payload" }))
        .collect();
    let mut body = Writer::helper(cx, Hold::Give, temps);
    let words = names.iter().map(|name| quote!(#name)).collect();
    let value = body.lift_here(*ty, &mut From::Flat(words));
    let (block, flat) = (body.block(&value, ""), flat.into_iter().map(cast::rust));
    let tokens = quote! {
        pub unsafe fn #name #generics(#(#names: #flat),* #lent) -> #spelled { #block }
    };
    (tokens, body.uses_support)
}

fn lift_enum(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let spelled = cx.owned(ABI, *ty);
    let mut body = Writer::helper(cx, Hold::Give, Temps::default());
    let (tag, value) = (body.tag(*ty), body.lift_tag(*ty));
    let block = body.block(&value, "");
    let tokens = quote! {
        pub unsafe fn #name(tag: #tag) -> #spelled { #block }
    };
    (tokens, body.uses_support)
}

fn free(cx: &Context<'_>, helper: &Helper) -> (TokenStream, bool) {
    let Helper { ty, name, .. } = helper;
    let mut body = Writer::helper(cx, Hold::Give, Temps::default());
    body.free_here(*ty, &Memory::at(quote!(base)));
    let block = body.block(&TokenStream::new(), "");
    let tokens = quote! {
        pub unsafe fn #name(base: *mut u8) { #block }
    };
    (tokens, body.uses_support)
}
