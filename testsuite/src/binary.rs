//! The `joggle` binary under test.
//!
//! `JOGGLE_BIN` names one; without it, cargo builds the workspace's own, once
//! per test process, into the target folder and profile of the running test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail};

/// The path of the binary.
pub fn joggle() -> Result<PathBuf> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = BINARY.get_or_init(|| find().map_err(|error| format!("{error:#}")));
    found.clone().map_err(|error| anyhow!("no joggle binary: {error}"))
}

fn find() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("JOGGLE_BIN") {
        let path = PathBuf::from(path);
        return path.canonicalize().with_context(|| format!("JOGGLE_BIN={}", path.display()));
    }
    build()
}

/// Builds with the whole workspace's features: those are the ones that
/// `cargo test --workspace` used, so that nothing is compiled twice.
fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
    let mut command = Command::new(cargo);
    command
        .current_dir(crate::files::repository())
        .args(["build", "--quiet", "--workspace", "--bin", "joggle"])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit());
    if let Some((target, profile)) = place() {
        command.arg("--target-dir").arg(target).args(["--profile", &profile]);
    }
    let output = command.output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("`cargo build --bin joggle` failed");
    }
    executable(&output.stdout).context("cargo named no executable")
}

/// Target folder and profile of the running test: `TARGET/PROFILE/deps/test`.
pub(crate) fn place() -> Option<(PathBuf, String)> {
    let test = std::env::current_exe().ok()?;
    let deps = test.parent().filter(|folder| folder.ends_with("deps"))?;
    let folder = deps.parent()?;
    let profile = match folder.file_name()?.to_str()? {
        "debug" => "dev",
        other => other,
    };
    Some((folder.parent().map(Path::to_owned)?, profile.to_owned()))
}

/// The last executable in cargo's stream of JSON messages.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    let messages = String::from_utf8_lossy(messages);
    let mut executables = messages.lines().rev().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    });
    executables.next()
}
