//! Everything that can go wrong between a component's bytes and its result.
//! What is wrong with the text of a call is left to `invoke_error`.

use joggle_diag::quoted_list;
use miette::Diagnostic;

use crate::invoke_error::InvokeError;
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
        matches!(self, HostError::Trap { .. })
    }

    pub(crate) fn trap(name: &str, trap: Trap) -> HostError {
        let help = trap.help();
        HostError::Trap { name: name.to_owned(), trap: Box::new(trap), help }
    }

    pub(crate) fn import_not_provided(name: &str, imports: Vec<String>) -> HostError {
        let list = quoted_list(imports.iter().map(String::as_str));
        let wasi = |import: &&String| import.starts_with("wasi:");
        let mut lines = Vec::new();
        if imports.iter().any(|i| !i.starts_with("wasi:")) {
            lines.push(format!(
                "compose it with a component that exports what is missing: joggle compose {name} PROVIDER.wasm -o out.wasm"
            ));
        }
        let withheld: Vec<&str> = imports.iter().filter(wasi).map(String::as_str).collect();
        if !withheld.is_empty() {
            lines.push(format!(
                "`joggle run` provides `wasi:cli` with what belongs to it, of 0.2 and 0.3; it does not provide {}: compose in a component that does",
                quoted_list(withheld)
            ));
        }
        HostError::ImportNotProvided {
            name: name.to_owned(),
            imports,
            list,
            help: lines.join("\n"),
        }
    }
}
