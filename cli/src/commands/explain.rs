//! `joggle explain CODE`: the page behind an error code.

use crate::exit::Outcome;
use crate::render::Screen;

/// Explain an error code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  joggle explain compose::cycle")]
pub struct Args {
    /// The code, as a diagnostic shows it.
    code: String,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    screen.line(&args.code);
    Outcome::Unknown
}
