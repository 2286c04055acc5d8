//! Each guide in `docs/languages` is followed from its first line to its last, in an empty
//! folder beside a clone of the repository, and prints what it shows.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use joggle_testsuite::guide::{self, Guide};
use joggle_testsuite::toolchain::{Toolchain, native};
use joggle_testsuite::{binary, expect, files};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let toolchain = Toolchain::find()?;
    let mut trials = Vec::new();
    for page in files::below(&files::repository().join("docs/languages"), "md")? {
        let name = files::stem_below(&page, &files::repository());
        let Some(toolchain) = toolchain.clone() else {
            let name = format!("{name}: skipped, no Rust for wasm, see `cargo xtask setup`");
            trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
            continue;
        };
        let check = move || check(&page, &toolchain).map_err(|e| Failed::from(format!("{e:#}")));
        trials.push(Trial::test(name, check));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(path: &Path, toolchain: &Toolchain) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let guide = Guide::parse(&text)?;
    ensure!(guide.commands() > 0, "nothing is done on the page");
    let scratch = tempfile::Builder::new().prefix("joggle-test-").tempdir()?;
    clone(&scratch.path().join("joggle"))?;
    let programs = programs(scratch.path())?;
    let shell = || reader(toolchain, scratch.path(), &programs);
    let printed = guide.follow(scratch.path(), &shell)?;
    if expect::updating() {
        let rewritten = guide::rewritten(&text, &printed);
        if rewritten != text {
            std::fs::write(path, rewritten)?;
        }
        return Ok(());
    }
    let differences = guide::differences(&text, &printed);
    ensure!(differences.is_empty(), "{}", differences.join("\n"));
    Ok(())
}

/// The clone of the repository that a reader has: this one.
fn clone(at: &Path) -> Result<()> {
    std::os::unix::fs::symlink(files::repository(), at).context("a link to the repository")
}

/// A folder with `joggle` in it, to be put on the PATH.
fn programs(scratch: &Path) -> Result<PathBuf> {
    let folder = scratch.join("bin");
    std::fs::create_dir(&folder)?;
    std::os::unix::fs::symlink(binary::joggle()?, folder.join("joggle"))?;
    Ok(folder)
}

/// A shell as a reader has it after `cargo xtask environment`.
fn reader(toolchain: &Toolchain, folder: &Path, programs: &Path) -> Command {
    let mut shell = Command::new("sh");
    let inherited = toolchain.cargo(folder);
    for (name, value) in inherited.get_envs().chain(native(folder).get_envs()) {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let path = inherited.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
    let path = path.map_or_else(|| std::env::var_os("PATH").unwrap_or_default(), ToOwned::to_owned);
    let all = std::iter::once(programs.to_path_buf()).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(all) {
        shell.env("PATH", path);
    }
    shell
}
