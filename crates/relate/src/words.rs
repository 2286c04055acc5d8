//! Differences as sentences, in the words of an edge, of a diff or of a world.
//!
//! What differs is found elsewhere; colours and layout are left to the command line.

use std::fmt;

use crate::change::{Change, ChangeKind, ItemKind, PartChange, PartKind, Shape};
use crate::path::Step;

/// How the two ends are called in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Consumer and provider.
    Edge,
    /// Old and new.
    Diff,
    /// A component, and the world that it is to fit.
    World,
}

impl Words {
    fn wanted(self) -> &'static str {
        match self {
            Words::Edge => "consumer",
            Words::Diff => "old",
            Words::World => "the component",
        }
    }

    fn given(self) -> &'static str {
        match self {
            Words::Edge => "provider",
            Words::Diff => "new",
            Words::World => "the world",
        }
    }

    /// Both ends of a difference in one sentence.
    fn both(self, wanted: impl fmt::Display, given: impl fmt::Display) -> String {
        // A consumer wants what it was built against; an old version simply has it.
        let wants = match self {
            Words::Edge => "wants",
            Words::Diff | Words::World => "has",
        };
        let (w, g) = (self.wanted(), self.given());
        format!("{w} {wants} {wanted}, {g} has {given}")
    }

    fn quoted(self, wanted: &str, given: &str) -> String {
        self.both(format!("\"{wanted}\""), format!("\"{given}\""))
    }

    fn orders(self, wanted: &[String], given: &[String]) -> String {
        self.both(format!("({})", wanted.join(", ")), format!("({})", given.join(", ")))
    }
}

impl Change {
    /// The difference as one line: where it is, then what it is.
    #[must_use]
    pub fn describe(&self, words: Words) -> String {
        let text = self.kind.describe(words);
        let place = match &self.within {
            None => self.path.to_string(),
            Some(within) => {
                let place = self.path.shown(within.depth);
                let part = match self.path.0.get(within.depth) {
                    Some(Step::Field(name)) => format!(": field \"{name}\""),
                    Some(Step::Case(name)) => format!(": case \"{name}\""),
                    // Nothing else leads out of a named type.
                    Some(_) | None => String::new(),
                };
                let rest = self.path.rest(within.depth + 1);
                format!("{place}: {}{part}{rest}", within.name)
            }
        };
        if place.is_empty() { text } else { format!("{place}: {text}") }
    }

    /// The other functions that reach this difference, as half a sentence.
    #[must_use]
    pub fn also_reached(&self) -> Option<String> {
        const SHOWN: usize = 3;
        let (shown, rest) = self.also.split_at(self.also.len().min(SHOWN));
        let names = joggle_diag::quoted_list(shown.iter().map(String::as_str));
        match (shown.is_empty(), rest.len()) {
            (true, _) => None,
            (false, 0) => Some(format!("also reached from {names}")),
            (false, more) => {
                let names: Vec<String> = shown.iter().map(|n| format!("`{n}`")).collect();
                let names = names.join(", ");
                Some(format!("also reached from {names} and {more} more"))
            }
        }
    }
}

impl ChangeKind {
    /// What differs, without where.
    #[must_use]
    pub fn describe(&self, words: Words) -> String {
        match self {
            ChangeKind::Missing { item, name, instead } => {
                missing(words, *item, name, instead.as_deref())
            }
            ChangeKind::Added { item, name } => added(words, *item, name),
            ChangeKind::ItemKind { name, wanted, given } => {
                format!("\"{name}\": {}", words.both(wanted, given))
            }
            ChangeKind::Version { wanted, given, same_track } => {
                versions(words, wanted, given, *same_track)
            }
            ChangeKind::FunctionKind { wanted, given } => words.both(wanted, given),
            ChangeKind::Async { became_async } => asyncness(words, *became_async),
            ChangeKind::ParameterCount { wanted, given } => {
                words.both(parameters(wanted), parameters(given))
            }
            ChangeKind::ParametersReordered { wanted, given } => {
                format!("parameters in another order: {}", words.orders(wanted, given))
            }
            ChangeKind::ParameterRenamed { wanted, given } => {
                format!("parameter renamed: {}", words.quoted(wanted, given))
            }
            ChangeKind::Result { wanted, given } => {
                format!("result: {}", words.both(or_none(wanted.as_ref()), or_none(given.as_ref())))
            }
            ChangeKind::Part { of, part, change } => {
                format!("{of}: {}", change.describe(*part, words))
            }
            ChangeKind::Type { wanted, given }
            | ChangeKind::Handle { wanted, given }
            | ChangeKind::ResourceOrValue { wanted, given } => words.both(wanted, given),
            ChangeKind::ResourceOwner { resource, wanted, given } => {
                owners(words, resource, wanted, given)
            }
            ChangeKind::ResourceMoved { resource, given } => {
                let who = words.given();
                format!("resource {resource}: {who} passes on that of {given}")
            }
            ChangeKind::TooDeep => "types are nested too deeply to be compared".to_owned(),
        }
    }
}

impl PartChange {
    fn describe(&self, part: PartKind, words: Words) -> String {
        match self {
            PartChange::Missing { name } => format!("{} lacks {part} \"{name}\"", words.given()),
            PartChange::Added { name } => {
                format!("{} has one {part} more, \"{name}\"", words.given())
            }
            PartChange::Renamed { wanted, given } => {
                format!("{part} renamed: {}", words.quoted(wanted, given))
            }
            PartChange::Reordered { wanted, given } => {
                format!("{part}s in another order: {}", words.orders(wanted, given))
            }
            PartChange::Payload { name, wanted, given } => {
                let both = words.both(or_none(wanted.as_ref()), or_none(given.as_ref()));
                format!("{part} \"{name}\": payload: {both}")
            }
        }
    }
}

fn missing(words: Words, item: ItemKind, name: &str, instead: Option<&str>) -> String {
    let verb = match words {
        Words::Edge => "is missing",
        Words::Diff => "was removed",
        Words::World => "is not in the world",
    };
    match instead {
        None => format!("{item} \"{name}\" {verb}"),
        Some(other) => format!("{item} \"{name}\" {verb}; {} has \"{other}\"", words.given()),
    }
}

fn added(words: Words, item: ItemKind, name: &str) -> String {
    match words {
        Words::Edge => format!("provider also has {item} \"{name}\""),
        Words::Diff => format!("{item} \"{name}\" was added"),
        Words::World => format!("{item} \"{name}\" is not in the component"),
    }
}

fn versions(words: Words, wanted: &str, given: &str, same_track: bool) -> String {
    let track = if same_track { "the same" } else { "another" };
    format!("{}, on {track} track", words.both(wanted, given))
}

fn owners(words: Words, resource: &str, wanted: &str, given: &str) -> String {
    let (wanted, given) = (format!("that of {wanted}"), format!("that of {given}"));
    format!("resource {resource}: {}", words.both(wanted, given))
}

fn asyncness(words: Words, became_async: bool) -> String {
    let (both, turned) = if became_async {
        (words.both("`func`", "`async func`"), "became async")
    } else {
        (words.both("`async func`", "`func`"), "is no longer async")
    };
    match words {
        Words::Edge | Words::Diff => format!("function {turned}: {both}"),
        // Neither of the two came first.
        Words::World => both,
    }
}

fn or_none(ty: Option<&String>) -> &str {
    ty.map_or("none", String::as_str)
}

fn parameters(names: &[String]) -> String {
    match names {
        [] => "no parameters".to_owned(),
        [name] => format!("1 parameter ({name})"),
        names => format!("{} parameters ({})", names.len(), names.join(", ")),
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ItemKind::Function => "function",
            ItemKind::Type => "type",
            ItemKind::Resource => "resource",
            ItemKind::Interface => "interface",
        })
    }
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PartKind::Field => "field",
            PartKind::Case => "case",
            PartKind::Flag => "flag",
        })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shape::Freestanding => "a plain function",
            Shape::Method => "a method",
            Shape::Static => "a static function",
            Shape::Constructor => "a constructor",
            Shape::Getter => "a getter",
            Shape::Setter => "a setter",
            Shape::StaticGetter => "a static getter",
            Shape::StaticSetter => "a static setter",
        })
    }
}
