//! The user's table of names: which pattern gives which identifier, and where that is written.
//! Reading the table out of a file is left to `config`, using it to `scope`.

use std::collections::BTreeMap;

use joggle_diag::Source;
use miette::SourceSpan;

use super::Path;

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Rename {
    /// Which items.
    pub pattern: Path,
    /// What they are called.
    pub symbol: String,
    /// The text that says so.
    pub source: Source,
    /// Where the pattern stands in it.
    pub pattern_span: SourceSpan,
    /// Where the identifier stands in it.
    pub symbol_span: SourceSpan,
}

/// The whole table. Of two lines that fit, the one that says more counts, and of two that say as
/// much, the later.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    lines: Vec<Rename>,
    by_leaf: BTreeMap<String, Vec<usize>>,
}

impl Renames {
    /// A table of these lines.
    #[must_use]
    pub fn new(lines: Vec<Rename>) -> Renames {
        let mut by_leaf: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, line) in lines.iter().enumerate() {
            by_leaf.entry(line.pattern.leaf().to_owned()).or_default().push(index);
        }
        for indices in by_leaf.values_mut() {
            // The sort is stable, so the later line of two that say as much comes later.
            indices.sort_by_key(|&index| lines.get(index).map(|line| line.pattern.precision()));
        }
        Renames { lines, by_leaf }
    }

    /// All lines, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &Rename> {
        self.lines.iter()
    }

    /// Indices of the lines that fit an item; the last one counts.
    pub(super) fn fitting(&self, item: &Path) -> Vec<usize> {
        let candidates = self.by_leaf.get(item.leaf()).map(Vec::as_slice).unwrap_or_default();
        let fits = |index: &usize| self.line(*index).is_some_and(|line| line.pattern.covers(item));
        candidates.iter().copied().filter(fits).collect()
    }

    pub(super) fn line(&self, index: usize) -> Option<&Rename> {
        self.lines.get(index)
    }
}
