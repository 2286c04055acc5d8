//! Calling any export with values as text: `iface#func(1, "two")` in WAVE, and
//! the result in WAVE. Finding the function is left to `exports`.

use std::ops::Range;

use joggle_diag::{Source, closest, source};
use wasmtime::component::Val;
use wasmtime::component::types::{ComponentFunc, Type};
use wasmtime::component::wasm_wave::ast::Node;
use wasmtime::component::wasm_wave::parser::{ParserError, ParserErrorKind};
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::wasm_wave::wasm::WasmValueError;

use crate::call::{How, call};
use crate::denied::Denied;
use crate::engine::Program;
use crate::error::HostError;
use crate::exports::{Callable, Found, callables, find};
use crate::grants::Grants;
use crate::invoke_error::InvokeError;
use crate::run::{listing, names};
use crate::signature;

/// How an invoked function ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// The exit status if the program ended itself instead of returning.
    pub exited: Option<u8>,
    /// The result in WAVE; none if the function has no result.
    pub result: Option<String>,
    /// What the program asked for and was not granted.
    pub denied: Vec<Denied>,
}

impl Program<'_> {
    /// Calls an export. The text is a function and its arguments in WAVE:
    /// `interface#function(arguments)`, where the interface may be left out or
    /// be given without its version as long as only one function fits.
    pub fn invoke(
        &self,
        grants: &Grants,
        args: &[String],
        text: &str,
    ) -> Result<Invoked, HostError> {
        let source = source("--invoke", text);
        let request = Request::parse(&source, text)?;
        let callables = callables(&self.component.component_type(), &self.engine);
        let function = choose(&self.name, &source, &request, &callables)?;
        expressible(&source, &request, &function)?;
        let values = request.values(&source, &function)?;
        let ended = call(self, grants, args, &function, &values)?;
        let (exited, result) = match ended.how {
            How::Exited(status) => (Some(status), None),
            How::Returned(None) => (None, None),
            How::Returned(Some(value)) => (None, Some(in_wave(&function, &value)?)),
        };
        Ok(Invoked { exited, result, denied: ended.denied })
    }
}

/// The parts of an `--invoke` text. All offsets are in bytes of the whole text.
struct Request<'a> {
    interface: Option<&'a str>,
    function: &'a str,
    /// Where interface and function are named.
    name: Range<usize>,
    /// The arguments, beginning with their parenthesis.
    arguments: &'a str,
}

impl<'a> Request<'a> {
    fn parse(source: &Source, text: &'a str) -> Result<Request<'a>, Box<InvokeError>> {
        let Some(paren) = text.find('(') else {
            return Err(Box::new(InvokeError::NotACall {
                source_code: source.clone(),
                span: (text.len(), 0).into(),
                help: format!(
                    "arguments stand in parentheses, also when there are none: --invoke '{}()'",
                    text.trim()
                ),
            }));
        };
        let (head, arguments) = text.split_at(paren);
        let lead = head.len() - head.trim_start().len();
        let head = head.trim();
        let (interface, function) = match head.rsplit_once('#') {
            Some((interface, function)) => (Some(interface), function),
            None => (None, head),
        };
        Ok(Request { interface, function, name: lead..lead + head.len(), arguments })
    }

    fn named(&self) -> String {
        match self.interface {
            Some(interface) => format!("{interface}#{}", self.function),
            None => self.function.to_owned(),
        }
    }

    /// The arguments as values of the function's parameter types.
    fn values(&self, source: &Source, function: &Callable) -> Result<Vec<Val>, Box<InvokeError>> {
        // The parser wants a name first; a function's may hold what WAVE does not allow in one.
        const NAME: &str = "f";
        let call = format!("{NAME}{}", self.arguments);
        let begin = source.inner().len() - self.arguments.len();
        let shift = |span: Range<usize>| {
            let start = (span.start + begin).saturating_sub(NAME.len());
            start..(span.end + begin).saturating_sub(NAME.len()).max(start)
        };
        let types: Vec<Type> = function.ty.params().map(|(_, ty)| ty).collect();
        let parsed = UntypedFuncCall::parse(&call)
            .map_err(|e| self.syntax(source, function, &e, shift(e.span())))?;
        let written: Vec<Range<usize>> = parsed
            .params_node()
            .and_then(|node| node.as_tuple().ok())
            .map(|nodes| nodes.map(|node| shift(node.span())).collect())
            .unwrap_or_default();
        let required = types.iter().rposition(|ty| !matches!(ty, Type::Option(_)));
        if written.len() > types.len() || required.is_some_and(|last| written.len() <= last) {
            return Err(self.wrong_count(source, function, written.len()));
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
        &self,
        source: &Source,
        function: &Callable,
        error: &ParserError,
        at: Range<usize>,
    ) -> Box<InvokeError> {
        Box::new(InvokeError::Syntax {
            source_code: source.clone(),
            span: at.into(),
            label: match error.kind() {
                ParserErrorKind::UnexpectedEnd => "something is missing here".to_owned(),
                kind => kind.to_string(),
            },
            help: format!(
                "values are written in WAVE: 1, -2.5, true, 'c', \"text\", [1, 2], (1, \"a\"), {{field: 1}}, some(1), none, ok(1), err(\"why\"), case-name\nthe function is {}",
                function.signature()
            ),
        })
    }

    fn wrong_count(&self, source: &Source, function: &Callable, given: usize) -> Box<InvokeError> {
        let begin = source.inner().len() - self.arguments.len();
        let span = begin..begin + self.arguments.trim_end().len();
        Box::new(InvokeError::ArgumentCount {
            function: function.label(),
            expected: count(function.ty.params().len(), "argument"),
            given: if given == 0 { "none".to_owned() } else { given.to_string() },
            source_code: source.clone(),
            span: span.into(),
            help: format!("the function is {}", function.signature()),
        })
    }
}

fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// The one function that is meant.
fn choose(
    program: &str,
    source: &Source,
    request: &Request<'_>,
    callables: &[Callable],
) -> Result<Callable, Box<InvokeError>> {
    match find(callables, request.interface, request.function) {
        Found::One(callable) => Ok(callable),
        Found::Several(candidates) => Err(Box::new(InvokeError::Ambiguous {
            named: request.named(),
            candidates: names(&candidates),
            source_code: source.clone(),
            span: request.name.clone().into(),
            help: {
                let example = candidates.first().map(Callable::label).unwrap_or_default();
                format!("write the whole name: --invoke '{example}{}'", request.arguments)
            },
        })),
        Found::Nothing => Err(Box::new(InvokeError::Unknown {
            program: program.to_owned(),
            named: request.named(),
            source_code: source.clone(),
            span: request.name.clone().into(),
            label: suggestion(request, callables)
                .map_or_else(|| "no such export".to_owned(), |n| format!("did you mean `{n}`?")),
            help: if callables.is_empty() {
                "it exports no function".to_owned()
            } else {
                let mut lines = vec!["it exports:".to_owned()];
                lines.extend(listing(callables));
                lines.join("\n")
            },
        })),
    }
}

/// The nearest function: by its whole name, else by the function's name alone.
fn suggestion(request: &Request<'_>, callables: &[Callable]) -> Option<String> {
    let labels: Vec<String> = callables.iter().map(Callable::label).collect();
    let named = request.named();
    if let Some(label) = closest(&named, labels.iter().map(String::as_str)) {
        return Some(label.to_owned());
    }
    let name = closest(request.function, callables.iter().map(|c| c.name.as_str()))?;
    callables.iter().find(|c| c.name == name).map(Callable::label)
}

/// Refuses functions whose values have no notation, before anything is called.
fn expressible(
    source: &Source,
    request: &Request<'_>,
    function: &Callable,
) -> Result<(), Box<InvokeError>> {
    let refuse = |place: String, ty: String| Box::new(InvokeError::ValueNotWave {
        function: function.label(),
        place,
        ty,
        source_code: source.clone(),
        span: request.name.clone().into(),
        signature: signature::function(&function.ty),
    });
    for (name, ty) in function.ty.params() {
        if let Some(part) = signature::not_wave(&ty) {
            return Err(refuse(format!("the parameter `{name}`"), part));
        }
    }
    for ty in function.ty.results() {
        if let Some(part) = signature::not_wave(&ty) {
            return Err(refuse("the result".to_owned(), part));
        }
    }
    Ok(())
}

/// A record's field that its type does not have: the parser drops it in silence.
fn stray_in_all(node: &Node, types: &[Type], text: &str) -> Option<(Range<usize>, String)> {
    node.as_tuple().ok()?.zip(types).find_map(|(node, ty)| stray(node, ty, text))
}

fn stray(node: &Node, ty: &Type, text: &str) -> Option<(Range<usize>, String)> {
    match ty {
        Type::Record(record) => node.as_record(text).ok()?.find_map(|(name, value)| {
            match record.fields().find(|field| field.name == name) {
                Some(field) => stray(value, &field.ty, text),
                None => {
                    let names: Vec<&str> = record.fields().map(|field| field.name).collect();
                    let label = match closest(name, names) {
                        Some(meant) => format!("no such field; did you mean `{meant}`?"),
                        None => "no such field".to_owned(),
                    };
                    // The name is a part of the text, so their addresses tell where it stands.
                    let start = name.as_ptr().addr().saturating_sub(text.as_ptr().addr());
                    Some((start..start + name.len(), label))
                }
            }
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

fn in_wave(function: &Callable, value: &Val) -> Result<String, HostError> {
    // The types were checked before the call, so the writer meets nothing unknown.
    value.to_wave().map_err(|error| HostError::Engine {
        reason: format!("the result of `{}` cannot be written: {error}", function.label()),
    })
}
