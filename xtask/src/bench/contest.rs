//! Programs side by side: how long each takes and how much memory it needs, in turns,
//! so that only ratios are read. What they do is left to the callers.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4;

use crate::screen;

/// One program with its arguments.
pub struct Contender {
    pub name: &'static str,
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    /// Variables set for it alone.
    pub environment: Vec<(&'static str, OsString)>,
    /// Where its stdout goes, if it is its result.
    pub stdout: Option<PathBuf>,
}

/// What one run used.
#[derive(Clone, Copy)]
pub struct Usage {
    pub wall: Duration,
    cpu: Duration,
    /// Peak memory in bytes.
    memory: u64,
}

/// What several runs used: the middle and the best of each.
pub struct Summary {
    pub wall: Duration,
    best: Duration,
    cpu: Duration,
    pub memory: u64,
}

/// Runs all contenders in turns and prints a row for each; `sums` are two of them that
/// together do what the first does.
pub fn compare(
    contenders: &[Contender],
    runs: u32,
    sums: Option<(&'static str, &str, &str)>,
) -> Result<()> {
    let mut rows = contest(contenders, runs)?;
    rows.extend(sums.and_then(|(name, one, other)| Some((name, sum(&rows, one, other)?))));
    print(&rows)
}

/// What each contender uses.
fn contest(contenders: &[Contender], runs: u32) -> Result<Vec<(&'static str, Summary)>> {
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
    Ok(names.zip(usages.iter().map(|usages| summarize(usages))).collect())
}

fn print(rows: &[(&str, Summary)]) -> Result<()> {
    let head = ["", "wall", "best", "CPU", "memory", "wall ÷", "memory ÷"];
    screen::result(&row(head.map(str::to_owned)));
    let (_, ours) = rows.first().context("nothing was measured")?;
    for (name, summary) in rows {
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

/// Runs a program once.
pub fn measure(contender: &Contender) -> Result<Usage> {
    let stdout = match &contender.stdout {
        Some(path) => fs::File::create(path)?.into(),
        None => Stdio::null(),
    };
    let start = Instant::now();
    let child = Command::new(&contender.program)
        .args(&contender.arguments)
        .envs(contender.environment.iter().map(|(name, value)| (name, value)))
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

/// The middle of what several runs used.
pub fn summarize(usages: &[Usage]) -> Summary {
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

/// A time for people.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "two digits are shown, a double has fifteen")]
fn bytes(count: u64) -> f64 {
    count as f64
}

/// Ours by theirs.
pub fn ratio(ours: f64, theirs: f64) -> String {
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
    use crate::process;

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
            environment: Vec::new(),
            stdout: None,
        };
        let usage = measure(&contender)?;
        assert!(usage.memory > 100_000, "a shell needs more than {} bytes", usage.memory);
        let failing = Contender { arguments: vec!["-c".into(), "exit 4".into()], ..contender };
        assert!(measure(&failing).is_err());
        Ok(())
    }
}
