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
use std::sync::Arc;

use crate::artifact::{Wit, WitFile};
use crate::bundle;
use crate::error::LoadError;
use crate::features::Features;
use crate::wit::folder::Sources;
use crate::wit::text::Text;

pub(crate) use attributes::features_of;
pub use problem::{ProblemKind, WitError, WitProblem};

/// A folder of WIT files, with an optional `deps` folder in it.
pub(crate) fn load_folder(path: &Path, features: &Features) -> Result<Wit, LoadError> {
    resolve(folder::read(path, features)?)
}

/// One WIT file.
pub(crate) fn load_text(name: &str, text: &str, features: &Features) -> Result<Wit, LoadError> {
    resolve(Sources {
        name: name.to_owned(),
        groups: vec![vec![Text::new(name, text)]],
        binaries: Vec::new(),
        features: features.clone(),
    })
}

fn resolve(sources: Sources) -> Result<Wit, LoadError> {
    let (name, features) = (sources.name.clone(), sources.features.clone());
    let texts = sources.groups.iter().flatten();
    let file = |text: &Text| WitFile { name: text.name.clone(), text: Arc::clone(&text.original) };
    let mut files: Vec<WitFile> = texts.map(file).collect();
    let (resolve, package) = session::resolve(sources)?;
    let bundled = resolve.source_map.source_names().filter_map(|name| {
        Some(WitFile { name: name.to_owned(), text: Arc::from(bundle::text_of(name)?) })
    });
    files.extend(bundled);
    features.check(&name, files.iter().map(|file| &*file.text))?;
    Ok(Wit { name, resolve, package, files })
}
