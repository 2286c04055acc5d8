//! Which resource stands for which: resources are nominal, so two are the same
//! if they have the same name and corresponding owners.
//!
//! Which provider an owner comes from is left to `compose`.

use wit_parser::{
    InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem, WorldKey,
};

use crate::change::ChangeKind;
use crate::name::same_track;
use crate::place::interface_name;
use crate::spell::dealias;
use crate::walk::Walk;

impl Walk<'_> {
    /// Lets each resource that the wanted interface declares stand for what the
    /// given one exports under its name, as instantiation does.
    ///
    /// The given one may be a resource that another interface owns.
    pub fn pair_resources(&mut self, wanted: InterfaceId, given: InterfaceId) {
        let types = &self.wanted.resolve.interfaces[wanted].types;
        let others = &self.given.resolve.interfaces[given].types;
        for (name, &id) in types {
            if let Some(&other) = others.get(name) {
                self.pair_resource(id, other);
            }
        }
    }

    /// The same for resources that two worlds declare.
    pub fn pair_world_resources(&mut self, wanted: WorldId, given: WorldId) {
        let items = &self.wanted.resolve.worlds[wanted].imports;
        let others = &self.given.resolve.worlds[given].imports;
        for (name, item) in items {
            if let WorldItem::Type { id, .. } = item
                && let WorldKey::Name(_) = name
                && let Some(WorldItem::Type { id: other, .. }) = others.get(name)
            {
                self.pair_resource(*id, *other);
            }
        }
    }

    fn pair_resource(&mut self, wanted: TypeId, given: TypeId) {
        if is_resource(self.wanted.resolve, wanted)
            && let Type::Id(given) = dealias(self.given.resolve, Type::Id(given))
            && is_resource(self.given.resolve, given)
        {
            self.resources.insert(wanted, given);
        }
    }

    /// Compares two resources, both free of aliases.
    pub fn resource(&mut self, wanted: TypeId, given: TypeId) {
        let w = &self.wanted.resolve.types[wanted];
        let g = &self.given.resolve.types[given];
        let same_owner = self.owners_correspond(w.owner, g.owner);
        let same_name = w.name == g.name;
        let fits = match self.resources.get(&wanted) {
            Some(mapped) => *mapped == given,
            None => same_owner && same_name,
        };
        let name = w.name.clone().unwrap_or_default();
        let owner = owner_name(self.given.resolve, g.owner);
        if fits {
            if !same_owner {
                self.note(ChangeKind::ResourceMoved { resource: name, given: owner });
            }
            return;
        }
        let mut wanted_owner = owner_name(self.wanted.resolve, w.owner);
        let mut owner = owner;
        if wanted_owner == owner && !same_owner {
            // One interface, imported here and exported there.
            let side = |exported: &[InterfaceId], owner: TypeOwner| {
                let exported = exported.iter().any(|id| TypeOwner::Interface(*id) == owner);
                if exported { "exported" } else { "imported" }
            };
            wanted_owner = format!("the {} {wanted_owner}", side(&self.exported.0, w.owner));
            owner = format!("the {} {owner}", side(&self.exported.1, g.owner));
        }
        self.note(if same_name && !same_owner {
            ChangeKind::ResourceOwner { resource: name, wanted: wanted_owner, given: owner }
        } else {
            let other = g.name.clone().unwrap_or_default();
            ChangeKind::Type {
                wanted: format!("resource {name} of {wanted_owner}"),
                given: format!("resource {other} of {owner}"),
            }
        });
    }

    fn owners_correspond(&self, wanted: TypeOwner, given: TypeOwner) -> bool {
        match (wanted, given) {
            (TypeOwner::Interface(w), TypeOwner::Interface(g)) => {
                self.interfaces_correspond(w, g)
                    && self.exported.0.contains(&w) == self.exported.1.contains(&g)
            }
            (TypeOwner::World(_), TypeOwner::World(_)) => true,
            (TypeOwner::Interface(_) | TypeOwner::World(_) | TypeOwner::None, _) => false,
        }
    }

    /// Whether two interfaces are the same but for a version on the same track.
    ///
    /// The packages that the comparison is about may have any versions.
    pub fn interfaces_correspond(&self, wanted: InterfaceId, given: InterfaceId) -> bool {
        let scopes = (self.wanted.scope, self.given.scope);
        if scopes == (TypeOwner::Interface(wanted), TypeOwner::Interface(given)) {
            return true;
        }
        let w = &self.wanted.resolve.interfaces[wanted];
        let g = &self.given.resolve.interfaces[given];
        let (Some(w_package), Some(g_package)) = (w.package, g.package) else {
            return false;
        };
        if w.name.is_none() || w.name != g.name {
            return false;
        }
        let w_name = &self.wanted.resolve.packages[w_package].name;
        let g_name = &self.given.resolve.packages[g_package].name;
        if w_name.namespace != g_name.namespace || w_name.name != g_name.name {
            return false;
        }
        if self.wanted.home == Some(w_package) && self.given.home == Some(g_package) {
            return true;
        }
        match (&w_name.version, &g_name.version) {
            (None, None) => true,
            (Some(w), Some(g)) => w == g || same_track(w, g),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}

/// Whether a type declares a resource, rather than being an alias of one.
pub(crate) fn is_resource(resolve: &Resolve, id: TypeId) -> bool {
    matches!(resolve.types[id].kind, TypeDefKind::Resource)
}

fn owner_name(resolve: &Resolve, owner: TypeOwner) -> String {
    match owner {
        TypeOwner::Interface(id) => interface_name(resolve, id),
        TypeOwner::World(id) => format!("world {}", resolve.worlds[id].name),
        TypeOwner::None => "nobody".to_owned(),
    }
}
