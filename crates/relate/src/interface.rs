//! Two interfaces, or two functions by themselves: the doors that `compose`
//! comes in by.
//!
//! Imports and exports of whole worlds are left to `world`.

use joggle_diag::closest;
use wit_parser::{Function, Interface, InterfaceId, Resolve, Type, TypeId, TypeOwner, WorldItem};

use crate::change::{Change, ChangeKind, ItemKind, Variance};
use crate::path::Step;
use crate::place::{entries, interface_name};
use crate::resource::is_resource;
use crate::spell::{dealias, function_label, item_kind, shape};
use crate::walk::{Anchor, Side, Walk};

/// Compares an interface that is wanted (by a consumer, or in an old version)
/// with one that is given (by a provider, or in a new version).
///
/// The given one may have more functions and types: those are
/// [`ChangeKind::Added`] and do not break. Whether the names of the two
/// interfaces match is not asked.
#[must_use]
pub fn interfaces(wanted: (&Resolve, InterfaceId), given: (&Resolve, InterfaceId)) -> Vec<Change> {
    let side = |(resolve, id): (_, InterfaceId)| {
        let resolve: &Resolve = resolve;
        Side::new(resolve, TypeOwner::Interface(id), resolve.interfaces[id].package)
    };
    let mut walk = Walk::new(side(wanted), side(given), Variance::Import);
    walk.pair_resources(wanted.1, given.1);
    let name = short_name(wanted.0, wanted.1);
    walk.at(Step::Root(name), |walk| walk.interface(wanted.1, given.1));
    walk.changes
}

/// Compares a function that is wanted with one that is given.
///
/// The names of the two functions are not compared, except for what they say
/// about how each is called.
#[must_use]
pub fn functions(wanted: (&Resolve, &Function), given: (&Resolve, &Function)) -> Vec<Change> {
    let wanted_side = Side::new(wanted.0, owner_of(wanted.0, wanted.1), None);
    let given_side = Side::new(given.0, owner_of(given.0, given.1), None);
    let mut walk = Walk::new(wanted_side, given_side, Variance::Import);
    if let (TypeOwner::World(w), TypeOwner::World(g)) = (wanted_side.scope, given_side.scope) {
        walk.pair_world_resources(w, g);
    }
    walk.function(wanted.1, given.1);
    walk.changes
}

/// The interface or world that a function is declared in.
fn owner_of(resolve: &Resolve, function: &Function) -> TypeOwner {
    let mut interfaces = resolve.interfaces.iter();
    let in_interface = |interface: &Interface| {
        let mut functions = interface.functions.values();
        functions.any(|other| std::ptr::eq(other, function))
    };
    if let Some((id, _)) = interfaces.find(|(_, interface)| in_interface(interface)) {
        return TypeOwner::Interface(id);
    }
    let mut worlds = resolve.worlds.iter();
    let found = worlds.find(|(_, world)| {
        entries(world).any(|(_, item)| match item {
            WorldItem::Function(other) => std::ptr::eq(other, function),
            WorldItem::Interface { .. } | WorldItem::Type { .. } => false,
        })
    });
    found.map_or(TypeOwner::None, |(id, _)| TypeOwner::World(id))
}

/// The name of an interface without its package.
pub(crate) fn short_name(resolve: &Resolve, id: InterfaceId) -> String {
    match &resolve.interfaces[id].name {
        Some(name) => name.clone(),
        None => interface_name(resolve, id),
    }
}

impl<'a> Walk<'a> {
    /// Compares two interfaces whose resources are paired already.
    pub fn interface(&mut self, wanted: InterfaceId, given: InterfaceId) {
        let w = &self.wanted.resolve.interfaces[wanted];
        let g = &self.given.resolve.interfaces[given];
        let mut moved = Vec::new();
        for (name, function) in &w.functions {
            if let Some(other) = g.functions.get(name) {
                self.function(function, other);
            } else if let Some(other) = same_label(function, w, g) {
                moved.push(other.name.as_str());
                self.function(function, other);
            } else if !self.resource_is_gone(function, w, g) {
                self.missing_function(function, w, g);
            }
        }
        for (name, function) in &g.functions {
            let known = w.functions.contains_key(name) || moved.contains(&name.as_str());
            let ends = (self.wanted.resolve, self.given.resolve);
            if !known && !resource_is_new(ends, function, w) {
                self.anchored(Anchor::Whole, Anchor::Function(function), |walk| {
                    walk.note_added(ItemKind::Function, function_label(function));
                });
            }
        }
        self.named_types(w, g);
    }

    fn missing_function(&mut self, function: &'a Function, w: &Interface, g: &Interface) {
        let label = function_label(function);
        let others = g.functions.iter();
        let others = others.filter(|(name, _)| !w.functions.contains_key(*name));
        let others: Vec<String> = others.map(|(_, other)| function_label(other)).collect();
        let instead = similar(&label, others.iter().map(String::as_str));
        self.anchored(Anchor::Function(function), Anchor::Whole, |walk| {
            walk.note(ChangeKind::Missing { item: ItemKind::Function, name: label, instead });
        });
    }

    fn note_added(&mut self, item: ItemKind, name: String) {
        self.note(ChangeKind::Added { item, name });
    }

    /// Compares types by their names; those that functions reach were walked
    /// with the functions.
    fn named_types(&mut self, w: &Interface, g: &Interface) {
        for (name, &id) in &w.types {
            match g.types.get(name) {
                Some(&other) => {
                    self.anchored(Anchor::Type(id), Anchor::Type(other), |walk| {
                        walk.at(Step::Type(name.clone()), |walk| {
                            walk.ty(Type::Id(id), Type::Id(other));
                        });
                    });
                }
                None => self.missing_type(name, id, w, g),
            }
        }
        for (name, &id) in &g.types {
            if !w.types.contains_key(name) {
                let item = item_kind(self.given.resolve, id);
                self.anchored(Anchor::Whole, Anchor::Type(id), |walk| {
                    walk.note_added(item, name.clone());
                });
            }
        }
    }

    fn missing_type(&mut self, name: &str, id: TypeId, w: &Interface, g: &Interface) {
        let others = g.types.keys().filter(|other| !w.types.contains_key(*other));
        let instead = similar(name, others.map(String::as_str));
        let item = item_kind(self.wanted.resolve, id);
        self.anchored(Anchor::Type(id), Anchor::Whole, |walk| {
            walk.note(ChangeKind::Missing { item, name: name.to_owned(), instead });
        });
    }

    /// Whether a function is missing only because its resource is, which is
    /// reported by itself.
    fn resource_is_gone(&self, function: &Function, w: &Interface, g: &Interface) -> bool {
        let Some(name) = resource_name(self.wanted.resolve, function) else {
            return false;
        };
        w.types.contains_key(name) && !names_resource(self.given.resolve, g, name)
    }
}

/// Whether a function was added only because its resource was, which is
/// reported by itself.
fn resource_is_new(ends: (&Resolve, &Resolve), function: &Function, w: &Interface) -> bool {
    let (wanted, given) = ends;
    resource_name(given, function).is_some_and(|name| !names_resource(wanted, w, name))
}

fn names_resource(resolve: &Resolve, interface: &Interface, name: &str) -> bool {
    interface.types.get(name).is_some_and(|&id| {
        let ty = dealias(resolve, Type::Id(id));
        matches!(ty, Type::Id(id) if is_resource(resolve, id))
    })
}

/// The name that may be meant by one that is missing.
///
/// Members are compared within their resource, and short names not at all:
/// one letter for another is no typing error.
pub(crate) fn similar<'n>(name: &str, others: impl Iterator<Item = &'n str>) -> Option<String> {
    const SHORTEST: usize = 4;
    let (prefix, own) = name.rsplit_once('.').unwrap_or(("", name));
    if own.len() < SHORTEST {
        return None;
    }
    let others = others.map(|other| other.rsplit_once('.').unwrap_or(("", other)));
    let others = others.filter(|(other, _)| *other == prefix);
    let found = closest(own, others.map(|(_, other)| other))?;
    Some(if prefix.is_empty() { found.to_owned() } else { format!("{prefix}.{found}") })
}

fn resource_name<'r>(resolve: &'r Resolve, function: &Function) -> Option<&'r str> {
    resolve.types[function.kind.resource()?].name.as_deref()
}

/// A given function that people call by the same name, though in another way.
fn same_label<'g>(function: &Function, w: &Interface, g: &'g Interface) -> Option<&'g Function> {
    let label = function_label(function);
    let mut others = g.functions.values();
    others.find(|other| {
        function_label(other) == label
            && shape(&other.kind) != shape(&function.kind)
            && !w.functions.contains_key(&other.name)
    })
}
