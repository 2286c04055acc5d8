//! Where the items of a component went: indices of the original to indices of
//! the result. Which items are added is left to `rewrite`.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasmparser::{ComponentExternalKind, ComponentOuterAliasKind};

/// One index space.
#[derive(Debug, Default)]
pub(crate) struct Space {
    /// By original index.
    went: Vec<u32>,
    /// How many there are in the result.
    count: u32,
}

impl Space {
    /// An item of the result that the original does not have.
    pub fn add(&mut self) -> u32 {
        self.count += 1;
        self.count - 1
    }

    /// An item of the original that is written now.
    pub fn keep(&mut self) -> u32 {
        let index = self.add();
        self.went.push(index);
        index
    }

    /// An item of the original that is an item of the result already.
    pub fn stands_for(&mut self, index: u32) {
        self.went.push(index);
    }

    /// Where an item went. The validator has seen to it that there is one.
    pub fn get(&self, original: u32) -> u32 {
        let at = usize::try_from(original).ok().and_then(|at| self.went.get(at));
        at.copied().unwrap_or(u32::MAX)
    }

    /// How many items of the original were met.
    pub fn met(&self) -> usize {
        self.went.len()
    }
}

/// The index spaces of a component that may shift. Core types, memories, tables,
/// globals, tags and values keep their places, because none is added.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    pub types: Space,
    pub functions: Space,
    pub instances: Space,
    pub modules: Space,
    pub core_functions: Space,
    pub core_instances: Space,
    /// Components that were written; one that is not needed never is.
    pub components: Vec<Option<u32>>,
    pub component_count: u32,
}

impl Maps {
    /// Writes an item that is of this kind and is kept, unless it is a component.
    pub fn keep(&mut self, kind: ComponentExternalKind) {
        match kind {
            ComponentExternalKind::Func => {
                self.functions.keep();
            }
            ComponentExternalKind::Module => {
                self.modules.keep();
            }
            ComponentExternalKind::Type => {
                self.types.keep();
            }
            ComponentExternalKind::Instance => {
                self.instances.keep();
            }
            ComponentExternalKind::Component => self.components.push(Some(self.component_count)),
            ComponentExternalKind::Value => {}
        }
        if kind == ComponentExternalKind::Component {
            self.component_count += 1;
        }
    }

    fn component(&self, original: u32) -> Option<u32> {
        self.components.get(usize::try_from(original).ok()?).copied().flatten()
    }
}

/// Rewrites indices: of this component, and of those around it.
pub(crate) struct Remap<'a> {
    /// This component first, then outwards.
    pub scopes: Vec<&'a Maps>,
    /// How many type scopes are open within this component.
    pub depth: usize,
    /// A component that was not written was asked for.
    pub missing: bool,
}

impl<'a> Remap<'a> {
    pub fn new(own: &'a Maps, around: &[&'a Maps]) -> Remap<'a> {
        let scopes = std::iter::once(own).chain(around.iter().copied()).collect();
        Remap { scopes, depth: 0, missing: false }
    }

    /// The component whose index space is meant, unless it is that of a type.
    fn scope(&self, count: u32) -> Option<&'a Maps> {
        let count = usize::try_from(count).ok()?;
        self.scopes.get(count.checked_sub(self.depth)?).copied()
    }

    fn component_in(&mut self, scope: Option<&Maps>, index: u32) -> u32 {
        let Some(maps) = scope else { return index };
        let found = maps.component(index);
        self.missing |= found.is_none();
        found.unwrap_or(u32::MAX)
    }
}

impl Reencode for Remap<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(self.scope(0).map_or(index, |maps| maps.core_functions.get(index)))
    }
}

impl ReencodeComponent for Remap<'_> {
    fn component_type_index(&mut self, index: u32) -> u32 {
        self.scope(0).map_or(index, |maps| maps.types.get(index))
    }

    fn component_instance_index(&mut self, index: u32) -> u32 {
        self.scope(0).map_or(index, |maps| maps.instances.get(index))
    }

    fn component_func_index(&mut self, index: u32) -> u32 {
        self.scope(0).map_or(index, |maps| maps.functions.get(index))
    }

    fn component_index(&mut self, index: u32) -> u32 {
        let scope = self.scope(0);
        self.component_in(scope, index)
    }

    fn module_index(&mut self, index: u32) -> u32 {
        self.scope(0).map_or(index, |maps| maps.modules.get(index))
    }

    fn instance_index(&mut self, index: u32) -> u32 {
        self.scope(0).map_or(index, |maps| maps.core_instances.get(index))
    }

    fn outer_type_index(&mut self, _count: u32, index: u32) -> Result<u32, Error> {
        // Core types keep their places.
        Ok(index)
    }

    fn outer_component_type_index(&mut self, count: u32, index: u32) -> u32 {
        self.scope(count).map_or(index, |maps| maps.types.get(index))
    }

    fn outer_component_index(&mut self, count: u32, index: u32) -> u32 {
        let scope = self.scope(count);
        self.component_in(scope, index)
    }

    fn outer_module_index(&mut self, count: u32, index: u32) -> u32 {
        self.scope(count).map_or(index, |maps| maps.modules.get(index))
    }

    fn push_depth(&mut self) {
        self.depth += 1;
    }

    fn pop_depth(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// The kind of what an outer alias brings in; none for a core type.
pub(crate) fn outer_kind(kind: ComponentOuterAliasKind) -> Option<ComponentExternalKind> {
    match kind {
        ComponentOuterAliasKind::CoreModule => Some(ComponentExternalKind::Module),
        ComponentOuterAliasKind::CoreType => None,
        ComponentOuterAliasKind::Type => Some(ComponentExternalKind::Type),
        ComponentOuterAliasKind::Component => Some(ComponentExternalKind::Component),
    }
}
