//! A mistake as the modules that recognise it hand it on: what to say, in
//! terms of the mended copy, and how to mend it so that parsing goes on.

use std::ops::Range;

use crate::wit::problem::ProblemKind;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::{Scope, View, is_word};

/// A mistake, where it is, and how to get past it.
#[derive(Debug)]
pub(crate) struct Finding {
    pub kind: ProblemKind,
    pub message: String,
    /// Places in the mended copy, the main one first.
    pub labels: Vec<(Range<usize>, String)>,
    pub help: Option<String>,
    /// What makes the parser go on.
    pub edits: Vec<Edit>,
    /// Names that the edits take away: nobody needs to hear that they are missing.
    pub lost: Vec<String>,
}

impl Finding {
    pub(crate) fn new(kind: ProblemKind, message: impl Into<String>) -> Finding {
        Finding {
            kind,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            edits: Vec::new(),
            lost: Vec::new(),
        }
    }

    pub(crate) fn label(mut self, at: Range<usize>, text: impl Into<String>) -> Finding {
        self.labels.push((at, text.into()));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn edit(mut self, edit: Edit) -> Finding {
        self.edits.push(edit);
        self
    }

    /// Gets past the mistake by taking the statement around a token away.
    pub(crate) fn without_statement(mut self, view: &View<'_>, index: usize) -> Finding {
        let (edits, lost) = drop_statement(view, index);
        self.edits.extend(edits);
        self.lost.extend(lost);
        self
    }
}

const TYPE_WORDS: &[&str] = &["type", "record", "variant", "enum", "flags", "resource"];

/// Takes a statement away, but leaves the types that it names, as resources:
/// those can be used wherever a type can, so that nothing else goes wrong.
pub(crate) fn drop_statement(view: &View<'_>, index: usize) -> (Vec<Edit>, Vec<String>) {
    // A mistake among fields, cases, methods or used names spoils what holds them.
    let mut index = index.min(view.tokens.len().saturating_sub(1));
    while let Some(&open) = view.enclosing(index).last() {
        match view.scope_of(open) {
            Scope::List | Scope::Resource | Scope::Names => index = open,
            Scope::Top | Scope::Interface | Scope::World | Scope::Unknown => break,
        }
    }
    let statement = view.statement(index);
    let top = view.scope(index) == Scope::Top;
    let range = view.range(&statement);
    let mut kept = String::new();
    let mut lost = Vec::new();
    for i in statement.clone() {
        let word = view.word(i);
        let name = view.word(i + 1);
        if TYPE_WORDS.contains(&word) && is_word(name) && !top {
            kept = format!(" resource {name};");
            break;
        }
        if matches!(word, "interface" | "world") && is_word(name) {
            lost.push(name.to_owned());
        }
        if word == "use" && !top {
            for name in used_names(view, i) {
                kept.extend([" resource ", name, ";"]);
            }
            break;
        }
    }
    let mut with = blanks(view.text.get(range.clone()).unwrap_or_default());
    with.push_str(&kept);
    (vec![Edit::replace(range, with)], lost)
}

/// The names that a `use` brings in.
pub(crate) fn used_names<'a>(view: &View<'a>, at: usize) -> Vec<&'a str> {
    let statement = view.statement(at);
    let Some(open) = statement.clone().find(|&i| view.word(i) == "{") else {
        return Vec::new();
    };
    (open + 1..statement.end)
        .take_while(|&i| view.word(i) != "}")
        .filter(|&i| is_word(view.word(i)) && view.word(i) != "as" && view.word(i + 1) != "as")
        .map(|i| view.word(i))
        .collect()
}
