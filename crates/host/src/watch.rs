//! Host functions beside WASI's that a program calls to report what it does.
//! What they are called and what becomes of the values is the caller's affair;
//! making a program call them is left to `joggle-trace`.

use std::fmt;
use std::sync::Arc;

use wasmtime::component::types::Type;
use wasmtime::component::{Linker, Val};

use crate::exports::Callable;
use crate::state::State;
use crate::value::Value;
use crate::value::convert::from_engine;
use crate::value::resources::NAMELESS;

/// What is done with the arguments of a report.
type Report = Arc<dyn Fn(Vec<Value>) + Send + Sync>;
/// What is done when the host itself calls.
type EntryReport = Arc<dyn Fn(Entry<'_>) + Send + Sync>;

/// A call of the host's own into the program.
#[derive(Debug)]
pub enum Entry<'e> {
    /// It begins.
    Called {
        /// The export: `interface#function`, or `function`.
        function: &'e str,
        /// The arguments by name. A handle is only its resource's name.
        arguments: Vec<(String, Value)>,
    },
    /// It is over.
    Returned {
        /// What it gave back.
        result: Option<Value>,
    },
}

/// One interface of functions that return nothing, each with what it does.
#[derive(Clone)]
pub struct Watch {
    interface: String,
    functions: Vec<(String, Report)>,
    entries: Option<EntryReport>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.functions.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Watch")
            .field("interface", &self.interface)
            .field("names", &names)
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// An interface of this name, without functions so far.
    #[must_use]
    pub fn new(interface: &str) -> Watch {
        Watch { interface: interface.to_owned(), functions: Vec::new(), entries: None }
    }

    /// Adds a function. It takes whatever the program passes.
    pub fn function(
        &mut self,
        name: impl Into<String>,
        report: impl Fn(Vec<Value>) + Send + Sync + 'static,
    ) {
        self.functions.push((name.into(), Arc::new(report)));
    }

    /// Also reports what the host itself calls.
    pub fn entries(&mut self, report: impl Fn(Entry<'_>) + Send + Sync + 'static) {
        self.entries = Some(Arc::new(report));
    }

    /// The host is about to call an export.
    pub(crate) fn entered(&self, function: &Callable, vals: &[Val]) {
        let Some(report) = &self.entries else { return };
        let params = function.ty.params().zip(vals);
        let arguments =
            params.map(|((name, ty), val)| (name.to_owned(), named(val, &ty))).collect();
        report(Entry::Called { function: &function.label(), arguments });
    }

    /// The export has returned.
    pub(crate) fn left(&self, function: &Callable, vals: &[Val]) {
        let Some(report) = &self.entries else { return };
        let mut results = function.ty.results().zip(vals);
        report(Entry::Returned { result: results.next().map(|(ty, val)| named(val, &ty)) });
    }

    /// Gives the functions to programs.
    pub(crate) fn add_to_linker(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        let mut interface = linker.instance(&self.interface)?;
        for (name, report) in &self.functions {
            let report = Arc::clone(report);
            interface.func_new(name, move |_, _, params, _| {
                report(params.iter().map(plain).collect());
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// A value in which a handle is the name of its kind: its number is the session's affair.
fn named(val: &Val, ty: &Type) -> Value {
    from_engine(val, Some(ty), &mut |val, _| {
        let kind = match val {
            Val::Stream(_) => "stream",
            Val::Future(_) => "future",
            Val::ErrorContext(_) => "error-context",
            _ => NAMELESS,
        };
        Value::Enum(kind.to_owned())
    })
}

/// A value without handles; a handle means nothing outside of the program.
fn plain(val: &Val) -> Value {
    from_engine(val, None, &mut |_, _| Value::Tuple(Vec::new()))
}
