//! Which interfaces, worlds and types a text names, for suggestions.

use crate::wit::finding::used_names;
use crate::wit::tokens::{View, is_word};

/// An interface or a world with the types that can be named in it.
#[derive(Debug)]
pub(crate) struct Declared<'a> {
    /// `interface` or `world`.
    pub what: &'static str,
    /// Its name.
    pub name: &'a str,
    /// The token of its opening brace.
    pub open: usize,
    /// The types that it defines.
    pub types: Vec<&'a str>,
    /// The types that it uses from elsewhere.
    pub used: Vec<&'a str>,
}

/// Everything that is declared, in the order of the text.
pub(crate) fn declared<'a>(view: &View<'a>) -> Vec<Declared<'a>> {
    let mut found = Vec::new();
    for i in 0..view.tokens.len() {
        let what = match view.word(i) {
            "interface" => "interface",
            "world" => "world",
            _ => continue,
        };
        let (name, open) = if view.word(i + 1) == "{" && view.before(i) == ":" {
            (i.checked_sub(2).map_or("", |i| view.word(i)), i + 1)
        } else {
            (view.word(i + 1), i + 2)
        };
        if !is_word(name) || view.word(open) != "{" {
            continue;
        }
        let mut item = Declared { what, name, open, types: Vec::new(), used: Vec::new() };
        let end = view.closing(open).unwrap_or(view.tokens.len());
        for i in open + 1..end {
            match view.word(i) {
                "type" | "record" | "variant" | "enum" | "flags" | "resource"
                    if is_word(view.word(i + 1)) =>
                {
                    item.types.push(view.word(i + 1));
                }
                "use" => item.used.extend(used_names(view, i)),
                _ => {}
            }
        }
        found.push(item);
    }
    found
}
