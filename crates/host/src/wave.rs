//! Arguments as text (WAVE) to values of a function's parameter types, with
//! every mistake shown at its place. Whether WAVE has a notation for the types
//! at all was settled before, in `signature`.

use std::ops::Range;

use joggle_diag::{Source, closest};
use wasmtime::component::Val;
use wasmtime::component::types::{ComponentFunc, Type};
use wasmtime::component::wasm_wave::ast::Node;
use wasmtime::component::wasm_wave::parser::{ParserError, ParserErrorKind};
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::wasm_wave::wasm::WasmValueError;

use crate::exports::Callable;
use crate::invoke_error::InvokeError;
use crate::signature;

/// The arguments, which end the source and begin with their parenthesis, as values
/// of the function's parameter types.
pub(crate) fn values(
    source: &Source,
    arguments: &str,
    function: &Callable,
) -> Result<Vec<Val>, Box<InvokeError>> {
    // The parser wants a name first; a function's may hold what WAVE does not allow in one.
    const NAME: &str = "f";
    let call = format!("{NAME}{arguments}");
    let begin = source.inner().len() - arguments.len();
    let shift = |span: Range<usize>| {
        let start = (span.start + begin).saturating_sub(NAME.len());
        start..(span.end + begin).saturating_sub(NAME.len()).max(start)
    };
    let types: Vec<Type> = function.ty.params().map(|(_, ty)| ty).collect();
    let parsed =
        UntypedFuncCall::parse(&call).map_err(|e| syntax(source, function, &e, shift(e.span())))?;
    let written: Vec<Range<usize>> = parsed
        .params_node()
        .and_then(|node| node.as_tuple().ok())
        .map(|nodes| nodes.map(|node| shift(node.span())).collect())
        .unwrap_or_default();
    let required = types.iter().rposition(|ty| !matches!(ty, Type::Option(_)));
    if written.len() > types.len() || required.is_some_and(|last| written.len() <= last) {
        return Err(wrong_count(source, arguments, function, written.len()));
    }
    if written.is_empty() {
        // All that may be left out were left out, which the parser takes for a mistake.
        return Ok(types.iter().map(|_| Val::Option(None)).collect());
    }
    if let Some((at, label)) = parsed.params_node().and_then(|n| stray_in_all(n, &types, &call)) {
        return Err(wrong_value(source, function, label, &shift(at), &written));
    }
    parsed.to_wasm_params::<Val>(types.iter()).map_err(|error| {
        let at = shift(error.span());
        wrong_value(source, function, what_is_wrong(&error), &at, &written)
    })
}

fn syntax(
    source: &Source,
    function: &Callable,
    error: &ParserError,
    at: Range<usize>,
) -> Box<InvokeError> {
    let (at, label) = match error.kind() {
        // An end has no width to be shown: the last character stands for it.
        ParserErrorKind::UnexpectedEnd => {
            let text = source.inner();
            let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
            (last..text.len(), "something is missing after this".to_owned())
        }
        kind => (at, kind.to_string()),
    };
    Box::new(InvokeError::Syntax {
        source_code: source.clone(),
        span: at.into(),
        label,
        help: format!(
            "values are written in WAVE: 1, -2.5, true, 'c', \"text\", [1, 2], (1, \"a\"), {{field: 1}}, some(1), none, ok(1), err(\"why\"), case-name\nthe function is {}",
            function.signature()
        ),
    })
}

fn wrong_count(
    source: &Source,
    arguments: &str,
    function: &Callable,
    given: usize,
) -> Box<InvokeError> {
    let begin = source.inner().len() - arguments.len();
    let span = begin..begin + arguments.trim_end().len();
    Box::new(InvokeError::ArgumentCount {
        function: function.label(),
        expected: count(function.ty.params().len(), "argument"),
        given: if given == 0 { "none".to_owned() } else { given.to_string() },
        source_code: source.clone(),
        span: span.into(),
        help: format!("the function is {}", function.signature()),
    })
}

fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// A record's field that its type does not have: the parser drops it in silence.
fn stray_in_all(node: &Node, types: &[Type], text: &str) -> Option<(Range<usize>, String)> {
    node.as_tuple().ok()?.zip(types).find_map(|(node, ty)| stray(node, ty, text))
}

fn stray(node: &Node, ty: &Type, text: &str) -> Option<(Range<usize>, String)> {
    match ty {
        Type::Record(record) => node.as_record(text).ok()?.find_map(|(name, value)| {
            if let Some(field) = record.fields().find(|field| field.name == name) {
                return stray(value, &field.ty, text);
            }
            let label = match closest(name, record.fields().map(|field| field.name)) {
                Some(meant) => format!("no such field; did you mean `{meant}`?"),
                None => "no such field".to_owned(),
            };
            // The name is a part of the text, so their addresses tell where it stands.
            let start = name.as_ptr().addr().saturating_sub(text.as_ptr().addr());
            Some((start..start + name.len(), label))
        }),
        Type::List(list) => node.as_list().ok()?.find_map(|node| stray(node, &list.ty(), text)),
        Type::Tuple(tuple) => {
            node.as_tuple().ok()?.zip(tuple.types()).find_map(|(node, ty)| stray(node, &ty, text))
        }
        Type::Variant(variant) => {
            let (name, payload) = node.as_variant(text).ok()?;
            let case = variant.cases().find(|case| case.name == name)?;
            stray(payload?, &case.ty?, text)
        }
        Type::Option(option) => stray(node.as_option().ok()??, &option.ty(), text),
        Type::Result(result) => match node.as_result().ok()? {
            Ok(payload) => stray(payload?, &result.ok()?, text),
            Err(payload) => stray(payload?, &result.err()?, text),
        },
        // These hold no records, or were refused before.
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
        | Type::Flags(_)
        | Type::Map(_)
        | Type::FixedLengthList(_)
        | Type::Own(_)
        | Type::Borrow(_)
        | Type::Future(_)
        | Type::Stream(_)
        | Type::ErrorContext => None,
    }
}

/// Names the parameter that the error lies in, and what belongs there.
fn wrong_value(
    source: &Source,
    function: &Callable,
    label: String,
    at: &Range<usize>,
    written: &[Range<usize>],
) -> Box<InvokeError> {
    let index = written.iter().position(|w| w.start <= at.start && at.end <= w.end);
    let param = index.and_then(|index| nth_param(&function.ty, index));
    Box::new(InvokeError::Argument {
        param: param.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
        expected: param.map(|(_, ty)| signature::value(&ty)).unwrap_or_default(),
        source_code: source.clone(),
        span: at.clone().into(),
        label,
        help: format!("the function is {}", function.signature()),
    })
}

const NO_SUCH_VALUE: &str = "the type has no such value";

/// The parser's finding in words for somebody who sees the place.
fn what_is_wrong(error: &ParserError) -> String {
    if let Some(detail) = error.detail() {
        return detail.to_owned();
    }
    if let Some(cause) = std::error::Error::source(error) {
        return match cause.downcast_ref::<WasmValueError>() {
            Some(WasmValueError::WrongValueType { .. }) => NO_SUCH_VALUE.to_owned(),
            _ => cause.to_string(),
        };
    }
    match error.kind() {
        ParserErrorKind::InvalidType => "this is of another type".to_owned(),
        ParserErrorKind::InvalidValue => NO_SUCH_VALUE.to_owned(),
        kind => kind.to_string(),
    }
}

fn nth_param(ty: &ComponentFunc, index: usize) -> Option<(String, Type)> {
    ty.params().nth(index).map(|(name, ty)| (name.to_owned(), ty))
}
