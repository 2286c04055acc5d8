//! `cargo xtask fuzz`: builds the fuzz targets with the coverage of every crate that
//! they use, and lets libFuzzer look for inputs that break them. All of it works with
//! stable Rust; the engine itself needs a C++ compiler.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{paths, process, screen};

/// Options of `cargo xtask fuzz`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to fuzz; without a name, each in turn.
    #[arg(value_parser = TARGETS)]
    target: Option<String>,

    /// How long, all together.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,

    /// Afterwards, take the inputs that reach new code into the corpus.
    #[arg(long)]
    keep: bool,
}

impl Args {
    /// What a test run has time for.
    pub fn tested() -> Self {
        Self { target: None, seconds: 60, keep: false }
    }
}

/// The folders below `fuzz/corpus`.
const TARGETS: [&str; 8] =
    ["validate", "inputs", "compose", "wit", "manifest", "componentize", "names", "bind"];

/// Files that are good to begin with, beside the corpus.
const SEEDS: [(&str, &str); 3] = [
    ("validate", "fixtures/quickstart"),
    ("inputs", "fixtures/quickstart"),
    ("bind", "fixtures/wit"),
];

/// Counters at each edge, and the operands of comparisons.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// What one input may use: seconds, megabytes, bytes of its own.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=1500", "-max_len=100000"];

/// Larger inputs do not go into the repository.
const LARGEST_KEPT: u64 = 4_000;

/// Fuzzes.
pub fn run(args: &Args) -> Result<()> {
    screen::heading("fuzz");
    if process::find("c++").or_else(|| process::find("clang++")).is_none() {
        let missing = "no C++ compiler (c++) on the PATH: no fuzzing, the corpus is a test anyway";
        if paths::in_ci() {
            bail!(missing);
        }
        screen::note(missing);
        return Ok(());
    }
    let engine = build()?;
    let targets: Vec<&str> = match &args.target {
        Some(target) => vec![target],
        None => TARGETS.to_vec(),
    };
    let seconds = (args.seconds / targets.len() as u64).max(1);
    for target in targets {
        fuzz(&engine, target, seconds, args.keep)?;
    }
    Ok(())
}

fn build() -> Result<PathBuf> {
    screen::step("build the fuzz targets", || {
        let host = host()?;
        let mut command = process::cargo();
        command.current_dir(paths::root());
        command.args(["build", "--package", "joggle-fuzz", "--features", "engine"]);
        // With a target named, build scripts are left without the flags.
        command.args(["--profile", "fuzz", "--target", &host]);
        command.args(["--message-format", "json-render-diagnostics"]);
        command.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\x1f"));
        process::executable(&process::output(&mut command)?, "joggle-fuzz")
    })
}

/// The machine's own target, as rustc names it.
fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = process::output(Command::new(rustc).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}

fn fuzz(engine: &Path, target: &str, seconds: u64, keep: bool) -> Result<()> {
    let corpus = paths::root().join("fuzz/corpus").join(target);
    let found = tempfile::tempdir()?;
    let findings = findings()?;
    let mut folders = vec![found.path().to_path_buf(), corpus.clone()];
    let seeds = SEEDS.iter().filter(|(name, _)| *name == target);
    folders.extend(seeds.map(|(_, folder)| paths::root().join(folder)));
    let mut command = started(engine, target);
    command.args(LIMITS).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/{target}-", findings.display()));
    command.args(["-print_final_stats=1", "-close_fd_mask=1"]).args(&folders);
    let outcome = screen::step(&format!("fuzz {target} for {seconds} s"), || {
        process::both_outputs(&mut command)
    });
    let said = match outcome {
        Ok(said) => said,
        Err(error) => {
            let advice = "the input is named above, behind `Test unit written to`: mend what it \
                          breaks, and copy it into fuzz/corpus to have it tried by every test run";
            return Err(error.context(format!("`{target}` found something; {advice}")));
        }
    };
    let statistic = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches(':').trim().to_owned())
    };
    let tried = statistic("stat::number_of_executed_units").unwrap_or_default();
    let peak = statistic("stat::peak_rss_mb").unwrap_or_default();
    let new = fs::read_dir(found.path())?.count();
    screen::note(&format!("{target}: {tried} inputs, {new} of them new, at most {peak} MB"));
    if keep { merge(engine, target, &corpus, found.path()) } else { Ok(()) }
}

/// Copies into the corpus what reaches code that it does not reach.
fn merge(engine: &Path, target: &str, corpus: &Path, found: &Path) -> Result<()> {
    let small = tempfile::tempdir()?;
    for entry in fs::read_dir(found)? {
        let entry = entry?;
        if entry.metadata()?.len() <= LARGEST_KEPT {
            fs::copy(entry.path(), small.path().join(entry.file_name()))?;
        }
    }
    screen::step(&format!("take the best of {target} into the corpus"), || {
        let mut command = started(engine, target);
        // For new code alone, not for how often it runs: fewer files.
        command.args(["-set_cover_merge=1", "-use_counters=0", "-use_cmp=0"]).args(LIMITS);
        process::quiet(command.arg(corpus).arg(small.path()))
    })
}

fn started(engine: &Path, target: &str) -> Command {
    let mut command = process::program(engine);
    command.env("JOGGLE_FUZZ_TARGET", target);
    command
}

/// Where inputs that break something are kept: outside of what is checked in.
fn findings() -> Result<PathBuf> {
    let folder = match paths::set("CARGO_TARGET_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => paths::root().join("target"),
    };
    let folder = folder.join("fuzz-findings");
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_corpus() -> Result<()> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(paths::root().join("fuzz/corpus"))? {
            folders.push(entry?.file_name().to_string_lossy().into_owned());
        }
        folders.sort();
        let mut targets = TARGETS.map(str::to_owned).to_vec();
        targets.sort();
        assert_eq!(folders, targets);
        Ok(())
    }

    #[test]
    fn the_host_has_a_name() -> Result<()> {
        assert!(host()?.contains('-'));
        Ok(())
    }
}
