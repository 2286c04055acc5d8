//! Validating large components, beside `wasm-tools`.

use std::path::Path;

use anyhow::Result;

use super::contest::compare;
use super::{compose, joggle, peer, size_of, words};
use crate::{process, screen};

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    let Some(python) = compose::guest("cli-python") else { return Ok(()) };
    let mut files = vec![python.clone()];
    // The largest: two languages in one.
    if let Some(starling) = compose::guest("starling-calculator") {
        let app = scratch.join("app.wasm");
        let mut command = process::program(program);
        process::quiet(command.args(["compose", "-q", "-o"]).args([&app, &python, &starling]))?;
        files.push(app);
    }
    for file in files {
        screen::result(&format!("{}, {runs} runs", screen::size(size_of(&file)?)));
        let mut ours = words(&["validate", "-q"]);
        ours.push(file.clone().into());
        let mut theirs = words(&["validate", "--features", "all"]);
        theirs.push(file.into());
        let mut contenders = vec![joggle("joggle validate", program, ours)];
        contenders.extend(peer("wasm-tools validate", "wasm-tools", theirs));
        compare(&contenders, runs, None)?;
        screen::result("");
    }
    screen::result("ratios: joggle ÷ peer, of the median wall time and of the peak memory");
    Ok(())
}
