//! Why a component cannot be traced at all. What can be traced only in part
//! is no error: see [`crate::Untraced`].

use miette::Diagnostic;

/// Why a component cannot be traced.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum TraceError {
    /// The file breaks the rules of the specification, or cannot be read.
    #[error("`{name}` cannot be traced: {reason}")]
    #[diagnostic(
        code("trace::not-readable"),
        help("`joggle validate {name}` says what is wrong with it, and where")
    )]
    NotReadable {
        /// The component.
        name: String,
        /// The reader's words.
        reason: String,
    },
    /// It is built in a way that cannot be taken apart.
    #[error("`{name}` cannot be traced: it holds {what}")]
    #[diagnostic(
        code("trace::not-supported"),
        help("run it without --trace-calls, or trace the components that it is made of")
    )]
    NotSupported {
        /// The component.
        name: String,
        /// What it holds.
        what: &'static str,
    },
    /// The result is not what it should be.
    #[error("tracing `{name}` made an invalid component: {reason}")]
    #[diagnostic(
        code("trace::result-invalid"),
        help(
            "this is a bug in joggle: please report it with the file; it runs without --trace-calls"
        )
    )]
    ResultInvalid {
        /// The component.
        name: String,
        /// The validator's words.
        reason: String,
    },
}

/// The same without the name of the file, which the passes do not know.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The bytes cannot be read.
    Unreadable(String),
    /// They hold something that cannot be taken apart.
    Unsupported(&'static str),
}

impl Fault {
    pub fn named(self, name: &str) -> TraceError {
        let name = name.to_owned();
        match self {
            Fault::Unreadable(reason) => TraceError::NotReadable { name, reason },
            Fault::Unsupported(what) => TraceError::NotSupported { name, what },
        }
    }
}

impl From<wasmparser::Error> for Fault {
    fn from(error: wasmparser::Error) -> Fault {
        Fault::Unreadable(format!("{} (at offset {:#x})", error.message(), error.offset()))
    }
}

impl From<wasm_encoder::reencode::Error> for Fault {
    fn from(error: wasm_encoder::reencode::Error) -> Fault {
        match error {
            wasm_encoder::reencode::Error::ParseError(error) => error.into(),
            error => Fault::Unreadable(error.to_string()),
        }
    }
}
