//! What was found, where, and what was left out, as plain data and as
//! diagnostics. Finding it is left to the neighbours.

use std::fmt;

use miette::Diagnostic;
use serde::Serialize;

use crate::features::Feature;

/// A rule of the specification that a binary breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where, from the outermost component or module inwards.
    pub place: Place,
    /// Where, in bytes from the start of the file.
    pub offset: u64,
    /// The validator's words, in one line and without the offset.
    pub message: String,
    /// Where in the source of the guest, when the module carries DWARF.
    pub source: Option<SourcePlace>,
    /// The feature that would have to be allowed, when that is what is wrong.
    pub missing: Option<Feature>,
}

/// Part of a binary that was not checked, because of what was found before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// In which component or module.
    pub place: Place,
    /// From which byte of the file on.
    pub offset: u64,
    /// What was not looked at.
    pub skipped: Skipped,
}

/// What was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skipped {
    /// The rest of a core module, its functions included as far as they come later.
    RestOfModule,
    /// The rest of a component; modules and components inside it were checked on their own.
    RestOfComponent,
    /// The definitions of a component that refers to a component around it which
    /// is at fault; modules and components inside it were checked on their own.
    OuterReferences,
    /// What is nested deeper or in greater number than any tool allows.
    TooMuchNested,
    /// Everything after [`super::MOST_FINDINGS`] findings.
    TooManyFindings,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Skipped::RestOfModule => "the rest of the module was not checked",
            Skipped::RestOfComponent => {
                "the rest of the component was not checked, only the modules and components inside"
            }
            Skipped::OuterReferences => {
                "the definitions depend on the component around, so only the modules and components inside were checked"
            }
            Skipped::TooMuchNested => "more is nested there than any tool allows",
            Skipped::TooManyFindings => "there are too many findings to go on",
        })
    }
}

/// A component or a core module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// A component.
    Component,
    /// A core module.
    Module,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Container::Component => "component",
            Container::Module => "core module",
        })
    }
}

/// One step of a path into a binary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Step {
    /// Into a nested component.
    Component {
        /// In the index space of the enclosing component.
        index: u32,
        /// From a name section or an export.
        name: Option<String>,
    },
    /// Into a nested core module.
    Module {
        /// In the index space of the enclosing component.
        index: u32,
        /// From a name section or an export.
        name: Option<String>,
    },
    /// Into a function of a core module.
    Function {
        /// In the index space of the module, imports included.
        index: u32,
        /// From the name section or an export, demangled.
        name: Option<String>,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, index, name) = match self {
            Step::Component { index, name } => ("component", index, name),
            Step::Module { index, name } => ("core module", index, name),
            Step::Function { index, name } => ("func", index, name),
        };
        match name {
            Some(name) => write!(f, "{what} \"{name}\""),
            None => write!(f, "{what} {index}"),
        }
    }
}

/// A path into a binary, from the outermost component or module inwards.
///
/// The outermost itself is no step: its name is the file's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Place {
    /// The steps; none means the outermost itself.
    pub steps: Vec<Step>,
}

impl fmt::Display for Place {
    /// `component "auth" > core module "main" > func "handle"`, and nothing for the outermost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            if index > 0 {
                f.write_str(" > ")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}

/// A place in the source of a guest, out of DWARF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePlace {
    /// The file as the compiler recorded it.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column, counted from 1.
    pub column: Option<u32>,
    /// The innermost function, inlined ones included, demangled.
    pub function: Option<String>,
}

impl fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.function {
            write!(f, "{function}")?;
        }
        let Some(file) = &self.file else { return Ok(()) };
        if self.function.is_some() {
            f.write_str(" at ")?;
        }
        f.write_str(file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// A [`Finding`] as a diagnostic.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Invalid {
    /// A rule is broken.
    #[error("`{file}` is not a valid {kind}: {finding}")]
    #[diagnostic(
        code("check::invalid-binary"),
        help(
            "the tool that wrote it has made a mistake, or the file was changed afterwards: build it again, with a newer tool if there is one"
        )
    )]
    Rule {
        /// The file as shown to people.
        file: String,
        /// What the file is.
        kind: Container,
        /// What was found.
        finding: Finding,
    },
    /// A feature is used that is not allowed.
    #[error("`{file}` is not a valid {kind} without the feature `{feature}`: {finding}")]
    #[diagnostic(
        code("check::feature-not-allowed"),
        help(
            "allow it by adding `{feature}` to the list given with `--features`, or turn it off in the tool that wrote the file"
        )
    )]
    Feature {
        /// The file as shown to people.
        file: String,
        /// What the file is.
        kind: Container,
        /// The feature.
        feature: Feature,
        /// What was found.
        finding: Finding,
    },
}

/// A [`Stop`] as a diagnostic: a warning that there may be more to find.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{file}` was not checked to its end: {stop}")]
#[diagnostic(
    severity(Warning),
    code("check::not-checked"),
    help("mend what was found before byte {:#x}, then validate again", stop.offset)
)]
pub struct NotChecked {
    /// The file as shown to people.
    file: String,
    /// Where and what.
    stop: Stop,
}

impl Finding {
    /// The name of the function whose body is at fault, if it is known.
    fn function(&self) -> Option<&str> {
        match self.place.steps.last()? {
            Step::Function { name, .. } => name.as_deref(),
            Step::Component { .. } | Step::Module { .. } => None,
        }
    }

    /// The finding as a diagnostic about a file of this name.
    #[must_use]
    pub fn diagnostic(&self, file: &str, kind: Container) -> Invalid {
        let (file, finding) = (file.to_owned(), self.clone());
        match self.missing {
            Some(feature) => Invalid::Feature { file, kind, feature, finding },
            None => Invalid::Rule { file, kind, finding },
        }
    }
}

impl Stop {
    /// The stop as a diagnostic about a file of this name.
    #[must_use]
    pub fn diagnostic(&self, file: &str) -> NotChecked {
        NotChecked { file: file.to_owned(), stop: self.clone() }
    }
}

impl fmt::Display for Finding {
    /// The place, the source, the validator's words and the offset, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.steps.is_empty() {
            write!(f, "in {}", self.place)?;
            if let Some(source) = &self.source {
                // The same name twice says nothing new; an inlined function has another.
                if source.function.as_deref() == self.function() {
                    write!(f, " ({})", SourcePlace { function: None, ..source.clone() })?;
                } else {
                    write!(f, " ({source})")?;
                }
            }
            f.write_str(", ")?;
        }
        write!(f, "{} (at byte {:#x})", self.message, self.offset)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.steps.is_empty() {
            write!(f, "in {}, ", self.place)?;
        }
        write!(f, "from byte {:#x} on, {}", self.offset, self.skipped)
    }
}
