//! Missing and wrong punctuation: `;`, `,`, `:`, `=`, `->`, `<…>` and braces.

use crate::wit::finding::Finding;
use crate::wit::item::{unclosed_before, word_before_name};
use crate::wit::problem::ProblemKind;
use crate::wit::syntax::shown;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::{Scope, View, is_word};

/// wit-parser wanted one certain token at `index`; `expected` is its description.
pub(crate) fn expected(view: &View<'_>, index: usize, expected: &str) -> Option<Finding> {
    match expected {
        "';'" => Some(semicolon(view, index)),
        "':'" => colon(view, index),
        "'='" => Some(wrong(view, index, "=", "a type is defined with `=`: `type name = u32;`")),
        "'{'" => open_brace(view, index),
        "'}'" => close_brace(view, index),
        "'('" => Some(missing(
            view,
            index,
            "(",
            "`()` is needed even when there are no parameters",
            "()",
        )),
        "')'" => separator(view, index, ")")
            .or_else(|| Some(missing(view, index, ")", "close the list with `)`", ")"))),
        "'>'" => separator(view, index, ">")
            .or_else(|| Some(missing(view, index, ">", "close the type with `>`", ">"))),
        "'<'" => Some(needs_parameter(view, index)),
        "'.'" => Some(missing(view, index, ".", "write `use interface.{name};`", ".")),
        "'/'" => slash(view, index),
        "keyword `func`" => Some(func(view, index)),
        _ => None,
    }
}

/// A token that is missing at the end of the one before.
fn missing(view: &View<'_>, index: usize, what: &str, help: &str, with: &str) -> Finding {
    let end = view.end_before(index);
    let kind = if what == "," { ProblemKind::ExpectedComma } else { ProblemKind::Syntax };
    Finding::new(kind, format!("expected `{what}` before {}", shown(view, index)))
        .label(end..end, format!("`{what}` is missing here"))
        .help(help)
        .edit(Edit::insert(end, with))
}

/// A token that stands in the place of another.
fn wrong(view: &View<'_>, index: usize, what: &str, help: &str) -> Finding {
    let word = view.word(index);
    if is_word(word) || matches!(word, "{" | "}" | "" | "(" | ";") {
        return missing(view, index, what, help, what);
    }
    let at = view.span(index);
    Finding::new(ProblemKind::Syntax, format!("expected `{what}`, found `{word}`"))
        .label(at.clone(), format!("write `{what}`"))
        .help(help)
        .edit(Edit::replace(at, what))
}

fn semicolon(view: &View<'_>, index: usize) -> Finding {
    let word = view.word(index);
    let at = view.span(index);
    let syntax = |message: &str| Finding::new(ProblemKind::Syntax, message);
    if word == "," {
        return Finding::new(ProblemKind::ExpectedSemicolon, "expected `;`, found `,`")
            .label(at.clone(), "write `;`")
            .help("outside of lists each item ends with `;`")
            .edit(Edit::replace(at, ";"));
    }
    if word == ":" && view.before(index) == ")" {
        return syntax("expected `->` before the type of the result")
            .label(at.clone(), "write `->`")
            .help(format!("write `-> {}`", view.word(index + 1)))
            .edit(Edit::replace(at, " -> "));
    }
    if word == "=" && view.word(index + 1) == ">" {
        let range = at.start..view.span(index + 1).end;
        return syntax("expected `->`, found `=>`")
            .label(range.clone(), "write `->`")
            .help(format!("write `-> {}`", view.word(index + 2)))
            .edit(Edit::replace(range, "->"));
    }
    if let Some(finding) = body_or_throws(view, index) {
        return finding;
    }
    let end = view.end_before(index);
    Finding::new(
        ProblemKind::ExpectedSemicolon,
        format!("expected `;` after `{}`", view.before(index)),
    )
    .label(end..end, "`;` is missing here")
    .help(format!("write `{};`", view.before(index)))
    .edit(Edit::insert(end, ";"))
}

/// `{ … }` or `throws …` after a function.
fn body_or_throws(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    let at = view.span(index);
    let body = view.before(index) == ")" || view.statement(index).len() > 3;
    if word == "{" && body {
        let close = view.closing(index).map_or(at.end, |c| view.span(c).end);
        let rest = view.text.get(at.start + 1..close).unwrap_or_default();
        return Some(
            Finding::new(ProblemKind::Syntax, "expected `;`, found `{`")
                .label(at.clone(), "WIT has no bodies")
                .help("WIT only describes: end with `;` and write the code in the component")
                .edit(Edit::replace(at.start..close, format!(";{}", blanks(rest)))),
        );
    }
    if !matches!(word, "throws" | "raises") {
        return None;
    }
    let line = view.rest_of_line(index);
    let ended = view.text.get(line.clone()).is_some_and(|l| l.ends_with(';'));
    let end = line.end - usize::from(ended);
    Some(
        Finding::new(ProblemKind::Syntax, format!("`{word}` is not WIT"))
            .label(at.clone(), "unknown word")
            .help("a function that can fail returns a result: `-> result<value, error>`")
            .edit(Edit::replace(at.start..end, " ")),
    )
}

fn colon(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    if let Some(finding) = word_before_name(view, index) {
        return Some(finding);
    }
    let name = view.before(index);
    if word == "(" && matches!(view.scope(index), Scope::Interface | Scope::Resource) {
        let end = view.end_before(index);
        return Some(
            Finding::new(ProblemKind::Syntax, format!("expected `: func` after `{name}`"))
                .label(end..end, "`: func` is missing here")
                .help(format!("write `{name}: func(…)`"))
                .edit(Edit::insert(end, ": func")),
        );
    }
    if matches!(word, "}" | ";" | "") && view.scope(index) == Scope::Interface {
        let end = view.end_before(index);
        let with = if word == ";" { ": func()" } else { ": func();" };
        return Some(
            Finding::new(ProblemKind::Syntax, format!("`{name}` is only a name"))
                .label(view.span(index - 1), "nothing follows it")
                .help(format!("write `{name}: func();` if it is a function"))
                .edit(Edit::insert(end, with)),
        );
    }
    if view.before(index.checked_sub(1)?) == "package" {
        let at = view.span(index - 1);
        return Some(
            Finding::new(ProblemKind::Syntax, "the name of a package has two parts")
                .label(at.clone(), "only one part")
                .help(format!("write `package my-team:{name};`: a namespace, `:` and a name"))
                .edit(Edit::insert(at.start, "local:")),
        );
    }
    Some(wrong(view, index, ":", &format!("write `{name}: …`: the type of a name follows a `:`")))
}

fn open_brace(view: &View<'_>, index: usize) -> Option<Finding> {
    let start = view.statement(index.min(view.tokens.len().saturating_sub(1))).start;
    let statement = || (start..index).map(|i| view.word(i));
    if statement().any(|w| w == "package") && view.scope(index) == Scope::Top {
        if view.word(index) == ";" {
            let range = view.span(start).start..view.span(index).end;
            let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
            return Some(
                Finding::new(ProblemKind::Syntax, "`package` comes first in a file")
                    .label(range.clone(), "not here")
                    .help("move this line to the beginning of the file")
                    .edit(Edit::replace(range.clone(), blank))
                    .edit(Edit::insert(0, view.text.get(range).unwrap_or_default())),
            );
        }
        return Some(semicolon(view, index));
    }
    if view.word(index) == ";" {
        let at = view.span(index);
        return Some(
            Finding::new(ProblemKind::Syntax, "expected `{`, found `;`")
                .label(at.clone(), "write `{ … }`")
                .help(format!(
                    "write `{} {{ }}`, with what belongs to it in braces",
                    statement().collect::<Vec<_>>().join(" ")
                ))
                .edit(Edit::replace(at, "{}")),
        );
    }
    if view.word(index) == "=" {
        let at = view.span(index);
        return Some(
            Finding::new(ProblemKind::Syntax, "expected `{`, found `=`")
                .label(at.clone(), "leave it out")
                .help("only `type` is defined with `=`; the braces follow the name")
                .edit(Edit::replace(at, " ")),
        );
    }
    let open =
        (index..view.tokens.len()).take_while(|&i| i < index + 8).find(|&i| view.word(i) == "{")?;
    let range = view.span(index).start..view.span(open).start;
    let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
    Some(
        Finding::new(
            ProblemKind::Syntax,
            format!("expected `{{`, found `{}`", view.word(index)),
        )
        .label(range.clone(), "does not belong here")
        .help("the braces follow the name; interfaces and types do not inherit or take parameters")
        .edit(Edit::replace(range, blank)),
    )
}

fn close_brace(view: &View<'_>, index: usize) -> Option<Finding> {
    let word = view.word(index);
    let at = view.span(index);
    match word {
        ";" => Some(semicolons_in_list(view, index)),
        "=" => {
            let statement = view.statement(index);
            let mut end = index + 1;
            while end < statement.end && view.word(end) != "," {
                end += 1;
            }
            let range = at.start..view.span(end - 1).end;
            let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
            Some(
                Finding::new(ProblemKind::Syntax, "expected `,`, found `=`")
                    .label(range.clone(), "leave this out")
                    .help("cases and fields have no values: a case is known by its name")
                    .edit(Edit::replace(range, blank)),
            )
        }
        ":" => {
            let mut end = index + 1;
            while !matches!(view.word(end), "," | "}" | ";" | "") {
                end += 1;
            }
            let ty = view.text.get(view.span(index + 1).start..view.span(end - 1).end)?;
            let name = view.before(index);
            Some(
                Finding::new(ProblemKind::Syntax, "expected `,`, found `:`")
                    .label(at.clone(), "not here")
                    .help(format!(
                        "the case of a variant has its type in parentheses: `{name}({ty})`; the \
                         cases of an enum have none"
                    ))
                    .edit(Edit::replace(view.end_before(index)..view.span(end - 1).end, "")),
            )
        }
        _ if view.begins_line(index) && begins_item(view, index) => {
            Some(unclosed_before(view, index))
        }
        _ if is_word(word) || word == "%" || word == "@" => {
            Some(missing(view, index, ",", "separate the items with `,`", ","))
        }
        _ => None,
    }
}

/// Whether something begins here that cannot be inside a list.
fn begins_item(view: &View<'_>, index: usize) -> bool {
    let next = view.word(index + 1);
    let after = view.word(index + 2);
    match view.word(index) {
        "record" | "variant" | "enum" | "flags" | "resource" | "type" | "use" | "import"
        | "export" | "include" | "interface" | "world" | "package" => is_word(next),
        word => is_word(word) && next == ":" && matches!(after, "func" | "async" | "static"),
    }
}

/// `;` between fields or cases: one finding for all of them.
fn semicolons_in_list(view: &View<'_>, index: usize) -> Finding {
    let open = view.enclosing(index).last().copied().unwrap_or(0);
    let close = view.closing(open).unwrap_or(view.tokens.len());
    let mut finding = Finding::new(ProblemKind::ExpectedComma, "expected `,`, found `;`")
        .help("fields and cases are separated by `,`");
    for i in (open..close).filter(|&i| i >= index && view.word(i) == ";") {
        if finding.labels.len() < 4 {
            let text = if finding.labels.is_empty() { "write `,`" } else { "and here" };
            finding = finding.label(view.span(i), text);
        }
        finding = finding.edit(Edit::replace(view.span(i), ","));
    }
    finding
}

/// `,` is missing in a list of parameters or types.
fn separator(view: &View<'_>, index: usize, close: &str) -> Option<Finding> {
    let word = view.word(index);
    if word == ";" && view.word(index + 1) != close && close == ")" && is_word(view.word(index + 1))
    {
        let named = view.word(index + 2) == ":" && view.word(index + 3) != "func";
        if named {
            let at = view.span(index);
            return Some(
                Finding::new(ProblemKind::ExpectedComma, "expected `,`, found `;`")
                    .label(at.clone(), "write `,`")
                    .help("parameters are separated by `,`")
                    .edit(Edit::replace(at, ",")),
            );
        }
    }
    if word == "=" {
        let mut end = index + 1;
        while !matches!(view.word(end), "," | ")" | ";" | "}" | "") {
            end += 1;
        }
        let range = view.span(index).start..view.span(end - 1).end;
        let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
        return Some(
            Finding::new(ProblemKind::Syntax, "expected `,`, found `=`")
                .label(range.clone(), "leave this out")
                .help(
                    "parameters have no default values; `option<…>` is for one that may be missing",
                )
                .edit(Edit::replace(range, blank)),
        );
    }
    if !is_word(word) || view.begins_line(index) && close == ">" {
        return None;
    }
    let plausible = close == ">" || view.word(index + 1) == ":";
    plausible.then(|| missing(view, index, ",", "separate the items with `,`", ","))
}

/// `list`, `option` and so on without what they hold.
fn needs_parameter(view: &View<'_>, index: usize) -> Finding {
    let name = view.before(index);
    let at = view.span(index.saturating_sub(1));
    Finding::new(ProblemKind::Syntax, format!("`{name}` of what?"))
        .label(at.clone(), "needs `<…>`")
        .help(format!("write what it holds: `{name}<string>`"))
        .edit(Edit::replace(at, "bool"))
}

fn slash(view: &View<'_>, index: usize) -> Option<Finding> {
    let package = index.checked_sub(1)?;
    let namespace = package.checked_sub(2)?;
    let at = view.span(namespace).start..view.span(package).end;
    let (ns, name) = (view.word(namespace), view.word(package));
    let known = crate::bundle::versions(ns, name).last();
    let help = match known {
        Some(bundled) => format!(
            "name one of its interfaces: `{ns}:{name}/{}@{}`",
            bundled.interfaces().first().copied().unwrap_or("name"),
            bundled.version
        ),
        None => format!("name one of its interfaces: `{ns}:{name}/name`"),
    };
    Some(
        Finding::new(ProblemKind::Syntax, format!("`{ns}:{name}` is a package, not an interface"))
            .label(at, "the interface is missing")
            .help(help)
            .without_statement(view, index),
    )
}

fn func(view: &View<'_>, index: usize) -> Finding {
    let word = view.word(index);
    let at = view.span(index);
    let name = index.checked_sub(2).map_or("name", |i| view.word(i));
    let base =
        Finding::new(ProblemKind::Syntax, format!("expected `func`, found {}", shown(view, index)));
    if matches!(word, "fn" | "function" | "fun" | "def" | "method") {
        return base
            .label(at.clone(), "write `func`")
            .help(format!("write `{name}: func(…);`"))
            .edit(Edit::replace(at, "func"));
    }
    if word == "(" {
        let end = view.end_before(index);
        return base
            .label(end..end, "`func` is missing here")
            .help(format!("write `{name}: func(…);`"))
            .edit(Edit::insert(end, " func"));
    }
    base.label(at, "a function belongs here")
        .help(format!(
            "an interface has functions, `{name}: func() -> string;`, and types; values are \
                 returned by functions"
        ))
        .without_statement(view, index)
}

/// The text ends while braces are open.
pub(crate) fn unclosed(view: &View<'_>, index: usize) -> Option<Finding> {
    let open = view.enclosing(index);
    let last = *open.last()?;
    let names = view.scope_of(last) == Scope::Names;
    let with = if names { "};" } else { "" };
    let rest = "}".repeat(open.len() - usize::from(names));
    let line = view
        .text
        .get(..view.span(last).start)
        .and_then(|t| t.rsplit('\n').next())
        .unwrap_or_default();
    Some(
        Finding::new(ProblemKind::Unbalanced, "expected `}`, found the end of the file")
            .label(view.span(last), "this brace is never closed")
            .help(format!("write `}}` at the end of `{}`", line.trim()))
            .edit(Edit::insert(view.text.len(), format!("{with}{rest}"))),
    )
}
