//! From the model of a world to the tree of modules that is printed: names, then what is looked
//! up, then the items of each module in the order of the WIT. What an item says is left to
//! `types`, `imports`, `exports`, `resources` and `native`.

mod alloc;
mod context;
mod names;
mod signature;
mod tree;
mod usage;
mod with;

pub use context::{Context, Site};
pub(crate) use names::rust;
pub use tree::file;
pub use usage::Usage;

use std::collections::BTreeMap;

use joggle_bind::model::{DefId, DefKind, InterfaceId, Owner};
use joggle_bind::name::{self, NameMap, Renames};
use joggle_bind::{Built, World};
use joggle_load::Wit;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::chain;
use crate::options::{Options, Ownership};
use crate::problem::Problem;
use crate::types::{Attributes, serializable};

/// Settles everything that is looked up later.
pub fn context<'a>(
    wit: &Wit,
    built: &'a Built,
    options: &'a Options,
    renames: Renames,
    problems: &mut Vec<Problem>,
) -> (Context<'a>, NameMap) {
    let world = &built.world;
    let mut found = name::Names::new(&name::RUST, renames);
    let duplicate = options.ownership == Ownership::BorrowingDuplicateIfNecessary;
    let names = names::names(world, duplicate, &mut found);
    let map = found.finish().unwrap_or_else(|errors| {
        problems.extend(errors.into_iter().map(Problem::from));
        NameMap::default()
    });
    let rt = path("runtime-path", options.runtime_path.as_deref(), || quote!(joggle_rt), problems);
    let bitflags =
        path("bitflags-path", options.bitflags_path.as_deref(), || quote!(#rt::bitflags), problems);
    let map_type = path("map-type", options.map_type.as_deref(), || quote!(#rt::Map), problems);
    check_macro(options, problems);
    let context = Context {
        world,
        section: &built.section,
        imports_section: imports_section(wit, built, options, problems),
        options,
        names,
        rt,
        bitflags,
        map_type,
        helpers: crate::abi::Helpers::default(),
        with: with::with(world, options, problems),
        attributes: Attributes::new(world, options, problems),
        serializable: serializable(world),
        usage: usage::usage(world),
        aliases: aliases(world),
        chains: chain::chains(world, &options.chainable_methods, problems),
    };
    (context, map)
}

/// The section for bindings whose exports are optional.
fn imports_section(
    wit: &Wit,
    built: &Built,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Option<Vec<u8>> {
    if !options.pub_export_macro || built.world.exports.is_empty() {
        return None;
    }
    let section = built.imports_section(wit);
    section.map_err(|found| problems.extend(found.into_iter().map(Problem::from))).ok()
}

/// A path out of the options, or what stands for it.
fn path(
    option: &'static str,
    value: Option<&str>,
    default: impl FnOnce() -> TokenStream,
    problems: &mut Vec<Problem>,
) -> TokenStream {
    let Some(value) = value else { return default() };
    if let Ok(path) = syn::parse_str::<syn::Path>(value) {
        return path.into_token_stream();
    }
    problems.push(Problem::not_rust(option, value, "a path"));
    default()
}

/// What the options say about `export!` has to be Rust as well.
fn check_macro(options: &Options, problems: &mut Vec<Problem>) {
    if let Some(name) = &options.export_macro_name
        && syn::parse_str::<syn::Ident>(name).is_err()
    {
        problems.push(Problem::not_rust("export-macro-name", name, "an identifier"));
    }
    if let Some(module) = &options.default_bindings_module
        // `$crate` is a word of macros alone.
        && syn::parse_str::<syn::Path>(module.strip_prefix('$').unwrap_or(module)).is_err()
    {
        problems.push(Problem::not_rust("default-bindings-module", module, "a path"));
    }
}

/// Names that modules give to resources of others; the first one counts.
fn aliases(world: &World) -> BTreeMap<(Option<InterfaceId>, DefId), DefId> {
    let mut aliases = BTreeMap::new();
    for (id, def) in world.defs.iter() {
        if let DefKind::ResourceAlias(target) = def.kind {
            let owner = match def.owner {
                Owner::Interface(interface) => Some(interface),
                Owner::World => None,
            };
            aliases.entry((owner, target)).or_insert(id);
        }
    }
    aliases
}
