//! The identity of resources across components: a consumer's imported
//! resource is its provider's, whoever provides it in turn.

use indexmap::IndexMap;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, Remapping, ResourceId};
use wasmparser::types::TypesRef;

use crate::walk::mentioned;

/// A resource of a consumer and the provider's that has its name.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub wanted: ResourceId,
    pub given: ResourceId,
    /// The resource's name, with the names of the instances it is nested in.
    pub name: String,
}

/// Which resources are one and the same.
#[derive(Clone, Default)]
pub(crate) struct Identity {
    same_as: IndexMap<ResourceId, ResourceId>,
}

impl Identity {
    /// The resource that `id` really is.
    pub fn root(&self, id: ResourceId) -> ResourceId {
        let mut root = id;
        // A chain is as long as the composition is deep; a cycle of edges is
        // reported elsewhere and must not hang here.
        for _ in 0..=self.same_as.len() {
            match self.same_as.get(&root) {
                Some(next) if *next != root => root = *next,
                Some(_) | None => return root,
            }
        }
        root
    }

    /// Takes over the pairs of one edge. The first provider of a resource
    /// wins; whether later pairs agree is asked with [`Identity::conflict`].
    pub fn learn(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            if pair.wanted != pair.given && !self.same_as.contains_key(&pair.wanted) {
                self.same_as.insert(pair.wanted, pair.given);
            }
        }
    }

    /// How much has been learnt, for [`Identity::forget`].
    pub fn len(&self) -> usize {
        self.same_as.len()
    }

    /// Unlearns everything since the identity had this length.
    pub fn forget(&mut self, len: usize) {
        self.same_as.truncate(len);
    }

    /// The first pair whose two sides are different resources.
    pub fn conflict<'p>(&self, pairs: &'p [Pair]) -> Option<&'p Pair> {
        pairs.iter().find(|pair| self.root(pair.wanted) != self.root(pair.given))
    }

    /// As a substitution for wasmparser's subtyping, for the resources that these types mention.
    pub fn remapping(&self, types: TypesRef<'_>, entities: &[ComponentEntityType]) -> Remapping {
        let mut remapping = Remapping::default();
        for entity in entities {
            mentioned(types, *entity, &mut |id| {
                if let ComponentAnyTypeId::Resource(id) = id {
                    let root = self.root(id.resource());
                    if root != id.resource() {
                        remapping.add(id.resource(), root);
                    }
                }
            });
        }
        remapping
    }
}

/// Pairs up the resources that two ends of an edge name alike.
pub(crate) fn pairs(
    types: TypesRef<'_>,
    wanted: ComponentEntityType,
    given: ComponentEntityType,
) -> Vec<Pair> {
    let mut found = Vec::new();
    collect(types, wanted, given, "", &mut found);
    found
}

fn collect(
    types: TypesRef<'_>,
    wanted: ComponentEntityType,
    given: ComponentEntityType,
    name: &str,
    found: &mut Vec<Pair>,
) {
    if let (
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(wanted), .. },
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(given), .. },
    ) = (wanted, given)
    {
        let (wanted, given) = (wanted.resource(), given.resource());
        found.push(Pair { wanted, given, name: name.to_owned() });
    }
    if let (ComponentEntityType::Instance(wanted), ComponentEntityType::Instance(given)) =
        (wanted, given)
        && let (Some(wanted), Some(given)) = (types.get(wanted), types.get(given))
    {
        for (inner, wanted) in &wanted.exports {
            if let Some(given) = given.exports.get(inner) {
                let path = if name.is_empty() { inner.clone() } else { format!("{name}.{inner}") };
                collect(types, wanted.ty, given.ty, &path, found);
            }
        }
    }
}
