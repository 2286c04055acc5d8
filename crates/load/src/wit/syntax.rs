//! From what wit-parser says about the grammar to a [`Finding`]: which mistake
//! it is, and how to get past it. wit-parser gives most of these as a sentence,
//! so the sentence and the tokens around the place decide. What stands outside
//! of all braces or begins an item has modules of its own.

use joggle_diag::quoted_list;

use crate::wit::finding::Finding;
use crate::wit::names::{bad_name, foreign_type, is_keyword};
use crate::wit::problem::ProblemKind;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::{Scope, View, is_word};
use crate::wit::{item, outside, punctuation};

/// Recognises a mistake of grammar at `offset`.
pub(crate) fn syntax(view: &View<'_>, offset: usize, message: &str) -> Finding {
    let index = view.at(offset);
    if message.starts_with("invalid character in identifier")
        || message.starts_with("identifiers must have characters")
    {
        return bad_name(view, index);
    }
    if let Some(found) = message.strip_prefix("unexpected character ") {
        return character(view, index, offset, found);
    }
    if message == "unterminated block comment" {
        return unterminated(view, offset);
    }
    if let Some(finding) = duplicate(view, index, message) {
        return finding;
    }
    if let Some((expected, found)) = expectation(message) {
        return expected_found(view, index, expected, found);
    }
    if let Some(finding) = version(view, index) {
        return finding;
    }
    if let Some(what) = message.strip_prefix("empty ") {
        return empty(view, index, what);
    }
    generic(view, index, message)
}

/// Any other mistake, in the parser's words.
pub(crate) fn generic(view: &View<'_>, index: usize, message: &str) -> Finding {
    let message = message.replace('\'', "`").replace("`eof`", "the end of the file");
    Finding::new(ProblemKind::Syntax, message)
        .label(view.span(index), "here")
        .without_statement(view, index)
}

/// "expected A, found B".
fn expectation(message: &str) -> Option<(&str, &str)> {
    message.strip_prefix("expected ")?.rsplit_once(", found ")
}

fn expected_found(view: &View<'_>, index: usize, expected: &str, found: &str) -> Finding {
    if found == "eof"
        && index >= view.tokens.len()
        && expected != "';'"
        && let Some(finding) = punctuation::unclosed(view, index)
    {
        return finding;
    }
    if found == "'<'"
        && let Some(finding) = generic_type(view, index)
    {
        return finding;
    }
    if (view.before(index) == "@" || version_goes_on(view, index))
        && let Some(finding) = version(view, index)
    {
        return finding;
    }
    let special = match expected {
        "`world`, `interface` or `use`" => Some(outside::outside(view, index)),
        "`type`, `resource` or `func`" => item::in_interface(view, index),
        "`import`, `export`, `include`, `use`, or type definition" => item::in_world(view, index),
        "`constructor` or identifier" => item::in_resource(view, index),
        "an identifier or string" => wanted_name(view, index),
        "a type" => wanted_type(view, index),
        _ => punctuation::expected(view, index, expected),
    };
    special.unwrap_or_else(|| {
        generic(view, index, &format!("expected {expected}, found {}", shown(view, index)))
    })
}

/// A token as it is shown in a message.
pub(crate) fn shown(view: &View<'_>, index: usize) -> String {
    match view.word(index) {
        "" => "the end of the file".to_owned(),
        word => format!("`{word}`"),
    }
}

/// `name<…>`, where `name` is no generic type of WIT.
fn generic_type(view: &View<'_>, index: usize) -> Option<Finding> {
    let name = index.checked_sub(1)?;
    if !is_word(view.word(name)) {
        return None;
    }
    if let Some(finding) = foreign_type(view, name, view.word(name)) {
        return Some(finding);
    }
    let mut depth = 0usize;
    let mut end = index;
    while end < view.tokens.len() {
        match view.word(end) {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            ";" | "{" | "}" => break,
            _ => {}
        }
        end += 1;
        if depth == 0 {
            break;
        }
    }
    let range = view.range(&(index..end));
    let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
    Some(
        Finding::new(ProblemKind::Syntax, format!("`{}` takes no `<…>`", view.word(name)))
            .label(range.clone(), "not here")
            .help(
                "WIT has no generic types of your own; built in are `list<…>`, `option<…>`, \
             `result<…, …>`, `tuple<…>`, `future<…>` and `stream<…>`",
            )
            .edit(Edit::replace(range, blank)),
    )
}

/// Where a name belongs, there is something else.
fn wanted_name(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    let in_params = view.before(index) == "(" || view.before(index) == ",";
    let at = view.span(index);
    if in_params
        && view.scope(index) != Scope::Names
        && view.word(index + 1) != ":"
        && is_keyword(word)
        && view.scope(index) != Scope::List
    {
        return Some(
            Finding::new(ProblemKind::Syntax, "a parameter has no name")
                .label(at.clone(), "only a type")
                .help(format!("write the name before the type: `value: {word}`"))
                .edit(Edit::insert(at.start, format!("p{}: ", at.start))),
        );
    }
    if word == ":" && is_keyword(view.before(index)) {
        return item::keyword_as_name(view, index - 1);
    }
    if is_keyword(word) {
        return Some(
            Finding::new(ProblemKind::BadName, format!("`{word}` is a keyword, not a name"))
                .label(at.clone(), "a name belongs here")
                .help(format!("write `%{word}`, or choose another name"))
                .edit(Edit::insert(at.start, "%")),
        );
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(
            Finding::new(ProblemKind::BadName, "a name cannot begin with a digit")
                .label(at.clone(), "a name belongs here")
                .help("begin it with a letter")
                .edit(Edit::insert(at.start, "x")),
        );
    }
    None
}

/// Where a type belongs, there is something else.
fn wanted_type(view: &View<'_>, index: usize) -> Option<Finding> {
    let at = view.span(index);
    match view.word(index) {
        "(" => {
            let mut depth = 0usize;
            let close = (index..view.tokens.len()).find(|&i| {
                match view.word(i) {
                    "(" => depth += 1,
                    ")" => depth -= 1,
                    _ => {}
                }
                depth == 0
            })?;
            let range = at.start..view.span(close).end;
            let inside = view
                .text
                .get(at.end..view.span(close).start)
                .unwrap_or_default()
                .trim();
            let help = if inside.is_empty() {
                "a function that returns nothing has no arrow: leave out `-> ()`".to_owned()
            } else if inside.contains(':') {
                "a function returns one value: define a `record` with these fields and return it"
                    .to_owned()
            } else {
                format!("write `tuple<{inside}>`")
            };
            Some(
                Finding::new(ProblemKind::Syntax, "expected a type, found `(`")
                    .label(range.clone(), "not a type")
                    .help(help)
                    .edit(Edit::replace(range, "bool")),
            )
        }
        word @ ("record" | "variant" | "enum" | "flags" | "interface" | "func") => Some(
            Finding::new(
                ProblemKind::Syntax,
                format!("a {word} has to be defined by name"),
            )
            .label(at, "not in the place of a type")
            .help(if matches!(word, "interface" | "func") {
                "functions are not values: write a `resource` with that method".to_owned()
            } else {
                format!(
                    "define it in the interface, `{word} my-name {{ … }}`, and write the name here"
                )
            })
            .without_statement(view, index),
        ),
        _ => None,
    }
}

/// A character that is no part of any token.
fn character(view: &View<'_>, index: usize, offset: usize, found: &str) -> Finding {
    let at = view.span(index);
    let message = format!("`{}` has no meaning here", found.trim_matches('\''));
    let base = Finding::new(ProblemKind::Syntax, message).label(at.clone(), "not WIT");
    let word = view.word(index);
    match word {
        "?" => {
            let name = view.before(index);
            let name = if is_word(name) { name } else { "…" };
            base.help(format!("write `option<{name}>`, for the value as a whole"))
                .edit(Edit::replace(at, " "))
        }
        "[" => {
            let inner = view.before(index);
            let next = view.word(index + 1);
            let of = if next == "]" && is_word(inner) { inner } else { next };
            let of = if is_word(of) { of } else { "…" };
            let mut finding = base.help(format!("write `list<{of}>`")).edit(Edit::replace(at, " "));
            let close = (index..view.tokens.len().min(index + 16)).find(|&i| view.word(i) == "]");
            if let Some(close) = close {
                finding = finding.edit(Edit::replace(view.span(close), " "));
            }
            finding
        }
        "&" => base
            .help("leave it out; a resource is lent with `borrow<…>`")
            .edit(Edit::replace(at, " ")),
        "#" => {
            let line = view.rest_of_line(index);
            let blank = blanks(view.text.get(line.clone()).unwrap_or_default());
            base.help("comments begin with `//`, documentation with `///`, attributes with `@`")
                .edit(Edit::replace(line, blank))
        }
        _ if at.start == offset => base.edit(Edit::replace(at.clone(), " ".repeat(at.len()))),
        _ => base.without_statement(view, index),
    }
}

fn unterminated(view: &View<'_>, offset: usize) -> Finding {
    let rest = view.text.get(offset..).unwrap_or_default();
    // What the comment swallows closes the blocks; nobody needs to hear of that.
    let closing = "}".repeat(view.enclosing(view.tokens.len()).len());
    Finding::new(ProblemKind::Unbalanced, "a comment has no end")
        .label(offset..(offset + 2).min(view.text.len()), "begins here")
        .help("write `*/` where it ends; comments nest, so each `/*` needs its own")
        .edit(Edit::replace(offset..view.text.len(), format!("{}{closing}", blanks(rest))))
}

/// A name that is there twice.
fn duplicate(view: &View<'_>, index: usize, message: &str) -> Option<Finding> {
    let twice = message.contains("duplicate ")
        || message.contains("defined more than once")
        || message.contains("conflicts with p")
        || message.contains("ed more than once");
    if !twice {
        return None;
    }
    let name = view.word(index);
    let scope = view.enclosing(index).last().copied();
    let earlier = (scope.map_or(0, |open| open + 1)..index)
        .find(|&i| view.word(i) == name && view.enclosing(i).last().copied() == scope);
    let imported = message.contains("ed more than once") && !message.contains("defined");
    let mut finding = Finding::new(
        ProblemKind::DuplicateName,
        if imported {
            message.replace("interface", &format!("`{name}`"))
        } else {
            format!("`{name}` is there twice")
        },
    )
    .label(view.span(index), "the second");
    if let Some(earlier) = earlier {
        finding = finding.label(view.span(earlier), "the first");
    }
    if imported {
        return Some(finding.help("leave one of them out").without_statement(view, index));
    }
    let help = if message.starts_with("param") {
        "give each parameter its own name"
    } else {
        "rename one of them, or leave it out"
    };
    let fresh = format!("{}-again-{}", name.trim_start_matches('%'), view.span(index).start);
    Some(finding.help(help).edit(Edit::replace(view.span(index), fresh)))
}

fn version_goes_on(view: &View<'_>, index: usize) -> bool {
    let digits = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let mut i = index;
    while i > 0 && (view.before(i) == "." || digits(view.before(i))) {
        i -= 1;
    }
    i < index && begins_version(view, i)
}

/// Whether a version is wanted at this token: after `@`, or in `@since(version = …)`.
fn begins_version(view: &View<'_>, index: usize) -> bool {
    match view.before(index) {
        "@" => true,
        "=" => index > 1 && view.before(index - 1) == "version",
        _ => false,
    }
}

/// A version that is none: the mistake is somewhere in it.
fn version(view: &View<'_>, index: usize) -> Option<Finding> {
    let mut start = index;
    while !begins_version(view, start) {
        start = start.checked_sub(1)?;
        let word = view.word(start);
        let part = word == "." || word == "-" || word == "+" || is_word(word);
        if !part || index - start > 8 {
            return None;
        }
    }
    let mut end = start;
    while end < view.tokens.len() && (view.word(end) == "." || is_word(view.word(end))) {
        end += 1;
    }
    let range = view.range(&(start..end));
    let written = view.text.get(range.clone()).unwrap_or_default();
    let mut numbers = written.trim_start_matches('v').split('.').filter(|n| !n.is_empty());
    let number = |n: Option<&str>| {
        n.and_then(|n| n.parse::<u64>().ok()).map_or_else(|| "0".to_owned(), |n| n.to_string())
    };
    let full =
        format!("{}.{}.{}", number(numbers.next()), number(numbers.next()), number(numbers.next()));
    let package = package_before(view, start);
    let known: Vec<&str> = package
        .map(|(ns, name)| crate::bundle::versions(ns, name).map(|b| b.version).collect())
        .unwrap_or_default();
    let prefix = format!("{}.", written.trim_end_matches('.'));
    let meant = known.iter().find(|v| v.starts_with(&prefix)).map_or(full, |v| (*v).to_owned());
    let (sign, from) = match view.before(start) {
        "@" => ("@", view.span(start - 1).start),
        _ => ("", range.start),
    };
    let at = from..range.end;
    let mut help = format!("write all three numbers: `{sign}{meant}`");
    if !known.is_empty() {
        help = format!("{help} (known are {})", quoted_list(known));
    }
    Some(
        Finding::new(ProblemKind::BadVersion, format!("`{sign}{written}` is not a version"))
            .label(at.clone(), "a version has three numbers")
            .help(help)
            .edit(Edit::replace(at, format!("{sign}{meant} "))),
    )
}

/// The namespace and the name of the package whose version begins at a token.
fn package_before<'a>(view: &View<'a>, version: usize) -> Option<(&'a str, &'a str)> {
    // namespace : package / item @, or namespace : package @
    let last = version.checked_sub(2)?;
    let package = if view.before(last) == "/" { last.checked_sub(2)? } else { last };
    let namespace = package.checked_sub(2)?;
    (view.before(package) == ":").then(|| (view.word(namespace), view.word(package)))
}

/// A record, variant, enum or flags without anything in it.
fn empty(view: &View<'_>, index: usize, what: &str) -> Finding {
    let help = match what {
        "record" => "give it a field, or use `bool` where there is nothing to say",
        "variant" | "enum" => "give it a case",
        "flags" => "give it a flag",
        _ => "name at least one type",
    };
    Finding::new(ProblemKind::Syntax, format!("empty {what}"))
        .label(view.span(index), "has nothing in it")
        .help(help)
        .without_statement(view, index)
}
