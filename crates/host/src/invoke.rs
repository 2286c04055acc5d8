//! Calling any export with values as text: `iface#func(1, "two")` in WAVE, and
//! the result in WAVE. Finding the function is left to `exports`, the values to `wave`.

use std::ops::Range;

use joggle_diag::{Source, closest, source};
use wasmtime::component::Val;

use crate::call::{How, call};
use crate::denied::Denied;
use crate::engine::Program;
use crate::error::HostError;
use crate::exports::{Callable, Found, callables, find};
use crate::grants::Grants;
use crate::invoke_error::InvokeError;
use crate::run::{listing, names};
use crate::{signature, wave};

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
        let values = wave::values(&source, request.arguments, &function)?;
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
                span: (0, text.len()).into(),
                help: match text.split_whitespace().next() {
                    Some(name) => format!(
                        "arguments stand in parentheses, also when there are none: --invoke '{name}()'"
                    ),
                    None => "name an export and its arguments: --invoke 'FUNCTION(ARGUMENTS)'"
                        .to_owned(),
                },
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
    let refuse = |place: String, ty: String| {
        Box::new(InvokeError::ValueNotWave {
            function: function.label(),
            place,
            ty,
            source_code: source.clone(),
            span: request.name.clone().into(),
            signature: signature::function(&function.ty),
        })
    };
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

fn in_wave(function: &Callable, value: &Val) -> Result<String, HostError> {
    // The types were checked before the call, so the writer meets nothing unknown.
    value.to_wave().map_err(|error| HostError::Engine {
        reason: format!("the result of `{}` cannot be written: {error}", function.label()),
    })
}
