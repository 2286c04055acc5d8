//! What came of a script's directives: plain data, and as diagnostics that show
//! the place. Counting is here too; drawing is left to the command line.

use std::ops::Range;

use joggle_diag::{Source, source};
use miette::{Diagnostic, SourceSpan};

/// What came of one script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The script's name.
    pub name: String,
    /// One verdict for each directive, in order.
    pub verdicts: Vec<Verdict>,
}

/// What came of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The directive's word and what it is about: `assert_return "add"`.
    pub what: String,
    /// Its first line in the script, as offsets in bytes.
    pub span: Range<usize>,
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// The column it begins at in characters, counted from 1.
    pub column: usize,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it says holds.
    Passed,
    /// It failed as it should, but for a reason in other words.
    OtherWords {
        /// The script's words.
        expected: String,
        /// What was said.
        found: String,
    },
    /// What it says does not hold, for this reason.
    Failed(String),
    /// It was not tried, for this reason.
    Skipped(String),
}

/// How many directives came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What they say holds, those with other words included.
    pub passed: usize,
    /// What they say holds, but for a reason in other words.
    pub other_words: usize,
    /// What they say does not hold.
    pub failed: usize,
    /// They were not tried.
    pub skipped: usize,
}

impl Account {
    /// The verdicts, counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for verdict in &self.verdicts {
            match verdict.outcome {
                Outcome::Passed => counts.passed += 1,
                Outcome::OtherWords { .. } => {
                    counts.passed += 1;
                    counts.other_words += 1;
                }
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    /// The verdicts that are failures as diagnostics; `text` is the script's.
    #[must_use]
    pub fn failures(&self, text: &str) -> Vec<Finding> {
        let source = source(&self.name, text);
        let failed = |verdict: &Verdict| match &verdict.outcome {
            Outcome::Failed(reason) => Some(finding(&source, verdict, reason)),
            Outcome::Passed | Outcome::OtherWords { .. } | Outcome::Skipped(_) => None,
        };
        self.verdicts.iter().filter_map(failed).collect()
    }

    /// The verdicts that hold for a reason in other words, as failures.
    #[must_use]
    pub fn other_words(&self, text: &str) -> Vec<Finding> {
        let source = source(&self.name, text);
        let differs = |verdict: &Verdict| match &verdict.outcome {
            Outcome::OtherWords { expected, found } => {
                Some(finding(&source, verdict, &words(expected, found)))
            }
            Outcome::Passed | Outcome::Failed(_) | Outcome::Skipped(_) => None,
        };
        self.verdicts.iter().filter_map(differs).collect()
    }
}

fn words(expected: &str, found: &str) -> String {
    format!("the reason is \"{found}\", not \"{expected}\"")
}

fn finding(source: &Source, verdict: &Verdict, reason: &str) -> Finding {
    Finding {
        what: verdict.what.clone(),
        source_code: source.clone(),
        span: verdict.span.clone().into(),
        reason: reason.to_owned(),
    }
}

/// A directive of a script that does not hold.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{what} does not hold: {reason}")]
#[diagnostic(
    code("harness::directive-failed"),
    help(
        "the script, the component or the engine is at fault: docs/conformance.md lists what the engine does not do yet"
    )
)]
pub struct Finding {
    /// The directive's word and what it is about.
    pub what: String,
    /// The script.
    #[source_code]
    pub source_code: Source,
    /// The directive's first line.
    #[label("this directive")]
    pub span: SourceSpan,
    /// Why it does not hold.
    pub reason: String,
}
