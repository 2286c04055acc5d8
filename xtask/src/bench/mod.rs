//! `cargo xtask bench`: how long work takes and how much memory it needs, beside
//! peers in the same run, because only ratios survive a change of machine. Asserts
//! no number.

mod bindgen;
mod compose;
mod contest;
mod many;
mod start;
mod validate;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{paths, process, screen};
use contest::Contender;

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, clap::Subcommand)]
enum Subject {
    /// Compose large components and many small ones.
    Compose {
        /// How often each program is run.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
    },
    /// Generate Rust bindings, and run what was generated.
    Bindgen {
        /// How often each program is run.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
    },
    /// Start a large program, with and without compiled code in the cache.
    Run {
        /// How often each program is run.
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
    },
    /// Validate large components.
    Validate {
        /// How often each program is run.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
    },
}

/// Runs the benchmark.
pub fn run(args: &Args) -> Result<()> {
    let joggle = build()?;
    let scratch = tempfile::tempdir()?;
    match args.subject {
        Subject::Compose { runs } => {
            compose::run(&joggle, scratch.path(), runs)?;
            many::run(&joggle, scratch.path(), runs)
        }
        Subject::Bindgen { runs } => bindgen::run(&joggle, scratch.path(), runs),
        Subject::Run { runs } => start::run(&joggle, scratch.path(), runs),
        Subject::Validate { runs } => validate::run(&joggle, scratch.path(), runs),
    }
}

fn build() -> Result<PathBuf> {
    screen::step("build joggle for release", || {
        let mut command = process::cargo();
        command.current_dir(paths::root()).args(["build", "--release", "--package", "joggle"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        process::executable(&process::output(&mut command)?, "joggle")
    })
}

/// `joggle` with words and paths.
fn joggle(name: &'static str, program: &Path, arguments: Vec<OsString>) -> Contender {
    let program = program.to_path_buf();
    Contender { name, program, arguments, environment: Vec::new(), stdout: None }
}

/// A peer; one that is not installed is left out and named.
fn peer(name: &'static str, program: &str, arguments: Vec<OsString>) -> Option<Contender> {
    let found = process::find(program);
    if found.is_none() {
        screen::note(&format!("`{program}` is not on the PATH: no `{name}`"));
    }
    found.map(|program| joggle(name, &program, arguments))
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn size_of(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len())
}
