//! Why a profile could not be had.

use std::sync::Arc;

use joggle_diag::Source;
use miette::{Diagnostic, SourceSpan};
use thiserror::Error;

/// A profile could not be had.
#[derive(Clone, Debug, Error, Diagnostic)]
pub enum ProfileError {
    /// No built-in profile has this name.
    #[error("there is no profile `{name}`")]
    #[diagnostic(code("check::no-such-profile"))]
    NoSuchProfile {
        /// What was asked for.
        name: String,
        /// The nearest name, or all there are.
        #[help]
        help: String,
    },
    /// A file of the user's own is no profile.
    #[error("`{name}` is not a profile: {message}")]
    #[diagnostic(code("check::profile-syntax"), help("{help}"))]
    Syntax {
        /// The file as given.
        name: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
        /// Its text.
        #[source_code]
        text: Arc<Source>,
        /// The place in it.
        #[label("here")]
        at: SourceSpan,
    },
}
