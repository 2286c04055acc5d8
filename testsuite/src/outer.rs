//! The outside of a component, as WIT.

use anyhow::{Result, bail};
use wit_component::{DecodedWasm, WitPrinter, decode};
use wit_parser::{Resolve, WorldId};

/// The WIT of a component: its world and all packages that the world names.
pub fn wit(component: &[u8]) -> Result<String> {
    let (resolve, world) = decoded(component)?;
    print(&resolve, world)
}

/// Like [`wit`], with imports, exports, packages, interfaces, functions and
/// types sorted by name: equal texts mean equal outsides.
pub fn sorted_wit(component: &[u8]) -> Result<String> {
    let (mut resolve, world) = decoded(component)?;
    let names: Vec<(wit_parser::WorldKey, String)> = {
        let world = &resolve.worlds[world];
        let keys = world.imports.keys().chain(world.exports.keys());
        keys.map(|key| (key.clone(), resolve.name_world_key(key))).collect()
    };
    let name = |key: &wit_parser::WorldKey| {
        names.iter().find(|(k, _)| k == key).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let world_item = &mut resolve.worlds[world];
    world_item.imports.sort_by_cached_key(|key, _| name(key));
    world_item.exports.sort_by_cached_key(|key, _| name(key));
    for (_, interface) in &mut resolve.interfaces {
        interface.functions.sort_keys();
        interface.types.sort_keys();
    }
    for (_, package) in &mut resolve.packages {
        package.interfaces.sort_keys();
    }
    print(&resolve, world)
}

/// The component's world, with everything it refers to.
pub fn decoded(component: &[u8]) -> Result<(Resolve, WorldId)> {
    match decode(component)? {
        DecodedWasm::Component(resolve, world) => Ok((resolve, world)),
        DecodedWasm::WitPackage(..) => bail!("this is a WIT package, not a component"),
    }
}

fn print(resolve: &Resolve, world: WorldId) -> Result<String> {
    let Some(main) = resolve.worlds[world].package else {
        bail!("the component's world has no package");
    };
    let mut others: Vec<_> = resolve.packages.iter().map(|(id, _)| id).collect();
    others.retain(|id| *id != main);
    others.sort_by_cached_key(|id| resolve.packages[*id].name.to_string());
    let mut printer = WitPrinter::default();
    printer.print(resolve, main, &others)?;
    Ok(printer.output.to_string())
}
