//! What bindings cost when they run: one caller and one implementer, written once and
//! built with each generator, send texts, bytes and records there and back. The time of a
//! race without a round is taken off, so that starting does not count. Of both it says how
//! large they are, too.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::super::contest::{Contender, measure, milliseconds, ratio, summarize};
use super::super::{joggle, size_of, words};
use crate::setup::{Cache, rust};
use crate::{paths, pins, process, screen};

/// What is echoed, what that is, and how often.
const RACES: [(&str, &str, u32); 4] = [
    ("string", "string of 20 letters", 3_000_000),
    ("bytes", "list<u8> of 1 MiB", 500),
    ("points", "list<record>, 10,000, numbers", 20_000),
    ("people", "list<record>, 10,000, strings inside", 300),
];

/// Who made the bindings: features of both packages.
const OURS: &str = "joggle";
const THEIRS: &str = "wit-bindgen";

const GUESTS: [&str; 2] = ["racer", "implementer"];

const TARGET: &str = "wasm32-unknown-unknown";

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    let Some(tool) = rust::ready(&Cache::open()?, &pins::read()?.rust)? else {
        screen::note("no race: run `cargo xtask setup --only rust`");
        return Ok(());
    };
    let build = |generator: &str| {
        screen::step(&format!("build the race with {generator}"), || {
            build(program, &tool, scratch, generator)
        })
    };
    let apps = [build(OURS)?, build(THEIRS)?];
    screen::result(&format!("echo through bindings, {runs} runs"));
    screen::result(&row(["", OURS, THEIRS, "ratio"].map(str::to_owned)));
    for (what, shown, rounds) in RACES {
        let [ours, theirs] = race(program, &apps, what, rounds, runs)?;
        let quotient = ratio(ours.as_secs_f64(), theirs.as_secs_f64());
        let shown = format!("{shown}, {rounds} times");
        screen::result(&row([shown, milliseconds(ours), milliseconds(theirs), quotient]));
    }
    for guest in GUESTS {
        let [ours, theirs] = [size(&apps[0], guest)?, size(&apps[1], guest)?];
        let quotient = format!("{:.2}", ours / theirs);
        let cells = [format!("size of the {guest}"), kilobytes(ours), kilobytes(theirs), quotient];
        screen::result(&row(cells));
    }
    screen::result("");
    Ok(())
}

/// How large a component is whose names are left out.
fn size(app: &Path, guest: &str) -> Result<f64> {
    let bytes = size_of(&app.with_file_name(format!("{guest}.wasm")))?;
    Ok(f64::from(u32::try_from(bytes)?))
}

fn kilobytes(bytes: f64) -> String {
    format!("{:.1} kB", bytes / 1e3)
}

/// The median time of each, without what starting takes; in turns.
fn race(
    program: &Path,
    apps: &[PathBuf; 2],
    what: &str,
    rounds: u32,
    runs: u32,
) -> Result<[Duration; 2]> {
    let mut usages = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for turn in 0..=runs {
        for (app, (idle, busy)) in apps.iter().zip(&mut usages) {
            let pair = (
                measure(&call(program, app, what, 0))?,
                measure(&call(program, app, what, rounds))?,
            );
            // The first turn compiles, and fills the cache.
            if turn > 0 {
                idle.push(pair.0);
                busy.push(pair.1);
            }
        }
    }
    Ok(usages.map(|(idle, busy)| summarize(&busy).wall.saturating_sub(summarize(&idle).wall)))
}

fn call(program: &Path, app: &Path, what: &str, rounds: u32) -> Contender {
    let mut arguments = words(&["run"]);
    arguments.push(app.into());
    arguments.extend(words(&["--invoke", &format!("race(\"{what}\", {rounds})")]));
    joggle("joggle run", program, arguments)
}

/// The racer and the implementer, bound by one generator and composed.
fn build(
    program: &Path,
    tool: &rust::Toolchain,
    scratch: &Path,
    generator: &str,
) -> Result<PathBuf> {
    let project = scratch.join(format!("race-{generator}"));
    fs::create_dir_all(&project)?;
    let sources = paths::root().join("fixtures/runtime");
    process::quiet(
        process::program(Path::new("cp")).arg("-R").arg(sources.join(".")).arg(&project),
    )?;
    let workspace = project.join("rust");
    point_at_runtime(&workspace.join("Cargo.toml"))?;
    if generator == OURS {
        for (world, package) in [("racer", "racer"), ("implementer-newer", "implementer")] {
            let mut bindgen = process::program(program);
            bindgen.args(["bindgen", "-q", "--lang", "rust", "--pub-export-macro"]);
            bindgen.args(["--world", world]);
            bindgen.arg(project.join("wit")).arg("--out-dir");
            process::quiet(bindgen.arg(workspace.join(package).join("src")))?;
        }
    }
    let target_folder = tool.target_folder().join("race").join(generator);
    let mut cargo = process::cargo();
    rust::forget_outer_flags(&mut cargo);
    cargo.current_dir(&workspace).envs(tool.environment()?).env("CARGO_TARGET_DIR", &target_folder);
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3").env("CARGO_PROFILE_RELEASE_LTO", "true");
    cargo.args(["build", "--release", "--quiet", "--target", TARGET, "--features", generator]);
    process::quiet(cargo.args(["--package", "racer", "--package", "implementer"]))?;
    let mut compose = process::program(program);
    let app = project.join("app.wasm");
    compose.args(["compose", "-q", "-o"]).arg(&app);
    for guest in GUESTS {
        let component = project.join(format!("{guest}.wasm"));
        let mut componentize = process::program(program);
        componentize.args(["componentize", "-q", "--strip", "-o"]).arg(&component);
        let module = target_folder.join(TARGET).join("release").join(format!("{guest}.wasm"));
        process::quiet(componentize.arg(module))?;
        compose.arg(component);
    }
    process::quiet(&mut compose)?;
    Ok(app)
}

/// The copy lies elsewhere than its source.
fn point_at_runtime(manifest: &Path) -> Result<()> {
    let text = fs::read_to_string(manifest).context("the workspace of the race")?;
    let runtime = paths::root().join("crates/bind-rust/runtime").display().to_string();
    fs::write(manifest, text.replace("../../../crates/bind-rust/runtime", &runtime))?;
    Ok(())
}

fn row([what, ours, theirs, ratio]: [String; 4]) -> String {
    format!("  {what:<52}{ours:>10}{theirs:>13}{ratio:>8}")
}
