//! Composing two large components, beside `cat`, `wac` and `wasm-tools`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::contest::{Contender, compare};
use super::{joggle, peer, size_of, words};
use crate::{fixtures, screen};

/// What is linked: a command-line program with a calculator.
const PAIRS: [(&str, &str); 4] = [
    ("cli-rust", "calculator-js"),
    ("cli-python", "calculator-js"),
    ("cli-python", "calculator-python"),
    ("cli-python", "starling-calculator"),
];

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    for (consumer, provider) in PAIRS {
        let (Some(consumer_at), Some(provider_at)) = (guest(consumer), guest(provider)) else {
            continue;
        };
        let inputs = [consumer_at, provider_at];
        let bytes = size_of(&inputs[0])? + size_of(&inputs[1])?;
        let title = format!("{consumer} + {provider}: {} in, {runs} runs", screen::size(bytes));
        screen::result(&title);
        let sums = ("cat + validate", "cat", "wasm-tools validate");
        compare(&contenders(program, &inputs, scratch), runs, Some(sums))?;
        screen::result("");
    }
    screen::result("ratios: joggle ÷ peer, of the median wall time and of the peak memory");
    Ok(())
}

/// A guest, or a word on how to have it.
pub fn guest(name: &str) -> Option<PathBuf> {
    let built = fixtures::built(name).ok();
    if built.is_none() {
        let only = fixtures::language(name).map(|language| format!(" --only {language}"));
        let advice = format!("cargo xtask fixtures{}", only.unwrap_or_default());
        screen::note(&format!("`{name}` is not built and left out: {advice}"));
    }
    built
}

/// The first is ours.
fn contenders(program: &Path, inputs: &[PathBuf; 2], scratch: &Path) -> Vec<Contender> {
    let [consumer, provider] = inputs;
    let (ours, theirs) = (scratch.join("joggle.wasm"), scratch.join("wac.wasm"));
    let both: Vec<OsString> = inputs.iter().map(OsString::from).collect();
    let mut arguments = words(&["compose", "-q", "-o"]);
    arguments.push(ours.clone().into());
    arguments.extend(both.iter().cloned());
    let mut all = vec![joggle("joggle compose", program, arguments)];
    let cat = peer("cat", "cat", both);
    all.extend(cat.map(|cat| Contender { stdout: Some(scratch.join("cat.wasm")), ..cat }));
    let mut plug = words(&["plug", "--plug"]);
    plug.extend([provider.into(), consumer.into(), "-o".into(), theirs.into()]);
    all.extend(peer("wac plug", "wac", plug));
    let mut validate = words(&["validate", "--features", "all"]);
    validate.push(ours.into());
    all.extend(peer("wasm-tools validate", "wasm-tools", validate));
    all
}
