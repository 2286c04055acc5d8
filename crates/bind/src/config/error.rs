//! What can be wrong with a `joggle.toml`. Names of items that are not there are told by `name`
//! and by `items`, which know the world.

use joggle_diag::Source;
use miette::{Diagnostic, SourceSpan};

/// One thing that is wrong with a `joggle.toml`.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
pub enum ConfigError {
    /// Not TOML.
    #[error("this is not TOML: {message}")]
    #[diagnostic(
        code("config::syntax"),
        help(
            "lines are `key = \"text\"`, and tables begin with `[name]`; https://toml.io has it all"
        )
    )]
    Syntax {
        /// The parser's words.
        message: String,
        /// The file.
        #[source_code]
        text: Source,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },
    /// A key that means nothing.
    #[error("{place} has no key `{key}`")]
    #[diagnostic(code("config::unknown-key"), help("{help}"))]
    UnknownKey {
        /// The table: `joggle.toml` or `[rust]`.
        place: String,
        /// As it is written.
        key: String,
        /// The file.
        #[source_code]
        text: Source,
        /// Where.
        #[label("unknown")]
        at: SourceSpan,
        /// What was meant, or what there is.
        help: String,
    },
    /// A value of another type, or none of those that count.
    #[error("`{key}` cannot be this: {message}")]
    #[diagnostic(code("config::value"), help("docs/joggle-toml.md has every key, with an example"))]
    Value {
        /// The key.
        key: String,
        /// What it should be.
        message: String,
        /// The file.
        #[source_code]
        text: Source,
        /// Where.
        #[label("this value")]
        at: SourceSpan,
    },
    /// A key that should name an item of the WIT and cannot.
    #[error("`{written}` names no item of WIT: {message}")]
    #[diagnostic(code("config::path"), help("{}", crate::name::FORMS))]
    Path {
        /// As it is written.
        written: String,
        /// What is wrong with it.
        message: String,
        /// The file.
        #[source_code]
        text: Source,
        /// Where.
        #[label("not a path")]
        at: SourceSpan,
    },
    /// Options for an item that the world does not have, or that cannot have them.
    #[error("nothing in this world that could have options is named `{pattern}`")]
    #[diagnostic(code("config::unused-item"), help("{help}"))]
    UnusedItem {
        /// As it is written.
        pattern: String,
        /// The file.
        #[source_code]
        text: Source,
        /// Where.
        #[label("fits no item")]
        at: SourceSpan,
        /// What was meant, or what there could be.
        help: String,
    },
}
