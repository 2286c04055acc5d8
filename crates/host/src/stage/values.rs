//! Values of core WebAssembly as plain data, to the engine's and back.

use std::fmt;

use wasmtime::{AnyRef, ExternRef, HeapType, Store, Val};

use crate::stage::Clock;

/// A value of core WebAssembly. Floats are their bits, so that every NaN is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoreValue {
    /// An integer of 32 bits.
    I32(i32),
    /// An integer of 64 bits.
    I64(i64),
    /// The bits of a float of 32 bits.
    F32(u32),
    /// The bits of a float of 64 bits.
    F64(u64),
    /// The bits of a vector.
    V128(u128),
    /// A reference to nothing, of the type that a heap type's word names.
    Null(String),
    /// A reference to a function.
    Func,
    /// A reference of the host's with a number; none if the host did not make it.
    Extern(Option<u32>),
    /// A reference into the garbage-collected heap.
    Any(Any),
    /// A reference to an exception.
    Exception,
}

/// What a reference into the garbage-collected heap leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Any {
    /// A small integer.
    I31,
    /// A struct.
    Struct,
    /// An array.
    Array,
    /// A number of the host's.
    Host(Option<u32>),
}

impl fmt::Display for CoreValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CoreValue::I32(value) => write!(f, "i32 {value}"),
            CoreValue::I64(value) => write!(f, "i64 {value}"),
            CoreValue::F32(bits) => write!(f, "f32 {} ({bits:#010x})", f32::from_bits(*bits)),
            CoreValue::F64(bits) => write!(f, "f64 {} ({bits:#018x})", f64::from_bits(*bits)),
            CoreValue::V128(bits) => write!(f, "v128 {bits:#034x}"),
            CoreValue::Null(heap) => write!(f, "ref.null {heap}"),
            CoreValue::Func => f.write_str("ref.func"),
            CoreValue::Extern(Some(number)) => write!(f, "ref.extern {number}"),
            CoreValue::Extern(None) => f.write_str("ref.extern"),
            CoreValue::Any(Any::I31) => f.write_str("ref.i31"),
            CoreValue::Any(Any::Struct) => f.write_str("ref.struct"),
            CoreValue::Any(Any::Array) => f.write_str("ref.array"),
            CoreValue::Any(Any::Host(Some(number))) => write!(f, "ref.host {number}"),
            CoreValue::Any(Any::Host(None)) => f.write_str("ref.any"),
            CoreValue::Exception => f.write_str("ref.exn"),
        }
    }
}

/// A value as the engine's, or why it has none.
pub(crate) fn to_core(value: &CoreValue, store: &mut Store<Clock>) -> Result<Val, String> {
    let made = |error: wasmtime::Error| error.to_string();
    Ok(match value {
        CoreValue::I32(value) => Val::I32(*value),
        CoreValue::I64(value) => Val::I64(*value),
        CoreValue::F32(bits) => Val::F32(*bits),
        CoreValue::F64(bits) => Val::F64(*bits),
        CoreValue::V128(bits) => Val::V128((*bits).into()),
        CoreValue::Null(heap) => match heap.as_str() {
            "func" | "nofunc" => Val::FuncRef(None),
            "extern" | "noextern" => Val::ExternRef(None),
            "exn" | "noexn" => Val::ExnRef(None),
            "any" | "eq" | "i31" | "struct" | "array" | "none" => Val::AnyRef(None),
            other => return Err(format!("no value of the type `{other}` can be passed")),
        },
        CoreValue::Extern(Some(number)) => {
            Val::ExternRef(Some(ExternRef::new(&mut *store, *number).map_err(made)?))
        }
        CoreValue::Any(Any::Host(Some(number))) => {
            let external = ExternRef::new(&mut *store, *number).map_err(made)?;
            Val::AnyRef(Some(AnyRef::convert_extern(&mut *store, external).map_err(made)?))
        }
        CoreValue::Func | CoreValue::Extern(None) | CoreValue::Any(_) | CoreValue::Exception => {
            return Err("a reference cannot be passed".to_owned());
        }
    })
}

/// A value of the engine's as ours.
pub(crate) fn from_core(val: &Val, store: &mut Store<Clock>) -> CoreValue {
    match val {
        Val::I32(value) => CoreValue::I32(*value),
        Val::I64(value) => CoreValue::I64(*value),
        Val::F32(bits) => CoreValue::F32(*bits),
        Val::F64(bits) => CoreValue::F64(*bits),
        Val::V128(bits) => CoreValue::V128(bits.as_u128()),
        Val::FuncRef(None) => CoreValue::Null("func".to_owned()),
        Val::FuncRef(Some(_)) => CoreValue::Func,
        Val::ExternRef(None) => CoreValue::Null("extern".to_owned()),
        Val::ExternRef(Some(external)) => {
            let data = external.data(&*store).ok().flatten();
            CoreValue::Extern(data.and_then(|data| data.downcast_ref::<u32>().copied()))
        }
        Val::AnyRef(None) => CoreValue::Null("any".to_owned()),
        Val::AnyRef(Some(any)) => {
            // An external reference that was converted is one of the host's.
            if let Ok(HeapType::I31) = any.ty(&*store) {
                return CoreValue::Any(Any::I31);
            }
            if any.is_struct(&*store).unwrap_or(false) {
                return CoreValue::Any(Any::Struct);
            }
            if any.is_array(&*store).unwrap_or(false) {
                return CoreValue::Any(Any::Array);
            }
            let external = ExternRef::convert_any(&mut *store, *any).ok();
            let data = external.and_then(|external| external.data(&*store).ok().flatten());
            let number = data.and_then(|data| data.downcast_ref::<u32>().copied());
            CoreValue::Any(Any::Host(number))
        }
        Val::ExnRef(None) => CoreValue::Null("exn".to_owned()),
        Val::ExnRef(Some(_)) => CoreValue::Exception,
        Val::ContRef(_) => CoreValue::Null("cont".to_owned()),
    }
}
