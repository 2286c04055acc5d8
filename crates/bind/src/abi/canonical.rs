//! Which types are one once aliases are followed and united definitions are
//! one definition.

use std::collections::HashMap;

use crate::model::{Arena, Def, DefId, DefKind, Type, TypeId};

/// For each type, by index, the type that stands for it.
pub(super) fn canonical(types: &Arena<Type>, defs: &Arena<Def>) -> Vec<TypeId> {
    let mut finder =
        Finder { types, defs, known: vec![None; types.len()], by_structure: HashMap::new() };
    // A definition that others are united with stands for itself, wherever it occurs first.
    for (id, ty) in types.iter() {
        if let Type::Def(def) = ty
            && finder.root(*def) == *def
        {
            finder.by_structure.insert(ty.clone(), id);
        }
    }
    types.iter().map(|(id, _)| finder.find(id)).collect()
}

struct Finder<'a> {
    types: &'a Arena<Type>,
    defs: &'a Arena<Def>,
    known: Vec<Option<TypeId>>,
    /// Types whose parts are canonical.
    by_structure: HashMap<Type, TypeId>,
}

impl Finder<'_> {
    fn find(&mut self, id: TypeId) -> TypeId {
        if let Some(known) = self.known[id.index()] {
            return known;
        }
        let found = if let Some(target) = self.target(id) {
            self.find(target)
        } else {
            let structure = self.structure(id);
            *self.by_structure.entry(structure).or_insert(id)
        };
        self.known[id.index()] = Some(found);
        found
    }

    /// What an alias of a value type names.
    fn target(&self, id: TypeId) -> Option<TypeId> {
        let Type::Def(def) = &self.types[id] else { return None };
        match &self.defs[self.root(*def)].kind {
            DefKind::Alias(target) => Some(*target),
            DefKind::Record(_)
            | DefKind::Variant(_)
            | DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => None,
        }
    }

    fn root(&self, def: DefId) -> DefId {
        self.defs[def].same_as.unwrap_or(def)
    }

    fn structure(&mut self, id: TypeId) -> Type {
        let types = self.types;
        match &types[id] {
            Type::List(element) => Type::List(self.find(*element)),
            Type::FixedLengthList(element, length) => {
                Type::FixedLengthList(self.find(*element), *length)
            }
            Type::Map(key, value) => Type::Map(self.find(*key), self.find(*value)),
            Type::Tuple(parts) => Type::Tuple(parts.iter().map(|ty| self.find(*ty)).collect()),
            Type::Option(some) => Type::Option(self.find(*some)),
            Type::Result { ok, err } => {
                Type::Result { ok: ok.map(|ty| self.find(ty)), err: err.map(|ty| self.find(ty)) }
            }
            Type::Stream(element) => Type::Stream(element.map(|ty| self.find(ty))),
            Type::Future(element) => Type::Future(element.map(|ty| self.find(ty))),
            Type::Own(def) => Type::Own(self.root(*def)),
            Type::Borrow(def) => Type::Borrow(self.root(*def)),
            Type::Def(def) => Type::Def(self.root(*def)),
            primitive @ (Type::Bool
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
            | Type::String
            | Type::ErrorContext) => primitive.clone(),
        }
    }
}
