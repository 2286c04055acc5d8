//! What can be wrong with the text of a call. Every variant points into it.

use joggle_diag::Source;
use miette::{Diagnostic, SourceSpan};

/// Why the text of a call means nothing that can be called.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum InvokeError {
    /// The text of a call has no arguments.
    #[error("this is not a call: there is no `(`")]
    #[diagnostic(code("host::invoke-not-a-call"), help("{help}"))]
    NotACall {
        /// The text.
        #[source_code]
        source_code: Source,
        /// All of it.
        #[label("arguments are wanted after this")]
        span: SourceSpan,
        /// How it is written.
        help: String,
    },
    /// The arguments are not WAVE.
    #[error("the arguments are not valid WAVE")]
    #[diagnostic(code("host::invoke-syntax"), help("{help}"))]
    Syntax {
        /// The text.
        #[source_code]
        source_code: Source,
        /// Where.
        #[label("{label}")]
        span: SourceSpan,
        /// What.
        label: String,
        /// How values are written.
        help: String,
    },
    /// No export has this name.
    #[error("`{program}` has no export `{named}`")]
    #[diagnostic(code("host::invoke-unknown"), help("{help}"))]
    Unknown {
        /// The component.
        program: String,
        /// The name as given.
        named: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// The name in it.
        #[label("{label}")]
        span: SourceSpan,
        /// The nearest name.
        label: String,
        /// All that there is.
        help: String,
    },
    /// Several exports fit the name.
    #[error("`{named}` fits several exports: {candidates}")]
    #[diagnostic(code("host::invoke-ambiguous"), help("{help}"))]
    Ambiguous {
        /// The name as given.
        named: String,
        /// All that fit.
        candidates: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// The name in it.
        #[label("which one?")]
        span: SourceSpan,
        /// How to tell them apart.
        help: String,
    },
    /// Too many or too few arguments.
    #[error("`{function}` takes {expected}, and {given} {} given", if given == "1" { "is" } else { "are" })]
    #[diagnostic(code("host::invoke-argument-count"), help("{help}"))]
    ArgumentCount {
        /// The function.
        function: String,
        /// How many it takes.
        expected: String,
        /// How many there are.
        given: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// The arguments.
        #[label("these arguments")]
        span: SourceSpan,
        /// The function's type.
        help: String,
    },
    /// An argument that is no value of the parameter's type.
    #[error("the argument `{param}` must be of type {expected}")]
    #[diagnostic(code("host::invoke-argument"), help("{help}"))]
    Argument {
        /// The parameter.
        param: String,
        /// Its type.
        expected: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// The value, or the part of it that does not fit.
        #[label("{label}")]
        span: SourceSpan,
        /// Why it does not fit.
        label: String,
        /// The function's type.
        help: String,
    },
    /// A type that WAVE cannot write.
    #[error(
        "`{function}` cannot be called with text: {place} holds `{ty}`, which WAVE has no notation for"
    )]
    #[diagnostic(
        code("host::value-not-wave"),
        help(
            "its type is {signature}\ncall it from a component instead: compose the two, and run or invoke the result"
        )
    )]
    ValueNotWave {
        /// The function.
        function: String,
        /// The parameter, or the result.
        place: String,
        /// The type.
        ty: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// The function's name in it.
        #[label("this function")]
        span: SourceSpan,
        /// The function's whole type.
        signature: String,
    },
}
