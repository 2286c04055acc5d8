//! The files of the repository: those that git tracks or would track, or all of
//! them where there is no git. Knows no rule.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Folders that no source lies in, for a tree without git.
const NO_SOURCE: [&str; 4] = [".git", "target", "node_modules", "__pycache__"];

/// Where other programs write what lies in the repository.
const GENERATED: [&str; 1] = ["fixtures/bindings/"];

/// All files with their contents.
#[derive(Debug)]
pub struct Tree {
    /// The root of the repository.
    pub root: PathBuf,
    files: Vec<SourceFile>,
}

/// One file.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path from the root, with `/` between the parts.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl SourceFile {
    /// The content, if it is text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Whether the name ends in a dot and one of these.
    pub fn is_one_of(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(&self.path).extension().and_then(|end| end.to_str());
        extension.is_some_and(|end| extensions.contains(&end))
    }

    /// Whether a program wrote it, so that caps mean nothing.
    pub fn is_generated(&self) -> bool {
        GENERATED.iter().any(|folder| self.path.starts_with(folder))
    }
}

impl Tree {
    /// Reads every file.
    pub fn read(root: &Path) -> Result<Self> {
        let mut paths = match list_by_git(root) {
            Some(paths) => paths,
            None => list_by_walking(root)?,
        };
        paths.sort();
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            // A file that git still tracks may be gone from the disk.
            if let Ok(bytes) = fs::read(root.join(&path)) {
                files.push(SourceFile { path, bytes });
            }
        }
        Ok(Self { root: root.to_path_buf(), files })
    }

    /// Every file in the order of the paths.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// A tree for tests of rules.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        Self { root: PathBuf::new(), files: files.iter().map(file).collect() }
    }
}

fn list_by_git(root: &Path) -> Option<Vec<String>> {
    let mut command = Command::new("git");
    command.current_dir(root);
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = process::output(&mut command).ok()?;
    let paths: Vec<String> =
        listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    (!paths.is_empty()).then_some(paths)
}

fn list_by_walking(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let context = || format!("reading {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(context)? {
            let entry = entry.with_context(context)?;
            let path = entry.path();
            if !entry.file_type().with_context(context)?.is_dir() {
                let path = path.strip_prefix(root)?.to_str().context("a path is not UTF-8")?;
                found.push(path.replace('\\', "/"));
            } else if !NO_SOURCE.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            }
        }
    }
    Ok(found)
}
