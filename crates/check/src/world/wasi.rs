//! The WASI of a platform: the bundled interfaces that a component imports and
//! exports, put together as a world, so that types are compared and not only names.
//! Which of them a platform has is left to `crate::profile`.

use std::sync::OnceLock;

use joggle_load::{Artifact, Bytes, bundled_package, bundled_packages, load_bytes};
use joggle_relate::name::{InterfaceName, same_track};
use wit_parser::{WorldItem, WorldKey};

use crate::world::{Nature, World};

/// What the bundle knows of a name.
enum Known {
    /// It has the interface, in the version of this full name.
    Interface(String),
    /// It has the package on this track, and no such interface in it.
    Lacking,
}

/// Whether a name is that of an interface of WASI that does not exist.
pub(crate) fn lacks(name: &str) -> bool {
    matches!(known(name), Some(Known::Lacking))
}

/// What the bundle has under a name; nothing is known of other packages and tracks.
fn known(name: &str) -> Option<Known> {
    let name = InterfaceName::parse(name)?;
    let asked = name.version?;
    let package = format!("{}:{}", name.namespace, name.package);
    let on_track = |version: &str| version.parse().is_ok_and(|have| same_track(&asked, &have));
    let bundled = bundle().iter().find(|known| known.name == package && on_track(known.version))?;
    let has = bundled.interfaces.iter().any(|interface| interface == name.interface);
    let full = || format!("{package}/{}@{}", name.interface, bundled.version);
    Some(if has { Known::Interface(full()) } else { Known::Lacking })
}

/// A bundled package.
struct Bundled {
    name: String,
    version: &'static str,
    /// The stable ones.
    interfaces: Vec<String>,
}

/// The bundled packages, read once: every import asks for them.
fn bundle() -> &'static [Bundled] {
    static BUNDLE: OnceLock<Vec<Bundled>> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        let packages = bundled_packages().filter_map(|(name, version)| {
            let wit = bundled_package(&name, version)?;
            let interfaces = wit.resolve.packages[wit.package].interfaces.keys().cloned().collect();
            Some(Bundled { name, version, interfaces })
        });
        packages.collect()
    })
}

impl World {
    /// What WASI says of the interfaces that the component imports and exports and
    /// that the platform with this title has; nothing if there is none.
    pub(crate) fn of_platform(
        title: &str,
        component: &World,
        offered: impl Fn(&str) -> bool,
        called: impl Fn(&str) -> bool,
    ) -> Option<World> {
        let (resolve, id) = component.model();
        let world = &resolve.worlds[id];
        let names = |items: &indexmap::IndexMap<WorldKey, WorldItem>| -> Vec<String> {
            let interfaces = items.iter().filter(|(_, item)| match item {
                WorldItem::Interface { .. } => true,
                WorldItem::Function(_) | WorldItem::Type { .. } => false,
            });
            interfaces.map(|(key, _)| resolve.name_world_key(key)).collect()
        };
        let bundled = |names: Vec<String>, taken: &dyn Fn(&str) -> bool| {
            let taken = names.into_iter().filter(|name| taken(name));
            let mut found: Vec<String> = taken
                .filter_map(|name| match known(&name)? {
                    Known::Interface(name) => Some(name),
                    Known::Lacking => None,
                })
                .collect();
            found.sort();
            found.dedup();
            found
        };
        let imports = bundled(names(&world.imports), &offered);
        let exports = bundled(names(&world.exports), &called);
        if imports.is_empty() && exports.is_empty() {
            return None;
        }
        let imports = imports.iter().map(|name| format!("  import {name};\n"));
        let exports = exports.iter().map(|name| format!("  export {name};\n"));
        let lines: String = imports.chain(exports).collect();
        let text = format!("package joggle:platform;\nworld wasi {{\n{lines}}}\n");
        let artifact = load_bytes("WASI", Bytes::from(text.into_bytes())).ok()?;
        let Artifact::Wit(wit) = artifact else { return None };
        let id = *wit.resolve.packages[wit.package].worlds.values().next()?;
        let text_name = "WASI (printed)".to_owned();
        Some(World::new(title.to_owned(), text_name, Nature::Platform, (wit.resolve, id)))
    }
}
