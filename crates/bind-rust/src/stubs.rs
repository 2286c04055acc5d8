//! `--stubs`: an implementation of everything that a world exports, to start from.

use joggle_bind::model::{DefKind, FunctionId, FunctionKind, InterfaceId, Item as Part};
use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Item;
use crate::shape::{Context, Site, rust};

/// `Stub`, what it implements, and the call that exports it.
#[must_use]
pub fn items(cx: &Context<'_>) -> Vec<Item> {
    let stub = cx.names.stub();
    let mut items = Vec::new();
    let mut own = Vec::new();
    for item in &cx.world.exports {
        match item {
            Part::Interface(id) => items.extend(interface(cx, *id)),
            Part::Function(id) => own.push(*id),
            Part::Def(_) => {}
        }
    }
    let functions = functions(cx, &own);
    if !functions.is_empty() {
        let guest = cx.names.guest();
        items.push(implementation(cx, &quote!(#guest), &quote!(#(#functions)*)));
    }
    // Interfaces of nothing but types have nothing to implement.
    if items.is_empty() {
        return items;
    }
    items.insert(
        0,
        Item::new(quote!(
            /// What the component exports, still to be written: copy it into a file of your own,
            /// and make these bindings again without `--stubs`.
            #[derive(Debug)]
            pub struct #stub;
        )),
    );
    let export = rust(cx.options.export_macro_name.as_deref().unwrap_or("export"));
    items.push(Item::new(quote!(#export!(#stub with_types_in self);)));
    items
}

fn interface(cx: &Context<'_>, id: InterfaceId) -> Vec<Item> {
    let interface = &cx.world.interfaces[id];
    let path = cx.path(Site::ROOT, Some(id));
    let stub = cx.names.stub();
    let mut items = Vec::new();
    let mut types = TokenStream::new();
    for def in &interface.defs {
        let DefKind::Resource(resource) = &cx.world.defs[*def].kind else { continue };
        let (Some(guest), ident) = (cx.names.guest_resource(*def), cx.names.def(*def)) else {
            continue;
        };
        types.extend(quote!(type #ident = #stub;));
        let functions = functions(cx, &resource.functions);
        items.push(implementation(cx, &quote!(#path #guest), &quote!(#(#functions)*)));
    }
    let free = interface.functions.iter().copied();
    let free: Vec<_> =
        free.filter(|id| cx.world.functions[*id].kind == FunctionKind::Free).collect();
    let functions = functions(cx, &free);
    if !functions.is_empty() || !types.is_empty() {
        let guest = cx.names.guest();
        items.push(implementation(cx, &quote!(#path #guest), &quote!(#types #(#functions)*)));
    }
    items
}

fn implementation(cx: &Context<'_>, guest: &TokenStream, body: &TokenStream) -> Item {
    let stub = cx.names.stub();
    Item::new(quote! {
        #[allow(unused_variables, reason = "bodies are still to be written")]
        impl #guest for #stub { #body }
    })
}

fn functions(cx: &Context<'_>, ids: &[FunctionId]) -> Vec<TokenStream> {
    let ids = ids.iter().filter(|id| !cx.is_skipped(**id));
    ids.map(|id| {
        let head = cx.signature(Site::ROOT, *id).head();
        quote!(#head { todo!() })
    })
    .collect()
}
