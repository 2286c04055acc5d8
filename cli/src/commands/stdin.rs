//! Standard input as an input: it can be read only once.

use std::path::Path;

/// Standard input is named more than once.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("standard input, `-`, is given more than once")]
#[diagnostic(code("cli::stdin-twice"), help("it can be read only once: name files for the others"))]
pub struct StdinTwice;

/// Refuses inputs that name standard input more than once.
pub fn at_most_once<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<(), StdinTwice> {
    let times = paths.into_iter().filter(|path| *path == Path::new("-")).count();
    if times > 1 { Err(StdinTwice) } else { Ok(()) }
}
