//! The `joggle.toml` that counts: the one that was named, or that of this folder or the nearest
//! above it. What it says is left to `joggle-bind`.

use std::path::{Path, PathBuf};

use joggle_bind::config::{Config, ConfigError, FILE, Shared};

use super::{Failure, Lang};
use crate::exit::Outcome;

/// A folder, and what its `joggle.toml` says, if it has one.
pub struct Project {
    /// As seen from here; empty if it is here.
    folder: PathBuf,
    config: Option<Config>,
    shared: Shared,
}

impl Project {
    /// Finds the file, and reads it.
    pub fn find(named: Option<&Path>) -> Result<Project, Failure> {
        let Some(path) = named.map(Path::to_owned).or_else(nearest) else {
            return Ok(Project { folder: PathBuf::new(), config: None, shared: Shared::default() });
        };
        let text = joggle_load::text(&path).map_err(Failure::unknown)?;
        let languages = Lang::ALL.map(Lang::rules);
        let config = Config::parse(&text.name, &text.text, &languages).map_err(refused)?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let shared = config.shared.clone();
        Ok(Project { folder, config: Some(config), shared })
    }

    /// What counts for every language.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// What the file says, if there is one.
    pub fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// The language, if the file has the table of one and of no other.
    pub fn only_language(&self) -> Option<Lang> {
        let has = |lang: &Lang| {
            self.config.iter().flat_map(Config::languages).any(|l| l.id == lang.rules().id)
        };
        let mut all = Lang::ALL.into_iter().filter(has);
        let first = all.next();
        if all.next().is_some() { None } else { first }
    }

    /// The folder for the files of a language.
    pub fn folder(&self, lang: Lang) -> PathBuf {
        let said = self.config.as_ref().and_then(|config| config.out_dir(lang.rules()));
        self.beside(said.unwrap_or(lang.usual_folder()))
    }

    /// A path that is meant from the folder of the file.
    pub fn beside(&self, path: &str) -> PathBuf {
        let path = self.folder.join(path);
        if path == Path::new("") { PathBuf::from(".") } else { path }
    }
}

/// What is wrong with the file keeps the question from being understood.
pub fn refused(problems: Vec<ConfigError>) -> Failure {
    Failure::all(Outcome::Unknown, problems)
}

/// The file in this folder or the nearest above, as seen from here.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut seen = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(FILE).is_file() {
            return Some(seen.join(FILE));
        }
        seen.push("..");
    }
    None
}
