//! Why a module does not become a component.

use std::sync::Arc;

use joggle_diag::{Source, closest, quoted_list};
use miette::{Diagnostic, LabeledSpan};
use thiserror::Error;

use crate::adapt::START;

/// What a problem says about the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The module does not fit: the answer is no.
    No,
    /// The question cannot be asked like this.
    Unknown,
}

/// One reason why a module does not become a component.
#[derive(Debug, Error, Diagnostic)]
pub enum Problem {
    /// There is nothing to be done.
    #[error("`{file}` is already a component")]
    #[diagnostic(
        code("componentize::already-component"),
        help(
            "use it as it is; to link it with others: joggle compose {file} OTHER.wasm -o app.wasm"
        )
    )]
    AlreadyComponent {
        /// The input.
        file: String,
    },
    /// WIT where a module is wanted.
    #[error("`{file}` is WIT, not a core module")]
    #[diagnostic(
        code("componentize::wit-given"),
        help(
            "name the core module, and the WIT with --wit: joggle componentize core.wasm --wit {file} -o app.wasm"
        )
    )]
    WitGiven {
        /// The input.
        file: String,
    },
    /// The module breaks the specification's rules.
    #[error("`{file}` is not a valid core module: {reason} (at offset {offset:#x})")]
    #[diagnostic(
        code("componentize::invalid-module"),
        help("see everything that is wrong with it: joggle validate {file}")
    )]
    InvalidModule {
        /// The module.
        file: String,
        /// The validator's words.
        reason: String,
        /// Where, in bytes.
        offset: u64,
    },
    /// The module is made to be linked at run time.
    #[error("`{file}` is a shared library: it has no memory of its own")]
    #[diagnostic(
        code("componentize::shared-library"),
        help("link it into a module that stands alone: leave `-shared` and `-pie` away")
    )]
    SharedLibrary {
        /// The module.
        file: String,
    },
    /// Nobody says what the module implements.
    #[error("nobody says which world `{file}` implements: it has no `component-type` section")]
    #[diagnostic(code("componentize::no-world"))]
    NoWorld {
        /// The module.
        file: String,
        /// How to say it.
        #[help]
        help: String,
    },
    /// A `component-type` section that cannot be read.
    #[error("the section `{section}` of `{file}` does not hold a world: {reason}")]
    #[diagnostic(
        code("componentize::bad-section"),
        help(
            "it is the work of a bindings generator: generate the bindings anew, and build again"
        )
    )]
    BadSection {
        /// The module.
        file: String,
        /// The section.
        section: String,
        /// Why.
        reason: String,
    },
    /// Worlds that cannot be had at once.
    #[error("{between} do not agree: {reason}")]
    #[diagnostic(
        code("componentize::world-conflict"),
        help(
            "all worlds of a module are put together, so an interface must be the same in each: \
             generate the bindings of `{file}` from the WIT that is given here, and build again"
        )
    )]
    WorldConflict {
        /// The module.
        file: String,
        /// Who does not agree.
        between: String,
        /// Why.
        reason: String,
    },
    /// What stands behind `--adapt` says nothing.
    #[error("`--adapt {option}` {reason}")]
    #[diagnostic(
        code("componentize::adapter-form"),
        help(
            "for WASI preview 1: --adapt command, reactor, proxy or none; any other adapter by the \
             name of the imports that it stands in for: --adapt env=adapter.wasm"
        )
    )]
    AdapterForm {
        /// What was written.
        option: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file of an adapter is no core module.
    #[error("`{file}` is {what}, and an adapter is a core module")]
    #[diagnostic(
        code("componentize::not-an-adapter"),
        help(
            "to link with a component, make one of the module first, then: joggle compose app.wasm OTHER.wasm -o linked.wasm"
        )
    )]
    NotAnAdapter {
        /// The file.
        file: String,
        /// What it is.
        what: String,
    },
    /// The module does not have what its world exports.
    #[error("{message}")]
    #[diagnostic(code("componentize::missing-export"), help("{help}"))]
    MissingExport {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The functions in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// The module exports something of another type.
    #[error("{message}")]
    #[diagnostic(code("componentize::export-type"), help("{help}"))]
    ExportType {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The function in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// The module imports what nobody offers.
    #[error("{message}")]
    #[diagnostic(code("componentize::unknown-import"), help("{help}"))]
    UnknownImport {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The nearest thing in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// The module imports something at another type.
    #[error("{message}")]
    #[diagnostic(code("componentize::import-type"), help("{help}"))]
    ImportType {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The function in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// The module imports a table or a global.
    #[error(
        "`{file}` imports {what}, `{module}` `{field}`, and a component offers it functions only"
    )]
    #[diagnostic(
        code("componentize::import-kind"),
        help("the module has to define it itself: link without --import-table, -shared or -pie")
    )]
    ImportKind {
        /// The module.
        file: String,
        /// What it is.
        what: &'static str,
        /// The first name.
        module: String,
        /// The second name.
        field: String,
    },
    /// Values pass through a memory that nobody can see.
    #[error("{message}")]
    #[diagnostic(code("componentize::missing-memory"), help("{help}"))]
    MissingMemory {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The functions in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// Strings and lists have nowhere to be put.
    #[error("{message}")]
    #[diagnostic(code("componentize::missing-realloc"), help("{help}"))]
    MissingRealloc {
        /// What happened.
        message: String,
        /// What to do.
        help: String,
        /// The world's WIT.
        #[source_code]
        text: Option<Arc<Source>>,
        /// The functions in it.
        #[label(collection)]
        labels: Vec<LabeledSpan>,
    },
    /// The encoder knows better.
    #[error("`{file}` cannot be made a component: {reason}")]
    #[diagnostic(
        code("componentize::refused"),
        help("the encoder, wit-component, says so; nothing was written")
    )]
    Refused {
        /// The module.
        file: String,
        /// The encoder's words, with their causes.
        reason: String,
    },
    /// The encoder made something that wasmparser refuses.
    #[error("the component made of `{file}` is not valid: {reason}")]
    #[diagnostic(
        code("componentize::result-invalid"),
        help("nothing was written; this is a bug in joggle: please report it with the module")
    )]
    ResultInvalid {
        /// The module.
        file: String,
        /// The validator's words.
        reason: String,
    },
}

impl Problem {
    /// Whether the answer is no, or the question cannot be asked like this.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match self {
            Problem::AlreadyComponent { .. }
            | Problem::WitGiven { .. }
            | Problem::NoWorld { .. }
            | Problem::AdapterForm { .. }
            | Problem::NotAnAdapter { .. } => Answer::Unknown,
            Problem::InvalidModule { .. }
            | Problem::SharedLibrary { .. }
            | Problem::BadSection { .. }
            | Problem::WorldConflict { .. }
            | Problem::MissingExport { .. }
            | Problem::ExportType { .. }
            | Problem::UnknownImport { .. }
            | Problem::ImportType { .. }
            | Problem::ImportKind { .. }
            | Problem::MissingMemory { .. }
            | Problem::MissingRealloc { .. }
            | Problem::Refused { .. }
            | Problem::ResultInvalid { .. } => Answer::No,
        }
    }

    /// No world, with what to do about a module that exports this.
    pub(crate) fn no_world(file: &str, exports: &[&str]) -> Problem {
        let mut help = format!(
            "give the WIT, and its world if it has several: \
             joggle componentize {file} --wit wit/ --world NAME -o app.wasm"
        );
        if exports.contains(&START) {
            help.push_str("\nor make it a program of WASI, which it looks like: --adapt command");
        }
        Problem::NoWorld { file: file.to_owned(), help }
    }

    /// What stands behind `--adapt` is nothing known.
    pub(crate) fn adapter_form(option: &str) -> Problem {
        let known = ["command", "reactor", "proxy", "none"];
        let reason = match closest(option, known) {
            Some(near) => format!("names no adapter: did you mean `{near}`?"),
            None if option.contains('=') => "lacks the name or the file beside the `=`".to_owned(),
            None => format!("names no adapter: built in are {}", quoted_list(known)),
        };
        Problem::AdapterForm { option: option.to_owned(), reason }
    }

    /// Two adapters for one thing.
    pub(crate) fn adapter_twice(option: &str) -> Problem {
        let reason = "contradicts another `--adapt`".to_owned();
        Problem::AdapterForm { option: option.to_owned(), reason }
    }
}
