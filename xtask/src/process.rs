//! Running other programs: quiet when they succeed, with their last words when
//! they fail. Knows nothing about what is run.

use std::env;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// How many of a failed program's last lines are shown.
const LAST_WORDS: usize = 40;

/// Runs a program to its end; what it prints is shown only if it fails.
pub fn quiet(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Runs a program to its end and returns what it printed on stdout.
pub fn output(command: &mut Command) -> Result<String> {
    let output = run(command)?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(stdout.into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    bail!("`{}` failed with {}\n{}", show(command), output.status, last_words(&(stdout + stderr)));
}

/// The same, with what it printed on stderr behind that.
pub fn both_outputs(command: &mut Command) -> Result<String> {
    let output = run(command)?;
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(said.into_owned());
    }
    bail!("`{}` failed with {}\n{}", show(command), output.status, last_words(&said));
}

fn run(command: &mut Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output();
    output.with_context(|| format!("starting `{}`", show(command)))
}

fn last_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_WORDS)..].join("\n")
}

/// The executable of a name in cargo's stream of JSON messages.
pub fn executable(messages: &str, name: &str) -> Result<PathBuf> {
    let path = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let wanted = message["target"]["name"] == name;
        wanted.then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    path.with_context(|| format!("cargo names no executable `{name}`"))
}

/// Runs a program that talks to the terminal itself.
pub fn visible(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("starting `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed with {status}");
    }
    Ok(())
}

/// A program on the PATH, if there is one.
pub fn find(program: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Something that a task needs and that this machine cannot give it.
#[derive(Debug)]
pub struct Unavailable(pub String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unavailable {}

/// A program on the PATH, or an error that says what to do.
pub fn require(program: &str, advice: &str) -> Result<PathBuf> {
    let missing = || Unavailable(format!("`{program}` is not on the PATH: {advice}"));
    Ok(find(program).ok_or_else(missing)?)
}

/// Whether an error only means that something cannot be had here.
pub fn is_unavailable(error: &anyhow::Error) -> bool {
    error.is::<Unavailable>()
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program by its path, for commands that are started from elsewhere.
pub fn program(path: &Path) -> Command {
    Command::new(path)
}

fn show(command: &Command) -> String {
    let mut shown = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        shown.push(' ');
        shown.push_str(&argument.to_string_lossy().replace('\x1f', " "));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_last_words() {
        let error = quiet(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]))
            .expect_err("the shell exits with 3")
            .to_string();
        assert!(error.contains("exit status: 3"), "{error}");
        assert!(error.ends_with("out\nerr"), "{error}");
    }

    #[test]
    fn a_missing_program_comes_with_advice() {
        let error = require("no-such-program", "install it").expect_err("it does not exist");
        assert_eq!(error.to_string(), "`no-such-program` is not on the PATH: install it");
        assert!(is_unavailable(&error));
        assert!(is_unavailable(&error.context("looking").context("preparing")));
    }

    #[test]
    fn a_failure_may_turn_out_to_be_something_that_is_missing() {
        let plain = || anyhow::anyhow!("exit status: 100");
        assert!(!is_unavailable(&plain().context("preparing")));
        let explained = plain().context(Unavailable("no package lists".into()));
        assert!(is_unavailable(&explained.context("preparing")));
    }
}
