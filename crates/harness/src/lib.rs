//! Running scripts of the specification's kind, `.wast`: modules, components,
//! calls, and assertions about them. Each script gets a stage of its own
//! (`joggle_host::Stage`), and what comes of each directive is plain data.
//!
//! Left to others: reading files (`joggle-load`), instances and calls
//! (`joggle-host`), showing verdicts (the command line).

mod crew;
mod directives;
mod forms;
mod modern;
mod values;
mod verdict;

pub use crew::{Options, SCRIPT_THREAD, Script, play};
pub use verdict::{Account, Counts, Finding, Outcome, Verdict};
