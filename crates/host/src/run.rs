//! Running a command: the program's `wasi:cli/run`, of any 0.2 or 0.3.

use joggle_diag::quoted_list;

use crate::call::Took;
use crate::denied::Denied;
use crate::engine::Program;
use crate::error::HostError;
use crate::exports::{Callable, callables, command_entry};
use crate::grants::Grants;
use crate::session::{Called, Session};
use crate::signature::{self, sample};
use crate::value::Value;

/// How many exports an error lists before it only counts them.
const LISTED: usize = 20;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Its exit status; 0 is success.
    pub status: u8,
    /// What it asked for and was not granted. Worth saying if it failed.
    pub denied: Vec<Denied>,
    /// How long it took.
    pub took: Took,
}

impl Program {
    /// Runs the component as a command, with `args` after its own name.
    pub fn run(&self, grants: &Grants, args: &[String]) -> Result<Exit, HostError> {
        let callables = callables(&self.component.component_type(), &self.engine);
        let Some(entry) = command_entry(&callables) else {
            return Err(HostError::NotACommand {
                name: self.name.clone(),
                help: what_else(&self.name, &callables),
            });
        };
        let found = signature::function(&entry.ty, &entry.resources);
        if !matches!(found.as_str(), "func() -> result" | "async func() -> result") {
            let function = entry.label();
            return Err(HostError::CommandDiffers { name: self.name.clone(), function, found });
        }
        let mut session = Session::open(self, grants, args)?;
        let status = match session.perform(entry, &[])? {
            Called::Exited(status) => status,
            Called::Returned(Some(Value::Result(Err(_)))) => 1,
            Called::Returned(_) => 0,
        };
        Ok(Exit { status, denied: session.denied(), took: session.took() })
    }
}

/// What can be done with a component that is no command.
fn what_else(name: &str, callables: &[Callable]) -> String {
    if callables.is_empty() {
        return "it exports no function at all: look at what it holds with `joggle validate`, or compose it with a component that uses it".to_owned();
    }
    let mut lines = vec!["call one of its functions with --invoke:".to_owned()];
    lines.extend(listing(callables));
    let example = callables.iter().find_map(|c| {
        let values: Option<Vec<String>> = c.ty.params().map(|(_, ty)| sample(&ty)).collect();
        values.map(|v| format!("{}({})", c.label(), v.join(", ")))
    });
    if let Some(example) = example {
        lines.push(format!("for example:\n  joggle run {name} --invoke '{example}'"));
    }
    lines.join("\n")
}

/// The functions with their types, one a line.
pub(crate) fn listing(callables: &[Callable]) -> Vec<String> {
    let mut lines: Vec<String> =
        callables.iter().take(LISTED).map(|c| format!("  {}", c.signature())).collect();
    if callables.len() > LISTED {
        lines.push(format!("  and {} more", callables.len() - LISTED));
    }
    lines
}

/// The full names of functions, as a sentence's list.
pub(crate) fn names(callables: &[Callable]) -> String {
    let labels: Vec<String> = callables.iter().map(Callable::label).collect();
    quoted_list(labels.iter().map(String::as_str))
}
