//! What came of `.wast` scripts, for people and for machines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use joggle_harness::{Account, Counts, Outcome, Script, Verdict};
use serde::Serialize;

use crate::render::Screen;
use crate::screens::findings::junit::escaped;

/// The form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one object with everything.
    Json,
    /// For build servers.
    Junit,
}

/// Scripts and what came of them, in the same order.
#[derive(Clone, Copy, Debug)]
pub struct Played<'p> {
    /// The scripts.
    pub scripts: &'p [Script],
    /// What came of them.
    pub accounts: &'p [Account],
    /// Whether a reason in other words is a failure.
    pub strict: bool,
}

impl Played<'_> {
    /// Whether something failed.
    pub fn failed(&self) -> bool {
        self.accounts.iter().any(|account| self.counts(account).failed > 0)
    }

    fn counts(&self, account: &Account) -> Counts {
        let mut counts = account.counts();
        if self.strict {
            counts.passed -= counts.other_words;
            counts.failed += counts.other_words;
            counts.other_words = 0;
        }
        counts
    }

    fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in self.accounts.iter().map(|account| self.counts(account)) {
            total.passed += counts.passed;
            total.other_words += counts.other_words;
            total.failed += counts.failed;
            total.skipped += counts.skipped;
        }
        total
    }
}

/// Reports on all scripts.
pub fn show(played: &Played<'_>, format: Format, screen: &Screen) {
    match format {
        Format::Text => text(played, screen),
        Format::Json => screen.json(&json(played)),
        Format::Junit => screen.line(junit(played).trim_end()),
    }
}

fn text(played: &Played<'_>, screen: &Screen) {
    for (script, account) in played.scripts.iter().zip(played.accounts) {
        for failure in account.failures(&script.text) {
            screen.diagnostic(&failure);
        }
        if played.strict {
            for failure in account.other_words(&script.text) {
                screen.diagnostic(&failure);
            }
        }
        screen.line(&format!("{}: {}", account.name, in_words(&played.counts(account))));
        for (reason, times) in reasons(account) {
            screen.line(&format!("  skipped {times}: {reason}"));
        }
        if screen.is_verbose() && !played.strict {
            for verdict in &account.verdicts {
                if let Outcome::OtherWords { expected, found } = &verdict.outcome {
                    let place = format!("{}:{}:{}", account.name, verdict.line, verdict.column);
                    screen.note(&format!(
                        "{place}: {} holds in other words: \"{found}\", not \"{expected}\"",
                        verdict.what
                    ));
                }
            }
        }
    }
    if played.accounts.len() > 1 {
        let files = played.accounts.len();
        screen.line(&format!("{files} files: {}", in_words(&played.total())));
    }
}

/// The reasons for skipping, with how often each was given.
fn reasons(account: &Account) -> BTreeMap<&str, usize> {
    let mut reasons = BTreeMap::new();
    for verdict in &account.verdicts {
        if let Outcome::Skipped(reason) = &verdict.outcome {
            *reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    reasons
}

fn in_words(counts: &Counts) -> String {
    let Counts { passed, other_words, failed, skipped } = counts;
    let mut text = format!("{passed} passed");
    if *other_words > 0 {
        let _ = write!(text, " ({other_words} in other words)");
    }
    if *failed > 0 {
        let _ = write!(text, ", {failed} failed");
    }
    if *skipped > 0 {
        let _ = write!(text, ", {skipped} skipped");
    }
    text
}

#[derive(Serialize)]
struct Report<'r> {
    passed: usize,
    failed: usize,
    skipped: usize,
    files: Vec<File<'r>>,
}

#[derive(Serialize)]
struct File<'r> {
    name: &'r str,
    passed: usize,
    failed: usize,
    skipped: usize,
    /// Everything but what passed.
    directives: Vec<Directive<'r>>,
}

#[derive(Serialize)]
struct Directive<'r> {
    what: &'r str,
    line: usize,
    column: usize,
    outcome: &'static str,
    reason: String,
}

fn json<'p>(played: &Played<'p>) -> Report<'p> {
    let total = played.total();
    let files = played.accounts.iter().map(|account| {
        let counts = played.counts(account);
        File {
            name: &account.name,
            passed: counts.passed,
            failed: counts.failed,
            skipped: counts.skipped,
            directives: account.verdicts.iter().filter_map(directive).collect(),
        }
    });
    Report {
        passed: total.passed,
        failed: total.failed,
        skipped: total.skipped,
        files: files.collect(),
    }
}

fn directive(verdict: &Verdict) -> Option<Directive<'_>> {
    let (outcome, reason) = match &verdict.outcome {
        Outcome::Passed => return None,
        Outcome::OtherWords { expected, found } => {
            ("other-words", format!("\"{found}\", not \"{expected}\""))
        }
        Outcome::Failed(reason) => ("failed", reason.clone()),
        Outcome::Skipped(reason) => ("skipped", reason.clone()),
    };
    let Verdict { what, line, column, .. } = verdict;
    Some(Directive { what, line: *line, column: *column, outcome, reason })
}

/// One suite for each script, one case for each directive.
fn junit(played: &Played<'_>) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for account in played.accounts {
        let counts = played.counts(account);
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">",
            escaped(&account.name),
            account.verdicts.len(),
            counts.failed,
            counts.skipped
        );
        for verdict in &account.verdicts {
            let _ = write!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}:{} {}\"",
                escaped(&account.name),
                verdict.line,
                verdict.column,
                escaped(&verdict.what)
            );
            xml.push_str(&match &verdict.outcome {
                Outcome::Failed(reason) => child("failure", reason),
                Outcome::OtherWords { expected, found } if played.strict => {
                    child("failure", &format!("\"{found}\", not \"{expected}\""))
                }
                Outcome::Skipped(reason) => child("skipped", reason),
                Outcome::Passed | Outcome::OtherWords { .. } => "/>\n".to_owned(),
            });
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn child(element: &str, message: &str) -> String {
    format!(">\n      <{element} message=\"{}\"/>\n    </testcase>\n", escaped(message))
}
