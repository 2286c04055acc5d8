//! Value types, compared by structure: exact names, order and count, through
//! any aliases.
//!
//! Identity of resources is left to `resource`.

use std::mem::discriminant;

use wit_parser::{Handle, Type, TypeDefKind, TypeId};

use crate::change::{ChangeKind, PartChange, PartKind, Within};
use crate::names::match_names;
use crate::path::Step;
use crate::spell::{dealias, describe, named};
use crate::walk::{Anchor, Walk};

/// Binaries nest types at most a hundred deep; text may nest them further.
const DEEPEST: usize = 256;

/// A field, case or flag with its payload.
type Part<'a> = (&'a str, Option<Type>);

impl<'a> Walk<'a> {
    /// Compares two types.
    pub fn ty(&mut self, wanted: Type, given: Type) {
        let ends = (dealias(self.wanted.resolve, wanted), dealias(self.given.resolve, given));
        // Aliases have names of their own, so their pairs are remembered too.
        if let (Type::Id(w), Type::Id(g)) = (wanted, given)
            && ends != (wanted, given)
        {
            self.once((w, g), |walk| walk.plain(ends.0, ends.1));
        } else {
            self.plain(ends.0, ends.1);
        }
    }

    /// Compares two types that are no aliases.
    fn plain(&mut self, wanted: Type, given: Type) {
        let (Type::Id(w), Type::Id(g)) = (wanted, given) else {
            if wanted != given {
                self.type_changed(wanted, given);
            }
            return;
        };
        if self.depth() > DEEPEST {
            self.note(ChangeKind::TooDeep);
            return;
        }
        self.once((w, g), |walk| walk.structure(w, g));
    }

    fn type_changed(&mut self, wanted: Type, given: Type) {
        let kind = ChangeKind::Type {
            wanted: describe(self.wanted.resolve, wanted),
            given: describe(self.given.resolve, given),
        };
        self.note(kind);
    }

    fn ids_changed(&mut self, wanted: TypeId, given: TypeId) {
        self.type_changed(Type::Id(wanted), Type::Id(given));
    }

    /// Compares what is behind two ids, both free of aliases.
    fn structure(&mut self, wanted: TypeId, given: TypeId) {
        let w = &self.wanted.resolve.types[wanted].kind;
        let g = &self.given.resolve.types[given].kind;
        match w {
            TypeDefKind::Record(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_) => self.nominal(wanted, given),
            TypeDefKind::Resource => {
                if matches!(g, TypeDefKind::Resource) {
                    self.resource(wanted, given);
                } else {
                    self.resource_or_value(wanted, given);
                }
            }
            TypeDefKind::Handle(handle) => self.handle(wanted, *handle, given),
            TypeDefKind::Tuple(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(..)
            | TypeDefKind::FixedLengthList(..)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_) => {
                let (ours, theirs) = (payloads(w), payloads(g));
                let steps = |all: &[(Step, Type)]| -> Vec<Step> {
                    all.iter().map(|(step, _)| step.clone()).collect()
                };
                if discriminant(w) != discriminant(g)
                    || fixed_length(w) != fixed_length(g)
                    || steps(&ours) != steps(&theirs)
                {
                    return self.ids_changed(wanted, given);
                }
                for ((step, ours), (_, theirs)) in ours.into_iter().zip(theirs) {
                    self.at(step, |walk| walk.ty(ours, theirs));
                }
            }
            // Aliases were looked through, and a resolved model knows every type.
            TypeDefKind::Type(_) | TypeDefKind::Unknown => self.ids_changed(wanted, given),
        }
    }

    /// Compares handles: the mode, then the resources.
    fn handle(&mut self, wanted: TypeId, handle: Handle, given: TypeId) {
        let TypeDefKind::Handle(other) = self.given.resolve.types[given].kind else {
            let (Handle::Own(resource) | Handle::Borrow(resource)) = handle;
            if has_parts(&self.given.resolve.types[given].kind) {
                // A resource became a value type: that is one change, however
                // many functions take it.
                return self.ty(Type::Id(resource), Type::Id(given));
            }
            return self.ids_changed(wanted, given);
        };
        let (w, g) = match (handle, other) {
            (Handle::Own(w), Handle::Own(g)) | (Handle::Borrow(w), Handle::Borrow(g)) => (w, g),
            (Handle::Own(w), Handle::Borrow(g)) | (Handle::Borrow(w), Handle::Own(g)) => {
                let kind = ChangeKind::Handle {
                    wanted: describe(self.wanted.resolve, Type::Id(wanted)),
                    given: describe(self.given.resolve, Type::Id(given)),
                };
                self.note(kind);
                (w, g)
            }
        };
        self.ty(Type::Id(w), Type::Id(g));
    }

    fn resource_or_value(&mut self, wanted: TypeId, given: TypeId) {
        let kind = ChangeKind::ResourceOrValue {
            wanted: describe(self.wanted.resolve, Type::Id(wanted)),
            given: describe(self.given.resolve, Type::Id(given)),
        };
        let anchors = (Anchor::Type(wanted), Anchor::Type(given));
        self.anchored(anchors.0, anchors.1, |walk| walk.note(kind));
    }

    /// Compares a record, variant, enum or flags with whatever is given.
    fn nominal(&mut self, wanted: TypeId, given: TypeId) {
        let w = &self.wanted.resolve.types[wanted].kind;
        let g = &self.given.resolve.types[given].kind;
        match g {
            TypeDefKind::Resource => return self.resource_or_value(wanted, given),
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                return self.ty(Type::Id(wanted), Type::Id(*resource));
            }
            TypeDefKind::Record(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(..)
            | TypeDefKind::FixedLengthList(..)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Type(_)
            | TypeDefKind::Unknown => {}
        }
        if discriminant(w) != discriminant(g) {
            return self.ids_changed(wanted, given);
        }
        let (Some((kind, ours)), Some((_, theirs))) = (parts(w), parts(g)) else {
            return;
        };
        let outside = self.within.take();
        self.anchored(Anchor::Type(wanted), Anchor::Type(given), |walk| {
            walk.parts((wanted, given), kind, &ours, &theirs);
        });
        self.within = outside;
    }

    fn note_part(&mut self, of: &str, part: PartKind, change: PartChange) {
        let of = of.to_owned();
        self.note(ChangeKind::Part { of, part, change });
    }

    fn parts(
        &mut self,
        (wanted, given): (TypeId, TypeId),
        kind: PartKind,
        ours: &[Part<'a>],
        theirs: &[Part<'a>],
    ) {
        let of = named(self.wanted.resolve, wanted);
        let matched = match_names(&names(ours), &names(theirs));
        for difference in matched.differences {
            // The label goes under the part where it is, else under the type.
            let part = |id, name: Option<&'a str>| match name {
                Some(name) => Anchor::Part(id, name),
                None => Anchor::Type(id),
            };
            let w = part(wanted, difference.wanted);
            let g = part(given, difference.given);
            self.anchored(w, g, |walk| {
                walk.note_part(&of, kind, difference.change);
            });
        }
        let depth = self.depth();
        for (i, j) in matched.pairs {
            let (Some(&(name, w)), Some(&(other, g))) = (ours.get(i), theirs.get(j)) else {
                continue;
            };
            let anchors = (Anchor::Part(wanted, name), Anchor::Part(given, other));
            self.anchored(anchors.0, anchors.1, |walk| match (w, g) {
                (Some(w), Some(g)) => {
                    walk.within = Some(Within { name: of.clone(), depth });
                    let step = match kind {
                        PartKind::Field => Step::Field(name.to_owned()),
                        PartKind::Case | PartKind::Flag => Step::Case(name.to_owned()),
                    };
                    walk.at(step, |walk| walk.ty(w, g));
                    walk.within = None;
                }
                (None, None) => {}
                (w, g) => {
                    let change = PartChange::Payload {
                        name: name.to_owned(),
                        wanted: w.map(|ty| describe(walk.wanted.resolve, ty)),
                        given: g.map(|ty| describe(walk.given.resolve, ty)),
                    };
                    walk.note_part(&of, kind, change);
                }
            });
        }
    }
}

/// What an anonymous type carries, each with the step that leads to it.
fn payloads(kind: &TypeDefKind) -> Vec<(Step, Type)> {
    let all = match kind {
        TypeDefKind::Tuple(tuple) => {
            let types = tuple.types.iter().enumerate();
            return types.map(|(i, ty)| (Step::Item(i), *ty)).collect();
        }
        TypeDefKind::Option(ty) => [Some((Step::Some, *ty)), None],
        TypeDefKind::Result(result) => {
            [result.ok.map(|ty| (Step::Ok, ty)), result.err.map(|ty| (Step::Err, ty))]
        }
        TypeDefKind::List(ty) | TypeDefKind::FixedLengthList(ty, _) => {
            [Some((Step::Element, *ty)), None]
        }
        TypeDefKind::Map(key, value) => [Some((Step::Key, *key)), Some((Step::Value, *value))],
        TypeDefKind::Future(ty) => [ty.map(|ty| (Step::Future, ty)), None],
        TypeDefKind::Stream(ty) => [ty.map(|ty| (Step::Stream, ty)), None],
        TypeDefKind::Record(_)
        | TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Variant(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => [None, None],
    };
    all.into_iter().flatten().collect()
}

fn fixed_length(kind: &TypeDefKind) -> Option<u32> {
    if let TypeDefKind::FixedLengthList(_, length) = kind { Some(*length) } else { None }
}

/// The parts of a type that has named ones.
fn parts(kind: &TypeDefKind) -> Option<(PartKind, Vec<Part<'_>>)> {
    match kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|f| (f.name.as_str(), Some(f.ty)));
            Some((PartKind::Field, fields.collect()))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            let cases = cases.map(|c| (c.name.as_str(), c.ty));
            Some((PartKind::Case, cases.collect()))
        }
        TypeDefKind::Enum(cases) => {
            let cases = cases.cases.iter();
            let cases = cases.map(|c| (c.name.as_str(), None));
            Some((PartKind::Case, cases.collect()))
        }
        TypeDefKind::Flags(flags) => {
            let flags = flags.flags.iter();
            let flags = flags.map(|f| (f.name.as_str(), None));
            Some((PartKind::Flag, flags.collect()))
        }
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(..)
        | TypeDefKind::FixedLengthList(..)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => None,
    }
}

fn has_parts(kind: &TypeDefKind) -> bool {
    parts(kind).is_some()
}

fn names<'a>(parts: &[Part<'a>]) -> Vec<&'a str> {
    parts.iter().map(|(name, _)| *name).collect()
}
