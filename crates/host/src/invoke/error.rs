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
    /// A resource has no such method.
    #[error("`{resource}` has no method `{named}`")]
    #[diagnostic(code("host::invoke-unknown-method"), help("{help}"))]
    UnknownMethod {
        /// The resource.
        resource: String,
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
    /// A handle is wanted and something else is there, or it is gone.
    #[error("`{shown}` is no handle that can be used here")]
    #[diagnostic(
        code("host::invoke-not-a-handle"),
        help(
            "a constructor or another call returns handles: in a script, bind one to a name (b = bucket(\"x\")) and use it until it is given away or dropped"
        )
    )]
    NotAHandle {
        /// The value.
        shown: String,
        /// The text.
        #[source_code]
        source_code: Source,
        /// Where it is used.
        #[label("{label}")]
        span: SourceSpan,
        /// Why not.
        label: String,
    },
    /// A name that no line before binds.
    #[error("nothing is called `{name}` here")]
    #[diagnostic(
        code("host::script-unknown-name"),
        help("bind it first: {name} = FUNCTION(ARGUMENTS)")
    )]
    UnknownName {
        /// The name.
        name: String,
        /// The script.
        #[source_code]
        source_code: Source,
        /// The name in it.
        #[label("{label}")]
        span: SourceSpan,
        /// The nearest name.
        label: String,
    },
    /// A result that is bound to a name, where there is none.
    #[error("this call returns nothing that could be called `{name}`")]
    #[diagnostic(
        code("host::script-nothing-to-bind"),
        help("leave the name out: the call alone is enough")
    )]
    NothingToBind {
        /// The name.
        name: String,
        /// The script.
        #[source_code]
        source_code: Source,
        /// The name in it.
        #[label("for this name")]
        span: SourceSpan,
    },
    /// A line of a script that is no call.
    #[error("this is not a line of a script")]
    #[diagnostic(
        code("host::script-syntax"),
        help("a line is a call, NAME = a call, drop NAME, or a comment after #")
    )]
    ScriptSyntax {
        /// The script.
        #[source_code]
        source_code: Source,
        /// Where.
        #[label("{label}")]
        span: SourceSpan,
        /// What.
        label: String,
    },
}
