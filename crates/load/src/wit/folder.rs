//! Which files make up a WIT package: one text, or a folder with its `deps`.
//! Reading WIT is left to `session`.

use std::path::{Path, PathBuf};

use wit_parser::Resolve;

use crate::artifact::{self, Artifact, LONGEST_TEXT};
use crate::bytes::Bytes;
use crate::detect::{Format, detect};
use crate::error::LoadError;
use crate::features::Features;
use crate::wit::text::Text;

/// Everything that is read for one package.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// As shown to people: the file or folder as given.
    pub name: String,
    /// The files of the package, then those of each package in `deps`.
    pub groups: Vec<Vec<Text>>,
    /// Packages in `deps` that came as binaries, with their names.
    pub binaries: Vec<(String, Resolve)>,
    /// Which gated items are there.
    pub features: Features,
}

/// Reads a folder: its `.wit` files are one package, `deps` holds others as
/// folders, as files, or in binary form.
pub(crate) fn read(path: &Path, features: &Features) -> Result<Sources, LoadError> {
    let name = artifact::shown(path);
    let files = wit_files(path)?;
    if files.is_empty() {
        return Err(LoadError::NoWitInFolder { name });
    }
    let mut sources = Sources {
        name,
        groups: vec![texts(&files)?],
        binaries: Vec::new(),
        features: features.clone(),
    };
    let deps = path.join("deps");
    if deps.is_dir() {
        for entry in entries(&deps)? {
            dependency(&entry, &mut sources)?;
        }
    }
    Ok(sources)
}

fn dependency(path: &Path, sources: &mut Sources) -> Result<(), LoadError> {
    if path.is_dir() {
        let files = wit_files(path)?;
        // A folder without WIT is no package; nothing can refer to it.
        if !files.is_empty() {
            sources.groups.push(texts(&files)?);
        }
        return Ok(());
    }
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    // Only the choice of files goes by name, as other tools do it: anything may lie in `deps`.
    if !matches!(extension, "wit" | "wasm" | "wat") {
        return Ok(());
    }
    let (name, bytes) = artifact::read(path)?;
    if let Format::Text(_) = detect(&bytes) {
        sources.groups.push(vec![text(name, &bytes)?]);
        return Ok(());
    }
    match artifact::load_bytes(&name, bytes)? {
        Artifact::Wit(wit) => sources.binaries.push((name, wit.resolve)),
        Artifact::Component(_) => {
            return Err(LoadError::NotAPackage { name, what: "a component" });
        }
        Artifact::Module(_) => {
            return Err(LoadError::NotAPackage { name, what: "a core module" });
        }
    }
    Ok(())
}

fn wit_files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let wit = |path: &PathBuf| path.extension().is_some_and(|e| e == "wit") && !path.is_dir();
    Ok(entries(folder)?.into_iter().filter(wit).collect())
}

/// What lies in a folder, in the order of names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let failed = |error| artifact::unreadable(&artifact::shown(folder), &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        found.push(entry.map_err(failed)?.path());
    }
    found.sort();
    Ok(found)
}

fn texts(files: &[PathBuf]) -> Result<Vec<Text>, LoadError> {
    files
        .iter()
        .map(|path| {
            let (name, bytes) = artifact::read(path)?;
            text(name, &bytes)
        })
        .collect()
}

fn text(name: String, bytes: &Bytes) -> Result<Text, LoadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.len() > LONGEST_TEXT => {
            Err(LoadError::TooLong { name, size: text.len(), limit: LONGEST_TEXT })
        }
        Ok(text) => Ok(Text::new(name, text)),
        Err(error) => Err(LoadError::NotUtf8 { name, offset: error.valid_up_to() }),
    }
}
