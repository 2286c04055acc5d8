//! Types that do not fit: both sides are shown.

use joggle_diag::Source;
use miette::{Diagnostic, LabeledSpan};
use thiserror::Error;

/// One side of a mismatch: its WIT, with the places in question marked.
#[derive(Debug, Error, Diagnostic)]
#[error("{role}")]
#[diagnostic(severity(Advice))]
pub struct Facing {
    pub(crate) role: String,
    #[source_code]
    pub(crate) text: Source,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}

/// The two ends of an edge have different types.
#[derive(Debug, Error, Diagnostic)]
pub enum Mismatch {
    /// A type differs somewhere.
    #[error("{headline}\n{findings}")]
    #[diagnostic(code("compose::type-mismatch"), help("{advice}"))]
    Type {
        /// Who wants what from whom.
        headline: String,
        /// One line for each difference.
        findings: String,
        /// What to do.
        advice: String,
        /// The WIT of the consumer and of the provider.
        #[related]
        sides: Vec<Facing>,
    },
    /// The provider lacks a function.
    #[error("{headline}\n{findings}")]
    #[diagnostic(code("compose::missing-function"), help("{advice}"))]
    Function {
        /// Who wants what from whom.
        headline: String,
        /// One line for each difference.
        findings: String,
        /// What to do.
        advice: String,
        /// The WIT of the consumer and of the provider.
        #[related]
        sides: Vec<Facing>,
    },
    /// A function is async on one side only.
    #[error("{headline}\n{findings}")]
    #[diagnostic(code("compose::async-mismatch"), help("{advice}"))]
    Async {
        /// Who wants what from whom.
        headline: String,
        /// One line for each difference.
        findings: String,
        /// What to do.
        advice: String,
        /// The WIT of the consumer and of the provider.
        #[related]
        sides: Vec<Facing>,
    },
    /// An enum, variant or flags type has other cases.
    #[error("{headline}\n{findings}")]
    #[diagnostic(code("compose::case-mismatch"), help("{advice}"))]
    Cases {
        /// Who wants what from whom.
        headline: String,
        /// One line for each difference.
        findings: String,
        /// What to do.
        advice: String,
        /// The WIT of the consumer and of the provider.
        #[related]
        sides: Vec<Facing>,
    },
}

/// The two ends of an edge speak of different resources of one name.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code("compose::resource-owners"), help("{advice}"))]
pub struct ResourceOwners {
    pub(crate) message: String,
    pub(crate) advice: String,
}

/// Imports of one name are left to the host with types that cannot both be had.
#[derive(Debug, Error, Diagnostic)]
#[error(
    "`{first}` and `{second}` both import `{name}` from the host, with different types{findings}"
)]
#[diagnostic(
    code("compose::import-conflict"),
    help(
        "a component can import a name only once: build both against one version, \
         or add a component that exports it to one of them"
    )
)]
pub struct ImportConflict {
    pub(crate) first: String,
    pub(crate) second: String,
    pub(crate) name: String,
    pub(crate) findings: String,
}
