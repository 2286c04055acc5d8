//! Where the handles lie in a value. They reach the host as plain numbers,
//! because the host has no name for a guest's resource; a shape says which
//! numbers those are. Numbering them is left to `journal`.

use std::collections::HashMap;

use joggle_host::Value;
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{ComponentDefinedType, ComponentValType, ResourceId};
use wasmparser::types::TypesRef;

/// The handles of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// There is none.
    Plain,
    /// The value itself is one.
    Handle(Handle),
    /// They are in the elements.
    List(Box<Shape>),
    /// They are in keys or values.
    Map(Box<Shape>, Box<Shape>),
    /// They are in fields or elements, in order.
    Parts(Vec<Shape>),
    /// They are in payloads: of a variant, an option or a result.
    Cases(Vec<(String, Shape)>),
}

/// What kind of handle a number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Handle {
    /// To a resource.
    Resource { name: String, owned: bool },
    /// The readable end of a stream.
    Stream,
    /// The readable end of a future.
    Future,
    /// An error context.
    ErrorContext,
}

/// Reads shapes off types.
pub(crate) struct Shapes<'a> {
    pub types: TypesRef<'a>,
    /// What the component calls the resources that it knows.
    pub names: &'a HashMap<ResourceId, String>,
}

impl Shapes<'_> {
    pub fn of(&self, ty: ComponentValType) -> Shape {
        let id = match ty {
            ComponentValType::Primitive(PrimitiveValType::ErrorContext) => {
                return Shape::Handle(Handle::ErrorContext);
            }
            ComponentValType::Primitive(_) => return Shape::Plain,
            ComponentValType::Type(id) => id,
        };
        match &self.types[id] {
            ComponentDefinedType::Primitive(PrimitiveValType::ErrorContext) => {
                Shape::Handle(Handle::ErrorContext)
            }
            ComponentDefinedType::Primitive(_)
            | ComponentDefinedType::Flags(_)
            | ComponentDefinedType::Enum(_) => Shape::Plain,
            ComponentDefinedType::Record(record) => self.parts(record.fields.values()),
            ComponentDefinedType::Tuple(tuple) => self.parts(tuple.types.iter()),
            ComponentDefinedType::Variant(variant) => {
                cases(variant.cases.iter().map(|(name, c)| (name.as_str(), self.optional(c.ty))))
            }
            ComponentDefinedType::Option { ty, .. } => cases([("some", self.of(*ty))]),
            ComponentDefinedType::Result { ok, err, .. } => {
                cases([("ok", self.optional(*ok)), ("err", self.optional(*err))])
            }
            ComponentDefinedType::List { element, .. }
            | ComponentDefinedType::FixedLengthList { element, .. } => {
                let shape = self.of(*element);
                if shape == Shape::Plain { shape } else { Shape::List(Box::new(shape)) }
            }
            ComponentDefinedType::Map { key, value, .. } => {
                match (self.of(*key), self.of(*value)) {
                    (Shape::Plain, Shape::Plain) => Shape::Plain,
                    (key, value) => Shape::Map(Box::new(key), Box::new(value)),
                }
            }
            ComponentDefinedType::Own(id) => self.resource(id.resource(), true),
            ComponentDefinedType::Borrow(id) => self.resource(id.resource(), false),
            ComponentDefinedType::Future { .. } => Shape::Handle(Handle::Future),
            ComponentDefinedType::Stream { .. } => Shape::Handle(Handle::Stream),
        }
    }

    fn optional(&self, ty: Option<ComponentValType>) -> Shape {
        ty.map_or(Shape::Plain, |ty| self.of(ty))
    }

    fn parts<'t>(&self, types: impl Iterator<Item = &'t ComponentValType>) -> Shape {
        let shapes: Vec<Shape> = types.map(|ty| self.of(*ty)).collect();
        if shapes.iter().all(|shape| *shape == Shape::Plain) {
            return Shape::Plain;
        }
        Shape::Parts(shapes)
    }

    fn resource(&self, id: ResourceId, owned: bool) -> Shape {
        let name = self.names.get(&id).cloned().unwrap_or_else(|| "resource".to_owned());
        Shape::Handle(Handle::Resource { name, owned })
    }
}

fn cases<'n>(all: impl IntoIterator<Item = (&'n str, Shape)>) -> Shape {
    let with: Vec<(String, Shape)> = all
        .into_iter()
        .filter(|(_, shape)| *shape != Shape::Plain)
        .map(|(name, shape)| (name.to_owned(), shape))
        .collect();
    if with.is_empty() { Shape::Plain } else { Shape::Cases(with) }
}

impl Shape {
    /// Replaces the numbers in a value that are handles.
    pub fn apply(&self, value: Value, see: &mut dyn FnMut(&Handle, u32) -> Value) -> Value {
        match (self, value) {
            (Shape::Handle(handle), Value::U32(index)) => see(handle, index),
            (Shape::List(shape), Value::List(values)) => {
                Value::List(values.into_iter().map(|v| shape.apply(v, see)).collect())
            }
            (Shape::Map(key, value), Value::Map(pairs)) => {
                let pair = |(k, v): (Value, Value)| (key.apply(k, see), value.apply(v, see));
                Value::Map(pairs.into_iter().map(pair).collect())
            }
            (Shape::Parts(shapes), Value::Tuple(values)) => {
                Value::Tuple(shapes.iter().zip(values).map(|(s, v)| s.apply(v, see)).collect())
            }
            (Shape::Parts(shapes), Value::Record(fields)) => Value::Record(
                shapes.iter().zip(fields).map(|(s, (name, v))| (name, s.apply(v, see))).collect(),
            ),
            (Shape::Cases(_), Value::Variant(name, payload)) => {
                let payload = self.payload(&name, payload, see);
                Value::Variant(name, payload)
            }
            (Shape::Cases(_), Value::Option(payload)) => {
                Value::Option(self.payload("some", payload, see))
            }
            (Shape::Cases(_), Value::Result(Ok(payload))) => {
                Value::Result(Ok(self.payload("ok", payload, see)))
            }
            (Shape::Cases(_), Value::Result(Err(payload))) => {
                Value::Result(Err(self.payload("err", payload, see)))
            }
            (_, value) => value,
        }
    }

    fn payload(
        &self,
        case: &str,
        payload: Option<Box<Value>>,
        see: &mut dyn FnMut(&Handle, u32) -> Value,
    ) -> Option<Box<Value>> {
        let Shape::Cases(cases) = self else { return payload };
        let shape = cases.iter().find(|(name, _)| name == case).map(|(_, shape)| shape);
        match (shape, payload) {
            (Some(shape), Some(value)) => Some(Box::new(shape.apply(*value, see))),
            (_, payload) => payload,
        }
    }
}
