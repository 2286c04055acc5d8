//! The worlds of `fixtures/wit`: each file, and each folder with its dependencies, is a
//! case. Comments at the top say how it is bound:
//!
//! ```text
//! // What the case is about.
//! // world: NAME        (where there are several)
//! // options: --features x
//! // compared: no, WHY    (what is generated is compiled, and not written down)
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wit_parser::{Resolve, WorldId};

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its file's or folder's name, without an ending.
    pub name: String,
    /// From the top of the repository, with `/`.
    pub path: String,
    /// The world, where there are several.
    pub world: Option<String>,
    /// Options of `bindgen`.
    pub options: Vec<String>,
    /// Whether what is generated is written down.
    pub compared: bool,
}

impl Case {
    /// All of them, by name.
    pub fn all() -> Result<Vec<Case>> {
        let folder = crate::files::repository().join("fixtures/wit");
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            cases.push(Case::read(&entry?.path())?);
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cases)
    }

    fn read(path: &Path) -> Result<Case> {
        let file_name = path.file_name().and_then(|name| name.to_str()).context("a name")?;
        let main = if path.is_dir() { path.join("world.wit") } else { path.to_owned() };
        let text = std::fs::read_to_string(&main).with_context(|| main.display().to_string())?;
        let said = |key: &str| {
            let mut lines = text.lines().take_while(|line| line.starts_with("//"));
            lines.find_map(|line| line.strip_prefix("// ")?.strip_prefix(key)).map(str::trim)
        };
        if !text.starts_with("// ") {
            bail!("{file_name} does not say what it is about");
        }
        let compared = !said("compared:").unwrap_or_default().starts_with("no");
        Ok(Case {
            compared,
            name: file_name.strip_suffix(".wit").unwrap_or(file_name).to_owned(),
            path: format!("fixtures/wit/{file_name}"),
            world: said("world:").map(str::to_owned),
            options: said("options:")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Its name as a word of Rust.
    #[must_use]
    pub fn identifier(&self) -> String {
        format!("case_{}", self.name.replace('-', "_"))
    }

    /// What a component of this world looks like from outside.
    pub fn reference(&self) -> Result<Vec<u8>> {
        let (resolve, world) = self.resolve()?;
        crate::components::dummy_of(&resolve, world)
    }

    fn resolve(&self) -> Result<(Resolve, WorldId)> {
        let mut resolve = Resolve::default();
        for pair in self.options.windows(2) {
            if pair[0] == "--features" {
                resolve.features.extend(pair[1].split(',').map(str::to_owned));
            }
        }
        resolve.all_features = self.options.iter().any(|option| option == "--all-features");
        let path: PathBuf = crate::files::repository().join(&self.path);
        let package = match resolve.push_path(&path) {
            Ok((package, _)) => package,
            // It needs the bundled WASI.
            Err(error) => match joggle_load::load(&path) {
                Ok(joggle_load::Artifact::Wit(loaded)) => {
                    resolve = loaded.resolve;
                    loaded.package
                }
                Ok(_) | Err(_) => return Err(error).context("the WIT is wrong"),
            },
        };
        let world = resolve.select_world(&[package], self.world.as_deref())?;
        Ok((resolve, world))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_world_can_be_a_component() {
        let cases = Case::all().expect("the cases are well formed");
        assert!(cases.len() >= 60, "only {} cases", cases.len());
        for case in cases {
            let reference = case.reference().map(drop);
            reference.unwrap_or_else(|error| panic!("{}: {error:#}", case.name));
        }
    }
}
