//! The state of one walk over two ends: where it is, what it has seen, and what
//! it found.
//!
//! Each pair of types is walked once, so that the work and the output grow
//! linearly. What a pair of types means is left to `types` and `resource`.

use std::collections::HashMap;

use wit_parser::{Function, InterfaceId, PackageId, Resolve, TypeId, TypeOwner};

use crate::change::{Change, ChangeKind, Variance, Within};
use crate::path::{Path, Step};
use crate::place::{Item, Place, Scope};

/// One end of a comparison.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub resolve: &'a Resolve,
    /// Where functions and parameters are declared.
    pub scope: TypeOwner,
    /// The declaration that is being looked at.
    pub anchor: Anchor<'a>,
    /// The package that the comparison is about. Its version may differ from
    /// the other end's without making its resources strangers.
    pub home: Option<PackageId>,
}

/// A declaration that a label can be put under.
#[derive(Clone, Copy)]
pub(crate) enum Anchor<'a> {
    /// The interface or world itself.
    Whole,
    Function(&'a Function),
    Parameter(&'a Function, &'a str),
    Type(TypeId),
    Part(TypeId, &'a str),
}

impl<'a> Side<'a> {
    pub fn new(resolve: &'a Resolve, scope: TypeOwner, home: Option<PackageId>) -> Side<'a> {
        Side { resolve, scope, anchor: Anchor::Whole, home }
    }

    /// The declaration by its names, if it has any.
    pub fn place(&self) -> Option<Place> {
        let (scope, item) = match self.anchor {
            Anchor::Whole => (self.scope, Item::Whole),
            Anchor::Function(f) => (self.scope, Item::Function(f.name.clone())),
            Anchor::Parameter(f, name) => {
                let (function, name) = (f.name.clone(), name.to_owned());
                (self.scope, Item::Parameter { function, name })
            }
            Anchor::Type(id) => {
                let ty = &self.resolve.types[id];
                (ty.owner, Item::Type(ty.name.clone()?))
            }
            Anchor::Part(id, name) => {
                let ty = &self.resolve.types[id];
                let (of, name) = (ty.name.clone()?, name.to_owned());
                (ty.owner, Item::Part { of, name })
            }
        };
        let scope = Scope::of(self.resolve, scope)?;
        Some(Place { scope, item })
    }
}

/// One walk over two ends.
pub(crate) struct Walk<'a> {
    pub wanted: Side<'a>,
    pub given: Side<'a>,
    pub variance: Variance,
    /// Wanted resources to the given ones that stand for them.
    pub resources: HashMap<TypeId, TypeId>,
    /// Interfaces that the two worlds export, when exports are compared: what
    /// uses their resources means the exported ones.
    pub exported: (Vec<InterfaceId>, Vec<InterfaceId>),
    pub changes: Vec<Change>,
    pub within: Option<Within>,
    path: Vec<Step>,
    /// The function that is being compared, as text.
    function: Option<String>,
    /// Pairs of types that were walked, with the changes found below each.
    seen: HashMap<(TypeId, TypeId), Vec<usize>>,
    /// Changes in the order in which they were found, or found again.
    touched: Vec<usize>,
}

impl<'a> Walk<'a> {
    pub fn new(wanted: Side<'a>, given: Side<'a>, variance: Variance) -> Walk<'a> {
        Walk {
            wanted,
            given,
            variance,
            resources: HashMap::new(),
            exported: (Vec::new(), Vec::new()),
            changes: Vec::new(),
            within: None,
            path: Vec::new(),
            function: None,
            seen: HashMap::new(),
            touched: Vec::new(),
        }
    }

    /// How deep the walk is.
    pub fn depth(&self) -> usize {
        self.path.len()
    }

    /// Does something one step further down.
    pub fn at(&mut self, step: Step, then: impl FnOnce(&mut Self)) {
        self.path.push(step);
        then(self);
        self.path.pop();
    }

    /// Does something with other declarations to point to, then returns to these.
    pub fn anchored(
        &mut self,
        wanted: Anchor<'a>,
        given: Anchor<'a>,
        then: impl FnOnce(&mut Self),
    ) {
        let before = (self.wanted.anchor, self.given.anchor);
        self.wanted.anchor = wanted;
        self.given.anchor = given;
        then(self);
        (self.wanted.anchor, self.given.anchor) = before;
    }

    /// Does something as part of comparing one function.
    pub fn in_function(&mut self, label: String, then: impl FnOnce(&mut Self)) {
        self.at(Step::Function(label), |walk| {
            walk.function = Some(Path(walk.path.clone()).to_string());
            then(walk);
            walk.function = None;
        });
    }

    /// Records a difference where the walk is.
    pub fn note(&mut self, kind: ChangeKind) {
        let (wanted, given) = (self.wanted.place(), self.given.place());
        self.note_at(kind, wanted, given);
    }

    /// Records a difference with declarations that the walk does not stand at.
    pub fn note_at(&mut self, kind: ChangeKind, wanted: Option<Place>, given: Option<Place>) {
        self.touched.push(self.changes.len());
        self.changes.push(Change {
            path: Path(self.path.clone()),
            kind,
            variance: self.variance,
            wanted,
            given,
            within: self.within.clone(),
            also: Vec::new(),
        });
    }

    /// Walks a pair of types, or tells what the first walk found that this
    /// function reaches it too.
    pub fn once(&mut self, pair: (TypeId, TypeId), then: impl FnOnce(&mut Self)) {
        if let Some(found) = self.seen.get(&pair) {
            for &index in found {
                let Some(change) = self.changes.get_mut(index) else {
                    continue;
                };
                if let Some(function) = &self.function
                    && change.also.last() != Some(function)
                    && !starts_in(&change.path, &self.path)
                {
                    change.also.push(function.clone());
                }
            }
            self.touched.extend(found);
            return;
        }
        let start = self.touched.len();
        then(self);
        let mut found = self.touched.get(start..).unwrap_or_default().to_vec();
        found.sort_unstable();
        found.dedup();
        self.seen.insert(pair, found);
    }
}

/// Whether a path leads through the function that `here` stands in.
fn starts_in(path: &Path, here: &[Step]) -> bool {
    let function = |step: &Step| matches!(step, Step::Function(_));
    let Some(end) = here.iter().position(function) else {
        return false;
    };
    path.0.get(..=end) == here.get(..=end)
}
