//! WIT text, from one file or a folder with `deps`, to a resolved package.
//! All mistakes are reported at once: each one is mended in a copy of the
//! text, and the text is parsed again. wit-parser is the only parser; the
//! modules here say what its errors mean and how to get past them.

mod attributes;
#[cfg(test)]
mod damage_tests;
mod declared;
mod finding;
mod folder;
#[cfg(test)]
mod folder_tests;
mod item;
mod lookup;
mod names;
mod outside;
#[cfg(test)]
mod package_tests;
mod packages;
mod problem;
mod punctuation;
#[cfg(test)]
mod screen_tests;
mod session;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tokens;

use std::path::Path;

use crate::artifact::Wit;
use crate::error::LoadError;
use crate::wit::folder::Sources;
use crate::wit::text::Text;

pub use problem::{ProblemKind, WitError, WitProblem};

/// A folder of WIT files, with an optional `deps` folder in it.
pub(crate) fn load_folder(path: &Path) -> Result<Wit, LoadError> {
    resolve(folder::read(path)?)
}

/// One WIT file.
pub(crate) fn load_text(name: &str, text: &str) -> Result<Wit, LoadError> {
    resolve(Sources {
        name: name.to_owned(),
        groups: vec![vec![Text::new(name, text)]],
        binaries: Vec::new(),
    })
}

fn resolve(sources: Sources) -> Result<Wit, LoadError> {
    let name = sources.name.clone();
    let (resolve, package) = session::resolve(sources)?;
    Ok(Wit { name, resolve, package })
}
