//! The items of a world that a path names.

use crate::model::{DefId, DefKind, FunctionId, InterfaceId, Key, Owner, Side, World};
use crate::name::Path;

/// Items, each with the index of its world.
#[derive(Default)]
pub(super) struct Found {
    functions: Vec<(usize, FunctionId)>,
    defs: Vec<(usize, DefId)>,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.defs.is_empty()
    }

    /// The functions that were found, in the order of the WIT.
    pub(super) fn functions(&self) -> impl Iterator<Item = (usize, FunctionId)> {
        self.functions.iter().copied()
    }

    /// The named types that were found, in the order of the WIT.
    pub(super) fn defs(&self) -> impl Iterator<Item = (usize, DefId)> {
        self.defs.iter().copied()
    }

    /// Everything in a world.
    pub(super) fn add_everything(&mut self, index: usize, world: &World) {
        self.functions.extend(world.functions.ids().map(|id| (index, id)));
        self.defs.extend(world.defs.ids().map(|id| (index, id)));
    }

    /// What `pattern` names in a world, on one side or on both.
    pub(super) fn add(&mut self, index: usize, world: &World, pattern: &Path, side: Option<Side>) {
        let whole: Vec<InterfaceId> =
            world.interfaces.ids().filter(|id| covers_interface(world, *id, pattern)).collect();
        let wanted = |actual: Side| side.is_none_or(|side| side == actual);
        let in_whole = |id: Option<InterfaceId>| id.is_some_and(|id| whole.contains(&id));
        for (id, def) in world.defs.iter() {
            let interface = match def.owner {
                Owner::Interface(interface) => Some(interface),
                Owner::World => None,
            };
            if wanted(world.def_side(id)) && (in_whole(interface) || covers_def(world, id, pattern))
            {
                self.defs.push((index, id));
            }
        }
        for (id, function) in world.functions.iter() {
            let resource = function.kind.resource();
            let named = in_whole(function.interface)
                || covers_function(world, id, pattern)
                || resource.is_some_and(|def| pattern.covers(&Path::def(world, def)));
            if named && wanted(function.side) {
                self.functions.push((index, id));
            }
        }
    }
}

/// Every path of a world that can be asked for, whichever its side.
pub(super) fn paths(world: &World) -> Vec<String> {
    let interfaces = world.interfaces.ids().map(|id| Path::interface(world, id));
    let defs = world.defs.ids().map(|id| Path::def(world, id));
    let functions = world.functions.ids().map(|id| Path::function(world, id));
    let mut paths: Vec<String> =
        interfaces.chain(defs).chain(functions).map(|path| super::unsided(&path)).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Whether a pattern names an interface, its package or its namespace.
fn covers_interface(world: &World, id: InterfaceId, pattern: &Path) -> bool {
    let interface = &world.interfaces[id];
    pattern.covers(&Path::interface(world, id))
        || match &interface.key {
            Key::Id { package, name: _ } => {
                pattern.covers(&Path::package(interface.side, package))
                    || pattern.covers(&Path::namespace(interface.side, &package.namespace))
            }
            Key::Inline(_) => false,
        }
}

/// Whether a pattern names a type, or a part of it.
fn covers_def(world: &World, id: DefId, pattern: &Path) -> bool {
    let path = Path::def(world, id);
    let part = |name: &str| pattern.covers(&path.clone().member(name));
    pattern.covers(&path)
        || match &world.defs[id].kind {
            DefKind::Record(fields) => fields.iter().any(|field| part(&field.name)),
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                cases.iter().any(|case| part(&case.name))
            }
            DefKind::Flags(flags) => flags.iter().any(|flag| part(&flag.name)),
            DefKind::Alias(_) | DefKind::ResourceAlias(_) | DefKind::Resource(_) => false,
        }
}

/// Whether a pattern names a function, or a parameter of it.
fn covers_function(world: &World, id: FunctionId, pattern: &Path) -> bool {
    let path = Path::function(world, id);
    let params = &world.functions[id].params;
    pattern.covers(&path)
        || params.iter().any(|param| pattern.covers(&path.clone().parameter(&param.name)))
}

/// Whether a pattern names something in a world.
pub(super) fn is_there(world: &World, pattern: &Path) -> bool {
    let mut found = Found::default();
    found.add(0, world, pattern, None);
    // An interface may hold nothing.
    !found.is_empty() || world.interfaces.ids().any(|id| covers_interface(world, id, pattern))
}
