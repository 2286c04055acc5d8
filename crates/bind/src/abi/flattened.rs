//! A model of wit-parser's in which no type is deep, to ask it for flat types.
//!
//! wit-parser flattens a type anew wherever it occurs, so that variants of
//! variants take time without end, and nested records the whole stack. Here each
//! type is flattened once, by wit-parser as well, and from then on is a tuple of
//! what it came to. `CanonicalABI.md`, "Flattening": what a type is made of
//! counts only by its flat types.

use wit_parser::abi::{FlatTypes, WasmType};
use wit_parser::{Resolve, Tuple, Type, TypeDefKind, TypeId};

use super::{CoreType, Tables};

/// A model for questions about flat types and core signatures.
pub struct Flattened {
    resolve: Resolve,
}

impl Flattened {
    /// Flattens every type, parts before wholes as they stand in the model.
    #[must_use]
    pub fn of(resolve: &Resolve) -> Flattened {
        let mut flattened = Flattened { resolve: resolve.clone() };
        let ids: Vec<TypeId> = resolve.types.iter().map(|(id, _)| id).collect();
        for id in ids {
            // Resources and their aliases are no values.
            if flattened.is_value(id) {
                let kind = flattened.shallow(id);
                flattened.resolve.types[id].kind = kind;
            }
        }
        flattened
    }

    /// The same items with shallow types.
    pub(super) fn resolve(&self) -> &Resolve {
        &self.resolve
    }

    /// The core types of a value, when they are at most [`Tables::MAX_FLAT`].
    pub(super) fn flat(&self, ty: &Type) -> Option<Vec<CoreType>> {
        let mut storage = [WasmType::I32; Tables::MAX_FLAT];
        let mut types = FlatTypes::new(&mut storage);
        let fits = self.resolve.push_flat(ty, &mut types);
        fits.then(|| types.to_vec().into_iter().map(CoreType::of).collect())
    }

    fn is_value(&self, id: TypeId) -> bool {
        let mut id = id;
        loop {
            match &self.resolve.types[id].kind {
                TypeDefKind::Resource | TypeDefKind::Unknown => return false,
                TypeDefKind::Type(Type::Id(target)) => id = *target,
                TypeDefKind::Type(_)
                | TypeDefKind::Record(_)
                | TypeDefKind::Handle(_)
                | TypeDefKind::Flags(_)
                | TypeDefKind::Tuple(_)
                | TypeDefKind::Variant(_)
                | TypeDefKind::Enum(_)
                | TypeDefKind::Option(_)
                | TypeDefKind::Result(_)
                | TypeDefKind::List(_)
                | TypeDefKind::Map(_, _)
                | TypeDefKind::FixedLengthList(_, _)
                | TypeDefKind::Future(_)
                | TypeDefKind::Stream(_) => return true,
            }
        }
    }

    /// A tuple of primitives with the same flat types, or one that is too long as well.
    fn shallow(&self, id: TypeId) -> TypeDefKind {
        let too_long = match &self.resolve.types[id].kind {
            // Each element is at least one; nothing is to be gained by counting to four billion.
            TypeDefKind::FixedLengthList(_, length) => {
                usize::try_from(*length).is_ok_and(|length| length > Tables::MAX_FLAT)
            }
            TypeDefKind::Type(_)
            | TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Handle(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(_, _)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => false,
        };
        let flat = if too_long { None } else { self.flat(&Type::Id(id)) };
        let types = match flat {
            Some(flat) => flat.into_iter().map(primitive).collect(),
            None => vec![Type::U32; Tables::MAX_FLAT + 1],
        };
        TypeDefKind::Tuple(Tuple { types })
    }
}

/// A type that flattens to a core type. In a 32-bit memory a pointer is an `i32`, alone and
/// where it is joined with others.
fn primitive(ty: CoreType) -> Type {
    match ty {
        CoreType::I32 => Type::U32,
        CoreType::I64 => Type::U64,
        CoreType::F32 => Type::F32,
        CoreType::F64 => Type::F64,
    }
}
