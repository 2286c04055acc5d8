//! Variants and enums.

use joggle_bind::model::{Case, DefId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{elided, error, gate, generics, head, wide};
use crate::docs;
use crate::ir::Item;
use crate::shape::{Context, rust};
use crate::spell::{Form, Mode};

/// A variant as an enum with payloads.
pub(super) fn variant(cx: &Context<'_>, id: DefId, cases: &[Case], form: &Form) -> Vec<Item> {
    let head = head(cx, id);
    let is_wide = |case: &Case| case.ty.is_some_and(|ty| wide::is_wide(cx.world, ty));
    let wide = cases.iter().any(is_wide);
    let derives = cx.attributes.derives(cx, id, form, wide);
    let attributes = cx.attributes.of_type(id);
    let (ident, generics) = (&form.ident, generics(form));
    let at = cx.home(id);
    let printed = cases.iter().enumerate().map(|(index, case)| {
        let name = cx.names.member(id, index);
        let docs = docs::plain(&case.docs);
        let attributes = cx.attributes.of_member(id, &case.name);
        let payload = case.ty.map(|ty| {
            let ty = cx.spell(at, ty, &cx.below(ty, &form.mode));
            quote!((#ty))
        });
        quote!(#docs #(#attributes)* #name #payload)
    });
    let mut items = vec![Item::new(quote! {
        #head #derives #(#attributes)* pub enum #ident #generics { #(#printed,)* }
    })];
    if wide {
        let arms = cases.iter().enumerate().map(|(index, case)| {
            let name = cx.names.member(id, index);
            let text = name.to_string();
            match case.ty {
                None => quote!(Self::#name => f.write_str(#text)),
                Some(_) if is_wide(case) => {
                    quote!(Self::#name(_) => f.debug_tuple(#text).finish_non_exhaustive())
                }
                Some(_) => {
                    quote!(Self::#name(payload) => f.debug_tuple(#text).field(payload).finish())
                }
            }
        });
        let generics = elided(form);
        items.push(Item::new(quote! {
            impl ::core::fmt::Debug for #ident #generics {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    match self { #(#arms,)* }
                }
            }
        }));
    }
    if cx.usage(id).error {
        items.extend(error(cx, form));
    }
    items
}

/// An enum.
pub(super) fn plain(cx: &Context<'_>, id: DefId, cases: &[Case]) -> Vec<Item> {
    let head = head(cx, id);
    let form = Form { ident: cx.names.def(id).clone(), mode: Mode::owned() };
    let derives = cx.attributes.enum_derives(cx, id);
    let attributes = cx.attributes.of_type(id);
    let ident = &form.ident;
    let repr = rust(repr(cases.len()));
    let idents: Vec<_> = (0..cases.len()).map(|index| cx.names.member(id, index)).collect();
    let printed = cases.iter().zip(&idents).map(|(case, name)| {
        let docs = docs::plain(&case.docs);
        let attributes = cx.attributes.of_member(id, &case.name);
        quote!(#docs #(#attributes)* #name)
    });
    let mut items = vec![Item::new(quote! {
        #head #[repr(#repr)] #derives #(#attributes)* pub enum #ident { #(#printed,)* }
    })];
    if cx.usage(id).error {
        items.extend(enum_error(cx, cases, &idents, ident));
    }
    items
}

/// The integer that counts so many cases.
fn repr(cases: usize) -> &'static str {
    match cases {
        0..=0x100 => "u8",
        0x101..=0x1_0000 => "u16",
        _ => "u32",
    }
}

/// What an enum that functions fail with can say of itself.
fn enum_error(cx: &Context<'_>, cases: &[Case], idents: &[&Ident], ident: &Ident) -> Vec<Item> {
    let arms = |text: fn(&Case) -> &str| -> TokenStream {
        let arms = cases.iter().zip(idents).map(|(case, ident)| {
            let text = text(case);
            quote!(Self::#ident => #text)
        });
        quote!(#(#arms,)*)
    };
    let names = arms(|case| &case.name);
    let messages = arms(|case| case.docs.trim());
    let gate = gate(cx);
    vec![
        Item::new(quote! {
            impl #ident {
                /// The name of the case, as WIT has it.
                pub fn name(&self) -> &'static str {
                    match self { #names }
                }

                /// What the WIT says of the case.
                pub fn message(&self) -> &'static str {
                    match self { #messages }
                }
            }
        }),
        Item::new(quote! {
            impl ::core::fmt::Display for #ident {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    write!(f, "{} (error {})", self.name(), *self as i32)
                }
            }
        }),
        Item::new(quote!(#gate impl ::core::error::Error for #ident {})),
    ]
}
