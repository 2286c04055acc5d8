//! The host functions that are told of calls, as types: `call3` takes what the
//! third function takes, `return3` what it gives back. A number stands in
//! place of every handle, because the host has no name for a guest's resource.

use std::collections::HashMap;

use wasm_encoder::{
    ComponentTypeEncoder, ComponentTypeRef, ComponentValType as Encoded, InstanceType,
    PrimitiveValType as Primitive, TypeBounds,
};
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{
    ComponentDefinedType, ComponentDefinedTypeId, ComponentFuncTypeId, ComponentValType,
};
use wasmparser::names::KebabString;
use wasmparser::types::TypesRef;

/// The interface of those host functions.
pub(crate) const INTERFACE: &str = "joggle:trace/calls";

/// The parameters and the result of a function.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub params: Vec<(String, ComponentValType)>,
    pub result: Option<ComponentValType>,
}

impl Interface {
    pub fn of(types: TypesRef<'_>, id: ComponentFuncTypeId) -> Interface {
        let ty = &types[id];
        Interface {
            params: ty.params.iter().map(|(name, ty)| (name.to_string(), *ty)).collect(),
            result: ty.result,
        }
    }

    /// Dropping a handle.
    pub fn of_drop() -> Interface {
        let handle = ComponentValType::Primitive(PrimitiveValType::U32);
        Interface { params: vec![("handle".to_owned(), handle)], result: None }
    }
}

/// A function that the host is told of.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub number: usize,
    pub interface: Interface,
    /// Whether the result is passed in memory: a list of one element then.
    pub place: bool,
}

/// The name of the host function that is told of a call.
pub(crate) fn before(number: usize) -> String {
    format!("call{number}")
}

/// The name of the host function that is told of the result.
pub(crate) fn after(number: usize) -> String {
    format!("return{number}")
}

/// Adds the two host functions of one function.
pub(crate) fn declare(body: &mut InstanceType, types: TypesRef<'_>, told: &Told) {
    let mut declaring =
        Declaring { types, body, number: told.number, named: 0, known: HashMap::new() };
    let params: Vec<(String, Encoded)> = (told.interface.params.iter())
        .map(|(name, ty)| (name.clone(), declaring.value(*ty)))
        .collect();
    let call = declaring.function(&params);
    let result = told.interface.result.map(|ty| {
        let ty = declaring.value(ty);
        if told.place { Encoded::Type(declaring.define(|t| t.defined_type().list(ty))) } else { ty }
    });
    let results: Vec<(String, Encoded)> =
        result.map(|ty| ("result".to_owned(), ty)).into_iter().collect();
    let done = declaring.function(&results);
    body.export(before(told.number).as_str(), ComponentTypeRef::Func(call));
    body.export(after(told.number).as_str(), ComponentTypeRef::Func(done));
}

struct Declaring<'a, 'b> {
    types: TypesRef<'a>,
    body: &'b mut InstanceType,
    number: usize,
    /// How many types have a name so far.
    named: usize,
    known: HashMap<ComponentDefinedTypeId, u32>,
}

impl Declaring<'_, '_> {
    fn define(&mut self, define: impl FnOnce(ComponentTypeEncoder<'_>)) -> u32 {
        define(self.body.ty());
        self.body.type_count() - 1
    }

    fn function(&mut self, params: &[(String, Encoded)]) -> u32 {
        self.define(|t| {
            t.function().params(params.iter().map(|(n, ty)| (n.as_str(), *ty))).result(None);
        })
    }

    /// A record, variant, enum or flags must have a name where it is imported.
    fn name(&mut self, index: u32) -> u32 {
        let name = format!("t{}x{}", self.number, self.named);
        self.named += 1;
        self.body.export(name.as_str(), ComponentTypeRef::Type(TypeBounds::Eq(index)));
        self.body.type_count() - 1
    }

    fn value(&mut self, ty: ComponentValType) -> Encoded {
        let id = match ty {
            ComponentValType::Primitive(ty) => return primitive(ty),
            ComponentValType::Type(id) => id,
        };
        if let Some(index) = self.known.get(&id) {
            return Encoded::Type(*index);
        }
        match self.defined(id) {
            Encoded::Type(index) => {
                self.known.insert(id, index);
                Encoded::Type(index)
            }
            plain @ Encoded::Primitive(_) => plain,
        }
    }

    fn defined(&mut self, id: ComponentDefinedTypeId) -> Encoded {
        let types = self.types;
        Encoded::Type(match &types[id] {
            ComponentDefinedType::Primitive(ty) => return primitive(*ty),
            ComponentDefinedType::Own(_)
            | ComponentDefinedType::Borrow(_)
            | ComponentDefinedType::Future { .. }
            | ComponentDefinedType::Stream { .. } => return Encoded::Primitive(Primitive::U32),
            ComponentDefinedType::Record(record) => {
                let fields: Vec<_> =
                    record.fields.iter().map(|(n, ty)| (n.as_str(), self.value(*ty))).collect();
                let index = self.define(|t| t.defined_type().record(fields));
                self.name(index)
            }
            ComponentDefinedType::Variant(variant) => {
                let cases: Vec<_> =
                    variant.cases.iter().map(|(n, c)| (n.as_str(), self.optional(c.ty))).collect();
                let index = self.define(|t| t.defined_type().variant(cases));
                self.name(index)
            }
            ComponentDefinedType::Flags(names) => {
                let names = names.iter().map(KebabString::as_str);
                let index = self.define(|t| t.defined_type().flags(names));
                self.name(index)
            }
            ComponentDefinedType::Enum(names) => {
                let names = names.iter().map(KebabString::as_str);
                let index = self.define(|t| t.defined_type().enum_type(names));
                self.name(index)
            }
            ComponentDefinedType::List { element, .. } => {
                let element = self.value(*element);
                self.define(|t| t.defined_type().list(element))
            }
            ComponentDefinedType::FixedLengthList { element, length, .. } => {
                let element = self.value(*element);
                self.define(|t| t.defined_type().fixed_length_list(element, *length))
            }
            ComponentDefinedType::Map { key, value, .. } => {
                let (key, value) = (self.value(*key), self.value(*value));
                self.define(|t| t.defined_type().map(key, value))
            }
            ComponentDefinedType::Tuple(tuple) => {
                let parts: Vec<_> = tuple.types.iter().map(|ty| self.value(*ty)).collect();
                self.define(|t| t.defined_type().tuple(parts))
            }
            ComponentDefinedType::Option { ty, .. } => {
                let ty = self.value(*ty);
                self.define(|t| t.defined_type().option(ty))
            }
            ComponentDefinedType::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(*ok), self.optional(*err));
                self.define(|t| t.defined_type().result(ok, err))
            }
        })
    }

    fn optional(&mut self, ty: Option<ComponentValType>) -> Option<Encoded> {
        ty.map(|ty| self.value(ty))
    }
}

fn primitive(ty: PrimitiveValType) -> Encoded {
    if ty == PrimitiveValType::ErrorContext {
        return Encoded::Primitive(Primitive::U32);
    }
    Encoded::Primitive(ty.into())
}
