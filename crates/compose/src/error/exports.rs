//! What is wrong with the exports of the result.

use joggle_diag::quoted_list;
use miette::Diagnostic;
use thiserror::Error;

/// Two instances would export one name.
#[derive(Debug, Error, Diagnostic)]
#[error("`{name}` would be exported {times}: by {}", quoted_list(.by.iter().map(String::as_str)))]
#[diagnostic(code("compose::duplicate-export"), help("{advice}"))]
pub struct DuplicateExport {
    name: String,
    times: &'static str,
    by: Vec<String>,
    advice: String,
}

impl DuplicateExport {
    /// `by` are the names of at least two nodes.
    pub(crate) fn new(name: String, by: Vec<String>) -> DuplicateExport {
        let times = if by.len() == 2 { "twice" } else { "several times" };
        let advice = match &by[..] {
            [first, .., last] if first != last => format!(
                "hide one of them: --hide {last}:{name}\n\
                 or rename it: --rename {last}:{name}=NEW-NAME\n\
                 or say whose exports are wanted: --root {first}"
            ),
            [..] => "give each of them a name of its own".to_owned(),
        };
        let mut by = by;
        by.dedup();
        DuplicateExport { name, times, by, advice }
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
