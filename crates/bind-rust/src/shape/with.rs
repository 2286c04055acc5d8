//! What the user has elsewhere already: interfaces and types that are named by a Rust path in
//! place of being generated. Keys are those of wit-bindgen, `ns:pkg/iface@1.0.0` for an interface
//! and `ns:pkg/iface@1.0.0/type` for a type, or its name alone where there is no
//! package; our own `ns:pkg/iface@1.0.0#type` fits as well.

use std::collections::{BTreeMap, BTreeSet};

use joggle_bind::World;
use joggle_bind::model::{DefId, Interface, InterfaceId, Key, Owner, Side};
use joggle_diag::closest;

use crate::options::Options;
use crate::problem::Problem;

/// What of a world is elsewhere.
#[derive(Debug, Default)]
pub struct With {
    interfaces: BTreeMap<InterfaceId, syn::Path>,
    defs: BTreeMap<DefId, syn::Path>,
}

impl With {
    /// The path of an interface that is not generated.
    #[must_use]
    pub fn interface(&self, id: InterfaceId) -> Option<&syn::Path> {
        self.interfaces.get(&id)
    }

    /// The path of a type that is not generated.
    #[must_use]
    pub fn def(&self, id: DefId) -> Option<&syn::Path> {
        self.defs.get(&id)
    }

    /// All interfaces that are elsewhere.
    pub fn interfaces(&self) -> impl Iterator<Item = (InterfaceId, &syn::Path)> {
        self.interfaces.iter().map(|(id, path)| (*id, path))
    }
}

/// What a key stands for.
enum Target {
    Interface(InterfaceId),
    Def(DefId),
}

/// Reads `with`, and says what is missing in it and what of it fits nothing.
pub fn with(world: &World, options: &Options, problems: &mut Vec<Problem>) -> With {
    let targets = targets(world);
    let mut with = With::default();
    let mut generate = BTreeSet::new();
    for (key, value) in &options.with {
        let key = key.replace('#', "/");
        let Some(target) = targets.get(&key) else {
            let near = closest(&key, targets.keys().map(String::as_str)).or_else(|| {
                // A key without its version is far from each with one.
                let bare = |known: &&str| known.split('@').next().unwrap_or_default().to_owned();
                let known = || targets.keys().map(String::as_str);
                let names: Vec<String> = known().map(|known| bare(&known)).collect();
                let near = closest(&key, names.iter().map(String::as_str));
                near.and_then(|near| known().find(|known| bare(known) == near))
            });
            problems.push(Problem::unused_with(&key, near));
            continue;
        };
        if value == "generate" {
            generate.insert(key);
            continue;
        }
        let Ok(path) = syn::parse_str::<syn::Path>(value) else {
            problems.push(Problem::not_rust("with", value, "a path"));
            continue;
        };
        match target {
            Target::Interface(id) => {
                with.interfaces.insert(*id, path);
            }
            Target::Def(id) => {
                with.defs.insert(*id, path);
            }
        }
    }
    let missing: Vec<String> = world
        .interfaces
        .iter()
        .filter(|(id, interface)| {
            interface.side == Side::Import
                && !options.generate_all
                && !with.interfaces.contains_key(id)
                && is_foreign(world, interface)
        })
        .map(|(_, interface)| interface.import_module.clone())
        .filter(|name| !generate.contains(name))
        .collect();
    if !missing.is_empty() {
        problems.push(Problem::missing_with(&missing));
    }
    with
}

/// Whether an interface comes from another package than the world.
fn is_foreign(world: &World, interface: &Interface) -> bool {
    match (&interface.key, &interface.implements) {
        (Key::Id { package, .. }, _) => *package != world.package,
        (Key::Inline(_), Some(implements)) => implements.package != world.package,
        (Key::Inline(_), None) => false,
    }
}

/// Everything that a key can name. Exports are always generated.
fn targets(world: &World) -> BTreeMap<String, Target> {
    let mut targets = BTreeMap::new();
    for (id, interface) in world.interfaces.iter() {
        if interface.side == Side::Import {
            targets.insert(interface.import_module.clone(), Target::Interface(id));
        }
    }
    for (id, def) in world.defs.iter() {
        let (holder, has_package) = match def.owner {
            Owner::Interface(interface) => {
                let interface = &world.interfaces[interface];
                if interface.side == Side::Export {
                    continue;
                }
                (&interface.import_module, matches!(interface.key, Key::Id { .. }))
            }
            Owner::World => (&world.name, false),
        };
        if !has_package {
            // wit-bindgen knows types without a package by their bare names.
            targets.entry(def.name.clone()).or_insert(Target::Def(id));
        }
        targets.insert(format!("{holder}/{}", def.name), Target::Def(id));
    }
    targets
}
