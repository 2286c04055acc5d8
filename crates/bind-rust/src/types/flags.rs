//! Flags, by way of the crate `bitflags`.

use joggle_bind::model::{DefId, Flag};
use proc_macro2::Literal;
use quote::quote;

use super::head;
use crate::docs;
use crate::ir::Item;
use crate::shape::{Context, rust};

pub(super) fn items(cx: &Context<'_>, id: DefId, flags: &[Flag]) -> Vec<Item> {
    let head = head(cx, id);
    let ident = cx.names.def(id);
    let bits = rust(bits(flags.len()));
    let bitflags = &cx.bitflags;
    let constants = flags.iter().enumerate().map(|(index, flag)| {
        let docs = docs::plain(&flag.docs);
        let name = cx.names.member(id, index);
        let shift = Literal::usize_unsuffixed(index);
        quote!(#docs const #name = 1 << #shift;)
    });
    let mut items = vec![Item::new(quote! {
        #bitflags::bitflags! {
            #head
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #ident: #bits {
                #(#constants)*
            }
        }
    })];
    items.extend(super::serde::flags(cx, ident, &bits));
    items
}

/// The integer that has so many bits.
fn bits(flags: usize) -> &'static str {
    match flags {
        0..=8 => "u8",
        9..=16 => "u16",
        17..=32 => "u32",
        33..=64 => "u64",
        _ => "u128",
    }
}
