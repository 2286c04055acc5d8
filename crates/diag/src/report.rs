//! A diagnostic as plain data, for `--format json` and for tests.

use miette::{Diagnostic, SourceCode, SourceSpan};
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The answer is no, or could not be had.
    Error,
    /// The answer is yes, with something to know.
    Warning,
    /// Only information.
    Advice,
}

/// A place in a source, with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Name of the source, as shown to people.
    pub source: String,
    /// Line of the first byte, counted from 1.
    pub line: usize,
    /// Column of the first byte in characters, counted from 1.
    pub column: usize,
    /// Offset of the first byte in the source, from 0.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
    /// Line of the first byte behind the place, counted from 1.
    pub end_line: usize,
    /// Column of the first byte behind the place, in characters, counted from 1.
    pub end_column: usize,
    /// What is said about the place.
    pub text: Option<String>,
}

/// One diagnostic with everything that a machine wants to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The stable code, such as `compose::cycle`.
    pub code: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What happened, in one line.
    pub message: String,
    /// Where.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The page that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The other side of a mismatch, or the findings that this one collects.
    pub related: Vec<Report>,
}

impl Report {
    /// Reads everything out of a diagnostic.
    pub fn of(diagnostic: &dyn Diagnostic) -> Report {
        let severity = match diagnostic.severity() {
            None | Some(miette::Severity::Error) => Severity::Error,
            Some(miette::Severity::Warning) => Severity::Warning,
            Some(miette::Severity::Advice) => Severity::Advice,
        };
        let mut message = diagnostic.to_string();
        let mut cause = std::error::Error::source(diagnostic);
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Report {
            code: diagnostic.code().map(|c| c.to_string()),
            severity,
            message,
            labels: labels(diagnostic),
            help: diagnostic.help().map(|h| h.to_string()),
            url: diagnostic.url().map(|url| url.to_string()).filter(|url| !url.is_empty()),
            related: diagnostic
                .related()
                .map(|all| all.map(Report::of).collect())
                .unwrap_or_default(),
        }
    }
}

fn labels(diagnostic: &dyn Diagnostic) -> Vec<Label> {
    let (Some(source), Some(labels)) = (diagnostic.source_code(), diagnostic.labels()) else {
        return Vec::new();
    };
    labels
        .filter_map(|label| {
            let span: SourceSpan = *label.inner();
            let contents = source.read_span(&span, 0, 0).ok()?;
            // Columns are bytes there, and characters for everybody else.
            let start = span.offset().checked_sub(contents.column())?;
            let before = text(source, start, contents.column())?;
            let (line, column) = (contents.line() + 1, before.chars().count() + 1);
            let inside = text(source, span.offset(), span.len())?;
            let (end_line, end_column) = match inside.rsplit_once('\n') {
                None => (line, column + inside.chars().count()),
                Some((lines, last)) => {
                    (line + 1 + lines.matches('\n').count(), last.chars().count() + 1)
                }
            };
            Some(Label {
                source: contents.name().unwrap_or_default().to_owned(),
                line,
                column,
                offset: span.offset(),
                length: span.len(),
                end_line,
                end_column,
                text: label.label().map(str::to_owned),
            })
        })
        .collect()
}

/// These bytes of a source.
fn text(source: &dyn SourceCode, offset: usize, length: usize) -> Option<String> {
    if length == 0 {
        return Some(String::new());
    }
    let contents = source.read_span(&(offset, length).into(), 0, 0).ok()?;
    let bytes = contents.data().get(..length)?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, source};

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("a word is wrong")]
    #[diagnostic(code("test::word"), help("write another"))]
    struct Wrong {
        #[source_code]
        text: Source,
        #[label("this one")]
        at: SourceSpan,
    }

    #[test]
    fn places_are_counted_from_one() {
        let place = |text: &str, at: (usize, usize)| {
            let wrong = Wrong { text: source("a.wit", text), at: at.into() };
            let report = Report::of(&wrong);
            assert_eq!(report.code.as_deref(), Some("test::word"));
            let label = &report.labels[0];
            assert_eq!(label.source, "a.wit");
            ((label.line, label.column), (label.end_line, label.end_column))
        };
        assert_eq!(place("one\ntwo three", (8, 5)), ((2, 5), (2, 10)));
        assert_eq!(place("one\nä two", (7, 3)), ((2, 3), (2, 6)));
        assert_eq!(place("one\r\ntwo\nthree", (1, 8)), ((1, 2), (3, 1)));
        assert_eq!(place("one", (3, 0)), ((1, 4), (1, 4)));
        assert_eq!(place("one", (0, 0)), ((1, 1), (1, 1)));
    }
}
