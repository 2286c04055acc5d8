//! Makes a component whose calls can be watched.
//!
//! [`instrument`] copies a component and puts a pass-through in front of each
//! function that its core code calls across a boundary: into another
//! component, or into the host. The pass-through tells the host of arguments
//! and results. [`Journal`] makes [`Event`]s of what the host is told.
//!
//! Left to others: running the result (`joggle-host`), and printing.

mod calls;
#[deny(clippy::wildcard_enum_match_arm)]
mod declare;
mod error;
mod journal;
#[deny(clippy::wildcard_enum_match_arm)]
mod layout;
mod maps;
mod pass;
mod provided;
mod rewrite;
#[deny(clippy::wildcard_enum_match_arm)]
mod shape;
mod survey;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use joggle_load::verify::Level;
use wasmparser::Validator;

pub use error::TraceError;
pub use journal::{Event, Journal, Moment};

use crate::rewrite::{Around, Job, copy};
use crate::shape::Shape;

/// Which calls are traced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those between components and those into the host.
    #[default]
    All,
    /// Those between components.
    Components,
    /// Those into the host.
    Host,
}

/// A component that reports its calls.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The component. It imports `joggle:trace/calls`, which a [`Journal`] provides.
    pub bytes: Vec<u8>,
    /// The calls that are reported.
    pub calls: Vec<Call>,
    /// The calls that are not, with the reason.
    pub untraced: Vec<Untraced>,
    /// Who provides what the component exports, by the export's name.
    pub(crate) exports: BTreeMap<String, String>,
}

/// A function that a component calls, and whose calls are reported.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub caller: String,
    /// Who is called.
    pub callee: Callee,
    /// The function: `interface#function`, as the caller imports it.
    pub function: String,
    pub(crate) kind: Kind,
    pub(crate) params: Vec<(String, Shape)>,
    pub(crate) result: Shape,
    /// The result comes as a list of one element.
    pub(crate) in_list: bool,
}

/// Who is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callee {
    /// The host.
    Host,
    /// A component, by its name.
    Component(String),
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Callee::Host => f.write_str("host"),
            Callee::Component(name) => f.write_str(name),
        }
    }
}

/// What a call does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It calls a function.
    Call,
    /// It drops a handle to somebody else's resource.
    Drop { resource: String },
    /// It drops a handle to a resource of the caller: nobody else is called.
    OwnDrop { resource: String },
}

/// A function whose calls are not reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untraced {
    /// Who calls.
    pub caller: String,
    /// Who is called.
    pub callee: Callee,
    /// The function.
    pub function: String,
    /// Why not.
    pub reason: Reason,
}

/// Why calls of a function are not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The caller does not wait for it: what it gives back comes later, by another way.
    Async,
    /// Its arguments are garbage-collected objects, which no engine lowers yet.
    Gc,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Async => "it is called asynchronously",
            Reason::Gc => "it takes garbage-collected objects",
        })
    }
}

/// Makes a component whose calls are reported.
///
/// `name` stands for the file in messages, and `label` for its own code in the
/// trace. The same bytes give the same result.
pub fn instrument(
    name: &str,
    label: &str,
    bytes: &[u8],
    which: Which,
) -> Result<Traced, TraceError> {
    let survey = survey::survey(bytes).map_err(|fault| fault.named(name))?;
    let traced = survey.at(0).map_err(|fault| fault.named(name))?.calls;
    let mut job = Job {
        bytes,
        survey: &survey,
        which,
        calls: Vec::new(),
        untraced: Vec::new(),
        exports: BTreeMap::new(),
        labels: BTreeSet::from([label.to_owned()]),
    };
    let around = Around {
        label: label.to_owned(),
        outermost: true,
        imports: BTreeMap::new(),
        maps: Vec::new(),
        traced,
    };
    let copy = copy(&mut job, &around, 0..bytes.len() as u64).map_err(|fault| fault.named(name))?;
    // What was copied is as valid as it was; what was added is checked here.
    let valid = check(&copy.bytes);
    let Job { calls, untraced, exports, .. } = job;
    match valid {
        Ok(()) => Ok(Traced { bytes: copy.bytes, calls, untraced, exports }),
        Err(reason) => Err(TraceError::ResultInvalid { name: name.to_owned(), reason }),
    }
}

/// Checks structure and types, not the function bodies, which are the original's.
fn check(bytes: &[u8]) -> Result<(), String> {
    let mut validator = Validator::new_with_features(Level::Proposals.features());
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        let checked = payload.and_then(|payload| validator.payload(&payload).map(drop));
        checked
            .map_err(|error| format!("{} (at offset {:#x})", error.message(), error.offset()))?;
    }
    Ok(())
}
