//! Records as structs.

use joggle_bind::model::{DefId, Field};
use proc_macro2::TokenStream;
use quote::quote;

use super::{elided, error, generics, head, wide};
use crate::abi::is_plain_def;
use crate::docs;
use crate::ir::Item;
use crate::shape::Context;
use crate::spell::Form;

pub(super) fn items(cx: &Context<'_>, id: DefId, fields: &[Field], form: &Form) -> Vec<Item> {
    let head = head(cx, id);
    // Lists of such records go over without being copied.
    let repr = if is_plain_def(cx, id) { quote!(#[repr(C)]) } else { TokenStream::new() };
    let wide = fields.iter().any(|field| wide::is_wide(cx.world, field.ty));
    let derives = cx.attributes.derives(cx, id, form, wide);
    let attributes = cx.attributes.of_type(id);
    let (ident, generics) = (&form.ident, generics(form));
    let at = cx.home(id);
    let idents: Vec<_> = (0..fields.len()).map(|index| cx.names.member(id, index)).collect();
    let printed = fields.iter().zip(&idents).map(|(field, ident)| {
        let docs = docs::plain(&field.docs);
        let attributes = cx.attributes.of_member(id, &field.name);
        let ty = cx.spell(at, field.ty, &cx.below(field.ty, &form.mode));
        quote!(#docs #(#attributes)* pub #ident: #ty)
    });
    let mut items = vec![Item::new(quote! {
        #head #repr #derives #(#attributes)* pub struct #ident #generics { #(#printed,)* }
    })];
    if wide {
        items.push(debug(cx, fields, &idents, form));
    }
    if cx.usage(id).error {
        items.extend(error(cx, form));
    }
    items
}

/// `Debug` by hand: tuples of more than 12 have none.
fn debug(cx: &Context<'_>, fields: &[Field], idents: &[&proc_macro2::Ident], form: &Form) -> Item {
    let (ident, generics) = (&form.ident, elided(form));
    let name = ident.to_string();
    let fields = fields.iter().zip(idents).filter(|(field, _)| !wide::is_wide(cx.world, field.ty));
    let fields = fields.map(|(_, ident)| {
        let name = ident.to_string();
        quote!(.field(#name, &self.#ident))
    });
    Item::new(quote! {
        impl ::core::fmt::Debug for #ident #generics {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name) #(#fields)* .finish_non_exhaustive()
            }
        }
    })
}
