//! Why there is nothing to tell about an item.

use joggle_diag::{Source, source};
use miette::{Diagnostic, SourceSpan};
use thiserror::Error;

use crate::model::Side;
use crate::name::{FORMS, PathError};
use crate::problem::Problem;

/// Why there is nothing to tell about an item.
#[derive(Clone, Debug, Error, Diagnostic)]
pub enum ExplainError {
    /// What was asked for is no path.
    #[error("`{text}` names no item of WIT: {what}")]
    #[diagnostic(code("bind::malformed-path"), help("{FORMS}"))]
    Malformed {
        /// The text.
        text: String,
        /// What is wrong with it.
        what: String,
        /// The text as a source.
        #[source_code]
        source_text: Source,
        /// The place in it.
        #[label("here")]
        span: SourceSpan,
    },
    /// Nothing has this name.
    #[error("`{place}` has no `{name}`")]
    #[diagnostic(code("bind::unknown-item"))]
    Unknown {
        /// Where it was looked for.
        place: String,
        /// What was looked for.
        name: String,
        /// The nearest name, or all there are.
        #[help]
        help: String,
    },
    /// The item is there, on the other side.
    #[error("`{item}` is not {side} there")]
    #[diagnostic(code("bind::other-side"), help("it is {other}: ask for that side, or for both"))]
    OtherSide {
        /// What was asked for.
        item: String,
        /// How it is not.
        side: &'static str,
        /// How it is.
        other: &'static str,
    },
    /// The world cannot be chosen or built.
    #[error(transparent)]
    #[diagnostic(transparent)]
    World(#[from] Problem),
}

impl ExplainError {
    pub(super) fn path(text: &str, error: &PathError) -> ExplainError {
        ExplainError::Malformed {
            text: text.to_owned(),
            what: error.what.clone(),
            source_text: source("the item", text),
            span: (error.offset, error.length).into(),
        }
    }

    pub(super) fn other_side(item: &str, side: Side) -> ExplainError {
        let (side, other) = match side {
            Side::Import => ("imported", "exported"),
            Side::Export => ("exported", "imported"),
        };
        ExplainError::OtherSide { item: item.to_owned(), side, other }
    }
}
