//! What is wrong with the exports of the result.

use joggle_diag::quoted_list;
use miette::Diagnostic;
use thiserror::Error;

/// Two instances would export one name.
#[derive(Debug, Error, Diagnostic)]
#[error("`{name}` would be exported {times}: by {}", quoted_list(.by.iter().map(String::as_str)))]
#[diagnostic(
    code("compose::duplicate-export"),
    help(
        "hide one of them: --hide {}:{name}\n\
         or rename it: --rename {}:{name}=NEW-NAME\n\
         or say whose exports are wanted: --root {}",
        .by[1], .by[1], .by[0]
    )
)]
pub struct DuplicateExport {
    name: String,
    times: &'static str,
    by: Vec<String>,
}

impl DuplicateExport {
    /// `by` are the names of at least two nodes.
    pub(crate) fn new(name: String, by: Vec<String>) -> DuplicateExport {
        let times = if by.len() == 2 { "twice" } else { "several times" };
        DuplicateExport { name, times, by }
    }
}

/// An export cannot be had in the way that is asked for.
#[derive(Debug, Error, Diagnostic)]
#[error("`{export}` cannot be exported as `{name}`: {reason}")]
#[diagnostic(code("compose::bad-export"), help("{advice}"))]
pub struct BadExport {
    pub(crate) export: String,
    pub(crate) name: String,
    pub(crate) reason: String,
    pub(crate) advice: &'static str,
}

/// No export is left.
#[derive(Debug, Error, Diagnostic)]
#[error("the result would export nothing")]
#[diagnostic(code("compose::no-export"), help("{advice}"))]
pub struct NothingToExport {
    pub(crate) advice: String,
}
