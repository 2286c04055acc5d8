//! The core signature of a lowered function. The rules of flattening are
//! wit-parser's: the types are told to it with a number in place of every
//! handle, which has the same layout.

use wasm_encoder::ValType;
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{ComponentDefinedType, ComponentValType};
use wasmparser::types::TypesRef;
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{
    Case, Docs, Enum, EnumCase, Flag, Flags, Function, FunctionKind, Param, Resolve, Result_, Span,
    Stability, Tuple, Type, TypeDef, TypeDefKind, TypeOwner, Variant,
};

use crate::declare::Interface;

/// What a lowered function takes and gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Signature {
    /// The parameters, without the place for the result.
    pub params: Vec<ValType>,
    /// The result, if it is passed by value.
    pub result: Option<ValType>,
    /// Whether the last parameter is a place for the result.
    pub place: bool,
}

/// The signature of a function that is lowered without `async`.
pub(crate) fn signature(types: TypesRef<'_>, function: &Interface) -> Signature {
    let mut layout = Layout { types, resolve: Resolve::default() };
    let params = function
        .params
        .iter()
        .map(|(name, ty)| Param {
            name: name.clone(),
            ty: layout.value(*ty),
            span: Span::default(),
        })
        .collect();
    let result = function.result.map(|ty| layout.value(ty));
    let lowered = Function {
        name: String::new(),
        kind: FunctionKind::Freestanding,
        params,
        result,
        docs: Docs::default(),
        stability: Stability::Unknown,
        span: Span::default(),
        external_id: None,
    };
    let found = layout.resolve.wasm_signature(AbiVariant::GuestImport, &lowered);
    let mut params: Vec<ValType> = found.params.iter().map(|ty| core(*ty)).collect();
    if found.retptr {
        params.pop();
    }
    let result = found.results.first().map(|ty| core(*ty));
    Signature { params, result, place: found.retptr }
}

fn core(ty: WasmType) -> ValType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    }
}

struct Layout<'a> {
    types: TypesRef<'a>,
    resolve: Resolve,
}

impl Layout<'_> {
    fn value(&mut self, ty: ComponentValType) -> Type {
        let id = match ty {
            ComponentValType::Primitive(ty) => return primitive(ty),
            ComponentValType::Type(id) => id,
        };
        let types = self.types;
        let kind = match &types[id] {
            ComponentDefinedType::Primitive(ty) => return primitive(*ty),
            ComponentDefinedType::Own(_)
            | ComponentDefinedType::Borrow(_)
            | ComponentDefinedType::Future { .. }
            | ComponentDefinedType::Stream { .. } => return Type::U32,
            ComponentDefinedType::Record(record) => {
                TypeDefKind::Tuple(self.tuple(record.fields.values()))
            }
            ComponentDefinedType::Tuple(tuple) => {
                TypeDefKind::Tuple(self.tuple(tuple.types.iter()))
            }
            ComponentDefinedType::Variant(variant) => {
                let cases = variant.cases.values().map(|case| self.case(case.ty)).collect();
                TypeDefKind::Variant(Variant { cases })
            }
            ComponentDefinedType::List { element, .. } => TypeDefKind::List(self.value(*element)),
            ComponentDefinedType::FixedLengthList { element, length, .. } => {
                TypeDefKind::FixedLengthList(self.value(*element), *length)
            }
            ComponentDefinedType::Map { key, value, .. } => {
                TypeDefKind::Map(self.value(*key), self.value(*value))
            }
            ComponentDefinedType::Flags(names) => TypeDefKind::Flags(flags(names.len())),
            ComponentDefinedType::Enum(names) => TypeDefKind::Enum(cases(names.len())),
            ComponentDefinedType::Option { ty, .. } => TypeDefKind::Option(self.value(*ty)),
            ComponentDefinedType::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(*ok), self.optional(*err));
                TypeDefKind::Result(Result_ { ok, err })
            }
        };
        Type::Id(self.resolve.types.alloc(TypeDef {
            name: None,
            kind,
            owner: TypeOwner::None,
            docs: Docs::default(),
            stability: Stability::Unknown,
            span: Span::default(),
            external_id: None,
        }))
    }

    fn optional(&mut self, ty: Option<ComponentValType>) -> Option<Type> {
        ty.map(|ty| self.value(ty))
    }

    fn tuple<'t>(&mut self, types: impl Iterator<Item = &'t ComponentValType>) -> Tuple {
        Tuple { types: types.map(|ty| self.value(*ty)).collect() }
    }

    fn case(&mut self, ty: Option<ComponentValType>) -> Case {
        let ty = self.optional(ty);
        Case { name: String::new(), ty, docs: Docs::default(), span: Span::default() }
    }
}

fn flags(count: usize) -> Flags {
    let flag = Flag { name: String::new(), docs: Docs::default(), span: Span::default() };
    Flags { flags: vec![flag; count] }
}

fn cases(count: usize) -> Enum {
    let case = EnumCase { name: String::new(), docs: Docs::default(), span: Span::default() };
    Enum { cases: vec![case; count] }
}

fn primitive(ty: PrimitiveValType) -> Type {
    match ty {
        PrimitiveValType::Bool => Type::Bool,
        PrimitiveValType::S8 => Type::S8,
        PrimitiveValType::U8 => Type::U8,
        PrimitiveValType::S16 => Type::S16,
        PrimitiveValType::U16 => Type::U16,
        PrimitiveValType::S32 => Type::S32,
        PrimitiveValType::U32 | PrimitiveValType::ErrorContext => Type::U32,
        PrimitiveValType::S64 => Type::S64,
        PrimitiveValType::U64 => Type::U64,
        PrimitiveValType::F32 => Type::F32,
        PrimitiveValType::F64 => Type::F64,
        PrimitiveValType::Char => Type::Char,
        PrimitiveValType::String => Type::String,
    }
}
