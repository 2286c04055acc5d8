//! `cargo xtask setup`: guest toolchains, from package registries alone, in a
//! cache folder outside of the tree. One file per language; each leaves a stamp,
//! so that a second run only reads four small files.

mod apt;
pub mod c;
mod debian;
pub mod js;
pub mod python;
pub mod rust;
pub mod starling;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::pins::{self, Pins};
use crate::{paths, process, screen};

/// A language that guests are written in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// rustc for wasm targets.
    Rust,
    /// componentize-py.
    Python,
    /// componentize-qjs.
    Js,
    /// `ComponentizeJS`: JavaScript on `SpiderMonkey`, for `cargo xtask bench`.
    Starling,
    /// zig's C compiler.
    C,
}

/// The languages that the tests need.
pub const TESTED: [Language; 3] = [Language::Rust, Language::Python, Language::Js];

/// Options of `cargo xtask setup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Prepare these languages only.
    #[arg(long, value_delimiter = ',', default_values_t = TESTED)]
    only: Vec<Language>,
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Js => "js",
            Self::Starling => "starling",
            Self::C => "c",
        })
    }
}

/// The cache folder, locked against other runs for as long as this lives.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    _lock: File,
}

impl Cache {
    /// Opens the cache, and waits while another task works in it.
    pub fn open() -> Result<Self> {
        let folder = paths::toolchains()?;
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let path = folder.join("lock");
        let lock = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        if lock.try_lock().is_err() {
            screen::note("another task works in the cache folder; waiting for it");
            lock.lock().with_context(|| format!("locking {}", path.display()))?;
        }
        Ok(Self { folder, _lock: lock })
    }

    /// The folder of one language.
    pub fn language(&self, language: Language) -> PathBuf {
        self.folder.join(language.to_string())
    }

    /// The cache folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Prepares the toolchains that were asked for; each of them has to work.
pub fn run(args: &Args) -> Result<()> {
    prepare_all(&args.only, false)
}

/// Prepares the toolchains that the tests need. One that cannot be had here is a
/// skip by name on a contributor's machine and a failure in continuous integration.
pub fn run_tested() -> Result<()> {
    prepare_all(&TESTED, !paths::in_ci())
}

fn prepare_all(languages: &[Language], may_skip: bool) -> Result<()> {
    let cache = Cache::open()?;
    screen::heading(&format!("guest toolchains in {}", cache.folder().display()));
    let pins = pins::read()?;
    for &language in languages {
        if let Some(tool) = prepare_or_skip(&cache, &pins, language, may_skip)? {
            screen::note(&format!("{language}: {}", tool.identity()));
        }
    }
    Ok(())
}

/// Prepares one toolchain; a skip is said and is no toolchain.
pub fn prepare_or_skip(
    cache: &Cache,
    pins: &Pins,
    language: Language,
    may_skip: bool,
) -> Result<Option<Tool>> {
    match prepare(cache, pins, language) {
        Ok(tool) => Ok(Some(tool)),
        Err(error) if may_skip && process::is_unavailable(&error) => {
            screen::note(&format!("SKIPPED {language}: {error:#}"));
            Ok(None)
        }
        Err(error) => Err(error.context(format!("preparing the {language} toolchain"))),
    }
}

/// A toolchain that is ready to run.
#[derive(Debug)]
pub enum Tool {
    Rust(rust::Toolchain),
    Python(python::Toolchain),
    Js(js::Toolchain),
    Starling(starling::Toolchain),
    C(c::Toolchain),
}

impl Tool {
    /// The name and version of what builds.
    pub fn identity(&self) -> &str {
        match self {
            Self::Rust(tool) => &tool.identity,
            Self::Python(tool) => &tool.identity,
            Self::Js(tool) => &tool.identity,
            Self::Starling(tool) => &tool.identity,
            Self::C(tool) => &tool.identity,
        }
    }
}

/// Prepares one toolchain.
pub fn prepare(cache: &Cache, pins: &Pins, language: Language) -> Result<Tool> {
    Ok(match language {
        Language::Rust => Tool::Rust(rust::prepare(cache, &pins.rust)?),
        Language::Python => Tool::Python(python::prepare(cache, &pins.python)?),
        Language::Js => Tool::Js(js::prepare(cache, &pins.js)?),
        Language::Starling => Tool::Starling(starling::prepare(cache, &pins.starling)?),
        Language::C => Tool::C(c::prepare(cache, &pins.c)?),
    })
}
