//! One id for each structure that occurs, parts before wholes. Nothing here
//! recurses, because a binary can nest types as deep as it likes.

use std::collections::HashMap;

use wit_parser::{Function, Handle, Resolve, Type as Origin, TypeDefKind, WorldItem};

use super::declare::{Declared, resource};
use super::interfaces::Site;
use crate::model::{Arena, DefId, Type, TypeId};

/// A type that the world uses and no item of it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foreign(pub(super) wit_parser::TypeId);

/// The types of a world, by their ids in both models.
#[derive(Default)]
pub(super) struct Interned {
    pub(super) types: Arena<Type>,
    /// For each type one of wit-parser's that has its structure.
    pub(super) origins: Vec<Origin>,
    known: HashMap<Type, TypeId>,
    ids: HashMap<wit_parser::TypeId, TypeId>,
    /// What the name of a structure stands for: `list<u8>` of `type bytes = list<u8>`.
    targets: HashMap<wit_parser::TypeId, TypeId>,
}

impl Interned {
    /// The id of a type that was interned.
    pub(super) fn of(&self, ty: &Origin) -> Result<TypeId, Foreign> {
        match primitive(ty) {
            Ok(ty) => Ok(self.known[&ty]),
            Err(id) => self.ids.get(&id).copied().ok_or(Foreign(id)),
        }
    }

    /// The id of a type that may be missing.
    pub(super) fn optional(&self, ty: Option<&Origin>) -> Result<Option<TypeId>, Foreign> {
        ty.map(|ty| self.of(ty)).transpose()
    }

    /// What the name of a structure stands for.
    pub(super) fn target(&self, id: wit_parser::TypeId) -> Result<TypeId, Foreign> {
        self.targets.get(&id).copied().ok_or(Foreign(id))
    }

    /// The type of each definition's values.
    pub(super) fn of_defs(&self, count: usize) -> Vec<Option<TypeId>> {
        (0..count).map(|def| self.known.get(&Type::Def(DefId::at(def))).copied()).collect()
    }

    fn add(&mut self, ty: Type, origin: Origin) -> TypeId {
        if let Some(id) = self.known.get(&ty) {
            return *id;
        }
        let id = self.types.push(ty.clone());
        self.origins.push(origin);
        self.known.insert(ty, id);
        id
    }
}

/// Interns every type that an item of the world holds or uses, in the order of the WIT.
pub(super) fn types(
    resolve: &Resolve,
    declared: &Declared,
    sites: &[Site<'_>],
) -> Result<Interned, Foreign> {
    let mut pass = Pass { resolve, declared, out: Interned::default() };
    for site in sites {
        match site.item {
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                for id in interface.types.values() {
                    pass.visit(Origin::Id(*id))?;
                }
                for function in interface.functions.values() {
                    pass.function(function)?;
                }
            }
            WorldItem::Function(function) => pass.function(function)?,
            WorldItem::Type { id, .. } => pass.visit(Origin::Id(*id))?,
        }
    }
    Ok(pass.out)
}

struct Pass<'a> {
    resolve: &'a Resolve,
    declared: &'a Declared,
    out: Interned,
}

impl Pass<'_> {
    fn function(&mut self, function: &Function) -> Result<(), Foreign> {
        for ty in function.parameter_and_result_types() {
            self.visit(ty)?;
        }
        Ok(())
    }

    /// Interns a type after all that it is made of.
    fn visit(&mut self, ty: Origin) -> Result<(), Foreign> {
        let mut stack = vec![(ty, false)];
        while let Some((ty, parts_are_done)) = stack.pop() {
            let id = match primitive(&ty) {
                Ok(primitive) => {
                    self.out.add(primitive, ty);
                    continue;
                }
                Err(id) => id,
            };
            // A resource is no value; handles to it are.
            if self.out.ids.contains_key(&id) || resource(self.resolve, id).is_some() {
                continue;
            }
            if parts_are_done {
                let interned = self.finish(id)?;
                self.out.ids.insert(id, interned);
            } else {
                stack.push((ty, true));
                let parts = parts(&self.resolve.types[id].kind);
                stack.extend(parts.into_iter().rev().map(|part| (part, false)));
            }
        }
        Ok(())
    }

    /// Interns a type of which all parts are interned.
    fn finish(&mut self, id: wit_parser::TypeId) -> Result<TypeId, Foreign> {
        let origin = Origin::Id(id);
        let kind = &self.resolve.types[id].kind;
        let structure = if let TypeDefKind::Type(target) = kind {
            Some(self.out.of(target)?)
        } else {
            self.structure(id, kind)?.map(|ty| self.out.add(ty, origin))
        };
        if let Some(structure) = structure {
            self.out.targets.insert(id, structure);
        }
        match self.declared.get(id) {
            Some(def) => Ok(self.out.add(Type::Def(def), origin)),
            None => structure.ok_or(Foreign(id)),
        }
    }

    /// The structure of a type; records and their like have none without their name.
    fn structure(
        &self,
        id: wit_parser::TypeId,
        kind: &TypeDefKind,
    ) -> Result<Option<Type>, Foreign> {
        let of = |ty: &Origin| self.out.of(ty);
        Ok(Some(match kind {
            TypeDefKind::Record(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Flags(_) => return Ok(None),
            // A resource has no values, and a name was followed.
            TypeDefKind::Resource | TypeDefKind::Type(_) | TypeDefKind::Unknown => {
                return Err(Foreign(id));
            }
            TypeDefKind::Handle(Handle::Own(id)) => Type::Own(self.resource(*id)?),
            TypeDefKind::Handle(Handle::Borrow(id)) => Type::Borrow(self.resource(*id)?),
            TypeDefKind::Tuple(tuple) => {
                Type::Tuple(tuple.types.iter().map(of).collect::<Result<_, _>>()?)
            }
            TypeDefKind::Option(ty) => Type::Option(of(ty)?),
            TypeDefKind::Result(result) => Type::Result {
                ok: self.out.optional(result.ok.as_ref())?,
                err: self.out.optional(result.err.as_ref())?,
            },
            TypeDefKind::List(ty) => Type::List(of(ty)?),
            TypeDefKind::Map(key, value) => Type::Map(of(key)?, of(value)?),
            TypeDefKind::FixedLengthList(ty, length) => Type::FixedLengthList(of(ty)?, *length),
            TypeDefKind::Future(ty) => Type::Future(self.out.optional(ty.as_ref())?),
            TypeDefKind::Stream(ty) => Type::Stream(self.out.optional(ty.as_ref())?),
        }))
    }

    fn resource(&self, id: wit_parser::TypeId) -> Result<DefId, Foreign> {
        let found = resource(self.resolve, id).and_then(|id| self.declared.get(id));
        found.ok_or(Foreign(id))
    }
}

/// The types that a type is made of; handles are made of none.
pub(super) fn parts(kind: &TypeDefKind) -> Vec<Origin> {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
        TypeDefKind::Map(key, value) => vec![*key, *value],
        TypeDefKind::Type(ty)
        | TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::FixedLengthList(ty, _) => vec![*ty],
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => ty.iter().copied().collect(),
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Unknown => Vec::new(),
    }
}

/// A type without parts, or the id of one that has them.
fn primitive(ty: &Origin) -> Result<Type, wit_parser::TypeId> {
    Ok(match ty {
        Origin::Bool => Type::Bool,
        Origin::U8 => Type::U8,
        Origin::U16 => Type::U16,
        Origin::U32 => Type::U32,
        Origin::U64 => Type::U64,
        Origin::S8 => Type::S8,
        Origin::S16 => Type::S16,
        Origin::S32 => Type::S32,
        Origin::S64 => Type::S64,
        Origin::F32 => Type::F32,
        Origin::F64 => Type::F64,
        Origin::Char => Type::Char,
        Origin::String => Type::String,
        Origin::ErrorContext => Type::ErrorContext,
        Origin::Id(id) => return Err(*id),
    })
}
