//! Exit statuses: 0 yes, 1 no, 2 could not tell. 101 is a bug.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use crate::color::Color;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done, or the answer is yes.
    Yes,
    /// The answer is no: it does not fit, is invalid, or failed.
    No,
    /// There is no answer: a missing file, unreadable input, wrong usage.
    Unknown,
    /// The status of the program that was run, passed on.
    Passed(u8),
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Yes => ExitCode::SUCCESS,
            Outcome::No => ExitCode::from(1),
            Outcome::Unknown => ExitCode::from(2),
            Outcome::Passed(status) => ExitCode::from(status),
        }
    }
}

/// Prints what clap has to say. Help and version are answers, not errors.
pub fn usage(error: &clap::Error, color: Color) -> ExitCode {
    let text = error.render();
    let spell = |colored: bool| if colored { text.ansi().to_string() } else { text.to_string() };
    // A closed pipe while printing help is nobody's problem.
    if error.use_stderr() {
        let colored = color.wanted(std::io::stderr().is_terminal());
        let _ = write!(std::io::stderr().lock(), "{}", spell(colored));
        Outcome::Unknown.into()
    } else {
        let colored = color.wanted(std::io::stdout().is_terminal());
        let _ = write!(std::io::stdout().lock(), "{}", spell(colored));
        Outcome::Yes.into()
    }
}

/// A panic that is no bug of this program is not shown: the decoder of WIT gives
/// up by panicking, and its caller knows what to do, and so does the encoder; the engine panics on some
/// components of scripts, which is a verdict about them.
pub fn quiet_harmless_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let expected = [
            joggle_load::DECODER_THREAD,
            joggle_componentize::ENCODER_THREAD,
            joggle_harness::SCRIPT_THREAD,
        ];
        if !thread.name().is_some_and(|name| expected.contains(&name)) {
            default(info);
        }
    }));
}
