//! What lifting and lowering tell apart: a type without its names and aliases.

use joggle_bind::model::{Case, DefId, DefKind, Field, Type, TypeId};

use crate::shape::Context;

/// A canonical type.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a> {
    Bool,
    Number(Number),
    Char,
    String,
    List(TypeId),
    Fixed(TypeId, u32),
    Map(TypeId, TypeId),
    Tuple(&'a [TypeId]),
    Option(TypeId),
    Result(Option<TypeId>, Option<TypeId>),
    Own(DefId),
    Borrow(DefId),
    Record(DefId, &'a [Field]),
    Variant(DefId, &'a [Case]),
    Enum(DefId, &'a [Case]),
    Flags(DefId),
    /// `refuse` reports what has no shape; should it miss one, the bindings do not compile.
    Refused,
}

/// A number, by its Rust type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
}

impl Number {
    /// The name of its Rust type.
    pub fn name(self) -> &'static str {
        match self {
            Number::U8 => "u8",
            Number::U16 => "u16",
            Number::U32 => "u32",
            Number::U64 => "u64",
            Number::I8 => "i8",
            Number::I16 => "i16",
            Number::I32 => "i32",
            Number::I64 => "i64",
            Number::F32 => "f32",
            Number::F64 => "f64",
        }
    }
}

impl<'a> Shape<'a> {
    /// What a type is, behind aliases.
    pub fn of(cx: &'a Context<'_>, ty: TypeId) -> Self {
        match &cx.world.types[cx.world.canonical(ty)] {
            Type::Bool => Shape::Bool,
            Type::U8 => Shape::Number(Number::U8),
            Type::U16 => Shape::Number(Number::U16),
            Type::U32 => Shape::Number(Number::U32),
            Type::U64 => Shape::Number(Number::U64),
            Type::S8 => Shape::Number(Number::I8),
            Type::S16 => Shape::Number(Number::I16),
            Type::S32 => Shape::Number(Number::I32),
            Type::S64 => Shape::Number(Number::I64),
            Type::F32 => Shape::Number(Number::F32),
            Type::F64 => Shape::Number(Number::F64),
            Type::Char => Shape::Char,
            Type::String => Shape::String,
            Type::List(element) => Shape::List(*element),
            Type::FixedLengthList(element, length) => Shape::Fixed(*element, *length),
            Type::Map(key, value) => Shape::Map(*key, *value),
            Type::Tuple(parts) => Shape::Tuple(parts),
            Type::Option(some) => Shape::Option(*some),
            Type::Result { ok, err } => Shape::Result(*ok, *err),
            Type::Own(def) => Shape::Own(*def),
            Type::Borrow(def) => Shape::Borrow(*def),
            Type::Def(def) => Self::of_def(cx, *def),
            Type::ErrorContext | Type::Stream(_) | Type::Future(_) => Shape::Refused,
        }
    }

    fn of_def(cx: &'a Context<'_>, def: DefId) -> Self {
        match &cx.world.defs[def].kind {
            DefKind::Record(fields) => Shape::Record(def, fields),
            DefKind::Variant(cases) => Shape::Variant(def, cases),
            DefKind::Enum(cases) => Shape::Enum(def, cases),
            DefKind::Flags(_) => Shape::Flags(def),
            DefKind::Alias(ty) => Self::of(cx, *ty),
            // A resource occurs in handles only, which are shapes of their own.
            DefKind::ResourceAlias(_) | DefKind::Resource(_) => Shape::Refused,
        }
    }

    /// The payloads of the cases of what has a discriminant, in order.
    pub fn payloads(&self) -> Vec<Option<TypeId>> {
        match *self {
            Shape::Option(some) => vec![None, Some(some)],
            Shape::Result(ok, err) => vec![ok, err],
            Shape::Variant(_, cases) | Shape::Enum(_, cases) => {
                cases.iter().map(|case| case.ty).collect()
            }
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::String
            | Shape::List(_)
            | Shape::Fixed(..)
            | Shape::Map(..)
            | Shape::Tuple(_)
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Record(..)
            | Shape::Flags(_)
            | Shape::Refused => Vec::new(),
        }
    }

    /// The types that lie in a value itself, one after another or in cases; those of lists and
    /// maps lie elsewhere.
    pub fn parts(&self) -> Vec<TypeId> {
        match *self {
            Shape::Tuple(parts) => parts.to_vec(),
            Shape::Record(_, fields) => fields.iter().map(|field| field.ty).collect(),
            Shape::Fixed(element, _) => vec![element],
            Shape::Option(_) | Shape::Result(..) | Shape::Variant(..) | Shape::Enum(..) => {
                self.payloads().into_iter().flatten().collect()
            }
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::String
            | Shape::List(_)
            | Shape::Map(..)
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Flags(_)
            | Shape::Refused => Vec::new(),
        }
    }

    /// The types that a value holds, wherever they lie.
    pub fn inner(&self) -> Vec<TypeId> {
        match *self {
            Shape::List(element) => vec![element],
            Shape::Map(key, value) => vec![key, value],
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
            | Shape::Refused => self.parts(),
        }
    }
}
