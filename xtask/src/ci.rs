//! `cargo xtask test` and `cargo xtask ci`: everything that has to pass, in the
//! order in which a failure costs least. The last words are those of `cargo test`.

use std::process::Command;

use anyhow::Result;

use crate::{fixtures, fuzz, paths, process, screen, setup};

/// Prepares toolchains and fixtures, then runs every test. Continuous integration
/// also wants the form of the sources to be right.
pub fn test() -> Result<()> {
    if paths::in_ci() {
        lint()?;
    }
    setup_and_test()
}

/// All of it, wherever this is.
pub fn run() -> Result<()> {
    lint()?;
    setup_and_test()
}

fn lint() -> Result<()> {
    screen::heading("format");
    process::visible(&mut cargo(&["fmt", "--all", "--check"]))?;
    screen::heading("lints");
    let mut clippy = cargo(&["clippy", "--workspace", "--all-targets"]);
    process::visible(clippy.args(["--", "-D", "warnings"]))
}

fn setup_and_test() -> Result<()> {
    prepare()?;
    // Before the tests, whose words are the last.
    fuzz::run(&fuzz::Args::tested())?;
    screen::heading("tests");
    // One failure does not hide the next.
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    // Tests look there, wherever this task decided that it is.
    process::visible(command.env("JOGGLE_FIXTURES", paths::fixtures()?))
}

/// Prepares toolchains and guests; both name what they skip.
fn prepare() -> Result<()> {
    setup::run_tested()?;
    fixtures::run(&fixtures::Args::tested())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = process::cargo();
    command.current_dir(paths::root()).args(arguments);
    command
}
