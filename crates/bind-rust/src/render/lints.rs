//! Lints that are off for an item in the root.

use syn::Item;

/// Puts attributes on an item that can be unused.
pub(super) fn allow(item: &mut Item, attributes: &[syn::Attribute]) {
    let own = match item {
        Item::Const(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Static(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Trait(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        // The rest is no item that anybody uses, or says itself what is allowed.
        _ => return,
    };
    let docs = own.iter().take_while(|attribute| attribute.path().is_ident("doc")).count();
    own.splice(docs..docs, attributes.iter().cloned());
}
