//! Finding files in the repository, in a stable order.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The top folder of the repository. Cargo says where at run time; what it said
/// when this was compiled may be another clone that shares the build cache.
#[must_use]
pub fn repository() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&here);
    here.parent().unwrap_or(here).to_owned()
}

/// All files below `folder` whose name ends in `.extension`, sorted by path.
///
/// A folder that does not exist holds no files.
pub fn below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        walk(folder, &mut |path| {
            if path.extension().is_some_and(|e| e == extension) {
                found.push(path.to_owned());
            }
        })?;
    }
    found.sort();
    Ok(found)
}

/// Calls `visit` with every file below `folder`.
pub fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, visit)?;
        } else {
            visit(&path);
        }
    }
    Ok(())
}

/// The path of `file` below `folder` without its extension, with `/` between its parts.
#[must_use]
pub fn stem_below(file: &Path, folder: &Path) -> String {
    let relative = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
