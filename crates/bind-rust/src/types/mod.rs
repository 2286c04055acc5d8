//! Definitions of types that hold values: records, variants, enums, flags and aliases. Resources
//! are left to `resources`, and how types are written to `spell`.

mod aliases;
mod attributes;
mod enums;
mod flags;
mod records;
mod serde;
mod wide;

pub(crate) use attributes::Attributes;
pub(crate) use serde::serializable;

use joggle_bind::model::{DefId, DefKind, Side};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::ir::Item;
use crate::shape::Context;
use crate::spell::Form;

/// The items of a definition in its module.
#[must_use]
pub fn items(cx: &Context<'_>, id: DefId) -> Vec<Item> {
    let def = &cx.world.defs[id];
    if let Some(path) = cx.elsewhere(id) {
        return aliases::elsewhere(cx, id, path);
    }
    if def.same_as.is_some() {
        return aliases::same(cx, id);
    }
    match &def.kind {
        DefKind::Record(fields) => {
            cx.forms(id).iter().flat_map(|form| records::items(cx, id, fields, form)).collect()
        }
        DefKind::Variant(cases) => {
            cx.forms(id).iter().flat_map(|form| enums::variant(cx, id, cases, form)).collect()
        }
        DefKind::Enum(cases) => enums::plain(cx, id, cases),
        DefKind::Flags(flags) => flags::items(cx, id, flags),
        DefKind::Alias(target) => aliases::alias(cx, id, *target),
        DefKind::ResourceAlias(target) => aliases::resource(cx, id, *target),
        // `resources` has them.
        DefKind::Resource(_) => Vec::new(),
    }
}

/// Docs and `#[deprecated]` of a definition.
fn head(cx: &Context<'_>, id: DefId) -> TokenStream {
    let def = &cx.world.defs[id];
    let text = docs::attributes(&def.docs, &def.stability);
    let deprecated = match cx.world.def_side(id) {
        Side::Import => docs::deprecation(&def.stability),
        Side::Export => TokenStream::new(),
    };
    quote!(#text #deprecated)
}

/// `<'a>` of a form that borrows.
fn generics(form: &Form) -> TokenStream {
    form.mode.lifetime.as_ref().map(|lifetime| quote!(<#lifetime>)).unwrap_or_default()
}

/// `Display` by way of `Debug`, and `Error`, for a type that functions fail with.
fn error(cx: &Context<'_>, form: &Form) -> Vec<Item> {
    let ident = &form.ident;
    let generics = elided(form);
    let gate = gate(cx);
    vec![
        Item::new(quote! {
            impl ::core::fmt::Display for #ident #generics {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Debug::fmt(self, f)
                }
            }
        }),
        Item::new(quote!(#gate impl ::core::error::Error for #ident #generics {})),
    ]
}

/// `<'_>` of a form that borrows.
fn elided(form: &Form) -> TokenStream {
    form.mode.lifetime.as_ref().map(|_| quote!(<'_>)).unwrap_or_default()
}

/// What is there with `std` only, if the user has a feature for it.
fn gate(cx: &Context<'_>) -> TokenStream {
    if cx.options.std_feature { quote!(#[cfg(feature = "std")]) } else { TokenStream::new() }
}
