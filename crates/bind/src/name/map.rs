//! What came of every name: the list that `bindgen --names` prints. How it looks is left to the
//! command line.

use super::Path;

/// Which identifier every item got, in the order in which they were declared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameMap {
    entries: Vec<Named>,
}

/// One item and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The item, with its side where it has one.
    pub path: Path,
    /// Its qualified name, from the root of the generated code.
    pub symbol: String,
    /// Whether it is called what it is because the user said so.
    pub renamed: bool,
}

impl NameMap {
    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = &Named> {
        self.entries.iter()
    }

    /// What an item is called.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&str> {
        self.entries.iter().find(|named| named.path == *path).map(|named| named.symbol.as_str())
    }

    pub(super) fn push(&mut self, named: Named) {
        self.entries.push(named);
    }
}
