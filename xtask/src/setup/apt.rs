//! Debian's packages without installing them: found, downloaded, unpacked into a
//! folder of ours. Needs no root, unless there are no package lists yet.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{self, Unavailable};

/// Checks that this is Debian, or much like it.
pub fn require(advice: &str) -> Result<()> {
    for tool in ["apt-get", "apt-cache", "dpkg"] {
        process::require(tool, advice)?;
    }
    Ok(())
}

/// Does work that reads the package lists, and does it once more with new ones if it
/// fails: a machine fresh from its image has none, and old ones name files that are
/// gone. Only reading new lists needs root.
pub fn with_fresh_lists<T>(work: impl Fn() -> Result<T>) -> Result<T> {
    let first = match work() {
        Ok(done) => return Ok(done),
        Err(error) => error,
    };
    process::quiet(Command::new("apt-get").args(["-q", "update"])).with_context(|| {
        Unavailable(format!("{first:#}; and `apt-get update` fails, which needs root"))
    })?;
    work()
}

/// The first dependency of a package whose name begins like this.
pub fn dependency(package: &str, prefix: &str) -> Result<String> {
    let mut command = Command::new("apt-cache");
    let printed = process::output(command.args(["depends", "--important", package]))?;
    let mut names = printed.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    let name = names.find(|name| name.starts_with(prefix)).map(str::to_owned);
    name.with_context(|| format!("`{package}` depends on no `{prefix}…`"))
}

/// Downloads packages; returns the version of each.
pub fn download(archives: &Path, packages: &[String]) -> Result<BTreeMap<String, String>> {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "APT::Sandbox::User=root", "download"]).args(packages);
    process::quiet(command.current_dir(archives))?;
    let mut found = BTreeMap::new();
    for archive in list(archives)? {
        let fields = process::output(
            Command::new("dpkg").arg("-f").arg(&archive).args(["Package", "Version"]),
        )?;
        let field = |name: &str| fields.lines().find_map(|line| line.strip_prefix(name));
        let (package, version) = field("Package: ")
            .zip(field("Version: "))
            .with_context(|| format!("{} names no version", archive.display()))?;
        found.insert(package.to_owned(), version.to_owned());
    }
    Ok(found)
}

/// Unpacks one package below a folder.
pub fn unpack(archive: &Path, prefix: &Path) -> Result<()> {
    process::quiet(Command::new("dpkg").arg("-x").arg(archive).arg(prefix))
}

/// The only entry of a folder whose name fits.
pub fn one(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<PathBuf> {
    let mut entries = list(folder)?;
    entries.retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(&fits));
    let count = entries.len();
    match <[PathBuf; 1]>::try_from(entries) {
        Ok([entry]) => Ok(entry),
        Err(_) => bail!("{count} entries of {} fit where one was expected", folder.display()),
    }
}

/// The entries of a folder in the order of their names.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
