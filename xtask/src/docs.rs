//! `cargo xtask docs`: what is drawn from the definition of the command line. The
//! program itself writes it; the reference also lies in the repository, where a test
//! compares it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{paths, process, screen};

/// Options of `cargo xtask docs`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write man pages, completions and the reference.
    #[arg(default_value = "target/docs")]
    folder: PathBuf,
}

/// Writes them.
pub fn run(args: &Args) -> Result<()> {
    let joggle = screen::step("build joggle", || {
        let mut command = process::cargo();
        command.current_dir(paths::root()).args(["build", "--package", "joggle"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        process::executable(&process::output(&mut command)?, "joggle")
    })?;
    process::quiet(process::program(&joggle).arg("docs").arg(&args.folder))?;
    screen::note(&format!("man pages and completions: {}", args.folder.display()));
    keep(&args.folder.join("commands.md"), "docs/commands.md")
}

/// Takes a page into the repository.
fn keep(from: &Path, to: &str) -> Result<()> {
    fs::copy(from, paths::root().join(to)).with_context(|| format!("writing {to}"))?;
    screen::note(&format!("the reference: {to}"));
    Ok(())
}
