//! The world in which an item is looked up. Where none is named and none fits,
//! a world of the item's interface alone does: the ABI of an interface's items
//! is the same in every world.

use joggle_diag::{closest, quoted_list};
use joggle_load::Wit;
use wit_parser::{InterfaceId, Resolve, WorldId, WorldItem, WorldKey};

use super::{ExplainError, find};
use crate::build::{Options, select_world, without_section};
use crate::model::{Package, Side, World};
use crate::name::{Holder, Path};

/// Worlds that have the item.
pub(super) struct Stage {
    /// The world's name, if it is one of the WIT.
    pub(super) name: Option<String>,
    pub(super) worlds: Vec<World>,
}

/// Finds or makes worlds that have the item.
pub(super) fn find(
    wit: &Wit,
    world: Option<&str>,
    item: &str,
    pattern: &Path,
) -> Result<Stage, Vec<ExplainError>> {
    let main = &wit.resolve.packages[wit.package];
    let in_world_itself = matches!(pattern.holder(), Holder::World);
    if world.is_some() || in_world_itself || main.worlds.len() == 1 {
        let id = select_world(wit, world).map_err(|problem| vec![problem.into()])?;
        let built = build(wit, wit.resolve.clone(), id)?;
        if find::is_there(&built, pattern) {
            return Ok(Stage { name: Some(built.id()), worlds: vec![built] });
        }
        if world.is_some() || in_world_itself {
            return Err(vec![unknown(built.id(), item, &find::paths(&built))]);
        }
    }
    let mut worlds = Vec::new();
    for interface in interfaces(wit, pattern) {
        let built = alone(wit, interface)?;
        if find::is_there(&built, pattern) {
            worlds.push(built);
        }
    }
    if worlds.is_empty() {
        return Err(vec![unknown(wit.name.clone(), item, &paths(wit, pattern)?)]);
    }
    Ok(Stage { name: None, worlds })
}

fn build(wit: &Wit, resolve: Resolve, world: WorldId) -> Result<World, Vec<ExplainError>> {
    without_section(wit, resolve, world, Options::default())
        .map_err(|problems| problems.into_iter().map(ExplainError::from).collect())
}

/// The interfaces that a pattern may mean: of the package itself, or else of any.
fn interfaces(wit: &Wit, pattern: &Path) -> Vec<InterfaceId> {
    let fitting = |only_main: bool| -> Vec<InterfaceId> {
        let all = wit.resolve.interfaces.iter();
        all.filter(|(_, interface)| !only_main || interface.package == Some(wit.package))
            .filter(|(id, _)| fits(&wit.resolve, *id, pattern))
            .map(|(id, _)| id)
            .collect()
    };
    let own = fitting(true);
    if own.is_empty() { fitting(false) } else { own }
}

fn fits(resolve: &Resolve, id: InterfaceId, pattern: &Path) -> bool {
    let interface = &resolve.interfaces[id];
    let (Some(name), Some(package)) = (&interface.name, interface.package) else {
        return false;
    };
    let actual = &resolve.packages[package].name;
    let fits = |wanted: &Package| {
        wanted.namespace == actual.namespace
            && wanted.name == actual.name
            && (wanted.version.is_none() || wanted.version == actual.version)
    };
    match pattern.holder() {
        Holder::World => false,
        Holder::Namespace(namespace) => *namespace == actual.namespace,
        Holder::Package(package) => fits(package),
        Holder::Interface { package, name: wanted } => {
            wanted == name && package.as_ref().is_none_or(fits)
        }
    }
}

/// A world of one interface, on the sides on which worlds of the package have it, or on both.
fn alone(wit: &Wit, interface: InterfaceId) -> Result<World, Vec<ExplainError>> {
    let mut resolve = wit.resolve.clone();
    let sides = match sides(wit, interface) {
        sides if sides.is_empty() => vec![Side::Import, Side::Export],
        sides => sides,
    };
    let mut imports = needed(&resolve, interface);
    if sides.contains(&Side::Import) {
        imports.push(interface);
    }
    let exports = if sides.contains(&Side::Export) { vec![interface] } else { Vec::new() };
    let item = |id: InterfaceId| {
        let item = WorldItem::Interface {
            id,
            stability: wit_parser::Stability::default(),
            external_id: None,
            docs: wit_parser::Docs::default(),
            span: wit_parser::Span::default(),
        };
        (WorldKey::Interface(id), item)
    };
    let mut name = "alone".to_owned();
    while resolve.packages[wit.package].worlds.contains_key(&name) {
        name.push('x');
    }
    let world = resolve.worlds.alloc(wit_parser::World {
        name: name.clone(),
        imports: imports.into_iter().map(item).collect(),
        exports: exports.into_iter().map(item).collect(),
        package: Some(wit.package),
        docs: wit_parser::Docs::default(),
        stability: wit_parser::Stability::default(),
        includes: Vec::new(),
        span: wit_parser::Span::default(),
    });
    resolve.packages[wit.package].worlds.insert(name, world);
    build(wit, resolve, world)
}

/// On which sides worlds of the package have an interface under its own name.
fn sides(wit: &Wit, interface: InterfaceId) -> Vec<Side> {
    let key = WorldKey::Interface(interface);
    let worlds = || wit.resolve.packages[wit.package].worlds.values();
    let imported = worlds().any(|id| wit.resolve.worlds[*id].imports.contains_key(&key));
    let exported = worlds().any(|id| wit.resolve.worlds[*id].exports.contains_key(&key));
    let sides = [(imported, Side::Import), (exported, Side::Export)];
    sides.into_iter().filter(|(there, _)| *there).map(|(_, side)| side).collect()
}

/// The interfaces whose types an interface uses, those that others use before them.
fn needed(resolve: &Resolve, interface: InterfaceId) -> Vec<InterfaceId> {
    let mut order: Vec<InterfaceId> = Vec::new();
    let mut stack = vec![(interface, false)];
    while let Some((id, done)) = stack.pop() {
        if order.contains(&id) {
            continue;
        }
        if done {
            order.push(id);
        } else {
            stack.push((id, true));
            stack.extend(resolve.interface_direct_deps(id).map(|id| (id, false)));
        }
    }
    order.retain(|id| *id != interface);
    order
}

/// What could be asked for in place of a pattern that names nothing.
fn paths(wit: &Wit, pattern: &Path) -> Result<Vec<String>, Vec<ExplainError>> {
    let mut paths = Vec::new();
    for interface in interfaces(wit, pattern) {
        paths.extend(find::paths(&alone(wit, interface)?));
    }
    if paths.is_empty() {
        for (id, interface) in &wit.resolve.interfaces {
            let Some(name) = wit.resolve.id_of(id) else { continue };
            if interface.package == Some(wit.package) {
                let items = interface.types.keys().chain(interface.functions.keys());
                let plain = items.filter(|item| !item.starts_with('['));
                paths.extend(plain.map(|item| format!("{name}#{item}")));
            }
            paths.push(name);
        }
    }
    Ok(paths)
}

/// Nothing has this name: `paths` are those that there are.
fn unknown(place: String, item: &str, paths: &[String]) -> ExplainError {
    let (holder, name) = match item.split_once('#') {
        Some((holder, name)) => (holder, Some(name)),
        None => (item, None),
    };
    let is_holder = |known: &str| known == holder || bare(known) == holder;
    let names: Vec<&str> = paths
        .iter()
        .filter_map(|path| path.split_once('#'))
        .filter(|(known, _)| is_holder(known))
        .map(|(_, name)| name)
        .collect();
    match name {
        // What holds the item is there, so the item is wrong.
        Some(name) if !names.is_empty() => {
            let help = match closest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{holder}#{near}`?"),
                None => match name.split_once('.').filter(|(outer, _)| names.contains(outer)) {
                    Some((outer, inner)) => {
                        format!("`{holder}#{outer}` is there, but nothing in it is named `{inner}`")
                    }
                    None => format!("it has {}", quoted_list(names.iter().copied())),
                },
            };
            let place = if holder.is_empty() { place } else { holder.to_owned() };
            ExplainError::Unknown { place, name: name.to_owned(), help }
        }
        Some(name) if holder.is_empty() => {
            let help = elsewhere(name, paths);
            ExplainError::Unknown { place, name: format!("#{name}"), help }
        }
        Some(_) | None => {
            let help = holders(holder, name, paths);
            ExplainError::Unknown { place, name: holder.to_owned(), help }
        }
    }
}

/// Where the name is, that the world itself has not.
fn elsewhere(name: &str, paths: &[String]) -> String {
    let found = paths.iter().find(|path| match path.split_once('#') {
        Some((_, item)) => item == name,
        None => bare(path) == name,
    });
    match found.map(|path| path.split_once('#')) {
        Some(Some((holder, item))) => format!("did you mean `{}#{item}`?", bare(holder)),
        Some(None) => format!("did you mean `{name}`, without `#`?"),
        None => "`#` is before the name of a function or a type of the world itself, and this \
                 world has none: name the interface first"
            .to_owned(),
    }
}

/// The interface that was meant, or all there are.
fn holders(wanted: &str, name: Option<&str>, paths: &[String]) -> String {
    let holder = |path: &'_ String| path.split('#').next().unwrap_or_default().to_owned();
    let mut known: Vec<String> = paths.iter().map(holder).collect();
    known.retain(|holder| !holder.is_empty());
    known.dedup();
    let with_package = wanted.contains(':');
    // Whoever names an item alone has left out its interface.
    let item =
        paths.iter().find_map(|path| path.split_once('#').filter(|(_, item)| *item == wanted));
    if let (Some((holder, item)), None) = (item, name) {
        return format!("did you mean `{}#{item}`?", bare(holder));
    }
    let spelled =
        known.iter().map(|holder| if with_package { holder.as_str() } else { bare(holder) });
    match (closest(wanted, spelled), name) {
        (Some(near), Some(name)) => format!("did you mean `{near}#{name}`?"),
        (Some(near), None) => format!("did you mean `{near}`?"),
        (None, _) if known.is_empty() => "it has no interface".to_owned(),
        (None, _) => format!("it has {}", quoted_list(known.iter().map(String::as_str))),
    }
}

/// `streams` of `wasi:io/streams@0.2.12`.
fn bare(interface: &str) -> &str {
    let name = interface.rsplit_once('/').map_or(interface, |(_, name)| name);
    name.split_once('@').map_or(name, |(name, _)| name)
}
