//! Two functions: async or not, the parameters by name and order, the result.
//!
//! Which two are compared is left to `interface` and `world`.

use wit_parser::{Function, Type};

use crate::change::{ChangeKind, PartChange};
use crate::names::match_names;
use crate::path::Step;
use crate::spell::{describe, function_label, shape, spell};
use crate::walk::{Anchor, Walk};

impl<'a> Walk<'a> {
    /// Compares two functions of one name.
    pub fn function(&mut self, wanted: &'a Function, given: &'a Function) {
        let anchors = (Anchor::Function(wanted), Anchor::Function(given));
        self.anchored(anchors.0, anchors.1, |walk| {
            walk.in_function(function_label(wanted), |walk| {
                let shapes = (shape(&wanted.kind), shape(&given.kind));
                if shapes.0 != shapes.1 {
                    return walk
                        .note(ChangeKind::FunctionKind { wanted: shapes.0, given: shapes.1 });
                }
                if wanted.kind.is_async() != given.kind.is_async() {
                    walk.note(ChangeKind::Async { became_async: given.kind.is_async() });
                }
                walk.parameters(wanted, given);
                walk.results(wanted.result, given.result);
            });
        });
    }

    fn parameters(&mut self, wanted: &'a Function, given: &'a Function) {
        let ours: Vec<&str> = wanted.params.iter().map(|p| p.name.as_str()).collect();
        let theirs: Vec<&str> = given.params.iter().map(|p| p.name.as_str()).collect();
        let matched = match_names(&ours, &theirs);
        let owned = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect();
        if ours.len() != theirs.len() {
            self.note(ChangeKind::ParameterCount { wanted: owned(&ours), given: owned(&theirs) });
        } else if matched
            .differences
            .iter()
            .any(|d| !matches!(d.change, PartChange::Renamed { .. }))
        {
            self.note(ChangeKind::ParametersReordered {
                wanted: owned(&ours),
                given: owned(&theirs),
            });
        }
        for (i, j) in matched.pairs {
            let (Some(w), Some(g)) = (wanted.params.get(i), given.params.get(j)) else {
                continue;
            };
            let step =
                Step::Parameter { name: w.name.clone(), ty: spell(self.wanted.resolve, w.ty) };
            let w_anchor = Anchor::Parameter(wanted, &w.name);
            let g_anchor = Anchor::Parameter(given, &g.name);
            self.anchored(w_anchor, g_anchor, |walk| {
                walk.at(step, |walk| {
                    if w.name != g.name {
                        walk.note(ChangeKind::ParameterRenamed {
                            wanted: w.name.clone(),
                            given: g.name.clone(),
                        });
                    }
                    walk.ty(w.ty, g.ty);
                });
            });
        }
    }

    fn results(&mut self, wanted: Option<Type>, given: Option<Type>) {
        match (wanted, given) {
            (Some(w), Some(g)) => self.at(Step::Result, |walk| walk.ty(w, g)),
            (None, None) => {}
            (w, g) => {
                let kind = ChangeKind::Result {
                    wanted: w.map(|ty| describe(self.wanted.resolve, ty)),
                    given: g.map(|ty| describe(self.given.resolve, ty)),
                };
                self.note(kind);
            }
        }
    }
}
