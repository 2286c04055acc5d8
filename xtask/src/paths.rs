//! Where things are: the repository, and the cache folder outside of it that
//! toolchains and fixtures live in. Creates nothing.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the repository. Cargo says where at run time; what it said when
/// this was compiled may be another clone that shares the build cache.
pub fn root() -> PathBuf {
    let package = set("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let package = Path::new(&package);
    package.parent().unwrap_or(package).to_path_buf()
}

/// The folder for toolchains: `$JOGGLE_TOOLCHAINS`, or one in the user's cache.
pub fn toolchains() -> Result<PathBuf> {
    if let Some(path) = set("JOGGLE_TOOLCHAINS") {
        return std::path::absolute(path).context("reading $JOGGLE_TOOLCHAINS");
    }
    let cache = match set("XDG_CACHE_HOME") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(
            set("HOME")
                .context("no cache folder: set JOGGLE_TOOLCHAINS, XDG_CACHE_HOME or HOME")?,
        )
        .join(".cache"),
    };
    Ok(cache.join("joggle").join("toolchains"))
}

/// The folder for built fixtures: `$JOGGLE_FIXTURES`, or one beside the toolchains.
pub fn fixtures() -> Result<PathBuf> {
    match set("JOGGLE_FIXTURES") {
        Some(path) => std::path::absolute(path).context("reading $JOGGLE_FIXTURES"),
        None => Ok(toolchains()?.join("fixtures")),
    }
}

/// Whether this is continuous integration, where a missing tool is a failure.
pub fn in_ci() -> bool {
    set("CI").is_some_and(|value| value != "false" && value != "0")
}

/// An environment variable that says something; an empty one does not.
pub fn set(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}
