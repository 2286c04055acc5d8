//! Packages from Python's registry, each in a virtual environment of its own:
//! componentize-py, and for `c.rs` whatever it names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Cache, Language, apt};
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
        command.env("VIRTUAL_ENV", &self.environment).env_remove("PYTHONPATH");
        command
    }
}

/// Prepares componentize-py.
pub fn prepare(cache: &Cache, pins: &pins::Python) -> Result<Toolchain> {
    let environment = cache.language(Language::Python);
    let identity = install(&environment, "componentize-py", &pins.componentize_py)?;
    Ok(Toolchain { identity, environment })
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
        let mut command = pip_command(&python, folder, &pip);
        command.args(["install", "--quiet", "--disable-pip-version-check", "--no-input"]);
        command.args(["--no-deps", "--only-binary", ":all:"]);
        process::quiet(command.arg(format!("{package}=={version}")))
    })?;
    stamp::finish(folder, &Stamp { wanted, found: BTreeMap::new() })?;
    Ok(identity)
}

/// Which pip fills the environment.
enum Pip {
    /// Its own.
    Own,
    /// That of the Python which created it.
    Outer,
    /// A wheel that is run as it is.
    Wheel(PathBuf),
}

/// Creates an environment. Debian keeps pip, and what puts it into an environment, in
/// packages of their own; where they are missing, a pip is borrowed for this once.
fn create(python: &Path, folder: &Path) -> Result<Pip> {
    let venv = |option: &[&str]| {
        let mut command = process::program(python);
        process::quiet(command.args(["-m", "venv"]).args(option).arg(folder))
    };
    if venv(&[]).is_ok() {
        return Ok(Pip::Own);
    }
    stamp::start(folder)?;
    venv(&["--without-pip"])?;
    if process::quiet(process::program(python).args(["-m", "pip", "--version"])).is_ok() {
        return Ok(Pip::Outer);
    }
    apt::require("install pip for this Python")?;
    let borrowed = folder.join("pip");
    fs::create_dir(&borrowed)?;
    let download = || apt::download(&borrowed, &["python3-pip-whl".to_owned()]);
    apt::with_fresh_lists(download).context("this Python has no pip, and Debian gives none")?;
    let archive = apt::one(&borrowed, |name| name.starts_with("python3-pip-whl_"))?;
    apt::unpack(&archive, &borrowed)?;
    let wheels = borrowed.join("usr/share/python-wheels");
    Ok(Pip::Wheel(apt::one(&wheels, |name| name.starts_with("pip-"))?))
}

fn pip_command(python: &Path, folder: &Path, pip: &Pip) -> Command {
    let own = folder.join("bin/python");
    let mut command = match pip {
        Pip::Own | Pip::Wheel(_) => process::program(&own),
        Pip::Outer => process::program(python),
    };
    command.args(["-m", "pip"]);
    match pip {
        Pip::Own => {}
        Pip::Outer => {
            command.arg("--python").arg(own);
        }
        Pip::Wheel(wheel) => {
            command.env("PYTHONPATH", wheel);
        }
    }
    command
}
