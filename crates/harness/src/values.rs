//! Values as scripts write them: into calls, and as what is expected of results.

use joggle_host::{Any, CoreValue, Item, Value};
use wast::WastArg;
use wast::WastRet;
use wast::component::WastVal;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};

/// The bits of a NaN that say it is quiet, and those that must be clear of a canonical one.
const QUIET_32: u32 = 0x0040_0000;
const QUIET_64: u64 = 0x0008_0000_0000_0000;

/// A written argument as a value, or why there is none.
pub(crate) fn argument(written: &WastArg<'_>) -> Result<Item, String> {
    match written {
        WastArg::Core(value) => core(value).map(Item::Core),
        WastArg::Component(value) => Ok(Item::Component(component(value))),
        // The parser's list is non-exhaustive.
        other => Err(format!("arguments like {other:?} are not known here")),
    }
}

fn core(value: &WastArgCore<'_>) -> Result<CoreValue, String> {
    Ok(match value {
        WastArgCore::I32(value) => CoreValue::I32(*value),
        WastArgCore::I64(value) => CoreValue::I64(*value),
        WastArgCore::F32(value) => CoreValue::F32(value.bits),
        WastArgCore::F64(value) => CoreValue::F64(value.bits),
        WastArgCore::V128(value) => CoreValue::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(heap) => CoreValue::Null(heap_word(heap)?.to_owned()),
        WastArgCore::RefExtern(number) => CoreValue::Extern(Some(*number)),
        WastArgCore::RefHost(number) => CoreValue::Any(Any::Host(Some(*number))),
    })
}

fn heap_word(heap: &HeapType<'_>) -> Result<&'static str, String> {
    let HeapType::Abstract { shared: false, ty } = heap else {
        return Err(format!("a null of the type {heap:?} cannot be passed"));
    };
    Ok(match ty {
        AbstractHeapType::Func => "func",
        AbstractHeapType::Extern => "extern",
        AbstractHeapType::Exn => "exn",
        AbstractHeapType::Cont => "cont",
        AbstractHeapType::Any => "any",
        AbstractHeapType::Eq => "eq",
        AbstractHeapType::Struct => "struct",
        AbstractHeapType::Array => "array",
        AbstractHeapType::I31 => "i31",
        AbstractHeapType::NoFunc => "nofunc",
        AbstractHeapType::NoExtern => "noextern",
        AbstractHeapType::None => "none",
        AbstractHeapType::NoExn => "noexn",
        AbstractHeapType::NoCont => "nocont",
    })
}

fn component(value: &WastVal<'_>) -> Value {
    let boxed =
        |value: &Option<Box<WastVal<'_>>>| value.as_ref().map(|value| Box::new(component(value)));
    let text = |text: &&str| (*text).to_owned();
    match value {
        WastVal::Bool(value) => Value::Bool(*value),
        WastVal::U8(value) => Value::U8(*value),
        WastVal::S8(value) => Value::S8(*value),
        WastVal::U16(value) => Value::U16(*value),
        WastVal::S16(value) => Value::S16(*value),
        WastVal::U32(value) => Value::U32(*value),
        WastVal::S32(value) => Value::S32(*value),
        WastVal::U64(value) => Value::U64(*value),
        WastVal::S64(value) => Value::S64(*value),
        WastVal::F32(value) => Value::F32(f32::from_bits(value.bits)),
        WastVal::F64(value) => Value::F64(f64::from_bits(value.bits)),
        WastVal::Char(value) => Value::Char(*value),
        WastVal::String(value) => Value::String(text(value)),
        WastVal::List(items) => Value::List(items.iter().map(component).collect()),
        WastVal::Map(pairs) => {
            Value::Map(pairs.iter().map(|(k, v)| (component(k), component(v))).collect())
        }
        WastVal::Record(fields) => {
            Value::Record(fields.iter().map(|(n, v)| (text(n), component(v))).collect())
        }
        WastVal::Tuple(items) => Value::Tuple(items.iter().map(component).collect()),
        WastVal::Variant(name, payload) => Value::Variant(text(name), boxed(payload)),
        WastVal::Enum(name) => Value::Enum(text(name)),
        WastVal::Option(payload) => Value::Option(boxed(payload)),
        WastVal::Result(Ok(payload)) => Value::Result(Ok(boxed(payload))),
        WastVal::Result(Err(payload)) => Value::Result(Err(boxed(payload))),
        WastVal::Flags(names) => Value::Flags(names.iter().map(text).collect()),
    }
}

/// Whether results are what is expected of them; else what is wrong.
pub(crate) fn compare(expected: &[WastRet<'_>], found: &[Item]) -> Result<(), String> {
    if expected.len() != found.len() {
        let results = |number: usize| match number {
            0 => "no result".to_owned(),
            1 => "one result".to_owned(),
            number => format!("{number} results"),
        };
        let (expected, found) = (results(expected.len()), results(found.len()));
        return Err(format!("it has {found}, not {expected}"));
    }
    for (expected, found) in expected.iter().zip(found) {
        let fits = match (expected, found) {
            (WastRet::Core(expected), Item::Core(found)) => core_fits(expected, found),
            (WastRet::Component(expected), Item::Component(found)) => {
                same(&component(expected), found)
            }
            // Scripts write floats of both kinds the same way.
            (WastRet::Core(WastRetCore::F32(pattern)), Item::Component(Value::F32(found))) => {
                fits_32(*pattern, found.to_bits()) || (nan_32(*pattern) && found.is_nan())
            }
            (WastRet::Core(WastRetCore::F64(pattern)), Item::Component(Value::F64(found))) => {
                fits_64(pattern, found.to_bits()) || (nan_64(pattern) && found.is_nan())
            }
            (_, _) => false,
        };
        if !fits {
            return Err(format!("the result is {}, not {}", spelled(found), wanted(expected)));
        }
    }
    Ok(())
}

fn spelled(item: &Item) -> String {
    match item {
        Item::Core(value) => value.to_string(),
        Item::Component(value) => value.to_wave(),
    }
}

fn wanted(expected: &WastRet<'_>) -> String {
    match expected {
        WastRet::Component(value) => component(value).to_wave(),
        WastRet::Core(value) => pattern(value),
        other => format!("{other:?}"),
    }
}

fn pattern(expected: &WastRetCore<'_>) -> String {
    match expected {
        WastRetCore::I32(value) => CoreValue::I32(*value).to_string(),
        WastRetCore::I64(value) => CoreValue::I64(*value).to_string(),
        WastRetCore::F32(NanPattern::Value(value)) => CoreValue::F32(value.bits).to_string(),
        WastRetCore::F64(NanPattern::Value(value)) => CoreValue::F64(value.bits).to_string(),
        WastRetCore::F32(NanPattern::CanonicalNan) => "f32 nan:canonical".to_owned(),
        WastRetCore::F32(NanPattern::ArithmeticNan) => "f32 nan:arithmetic".to_owned(),
        WastRetCore::F64(NanPattern::CanonicalNan) => "f64 nan:canonical".to_owned(),
        WastRetCore::F64(NanPattern::ArithmeticNan) => "f64 nan:arithmetic".to_owned(),
        WastRetCore::V128(lanes) => format!("v128 {lanes:?}"),
        WastRetCore::RefNull(_) => "ref.null".to_owned(),
        WastRetCore::RefExtern(number) => CoreValue::Extern(*number).to_string(),
        WastRetCore::RefHost(number) => CoreValue::Any(Any::Host(Some(*number))).to_string(),
        WastRetCore::RefFunc(_) => CoreValue::Func.to_string(),
        WastRetCore::RefAny => "ref.any".to_owned(),
        WastRetCore::RefEq => "ref.eq".to_owned(),
        WastRetCore::RefArray => CoreValue::Any(Any::Array).to_string(),
        WastRetCore::RefStruct => CoreValue::Any(Any::Struct).to_string(),
        WastRetCore::RefI31 | WastRetCore::RefI31Shared => CoreValue::Any(Any::I31).to_string(),
        WastRetCore::Either(all) => all.iter().map(pattern).collect::<Vec<String>>().join(" or "),
    }
}

/// Equality in which every NaN is the same: the canonical ABI may change its bits.
fn same(a: &Value, b: &Value) -> bool {
    let all =
        |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    let maybe = |a: &Option<Box<Value>>, b: &Option<Box<Value>>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        (None, Some(_)) | (Some(_), None) => false,
    };
    match (a, b) {
        (Value::F32(a), Value::F32(b)) => (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits(),
        (Value::F64(a), Value::F64(b)) => (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits(),
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => all(a, b),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, v), (l, w))| same(k, l) && same(v, w))
        }
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((n, v), (m, w))| n == m && same(v, w))
        }
        (Value::Variant(n, a), Value::Variant(m, b)) => n == m && maybe(a, b),
        (Value::Option(a), Value::Option(b))
        | (Value::Result(Ok(a)), Value::Result(Ok(b)))
        | (Value::Result(Err(a)), Value::Result(Err(b))) => maybe(a, b),
        (Value::Flags(a), Value::Flags(b)) => {
            a.len() == b.len() && a.iter().all(|name| b.contains(name))
        }
        (a, b) => a == b,
    }
}

fn core_fits(expected: &WastRetCore<'_>, found: &CoreValue) -> bool {
    match (expected, found) {
        (WastRetCore::I32(value), CoreValue::I32(found)) => value == found,
        (WastRetCore::I64(value), CoreValue::I64(found)) => value == found,
        (WastRetCore::F32(pattern), CoreValue::F32(found)) => fits_32(*pattern, *found),
        (WastRetCore::F64(pattern), CoreValue::F64(found)) => fits_64(pattern, *found),
        (WastRetCore::V128(pattern), CoreValue::V128(found)) => fits_vector(pattern, *found),
        (WastRetCore::RefNull(heap), CoreValue::Null(found)) => match heap {
            None => true,
            Some(heap) => heap_word(heap).is_ok_and(|word| top(word) == top(found)),
        },
        (WastRetCore::RefExtern(number), CoreValue::Extern(found)) => {
            number.is_none() || number == found
        }
        (WastRetCore::RefHost(number), CoreValue::Any(Any::Host(found))) => Some(*number) == *found,
        (WastRetCore::RefFunc(_), CoreValue::Func)
        | (WastRetCore::RefAny, CoreValue::Any(_))
        | (WastRetCore::RefEq, CoreValue::Any(Any::I31 | Any::Struct | Any::Array))
        | (WastRetCore::RefArray, CoreValue::Any(Any::Array))
        | (WastRetCore::RefStruct, CoreValue::Any(Any::Struct))
        | (WastRetCore::RefI31, CoreValue::Any(Any::I31)) => true,
        (WastRetCore::Either(all), found) => all.iter().any(|one| core_fits(one, found)),
        (_, _) => false,
    }
}

/// The top of the hierarchy that a heap type belongs to: all that an engine
/// tells of a null.
fn top(word: &str) -> &str {
    match word {
        "func" | "nofunc" => "func",
        "extern" | "noextern" => "extern",
        "exn" | "noexn" => "exn",
        "cont" | "nocont" => "cont",
        _ => "any",
    }
}

fn fits_32(pattern: NanPattern<F32>, found: u32) -> bool {
    let exponent = 0x7f80_0000;
    match pattern {
        NanPattern::Value(value) => value.bits == found,
        NanPattern::CanonicalNan => found & 0x7fff_ffff == exponent | QUIET_32,
        NanPattern::ArithmeticNan => found & (exponent | QUIET_32) == exponent | QUIET_32,
    }
}

fn fits_64(pattern: &NanPattern<F64>, found: u64) -> bool {
    let exponent = 0x7ff0_0000_0000_0000;
    match pattern {
        NanPattern::Value(value) => value.bits == found,
        NanPattern::CanonicalNan => found & 0x7fff_ffff_ffff_ffff == exponent | QUIET_64,
        NanPattern::ArithmeticNan => found & (exponent | QUIET_64) == exponent | QUIET_64,
    }
}

/// The canonical ABI may change the bits of a NaN, so any is as good as another there.
fn nan_32(pattern: NanPattern<F32>) -> bool {
    !matches!(pattern, NanPattern::Value(value) if !f32::from_bits(value.bits).is_nan())
}

fn nan_64(pattern: &NanPattern<F64>) -> bool {
    !matches!(pattern, NanPattern::Value(value) if !f64::from_bits(value.bits).is_nan())
}

fn fits_vector(pattern: &V128Pattern, found: u128) -> bool {
    let bytes = found.to_le_bytes();
    let lanes = |width: usize| {
        bytes
            .chunks_exact(width)
            .map(|lane| lane.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte)))
    };
    match pattern {
        V128Pattern::I8x16(all) => {
            all.iter().zip(lanes(1)).all(|(lane, found)| u64::from(lane.cast_unsigned()) == found)
        }
        V128Pattern::I16x8(all) => {
            all.iter().zip(lanes(2)).all(|(lane, found)| u64::from(lane.cast_unsigned()) == found)
        }
        V128Pattern::I32x4(all) => {
            all.iter().zip(lanes(4)).all(|(lane, found)| u64::from(lane.cast_unsigned()) == found)
        }
        V128Pattern::I64x2(all) => {
            all.iter().zip(lanes(8)).all(|(lane, found)| lane.cast_unsigned() == found)
        }
        V128Pattern::F32x4(all) => all
            .iter()
            .zip(lanes(4))
            .all(|(lane, found)| u32::try_from(found).is_ok_and(|found| fits_32(*lane, found))),
        V128Pattern::F64x2(all) => {
            all.iter().zip(lanes(8)).all(|(lane, found)| fits_64(lane, found))
        }
    }
}
