//! Projects that tests generate and build: in a folder that stays, so that cargo
//! builds again only what changed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

/// Files by their path below some folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Reads all files below a folder; a folder that does not exist has none.
pub fn read(folder: &Path) -> Result<Files> {
    let mut paths = Vec::new();
    if folder.is_dir() {
        crate::files::walk(folder, &mut |path| paths.push(path.to_owned()))?;
    }
    let mut files = Files::new();
    for path in paths {
        let relative = path.strip_prefix(folder)?.to_str().context("a name that is not UTF-8")?;
        files.insert(relative.replace('\\', "/"), std::fs::read(&path)?);
    }
    Ok(files)
}

/// Makes a folder hold these files and no others. What is the same already is not
/// touched, and neither is what begins with one of the names in `kept`.
pub fn write(folder: &Path, files: &Files, kept: &[&str]) -> Result<()> {
    for stale in read_names(folder)? {
        let spared = kept.iter().any(|name| stale.starts_with(name));
        if !spared && !files.contains_key(&stale) {
            std::fs::remove_file(folder.join(stale))?;
        }
    }
    for (name, content) in files {
        let path = folder.join(name);
        if std::fs::read(&path).is_ok_and(|there| there == *content) {
            continue;
        }
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        std::fs::write(&path, content).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn read_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if folder.is_dir() {
        crate::files::walk(folder, &mut |path| {
            let relative = path.strip_prefix(folder).ok().and_then(|path| path.to_str());
            names.extend(relative.map(|name| name.replace('\\', "/")));
        })?;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_was_written_last() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let files = |names: &[&str]| -> Files {
            names.iter().map(|name| ((*name).to_owned(), name.as_bytes().to_vec())).collect()
        };
        write(folder.path(), &files(&["a", "b/c", "Cargo.lock"]), &[]).expect("written");
        write(folder.path(), &files(&["a", "b/d"]), &["Cargo.lock"]).expect("written");
        let there = read(folder.path()).expect("read");
        assert_eq!(there, files(&["Cargo.lock", "a", "b/d"]));
    }
}
