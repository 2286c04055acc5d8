//! The types of a function as text: as WIT writes them, except that a type
//! stands for its name, which a binary does not tell here. Also a made-up
//! value of a type, for examples.

use wasmtime::component::types::{ComponentFunc, Type};

/// `func(a: s32) -> string`.
pub(crate) fn function(ty: &ComponentFunc) -> String {
    let params: Vec<String> =
        ty.params().map(|(name, ty)| format!("{name}: {}", value(&ty))).collect();
    // There is one at most.
    let result = ty.results().next().map(|ty| format!(" -> {}", value(&ty))).unwrap_or_default();
    let kind = if ty.async_() { "async func" } else { "func" };
    format!("{kind}({}){result}", params.join(", "))
}

/// A type as text.
pub(crate) fn value(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::S8 => "s8".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::S16 => "s16".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Float32 => "f32".to_owned(),
        Type::Float64 => "f64".to_owned(),
        Type::Char => "char".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(list) => format!("list<{}>", value(&list.ty())),
        Type::FixedLengthList(list) => format!("list<{}, {}>", value(&list.ty()), list.len()),
        Type::Map(map) => format!("map<{}, {}>", value(&map.key()), value(&map.value())),
        Type::Record(record) => {
            braced("record", record.fields().map(|f| format!("{}: {}", f.name, value(&f.ty))))
        }
        Type::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types().map(|t| value(&t)).collect::<Vec<_>>().join(", "))
        }
        Type::Variant(variant) => braced(
            "variant",
            variant.cases().map(|case| match &case.ty {
                Some(ty) => format!("{}({})", case.name, value(ty)),
                None => case.name.to_owned(),
            }),
        ),
        Type::Enum(cases) => braced("enum", cases.names().map(str::to_owned)),
        Type::Option(option) => format!("option<{}>", value(&option.ty())),
        Type::Result(result) => match (result.ok(), result.err()) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{}>", value(&ok)),
            (None, Some(err)) => format!("result<_, {}>", value(&err)),
            (Some(ok), Some(err)) => format!("result<{}, {}>", value(&ok), value(&err)),
        },
        Type::Flags(flags) => braced("flags", flags.names().map(str::to_owned)),
        Type::Own(_) => "own<resource>".to_owned(),
        Type::Borrow(_) => "borrow<resource>".to_owned(),
        Type::Future(future) => with_payload("future", future.ty().as_ref()),
        Type::Stream(stream) => with_payload("stream", stream.ty().as_ref()),
        Type::ErrorContext => "error-context".to_owned(),
    }
}

fn braced(keyword: &str, parts: impl Iterator<Item = String>) -> String {
    format!("{keyword} {{ {} }}", parts.collect::<Vec<_>>().join(", "))
}

fn with_payload(keyword: &str, ty: Option<&Type>) -> String {
    match ty {
        Some(ty) => format!("{keyword}<{}>", value(ty)),
        None => keyword.to_owned(),
    }
}

/// The first part of a type that WAVE has no notation for.
pub(crate) fn not_wave(ty: &Type) -> Option<String> {
    match ty {
        Type::Bool
        | Type::S8
        | Type::U8
        | Type::S16
        | Type::U16
        | Type::S32
        | Type::U32
        | Type::S64
        | Type::U64
        | Type::Float32
        | Type::Float64
        | Type::Char
        | Type::String
        | Type::Enum(_)
        | Type::Flags(_) => None,
        Type::List(list) => not_wave(&list.ty()),
        Type::Record(record) => record.fields().find_map(|field| not_wave(&field.ty)),
        Type::Tuple(tuple) => tuple.types().find_map(|ty| not_wave(&ty)),
        Type::Variant(variant) => {
            variant.cases().find_map(|case| case.ty.as_ref().and_then(not_wave))
        }
        Type::Option(option) => not_wave(&option.ty()),
        Type::Result(result) => [result.ok(), result.err()].iter().flatten().find_map(not_wave),
        Type::Map(_)
        | Type::FixedLengthList(_)
        | Type::Own(_)
        | Type::Borrow(_)
        | Type::Future(_)
        | Type::Stream(_)
        | Type::ErrorContext => Some(value(ty)),
    }
}

/// A made-up value in WAVE; none where WAVE has no notation.
pub(crate) fn sample(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Bool => "true".to_owned(),
        Type::S8
        | Type::U8
        | Type::S16
        | Type::U16
        | Type::S32
        | Type::U32
        | Type::S64
        | Type::U64 => "1".to_owned(),
        Type::Float32 | Type::Float64 => "1.5".to_owned(),
        Type::Char => "'a'".to_owned(),
        Type::String => "\"text\"".to_owned(),
        Type::List(list) => format!("[{}]", sample(&list.ty())?),
        Type::Record(record) => {
            let fields: Option<Vec<String>> = record
                .fields()
                .map(|field| Some(format!("{}: {}", field.name, sample(&field.ty)?)))
                .collect();
            format!("{{{}}}", fields?.join(", "))
        }
        Type::Tuple(tuple) => {
            let parts: Option<Vec<String>> = tuple.types().map(|ty| sample(&ty)).collect();
            format!("({})", parts?.join(", "))
        }
        Type::Variant(variant) => {
            let case = variant.cases().next()?;
            match &case.ty {
                Some(ty) => format!("{}({})", case.name, sample(ty)?),
                None => case.name.to_owned(),
            }
        }
        Type::Enum(cases) => cases.names().next()?.to_owned(),
        Type::Option(option) => format!("some({})", sample(&option.ty())?),
        Type::Result(result) => match result.ok() {
            Some(ok) => format!("ok({})", sample(&ok)?),
            None => "ok".to_owned(),
        },
        Type::Flags(flags) => format!("{{{}}}", flags.names().next().unwrap_or_default()),
        Type::Map(_)
        | Type::FixedLengthList(_)
        | Type::Own(_)
        | Type::Borrow(_)
        | Type::Future(_)
        | Type::Stream(_)
        | Type::ErrorContext => return None,
    })
}
