//! The types of a function as text: as WIT writes them, except that a type
//! stands for its name, which a binary tells here of resources alone. Also a
//! made-up value of a type, for examples.

use wasmtime::component::types::{ComponentFunc, Type};

use crate::value::resources::Resources;

/// `func(a: s32) -> string`.
pub(crate) fn function(ty: &ComponentFunc, resources: &Resources) -> String {
    let params: Vec<String> =
        ty.params().map(|(name, ty)| format!("{name}: {}", value(&ty, resources))).collect();
    // There is one at most.
    let result = ty.results().next();
    let result = result.map(|ty| format!(" -> {}", value(&ty, resources))).unwrap_or_default();
    let kind = if ty.async_() { "async func" } else { "func" };
    format!("{kind}({}){result}", params.join(", "))
}

/// A type as text.
pub(crate) fn value(ty: &Type, resources: &Resources) -> String {
    let value = |ty: &Type| value(ty, resources);
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
        Type::Own(ty) => format!("own<{}>", resources.name(ty)),
        Type::Borrow(ty) => format!("borrow<{}>", resources.name(ty)),
        Type::Future(future) => with_payload("future", future.ty().as_ref().map(value)),
        Type::Stream(stream) => with_payload("stream", stream.ty().as_ref().map(value)),
        Type::ErrorContext => "error-context".to_owned(),
    }
}

fn braced(keyword: &str, parts: impl Iterator<Item = String>) -> String {
    format!("{keyword} {{ {} }}", parts.collect::<Vec<_>>().join(", "))
}

fn with_payload(keyword: &str, ty: Option<String>) -> String {
    match ty {
        Some(ty) => format!("{keyword}<{ty}>"),
        None => keyword.to_owned(),
    }
}

/// A made-up value in WAVE; none where one has to be made by another call.
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
        Type::Map(map) => format!("[({}, {})]", sample(&map.key())?, sample(&map.value())?),
        Type::FixedLengthList(list) => {
            let item = sample(&list.ty())?;
            let length = usize::try_from(list.len()).ok().filter(|length| *length <= 16)?;
            format!("[{}]", vec![item; length].join(", "))
        }
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
            return None;
        }
    })
}
