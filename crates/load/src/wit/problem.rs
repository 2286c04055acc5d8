//! What is said about mistakes in WIT: one [`WitError`] that collects a
//! [`WitProblem`] for each of them. Finding them is left to the modules beside.

use std::fmt;

use joggle_diag::Source;
use miette::{Diagnostic, LabeledSpan, SourceCode};

/// All the mistakes of one WIT package.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{} in `{name}`", count(problems.len()))]
#[diagnostic(code("wit::invalid"))]
pub struct WitError {
    /// The file or folder as given.
    pub name: String,
    /// Each mistake, in the order of the text.
    #[related]
    pub problems: Vec<WitProblem>,
    /// Said when there may be more than those.
    #[help]
    pub help: Option<String>,
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

/// One mistake in WIT.
#[derive(Clone, Debug)]
pub struct WitProblem {
    /// What sort of mistake; it settles the code.
    pub kind: ProblemKind,
    /// What is wrong, in one line.
    pub message: String,
    /// The text, as it was given.
    pub source_text: Source,
    /// The places, the main one first.
    pub labels: Vec<LabeledSpan>,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for WitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WitProblem {}

impl Diagnostic for WitProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source_text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The sorts of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Anything that the rules do not allow and that no other sort covers.
    Syntax,
    /// A `;` is missing.
    ExpectedSemicolon,
    /// A `,` is missing, or something else stands in its place.
    ExpectedComma,
    /// A brace, bracket or comment has no end, or an end has no beginning.
    Unbalanced,
    /// Something that WIT does not have, or not here.
    NotWit,
    /// The package has no name.
    NoPackage,
    /// The files of one package name different packages.
    PackageMismatch,
    /// A name that is not in kebab-case, or that is a keyword.
    BadName,
    /// A name that is given twice.
    DuplicateName,
    /// A type of another language.
    ForeignTypeName,
    /// A type that is not defined.
    UndefinedType,
    /// An interface or a world that is not defined.
    UndefinedInterface,
    /// A type, interface, world or package that needs itself.
    Cycle,
    /// A version that is not one.
    BadVersion,
    /// A package that has versions, named without one.
    UnversionedPackage,
    /// A version of a known package that is not there.
    UnknownVersion,
    /// A package that is not there.
    UnknownPackage,
    /// One package, defined twice.
    DuplicatePackage,
}

impl ProblemKind {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ProblemKind::Syntax => code("wit::syntax"),
            ProblemKind::ExpectedSemicolon => code("wit::expected-semicolon"),
            ProblemKind::ExpectedComma => code("wit::expected-comma"),
            ProblemKind::Unbalanced => code("wit::unbalanced"),
            ProblemKind::NotWit => code("wit::not-wit"),
            ProblemKind::NoPackage => code("wit::no-package"),
            ProblemKind::PackageMismatch => code("wit::package-mismatch"),
            ProblemKind::BadName => code("wit::bad-name"),
            ProblemKind::DuplicateName => code("wit::duplicate-name"),
            ProblemKind::ForeignTypeName => code("wit::foreign-type-name"),
            ProblemKind::UndefinedType => code("wit::undefined-type"),
            ProblemKind::UndefinedInterface => code("wit::undefined-interface"),
            ProblemKind::Cycle => code("wit::cycle"),
            ProblemKind::BadVersion => code("wit::bad-version"),
            ProblemKind::UnversionedPackage => code("wit::unversioned-package"),
            ProblemKind::UnknownVersion => code("wit::unknown-version"),
            ProblemKind::UnknownPackage => code("wit::unknown-package"),
            ProblemKind::DuplicatePackage => code("wit::duplicate-package"),
        }
    }
}

/// Marks a literal as a code, for people and tests that search for them.
const fn code(code: &'static str) -> &'static str {
    code
}
