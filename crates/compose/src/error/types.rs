//! Types that do not fit: both sides are shown.

use std::fmt::Display;

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
#[derive(Debug, Error)]
#[error("{headline}\n{findings}")]
pub struct Mismatch {
    pub(crate) kind: MismatchKind,
    /// Who wants what from whom.
    pub(crate) headline: String,
    /// One line for each difference.
    pub(crate) findings: String,
    /// What to do.
    pub(crate) advice: String,
    /// The WIT of the consumer and of the provider.
    pub(crate) sides: Vec<Facing>,
}

/// What all differences of a mismatch have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MismatchKind {
    /// A type differs somewhere.
    Type,
    /// The provider lacks a function.
    Function,
    /// A function is async on one side only.
    Async,
    /// An enum, variant or flags type has other cases.
    Cases,
}

impl MismatchKind {
    fn code(self) -> &'static str {
        match self {
            MismatchKind::Type => code("compose::type-mismatch"),
            MismatchKind::Function => code("compose::missing-function"),
            MismatchKind::Async => code("compose::async-mismatch"),
            MismatchKind::Cases => code("compose::case-mismatch"),
        }
    }
}

/// Marks a code, so that `cargo xtask tidy` finds it.
const fn code(code: &'static str) -> &'static str {
    code
}

impl Diagnostic for Mismatch {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.kind.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(&self.advice))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.sides.iter().map(|side| side as &dyn Diagnostic)))
    }
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
