//! A declaration by its names, so that it can be found again in another model
//! of the same WIT: one that was parsed from text and knows where things stand.
//!
//! Printing a model as text is left to `text`.

use serde::Serialize;
use wit_parser::{
    Interface, InterfaceId, PackageId, Resolve, Span, TypeDefKind, TypeId, TypeOwner, World,
    WorldId, WorldItem, WorldKey,
};

/// A declaration in an interface or world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The interface or world.
    pub scope: Scope,
    /// What is declared in it.
    pub item: Item,
}

/// An interface or world, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// An interface of a package.
    Interface {
        /// The package with its version: `wasi:io@0.2.12`.
        package: String,
        /// The interface's short name.
        name: String,
    },
    /// A world of a package.
    World {
        /// The package with its version.
        package: String,
        /// The world's short name.
        name: String,
    },
    /// An interface that is written inside a world.
    Inline {
        /// The package with its version.
        package: String,
        /// The world's short name.
        world: String,
        /// The name of the import or export.
        name: String,
    },
}

/// What a [`Place`] points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// The interface or world itself.
    Whole,
    /// An import or export of a world, by its full name.
    Entry(String),
    /// A function, by its name in the binary.
    Function(String),
    /// A parameter.
    Parameter {
        /// The function's name in the binary.
        function: String,
        /// The parameter's name.
        name: String,
    },
    /// A named type.
    Type(String),
    /// A field, case or flag.
    Part {
        /// The type's name.
        of: String,
        /// The part's name.
        name: String,
    },
}

impl Scope {
    /// The scope of an owner, unless the owner has no name to find it by.
    pub(crate) fn of(resolve: &Resolve, owner: TypeOwner) -> Option<Scope> {
        match owner {
            TypeOwner::Interface(id) => {
                let interface = &resolve.interfaces[id];
                let Some(name) = &interface.name else {
                    return Scope::of_inline(resolve, id);
                };
                Some(Scope::Interface {
                    package: package_name(resolve, interface.package)?,
                    name: name.clone(),
                })
            }
            TypeOwner::World(id) => {
                let world = &resolve.worlds[id];
                Some(Scope::World {
                    package: package_name(resolve, world.package)?,
                    name: world.name.clone(),
                })
            }
            TypeOwner::None => None,
        }
    }

    fn of_inline(resolve: &Resolve, wanted: InterfaceId) -> Option<Scope> {
        resolve.worlds.iter().find_map(|(_, world)| {
            let name = entries(world).find_map(|(key, item)| match (key, item) {
                (WorldKey::Name(name), WorldItem::Interface { id, .. }) => {
                    (*id == wanted).then_some(name)
                }
                _ => None,
            })?;
            Some(Scope::Inline {
                package: package_name(resolve, world.package)?,
                world: world.name.clone(),
                name: name.clone(),
            })
        })
    }
}

impl Place {
    /// Where the declaration stands, if `resolve` was parsed from text and has it.
    #[must_use]
    pub fn span(&self, resolve: &Resolve) -> Option<Span> {
        let span = match &self.scope {
            Scope::Interface { package, name } => {
                let id = *package_of(resolve, package)?.interfaces.get(name)?;
                self.in_interface(resolve, &resolve.interfaces[id])
            }
            Scope::World { package, name } => {
                let id = *package_of(resolve, package)?.worlds.get(name)?;
                self.in_world(resolve, id)
            }
            Scope::Inline { package, world, name } => {
                let id = *package_of(resolve, package)?.worlds.get(world)?;
                let id = entries(&resolve.worlds[id]).find_map(|(key, item)| match item {
                    WorldItem::Interface { id, .. } => {
                        (entry_name(resolve, key) == *name).then_some(*id)
                    }
                    WorldItem::Function(_) | WorldItem::Type { .. } => None,
                })?;
                self.in_interface(resolve, &resolve.interfaces[id])
            }
        };
        span.filter(Span::is_known)
    }

    fn in_interface(&self, resolve: &Resolve, interface: &Interface) -> Option<Span> {
        match &self.item {
            Item::Whole => Some(interface.span),
            Item::Entry(_) => None,
            Item::Function(name) => Some(interface.functions.get(name)?.span),
            Item::Parameter { function, name } => {
                Some(parameter_span(interface.functions.get(function)?, name))
            }
            Item::Type(name) => Some(resolve.types[*interface.types.get(name)?].span),
            Item::Part { of, name } => part_span(resolve, *interface.types.get(of)?, name),
        }
    }

    fn in_world(&self, resolve: &Resolve, id: WorldId) -> Option<Span> {
        let world = &resolve.worlds[id];
        let entry = |name: &str| {
            let mut entries = entries(world);
            entries.find(|(key, _)| entry_name(resolve, key) == name)
        };
        let function = |name: &str| match entry(name)?.1 {
            WorldItem::Function(function) => Some(function),
            WorldItem::Interface { .. } | WorldItem::Type { .. } => None,
        };
        let ty = |name: &str| match entry(name)?.1 {
            WorldItem::Type { id, .. } => Some(*id),
            WorldItem::Interface { .. } | WorldItem::Function(_) => None,
        };
        match &self.item {
            Item::Whole => Some(world.span),
            Item::Entry(name) => Some(entry(name)?.1.span()),
            Item::Function(name) => Some(function(name)?.span),
            Item::Parameter { function: f, name } => Some(parameter_span(function(f)?, name)),
            Item::Type(name) => Some(resolve.types[ty(name)?].span),
            Item::Part { of, name } => part_span(resolve, ty(of)?, name),
        }
    }
}

/// Imports and exports of a world.
pub(crate) fn entries(world: &World) -> impl Iterator<Item = (&WorldKey, &WorldItem)> {
    world.imports.iter().chain(&world.exports)
}

/// The name of an import or export as the binary has it.
pub(crate) fn entry_name(resolve: &Resolve, key: &WorldKey) -> String {
    match key {
        WorldKey::Name(name) => name.clone(),
        WorldKey::Interface(id) => interface_name(resolve, *id),
    }
}

/// The full name of an interface, or what there is of it.
pub(crate) fn interface_name(resolve: &Resolve, id: InterfaceId) -> String {
    let interface = &resolve.interfaces[id];
    match (&interface.name, interface.package) {
        (Some(name), Some(package)) => resolve.id_of_name(package, name),
        (Some(name), None) => name.clone(),
        (None, _) => match Scope::of_inline(resolve, id) {
            Some(Scope::Inline { name, .. }) => name,
            _ => "an unnamed interface".to_owned(),
        },
    }
}

fn package_name(resolve: &Resolve, package: Option<PackageId>) -> Option<String> {
    Some(resolve.packages[package?].name.to_string())
}

fn package_of<'a>(resolve: &'a Resolve, name: &str) -> Option<&'a wit_parser::Package> {
    let mut packages = resolve.packages.iter().map(|(_, package)| package);
    packages.find(|package| package.name.to_string() == name)
}

fn parameter_span(function: &wit_parser::Function, name: &str) -> Span {
    let parameter = function.params.iter().find(|p| p.name == name);
    // A method's `self` is nowhere in the text.
    let span = parameter.map_or(function.span, |p| p.span);
    if span.is_known() { span } else { function.span }
}

fn part_span(resolve: &Resolve, id: TypeId, name: &str) -> Option<Span> {
    match &resolve.types[id].kind {
        TypeDefKind::Record(r) => r.fields.iter().find(|p| p.name == name).map(|p| p.span),
        TypeDefKind::Variant(v) => v.cases.iter().find(|p| p.name == name).map(|p| p.span),
        TypeDefKind::Enum(e) => e.cases.iter().find(|p| p.name == name).map(|p| p.span),
        TypeDefKind::Flags(f) => f.flags.iter().find(|p| p.name == name).map(|p| p.span),
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(..)
        | TypeDefKind::FixedLengthList(..)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => None,
    }
}
