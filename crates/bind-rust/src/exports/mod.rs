//! Functions that the component exports: the traits that a guest implements, what lifts and lowers
//! around them, and the macro that makes symbols of it for one implementation.
//!
//! The functions are there in any case; only the macro exports. So a world that nobody implements
//! exports nothing, and bindings can be in a crate of their own.

mod calls;
mod macros;

use joggle_bind::model::{
    DefId, DefKind, FunctionId, FunctionKind, InterfaceId, Item as Part, Side,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::abi::Temps;
use crate::ir::{Item, Module};
use crate::shape::{Context, Site, rust};

pub use macros::root;

/// An exported function, with the name of what lifts and lowers around it.
#[derive(Debug, Clone)]
pub(crate) struct Exported {
    pub id: FunctionId,
    pub call: Ident,
    pub post_return: Ident,
}

/// The functions of an exported interface, or of the world; those of resources among them.
pub(crate) fn functions(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<Exported> {
    let all: Vec<FunctionId> = match interface {
        Some(id) => cx.world.interfaces[id].functions.clone(),
        None => cx.world.exports.iter().copied().filter_map(of_the_world).collect(),
    };
    let mut temps = Temps::default();
    let exported = all
        .into_iter()
        .filter(|id| cx.world.functions[*id].side == Side::Export && !cx.is_skipped(*id));
    exported
        .map(|id| {
            let function = &cx.world.functions[id];
            let of = function.kind.resource().map(|def| &cx.world.defs[def].name);
            let own = if function.name.is_empty() { "new" } else { &function.name };
            let set = match function.accessor {
                Some(joggle_bind::model::Accessor::Set) => "set_",
                Some(joggle_bind::model::Accessor::Get) | None => "",
            };
            let name = match of {
                Some(resource) => format!("{resource}_{set}{own}"),
                None => format!("{set}{own}"),
            };
            let name = name.replace('-', "_").to_lowercase();
            let call = temps.fresh(&format!("call_{name}"));
            let post_return = temps.fresh(&format!("post_return_{name}"));
            Exported { id, call, post_return }
        })
        .collect()
}

fn of_the_world(item: Part) -> Option<FunctionId> {
    match item {
        Part::Function(id) => Some(id),
        Part::Interface(_) | Part::Def(_) => None,
    }
}

/// The resources of an exported interface; a world exports none itself.
pub(crate) fn resources(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<DefId> {
    let Some(id) = interface else { return Vec::new() };
    let defs = cx.world.interfaces[id].defs.iter().copied();
    defs.filter(|def| {
        matches!(cx.world.defs[*def].kind, DefKind::Resource(_)) && cx.elsewhere(*def).is_none()
    })
    .collect()
}

/// The trait that a guest implements for an interface or the world.
#[must_use]
pub fn interface(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<Item> {
    let at = Site::of(interface);
    let functions = functions(cx, interface);
    let resources = resources(cx, interface);
    if functions.is_empty() && resources.is_empty() {
        return Vec::new();
    }
    let types = resources.iter().map(|def| {
        let (name, guest) = (cx.names.def(*def), cx.names.guest_resource(*def));
        quote!(type #name: #guest;)
    });
    let free = functions.iter().filter(|it| cx.world.functions[it.id].kind == FunctionKind::Free);
    let methods = free.map(|it| required(cx, at, it.id));
    let guest = cx.names.guest();
    let what = match interface {
        Some(id) => format!("`{}`", cx.world.interfaces[id].import_module),
        None => format!("the world `{}`", cx.world.name),
    };
    let docs = format!(" What a component does that exports {what}.");
    vec![Item::new(quote! {
        #[doc = #docs]
        pub trait #guest {
            #(#types)*
            #(#methods)*
        }
    })]
}

/// The module beside that trait, with what lifts and lowers around each function. It is apart so
/// that a reader of the interface meets types and traits alone.
#[must_use]
pub fn calls(cx: &Context<'_>, interface: Option<InterfaceId>) -> Option<Module> {
    let at = Site::of(interface).inner();
    let functions = functions(cx, interface);
    if functions.is_empty() {
        return None;
    }
    Some(Module {
        ident: calls_name(),
        docs: TokenStream::new(),
        attributes: quote! {
            #[cfg(target_arch = "wasm32")]
            #[doc(hidden)]
        },
        visibility: quote!(pub),
        items: functions.iter().flat_map(|it| calls::items(cx, at, it)).collect(),
        modules: Vec::new(),
    })
}

/// No name of WIT begins with an underscore.
fn calls_name() -> Ident {
    rust("_exports")
}

/// A method of a trait that a guest implements.
#[must_use]
pub fn required(cx: &Context<'_>, at: Site, id: FunctionId) -> TokenStream {
    let signature = cx.signature(at, id);
    let (attributes, head) = (&signature.attributes, signature.head());
    quote!(#attributes #head;)
}

/// The type parameter for a guest's type, in a module that may have a type of that name.
pub(crate) fn generic(cx: &Context<'_>, at: Site) -> Ident {
    rust(if cx.names.declares(at.interface, "T") { "T_" } else { "T" })
}
