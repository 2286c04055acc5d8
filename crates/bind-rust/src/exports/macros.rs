//! `export!`: the symbols of a component, for the type that implements its world.

use joggle_bind::model::{InterfaceId, Item as Part};
use proc_macro2::TokenStream;
use quote::quote;

use super::{Exported, calls, calls_name, functions, resources};
use crate::ir::Item;
use crate::section;
use crate::shape::{Context, Site, rust};

/// The macro, if the world exports anything.
#[must_use]
pub fn root(cx: &Context<'_>) -> Vec<Item> {
    let mut places: Vec<Option<InterfaceId>> = vec![None];
    places.extend(cx.world.exports.iter().filter_map(|item| match item {
        Part::Interface(id) => Some(Some(*id)),
        Part::Function(_) | Part::Def(_) => None,
    }));
    let mut symbols = TokenStream::new();
    let mut guests = TokenStream::new();
    for place in places {
        let (functions, resources) = (functions(cx, place), resources(cx, place));
        if functions.is_empty() && resources.is_empty() {
            continue;
        }
        let (path, guest) = (cx.path(Site::ROOT, place), cx.names.guest());
        symbols.extend(functions.iter().map(|it| symbol(cx, place, it)));
        symbols.extend(resources.iter().map(|def| destructor(cx, place, *def)));
        guests.extend(quote! {
            const _: () = {
                const fn guest<T: $($path)*::#path #guest>() {}
                guest::<$ty>()
            };
        });
    }
    if cx.world.exports.is_empty() {
        return Vec::new();
    }
    definition(cx, &symbols, &guests)
}

fn definition(cx: &Context<'_>, symbols: &TokenStream, guests: &TokenStream) -> Vec<Item> {
    let hidden = cx.names.export_macro();
    let name = rust(cx.options.export_macro_name.as_deref().unwrap_or("export"));
    let module = cx.options.default_bindings_module.as_deref().unwrap_or("self");
    let module: TokenStream = module.parse().unwrap_or_else(|_| quote!(self));
    let (exported, visibility) = if cx.options.pub_export_macro {
        (Some(quote!(#[macro_export])), quote!(pub))
    } else {
        (None, quote!(pub(crate)))
    };
    // A crate that only calls the macro links nothing else of these bindings for certain.
    let section = cx.options.pub_export_macro.then(|| section::in_macro(cx));
    let macro_docs = [
        " Exports a type that implements the traits `Guest` of all that the world exports:"
            .to_owned(),
        format!(" `{name}!(Component)`, or from elsewhere, with the path of this module,"),
        format!(" `{name}!(Component with_types_in path::to::bindings)`."),
    ];
    let reason = "bindings may be for imports alone";
    let hidden_docs = exported.as_ref().map(|_| quote!(#[doc(hidden)]));
    vec![
        Item::new(quote! {
            #hidden_docs
            #exported
            #[allow(unused_macros, reason = #reason)]
            macro_rules! #hidden {
                ($ty:ident) => {
                    #module::#name!($ty with_types_in #module);
                };
                ($ty:ident with_types_in $($path:tt)*) => {
                    #[cfg(target_arch = "wasm32")]
                    const _: () = {
                        #symbols
                        #section
                    };
                    #guests
                };
            }
        }),
        Item::new(quote! {
            #(#[doc = #macro_docs])*
            #[allow(unused_imports, reason = #reason)]
            #visibility use #hidden as #name;
        }),
    ]
}

/// The symbols of one function.
fn symbol(cx: &Context<'_>, place: Option<InterfaceId>, exported: &Exported) -> TokenStream {
    let function = &cx.world.functions[exported.id];
    let core = &function.core;
    let (path, inside) = (cx.path(Site::ROOT, place), calls_name());
    let prefix = cx.options.export_prefix.as_deref().unwrap_or_default();
    let (names, types) = calls::parameters(&core.params);
    let returned = calls::returned(&core.results);
    let (call, symbol) = (&exported.call, format!("{prefix}{}", core.export));
    let of_resource = function.kind.resource().map(|def| {
        let (guest, name) = (cx.names.guest(), cx.names.def(def));
        quote!(<$ty as $($path)*::#path #guest>::#name)
    });
    let implementation = of_resource.unwrap_or_else(|| quote!($ty));
    let main = quote! {
        const _: () = {
            #[unsafe(export_name = #symbol)]
            unsafe extern "C" fn export(#(#names: #types),*) #returned {
                unsafe { $($path)*::#path #inside::#call::<#implementation>(#(#names),*) }
            }
        };
    };
    let post_return = core.post_return.as_ref().map(|symbol| {
        let (symbol, post_return) = (format!("{prefix}{symbol}"), &exported.post_return);
        quote! {
            const _: () = {
                #[unsafe(export_name = #symbol)]
                unsafe extern "C" fn post_return(result: i32) {
                    unsafe { $($path)*::#path #inside::#post_return(result) }
                }
            };
        }
    });
    quote!(#main #post_return)
}

/// What the host calls when the last handle of a resource is gone.
fn destructor(
    cx: &Context<'_>,
    place: Option<InterfaceId>,
    def: joggle_bind::model::DefId,
) -> TokenStream {
    let joggle_bind::model::DefKind::Resource(resource) = &cx.world.defs[def].kind else {
        return TokenStream::new();
    };
    let Some(symbol) = &resource.core.dtor else { return TokenStream::new() };
    let prefix = cx.options.export_prefix.as_deref().unwrap_or_default();
    let symbol = format!("{prefix}{symbol}");
    let path = cx.path(Site::ROOT, place);
    let (guest, name) = (cx.names.guest(), cx.names.def(def));
    quote! {
        const _: () = {
            #[unsafe(export_name = #symbol)]
            unsafe extern "C" fn dtor(rep: *mut u8) {
                unsafe { $($path)*::#path #name::dtor::<<$ty as $($path)*::#path #guest>::#name>(rep) }
            }
        };
    }
}
