//! Identifiers, each given out once in its scope. The user's table counts first, then keywords,
//! then who came first. What the scopes of a language are is left to its backend.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use joggle_diag::closest;

use super::{Case, Language, Name, NameError, NameMap, Named, Path, Renames};

/// An identifier of a language, as it stands in generated code. Only a [`Scope`] makes one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Arc<str>);

impl Ident {
    /// Its text. In Rust it may begin with `r#`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What all scopes of one generated program share: the user's table, what became of every item,
/// and what is wrong with the table.
#[derive(Debug)]
pub struct Names {
    language: &'static Language,
    renames: Renames,
    /// For each line of the table, whether it fitted something.
    used: Vec<bool>,
    map: NameMap,
    problems: Vec<NameError>,
}

/// A place in which every identifier stands for one thing.
///
/// A language that keeps types and values apart has two scopes for one module.
#[derive(Clone, Debug)]
pub struct Scope {
    language: &'static Language,
    /// Qualifies what stands in this scope; empty at the root.
    prefix: String,
    /// Whether two names that differ in case only are the same: files, and modules that are files.
    ignores_case: bool,
    taken: BTreeMap<String, Holder>,
}

/// Who has a name.
#[derive(Clone, Debug)]
enum Holder {
    /// An item of the world.
    Item(Path),
    /// An item that the user named, and the line of the table.
    Renamed(Path, usize),
    /// The generated code itself.
    Generated,
}

impl Names {
    /// Starts with the user's table.
    #[must_use]
    pub fn new(language: &'static Language, renames: Renames) -> Names {
        let used = vec![false; renames.iter().count()];
        Names { language, renames, used, map: NameMap::default(), problems: Vec::new() }
    }

    /// What every item is called, or all that is wrong with the user's table.
    pub fn finish(mut self) -> Result<NameMap, Vec<NameError>> {
        self.report_unused();
        // In the order of the table.
        self.problems.sort_by_key(NameError::offset);
        if self.problems.is_empty() { Ok(self.map) } else { Err(self.problems) }
    }

    /// The line of the table that counts for an item, and its identifier.
    fn renamed(&mut self, path: &Path) -> Option<(usize, String)> {
        let fitting = self.renames.fitting(path);
        for &index in &fitting {
            if let Some(used) = self.used.get_mut(index) {
                *used = true;
            }
        }
        let index = *fitting.last()?;
        let line = self.renames.line(index)?;
        Some((index, line.symbol.clone()))
    }

    fn report_unused(&mut self) {
        let lines = self.renames.iter().zip(&self.used).enumerate();
        let unused: Vec<usize> = lines.filter(|(_, (_, used))| !**used).map(|(i, _)| i).collect();
        if unused.is_empty() {
            return;
        }
        for index in unused {
            let Some(line) = self.renames.line(index) else { continue };
            let pattern = line.pattern.to_string();
            let known = self.map.iter().map(|named| named.path.as_brief_as(&line.pattern));
            let known: Vec<String> = known.map(|path| path.to_string()).collect();
            let help = match closest(&pattern, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "`joggle bindgen --names` lists every item and what it is called".to_owned()
                }
            };
            self.problems.push(NameError::UnusedRename {
                pattern,
                source_code: line.source.clone(),
                at: line.pattern_span,
                help,
            });
        }
    }

    fn not_an_identifier(&mut self, index: usize) {
        let Some(line) = self.renames.line(index) else { return };
        let title = self.language.title;
        let help = if self.language.is_keyword(&line.symbol) {
            format!("it is a keyword of {title}; a name such as `{}_` is free", line.symbol)
        } else {
            "letters of ASCII, digits and `_`, and no digit at the start".to_owned()
        };
        self.problems.push(NameError::NotAnIdentifier {
            symbol: line.symbol.clone(),
            language: title,
            source_code: line.source.clone(),
            at: line.symbol_span,
            help,
        });
    }

    fn collides(&mut self, index: usize, path: &Path, holder: &Holder) {
        let Some(line) = self.renames.line(index) else { return };
        let (holder, help) = match holder {
            Holder::Item(other) | Holder::Renamed(other, _) => {
                (format!("`{other}`"), format!("choose another name, or rename `{other}` as well"))
            }
            Holder::Generated => {
                ("the generated code".to_owned(), "choose another name".to_owned())
            }
        };
        self.problems.push(NameError::RenameCollides {
            path: path.to_string(),
            symbol: line.symbol.clone(),
            holder,
            source_code: line.source.clone(),
            at: line.symbol_span,
            help,
        });
    }
}

impl Scope {
    /// The root of the generated code.
    #[must_use]
    pub fn root(language: &'static Language) -> Scope {
        Scope { language, prefix: String::new(), ignores_case: false, taken: BTreeMap::new() }
    }

    /// A scope inside of `ident`, which stands in this one. It knows nothing of the names out here.
    #[must_use]
    pub fn inner(&self, ident: &Ident) -> Scope {
        Scope {
            language: self.language,
            prefix: self.qualified(ident.as_str()),
            ignores_case: self.ignores_case,
            taken: BTreeMap::new(),
        }
    }

    /// A second scope in the same place, for a language that keeps kinds of names apart.
    #[must_use]
    pub fn beside(&self) -> Scope {
        Scope { taken: BTreeMap::new(), ..self.clone() }
    }

    /// Takes names that differ in case only for the same.
    #[must_use]
    pub fn ignoring_case(mut self) -> Scope {
        self.ignores_case = true;
        self
    }

    /// Keeps names for the generated code itself. To be called before anything is declared.
    pub fn reserve<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.taken.insert(self.key(name), Holder::Generated);
        }
    }

    /// Names an item of the world: as the user says; else as its name is in this case, with as
    /// many `_` behind it as it takes to be no keyword and nobody else's.
    pub fn declare(&mut self, names: &mut Names, name: &Name, case: Case, path: Path) -> Ident {
        let renamed =
            names.renamed(&path).and_then(|line| self.take_renamed(names, line.0, line.1, &path));
        let is_renamed = renamed.is_some();
        // A line that cannot be followed is told in the end; until then there has to be a name.
        let text = renamed.unwrap_or_else(|| self.take_natural(names, &name.spell(case), &path));
        let symbol = self.qualified(&text);
        names.map.push(Named { path, symbol, renamed: is_renamed });
        Ident(text.into())
    }

    /// Names something that no item of the world stands behind.
    pub fn generated(&mut self, name: &Name, case: Case) -> Ident {
        self.take_generated(&name.spell(case))
    }

    /// Names something that goes with `ident` and follows it when that is renamed: `GuestFile`
    /// of `File`.
    pub fn derived(&mut self, before: &str, ident: &Ident, behind: &str) -> Ident {
        let base = self.language.unquote(ident.as_str());
        // What escaped one name is no part of the next: `GuestBorrow` of `Guest_`.
        let base = if behind.is_empty() { base } else { base.trim_end_matches('_') };
        self.take_generated(&format!("{before}{base}{behind}"))
    }

    fn take_generated(&mut self, wanted: &str) -> Ident {
        let (text, _) = self.free(wanted);
        self.taken.insert(self.key(&text), Holder::Generated);
        Ident(text.into())
    }

    fn take_renamed(
        &mut self,
        names: &mut Names,
        line: usize,
        symbol: String,
        path: &Path,
    ) -> Option<String> {
        if !self.language.accepts(&symbol) {
            names.not_an_identifier(line);
            return None;
        }
        let symbol = self.language.quote(&symbol).map_or(symbol, str::to_owned);
        let key = self.key(&symbol);
        if let Some(holder) = self.taken.get(&key) {
            names.collides(line, path, holder);
            return None;
        }
        self.taken.insert(key, Holder::Renamed(path.clone(), line));
        Some(symbol)
    }

    fn take_natural(&mut self, names: &mut Names, wanted: &str, path: &Path) -> String {
        let (text, met) = self.free(wanted);
        if let Some((line, renamed)) = met {
            // The order of items must not decide whether a table is right.
            names.collides(line, &renamed, &Holder::Item(path.clone()));
        }
        self.taken.insert(self.key(&text), Holder::Item(path.clone()));
        text
    }

    /// The text with `_` behind it until nobody has it, and the renamed item that was met.
    fn free(&self, wanted: &str) -> (String, Option<(usize, Path)>) {
        let mut text = self.escaped(wanted);
        let mut met = None;
        while let Some(holder) = self.taken.get(&self.key(&text)) {
            if let Holder::Renamed(path, line) = holder {
                met = met.or(Some((*line, path.clone())));
            }
            text = format!("{}_", self.language.unquote(&text));
        }
        (text, met)
    }

    fn escaped(&self, text: &str) -> String {
        if self.language.is_keyword(text) {
            return format!("{text}_");
        }
        // Names of WIT begin with a letter; this one has been made of something else.
        if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return format!("_{text}");
        }
        self.language.quote(text).unwrap_or(text).to_owned()
    }

    fn qualified(&self, text: &str) -> String {
        if self.prefix.is_empty() {
            return text.to_owned();
        }
        format!("{}{}{text}", self.prefix, self.language.separator)
    }

    fn key(&self, text: &str) -> String {
        if self.ignores_case { text.to_lowercase() } else { text.to_owned() }
    }
}
