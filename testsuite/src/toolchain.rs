//! Cargo for Rust guests: the compiler and linkers that `cargo xtask setup` found or made.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// What builds Rust for wasm.
#[derive(Clone, Debug)]
pub struct Toolchain {
    variables: Vec<(String, String)>,
    /// Where guests are built, outside of the tree.
    pub target_folder: PathBuf,
}

impl Toolchain {
    /// Finds it; `None` if this machine has none.
    ///
    /// In continuous integration there must be one: then this is an error.
    pub fn find() -> Result<Option<Toolchain>> {
        let mut command = Command::new(cargo());
        command.current_dir(crate::files::repository());
        command.args(["run", "--quiet", "--package", "xtask"]);
        if let Some((target, profile)) = crate::binary::place() {
            command.arg("--target-dir").arg(target).args(["--profile", &profile]);
        }
        command.args(["--", "environment", "--json"]);
        let output = command.output().context("cargo could not be started")?;
        if !output.status.success() {
            if std::env::var_os("CI").is_some() {
                bail!("no Rust for wasm: {}", String::from_utf8_lossy(&output.stderr));
            }
            return Ok(None);
        }
        let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let variables = said["variables"].as_object().context("no variables")?.iter();
        let variables = variables
            .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect::<Option<_>>()
            .context("a variable without a text")?;
        let folder = said["target_folder"].as_str().context("no target folder")?;
        Ok(Some(Toolchain { variables, target_folder: folder.into() }))
    }

    /// Cargo in a folder, for wasm.
    #[must_use]
    pub fn cargo(&self, folder: &Path) -> Command {
        let mut command = native(folder);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("CARGO_TARGET_DIR", &self.target_folder);
        command
    }
}

/// Cargo in a folder, for this machine. Settings of the project's own build do not reach it.
#[must_use]
pub fn native(folder: &Path) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(folder);
    let outer = ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"];
    for variable in outer.iter().chain(&["CARGO_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS"]) {
        command.env_remove(variable);
    }
    command
}

/// Runs a command to its end; an error has everything that it said.
pub fn finished(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("{command:?} could not be started"))?;
    if !output.status.success() {
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{command:?} ended with {}:\n{out}{err}", output.status);
    }
    Ok(output)
}

fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into())
}
