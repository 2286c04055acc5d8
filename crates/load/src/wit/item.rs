//! What begins an item inside of an interface, a world or a resource, and is
//! none: `fn` and `func` in front, `struct`, keywords as names, a brace that
//! was never closed.

use crate::wit::finding::Finding;
use crate::wit::names::is_keyword;
use crate::wit::problem::ProblemKind;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::{View, is_word};

/// The words of other languages that mean `func`.
const FUNCTION_WORDS: &[&str] = &["fn", "func", "function", "fun", "def", "method", "proc", "rpc"];

/// Inside an interface.
pub(crate) fn in_interface(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if let Some(finding) = function_first(view, index) {
        return Some(finding);
    }
    match word {
        "interface" | "world" | "package" => Some(unclosed_before(view, index)),
        "import" | "export" => {
            let at = view.span(index);
            Some(
                Finding::new(ProblemKind::NotWit, format!("an interface has no `{word}`"))
                    .label(at.clone(), "not here")
                    .help(format!(
                        "leave out `{word}`: what an interface lists is provided by whoever \
                         exports it from a `world`"
                    ))
                    .edit(Edit::replace(at.clone(), " ".repeat(at.len()))),
            )
        }
        _ => keyword_as_name(view, index).or_else(|| stray_end(view, index)),
    }
}

/// Inside a world.
pub(crate) fn in_world(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if matches!(word, "interface" | "world" | "package") && is_word(view.word(index + 1)) {
        return Some(unclosed_before(view, index));
    }
    if matches!(word, "imports" | "exports" | "uses" | "includes") {
        let right = word.trim_end_matches('s');
        let at = view.span(index);
        let line = view.rest_of_line(index);
        let blank = blanks(view.text.get(line.clone()).unwrap_or_default());
        return Some(
            Finding::new(ProblemKind::Syntax, format!("`{word}` is not WIT"))
                .label(at, "unknown word")
                .help(format!("write `{right} name;`, one line for each"))
                .edit(Edit::replace(line, blank)),
        );
    }
    let named = (view.word(index + 1) == ":").then_some(word);
    if named.is_some() || function_word(view, index) {
        let text = rewritten_function(view, index)
            .unwrap_or_else(|| format!("{}: func(…);", named.unwrap_or("name")));
        return Some(
            Finding::new(ProblemKind::Syntax, "a function of a world is imported or exported")
                .label(view.span(index), "which of the two?")
                .help(format!(
                    "write `export {text}` if the component provides it, or `import {text}`"
                ))
                .without_statement(view, index),
        );
    }
    let what = if is_word(word) {
        format!("`{word}` is not WIT here")
    } else {
        return stray_end(view, index);
    };
    Some(
        Finding::new(ProblemKind::NotWit, what)
            .label(view.span(index), "not in a world")
            .help("a world has `import`, `export`, `include`, `use` and types")
            .without_statement(view, index),
    )
}

/// Inside a resource.
pub(crate) fn in_resource(view: &View<'_>, index: usize) -> Option<Finding> {
    if let Some(finding) = function_first(view, index) {
        return Some(finding);
    }
    if view.word(index) == "static" {
        let name = view.word(index + 1);
        return Some(
            Finding::new(ProblemKind::Syntax, "`static` stands after the name")
                .label(view.span(index), "not in front")
                .help(format!("write `{name}: static func(…);`"))
                .without_statement(view, index),
        );
    }
    keyword_as_name(view, index).or_else(|| stray_end(view, index))
}

/// `fn name(…) …` and the like.
fn function_first(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if !function_word(view, index) {
        return None;
    }
    let written = rewritten_function(view, index)?;
    let name = view.word(index + 1);
    let range = view.span(index).start..view.span(index + 1).end;
    Some(
        Finding::new(
            ProblemKind::Syntax,
            format!("a function begins with its name, not with `{word}`"),
        )
        .label(view.span(index), "the name comes first")
        .help(format!("write `{written}`"))
        .edit(Edit::replace(range, format!("{name}: func"))),
    )
}

fn function_word(view: &View<'_>, index: usize) -> bool {
    FUNCTION_WORDS.contains(&view.word(index))
        && is_word(view.word(index + 1))
        && view.word(index + 2) == "("
}

/// `fn name(…) -> …` as WIT, if that is what begins here.
pub(crate) fn rewritten_function(view: &View<'_>, index: usize) -> Option<String> {
    if !function_word(view, index) {
        return None;
    }
    let statement = view.statement(index);
    let mut end = index + 2;
    while end < statement.end.max(index + 3) && !matches!(view.word(end), ";" | "{" | "}" | "") {
        if end > index + 2 && view.begins_line(end) && view.word(end) != "->" {
            break;
        }
        end += 1;
    }
    let rest = view.text.get(view.span(index + 2).start..view.span(end - 1).end)?;
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("{}: func{rest};", view.word(index + 1)))
}

/// Words of other languages that stand where an item begins: wit-parser takes
/// them for the name of a function, and misses the `:` after it.
pub(crate) fn word_before_name(view: &View<'_>, index: usize) -> Option<Finding> {
    let first = index.checked_sub(1)?;
    if let Some(finding) = function_first(view, first) {
        return Some(finding);
    }
    let word = view.word(first);
    let at = view.span(first);
    let base = |help: String| {
        Finding::new(ProblemKind::NotWit, format!("`{word}` is not WIT"))
            .label(at.clone(), "unknown word")
            .help(help)
    };
    match word {
        "struct" | "message" | "data" => Some(
            base(format!("write `record {} {{ … }}`", view.word(index)))
                .edit(Edit::replace(at.clone(), "record")),
        ),
        "class" => Some(
            base(format!("write `resource {} {{ … }}`", view.word(index)))
                .edit(Edit::replace(at.clone(), "resource")),
        ),
        "union" | "oneof" => Some(
            base(format!("write `variant {} {{ … }}`", view.word(index)))
                .edit(Edit::replace(at.clone(), "variant")),
        ),
        "typedef" | "alias" => {
            Some(base("write `type name = …;`".to_owned()).edit(Edit::replace(at.clone(), "type")))
        }
        "pub" | "public" | "private" | "extern" => Some(
            base("leave it out: everything in WIT is public".to_owned())
                .edit(Edit::replace(at.clone(), " ".repeat(at.len()))),
        ),
        "const" | "let" | "var" => Some(
            base("WIT has no values: write a function that returns it".to_owned())
                .without_statement(view, first),
        ),
        _ => None,
    }
}

/// `type: func()` and the like: a keyword in the place of a name.
pub(crate) fn keyword_as_name(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if !is_keyword(word) || view.word(index + 1) != ":" {
        return None;
    }
    let at = view.span(index);
    Some(
        Finding::new(ProblemKind::BadName, format!("`{word}` is a keyword, not a name"))
            .label(at.clone(), "a name belongs here")
            .help(format!("write `%{word}`, or choose another name"))
            .edit(Edit::insert(at.start, "%")),
    )
}

/// Punctuation that ends or separates nothing, such as `;` after a block.
fn stray_end(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if !matches!(word, ";" | "," | ")" | ">") {
        return None;
    }
    let at = view.span(index);
    Some(
        Finding::new(ProblemKind::Syntax, format!("a `{word}` too many"))
            .label(at.clone(), "belongs to nothing")
            .help(if word == ";" || word == "," {
                "leave it out: blocks in braces end without it"
            } else {
                "leave it out"
            })
            .edit(Edit::replace(at, " ")),
    )
}

/// An item that only stands outside of braces: something above was not closed,
/// or it was put inside on purpose, which its indentation tells.
pub(crate) fn unclosed_before(view: &View<'_>, index: usize) -> Finding {
    let open = view.enclosing(index).last().copied().unwrap_or(0);
    let end = view.end_before(index);
    let word = view.word(index);
    let name = view.word(index + 1);
    let outer = matches!(word, "interface" | "world" | "package");
    if outer && indentation(view, index) > indentation(view, open) && view.closing(open).is_some() {
        let help = if word == "interface" {
            format!("move it outside; in a world, write `export {name};` or `import {name};`")
        } else {
            "move it outside of the block".to_owned()
        };
        return Finding::new(
            ProblemKind::NotWit,
            format!("`{word} {name}` cannot be inside a block"),
        )
        .label(view.span(index), "not here")
        .help(help)
        .without_statement(view, index);
    }
    Finding::new(
        ProblemKind::Unbalanced,
        format!(
            "expected `}}` before `{}`",
            if is_word(name) { format!("{word} {name}") } else { word.to_owned() }
        ),
    )
    .label(end..end, "`}` is missing here")
    .label(view.span(open), "opened here")
    .help("close the block above with `}`")
    .edit(Edit::insert(end, " }"))
}

/// How far the line of a token is indented, in bytes.
fn indentation(view: &View<'_>, index: usize) -> usize {
    let before = view.text.get(..view.span(index).start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let line = view.text.get(line..).unwrap_or_default();
    line.len() - line.trim_start_matches([' ', '\t']).len()
}
