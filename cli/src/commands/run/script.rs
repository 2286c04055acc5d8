//! `joggle run --script`: calls of a component's exports, one a line. What the
//! lines mean is `joggle-host`'s to know.

use std::path::Path;

use joggle_host::{Grants, HostError, Played, Program, Session, Took};
use joggle_load::{LoadError, Text};

use super::passed;
use crate::commands::stdin::{StdinTwice, at_most_once};
use crate::exit::Outcome;
use crate::render::Screen;

/// The script cannot be had.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ScriptError {
    /// The component is read from standard input too.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Stdin(#[from] StdinTwice),
    /// The file cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
}

/// Reads the script, if there is one.
pub fn read(component: &Path, script: Option<&Path>) -> Result<Option<Text>, ScriptError> {
    let Some(script) = script else { return Ok(None) };
    at_most_once([component, script])?;
    Ok(Some(joggle_load::text(script)?))
}

/// Runs a script and prints the results that it does not bind to names.
pub fn play(
    program: &Program,
    grants: &Grants,
    args: &[String],
    script: &Text,
    screen: &Screen,
) -> Result<(Outcome, Took), HostError> {
    let mut session = Session::open(program, grants, args)?;
    let played = session.play(&script.name, &script.text, &mut |value| {
        screen.line(&value.to_wave());
    })?;
    let outcome = match played {
        Played::ToTheEnd => Outcome::Yes,
        Played::Exited(status) => passed(status, &session.denied(), screen),
    };
    Ok((outcome, session.took()))
}
