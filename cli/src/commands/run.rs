//! `joggle run`.

use crate::exit::Outcome;
use crate::render::Screen;

/// Run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:")]
pub struct Args {}

/// Runs the command.
pub fn run(_args: Args, _screen: &Screen) -> Outcome {
    Outcome::Unknown
}
