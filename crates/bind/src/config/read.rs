//! Reading tables with their places, and collecting what is wrong. Which keys there are is left
//! to the types that are read.

use joggle_diag::{Source, closest, quoted_list};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use super::ConfigError;
use super::fields::fields;
use crate::name::{Path, Rename};

/// A table with the places of its keys and values.
pub(super) type Table<'s> = DeTable<'s>;

/// A file that is being read.
pub(super) struct Reader<'s> {
    source: &'s Source,
    errors: Vec<ConfigError>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Source) -> Reader<'s> {
        Reader { source, errors: Vec::new() }
    }

    pub(super) fn found_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All that was wrong, in the order of the file.
    pub(super) fn errors(mut self) -> Vec<ConfigError> {
        self.errors.sort_by_key(ConfigError::offset);
        self.errors
    }

    /// The whole file.
    pub(super) fn document(&mut self) -> Table<'s> {
        let (table, errors) = DeTable::parse_recoverable(self.source.inner());
        for error in errors {
            self.errors.push(ConfigError::Syntax {
                message: error.message().to_owned(),
                text: self.source.clone(),
                at: error.span().unwrap_or_default().into(),
            });
        }
        table.into_inner()
    }

    /// A value that should be a table.
    pub(super) fn table(&mut self, key: &str, value: Spanned<DeValue<'s>>) -> Option<Table<'s>> {
        let at = value.span();
        let kind = value.get_ref().type_str();
        if let DeValue::Table(table) = value.into_inner() {
            return Some(table);
        }
        self.value(key, &format!("invalid type: {kind}, expected a table"), at);
        None
    }

    /// Everything in a table that is a key of `T`; other keys are errors, but `others`, which
    /// have been taken out.
    pub(super) fn read<T: DeserializeOwned + Default>(
        &mut self,
        place: &str,
        table: Table<'s>,
        others: &[&str],
    ) -> T {
        let known = fields::<T>();
        let mut good = Table::new();
        for (key, value) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                self.unknown(place, &key, known.iter().chain(others).copied());
                continue;
            }
            // One key at a time, so that one mistake does not hide the next.
            let single: Table<'s> = std::iter::once((key.clone(), value.clone())).collect();
            match deserialize::<T>(single) {
                Ok(_) => {
                    good.insert(key, value);
                }
                Err(error) => {
                    let at = error.span().filter(|at| !at.is_empty()).unwrap_or(value.span());
                    self.value(key.get_ref(), error.message(), at);
                }
            }
        }
        deserialize(good).unwrap_or_default()
    }

    /// A table of new names.
    pub(super) fn renames(&mut self, place: &str, value: Spanned<DeValue<'s>>) -> Vec<Rename> {
        let mut renames = Vec::new();
        for (key, value) in self.table(place, value).unwrap_or_default() {
            let pattern = self.path(&key);
            let symbol = value.get_ref().as_str().map(str::to_owned);
            if symbol.is_none() {
                let kind = value.get_ref().type_str();
                let message = format!("invalid type: {kind}, expected a string, the new name");
                self.value(key.get_ref(), &message, value.span());
            }
            if let (Some(pattern), Some(symbol)) = (pattern, symbol) {
                renames.push(Rename {
                    pattern,
                    symbol,
                    source: self.source.clone(),
                    pattern_span: key.span().into(),
                    symbol_span: value.span().into(),
                });
            }
        }
        renames
    }

    /// A key that names an item of WIT.
    pub(super) fn path(&mut self, key: &Spanned<DeString<'s>>) -> Option<Path> {
        let error = match Path::parse(key.get_ref()) {
            Ok(path) => return Some(path),
            Err(error) => error,
        };
        self.errors.push(ConfigError::Path {
            written: key.get_ref().to_string(),
            message: error.what,
            text: self.source.clone(),
            at: key.span().into(),
        });
        None
    }

    fn value(&mut self, key: &str, message: &str, at: std::ops::Range<usize>) {
        self.errors.push(ConfigError::Value {
            key: key.to_owned(),
            message: message.to_owned(),
            text: self.source.clone(),
            at: at.into(),
        });
    }

    fn unknown<'k>(
        &mut self,
        place: &str,
        key: &Spanned<DeString<'s>>,
        known: impl Iterator<Item = &'k str>,
    ) {
        let mut known: Vec<&str> = known.collect();
        let help = if let Some(near) = closest(key.get_ref(), known.iter().copied()) {
            format!("did you mean `{near}`?")
        } else {
            known.sort_unstable();
            format!("there are {}", quoted_list(known))
        };
        self.errors.push(ConfigError::UnknownKey {
            place: place.to_owned(),
            key: key.get_ref().to_string(),
            text: self.source.clone(),
            at: key.span().into(),
            help,
        });
    }
}

impl ConfigError {
    /// Where in the file it is, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            ConfigError::Syntax { at, .. }
            | ConfigError::UnknownKey { at, .. }
            | ConfigError::Value { at, .. }
            | ConfigError::Path { at, .. }
            | ConfigError::UnusedItem { at, .. } => at.offset(),
        }
    }
}

fn deserialize<T: DeserializeOwned>(table: Table<'_>) -> Result<T, toml::de::Error> {
    T::deserialize(ValueDeserializer::from(Spanned::new(0..0, DeValue::Table(table))))
}
