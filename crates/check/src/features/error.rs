//! What can be wrong with a list of features. Reading it is left to the parent.

use miette::Diagnostic;

/// A list of features that cannot be understood.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum FeatureError {
    /// No set or feature has this name.
    #[error("there is no WebAssembly feature named `{name}`")]
    #[diagnostic(code("check::unknown-feature"), help("{help}"))]
    Unknown {
        /// As written.
        name: String,
        /// The nearest name, or all of them.
        help: String,
    },
    /// The list has no name in it.
    #[error("the list of WebAssembly features is empty")]
    #[diagnostic(
        code("check::no-features"),
        help("name a set (such as `shipped` or `wasm3`), or features, separated by commas")
    )]
    Empty,
}
