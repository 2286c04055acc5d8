//! Everything that can be wrong with a composition, one code per situation.
//!
//! A composition is checked as a whole: what comes back is all that was found,
//! not the first of it.

mod exports;
mod inputs;
mod types;
mod wiring;

pub(crate) use exports::{BadExport, DuplicateExport, NothingToExport};
pub(crate) use inputs::{InputProblem, NoInput, ResultInvalid, SameName, TooLarge};
pub(crate) use types::{Facing, ImportConflict, Mismatch, MismatchKind, ResourceOwners};
pub(crate) use wiring::{
    Ambiguous, Contradiction, Cycle, NoSuchExport, NoSuchImport, NoSuchInput, OpenImports,
    SeveralMeant, Unsupported, Unused, VersionTrack,
};

use miette::Diagnostic;
use thiserror::Error;

/// Whether a failure is an answer or the lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The inputs were understood, and they do not make the composition that was asked for.
    No,
    /// There is no telling: an input is not a valid component, or an option names nothing.
    Unknown,
}

/// One thing that is wrong.
#[derive(Debug, Error, Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub enum Problem {
    /// An input breaks the specification's rules.
    Input(#[from] InputProblem),
    /// Nothing was given.
    NoInput(#[from] NoInput),
    /// Two inputs have one name.
    SameName(#[from] SameName),
    /// Several exports could provide an import.
    Ambiguous(#[from] Ambiguous),
    /// Components need each other in a circle.
    Cycle(#[from] Cycle),
    /// An input takes no part.
    Unused(#[from] Unused),
    /// The only providers are of another version track.
    VersionTrack(#[from] VersionTrack),
    /// An import of a kind that cannot be linked.
    Unsupported(#[from] Unsupported),
    /// An import is left to the host, against `--closed`.
    OpenImports(#[from] OpenImports),
    /// An option names an input that is not there.
    NoSuchInput(#[from] NoSuchInput),
    /// An option names an import that is not there.
    NoSuchImport(#[from] NoSuchImport),
    /// An option names an export that is not there.
    NoSuchExport(#[from] NoSuchExport),
    /// Two options settle one import differently.
    Contradiction(#[from] Contradiction),
    /// An option fits several imports or exports.
    SeveralMeant(#[from] SeveralMeant),
    /// The two ends of an edge have different types.
    Mismatch(#[from] Mismatch),
    /// The two ends of an edge speak of different resources.
    ResourceOwners(#[from] ResourceOwners),
    /// Two imports left to the host have one name and different types.
    ImportConflict(#[from] ImportConflict),
    /// Two exports have one name.
    DuplicateExport(#[from] DuplicateExport),
    /// An export cannot have the name it is to have.
    BadExport(#[from] BadExport),
    /// The result would export nothing.
    NothingToExport(#[from] NothingToExport),
    /// The result would be larger than a component can be.
    TooLarge(#[from] TooLarge),
    /// The result breaks the specification's rules, which is a bug here.
    ResultInvalid(#[from] ResultInvalid),
}

impl Problem {
    /// The names that it is about, as an option or manifest may have spelled them.
    pub(crate) fn spelled(&self) -> Vec<String> {
        match self {
            Problem::NoSuchImport(problem) => vec![problem.spelled()],
            Problem::NoSuchExport(problem) => problem.spelled(),
            Problem::SeveralMeant(problem) => vec![problem.name.clone()],
            Problem::Contradiction(problem) => vec![problem.import.clone()],
            Problem::Input(_)
            | Problem::NoInput(_)
            | Problem::SameName(_)
            | Problem::Ambiguous(_)
            | Problem::Cycle(_)
            | Problem::Unused(_)
            | Problem::VersionTrack(_)
            | Problem::Unsupported(_)
            | Problem::OpenImports(_)
            | Problem::NoSuchInput(_)
            | Problem::Mismatch(_)
            | Problem::ResourceOwners(_)
            | Problem::ImportConflict(_)
            | Problem::DuplicateExport(_)
            | Problem::BadExport(_)
            | Problem::NothingToExport(_)
            | Problem::TooLarge(_)
            | Problem::ResultInvalid(_) => Vec::new(),
        }
    }

    /// Whether this is a "no" or a "could not tell".
    #[must_use]
    pub fn answer(&self) -> Answer {
        match self {
            Problem::Ambiguous(_)
            | Problem::Cycle(_)
            | Problem::Unused(_)
            | Problem::VersionTrack(_)
            | Problem::Unsupported(_)
            | Problem::OpenImports(_)
            | Problem::Mismatch(_)
            | Problem::ResourceOwners(_)
            | Problem::ImportConflict(_)
            | Problem::DuplicateExport(_)
            | Problem::BadExport(_)
            | Problem::TooLarge(_)
            | Problem::NothingToExport(_) => Answer::No,
            Problem::Input(_)
            | Problem::NoInput(_)
            | Problem::SameName(_)
            | Problem::NoSuchInput(_)
            | Problem::NoSuchImport(_)
            | Problem::NoSuchExport(_)
            | Problem::SeveralMeant(_)
            | Problem::Contradiction(_)
            | Problem::ResultInvalid(_) => Answer::Unknown,
        }
    }
}

/// All that is wrong with a composition.
#[derive(Debug, Error)]
#[error("{} found", count(.0.len()))]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// "Could not tell" wins over "no": with an unreadable input the rest is a guess.
    #[must_use]
    pub fn answer(&self) -> Answer {
        if self.0.iter().any(|p| p.answer() == Answer::Unknown) {
            Answer::Unknown
        } else {
            Answer::No
        }
    }
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}
