//! Whether types fit, by wasmparser's own subtyping, with the resources of
//! different components identified first. It is the last word; why it says no
//! is left to `explain`.

use wasmparser::component_types::{ComponentEntityType, Remap, Remapping, SubtypeCx};
use wasmparser::types::TypesRef;

use crate::resources::Identity;

/// A type checker for one state of knowledge about resources.
pub(crate) struct Fit<'a> {
    context: SubtypeCx<'a>,
    given: Remapping,
    wanted: Remapping,
}

impl<'a> Fit<'a> {
    /// A checker for two types, and for what they mention.
    pub fn between(
        types: TypesRef<'a>,
        identity: &Identity,
        one: ComponentEntityType,
        other: ComponentEntityType,
    ) -> Fit<'a> {
        let context = SubtypeCx::new_with_refs(types, types);
        let remapping = || identity.remapping(types, &[one, other]);
        Fit { context, given: remapping(), wanted: remapping() }
    }

    /// Whether `given` can stand where `wanted` is asked for; if not, the validator's words.
    pub fn check(
        &mut self,
        given: ComponentEntityType,
        wanted: ComponentEntityType,
    ) -> Result<(), String> {
        let (mut given, mut wanted) = (given, wanted);
        self.context.a.remap_component_entity(&mut given, &mut self.given);
        self.context.b.remap_component_entity(&mut wanted, &mut self.wanted);
        self.context
            .component_entity_type(&given, &wanted, 0)
            .map_err(|error| error.message().to_owned())
    }

    /// Whether two types are the same: each can stand for the other.
    pub fn same(&mut self, one: ComponentEntityType, other: ComponentEntityType) -> bool {
        self.check(one, other).is_ok() && self.check(other, one).is_ok()
    }
}
