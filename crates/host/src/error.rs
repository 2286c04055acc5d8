//! Everything that can go wrong between a component's bytes and its result.
//! What is wrong with the text of a call is left to `invoke_error`.

use std::sync::Arc;
use std::time::Duration;

use joggle_diag::{Source, quoted_list};
use miette::{Diagnostic, SourceSpan};

use crate::invoke::InvokeError;
use crate::limits::{bytes_in_words, duration_in_words};
use crate::needs::Missing;
use crate::trap::Trap;

/// Why a component could not be run, or how its run failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum HostError {
    /// The engine does not take the component.
    #[error("`{name}` cannot be compiled: {reason}")]
    #[diagnostic(
        code("host::not-compiled"),
        help(
            "`joggle validate {name}` says whether the file is at fault; if it is valid, it uses something that this engine lacks"
        )
    )]
    NotCompiled {
        /// The component.
        name: String,
        /// The engine's words.
        reason: String,
    },
    /// Imports that nobody provides.
    #[error("`{name}` imports {list}, which this host does not provide")]
    #[diagnostic(code("host::import-not-provided"), help("{help}"))]
    ImportNotProvided {
        /// The component.
        name: String,
        /// The names of the imports.
        imports: Vec<String>,
        /// The same as a sentence's list.
        list: String,
        /// What to do.
        help: String,
    },
    /// An import is provided, but not in the shape that the component wants.
    #[error("`{name}` imports something in another shape than it is provided: {reason}")]
    #[diagnostic(
        code("host::import-differs"),
        help(
            "the host has WASI 0.2.12 and 0.3.0: build against one of those, or compose with a component that provides what is missing\nthe engine says: {chain}"
        )
    )]
    ImportDiffers {
        /// The component.
        name: String,
        /// The difference.
        reason: String,
        /// The way to it.
        chain: String,
    },
    /// A granted folder cannot be opened.
    #[error("cannot grant the folder `{folder}`: {reason}")]
    #[diagnostic(
        code("host::folder-not-granted"),
        help(
            "--dir takes an existing folder: --dir HOST, or --dir HOST::GUEST to show it under another path"
        )
    )]
    FolderNotGranted {
        /// The folder.
        folder: String,
        /// Why.
        reason: String,
    },
    /// There is a `wasi:cli/run`, and it is another function than WASI's.
    #[error("`{name}` is not a command: `{function}` is `{found}`")]
    #[diagnostic(
        code("host::command-differs"),
        help(
            "a command's is `func() -> result`, in 0.3 `async func() -> result`: take the WIT of wasi:cli as it is\nor call the function that is there: joggle run {name} --invoke '{function}'"
        )
    )]
    CommandDiffers {
        /// The component.
        name: String,
        /// The function's full name.
        function: String,
        /// Its type.
        found: String,
    },
    /// There is no `wasi:cli/run`.
    #[error("`{name}` is not a command: it does not export `wasi:cli/run`")]
    #[diagnostic(code("host::not-a-command"), help("{help}"))]
    NotACommand {
        /// The component.
        name: String,
        /// What can be called instead.
        help: String,
    },
    /// The text of a call means nothing that can be called.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Invoke(#[from] Box<InvokeError>),
    /// The program trapped.
    #[error("`{name}` trapped: {}", trap.reason)]
    #[diagnostic(code("host::trap"), help("{help}"))]
    Trap {
        /// The component.
        name: String,
        /// What, where, and what was denied before.
        trap: Box<Trap>,
        /// The calls, as text.
        help: String,
    },
    /// The program's time was over before it ended.
    #[error("`{name}` ran longer than {allowed}, and was stopped")]
    #[diagnostic(code("host::time-is-over"), help("{help}"))]
    TimeIsOver {
        /// The component.
        name: String,
        /// The limit.
        allowed: String,
        /// The calls, as text, and how to allow more.
        help: String,
    },
    /// The program had no fuel left.
    #[error("`{name}` used all of its fuel, {fuel} units, and was stopped")]
    #[diagnostic(code("host::out-of-fuel"), help("{help}"))]
    OutOfFuel {
        /// The component.
        name: String,
        /// The limit.
        fuel: u64,
        /// The calls, as text, and how to allow more.
        help: String,
    },
    /// The program failed after it was refused memory.
    #[error(
        "`{name}` needs more memory than {allowed}: it asked for {wanted} in all, did not get it, and failed"
    )]
    #[diagnostic(code("host::out-of-memory"), help("{help}"))]
    OutOfMemory {
        /// The component.
        name: String,
        /// The limit.
        allowed: String,
        /// What it would have come to.
        wanted: String,
        /// The calls, as text, and how to allow more.
        help: String,
    },
    /// The program was stopped in a line of a script.
    #[error("line {line} of `{script}` was the last: {error}")]
    #[diagnostic(code("host::script-stopped"), help("{help}"))]
    ScriptStopped {
        /// The script.
        script: String,
        /// The line's number, beginning with 1.
        line: usize,
        /// The script's text.
        #[source_code]
        source_code: Arc<Source>,
        /// The line.
        #[label("here")]
        span: SourceSpan,
        /// What stopped it.
        error: Box<HostError>,
        /// The calls, as text.
        help: String,
    },
    /// The engine or the system failed, not the component.
    #[error("the engine failed: {reason}")]
    #[diagnostic(
        code("host::engine-failed"),
        help(
            "the component is not at fault: check memory and limits of this machine, and report it if it persists"
        )
    )]
    Engine {
        /// The engine's words.
        reason: String,
    },
}

impl HostError {
    /// Whether the program ran and failed, as against not having been run.
    #[must_use]
    pub fn ran(&self) -> bool {
        matches!(
            self,
            HostError::Trap { .. }
                | HostError::ScriptStopped { .. }
                | HostError::TimeIsOver { .. }
                | HostError::OutOfFuel { .. }
                | HostError::OutOfMemory { .. }
        )
    }

    pub(crate) fn time_is_over(name: &str, allowed: Duration, trap: &Trap) -> HostError {
        let advice = if trap.frames.is_empty() {
            "it was waiting, not computing, when its time was over
allow more with --timeout"
        } else {
            "allow more with --timeout"
        };
        HostError::TimeIsOver {
            name: name.to_owned(),
            allowed: duration_in_words(allowed),
            help: trap.help_with(advice),
        }
    }

    pub(crate) fn out_of_fuel(name: &str, fuel: u64, trap: &Trap) -> HostError {
        let help = trap.help_with("allow more with --fuel");
        HostError::OutOfFuel { name: name.to_owned(), fuel, help }
    }

    pub(crate) fn out_of_memory(name: &str, allowed: u64, wanted: u64, trap: &Trap) -> HostError {
        HostError::OutOfMemory {
            name: name.to_owned(),
            allowed: bytes_in_words(allowed),
            wanted: bytes_in_words(wanted),
            help: trap.help_with("allow more with --max-memory"),
        }
    }

    pub(crate) fn trap(name: &str, trap: Trap) -> HostError {
        let help = trap.help();
        HostError::Trap { name: name.to_owned(), trap: Box::new(trap), help }
    }

    pub(crate) fn import_not_provided(name: &str, missing: Vec<Missing>) -> HostError {
        let list = quoted_list(missing.iter().map(|m| m.import.as_str()));
        let mut lines: Vec<String> = missing
            .iter()
            .filter(|m| !m.asked_by.is_empty())
            .map(|m| {
                let askers = quoted_list(m.asked_by.iter().map(String::as_str));
                format!("`{}` is for {askers}", m.import)
            })
            .collect();
        let wasi = |m: &&Missing| m.import.starts_with("wasi:");
        if missing.iter().any(|m| !wasi(&m)) {
            lines.push(format!(
                "compose it with a component that exports what is missing: joggle compose {name} PROVIDER.wasm -o out.wasm"
            ));
        }
        let withheld: Vec<&str> = missing.iter().filter(wasi).map(|m| m.import.as_str()).collect();
        if !withheld.is_empty() {
            lines.push(format!(
                "of WASI, this host provides `wasi:cli` with what belongs to it and `wasi:http` of 0.2 and 0.3, `wasi:config` and `wasi:keyvalue`; it does not provide {}: compose in a component that does",
                quoted_list(withheld)
            ));
        }
        let imports = missing.into_iter().map(|m| m.import).collect();
        HostError::ImportNotProvided {
            name: name.to_owned(),
            imports,
            list,
            help: lines.join("\n"),
        }
    }
}
