//! What a task says while it works: steps with their times on stderr, results
//! on stdout. No other file of this package prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tasks talk to a person at a terminal"
)]

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::Result;

/// Announces what the following steps are part of.
pub fn heading(text: &str) {
    eprintln!("{text}");
}

/// One fact below a heading.
pub fn note(text: &str) {
    eprintln!("  {text}");
}

/// A part of the result.
pub fn result(text: &str) {
    println!("{text}");
}

/// Why the task as a whole failed, with the causes.
pub fn failure(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// Does a piece of work, says what it is and how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let interactive = std::io::stderr().is_terminal();
    if interactive {
        eprint!("  {what} …");
        // A line that shows up late is no reason to fail.
        let _ = std::io::stderr().flush();
    } else {
        eprintln!("  {what} …");
    }
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "took" } else { "failed after" };
    let time = seconds(start.elapsed());
    if interactive {
        eprintln!(" {verdict} {time}");
    } else {
        eprintln!("  {what}: {verdict} {time}");
    }
    outcome
}

/// A duration for people: tenths of a second are enough.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// A size for people.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown, a double has fifteen")]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(46_100), "46.1 KB");
        assert_eq!(size(18_354_586), "18.4 MB");
    }
}
