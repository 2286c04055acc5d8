//! `joggle.toml`: one configuration for all languages. What every language shares is read here:
//! which WIT and which world, and the user's names. What is said in the table of a language is
//! read into the types of its backend, with the same care for places. Finding the file is left to
//! the command line. Its schema stands in `docs/joggle-toml.md`.

mod error;
mod fields;
mod pairs;
mod read;
#[cfg(test)]
mod tests;

use joggle_diag::{Source, source};
use miette::SourceSpan;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::build::Types;
use crate::name::{Language, Path, Rename, Renames};
pub use error::ConfigError;
pub use pairs::{pairs, pairs_of_lists};
use read::{Reader, Table};

/// The name of the file at the root of a project.
pub const FILE: &str = "joggle.toml";

/// What a `joggle.toml` says.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its text.
    source: Source,
    /// What counts for every language.
    pub shared: Shared,
    renames: Vec<Rename>,
    languages: Vec<Section>,
}

/// Keys outside of the tables of languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Shared {
    /// The world, as with `--world`.
    pub world: Option<String>,
    /// The WIT, relative to the folder of the file.
    pub wit: Option<String>,
    /// Features of WIT to open.
    pub features: Vec<String>,
    /// Open all of them.
    pub all_features: bool,
    /// Whether types of equal structure are one.
    pub types: Option<Types>,
}

/// The table of one language, as far as it is alike in all.
#[derive(Clone, Debug)]
struct Section {
    language: &'static Language,
    own: Own,
    renames: Vec<Rename>,
}

/// Keys in the table of every language.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Own {
    out_dir: Option<String>,
}

/// Options for the items that a pattern fits.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// Which items.
    pub pattern: Path,
    /// What is said of them.
    pub options: T,
    /// The file.
    pub source: Source,
    /// Where the pattern stands in it.
    pub at: SourceSpan,
}

impl Config {
    /// Reads a file; `name` is what it is called in diagnostics. Tables of other languages than
    /// these are unknown. There is a configuration beside errors, so that what is wrong in the
    /// table of a language can be told with them.
    pub fn parse(
        name: &str,
        text: &str,
        languages: &[&'static Language],
        errors: &mut Vec<ConfigError>,
    ) -> Config {
        let source = source(name, text);
        let mut reader = Reader::new(&source);
        let mut table = reader.document();
        // What could be made of a broken file says more of the breakage than of the file.
        if reader.found_errors() {
            errors.append(&mut reader.errors());
            return Config {
                source: joggle_diag::source(name, ""),
                shared: Shared::default(),
                renames: Vec::new(),
                languages: Vec::new(),
            };
        }
        let mut renames = Vec::new();
        if let Some(value) = take(&mut table, "rename") {
            renames = reader.renames("rename", value);
        }
        let mut sections = Vec::new();
        for &language in languages {
            let Some(value) = take(&mut table, language.id) else { continue };
            let Some(mut table) = reader.table(language.id, value) else { continue };
            let place = format!("{}.rename", language.id);
            let renames = take(&mut table, "rename")
                .map_or_else(Vec::new, |value| reader.renames(&place, value));
            // What is left belongs to the backend.
            let table = keep(table, |key| key == "out-dir");
            let own = reader.read(&format!("[{}]", language.id), table, &[]);
            sections.push(Section { language, own, renames });
        }
        let tables: Vec<&str> =
            std::iter::once("rename").chain(languages.iter().map(|l| l.id)).collect();
        let shared = reader.read("joggle.toml", table, &tables);
        errors.append(&mut reader.errors());
        Config { source, shared, renames, languages: sections }
    }

    /// Languages that have a table, in the order in which they were asked for.
    pub fn languages(&self) -> impl Iterator<Item = &'static Language> {
        self.languages.iter().map(|section| section.language)
    }

    /// The folder for generated files of a language, relative to the folder of the file.
    #[must_use]
    pub fn out_dir(&self, language: &Language) -> Option<&str> {
        self.section(language)?.own.out_dir.as_deref()
    }

    /// The user's names for a language: those for all, then its own, which win.
    #[must_use]
    pub fn renames(&self, language: &Language) -> Renames {
        let own = self.section(language).map_or(&[][..], |section| &section.renames);
        Renames::new(self.renames.iter().chain(own).cloned().collect())
    }

    /// What the table of a language says, in the type of its backend, as far as it is right.
    pub fn options<T: DeserializeOwned + Default>(
        &self,
        language: &Language,
        errors: &mut Vec<ConfigError>,
    ) -> T {
        let mut reader = Reader::new(&self.source);
        let own = ["out-dir", "rename", "items"];
        let table = keep(table_of(&mut reader, language), |key| !own.contains(&key));
        let options = reader.read(&format!("[{}]", language.id), table, &own);
        errors.append(&mut reader.errors());
        options
    }

    /// What a language's table says of single items, likewise.
    pub fn items<T: DeserializeOwned + Default>(
        &self,
        language: &Language,
        errors: &mut Vec<ConfigError>,
    ) -> Vec<Item<T>> {
        let mut reader = Reader::new(&self.source);
        let mut table = table_of(&mut reader, language);
        let items = take(&mut table, "items");
        let items = items.and_then(|value| reader.table(&format!("{}.items", language.id), value));
        let mut read = Vec::new();
        for (key, value) in items.unwrap_or_default() {
            let (pattern, place) =
                (reader.path(&key), format!("[{}.items.\"{}\"]", language.id, key.get_ref()));
            let Some(table) = reader.table(key.get_ref(), value) else { continue };
            let options = reader.read(&place, table, &[]);
            if let Some(pattern) = pattern {
                let (source, at) = (self.source.clone(), key.span().into());
                read.push(Item { pattern, options, source, at });
            }
        }
        errors.append(&mut reader.errors());
        read
    }

    fn section(&self, language: &Language) -> Option<&Section> {
        self.languages.iter().find(|section| section.language.id == language.id)
    }
}

/// The table of a language; what is wrong with the rest has been told before.
fn table_of<'s>(reader: &mut Reader<'s>, language: &Language) -> Table<'s> {
    let mut document = reader.document();
    let value = take(&mut document, language.id);
    value.and_then(|value| reader.table(language.id, value)).unwrap_or_default()
}

/// Takes a key out of a table.
fn take<'s>(table: &mut DeTable<'s>, key: &str) -> Option<Spanned<DeValue<'s>>> {
    table.remove(key)
}

/// The keys of a table that are wanted.
fn keep(table: Table<'_>, wanted: impl Fn(&str) -> bool) -> Table<'_> {
    table.into_iter().filter(|(key, _)| wanted(key.get_ref())).collect()
}
