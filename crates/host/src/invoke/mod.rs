//! Calling any export with values: as text, `iface#func(1, "two")` in WAVE, or as
//! plain data. Finding the function is left to `exports`, the values to `wave`.

mod error;
pub(crate) mod syntax;

use std::collections::BTreeMap;
use std::ops::Range;

use joggle_diag::{Source, closest, source};
use wasmtime::component::{ResourceType, Val};

pub use self::error::InvokeError;
use self::syntax::{Arguments, Call, Head, NotACall};
use crate::call::Took;
use crate::denied::Denied;
use crate::engine::Program;
use crate::error::HostError;
use crate::exports::{Callable, Found, find, plain};
use crate::grants::Grants;
use crate::run::{listing, names};
use crate::session::{Called, Session};
use crate::value::Value;
use crate::value::handles::Handles;
use crate::wave::syntax::{Cursor, Fault};
use crate::wave::{self, Names, Place};

/// How an invoked function ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// The exit status if the program ended itself instead of returning.
    pub exited: Option<u8>,
    /// The result in WAVE; none if the function has no result.
    pub result: Option<String>,
    /// What the program asked for and was not granted.
    pub denied: Vec<Denied>,
    /// How long it took.
    pub took: Took,
}

impl Program {
    /// Calls an export. The text is a function and its arguments in WAVE:
    /// `interface#function(arguments)`, where the interface may be left out or
    /// be given without its version as long as only one function fits. A
    /// resource's name calls its constructor, and methods may follow:
    /// `bucket("x").get("key")`.
    pub fn invoke(
        &self,
        grants: &Grants,
        args: &[String],
        text: &str,
    ) -> Result<Invoked, HostError> {
        let source = source("--invoke", text);
        let mut session = Session::open(self, grants, args)?;
        let mut cursor = Cursor::new(text, 0);
        let call = cursor.call().map_err(|fault| session.no_call(&source, fault))?;
        cursor.skip();
        if cursor.peek().is_some() {
            let label = "nothing belongs after the call".to_owned();
            let fault = Fault { span: cursor.at..text.trim_end().len(), label };
            return Err(session.no_call(&source, NotACall::Fault(call.head, fault)).into());
        }
        let called = session.evaluate(&source, &call, &Bound::default())?;
        let (exited, result) = match called {
            Called::Exited(status) => (Some(status), None),
            Called::Returned(value) => (None, value.map(|value| value.to_wave())),
        };
        Ok(Invoked { exited, result, denied: session.denied(), took: session.took() })
    }
}

/// The values that names stand for.
pub(crate) type Bound = BTreeMap<String, Value>;

/// Bound names and the handles of a session.
struct Scope<'s> {
    bound: &'s Bound,
    handles: &'s Handles,
}

impl Names for Scope<'_> {
    fn bound(&self, name: &str) -> Option<Value> {
        self.bound.get(name).cloned()
    }

    fn handle(&self, resource: &str, number: u32) -> Option<Value> {
        self.handles.named(resource, number)
    }
}

impl Session<'_> {
    /// Calls an export by its name, as `--invoke` takes it; a method's first
    /// argument is its handle.
    pub fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Called, HostError> {
        // The call as text, so that what is wrong can be shown in it.
        let mut text = format!("{name}(");
        let mut spans = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ", " });
            let start = text.len();
            text.push_str(&argument.to_wave());
            spans.push(start..text.len());
        }
        text.push(')');
        let source = source("the call", text.as_str());
        let (interface, function) = match name.rsplit_once('#') {
            Some((interface, function)) => (Some(interface.to_owned()), function.to_owned()),
            None => (None, name.to_owned()),
        };
        let head = Head { interface, function, span: 0..name.len() };
        let function = self.choose(&source, &head)?;
        let place = Place { source: &source, arguments: name.len()..text.len() };
        if function.ty.params().len() != arguments.len() {
            return Err(wave::wrong_count(
                &place,
                function.ty.params().len(),
                &function,
                arguments.len(),
            )
            .into());
        }
        self.send(&place, &function, arguments, &spans)
    }

    /// Drops a handle, or closes the stream or future that a value stands for.
    pub fn discard(&mut self, value: &Value) -> Result<Called, HostError> {
        let text = value.to_wave();
        let source = source("the value", text.as_str());
        self.discard_at(&source, 0..text.len(), value)
    }

    pub(crate) fn discard_at(
        &mut self,
        source: &Source,
        span: Range<usize>,
        value: &Value,
    ) -> Result<Called, HostError> {
        let dropped = self.handles.release(value).map_err(|label| {
            Box::new(InvokeError::NotAHandle {
                shown: value.to_wave(),
                source_code: source.clone(),
                span: span.into(),
                label,
            })
        })?;
        self.dismiss(dropped)
    }

    /// Does what a written call says.
    pub(crate) fn evaluate(
        &mut self,
        source: &Source,
        call: &Call,
        bound: &Bound,
    ) -> Result<Called, HostError> {
        let on = match (&call.head.interface, call.head.function.split_once('.')) {
            (None, Some((name, method))) => bound.get(name).map(|value| (value.clone(), method)),
            // `bucket#1.get`: no function's name begins with a digit.
            (Some(resource), Some((number, method))) => {
                let number = number.parse().ok();
                let handle = number.and_then(|number| self.handles.named(resource, number));
                handle.map(|value| (value, method))
            }
            (_, None) => None,
        };
        let span = call.head.span.clone();
        let (function, this) = match on {
            Some((value, method)) => {
                (self.method(source, span.clone(), &value, method)?, vec![value])
            }
            None => (self.choose(source, &call.head)?, Vec::new()),
        };
        let mut called = self.with(source, &function, this, span, &call.arguments, bound)?;
        for (method, arguments) in &call.then {
            let Called::Returned(value) = called else { return Ok(called) };
            let value = value.unwrap_or(Value::Tuple(Vec::new()));
            let span = method.span.clone();
            let function = self.method(source, span.clone(), &value, &method.text)?;
            called = self.with(source, &function, vec![value], span, arguments, bound)?;
        }
        Ok(called)
    }

    /// Calls a function with `this`, if it is a method, and written arguments.
    fn with(
        &mut self,
        source: &Source,
        function: &Callable,
        this: Vec<Value>,
        name: Range<usize>,
        arguments: &Arguments,
        bound: &Bound,
    ) -> Result<Called, HostError> {
        let place = Place { source, arguments: arguments.span.clone() };
        let scope = Scope { bound, handles: &self.handles };
        let made = wave::values(&place, &arguments.nodes, function, this.len(), &scope)?;
        let mut spans = vec![name; this.len()];
        spans.extend(arguments.nodes.iter().map(|node| node.span.clone()));
        let mut values = this;
        values.extend(made);
        self.send(&place, function, &values, &spans)
    }

    /// Hands values of the right number over to the engine.
    fn send(
        &mut self,
        place: &Place<'_>,
        function: &Callable,
        values: &[Value],
        spans: &[Range<usize>],
    ) -> Result<Called, HostError> {
        let wrong = |index: usize, label: String| {
            // What was left out cannot be wrong, so there always is a place.
            let span = spans.get(index).unwrap_or(&place.arguments).clone();
            wave::wrong_value(place, function, index, &Fault { span, label })
        };
        let mut vals: Vec<Val> = Vec::with_capacity(values.len());
        for (index, ((_, ty), value)) in function.ty.params().zip(values).enumerate() {
            let made = self.handles.send(value, &ty, &function.resources);
            vals.push(made.map_err(|label| wrong(index, label))?);
        }
        for (index, ((_, ty), val)) in function.ty.params().zip(&vals).enumerate() {
            self.handles.gave(val, &ty).map_err(|label| wrong(index, label))?;
        }
        for (index, ((_, ty), val)) in function.ty.params().zip(&vals).enumerate() {
            self.handles.lent(val, &ty).map_err(|label| wrong(index, label))?;
        }
        self.perform(function, &vals)
    }

    /// The one function that is meant.
    fn choose(&self, source: &Source, head: &Head) -> Result<Callable, Box<InvokeError>> {
        let callables = &self.callables;
        match find(callables, head.interface.as_deref(), &head.function) {
            Found::One(callable) => Ok(callable),
            Found::Several(candidates) => Err(Box::new(InvokeError::Ambiguous {
                named: head.named(),
                candidates: names(&candidates),
                source_code: source.clone(),
                span: head.span.clone().into(),
                help: {
                    let example = candidates.first().map(Callable::label).unwrap_or_default();
                    format!("write the whole name: {example}(…)")
                },
            })),
            Found::Nothing => Err(Box::new(InvokeError::Unknown {
                program: self.program.name.clone(),
                named: head.named(),
                source_code: source.clone(),
                span: head.span.clone().into(),
                label: suggestion(head, callables).map_or_else(
                    || "no such export".to_owned(),
                    |n| format!("did you mean `{n}`?"),
                ),
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

    /// The method of this name of what a value is a handle to.
    fn method(
        &self,
        source: &Source,
        span: Range<usize>,
        value: &Value,
        name: &str,
    ) -> Result<Callable, Box<InvokeError>> {
        let no_handle = |label: String| {
            Box::new(InvokeError::NotAHandle {
                shown: value.to_wave(),
                source_code: source.clone(),
                span: span.clone().into(),
                label,
            })
        };
        let resource = self.handles.resource(value).map_err(no_handle)?;
        let methods = |ty: ResourceType| {
            let all = self.callables.iter().filter_map(move |c| c.method_of(ty).map(|m| (m, c)));
            all.collect::<Vec<(&str, &Callable)>>()
        };
        let all = resource.map(methods).unwrap_or_default();
        if let Some((_, found)) = all.iter().find(|(method, _)| *method == name) {
            return Ok((*found).clone());
        }
        let candidates = all.iter().map(|(method, _)| *method);
        Err(Box::new(InvokeError::UnknownMethod {
            resource: match value {
                Value::Handle { resource, .. } => resource.clone(),
                other => other.to_wave(),
            },
            named: name.to_owned(),
            source_code: source.clone(),
            span: span.into(),
            label: match closest(name, candidates) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "no such method".to_owned(),
            },
            help: if all.is_empty() {
                "it has no methods".to_owned()
            } else {
                let all: Vec<Callable> = all.into_iter().map(|(_, c)| c.clone()).collect();
                format!("its methods are:\n{}", listing(&all).join("\n"))
            },
        }))
    }

    /// What is wrong with a text that is no call.
    pub(crate) fn no_call(&self, source: &Source, fault: NotACall) -> Box<InvokeError> {
        Box::new(match fault {
            NotACall::NoArguments(span) => {
                let text = source.inner().get(span.clone()).unwrap_or_default();
                let help = match text.split_whitespace().next() {
                    Some(name) => format!(
                        "arguments stand in parentheses, also when there are none: {name}()"
                    ),
                    None => "name an export and its arguments: FUNCTION(ARGUMENTS)".to_owned(),
                };
                InvokeError::NotACall { source_code: source.clone(), span: span.into(), help }
            }
            NotACall::Fault(head, fault) => {
                let function = self.choose(source, &head).ok();
                wave::syntax(source, fault, function.as_ref())
            }
        })
    }
}

/// The nearest function: by its whole name, else by the function's name alone.
fn suggestion(head: &Head, callables: &[Callable]) -> Option<String> {
    let labels: Vec<String> = callables.iter().map(Callable::label).collect();
    let named = head.named();
    if let Some(label) = closest(&named, labels.iter().map(String::as_str)) {
        return Some(label.to_owned());
    }
    let name = closest(&head.function, callables.iter().map(|c| plain(&c.name)))?;
    callables.iter().find(|c| plain(&c.name) == name).map(Callable::label)
}
