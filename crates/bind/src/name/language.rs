//! What a language forbids and how its users get around it. How identifiers are given out is
//! left to `scope`.

/// The rules for identifiers of one language.
#[derive(Debug)]
pub struct Language {
    /// As in `--lang` and in `joggle.toml`.
    pub id: &'static str,
    /// As its users write it.
    pub title: &'static str,
    /// Words that are no identifiers, sorted. A name that is one of them gets a `_` at its end.
    pub keywords: &'static [&'static str],
    /// Words that are identifiers in some versions of the language only, sorted, and how each is
    /// written in all of them.
    pub quoted: &'static [(&'static str, &'static str)],
    /// What stands between the parts of a qualified name.
    pub separator: &'static str,
}

impl Language {
    /// Whether a user may ask for this identifier.
    #[must_use]
    pub fn accepts(&self, text: &str) -> bool {
        let mut characters = text.chars();
        let first = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let rest = characters.all(|c| c.is_ascii_alphanumeric() || c == '_');
        let named = text.chars().any(|c| c != '_');
        first && rest && named && !self.is_keyword(text)
    }

    /// Whether this word is none of the user's.
    #[must_use]
    pub fn is_keyword(&self, text: &str) -> bool {
        self.keywords.binary_search(&text).is_ok()
    }

    /// How a word is written that some versions of the language take for a keyword.
    #[must_use]
    pub fn quote(&self, text: &str) -> Option<&'static str> {
        let found = self.quoted.binary_search_by(|(word, _)| (*word).cmp(text)).ok()?;
        self.quoted.get(found).map(|(_, quoted)| *quoted)
    }

    /// The word itself, of one that [`Self::quote`] wrote.
    #[must_use]
    pub fn unquote<'a>(&self, text: &'a str) -> &'a str {
        self.quoted.iter().find(|(_, quoted)| *quoted == text).map_or(text, |(word, _)| word)
    }
}

/// Rust: strict and reserved keywords of all editions.
///
/// `gen` became one with the edition 2024. Written as `r#gen` it is the same identifier in every
/// edition, so a guest of an older edition goes on calling it `gen`.
pub static RUST: Language = Language {
    id: "rust",
    title: "Rust",
    keywords: &[
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ],
    quoted: &[("gen", "r#gen")],
    separator: "::",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(RUST.keywords.is_sorted());
        assert!(RUST.quoted.is_sorted());
    }

    #[test]
    fn an_identifier_is_told_from_what_is_none() {
        for good in ["a", "_a", "A1_", "gen", "union"] {
            assert!(RUST.accepts(good), "{good}");
        }
        for bad in ["", "_", "__", "1a", "a-b", "ä", "fn", "Self", "r#gen", "a b"] {
            assert!(!RUST.accepts(bad), "{bad}");
        }
    }
}
