//! `cargo xtask quickstart`: builds the two components that the README's first
//! command links, and keeps a record of what they were built from. They lie in the
//! repository, so that a fresh clone needs no guest toolchain to begin with.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fixtures::{self, CALCULATOR_C, CLI_RUST, Guest};
use crate::setup::{self, Cache};
use crate::{paths, pins, screen};

/// Options of `cargo xtask quickstart`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing; fail if the files are not what the recipe builds.
    #[arg(long)]
    check: bool,
}

/// The files and the guests that they are.
const FILES: [(&str, Guest); 2] = [("calculator.wasm", CALCULATOR_C), ("cli.wasm", CLI_RUST)];

/// Above this the files would weigh on every clone.
const LARGEST: usize = 100_000;

/// What each file was built from.
type Record = BTreeMap<String, Built>;

#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Built {
    /// The toolchain.
    toolchain: String,
    /// Sources, toolchain and recipe.
    digest: String,
    /// The file itself.
    sha256: String,
}

/// Builds the files, or checks them.
pub fn run(args: &Args) -> Result<()> {
    if args.check {
        check_record()?;
    }
    let cache = Cache::open()?;
    screen::heading("components of fixtures/quickstart");
    let pins = pins::read()?;
    let mut record = Record::new();
    for (file, guest) in &FILES {
        let tool = setup::prepare(&cache, &pins, guest.language)?;
        let component = screen::step(&format!("build {file} from {}", guest.language), || {
            fixtures::build(guest, &tool)
        })?;
        ensure!(component.len() <= LARGEST, "{file} has {} bytes: too many", component.len());
        let built = Built {
            toolchain: tool.identity().to_owned(),
            digest: fixtures::digest(guest, tool.identity())?,
            sha256: sha256(&component),
        };
        if args.check {
            compare(file, &built)?;
        } else {
            fs::write(folder().join(file), &component)?;
            screen::note(&format!("{file}: {}", screen::size(component.len() as u64)));
            record.insert((*file).to_owned(), built);
        }
    }
    if args.check { Ok(()) } else { write_record(&record) }
}

/// What can be told without any toolchain: the files are those of the record, and
/// their sources have not changed since.
fn check_record() -> Result<()> {
    let record = read_record()?;
    for (file, guest) in &FILES {
        let built = record.get(*file).with_context(|| format!("no record of {file}"))?;
        let bytes = fs::read(folder().join(file)).with_context(|| format!("reading {file}"))?;
        let again = "run `cargo xtask quickstart`";
        ensure!(sha256(&bytes) == built.sha256, "{file} is not the file of the record: {again}");
        let digest = fixtures::digest(guest, &built.toolchain)?;
        ensure!(digest == built.digest, "the sources of {file} changed: {again}");
    }
    Ok(())
}

/// Another compiler gives other bytes, and that is nobody's fault.
fn compare(file: &str, now: &Built) -> Result<()> {
    let record = read_record()?;
    let then = record.get(file).with_context(|| format!("no record of {file}"))?;
    if then.toolchain != now.toolchain {
        let (then, now) = (&then.toolchain, &now.toolchain);
        screen::note(&format!(
            "{file}: built by {then}, which is not here ({now} is); not compared"
        ));
    } else if then == now {
        screen::note(&format!("{file}: the same to the byte"));
    } else {
        bail!("{file}: {} builds other bytes than those in the repository", now.toolchain);
    }
    Ok(())
}

fn folder() -> PathBuf {
    paths::root().join("fixtures/quickstart")
}

fn read_record() -> Result<Record> {
    let text = fs::read_to_string(folder().join("record.json")).context("reading record.json")?;
    serde_json::from_str(&text).context("reading record.json")
}

fn write_record(record: &Record) -> Result<()> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    fs::write(folder().join("record.json"), text).context("writing record.json")
}

fn sha256(bytes: &[u8]) -> String {
    fixtures::hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_quickstart_is_built_from_its_sources() {
        if let Err(error) = super::check_record() {
            panic!("{error:#}");
        }
    }
}
