//! What is wrong with a world, or with the question for one. Each problem has
//! a code and a page, and points into the WIT where there is a place. Drawing
//! them is left to the command line.

use std::sync::Arc;

use joggle_diag::Source;
use joggle_load::Wit;
use miette::{Diagnostic, SourceSpan};
use thiserror::Error;
use wit_parser::Span;

use crate::name::NameError;

/// Something that keeps a world from being built or printed.
#[derive(Clone, Debug, Error, Diagnostic)]
pub enum Problem {
    /// There is no world to choose.
    #[error("`{input}` has no world")]
    #[diagnostic(
        code("bind::no-world"),
        help(
            "bindings are for a world: write one that imports and exports what is wanted, \
             `world my-world {{ … }}`"
        )
    )]
    NoWorld {
        /// The input, as it is shown.
        input: String,
    },
    /// There are several worlds, and none was named.
    #[error("`{input}` has several worlds: {worlds}")]
    #[diagnostic(code("bind::which-world"), help("name one of them: --world {first}"))]
    WhichWorld {
        /// The input, as it is shown.
        input: String,
        /// The worlds, in backquotes.
        worlds: String,
        /// The first of them.
        first: String,
    },
    /// No world has this name.
    #[error("`{package}` has no world `{name}`")]
    #[diagnostic(code("bind::unknown-world"))]
    UnknownWorld {
        /// The package, or the input that has it.
        package: String,
        /// What was asked for.
        name: String,
        /// The nearest name, or all there are.
        #[help]
        help: String,
    },
    /// A language cannot express an item.
    #[error("{language} has no bindings for {what} yet")]
    #[diagnostic(code("bind::unsupported"))]
    Unsupported {
        /// The language, as it is written: `Rust`.
        language: &'static str,
        /// The item in its own words: ``the async function `fetch` ``.
        what: String,
        /// The WIT that has it.
        #[source_code]
        source_text: Option<Arc<Source>>,
        /// Where it stands.
        #[label("{label}")]
        span: Option<SourceSpan>,
        /// What is said at the place.
        label: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// No value of a type fits into a 32-bit memory, or a type has no part at all.
    #[error("{what} {why}")]
    #[diagnostic(code("bind::no-layout"))]
    NoLayout {
        /// The type in its own words.
        what: String,
        /// Why it has no layout.
        why: &'static str,
        /// The WIT that has it.
        #[source_code]
        source_text: Option<Arc<Source>>,
        /// Where it stands.
        #[label("this type")]
        span: Option<SourceSpan>,
        /// What to do.
        #[help]
        help: &'static str,
    },
    /// A function has the name under which a core module exports its memory.
    #[error(
        "the world exports a function `{name}`, and a core module exports its memory as `{name}`"
    )]
    #[diagnostic(
        code("bind::reserved-export"),
        help(
            "give the function another name, or export it in an interface: there its export \
             begins with the name of the interface"
        )
    )]
    ReservedExport {
        /// The name of the function.
        name: String,
        /// The WIT that has it.
        #[source_code]
        source_text: Option<Arc<Source>>,
        /// Where it stands.
        #[label("the name is taken")]
        span: Option<SourceSpan>,
    },
    /// The type of the world has no binary form.
    #[error("the world `{world}` has no binary form: {reason}")]
    #[diagnostic(
        code("bind::not-encoded"),
        help("without it no component can be made: give the WIT that is meant")
    )]
    NotEncoded {
        /// The world.
        world: String,
        /// The encoder's words.
        reason: String,
    },
    /// A type is used that no item of the world holds.
    #[error("the world `{world}` uses {ty} and does not import the interface that has it")]
    #[diagnostic(
        code("bind::foreign-type"),
        help("the file was put together by another tool: make it again out of WIT")
    )]
    ForeignType {
        /// The world.
        world: String,
        /// The type in its own words.
        ty: String,
    },
    /// The user's names cannot be taken.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Name(Box<NameError>),
}

impl From<NameError> for Problem {
    fn from(error: NameError) -> Problem {
        Problem::Name(Box::new(error))
    }
}

impl Problem {
    /// An item that a language cannot express: `what` names it in the words of WIT, `label` is said
    /// at its place, and `help` is what to do.
    #[must_use]
    pub fn unsupported(
        wit: &Wit,
        span: Span,
        language: &'static str,
        what: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let (source_text, span) = place(wit, span);
        Problem::Unsupported {
            language,
            what: what.into(),
            source_text,
            span,
            label: label.into(),
            help: help.into(),
        }
    }
}

/// The source and the place in it, for the fields of a problem.
pub(crate) fn place(wit: &Wit, span: Span) -> (Option<Arc<Source>>, Option<SourceSpan>) {
    wit.place(span).map_or((None, None), |(source, span)| (Some(Arc::new(source)), Some(span)))
}
