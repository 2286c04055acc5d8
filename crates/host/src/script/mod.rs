//! A script: calls of a program's exports, one a line, in one session. Results
//! can be bound to names, which later lines use as arguments and as what a
//! method is called on. Printing results is left to the caller.
//!
//! All lines are read before the first is run, so that a script with a mistake
//! in its syntax does nothing.

mod syntax;

use joggle_diag::{Source, closest, source};

use self::syntax::{Action, NotAScript, Statement, statements};
use crate::error::HostError;
use crate::invoke::Bound;
use crate::invoke::InvokeError;
use crate::session::{Called, Session};
use crate::value::Value;
use crate::wave::syntax::{Fault, Kind, Node, Word};

/// How a script ended that had no mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// All lines were run.
    ToTheEnd,
    /// The program ended itself with this status in a call, and the lines after it were not run.
    Exited(u8),
}

impl Session<'_> {
    /// Runs a script. `name` is what messages call it; `each` gets the results
    /// that are not bound to a name, in order.
    pub fn play(
        &mut self,
        name: &str,
        text: &str,
        each: &mut dyn FnMut(&Value),
    ) -> Result<Played, HostError> {
        let source = source(name, text);
        let lines = statements(text).map_err(|fault| self.no_script(&source, fault))?;
        let mut bound = Bound::new();
        for line in &lines {
            match self.statement(&source, line, &mut bound) {
                Ok(Called::Exited(status)) => return Ok(Played::Exited(status)),
                Ok(Called::Returned(Some(value))) => each(&value),
                Ok(Called::Returned(None)) => {}
                Err(error) if error.ran() => return Err(stopped(name, &source, line, error)),
                Err(error) => return Err(error),
            }
        }
        Ok(Played::ToTheEnd)
    }

    fn statement(
        &mut self,
        source: &Source,
        line: &Statement,
        bound: &mut Bound,
    ) -> Result<Called, HostError> {
        match &line.action {
            Action::Drop(node) => {
                let value = self.meant(source, node, bound)?;
                self.discard_at(source, node.span.clone(), &value)
            }
            Action::Call(None, call) => self.evaluate(source, call, bound),
            Action::Call(Some(word), call) => match self.evaluate(source, call, bound)? {
                Called::Returned(Some(value)) => {
                    bound.insert(word.text.clone(), value);
                    Ok(Called::Returned(None))
                }
                Called::Returned(None) => Err(Box::new(InvokeError::NothingToBind {
                    name: word.text.clone(),
                    source_code: source.clone(),
                    span: word.span.clone().into(),
                })
                .into()),
                exited @ Called::Exited(_) => Ok(exited),
            },
        }
    }

    /// The value that a name or a handle means.
    fn meant(
        &self,
        source: &Source,
        node: &Node,
        bound: &Bound,
    ) -> Result<Value, Box<InvokeError>> {
        match &node.kind {
            Kind::Handle(resource, number) => {
                let shown = format!("{resource}#{number}");
                self.handles.named(resource, *number).ok_or_else(|| {
                    Box::new(InvokeError::NotAHandle {
                        label: format!("there is no `{shown}`"),
                        shown,
                        source_code: source.clone(),
                        span: node.span.clone().into(),
                    })
                })
            }
            Kind::Word(Word { text, .. }) => bound.get(text).cloned().ok_or_else(|| {
                Box::new(InvokeError::UnknownName {
                    name: text.clone(),
                    source_code: source.clone(),
                    span: node.span.clone().into(),
                    label: match closest(text, bound.keys().map(String::as_str)) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => "no line before this one binds it".to_owned(),
                    },
                })
            }),
            // The syntax lets nothing else through.
            _ => Err(Box::new(InvokeError::ScriptSyntax {
                source_code: source.clone(),
                span: node.span.clone().into(),
                label: "a name or a handle belongs here".to_owned(),
            })),
        }
    }

    fn no_script(&self, source: &Source, fault: NotAScript) -> Box<InvokeError> {
        match fault {
            NotAScript::Call(fault) => self.no_call(source, fault),
            NotAScript::Fault(Fault { span, label }) => Box::new(InvokeError::ScriptSyntax {
                source_code: source.clone(),
                span: span.into(),
                label,
            }),
        }
    }
}

/// The line at which the program was stopped, around what stopped it.
fn stopped(name: &str, source: &Source, line: &Statement, error: HostError) -> HostError {
    let before = source.inner().get(..line.span.start).unwrap_or_default();
    HostError::ScriptStopped {
        script: name.to_owned(),
        line: before.matches('\n').count() + 1,
        source_code: std::sync::Arc::new(source.clone()),
        span: line.span.clone().into(),
        help: miette::Diagnostic::help(&error).map(|help| help.to_string()).unwrap_or_default(),
        error: Box::new(error),
    }
}
