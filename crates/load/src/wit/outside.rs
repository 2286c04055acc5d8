//! What stands outside of all braces and is not WIT there: `component …`,
//! functions and types without an interface, imports without a world, and
//! things of other languages.

use joggle_diag::closest;

use crate::wit::finding::Finding;
use crate::wit::item::rewritten_function;
use crate::wit::problem::ProblemKind;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::{View, is_word};

/// The words that may begin an item outside of all braces.
const BEGINNINGS: &[&str] = &["interface", "world", "use", "package"];

/// Recognises what is not WIT at a token outside of all braces.
pub(crate) fn outside(view: &View<'_>, index: usize) -> Finding {
    let word = view.word(index);
    let item = item_range(view, index);
    let finding = match word {
        "}" => {
            return Finding::new(ProblemKind::Unbalanced, "a `}` closes nothing")
                .label(view.span(index), "nothing is open here")
                .help("leave it out, or look for a block above that was closed too early")
                .edit(Edit::replace(view.span(index), " "));
        }
        ";" => {
            return Finding::new(ProblemKind::Syntax, "a `;` ends nothing")
                .label(view.span(index), "nothing to end here")
                .help("leave it out: blocks in braces end without it")
                .edit(Edit::replace(view.span(index), " "));
        }
        "component" => component(view, index),
        "import" | "export" | "include" => {
            let text = one_line(view, index, &item);
            not_wit(view, index, format!("`{word}` belongs into a world"))
                .help(format!("write a world around it: `world my-world {{ {text} }}`"))
        }
        "type" | "record" | "variant" | "enum" | "flags" | "resource" => {
            not_wit(view, index, format!("`{word}` belongs into an interface or a world")).help(
                format!(
                    "write an interface around it: `interface types {{ {} }}`",
                    one_line(view, index, &item)
                ),
            )
        }
        "struct" | "class" | "module" | "mod" | "namespace" | "trait" | "service" | "protocol"
        | "typedef" | "const" | "let" | "var" | "def" | "pub" | "public" | "impl"
        | "implements" | "message" => foreign_item(view, index, word),
        _ => unknown(view, index, word, &item),
    };
    if let Some(near) = misspelt(word)
        && (view.word(index + 2) == "{" || near == "package" || near == "use")
    {
        let at = view.span(index);
        return Finding::new(ProblemKind::Syntax, format!("`{word}` is not WIT"))
            .label(at.clone(), "unknown word")
            .help(format!("did you mean `{near}`?"))
            .edit(Edit::replace(at, near));
    }
    let blank = blanks(view.text.get(item.clone()).unwrap_or_default());
    finding.edit(Edit::replace(item, blank))
}

fn misspelt(word: &str) -> Option<&'static str> {
    let near = closest(word, BEGINNINGS.iter().copied())?;
    BEGINNINGS.iter().find(|w| **w == near).copied()
}

fn not_wit(view: &View<'_>, index: usize, message: impl Into<String>) -> Finding {
    Finding::new(ProblemKind::NotWit, message).label(view.span(index), "not here")
}

/// `component NAME implements INTERFACE`, or `component NAME { … }`.
fn component(view: &View<'_>, index: usize) -> Finding {
    let name = view.word(index + 1);
    let name = if is_word(name) { name } else { "my-component" };
    let item = item_range(view, index);
    let finding = Finding::new(ProblemKind::NotWit, "`component` is not WIT")
        .label(view.span(index), "WIT describes interfaces and worlds, not the components");
    if view.word(index + 2) == "{" {
        let parts = listed(view, index + 3, item.end);
        let mut files = String::new();
        for part in parts {
            files.extend([" ", part, ".wasm"]);
        }
        let files = if files.is_empty() { " a.wasm b.wasm".to_owned() } else { files };
        return finding.help(format!(
            "components are linked by a command, not in WIT:\n    joggle compose{files} -o {name}.wasm"
        ));
    }
    let exported = (index + 2..view.tokens.len())
        .take_while(|&i| view.span(i).start < item.end)
        .map(|i| view.word(i))
        .filter(|word| is_word(word) && !matches!(*word, "implements" | "exports" | "export"))
        .last();
    let exported = exported.unwrap_or("my-interface");
    finding.help(format!(
        "write a world that exports the interface, and implement that world in any language:\n    \
         world {name} {{ export {exported}; }}\nthe built components are linked with `joggle compose`"
    ))
}

/// The names in a list such as `imports: [a, b]`.
fn listed<'a>(view: &View<'a>, from: usize, end: usize) -> Vec<&'a str> {
    (from..view.tokens.len())
        .take_while(|&i| view.span(i).start < end)
        .filter(|&i| is_word(view.word(i)) && view.word(i + 1) != ":")
        .map(|i| view.word(i))
        .collect()
}

fn foreign_item(view: &View<'_>, index: usize, word: &str) -> Finding {
    let name = view.word(index + 1);
    let name = if is_word(name) { name } else { "my-name" };
    let help = match word {
        "struct" | "message" => {
            format!(
                "write a record inside an interface: `interface types {{ record {name} {{ … }} }}`"
            )
        }
        "class" => format!(
            "write a resource inside an interface: `interface types {{ resource {name} {{ … }} }}`"
        ),
        "module" | "mod" | "namespace" => {
            "functions and types are grouped in an `interface`; a file has one `package` line"
                .to_owned()
        }
        "trait" | "protocol" | "service" => format!("write `interface {name} {{ … }}`"),
        "typedef" => {
            "write a type inside an interface: `interface types { type name = u32; }`".to_owned()
        }
        "pub" | "public" => "leave it out: everything in WIT is public".to_owned(),
        "impl" | "implements" => {
            "WIT only describes: a `world` that exports the interface is implemented in a \
             language of your choice"
                .to_owned()
        }
        _ => "WIT has no values, only types and functions, inside an `interface`".to_owned(),
    };
    not_wit(view, index, format!("`{word}` is not WIT")).help(help)
}

fn unknown(view: &View<'_>, index: usize, word: &str, item: &std::ops::Range<usize>) -> Finding {
    if let Some(function) = rewritten_function(view, index) {
        return not_wit(view, index, "a function belongs into an interface")
            .help(format!("write an interface around it: `interface api {{ {function} }}`"));
    }
    if view.word(index + 1) == ":" && matches!(view.word(index + 2), "func" | "async") {
        let text = one_line(view, index, item);
        return not_wit(view, index, "a function belongs into an interface")
            .help(format!("write an interface around it: `interface api {{ {text} }}`"));
    }
    let message = if is_word(word) {
        format!("`{word}` is not WIT")
    } else {
        format!("`{word}` has no meaning here")
    };
    not_wit(view, index, message)
        .help("outside of braces there are only `package`, `interface`, `world` and `use`")
}

/// An item as one line, if it is short.
fn one_line(view: &View<'_>, index: usize, item: &std::ops::Range<usize>) -> String {
    let text = view.text.get(item.clone()).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= 60 { line } else { format!("{} …", view.word(index)) }
}

/// How far something that is not WIT goes: to its `;`, to the end of its block,
/// or to the end of the line.
fn item_range(view: &View<'_>, index: usize) -> std::ops::Range<usize> {
    let start = view.span(index).start;
    let mut i = index;
    while i < view.tokens.len() {
        if i > index && view.begins_line(i) && view.word(i) != "{" {
            return start..view.end_before(i);
        }
        match view.word(i) {
            ";" => return start..view.span(i).end,
            "{" => {
                let end = view.closing(i).map_or(view.text.len(), |close| view.span(close).end);
                return start..end;
            }
            "}" if i > index => return start..view.end_before(i),
            _ => i += 1,
        }
    }
    start..view.text.len()
}
