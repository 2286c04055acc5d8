//! A model that came out of a binary as WIT text, to put labels into.
//!
//! The text is parsed again, and a declaration is found by its names in that
//! second model: nothing is searched for in the text itself. Naming the text
//! (`foo.wasm (as WIT)`) is left to whoever shows it.

use std::ops::Range;

use wit_component::WitPrinter;
use wit_parser::{
    InterfaceId, PackageId, Resolve, Type, TypeDefKind, TypeOwner, World, WorldId, WorldItem,
    WorldKey,
};

use crate::place::Place;

/// WIT text with the places of its declarations.
pub struct Text {
    /// The text: one package, and nested in it the packages that it refers to.
    pub text: String,
    resolve: Resolve,
}

impl Text {
    /// Prints the package that an interface belongs to.
    ///
    /// `None` if it cannot be written as WIT, as some models cannot that were
    /// put together by other tools.
    #[must_use]
    pub fn of_interface(resolve: &Resolve, id: InterfaceId) -> Option<Text> {
        Text::of_package(resolve, resolve.interfaces[id].package?)
    }

    /// Prints the package that a world belongs to; for a component this is
    /// everything that it imports and exports.
    #[must_use]
    pub fn of_world(resolve: &Resolve, id: WorldId) -> Option<Text> {
        Text::of_package(resolve, resolve.worlds[id].package?)
    }

    /// Prints a package, with all packages that it refers to.
    #[must_use]
    pub fn of_package(resolve: &Resolve, id: PackageId) -> Option<Text> {
        let nested = nested_packages(resolve, id);
        if !nested.iter().chain([&id]).all(|id| printable(resolve, *id)) {
            return None;
        }
        let mut printer = WitPrinter::default();
        printer.print(resolve, id, &nested).ok()?;
        let text = printer.output.to_string();
        let mut parsed = Resolve { all_features: true, ..Resolve::default() };
        parsed.push_source("printed.wit", &text).ok()?;
        Some(Text { text, resolve: parsed })
    }

    /// The bytes of a declaration's name.
    #[must_use]
    pub fn span(&self, place: &Place) -> Option<Range<usize>> {
        let span = place.span(&self.resolve)?;
        let location = self.resolve.source_map.resolve_span(span)?;
        // Empty ranges and ends off the text would only confuse a reader.
        (self.text.get(location.range.clone())).filter(|name| !name.is_empty())?;
        Some(location.range)
    }
}

/// The packages that a package refers to, however indirectly, in the order in
/// which the model has them.
fn nested_packages(resolve: &Resolve, main: PackageId) -> Vec<PackageId> {
    let mut found = vec![main];
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        next += 1;
        for id in resolve.package_direct_deps(id) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    let all = resolve.packages.iter().map(|(id, _)| id);
    all.filter(|id| *id != main && found.contains(id)).collect()
}

/// Whether the printer takes a package: it panics on what WIT has no words for.
fn printable(resolve: &Resolve, id: PackageId) -> bool {
    let package = &resolve.packages[id];
    let interfaces = package.interfaces.values();
    let worlds = package.worlds.values();
    interfaces.copied().all(|id| printable_interface(resolve, id))
        && worlds.copied().all(|id| {
            let world = &resolve.worlds[id];
            world.package.is_some() && printable_world(resolve, world, id)
        })
}

fn printable_interface(resolve: &Resolve, id: InterfaceId) -> bool {
    let interface = &resolve.interfaces[id];
    let mut types = interface.types.values();
    interface.package.is_some()
        && types.all(|&ty| printable_type(resolve, TypeOwner::Interface(id), ty))
}

fn printable_world(resolve: &Resolve, world: &World, id: WorldId) -> bool {
    let interface = |key: &WorldKey, id: InterfaceId| {
        let addressable = match key {
            WorldKey::Interface(other) => resolve.interfaces[id].name.is_some() && *other == id,
            WorldKey::Name(_) => true,
        };
        addressable && printable_interface(resolve, id)
    };
    let imports = world.imports.iter().all(|(key, item)| match item {
        WorldItem::Interface { id, .. } => interface(key, *id),
        WorldItem::Function(_) => matches!(key, WorldKey::Name(_)),
        WorldItem::Type { id: ty, .. } => {
            matches!(key, WorldKey::Name(_)) && printable_type(resolve, TypeOwner::World(id), *ty)
        }
    });
    let exports = world.exports.iter().all(|(key, item)| match item {
        WorldItem::Interface { id, .. } => interface(key, *id),
        WorldItem::Function(_) => matches!(key, WorldKey::Name(_)),
        // WIT cannot export a type from a world.
        WorldItem::Type { .. } => false,
    });
    imports && exports
}

fn printable_type(resolve: &Resolve, owner: TypeOwner, id: wit_parser::TypeId) -> bool {
    let ty = &resolve.types[id];
    if ty.name.is_none() {
        return false;
    }
    let TypeDefKind::Type(Type::Id(target)) = ty.kind else {
        return true;
    };
    match resolve.types[target].owner {
        TypeOwner::None => true,
        TypeOwner::Interface(id) => {
            let interface = &resolve.interfaces[id];
            TypeOwner::Interface(id) == owner
                || (interface.name.is_some() && interface.package.is_some())
        }
        // Only an interface's types can be `use`d.
        TypeOwner::World(id) => TypeOwner::World(id) == owner,
    }
}
