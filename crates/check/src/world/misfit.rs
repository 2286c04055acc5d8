//! How a component does not fit a world, as diagnostics with both sides.

use joggle_diag::Source;
use miette::{Diagnostic, LabeledSpan};
use thiserror::Error;

/// One way in which a component does not fit a world.
#[derive(Debug, Error, Diagnostic)]
pub enum Misfit {
    /// The world wants an export that is not there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    MissingExport(MissingExport),
    /// The component imports what the world does not offer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    UnofferedImport(UnofferedImport),
    /// Both have it, with different types.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Mismatch(Mismatch),
}

impl Misfit {
    /// Where it is: `export wasi:cli/run@0.2.12`.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Misfit::MissingExport(found) => &found.place,
            Misfit::UnofferedImport(found) => &found.place,
            Misfit::Mismatch(found) => &found.place,
        }
    }
}

/// The world wants an export that is not there.
#[derive(Debug, Error, Diagnostic)]
#[error("`{component}` does not export the {item} `{name}`, which the world `{world}` wants")]
#[diagnostic(code("check::missing-export"), help("{help}"))]
pub struct MissingExport {
    pub(crate) component: String,
    pub(crate) world: String,
    pub(crate) item: String,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) help: String,
    #[source_code]
    pub(crate) text: Option<Source>,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}

/// The component imports what the world does not offer.
#[derive(Debug, Error, Diagnostic)]
#[error("`{component}` imports the {item} `{name}`, which the world `{world}` does not offer")]
#[diagnostic(code("check::unoffered-import"), help("{help}"))]
pub struct UnofferedImport {
    pub(crate) component: String,
    pub(crate) world: String,
    pub(crate) item: String,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) help: String,
    #[source_code]
    pub(crate) text: Option<Source>,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}

/// An import or export that both have, with different types.
#[derive(Debug, Error, Diagnostic)]
#[error("{headline}\n{differences}")]
#[diagnostic(code("check::type-mismatch"), help("{help}"))]
pub struct Mismatch {
    pub(crate) headline: String,
    /// One line for each difference: the WIT path, then what it is.
    pub(crate) differences: String,
    pub(crate) place: String,
    pub(crate) help: String,
    /// The WIT of the component and of the world.
    #[related]
    pub(crate) sides: Vec<Side>,
}

/// One side of a mismatch: its WIT, with the places in question marked.
#[derive(Debug, Error, Diagnostic)]
#[error("{role}")]
#[diagnostic(severity(Advice))]
pub struct Side {
    pub(crate) role: String,
    #[source_code]
    pub(crate) text: Source,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}
