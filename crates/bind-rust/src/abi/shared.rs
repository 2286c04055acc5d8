//! One function for each type that is lifted, lowered or freed in several places, so that what is
//! generated grows with the WIT and not with its uses. Helpers are noted when they are called and
//! printed at the end; this is the only thing about a context that changes.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use joggle_bind::model::{Type, TypeId};
use proc_macro2::Ident;

use super::plain::{Plain, plain};
use super::shape::Shape;
use super::temps::Temps;
use crate::shape::Context;

/// What a helper does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Lowers into memory what stays with its owner; `deep` is the borrowed form of a type.
    Lower { deep: bool },
    /// Lowers it to core values.
    LowerFlat { deep: bool },
    /// Hands over into memory.
    Give,
    /// Hands over as core values.
    GiveFlat,
    /// Lifts out of memory.
    Lift,
    /// Lifts core values.
    LiftFlat,
    /// Lifts the discriminant of an enum.
    LiftEnum,
    /// Frees what lies in memory.
    Free,
}

/// A type's structure is written out where it is used, unless that is more than this many parts.
const INLINE: u32 = 16;

impl Task {
    /// The task, if there is a helper for a type: for records and variants always, for other
    /// structures when they are large. A record as core values is not worth one.
    pub fn helps(self, cx: &Context<'_>, ty: TypeId) -> Option<Task> {
        let in_memory = match self {
            Task::Lower { .. } | Task::Give | Task::Lift | Task::Free => true,
            Task::LowerFlat { .. } | Task::GiveFlat | Task::LiftFlat => false,
            Task::LiftEnum => return Some(self),
        };
        let helps = match Shape::of(cx, ty) {
            Shape::Variant(..) => true,
            Shape::Record(..) => in_memory,
            Shape::Option(_)
            | Shape::Result(..)
            | Shape::Tuple(_)
            | Shape::List(_)
            | Shape::Map(..)
            | Shape::Fixed(..) => in_memory && cx.helpers.weight(cx, ty) > INLINE,
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::String
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Enum(..)
            | Shape::Flags(_)
            | Shape::Refused => false,
        };
        helps.then_some(self)
    }

    fn prefix(self) -> &'static str {
        match self {
            Task::Lower { .. } => "lower",
            Task::LowerFlat { .. } => "lower_flat",
            Task::Give => "give",
            Task::GiveFlat => "give_flat",
            Task::Lift | Task::LiftEnum => "lift",
            Task::LiftFlat => "lift_flat",
            Task::Free => "free",
        }
    }
}

/// A helper to be printed.
#[derive(Debug, Clone)]
pub struct Helper {
    pub task: Task,
    pub ty: TypeId,
    pub name: Ident,
}

/// Which helpers are called, and what is known about types.
#[derive(Debug, Default)]
pub struct Helpers {
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<(Task, usize), Ident>,
    temps: Temps,
    waiting: VecDeque<Helper>,
    plain: HashMap<TypeId, Plain>,
    weights: HashMap<TypeId, u32>,
    scratch: HashMap<TypeId, bool>,
    lent: HashMap<TypeId, bool>,
}

impl Helpers {
    /// The name of the helper for a task; it will be printed.
    pub fn want(&self, cx: &Context<'_>, task: Task, ty: TypeId) -> Ident {
        let ty = cx.world.canonical(ty);
        let task = settle(cx, task, ty);
        let mut state = self.state.borrow_mut();
        let key = (task, ty.index());
        if let Some(name) = state.names.get(&key) {
            return name.clone();
        }
        let name = state.temps.fresh(&format!("{}_{}", task.prefix(), describe(cx, ty)));
        state.names.insert(key, name.clone());
        state.waiting.push_back(Helper { task, ty, name: name.clone() });
        name
    }

    /// The next helper that was called and is not printed yet.
    pub fn next(&self) -> Option<Helper> {
        self.state.borrow_mut().waiting.pop_front()
    }

    pub(super) fn plain(&self, ty: TypeId) -> Option<Plain> {
        self.state.borrow().plain.get(&ty).copied()
    }

    pub(super) fn remember_plain(&self, ty: TypeId, plain: Plain) {
        self.state.borrow_mut().plain.insert(ty, plain);
    }

    /// How many parts are written out for a type.
    fn weight(&self, cx: &Context<'_>, ty: TypeId) -> u32 {
        let ty = cx.world.canonical(ty);
        if let Some(known) = self.state.borrow().weights.get(&ty) {
            return *known;
        }
        let shape = Shape::of(cx, ty);
        // Records and variants have helpers themselves.
        let has_helper = matches!(shape, Shape::Record(..) | Shape::Variant(..));
        let inner = if has_helper { Vec::new() } else { shape.inner() };
        let total = inner.into_iter().fold(1_u32, |sum, ty| {
            let part = self.weight(cx, ty);
            // What is heavy has a helper and weighs no more than a call.
            sum.saturating_add(if part > INLINE { 1 } else { part })
        });
        self.state.borrow_mut().weights.insert(ty, total);
        total
    }

    /// Whether lowering an argument of this type needs memory for the length of the call.
    pub fn needs_scratch(&self, cx: &Context<'_>, ty: TypeId) -> bool {
        let ty = cx.world.canonical(ty);
        if let Some(known) = self.state.borrow().scratch.get(&ty) {
            return *known;
        }
        let shape = Shape::of(cx, ty);
        let is_copied = match shape {
            Shape::List(element) => plain(cx, element) == Plain::No,
            Shape::Map(..) => true,
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::String
            | Shape::Fixed(..)
            | Shape::Tuple(_)
            | Shape::Option(_)
            | Shape::Result(..)
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Record(..)
            | Shape::Variant(..)
            | Shape::Enum(..)
            | Shape::Flags(_)
            | Shape::Refused => false,
        };
        let mut parts = shape.parts().into_iter();
        let needs = is_copied || parts.any(|part| self.needs_scratch(cx, part));
        self.state.borrow_mut().scratch.insert(ty, needs);
        needs
    }

    /// Whether a value of this type holds handles of imported resources that are lent.
    pub fn needs_lent(&self, cx: &Context<'_>, ty: TypeId) -> bool {
        let ty = cx.world.canonical(ty);
        if !cx.world.facts(ty).has_borrow() {
            return false;
        }
        if let Some(known) = self.state.borrow().lent.get(&ty) {
            return *known;
        }
        let shape = Shape::of(cx, ty);
        let is_lent = matches!(shape, Shape::Borrow(def) if !cx.is_exported_resource(def));
        let mut inner = shape.inner().into_iter();
        let needs = is_lent || inner.any(|part| self.needs_lent(cx, part));
        self.state.borrow_mut().lent.insert(ty, needs);
        needs
    }
}

/// A type with one form has no borrowed form.
fn settle(cx: &Context<'_>, task: Task, ty: TypeId) -> Task {
    let has_deep_form = holds_lists_deep(cx, ty);
    match task {
        Task::Lower { deep } => Task::Lower { deep: deep && has_deep_form },
        Task::LowerFlat { deep } => Task::LowerFlat { deep: deep && has_deep_form },
        Task::Give | Task::GiveFlat | Task::Lift | Task::LiftFlat | Task::LiftEnum | Task::Free => {
            task
        }
    }
}

/// Whether the borrowed form of a type is written differently at all.
fn holds_lists_deep(cx: &Context<'_>, ty: TypeId) -> bool {
    cx.world.facts(ty).has_heap()
}

/// What a helper's name says about its type.
fn describe(cx: &Context<'_>, ty: TypeId) -> String {
    match (Shape::of(cx, ty), &cx.world.types[ty]) {
        (_, Type::Def(def)) => cx.world.defs[*def].name.replace('-', "_").to_lowercase(),
        (Shape::List(_), _) => "list".to_owned(),
        (Shape::Map(..), _) => "map".to_owned(),
        (Shape::Option(_), _) => "option".to_owned(),
        (Shape::Result(..), _) => "result".to_owned(),
        (Shape::Tuple(_), _) => "tuple".to_owned(),
        (_, _) => "value".to_owned(),
    }
}
