//! An id for each named type of the world. What the types are is left to `fill`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use wit_parser::{Interface, Resolve, Type, TypeDefKind, TypeId, WorldItem};

use super::interfaces::Site;
use crate::model::{DefId, Owner};

/// Named types by their ids in both models.
pub(super) struct Declared {
    ids: HashMap<TypeId, DefId>,
    /// In the order of the ids of the model: the other id, and the site that holds the type.
    pub(super) order: Vec<Declaration>,
}

/// A named type that has an id.
pub(super) struct Declaration {
    pub(super) origin: TypeId,
    pub(super) owner: Owner,
    /// By its place in the list of sites.
    pub(super) site: usize,
}

impl Declared {
    /// The definition of a named type, if it is one of the world's.
    pub(super) fn get(&self, id: TypeId) -> Option<DefId> {
        self.ids.get(&id).copied()
    }

    fn push(&mut self, declaration: Declaration) {
        if let Entry::Vacant(place) = self.ids.entry(declaration.origin) {
            place.insert(DefId::at(self.order.len()));
            self.order.push(declaration);
        }
    }
}

/// Declares the types of each interface, and those of the world itself.
pub(super) fn defs(resolve: &Resolve, sites: &[Site<'_>]) -> Declared {
    let mut declared = Declared { ids: HashMap::new(), order: Vec::new() };
    for (site, at) in sites.iter().enumerate() {
        if let (Some(interface), Some(origin)) = (at.interface, at.origin()) {
            for origin in in_text_order(resolve, &resolve.interfaces[origin]) {
                declared.push(Declaration { origin, owner: Owner::Interface(interface), site });
            }
        } else if let WorldItem::Type { id, .. } = at.item {
            declared.push(Declaration { origin: *id, owner: Owner::World, site });
        }
    }
    declared
}

/// The types of an interface as they were written; wit-parser has parts before wholes. What came
/// out of a binary has no place, and stays in its order.
fn in_text_order(resolve: &Resolve, interface: &Interface) -> Vec<TypeId> {
    let mut types: Vec<TypeId> = interface.types.values().copied().collect();
    types.sort_by_key(|id| {
        let span = resolve.types[*id].span;
        if span.is_known() { span.start() } else { 0 }
    });
    types
}

/// The resource that a name stands for, through `use` and aliases.
pub(super) fn resource(resolve: &Resolve, mut id: TypeId) -> Option<TypeId> {
    loop {
        match &resolve.types[id].kind {
            TypeDefKind::Resource => return Some(id),
            TypeDefKind::Type(Type::Id(target)) => id = *target,
            TypeDefKind::Type(_)
            | TypeDefKind::Record(_)
            | TypeDefKind::Handle(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(_, _)
            | TypeDefKind::FixedLengthList(_, _)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => return None,
        }
    }
}
