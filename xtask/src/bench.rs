//! `cargo xtask bench`: how long work takes and how much memory it needs, beside
//! peers in the same run, because only ratios survive a change of machine. Asserts
//! no number.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4;

use crate::{fixtures, paths, process, screen};

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, clap::Subcommand)]
enum Subject {
    /// Compose the large fixtures; beside `cat`, `wac` and `wasm-tools` if they are there.
    Compose {
        /// How often each program is run.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
    },
}

/// What is linked: a command-line program with a calculator.
const PAIRS: [(&str, &str); 3] = [
    ("cli-rust", "calculator-js"),
    ("cli-python", "calculator-js"),
    ("cli-python", "calculator-python"),
];

/// One program with its arguments.
struct Contender {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<OsString>,
    /// Where its stdout goes, if it is its result.
    stdout: Option<PathBuf>,
}

/// What one run used.
#[derive(Clone, Copy)]
struct Usage {
    wall: Duration,
    cpu: Duration,
    /// Peak memory in bytes.
    memory: u64,
}

/// What several runs used: the middle and the best of each.
struct Summary {
    wall: Duration,
    best: Duration,
    cpu: Duration,
    memory: u64,
}

/// Runs the benchmark.
pub fn run(args: &Args) -> Result<()> {
    let Subject::Compose { runs } = args.subject;
    let joggle = build()?;
    let scratch = tempfile::tempdir()?;
    for (consumer, provider) in PAIRS {
        let inputs = [fixtures::built(consumer)?, fixtures::built(provider)?];
        let bytes = inputs.iter().map(size_of).sum::<Result<u64>>()?;
        let title = format!("{consumer} + {provider}: {} in, {runs} runs", screen::size(bytes));
        screen::result(&title);
        compare(&contenders(&joggle, &inputs, scratch.path()), runs)?;
        screen::result("");
    }
    screen::result("ratios: joggle ÷ peer, of the median wall time and of the peak memory");
    Ok(())
}

fn build() -> Result<PathBuf> {
    screen::step("build joggle for release", || {
        let mut command = process::cargo();
        command.current_dir(paths::root()).args(["build", "--release", "--package", "joggle"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        process::executable(&process::output(&mut command)?, "joggle")
    })
}

/// The first is ours. Peers that are not installed are left out and named.
fn contenders(joggle: &Path, inputs: &[PathBuf; 2], scratch: &Path) -> Vec<Contender> {
    let [consumer, provider] = inputs;
    let (ours, theirs) = (scratch.join("joggle.wasm"), scratch.join("wac.wasm"));
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let mut all = vec![Contender {
        name: "joggle compose",
        program: joggle.to_path_buf(),
        arguments: [words(&["compose", "-q", "-o"]), vec![ours.clone().into()]]
            .concat()
            .into_iter()
            .chain(inputs.iter().map(OsString::from))
            .collect(),
        stdout: None,
    }];
    let mut peer = |name, program: &str, arguments, stdout| match process::find(program) {
        Some(program) => all.push(Contender { name, program, arguments, stdout }),
        None => screen::note(&format!("`{program}` is not on the PATH: no `{name}`")),
    };
    let both = inputs.iter().map(OsString::from).collect();
    peer("cat", "cat", both, Some(scratch.join("cat.wasm")));
    let mut plug = words(&["plug", "--plug"]);
    plug.extend([provider.into(), consumer.into(), "-o".into(), theirs.into()]);
    peer("wac plug", "wac", plug, None);
    let mut validate = words(&["validate", "--features", "all"]);
    validate.push(ours.into());
    peer("wasm-tools validate", "wasm-tools", validate, None);
    all
}

fn compare(contenders: &[Contender], runs: u32) -> Result<()> {
    let mut usages = vec![Vec::new(); contenders.len()];
    // In turns, so that a busy moment of the machine hits all alike. The first
    // round warms the caches, and writes what the others read.
    for round in 0..=runs {
        for (contender, usages) in contenders.iter().zip(&mut usages) {
            let usage = measure(contender)?;
            if round > 0 {
                usages.push(usage);
            }
        }
    }
    let names = contenders.iter().map(|contender| contender.name);
    let mut rows: Vec<(&str, Summary)> =
        names.zip(usages.iter().map(|usages| summarize(usages))).collect();
    rows.extend(sum(&rows, "cat", "wasm-tools validate").map(|sum| ("cat + validate", sum)));
    let head = ["", "wall", "best", "CPU", "memory", "wall ÷", "memory ÷"];
    screen::result(&row(head.map(str::to_owned)));
    let (_, ours) = rows.first().context("nothing was measured")?;
    for (name, summary) in &rows {
        screen::result(&row([
            (*name).to_owned(),
            milliseconds(summary.wall),
            milliseconds(summary.best),
            milliseconds(summary.cpu),
            screen::size(summary.memory),
            ratio(ours.wall.as_secs_f64(), summary.wall.as_secs_f64()),
            ratio(bytes(ours.memory), bytes(summary.memory)),
        ]));
    }
    Ok(())
}

fn measure(contender: &Contender) -> Result<Usage> {
    let stdout = match &contender.stdout {
        Some(path) => fs::File::create(path)?.into(),
        None => Stdio::null(),
    };
    let start = Instant::now();
    let child = Command::new(&contender.program)
        .args(&contender.arguments)
        .stdin(Stdio::null())
        .stdout(stdout)
        .spawn()
        .with_context(|| format!("starting {}", contender.name))?;
    let used = child.wait4().with_context(|| format!("waiting for {}", contender.name))?;
    let wall = start.elapsed();
    ensure!(used.status.success(), "`{}` failed with {}", contender.name, used.status);
    Ok(Usage { wall, cpu: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss })
}

/// Two peers that together do what we do: read, check and write.
fn sum(rows: &[(&str, Summary)], first: &str, second: &str) -> Option<Summary> {
    let find = |wanted: &str| rows.iter().find(|(name, _)| *name == wanted);
    let ((_, first), (_, second)) = find(first).zip(find(second))?;
    Some(Summary {
        wall: first.wall + second.wall,
        best: first.best + second.best,
        cpu: first.cpu + second.cpu,
        memory: first.memory.max(second.memory),
    })
}

fn summarize(usages: &[Usage]) -> Summary {
    Summary {
        wall: median(usages.iter().map(|usage| usage.wall)),
        best: usages.iter().map(|usage| usage.wall).min().unwrap_or_default(),
        cpu: median(usages.iter().map(|usage| usage.cpu)),
        memory: median(usages.iter().map(|usage| usage.memory)),
    }
}

fn median<T: Ord + Copy + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn size_of(path: &PathBuf) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "two digits are shown, a double has fifteen")]
fn bytes(count: u64) -> f64 {
    count as f64
}

fn ratio(ours: f64, theirs: f64) -> String {
    if theirs > 0.0 { format!("{:.2}", ours / theirs) } else { "-".to_owned() }
}

fn row([name, wall, best, cpu, memory, wall_ratio, memory_ratio]: [String; 7]) -> String {
    format!(
        "  {name:<20}{wall:>10}{best:>10}{cpu:>10}{memory:>11}{wall_ratio:>9}{memory_ratio:>10}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_several() {
        assert_eq!(median([3, 1, 2].into_iter()), 2);
        assert_eq!(median(std::iter::empty::<u64>()), 0);
    }

    #[test]
    fn a_child_is_measured_by_itself() -> Result<()> {
        let contender = Contender {
            name: "sh",
            program: process::require("sh", "a shell")?,
            arguments: vec!["-c".into(), "exit 0".into()],
            stdout: None,
        };
        let usage = measure(&contender)?;
        assert!(usage.memory > 100_000, "a shell needs more than {} bytes", usage.memory);
        let failing = Contender { arguments: vec!["-c".into(), "exit 4".into()], ..contender };
        assert!(measure(&failing).is_err());
        Ok(())
    }
}
