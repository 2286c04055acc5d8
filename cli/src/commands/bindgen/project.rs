//! The `joggle.toml` that counts: the one that was named, or that of this folder or the nearest
//! above it. What it says is left to `joggle-bind`.

use std::path::{Path, PathBuf};

use joggle_bind::config::{Config, ConfigError, FILE, Shared};

use super::{Failure, Lang};
use crate::exit::Outcome;

/// A folder, and what its `joggle.toml` says, if it has one.
#[derive(Default)]
pub struct Project {
    /// As seen from here; empty if it is here.
    folder: PathBuf,
    config: Option<Config>,
    shared: Shared,
    /// What is wrong with what every language shares.
    pub errors: Vec<ConfigError>,
}

impl Project {
    /// Finds the file, and reads it.
    pub fn find(named: Option<&Path>) -> Result<Project, Failure> {
        let Some(path) =
            named.map(Path::to_owned).or_else(|| nearest(&std::env::current_dir().ok()?))
        else {
            return Ok(Project::default());
        };
        let text = joggle_load::text(&path).map_err(Failure::unknown)?;
        let languages = Lang::ALL.map(Lang::rules);
        let mut errors = Vec::new();
        let config = Config::parse(&text.name, &text.text, &languages, &mut errors);
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let shared = config.shared.clone();
        Ok(Project { folder, config: Some(config), shared, errors })
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
pub fn refused(mut problems: Vec<ConfigError>) -> Failure {
    problems.sort_by_key(ConfigError::offset);
    Failure::all(Outcome::Unknown, problems)
}

/// The file in this folder or the nearest above, as seen from here.
fn nearest(here: &Path) -> Option<PathBuf> {
    let mut seen = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(FILE).is_file() {
            return Some(seen.join(FILE));
        }
        seen.push("..");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_above_counts() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep)?;
        std::fs::write(root.path().join(FILE), "")?;
        assert_eq!(nearest(&deep), Some(PathBuf::from("../../joggle.toml")));
        // A folder of that name is none.
        std::fs::create_dir(deep.join(FILE))?;
        std::fs::write(root.path().join("a").join(FILE), "")?;
        assert_eq!(nearest(&deep), Some(PathBuf::from("../joggle.toml")));
        assert_eq!(nearest(root.path()), Some(PathBuf::from("joggle.toml")));
        Ok(())
    }

    #[test]
    fn paths_are_meant_from_the_folder_of_the_file() {
        let project =
            |folder: &str| Project { folder: PathBuf::from(folder), ..Project::default() };
        assert_eq!(project("").beside("wit"), Path::new("wit"));
        assert_eq!(project("").beside(""), Path::new("."));
        assert_eq!(project("../..").beside("wit"), Path::new("../../wit"));
        assert_eq!(project("..").folder(Lang::Rust), Path::new("../src"));
    }
}
