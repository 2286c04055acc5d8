//! Attributes that contradict each other or their package. wit-parser panics on
//! some of the former in front of an import or a `use`, so they are looked for
//! before it is asked.

use crate::wit::finding::Finding;
use crate::wit::problem::ProblemKind;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::View;

/// The first contradiction among attributes of one item.
pub(crate) fn contradiction(view: &View<'_>) -> Option<Finding> {
    let mut index = 0;
    while index < view.tokens.len() {
        if view.word(index) != "@" {
            index += 1;
            continue;
        }
        let mut run = Vec::new();
        while view.word(index) == "@" {
            let start = index;
            index = after_attribute(view, index);
            run.push((view.word(start + 1), start..index));
        }
        if let Some(finding) = judge(view, &run) {
            return Some(finding);
        }
    }
    None
}

/// What wit-parser means by a gate that refers to a version still to come, if
/// that is its message: the attribute before the item at `index` is at fault.
pub(crate) fn unreleased(view: &View<'_>, index: usize, message: &str) -> Option<Finding> {
    let (_, rest) = message.split_once("unreleased version ")?;
    let (wanted, rest) = rest.split_once(' ')?;
    let (_, current) = rest.rsplit_once("(current version ")?;
    let current = current.split(')').next()?;
    let attribute = |at: usize| view.range(&(at..after_attribute(view, at)));
    let range = (0..index)
        .rev()
        .filter(|&at| view.word(at) == "@")
        .map(attribute)
        .find(|range| view.text.get(range.clone()).is_some_and(|text| text.contains(wanted)))?;
    let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
    let message = format!("version {wanted} is still to come: the package has version {current}");
    Some(
        Finding::new(ProblemKind::Syntax, message)
            .label(range.clone(), "later than the package")
            .help(format!("write a version up to {current}, or raise that of the `package` line"))
            .edit(Edit::replace(range, blank)),
    )
}

/// The features that a text has items for: each `name` of `@unstable(feature = name)`.
pub(crate) fn features_of(text: &str) -> Vec<String> {
    let view = View::new(text);
    let gate = |at: usize| {
        let words = ["@", "unstable", "(", "feature", "="];
        let fits = words.iter().enumerate().all(|(i, word)| view.word(at + i) == *word);
        fits.then(|| view.word(at + words.len()).trim_start_matches('%').to_owned())
    };
    (0..view.tokens.len()).filter_map(gate).collect()
}

/// The token after `@name` or `@name(…)`.
fn after_attribute(view: &View<'_>, at: usize) -> usize {
    if view.word(at + 2) != "(" {
        return at + 2;
    }
    (at + 2..view.tokens.len())
        .find(|&i| matches!(view.word(i), ")" | ";" | "{" | "}"))
        .map_or(view.tokens.len(), |i| i + 1)
}

fn judge(view: &View<'_>, run: &[(&str, std::ops::Range<usize>)]) -> Option<Finding> {
    let of = |name: &'static str| run.iter().filter(move |(n, _)| *n == name);
    let (message, help, place) = if let Some((name, place)) =
        ["since", "unstable", "deprecated"].into_iter().find_map(|name| of(name).nth(1))
    {
        (format!("`@{name}` is there twice"), "leave one of them out", place)
    } else if let (Some(_), Some((_, place))) = (of("since").next(), of("unstable").next()) {
        let message = "`@since` and `@unstable` contradict each other".to_owned();
        (message, "an item is unstable until a version has it: leave one of them out", place)
    } else if let (Some((_, place)), None, None) =
        (of("deprecated").next(), of("since").next(), of("unstable").next())
    {
        let message = "`@deprecated` stands alone".to_owned();
        (message, "say since when the item was there: `@since(version = …)`", place)
    } else {
        return None;
    };
    let range = view.range(place);
    let blank = blanks(view.text.get(range.clone()).unwrap_or_default());
    Some(
        Finding::new(ProblemKind::Syntax, message)
            .label(range.clone(), "here")
            .help(help)
            .edit(Edit::replace(range, blank)),
    )
}
