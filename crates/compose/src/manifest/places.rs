//! Where a manifest says what turned out to be wrong: names that only the
//! inputs can settle are found in its text again.

use std::fmt::Display;

use joggle_diag::Source;
use miette::{Diagnostic, LabeledSpan, SourceCode, SourceSpan};

use crate::error::Problem;

/// The names that a manifest uses, as options spell them, and where.
#[derive(Clone, Debug)]
pub struct Places {
    text: Source,
    spans: Vec<(String, SourceSpan)>,
}

impl Places {
    pub(super) fn new(text: Source) -> Places {
        Places { text, spans: Vec::new() }
    }

    pub(super) fn add(&mut self, spelled: String, at: std::ops::Range<usize>) {
        self.spans.push((spelled, at.into()));
    }

    /// The problem, with its place in the manifest if it is about a name there.
    #[must_use]
    pub fn locate(&self, problem: Problem) -> Box<dyn Diagnostic> {
        let spelled = problem.spelled();
        let found = self.spans.iter().find(|(name, _)| spelled.contains(name));
        match found {
            Some((_, at)) => Box::new(Located { problem, text: self.text.clone(), at: *at }),
            None => Box::new(problem),
        }
    }
}

/// A problem with its place.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
struct Located {
    problem: Problem,
    text: Source,
    at: SourceSpan,
}

impl Diagnostic for Located {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.problem.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.problem.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some("this one".to_owned()), self.at);
        Some(Box::new(std::iter::once(label)))
    }
}
