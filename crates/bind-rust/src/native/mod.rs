//! What takes the host's place where there is none: a trait for each imported interface, which a
//! native test implements and installs. `cargo test` then runs the guest's code as it is.
//!
//! On `wasm32` nothing of this exists.

mod embed;

use joggle_bind::model::{DefId, DefKind, FunctionId, FunctionKind, InterfaceId, Item as Part};
use proc_macro2::TokenStream;
use quote::quote;

use crate::abi::support;
use crate::imports;
use crate::ir::{Item, Module, comment};
use crate::shape::{Context, Site};

pub use embed::rt_items;

/// Calls the fake of an imported function.
pub fn call(cx: &Context<'_>, id: FunctionId) -> TokenStream {
    let function = &cx.world.functions[id];
    let interface = function.interface;
    let module = cx.names.fake(interface);
    let is_method = matches!(function.kind, FunctionKind::Method(_));
    let arguments =
        (usize::from(is_method)..function.params.len()).map(|index| cx.names.param(id, index));
    match function.kind {
        FunctionKind::Method(resource) => {
            let (get, name) = (support(cx, Site::of(interface), "get"), cx.names.function(id));
            let fake = cx.names.fake_trait(resource);
            // A method of this name may be one of `Rc` too.
            let fake = quote!(#module::#fake);
            quote!(#fake::#name(&*#get::<dyn #fake>(self.handle.index()) #(, #arguments)*))
        }
        FunctionKind::Free | FunctionKind::Static(_) | FunctionKind::Constructor(_) => {
            let name = cx.names.fake_method(id);
            quote!(#module::Fake::#name(&*#module::current() #(, #arguments)*))
        }
    }
}

/// The module with the fake of an imported interface, or of the world's own imports.
#[must_use]
pub fn fake(cx: &Context<'_>, interface: Option<InterfaceId>) -> Option<Module> {
    let at = Site::of(interface).inner();
    let resources = resources(cx, interface);
    let mut functions = imports::free(cx, interface);
    let of_resources = resources.iter().flat_map(|def| cx.methods(*def)).copied();
    functions.extend(of_resources.filter(|id| {
        let kind = cx.world.functions[*id].kind;
        matches!(kind, FunctionKind::Static(_) | FunctionKind::Constructor(_))
            && !cx.is_skipped(*id)
    }));
    if functions.is_empty() && resources.is_empty() {
        return None;
    }
    let what = match interface {
        Some(id) => format!("`{}`", cx.world.interfaces[id].import_module),
        None => "the functions that the world imports itself".to_owned(),
    };
    let mut items = Vec::new();
    if !functions.is_empty() {
        items.extend(interface_items(cx, at, interface, &functions, &what));
    }
    items.extend(resources.iter().flat_map(|def| resource_items(cx, at, *def)));
    let docs = format!(" What stands in for {what} in native tests.");
    Some(Module {
        ident: cx.names.fake(interface).clone(),
        docs: quote!(#[doc = #docs]),
        attributes: quote!(#[cfg(not(target_arch = "wasm32"))]),
        visibility: quote!(pub),
        items,
        modules: Vec::new(),
    })
}

fn resources(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<DefId> {
    let defs: Vec<DefId> = match interface {
        Some(id) => cx.world.interfaces[id].defs.clone(),
        None => cx.world.imports.iter().copied().filter_map(def_of_the_world).collect(),
    };
    let is_ours = |def: &DefId| {
        matches!(cx.world.defs[*def].kind, DefKind::Resource(_))
            && !cx.is_exported_resource(*def)
            && !cx.is_remapped(*def)
    };
    defs.into_iter().filter(is_ours).collect()
}

fn def_of_the_world(item: Part) -> Option<DefId> {
    match item {
        Part::Def(id) => Some(id),
        Part::Interface(_) | Part::Function(_) => None,
    }
}

/// The trait `Fake`, and what installs one.
fn interface_items(
    cx: &Context<'_>,
    at: Site,
    interface: Option<InterfaceId>,
    functions: &[FunctionId],
    what: &str,
) -> Vec<Item> {
    let methods = functions.iter().map(|id| {
        let name = cx.names.fake_method(*id);
        method(cx, at, *id, &quote!(#name))
    });
    let (rc, installed) = (support(cx, at, "Rc"), support(cx, at, "Installed"));
    let (install, current) = (support(cx, at, "install"), support(cx, at, "current"));
    let path = interface.map_or(&[][..], |id| cx.names.module(id));
    let path: Vec<String> =
        path.iter().chain([cx.names.fake(interface)]).map(ToString::to_string).collect();
    let advice = format!("{}::install", path.join("::"));
    let id =
        interface.map_or_else(|| cx.world.id(), |id| cx.world.interfaces[id].import_module.clone());
    let trait_docs = format!(" Answers for {what}. A test implements what is called.");
    vec![
        Item::new(quote! {
            #[doc = #trait_docs]
            pub trait Fake { #(#methods)* }
        }),
        Item::new(quote! {
            #[doc = " Lets a fake answer, in this thread, until what this returns is dropped."]
            pub fn install<F: Fake + 'static>(fake: F) -> #installed<F> {
                let fake = #rc::new(fake);
                #install::<F, dyn Fake>(#rc::clone(&fake), fake)
            }
        }),
        Item::new(quote! {
            pub(super) fn current() -> #rc<dyn Fake> {
                #current::<dyn Fake>(#id, #advice)
            }
        }),
    ]
}

/// The trait of a resource, and what makes a handle on an implementation of it.
fn resource_items(cx: &Context<'_>, at: Site, def: DefId) -> Vec<Item> {
    let methods = cx.methods(def).iter().copied().filter(|id| {
        matches!(cx.world.functions[*id].kind, FunctionKind::Method(_)) && !cx.is_skipped(*id)
    });
    let methods = methods.map(|id| {
        let name = cx.names.function(id);
        method(cx, at, id, &quote!(#name))
    });
    let (name, fake, maker) =
        (cx.names.def(def), cx.names.fake_trait(def), cx.names.fake_maker(def));
    let (rc, add, path) = (support(cx, at, "Rc"), support(cx, at, "add"), cx.def_path(at, def));
    let trait_docs = format!(" What a [`{name}`](super::{name}) of a test does.");
    let maker_docs = format!(" Makes a [`{name}`](super::{name}) that does what `fake` does.");
    let safety = comment("SAFETY: the handle is new.");
    vec![
        Item::new(quote! {
            #[doc = #trait_docs]
            pub trait #fake { #(#methods)* }
        }),
        Item::new(quote! {
            #[doc = #maker_docs]
            pub fn #maker(fake: impl #fake + 'static) -> #path {
                let handle = #add::<dyn #fake>(#rc::new(fake));
                #safety
                unsafe { #path::from_handle(handle) }
            }
        }),
    ]
}

/// A method of a fake, which does not answer unless it is implemented.
fn method(cx: &Context<'_>, at: Site, id: FunctionId, name: &TokenStream) -> TokenStream {
    let function = &cx.world.functions[id];
    let skip = usize::from(matches!(function.kind, FunctionKind::Method(_)));
    let names: Vec<_> =
        (skip..function.params.len()).map(|index| cx.names.param(id, index)).collect();
    let types = function.params.iter().skip(skip).map(|param| cx.argument(at, param.ty));
    // A constructor's `Self` is the fake here, so that the type has to be named.
    let result = function.result.map(|ty| {
        let ty = cx.owned(at, ty);
        quote!(-> #ty)
    });
    let missing = support(cx, at, "missing");
    let path = match function.interface {
        Some(id) => format!("{}#{}", cx.world.interfaces[id].import_module, function.wit_name),
        None => function.wit_name.clone(),
    };
    let unused = match names.as_slice() {
        [] => None,
        [one] => Some(quote!(let _ = #one;)),
        all => Some(quote!(let _ = (#(#all),*);)),
    };
    quote! {
        fn #name(&self #(, #names: #types)*) #result {
            #unused
            #missing(#path)
        }
    }
}
