//! Who owns what a function passes, seen from the component of the world: which
//! memory it frees and when, which handles it has to drop.

use super::Facts;
use crate::model::{Function, Side, World};

/// What happens to one parameter or to the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    /// What the value holds.
    pub facts: Facts,
    /// Its strings, lists and maps; [`Memory::None`] when it has none.
    pub memory: Memory,
}

/// Who frees the strings, lists and maps of a value, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// There is nothing to free.
    None,
    /// We hold it and may free it once the call has returned: the callee only read it.
    OursAfterCall,
    /// It was allocated for us through `cabi_realloc`, and is ours to free from now on.
    Ours,
    /// We hand it out, and free it when post-return is called.
    PostReturn,
}

/// Who owns what a function passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// Each parameter.
    pub params: Vec<Passing>,
    /// The result.
    pub result: Option<Passing>,
    /// Who frees the block that holds all parameters, where they are passed in memory
    /// ([`crate::abi::Core::indirect_params`]).
    pub block: Memory,
}

impl World {
    /// Who owns what the function passes, in the synchronous ABI.
    ///
    /// `CanonicalABI.md`, "`canon lift`" and "`canon lower`": parameters of an export are
    /// allocated in the callee by `realloc` (`lift_flat_values` of the caller's, then
    /// `lower_flat_values` with the callee's options), results of an import likewise in the
    /// caller; what an export returns stays its own until `post-return`.
    #[must_use]
    pub fn ownership(&self, function: &Function) -> Ownership {
        let (inward, outward) = match function.side {
            Side::Import => (Memory::Ours, Memory::OursAfterCall),
            Side::Export => (Memory::PostReturn, Memory::Ours),
        };
        let pass = |ty, memory| {
            let facts = self.facts(ty);
            Passing { facts, memory: if facts.has_heap() { memory } else { Memory::None } }
        };
        Ownership {
            params: function.params.iter().map(|param| pass(param.ty, outward)).collect(),
            result: function.result.map(|ty| pass(ty, inward)),
            block: outward,
        }
    }

    /// Whether `function` is an export whose result post-return has to free.
    #[must_use]
    pub fn needs_post_return(&self, function: &Function) -> bool {
        function.core.post_return.is_some()
    }
}
