//! What a function passes that someone has to free or to drop, and who.
//!
//! `CanonicalABI.md`, "Lifting and Lowering Values" and "`canon lift`": an
//! `own` handle moves, a `borrow` handle is dropped before the call returns, and
//! one of a component's own resources arrives as its representation. An error
//! context is counted: passing one makes another handle.

use std::collections::HashSet;

use super::{Owned, Rule, spell};
use crate::abi::Memory;
use crate::model::{DefKind, Function, Side, Type, TypeId, World};

/// Who frees and drops what. `block` says whether the parameters lie in memory, which they do
/// sooner in an asynchronous call.
pub(super) fn of(world: &World, function: &Function, is_async: bool, block: bool) -> Vec<Owned> {
    let ownership = world.ownership(function);
    let mut rows = Vec::new();
    let given = function.side == Side::Import;
    for (param, passing) in function.params.iter().zip(&ownership.params) {
        let value = Value { name: &param.name, ty: param.ty, given };
        rows.extend(value.rows(world, memory(passing.memory, is_async)));
    }
    let block = if block { ownership.block } else { Memory::None };
    if let Some(rule) = memory(block, is_async) {
        rows.push(Owned { value: "*params".to_owned(), holds: Vec::new(), rule });
    }
    if let (Some(ty), Some(passing)) = (function.result, ownership.result) {
        let value = Value { name: "result", ty, given: !given };
        rows.extend(value.rows(world, memory(passing.memory, is_async)));
    }
    rows
}

fn memory(memory: Memory, is_async: bool) -> Option<Rule> {
    Some(match (memory, is_async) {
        (Memory::None, _) => return None,
        (Memory::OursAfterCall, false) => Rule::FreeAfterCall,
        (Memory::OursAfterCall, true) => Rule::FreeOnceStarted,
        (Memory::Ours, _) => Rule::Free,
        (Memory::PostReturn, false) => Rule::FreeInPostReturn,
        (Memory::PostReturn, true) => Rule::FreeAfterTaskReturn,
    })
}

/// A parameter or a result.
struct Value<'a> {
    name: &'a str,
    ty: TypeId,
    /// Whether the component gives it, and does not get it.
    given: bool,
}

impl Value<'_> {
    /// One row for each rule that applies.
    fn rows(&self, world: &World, memory: Option<Rule>) -> Vec<Owned> {
        let mut rows: Vec<Owned> = Vec::new();
        for leaf in leaves(world, self.ty) {
            let Some(rule) = self.rule(world, leaf, memory) else { continue };
            let held = spell::handle(world, leaf);
            match rows.iter_mut().find(|row| row.rule == rule) {
                Some(row) => row.holds.push(held),
                None => {
                    rows.push(Owned { value: self.name.to_owned(), holds: vec![held], rule });
                }
            }
        }
        rows
    }

    fn rule(&self, world: &World, leaf: TypeId, memory: Option<Rule>) -> Option<Rule> {
        match &world.types[leaf] {
            Type::String | Type::List(_) | Type::Map(_, _) => memory,
            Type::Own(_) | Type::Stream(_) | Type::Future(_) => {
                Some(if self.given { Rule::GivenAway } else { Rule::Drop })
            }
            Type::ErrorContext => Some(if self.given { Rule::Shared } else { Rule::Drop }),
            Type::Borrow(_) if self.given => Some(Rule::Lent),
            Type::Borrow(def) if world.def_side(*def) == Side::Export => Some(Rule::Representation),
            Type::Borrow(_) => Some(Rule::DropBeforeReturn),
            Type::Bool
            | Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::S8
            | Type::S16
            | Type::S32
            | Type::S64
            | Type::F32
            | Type::F64
            | Type::Char
            | Type::FixedLengthList(_, _)
            | Type::Tuple(_)
            | Type::Option(_)
            | Type::Result { .. }
            | Type::Def(_) => None,
        }
    }
}

/// Each type in a value that someone frees or drops, once, in the order of the WIT.
fn leaves(world: &World, ty: TypeId) -> Vec<TypeId> {
    let mut seen = HashSet::new();
    let mut leaves = Vec::new();
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        if !seen.insert(ty) || !world.facts(ty).is_held() {
            continue;
        }
        let mut parts: Vec<TypeId> = match &world.types[ty] {
            Type::List(part) => {
                leaves.push(ty);
                vec![*part]
            }
            Type::Map(key, value) => {
                leaves.push(ty);
                vec![*key, *value]
            }
            Type::String
            | Type::ErrorContext
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Stream(_)
            | Type::Future(_) => {
                leaves.push(ty);
                Vec::new()
            }
            Type::FixedLengthList(part, _) | Type::Option(part) => vec![*part],
            Type::Tuple(parts) => parts.clone(),
            Type::Result { ok, err } => ok.iter().chain(err).copied().collect(),
            Type::Def(def) => match &world.defs[*def].kind {
                DefKind::Record(fields) => fields.iter().map(|field| field.ty).collect(),
                DefKind::Variant(cases) => cases.iter().filter_map(|case| case.ty).collect(),
                DefKind::Alias(target) => vec![*target],
                DefKind::Enum(_)
                | DefKind::Flags(_)
                | DefKind::ResourceAlias(_)
                | DefKind::Resource(_) => Vec::new(),
            },
            Type::Bool
            | Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::S8
            | Type::S16
            | Type::S32
            | Type::S64
            | Type::F32
            | Type::F64
            | Type::Char => Vec::new(),
        };
        parts.reverse();
        stack.extend(parts);
    }
    leaves
}
