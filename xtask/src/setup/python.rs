//! Packages from Python's registry, each in a virtual environment of its own:
//! componentize-py, and for `c.rs` whatever it names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Cache, Language};
use crate::stamp::{self, Stamp};
use crate::{pins, process, screen};

/// Counts changes of the steps below that a finished folder cannot show.
const RECIPE: u32 = 1;

/// componentize-py, ready to run.
#[derive(Debug)]
pub struct Toolchain {
    /// Its name and version.
    pub identity: String,
    environment: PathBuf,
}

impl Toolchain {
    /// A componentize-py command that sees no other Python than its own.
    pub fn componentize(&self) -> Command {
        let mut command = process::program(&self.environment.join("bin/componentize-py"));
        command
            .env("VIRTUAL_ENV", &self.environment)
            .env_remove("PYTHONPATH");
        command
    }
}

/// Prepares componentize-py.
pub fn prepare(cache: &Cache, pins: &pins::Python) -> Result<Toolchain> {
    let environment = cache.language(Language::Python);
    let identity = install(&environment, "componentize-py", &pins.componentize_py)?;
    Ok(Toolchain {
        identity,
        environment,
    })
}

/// Installs one package into a fresh virtual environment, or finds it there.
pub fn install(folder: &Path, package: &str, version: &str) -> Result<String> {
    let identity = format!("{package} {version}");
    let wanted = format!("recipe {RECIPE}, {package}=={version}");
    if stamp::fresh(folder, &wanted).is_some() {
        return Ok(identity);
    }
    let python = process::require("python3", "install Python 3.10 or newer")?;
    stamp::start(folder)?;
    screen::step(&format!("install {identity}"), || {
        let pip = create(&python, folder)?;
        let mut command = pip_command(&python, folder, pip);
        command.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]);
        command.args(["--no-deps", "--only-binary", ":all:"]);
        process::quiet(command.arg(format!("{package}=={version}")))
    })?;
    stamp::finish(
        folder,
        &Stamp {
            wanted,
            found: BTreeMap::new(),
        },
    )?;
    Ok(identity)
}

/// Which pip fills the environment.
#[derive(Clone, Copy)]
enum Pip {
    Own,
    Outer,
}

/// Creates an environment. Debian keeps the module that puts pip into one in a
/// package of its own, so that the outer pip has to do where it is missing.
fn create(python: &Path, folder: &Path) -> Result<Pip> {
    let venv = |option: &[&str]| {
        let mut command = process::program(python);
        process::quiet(command.args(["-m", "venv"]).args(option).arg(folder))
    };
    if venv(&[]).is_ok() {
        return Ok(Pip::Own);
    }
    stamp::start(folder)?;
    venv(&["--without-pip"]).context("Python has no `venv`: `apt-get install python3-venv`")?;
    process::quiet(process::program(python).args(["-m", "pip", "--version"]))
        .context("Python has no pip: `apt-get install python3-venv`")?;
    Ok(Pip::Outer)
}

fn pip_command(python: &Path, folder: &Path, pip: Pip) -> Command {
    let own = folder.join("bin/python");
    match pip {
        Pip::Own => {
            let mut command = process::program(&own);
            command.args(["-m", "pip"]);
            command
        }
        Pip::Outer => {
            let mut command = process::program(python);
            command.args(["-m", "pip", "--python"]).arg(own);
            command
        }
    }
}
