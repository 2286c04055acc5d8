//! What a type holds, however deep inside.

use std::fmt;

use crate::model::{Arena, Def, DefKind, Type, TypeId, World};

/// What a type holds, itself or in its parts.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Facts(u8);

impl Facts {
    pub(super) const OWN: Facts = Facts(1);
    pub(super) const BORROW: Facts = Facts(1 << 1);
    pub(super) const HEAP: Facts = Facts(1 << 2);
    pub(super) const FUTURE_OR_STREAM: Facts = Facts(1 << 3);
    pub(super) const ERROR_CONTEXT: Facts = Facts(1 << 4);

    fn has(self, fact: Facts) -> bool {
        self.0 & fact.0 != 0
    }

    /// The facts of both.
    #[must_use]
    pub(super) fn and(self, other: Facts) -> Facts {
        Facts(self.0 | other.0)
    }

    /// An `own` handle: whoever has the value has to drop it or to hand it on.
    #[must_use]
    pub fn has_own(self) -> bool {
        self.has(Facts::OWN)
    }

    /// A `borrow` handle: the value must not outlive the call.
    #[must_use]
    pub fn has_borrow(self) -> bool {
        self.has(Facts::BORROW)
    }

    /// A handle of either kind.
    #[must_use]
    pub fn has_resource(self) -> bool {
        self.has_own() || self.has_borrow()
    }

    /// A string, a list or a map: memory of its own, which someone has to free.
    #[must_use]
    pub fn has_heap(self) -> bool {
        self.has(Facts::HEAP)
    }

    /// One end of a future or a stream.
    #[must_use]
    pub fn has_future_or_stream(self) -> bool {
        self.has(Facts::FUTURE_OR_STREAM)
    }

    /// An error context.
    #[must_use]
    pub fn has_error_context(self) -> bool {
        self.has(Facts::ERROR_CONTEXT)
    }

    /// Anything that has to be freed, dropped, handed on or given back.
    #[must_use]
    pub fn is_held(self) -> bool {
        self != Facts::default()
    }

    /// Anything that someone has to free, drop or hand on: a value without it is plain bytes.
    #[must_use]
    pub fn needs_destructor(self) -> bool {
        self.has_heap() || self.has_own() || self.has_future_or_stream() || self.has_error_context()
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("own", self.has_own()),
            ("borrow", self.has_borrow()),
            ("heap", self.has_heap()),
            ("future-or-stream", self.has_future_or_stream()),
            ("error-context", self.has_error_context()),
        ];
        f.debug_list().entries(all.iter().filter(|(_, has)| *has).map(|(name, _)| name)).finish()
    }
}

impl World {
    /// What a value of the type holds.
    #[must_use]
    pub fn facts(&self, ty: TypeId) -> Facts {
        self.abi.facts(ty)
    }
}

/// The facts of each type, by index.
pub(super) fn all(types: &Arena<Type>, defs: &Arena<Def>) -> Vec<Facts> {
    let mut finder = Finder { types, defs, known: vec![None; types.len()] };
    types.iter().map(|(id, _)| finder.of(id)).collect()
}

struct Finder<'a> {
    types: &'a Arena<Type>,
    defs: &'a Arena<Def>,
    known: Vec<Option<Facts>>,
}

impl Finder<'_> {
    fn of(&mut self, id: TypeId) -> Facts {
        if let Some(known) = self.known[id.index()] {
            return known;
        }
        let found = self.find(id);
        self.known[id.index()] = Some(found);
        found
    }

    fn find(&mut self, id: TypeId) -> Facts {
        let types = self.types;
        match &types[id] {
            Type::String => Facts::HEAP,
            Type::ErrorContext => Facts::ERROR_CONTEXT,
            Type::List(element) => Facts::HEAP.and(self.of(*element)),
            Type::Map(key, value) => Facts::HEAP.and(self.of(*key)).and(self.of(*value)),
            Type::FixedLengthList(ty, _) | Type::Option(ty) => self.of(*ty),
            Type::Tuple(parts) => self.every(parts.iter().copied()),
            Type::Result { ok, err } => self.every(ok.iter().chain(err).copied()),
            Type::Own(_) => Facts::OWN,
            Type::Borrow(_) => Facts::BORROW,
            // Only an end is passed: what goes through is lifted and lowered later, one by one.
            Type::Stream(_) | Type::Future(_) => Facts::FUTURE_OR_STREAM,
            Type::Def(def) => match &self.defs[*def].kind {
                DefKind::Record(fields) => self.every(fields.iter().map(|field| field.ty)),
                DefKind::Variant(cases) => self.every(cases.iter().filter_map(|case| case.ty)),
                DefKind::Alias(target) => self.of(*target),
                // A resource is no value; its handles are other types.
                DefKind::Enum(_)
                | DefKind::Flags(_)
                | DefKind::ResourceAlias(_)
                | DefKind::Resource(_) => Facts::default(),
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
            | Type::Char => Facts::default(),
        }
    }

    fn every(&mut self, types: impl Iterator<Item = TypeId>) -> Facts {
        types.fold(Facts::default(), |facts, ty| facts.and(self.of(ty)))
    }
}
