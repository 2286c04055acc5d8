//! componentize-qjs from npm, exactly as `xtask/js/package-lock.json` has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Cache, Language};
use crate::stamp::{self, Stamp};
use crate::{paths, pins, process, screen};

/// Counts changes of the steps below that a finished folder cannot show.
const RECIPE: u32 = 1;

/// componentize-qjs, ready to run.
#[derive(Debug)]
pub struct Toolchain {
    /// Its name and version.
    pub identity: String,
    program: PathBuf,
}

impl Toolchain {
    /// A componentize-qjs command.
    pub fn componentize(&self) -> Command {
        process::program(&self.program)
    }
}

/// Prepares componentize-qjs.
pub fn prepare(cache: &Cache, pins: &pins::Js) -> Result<Toolchain> {
    let folder = cache.language(Language::Js);
    let version = &pins.componentize_qjs;
    let lock = fs::read_to_string(paths::root().join("xtask/js/package-lock.json"))
        .context("reading xtask/js/package-lock.json")?;
    let wanted = format!("recipe {RECIPE}, componentize-qjs {version}, lock:\n{lock}");
    if stamp::fresh(&folder, &wanted).is_none() {
        install(&folder, version, &lock)?;
        stamp::finish(&folder, &Stamp { wanted, found: BTreeMap::new() })?;
    }
    Ok(Toolchain {
        identity: format!("componentize-qjs {version}"),
        program: folder.join("node_modules/.bin/componentize-qjs"),
    })
}

fn install(folder: &Path, version: &str, lock: &str) -> Result<()> {
    check_lock(version, lock)?;
    let dependencies = serde_json::json!({ "componentize-qjs": version });
    npm_install(folder, &format!("componentize-qjs {version}"), &dependencies, Some(lock))
}

/// Installs packages of npm's registry into a folder of their own, in exactly these
/// versions, whoever depends on them.
pub(super) fn npm_install(
    folder: &Path,
    what: &str,
    dependencies: &serde_json::Value,
    lock: Option<&str>,
) -> Result<()> {
    let npm = process::require("npm", "install Node.js 18 or newer with npm")?;
    stamp::start(folder)?;
    let mut manifest = serde_json::json!({
        "name": "joggle-guests",
        "private": true,
        "dependencies": dependencies,
    });
    match lock {
        Some(lock) => fs::write(folder.join("package-lock.json"), lock)?,
        None => manifest["overrides"] = dependencies.clone(),
    }
    fs::write(folder.join("package.json"), manifest.to_string())?;
    screen::step(&format!("install {what}"), || {
        // Not `npm ci`: the package names binaries for platforms that were never
        // published, which `ci` takes for a lock that is out of date.
        let mut command = process::program(&npm);
        command.args(["install", "--no-save", "--ignore-scripts"]);
        command.args(["--no-audit", "--no-fund", "--no-update-notifier"]);
        process::quiet(command.current_dir(folder))
    })
}

/// npm would mend a lock that does not fit the pin; this refuses it.
fn check_lock(version: &str, lock: &str) -> Result<()> {
    let lock: serde_json::Value = serde_json::from_str(lock).context("reading the npm lock")?;
    let locked = &lock["packages"]["node_modules/componentize-qjs"]["version"];
    ensure!(
        locked == version,
        "xtask/toolchains.toml pins componentize-qjs {version}, xtask/js/package-lock.json holds \
         {locked}: write the lock anew with `npm install --package-lock-only \
         --omit-lockfile-registry-resolved componentize-qjs@{version}`"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_fits_the_pin() -> Result<()> {
        let lock = fs::read_to_string(paths::root().join("xtask/js/package-lock.json"))?;
        check_lock(&pins::read()?.js.componentize_qjs, &lock)?;
        let error = check_lock("0.0.1", &lock).expect_err("another version is pinned");
        assert!(error.to_string().contains("write the lock anew"), "{error}");
        Ok(())
    }
}
