//! Whether a binary obeys the specification: every finding that can be had,
//! each with its place by name, and what could not be looked at.
//!
//! Also which features the file needs, and which runtimes have them. Whether it
//! fits a world or a platform is left to the neighbouring modules, and drawing
//! any of it to the command line.
//!
//! The passes:
//! 1. `structure` follows the sections through everything that is nested, and
//!    goes on behind a mistake wherever that says something new;
//! 2. `bodies` checks function bodies in parallel, each once, with the least
//!    features that will do, so that what they need is known on the way;
//! 3. `places` names the place of each finding, out of an `outline` of the
//!    file, `names` and `dwarf`; a file without a finding does not pay for it.

mod bodies;
mod dwarf;
mod finding;
mod names;
mod needs;
mod outline;
mod places;
mod structure;

use wasmparser::{Parser, WasmFeatures};

use structure::Fault;

use crate::features::runtimes::{RuntimeVerdict, lacked, verdicts};
use crate::features::{Feature, Features, Stage};

pub use finding::{
    Container, Finding, Invalid, NotChecked, Place, Skipped, SourcePlace, Step, Stop,
};

/// More findings than this are not collected.
pub const MOST_FINDINGS: usize = 1000;

/// What the specification has to say about a binary.
#[derive(Debug)]
pub struct Spec {
    /// What the binary is by its header.
    pub kind: Container,
    /// Every broken rule, in the order of the offsets. None: the binary is valid.
    pub findings: Vec<Finding>,
    /// What could not be checked because of a finding. Without findings there is none.
    pub stopped: Vec<Stop>,
    /// The features beyond the base that the file needs, in the order of the table.
    /// When there are findings, these are the ones seen as far as checking came.
    pub needs: Vec<Feature>,
    /// What each known runtime makes of the file; empty when there are findings.
    pub runtimes: Vec<RuntimeVerdict>,
}

impl Spec {
    /// Whether no rule is broken.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a binary (never text) by the rules of the specification, allowing the
/// features that are `wanted`; [`Features::default`] allows all that are known.
///
/// Nothing in the bytes makes this fail: what they get wrong is a finding.
#[must_use]
pub fn check(bytes: &[u8], wanted: &Features) -> Spec {
    let component = Parser::is_component(bytes);
    let floor = floor() & wanted.bits();
    let least = needs::of_structure(bytes, floor, wanted.bits());
    let mut raw = structure::examine(bytes, wanted.bits(), least.unwrap_or(floor));
    attribute(bytes, wanted.bits(), &mut raw.faults);
    let used: Vec<Feature> =
        Feature::behind(raw.used).filter(|feature| wanted.contains(*feature)).collect();
    let runtimes = if raw.faults.is_empty() { verdicts(component, &used) } else { Vec::new() };
    let needs = used.into_iter().filter(|feature| feature.stage() != Stage::Base).collect();
    let (findings, stopped) = places::name(bytes, raw);
    let kind = if component { Container::Component } else { Container::Module };
    Spec { kind, findings, stopped, needs, runtimes }
}

/// Finds the feature behind faults of which the validator does not say that
/// one is missing: of those that the file needs, the one with which the fault goes away.
fn attribute(bytes: &[u8], wanted: WasmFeatures, faults: &mut [Fault]) {
    let all = wanted | Features::default().bits();
    if all == wanted || faults.iter().all(|fault| fault.missing.is_some()) {
        return;
    }
    let structural = needs::of_structure(bytes, wanted, all).unwrap_or(wanted);
    let used = structure::examine(bytes, all, wanted).used | structural;
    for feature in Feature::behind(used.difference(wanted)) {
        if faults.iter().all(|fault| fault.missing.is_some()) {
            return;
        }
        let more = wanted | feature.bits();
        let remaining = structure::examine(bytes, more, wanted).faults;
        for fault in faults.iter_mut().filter(|fault| fault.missing.is_none()) {
            let remains =
                |other: &Fault| (other.offset, other.function) == (fault.offset, fault.function);
            if !remaining.iter().any(remains) {
                fault.missing = Some(feature.bits());
            }
        }
    }
}

/// The features of which nobody asks whether a file needs them: the base, but for
/// what some runtime lacks.
fn floor() -> WasmFeatures {
    lacked().fold(Features::base().bits(), |bits, lacked| bits.difference(lacked.bits()))
}

#[cfg(test)]
mod tests;
