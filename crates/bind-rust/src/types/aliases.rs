//! Types that are another name for one that stands elsewhere.

use joggle_bind::model::{DefId, TypeId};
use quote::quote;

use super::{generics, head};
use crate::ir::Item;
use crate::shape::{Context, Site};
use crate::spell::lifetime_a;

/// `type a = b`, or `use` of a value type.
pub(super) fn alias(cx: &Context<'_>, id: DefId, target: TypeId) -> Vec<Item> {
    let head = head(cx, id);
    cx.forms(id)
        .into_iter()
        .map(|form| {
            let ident = &form.ident;
            let generics = generics(&form);
            let target = cx.spell(cx.home(id), target, &form.mode);
            Item::new(quote!(#head pub type #ident #generics = #target;))
        })
        .collect()
}

/// A definition of the same structure stands elsewhere and is the type of both.
pub(super) fn same(cx: &Context<'_>, id: DefId) -> Vec<Item> {
    let head = head(cx, id);
    let target = cx.world.representative(id);
    cx.forms(id)
        .into_iter()
        .map(|form| {
            let ident = &form.ident;
            let generics = generics(&form);
            let path = cx.form_path(cx.home(id), target, form.mode.style);
            Item::new(quote!(#head pub type #ident #generics = #path #generics;))
        })
        .collect()
}

/// `use` or alias of a resource.
pub(super) fn resource(cx: &Context<'_>, id: DefId, target: DefId) -> Vec<Item> {
    let head = head(cx, id);
    let ident = cx.names.def(id);
    let path = direct(cx, cx.home(id), target);
    let mut items = vec![Item::new(quote!(#head pub type #ident = #path;))];
    if let (Some(ident), Some(borrow)) = (cx.names.borrow(id), cx.names.borrow(target)) {
        let lifetime = lifetime_a();
        let path = cx.path(cx.home(id), cx.owner(target));
        items.push(Item::new(quote!(#head pub type #ident<#lifetime> = #path #borrow<#lifetime>;)));
    }
    items
}

/// A type of the user's.
pub(super) fn elsewhere(cx: &Context<'_>, id: DefId, path: &syn::Path) -> Vec<Item> {
    let head = head(cx, id);
    let ident = cx.names.def(id);
    vec![Item::new(quote!(#head pub type #ident = #path;))]
}

/// The path of a definition by its own name: an alias must not name itself.
fn direct(cx: &Context<'_>, at: Site, def: DefId) -> proc_macro2::TokenStream {
    let path = cx.path(at, cx.owner(def));
    let ident = cx.names.def(def);
    quote!(#path #ident)
}
