//! Findings about inputs as plain data, and the formats in which machines and
//! people take them. Finding anything out is left to the commands.

pub mod github;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;

use joggle_diag::{Report, Severity};
use miette::Diagnostic;
use serde::Serialize;

use crate::exit::Outcome;

/// A diagnostic that may come from another thread.
pub type Problem = Box<dyn Diagnostic + Send + Sync>;

/// How to show findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: a few lines for each input, findings on standard error.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A test report in XML, as most CI services take it.
    Junit,
    /// A table and the findings, for a comment or a summary.
    Markdown,
}

/// The answer to a question; of several, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is, or it fits.
    Yes,
    /// It is not, or it does not fit.
    No,
    /// That could not be told.
    Unknown,
}

impl Answer {
    /// The answer to several questions together.
    pub fn of_all(answers: impl IntoIterator<Item = Answer>) -> Answer {
        answers.into_iter().max().unwrap_or(Answer::Yes)
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Outcome {
        match answer {
            Answer::Yes => Outcome::Yes,
            Answer::No => Outcome::No,
            Answer::Unknown => Outcome::Unknown,
        }
    }
}

/// What was found out about one input.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// As it was given: a path, or `<stdin>`.
    pub name: String,
    /// What it is: `component`, `module` or `wit`, as far as that is known.
    pub kind: Option<&'static str>,
    /// The answers to all checks together.
    pub outcome: Answer,
    /// What was checked, in the order in which it was asked for.
    pub checks: Vec<Check>,
}

/// One question about an input, with its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What it was checked against: `specification`, `world wasi:cli/command@0.2.12`, `target spin`.
    pub name: String,
    /// The answer.
    pub outcome: Answer,
    /// What has to be done so that the answer holds, such as a flag to be set.
    pub notes: Vec<String>,
    /// The reasons for the answer, and warnings.
    pub findings: Vec<Finding>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The diagnostic.
    #[serde(flatten)]
    pub report: Report,
    /// Where in a binary: `core module "main" > func "handle"`, `import wasi:io/streams@0.2.0`.
    pub place: Option<String>,
    /// Where in a binary, in bytes from its start.
    pub offset: Option<u64>,
    /// Where in the source that a binary was made of.
    pub origin: Option<Origin>,
}

/// A place in the source that a binary was made of, out of its debug information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The file, as the compiler recorded it.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column, counted from 1.
    pub column: Option<u32>,
    /// The function, demangled.
    pub function: Option<String>,
}

impl Finding {
    /// The findings in a diagnostic: itself, or those that it only collects.
    pub fn all_of(diagnostic: &dyn Diagnostic) -> Vec<Finding> {
        let mut findings = Vec::new();
        collect(Report::of(diagnostic), &mut findings);
        findings
    }

    /// Code, or a word for those that have none.
    pub fn code(&self) -> &str {
        self.report.code.as_deref().unwrap_or("finding")
    }

    /// The place in a text that was given, which is not that of a printed binary.
    pub fn text_label<'f>(&'f self, subject: &Subject) -> Option<&'f joggle_diag::Label> {
        self.report.labels.iter().find(|label| {
            let inside = label.source.strip_prefix(&subject.name);
            inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The other places, in the WIT of a binary or of a world.
    pub fn other_labels<'f>(
        &'f self,
        subject: &Subject,
    ) -> impl Iterator<Item = &'f joggle_diag::Label> {
        let own = self.text_label(subject);
        let related = self.report.related.iter().flat_map(|related| &related.labels);
        let all = self.report.labels.iter().chain(related);
        all.filter(move |label| own.is_none_or(|own| !std::ptr::eq(*label, own)))
    }
}

/// A diagnostic whose related ones all have codes is only their heading.
fn collect(report: Report, findings: &mut Vec<Finding>) {
    let heading = !report.related.is_empty() && report.related.iter().all(|r| r.code.is_some());
    if heading {
        for related in report.related {
            collect(related, findings);
        }
    } else {
        findings.push(Finding { report, place: None, offset: None, origin: None });
    }
}

/// Errors and warnings in all checks.
pub fn count(subjects: &[Subject], severity: Severity) -> usize {
    let checks = subjects.iter().flat_map(|subject| &subject.checks);
    let findings = checks.flat_map(|check| &check.findings);
    findings.filter(|finding| finding.report.severity == severity).count()
}

/// `1 input`, `2 inputs`, `no inputs`.
pub fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

#[cfg(test)]
pub mod examples {
    //! Subjects for the tests of the formats, with everything that is awkward.

    use joggle_diag::Label;

    use super::*;

    /// A finding about a text, with a place in it.
    pub fn in_text() -> Finding {
        let label = Label {
            source: "wit dir/a,b.wit".to_owned(),
            line: 2,
            column: 26,
            offset: 43,
            length: 5,
            end_line: 2,
            end_column: 31,
            text: Some("not in interface `i`".to_owned()),
        };
        let report = Report {
            code: Some("wit::undefined-type".to_owned()),
            severity: Severity::Error,
            message: "the type `strin` is not defined: 100% <wrong> & \"odd\"\nline two".to_owned(),
            labels: vec![label],
            help: Some("did you mean `string`?".to_owned()),
            url: None,
            related: Vec::new(),
        };
        Finding { report, place: None, offset: None, origin: None }
    }

    /// A finding about a binary, with a byte and a path in it.
    pub fn in_binary() -> Finding {
        let report = Report {
            code: Some("check::invalid-binary".to_owned()),
            severity: Severity::Error,
            message: "`app.wasm` is not a valid component: a | b \u{1}".to_owned(),
            labels: Vec::new(),
            help: Some("build it again".to_owned()),
            url: Some("https://example.org/rule".to_owned()),
            related: Vec::new(),
        };
        Finding {
            report,
            place: Some("core module \"main\" > func \"handle\"".to_owned()),
            offset: Some(44),
            origin: Some(Origin {
                file: Some("src/lib.rs".to_owned()),
                line: Some(7),
                column: None,
                function: Some("handle".to_owned()),
            }),
        }
    }

    /// A good input, a bad text, a bad binary and one that is missing.
    pub fn subjects() -> Vec<Subject> {
        let check = |name: &str, outcome, findings| Check {
            name: name.to_owned(),
            outcome,
            notes: Vec::new(),
            findings,
        };
        let mut missing = in_text();
        missing.report.code = Some("load::missing".to_owned());
        missing.report.labels.clear();
        let subject = |name: &str, kind, outcome, checks| Subject {
            name: name.to_owned(),
            kind,
            outcome,
            checks,
        };
        let mut fits = check("target spin", Answer::Yes, vec![]);
        fits.notes.push("give `-S cli`".to_owned());
        vec![
            subject(
                "good.wasm",
                Some("component"),
                Answer::Yes,
                vec![check("specification", Answer::Yes, vec![]), fits],
            ),
            subject(
                "wit dir",
                Some("wit"),
                Answer::No,
                vec![check("specification", Answer::No, vec![in_text()])],
            ),
            subject(
                "app.wasm",
                Some("component"),
                Answer::No,
                vec![check("specification", Answer::No, vec![in_binary()])],
            ),
            subject(
                "nowhere.wasm",
                None,
                Answer::Unknown,
                vec![check("specification", Answer::Unknown, vec![missing])],
            ),
        ]
    }
}
