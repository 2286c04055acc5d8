//! Values to the engine's and back. What a handle stands for is asked of the
//! caller, because only a session knows it.

use wasmtime::component::Val;
use wasmtime::component::types::Type;

use crate::value::Value;

/// Why a value is none of a type.
pub(crate) const OTHER_TYPE: &str = "this is of another type";
/// Why a value of the right kind is none of a type.
pub(crate) const NO_SUCH_VALUE: &str = "the type has no such value";

/// Turns a handle, stream, future or error context of the engine into a value.
pub(crate) type HandleIn<'h> = dyn FnMut(&Val, Option<&Type>) -> Value + 'h;
/// Turns a handle, stream, future or error context into the engine's, or says why not.
pub(crate) type HandleOut<'h> = dyn FnMut(&Value, &Type) -> Result<Val, String> + 'h;

/// A value of the engine as ours. Its type names the resources; without one
/// they have no name.
pub(crate) fn from_engine(val: &Val, ty: Option<&Type>, handle: &mut HandleIn<'_>) -> Value {
    match val {
        Val::Bool(value) => Value::Bool(*value),
        Val::S8(value) => Value::S8(*value),
        Val::U8(value) => Value::U8(*value),
        Val::S16(value) => Value::S16(*value),
        Val::U16(value) => Value::U16(*value),
        Val::S32(value) => Value::S32(*value),
        Val::U32(value) => Value::U32(*value),
        Val::S64(value) => Value::S64(*value),
        Val::U64(value) => Value::U64(*value),
        Val::Float32(value) => Value::F32(*value),
        Val::Float64(value) => Value::F64(*value),
        Val::Char(value) => Value::Char(*value),
        Val::String(value) => Value::String(value.clone()),
        Val::Enum(name) => Value::Enum(name.clone()),
        Val::Flags(names) => Value::Flags(names.clone()),
        Val::List(items) | Val::FixedLengthList(items) => {
            let ty = ty.and_then(element);
            let item = |item: &Val| from_engine(item, ty.as_ref(), handle);
            Value::List(items.iter().map(item).collect())
        }
        Val::Map(pairs) => {
            let (key, held) = ty.and_then(pair).unzip();
            let mut one = |val: &Val, ty: &Option<Type>| from_engine(val, ty.as_ref(), handle);
            Value::Map(pairs.iter().map(|(k, v)| (one(k, &key), one(v, &held))).collect())
        }
        Val::Record(fields) => {
            let types = ty.map(fields_of).unwrap_or_default();
            let field = |(index, (name, val)): (usize, &(String, Val))| {
                (name.clone(), from_engine(val, types.get(index), handle))
            };
            Value::Record(fields.iter().enumerate().map(field).collect())
        }
        Val::Tuple(items) => {
            let types = ty.map(fields_of).unwrap_or_default();
            let item = |(index, val)| from_engine(val, types.get(index), handle);
            Value::Tuple(items.iter().enumerate().map(item).collect())
        }
        Val::Variant(name, payload) => {
            Value::Variant(name.clone(), held(payload.as_deref(), ty, name, handle))
        }
        Val::Option(payload) => Value::Option(held(payload.as_deref(), ty, "some", handle)),
        Val::Result(Ok(payload)) => Value::Result(Ok(held(payload.as_deref(), ty, "ok", handle))),
        Val::Result(Err(payload)) => {
            Value::Result(Err(held(payload.as_deref(), ty, "err", handle)))
        }
        Val::Resource(_) | Val::Future(_) | Val::Stream(_) | Val::ErrorContext(_) => {
            handle(val, ty)
        }
    }
}

/// What a case of this name holds.
fn held(
    val: Option<&Val>,
    ty: Option<&Type>,
    name: &str,
    handle: &mut HandleIn<'_>,
) -> Option<Box<Value>> {
    let ty = ty.and_then(|ty| case(ty, name));
    val.map(|val| Box::new(from_engine(val, ty.as_ref(), handle)))
}

/// What a list holds.
fn element(ty: &Type) -> Option<Type> {
    match ty {
        Type::List(list) => Some(list.ty()),
        Type::FixedLengthList(list) => Some(list.ty()),
        _ => None,
    }
}

fn pair(ty: &Type) -> Option<(Type, Type)> {
    match ty {
        Type::Map(map) => Some((map.key(), map.value())),
        _ => None,
    }
}

/// What a record or tuple is made of.
fn fields_of(ty: &Type) -> Vec<Type> {
    match ty {
        Type::Record(record) => record.fields().map(|field| field.ty).collect(),
        Type::Tuple(tuple) => tuple.types().collect(),
        _ => Vec::new(),
    }
}

/// What a case of a variant, option or result holds.
fn case(ty: &Type, name: &str) -> Option<Type> {
    match ty {
        Type::Option(option) => Some(option.ty()),
        Type::Variant(variant) => variant.cases().find(|case| case.name == name)?.ty,
        Type::Result(result) if name == "ok" => result.ok(),
        Type::Result(result) => result.err(),
        _ => None,
    }
}

/// A value as the engine's, or why it is none of this type.
pub(crate) fn to_engine(
    value: &Value,
    ty: &Type,
    handle: &mut HandleOut<'_>,
) -> Result<Val, String> {
    let other = || Err(OTHER_TYPE.to_owned());
    let none_such = || NO_SUCH_VALUE.to_owned();
    Ok(match (ty, value) {
        (Type::Bool, Value::Bool(value)) => Val::Bool(*value),
        (Type::S8, Value::S8(value)) => Val::S8(*value),
        (Type::U8, Value::U8(value)) => Val::U8(*value),
        (Type::S16, Value::S16(value)) => Val::S16(*value),
        (Type::U16, Value::U16(value)) => Val::U16(*value),
        (Type::S32, Value::S32(value)) => Val::S32(*value),
        (Type::U32, Value::U32(value)) => Val::U32(*value),
        (Type::S64, Value::S64(value)) => Val::S64(*value),
        (Type::U64, Value::U64(value)) => Val::U64(*value),
        (Type::Float32, Value::F32(value)) => Val::Float32(*value),
        (Type::Float64, Value::F64(value)) => Val::Float64(*value),
        (Type::Char, Value::Char(value)) => Val::Char(*value),
        (Type::String, Value::String(value)) => Val::String(value.clone()),
        (Type::Enum(cases), Value::Enum(name)) => {
            let found = cases.names().find(|case| case == name).ok_or_else(none_such)?;
            Val::Enum(found.to_owned())
        }
        (Type::Flags(flags), Value::Flags(names)) => {
            if !names.iter().all(|name| flags.names().any(|flag| flag == name)) {
                return Err(none_such());
            }
            Val::Flags(names.clone())
        }
        (Type::List(_) | Type::FixedLengthList(_) | Type::Map(_), _) => listed(value, ty, handle)?,
        (Type::Record(_) | Type::Tuple(_), _) => structured(value, ty, handle)?,
        (Type::Variant(variant), Value::Variant(name, payload)) => {
            let case = variant.cases().find(|case| case.name == name).ok_or_else(none_such)?;
            let payload = optional(payload.as_deref(), case.ty.as_ref(), handle)?;
            Val::Variant(case.name.to_owned(), payload)
        }
        (Type::Option(_), Value::Option(None)) => Val::Option(None),
        (Type::Option(option), Value::Option(Some(value))) => {
            Val::Option(Some(Box::new(to_engine(value, &option.ty(), handle)?)))
        }
        (Type::Result(result), Value::Result(value)) => Val::Result(match value {
            Ok(value) => Ok(optional(value.as_deref(), result.ok().as_ref(), handle)?),
            Err(value) => Err(optional(value.as_deref(), result.err().as_ref(), handle)?),
        }),
        (Type::Own(_) | Type::Borrow(_), Value::Handle { .. })
        | (Type::Stream(_), Value::Stream(_))
        | (Type::Future(_), Value::Future(_))
        | (Type::ErrorContext, Value::ErrorContext(_)) => handle(value, ty)?,
        (_, _) => return other(),
    })
}

fn all(items: &[Value], ty: &Type, handle: &mut HandleOut<'_>) -> Result<Vec<Val>, String> {
    items.iter().map(|item| to_engine(item, ty, handle)).collect()
}

fn listed(value: &Value, ty: &Type, handle: &mut HandleOut<'_>) -> Result<Val, String> {
    match (ty, value) {
        (Type::List(list), Value::List(items)) => Ok(Val::List(all(items, &list.ty(), handle)?)),
        (Type::FixedLengthList(list), Value::List(items)) => {
            if u32::try_from(items.len()).ok() != Some(list.len()) {
                return Err(NO_SUCH_VALUE.to_owned());
            }
            Ok(Val::FixedLengthList(all(items, &list.ty(), handle)?))
        }
        (Type::Map(map), Value::Map(pairs)) => {
            let (key, held) = (map.key(), map.value());
            let mut made = Vec::with_capacity(pairs.len());
            for (k, v) in pairs {
                made.push((to_engine(k, &key, handle)?, to_engine(v, &held, handle)?));
            }
            Ok(Val::Map(made))
        }
        (_, _) => Err(OTHER_TYPE.to_owned()),
    }
}

fn structured(value: &Value, ty: &Type, handle: &mut HandleOut<'_>) -> Result<Val, String> {
    match (ty, value) {
        (Type::Record(record), Value::Record(fields)) => {
            if record.fields().len() != fields.len() {
                return Err(NO_SUCH_VALUE.to_owned());
            }
            let mut made = Vec::with_capacity(fields.len());
            for field in record.fields() {
                let found = fields.iter().find(|(name, _)| name == field.name);
                let (name, value) = found.ok_or_else(|| NO_SUCH_VALUE.to_owned())?;
                made.push((name.clone(), to_engine(value, &field.ty, handle)?));
            }
            Ok(Val::Record(made))
        }
        (Type::Tuple(tuple), Value::Tuple(items)) => {
            if tuple.types().len() != items.len() {
                return Err(NO_SUCH_VALUE.to_owned());
            }
            let pairs = items.iter().zip(tuple.types());
            let made: Result<Vec<Val>, String> =
                pairs.map(|(item, ty)| to_engine(item, &ty, handle)).collect();
            Ok(Val::Tuple(made?))
        }
        (_, _) => Err(OTHER_TYPE.to_owned()),
    }
}

fn optional(
    value: Option<&Value>,
    ty: Option<&Type>,
    handle: &mut HandleOut<'_>,
) -> Result<Option<Box<Val>>, String> {
    match (value, ty) {
        (None, None) => Ok(None),
        (Some(value), Some(ty)) => Ok(Some(Box::new(to_engine(value, ty, handle)?))),
        (Some(_), None) | (None, Some(_)) => Err(NO_SUCH_VALUE.to_owned()),
    }
}
