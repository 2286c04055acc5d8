//! Names: kebab-case, keywords, and what types of other languages are in WIT.

use crate::wit::finding::Finding;
use crate::wit::problem::ProblemKind;
use crate::wit::text::Edit;
use crate::wit::tokens::View;

/// The words that need a `%` before them to be a name.
const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "bool",
    "borrow",
    "char",
    "constructor",
    "enum",
    "error-context",
    "export",
    "f32",
    "f64",
    "flags",
    "from",
    "func",
    "future",
    "import",
    "include",
    "interface",
    "list",
    "map",
    "option",
    "own",
    "package",
    "record",
    "resource",
    "result",
    "s16",
    "s32",
    "s64",
    "s8",
    "static",
    "stream",
    "string",
    "tuple",
    "type",
    "u16",
    "u32",
    "u64",
    "u8",
    "use",
    "variant",
    "with",
    "world",
];

/// The built-in types, for suggestions.
pub(crate) const BUILT_IN: &[&str] = &[
    "bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string",
    "list", "option", "result", "tuple", "future", "stream",
];

pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// A type of another language, in small letters: what to write, and what more to say.
struct Foreign {
    name: &'static str,
    write: &'static str,
    note: &'static str,
}

const fn foreign(name: &'static str, write: &'static str, note: &'static str) -> Foreign {
    Foreign { name, write, note }
}

const FOREIGN: &[Foreign] = &[
    foreign("i8", "s8", ""),
    foreign("i16", "s16", ""),
    foreign("i32", "s32", ""),
    foreign("i64", "s64", ""),
    foreign("int8", "s8", ""),
    foreign("int16", "s16", ""),
    foreign("int32", "s32", ""),
    foreign("int64", "s64", ""),
    foreign("uint8", "u8", ""),
    foreign("uint16", "u16", ""),
    foreign("uint32", "u32", ""),
    foreign("uint64", "u64", ""),
    foreign("int", "s32", "or another size: `s8`, `s16`, `s64`"),
    foreign("integer", "s32", "or another size: `s8`, `s16`, `s64`"),
    foreign("uint", "u32", "or another size: `u8`, `u16`, `u64`"),
    foreign("unsigned", "u32", "or another size: `u8`, `u16`, `u64`"),
    foreign("signed", "s32", "or another size: `s8`, `s16`, `s64`"),
    foreign("short", "s16", ""),
    foreign("long", "s64", ""),
    foreign("ulong", "u64", ""),
    foreign("bigint", "s64", ""),
    foreign("byte", "u8", ""),
    foreign("bytes", "list<u8>", ""),
    foreign("bytearray", "list<u8>", ""),
    foreign("usize", "u32", "or `u64`: a WIT type has the same size everywhere"),
    foreign("isize", "s32", "or `s64`: a WIT type has the same size everywhere"),
    foreign("size-t", "u32", "or `u64`: a WIT type has the same size everywhere"),
    foreign("i128", "tuple<u64, s64>", "there is no 128-bit type"),
    foreign("u128", "tuple<u64, u64>", "there is no 128-bit type"),
    foreign("float", "f32", "or `f64` for double precision"),
    foreign("float32", "f32", ""),
    foreign("float64", "f64", ""),
    foreign("double", "f64", ""),
    foreign("number", "f64", "or `s32` or `u32` for whole numbers"),
    foreign("boolean", "bool", ""),
    foreign("str", "string", ""),
    foreign("string", "string", ""),
    foreign("text", "string", ""),
    foreign("bool", "bool", ""),
    foreign("char", "char", ""),
    foreign("rune", "char", ""),
    foreign("array", "list", ""),
    foreign("list", "list", ""),
    foreign("vec", "list", ""),
    foreign("vector", "list", ""),
    foreign("slice", "list", ""),
    foreign("sequence", "list", ""),
    foreign("set", "list", ""),
    foreign("option", "option", ""),
    foreign("optional", "option", ""),
    foreign("maybe", "option", ""),
    foreign("nullable", "option", ""),
    foreign("result", "result", ""),
    foreign("tuple", "tuple", ""),
    foreign("pair", "tuple", ""),
    foreign("map", "map", ""),
    foreign("hashmap", "map", "or `list<tuple<key, value>>`, which every tool understands"),
    foreign("hash-map", "map", "or `list<tuple<key, value>>`, which every tool understands"),
    foreign("dict", "map", "or `list<tuple<key, value>>`, which every tool understands"),
    foreign("dictionary", "map", "or `list<tuple<key, value>>`, which every tool understands"),
    foreign("promise", "future", ""),
    foreign("future", "future", ""),
    foreign("stream", "stream", ""),
    foreign("iterator", "stream", "or `list`, when all is there at once"),
    foreign("iter", "stream", "or `list`, when all is there at once"),
    foreign("box", "own", "only resources are passed by reference; other values need nothing"),
];

/// Words for "no value" and "any value", which WIT does not have as types.
const NOTHING: &[&str] = &["void", "unit", "none", "null", "nil", "undefined"];
const ANYTHING: &[&str] = &["any", "object", "unknown", "dynamic", "dyn"];

/// The mistake of writing another language's type, if `name` is one; `index` is its token.
pub(crate) fn foreign_type(view: &View<'_>, index: usize, name: &str) -> Option<Finding> {
    let lower = kebab(name);
    let lower = lower.as_str();
    let at = view.span(index);
    if NOTHING.contains(&lower) || ANYTHING.contains(&lower) {
        return Some(not_a_value(view, index, name, NOTHING.contains(&lower)));
    }
    let found = FOREIGN.iter().find(|f| f.name == lower && f.write != name)?;
    let generic = view.word(index + 1) == "<";
    // `list` alone is no type, and `s32<…>` neither.
    let takes = matches!(
        found.write,
        "list" | "option" | "result" | "tuple" | "map" | "future" | "stream" | "own"
    );
    let shown = match (takes, generic) {
        (true, false) if found.write != "result" => format!("{}<…>", found.write),
        (true, true) => format!("{}<{}", found.write, rest_of_generic(view, index)),
        _ => found.write.to_owned(),
    };
    let mut help = format!("write `{shown}`");
    if !found.note.is_empty() {
        help = format!("{help}, {}", found.note);
    }
    let with = if takes && !generic { "bool" } else { found.write };
    Some(
        not_a_type(name)
            .label(at.clone(), format!("`{shown}` in WIT"))
            .help(help)
            .edit(Edit::replace(at, with)),
    )
}

fn not_a_type(name: &str) -> Finding {
    Finding::new(ProblemKind::ForeignTypeName, format!("`{name}` is not a type of WIT"))
}

/// A type for nothing, or for anything at all.
fn not_a_value(view: &View<'_>, index: usize, name: &str, nothing: bool) -> Finding {
    let at = view.span(index);
    let returned = view.before(index) == "->";
    let (label, help) = match (nothing, returned) {
        (true, true) => (
            "WIT has no such type",
            format!("a function that returns nothing has no arrow: leave out `-> {name}`"),
        ),
        (true, false) => (
            "WIT has no such type",
            "leave it out where there is no value; `option<…>` is for one that may be missing"
                .to_owned(),
        ),
        (false, _) => (
            "WIT has no type for just anything",
            "list what it can be: `variant value { text(string), number(f64) }`".to_owned(),
        ),
    };
    let edit = if nothing && returned {
        Edit::replace(view.span(index - 1).start..at.end, "")
    } else {
        Edit::replace(at.clone(), "bool")
    };
    not_a_type(name).label(at, label).help(help).edit(edit)
}

/// The arguments of a generic type as written, if they are short and closed.
fn rest_of_generic(view: &View<'_>, index: usize) -> String {
    let mut depth = 0usize;
    for i in index + 1..view.tokens.len().min(index + 24) {
        match view.word(i) {
            "<" => depth += 1,
            ">" => {
                depth -= 1;
                if depth == 0 {
                    let start = view.span(index + 1).end;
                    return view.text.get(start..view.span(i).end).unwrap_or("…>").to_owned();
                }
            }
            ";" | "{" | "}" => break,
            _ => {}
        }
    }
    "…>".to_owned()
}

/// A name that breaks the rules for names: says the right spelling and uses it everywhere.
pub(crate) fn bad_name(view: &View<'_>, index: usize) -> Finding {
    let name = view.word(index);
    let declares = |i: usize| {
        matches!(
            view.before(i),
            "type" | "record" | "variant" | "enum" | "flags" | "resource" | "interface" | "world"
        )
    };
    let places = view.all(name);
    let own = (0..view.tokens.len()).any(|i| view.word(i) == name && declares(i));
    let typed = matches!(view.before(index), ":" | "->" | "<" | "(" | "," | "=" | "&" | "_");
    if typed
        && !own
        && view.word(index + 1) != ":"
        && let Some(finding) = foreign_type(view, index, name)
    {
        return finding;
    }
    let right = kebab(name);
    let (help, with) = if right.is_empty() {
        ("begin the name with a letter from a to z".to_owned(), format!("name-{index}"))
    } else if is_keyword(&right) {
        (format!("write `%{right}`: `{right}` alone is a keyword"), format!("%{right}"))
    } else {
        (format!("write `{right}`"), right)
    };
    let mut finding = Finding::new(ProblemKind::BadName, format!("`{name}` is not in kebab-case"))
        .label(view.span(index), "a name is small words joined by `-`")
        .help(help);
    for place in places {
        if place != view.span(index) && finding.labels.len() < 4 {
            finding = finding.label(place.clone(), "and here");
        }
        finding = finding.edit(Edit::replace(place, with.clone()));
    }
    finding
}

/// The kebab-case spelling of any name; empty if nothing of it can stay.
pub(crate) fn kebab(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let upper = c.is_ascii_uppercase();
        let previous = i.checked_sub(1).and_then(|i| chars.get(i));
        let next = chars.get(i + 1);
        let boundary = upper
            && (previous.is_some_and(|p| p.is_ascii_lowercase() || p.is_ascii_digit())
                || (previous.is_some_and(char::is_ascii_uppercase)
                    && next.is_some_and(char::is_ascii_lowercase)));
        if (boundary || !c.is_ascii_alphanumeric()) && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if c.is_ascii_alphanumeric() && !(out.is_empty() && c.is_ascii_digit()) {
            out.push(c.to_ascii_lowercase());
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_becomes_kebab_case() {
        for (given, wanted) in [
            ("my_func", "my-func"),
            ("myFunc", "my-func"),
            ("MyInterface", "my-interface"),
            ("HTTPServer", "http-server"),
            ("size_t", "size-t"),
            ("_foo-", "foo"),
            ("größe", "gr-e"),
            ("2d", "d"),
            ("utf8Text", "utf8-text"),
            ("__", ""),
        ] {
            assert_eq!(kebab(given), wanted, "{given}");
            assert!(wanted.is_empty() || wit_parser::validate_id(wanted).is_ok());
        }
    }

    #[test]
    fn every_keyword_is_one_for_the_parser() {
        for word in KEYWORDS {
            let text = format!("package a:b; interface i {{ {word}: func(); }}");
            assert!(wit_parser::UnresolvedPackageGroup::parse("t", &text).is_err(), "{word}");
        }
    }
}
