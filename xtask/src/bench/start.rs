//! Starting a large program: compiling it each time, and with its compiled code in the
//! cache, beside the shortest run that there is.

use std::path::Path;

use anyhow::Result;

use super::contest::{Contender, compare};
use super::{compose, joggle, peer, size_of, words};
use crate::{paths, process, screen};

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    let calculator = paths::root().join("fixtures/quickstart/calculator.wasm");
    for name in ["cli-rust", "cli-python"] {
        let Some(consumer) = compose::guest(name) else { continue };
        let app = scratch.join(format!("{name}-app.wasm"));
        let mut command = process::program(program);
        command.args(["compose", "-q", "-o"]).args([&app, &consumer, &calculator]);
        process::quiet(&mut command)?;
        let bytes = screen::size(size_of(&app)?);
        screen::result(&format!("{name} with a calculator: {bytes}, {runs} runs"));
        compare(&contenders(program, &app, &scratch.join("cache")), runs, None)?;
        screen::result("");
    }
    screen::result("ratios: cached ÷ the other, of the median wall time and of the peak memory");
    Ok(())
}

/// The first is the start with compiled code; the round that warms up compiles it.
fn contenders(program: &Path, app: &Path, cache: &Path) -> Vec<Contender> {
    let sum = |options: &[&str]| {
        let mut arguments = words(options);
        arguments.push(app.into());
        arguments.extend(words(&["--", "2", "+", "40"]));
        arguments
    };
    let cached = joggle("cached", program, sum(&["run"]));
    let environment = vec![("JOGGLE_CACHE", cache.into())];
    let mut all = vec![
        Contender { environment, ..cached },
        joggle("cold", program, sum(&["run", "--no-cache"])),
        joggle("joggle --version", program, words(&["--version"])),
    ];
    let mut wasmtime = words(&["run"]);
    wasmtime.push(app.into());
    wasmtime.extend(words(&["2", "+", "40"]));
    all.extend(peer("wasmtime run", "wasmtime", wasmtime));
    all
}
