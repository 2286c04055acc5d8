//! The tree of modules, and in which order items stand in it.

use joggle_bind::model::{DefId, DefKind, InterfaceId, Item as Part, Side};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, alloc, rust};
use crate::ir::{File, Item, Module};
use crate::{abi, docs, exports, imports, native, resources, section, stubs, types};

/// Builds the whole file.
#[must_use]
pub fn file(cx: &Context<'_>) -> File {
    let mut file = File { items: root(cx), ..File::default() };
    for item in cx.world.imports.iter().chain(&cx.world.exports) {
        let Part::Interface(id) = item else { continue };
        if cx.is_generated(*id) {
            place(&mut file.modules, cx.names.module(*id), interface(cx, *id));
        }
    }
    file.modules.extend(exports::calls(cx, None));
    file.modules.extend(native::fake(cx, None));
    file.last.extend(exports::root(cx));
    if cx.options.stubs {
        file.last.extend(stubs::items(cx));
    }
    file.last.extend(section::items(cx));
    // Helpers are those that the items above have asked for.
    file.modules.extend(abi::module(cx));
    if cx.options.std_feature {
        alloc::import(&mut file, cx.names.alloc());
    }
    allow(cx, &mut file);
    file
}

/// What stands in the root before all modules.
fn root(cx: &Context<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    items.extend(native::rt_items(cx));
    for (id, path) in cx.with.interfaces() {
        let name = cx.names.elsewhere(id);
        let reason = "not everything of it is used";
        items.push(Item::new(quote! {
            #[allow(unused_imports, reason = #reason)]
            use #path as #name;
        }));
    }
    let defs: Vec<DefId> = cx
        .world
        .imports
        .iter()
        .filter_map(|item| match item {
            Part::Def(id) => Some(*id),
            Part::Interface(_) | Part::Function(_) => None,
        })
        .collect();
    items.extend(definitions(cx, &defs));
    items.extend(imports::functions(cx, None));
    items.extend(exports::interface(cx, None));
    items
}

/// The module of an interface, without those around it.
fn interface(cx: &Context<'_>, id: InterfaceId) -> Module {
    let interface = &cx.world.interfaces[id];
    let mut items = definitions(cx, &interface.defs);
    let mut modules = Vec::new();
    match interface.side {
        Side::Import => {
            items.extend(imports::functions(cx, Some(id)));
            modules.extend(native::fake(cx, Some(id)));
        }
        Side::Export => {
            items.extend(exports::interface(cx, Some(id)));
            modules.extend(exports::calls(cx, Some(id)));
        }
    }
    let attributes = match interface.side {
        Side::Import => docs::deprecation(&interface.stability),
        Side::Export => TokenStream::new(),
    };
    let path = cx.names.module(id);
    Module {
        ident: path.last().cloned().unwrap_or_else(|| rust("interface")),
        docs: docs::attributes(&interface.docs, &interface.stability),
        attributes,
        visibility: quote!(pub),
        items,
        modules,
    }
}

fn definitions(cx: &Context<'_>, defs: &[DefId]) -> Vec<Item> {
    let items = defs.iter().flat_map(|id| match cx.world.defs[*id].kind {
        DefKind::Resource(_) if cx.elsewhere(*id).is_some() => types::items(cx, *id),
        DefKind::Resource(_) if cx.is_exported_resource(*id) => resources::exported(cx, *id),
        DefKind::Resource(_) => resources::imported(cx, *id),
        DefKind::Record(_)
        | DefKind::Variant(_)
        | DefKind::Enum(_)
        | DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_) => types::items(cx, *id),
    });
    items.collect()
}

/// Puts a module where its path leads, and makes the modules on the way.
fn place(modules: &mut Vec<Module>, path: &[Ident], module: Module) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        modules.push(module);
        return;
    }
    let found = modules.iter().position(|known| known.ident == *first);
    let index = found.unwrap_or_else(|| {
        modules.push(Module {
            ident: first.clone(),
            docs: TokenStream::new(),
            attributes: TokenStream::new(),
            visibility: quote!(pub),
            items: Vec::new(),
            modules: Vec::new(),
        });
        modules.len() - 1
    });
    if let Some(parent) = modules.get_mut(index) {
        place(&mut parent.modules, rest, module);
    }
}

/// A guest rarely uses all of a world, and clippy's taste is not that of WIT.
fn allow(cx: &Context<'_>, file: &mut File) {
    let deprecated = deprecates(cx).then(|| quote!(deprecated,));
    let reason = "a guest rarely uses all of a world";
    let attribute = quote!(#[allow(dead_code, #deprecated clippy::all, reason = #reason)]);
    for module in &mut file.modules {
        let own = &module.attributes;
        module.attributes = quote!(#own #attribute);
    }
    for item in &mut file.items {
        item.allow = attribute.clone();
    }
}

/// Whether anything that is imported is deprecated, and so named by code that is generated.
fn deprecates(cx: &Context<'_>) -> bool {
    let world = cx.world;
    world.functions.values().any(|function| function.stability.deprecated.is_some())
        || world.defs.values().any(|def| def.stability.deprecated.is_some())
        || world.interfaces.values().any(|interface| interface.stability.deprecated.is_some())
}
