//! Two worlds: imports and exports by name, then interface by interface.
//!
//! What this asks of a version number is left to `diff`.

use wit_parser::{InterfaceId, Resolve, Type, TypeOwner, World, WorldId, WorldItem, WorldKey};

use crate::change::{Change, ChangeKind, ItemKind, Variance};
use crate::interface::{short_name, similar};
use crate::name::{ExternName, Match, same_track};
use crate::path::Step;
use crate::place::{Item, Place, Scope, entry_name};
use crate::spell::item_kind;
use crate::walk::{Anchor, Side, Walk};

/// An import or export with its name.
struct Entry<'a> {
    key: &'a WorldKey,
    item: &'a WorldItem,
    text: String,
    name: ExternName,
}

/// An old import or export and the new one that takes its place, by position.
struct Pair {
    old: usize,
    new: usize,
}

/// Compares two worlds: first what they import, then what they export.
///
/// Interfaces belong together if their names match, exactly or by track;
/// those of the two worlds' own packages whatever their versions.
#[must_use]
pub fn worlds(old: (&Resolve, WorldId), new: (&Resolve, WorldId)) -> Vec<Change> {
    let mut changes = Vec::new();
    for variance in [Variance::Import, Variance::Export] {
        let side = |(resolve, id): (_, WorldId)| {
            let resolve: &Resolve = resolve;
            Side::new(resolve, TypeOwner::World(id), resolve.worlds[id].package)
        };
        let mut walk = Walk::new(side(old), side(new), variance);
        let ours = entries_of(old.0, &old.0.worlds[old.1], variance);
        let theirs = entries_of(new.0, &new.0.worlds[new.1], variance);
        let root = old.0.worlds[old.1].name.clone();
        walk.pair_world_resources(old.1, new.1);
        if variance == Variance::Export {
            walk.exported = (interfaces_of(&ours), interfaces_of(&theirs));
        }
        walk.entries(&root, &ours, &theirs);
        changes.append(&mut walk.changes);
    }
    changes
}

fn entries_of<'a>(resolve: &Resolve, world: &'a World, variance: Variance) -> Vec<Entry<'a>> {
    let items = match variance {
        Variance::Import => &world.imports,
        Variance::Export => &world.exports,
    };
    let entry = |(key, item)| {
        let text = entry_name(resolve, key);
        let name = ExternName::parse(&text);
        Entry { key, item, text, name }
    };
    items.iter().map(entry).collect()
}

fn interfaces_of(entries: &[Entry]) -> Vec<InterfaceId> {
    let interface = |entry: &Entry| match entry.item {
        WorldItem::Interface { id, .. } => Some(*id),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    };
    entries.iter().filter_map(interface).collect()
}

impl<'a> Walk<'a> {
    fn entries(&mut self, root: &str, ours: &[Entry<'a>], theirs: &[Entry<'a>]) {
        let pairs = self.pair_entries(ours, theirs);
        for pair in &pairs {
            if let (
                Some(WorldItem::Interface { id: w, .. }),
                Some(WorldItem::Interface { id: g, .. }),
            ) = (ours.get(pair.old).map(|e| e.item), theirs.get(pair.new).map(|e| e.item))
            {
                self.pair_resources(*w, *g);
            }
        }
        // Every resource has its counterpart from here on.
        for types in [false, true] {
            for (old, entry) in ours.iter().enumerate() {
                // Types come last, so that a path through a function comes first.
                if matches!(entry.item, WorldItem::Type { .. }) != types {
                    continue;
                }
                let pair = pairs.iter().find(|pair| pair.old == old);
                match pair.and_then(|pair| theirs.get(pair.new)) {
                    Some(other) => self.entry(root, entry, other),
                    None => self.missing_entry(root, entry, theirs),
                }
            }
        }
        for (new, entry) in theirs.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.new == new) {
                let kind = ChangeKind::Added {
                    item: kind_of(self.given.resolve, entry.item),
                    name: entry.text.clone(),
                };
                self.note_entry(root, kind, None, Some(entry));
            }
        }
    }

    /// Finds for each old entry the new one that takes its place: the exact
    /// name first, then the highest version on its track.
    fn pair_entries(&self, ours: &[Entry<'a>], theirs: &[Entry<'a>]) -> Vec<Pair> {
        let find = |entry: &Entry| {
            let candidates = theirs.iter().enumerate();
            let candidates = candidates.filter_map(|(new, other)| {
                let matched = entry.name.matches(&other.name);
                let matched = matched.or_else(|| self.at_home(entry.key, other.key))?;
                Some((matched, other.name.version(), new))
            });
            candidates.max().map(|(_, _, new)| new)
        };
        let pairs = ours.iter().enumerate();
        let pairs = pairs.filter_map(|(old, entry)| Some((old, find(entry)?)));
        pairs.map(|(old, new)| Pair { old, new }).collect()
    }

    fn at_home(&self, wanted: &WorldKey, given: &WorldKey) -> Option<Match> {
        let (WorldKey::Interface(w), WorldKey::Interface(g)) = (wanted, given) else {
            return None;
        };
        self.interfaces_correspond(*w, *g).then_some(Match::Track)
    }

    fn entry(&mut self, root: &str, old: &Entry<'a>, new: &Entry<'a>) {
        if old.text != new.text {
            let versions = old.name.version().zip(new.name.version());
            let kind = ChangeKind::Version {
                wanted: old.text.clone(),
                given: new.text.clone(),
                same_track: versions.is_some_and(|(old, new)| same_track(old, new)),
            };
            self.note_entry(root, kind, Some(old), Some(new));
        }
        match (old.item, new.item) {
            (WorldItem::Interface { id: w, .. }, WorldItem::Interface { id: g, .. }) => {
                let scopes = (self.wanted.scope, self.given.scope);
                self.wanted.scope = TypeOwner::Interface(*w);
                self.given.scope = TypeOwner::Interface(*g);
                let name = short_name(self.wanted.resolve, *w);
                self.at(Step::Root(name), |walk| walk.interface(*w, *g));
                (self.wanted.scope, self.given.scope) = scopes;
            }
            (WorldItem::Function(w), WorldItem::Function(g)) => {
                self.at(Step::Root(root.to_owned()), |walk| walk.function(w, g));
            }
            (WorldItem::Type { id: w, .. }, WorldItem::Type { id: g, .. }) => {
                self.anchored(Anchor::Type(*w), Anchor::Type(*g), |walk| {
                    walk.at(Step::Root(root.to_owned()), |walk| {
                        walk.at(Step::Type(old.text.clone()), |walk| {
                            walk.ty(Type::Id(*w), Type::Id(*g));
                        });
                    });
                });
            }
            (
                WorldItem::Interface { .. } | WorldItem::Function(_) | WorldItem::Type { .. },
                WorldItem::Interface { .. } | WorldItem::Function(_) | WorldItem::Type { .. },
            ) => {
                let kind = ChangeKind::ItemKind {
                    name: old.text.clone(),
                    wanted: kind_of(self.wanted.resolve, old.item),
                    given: kind_of(self.given.resolve, new.item),
                };
                self.note_entry(root, kind, Some(old), Some(new));
            }
        }
    }

    fn missing_entry(&mut self, root: &str, entry: &Entry<'a>, theirs: &[Entry<'a>]) {
        // Of interfaces only other versions are named: long names are all alike.
        let mut others = theirs.iter();
        let names = theirs.iter().map(|other| other.text.as_str());
        let instead = match entry.name {
            ExternName::Label(_) => similar(&entry.text, names),
            ExternName::Interface { .. } => others
                .find(|other| other.name.base() == entry.name.base())
                .map(|other| other.text.clone()),
        };
        let kind = ChangeKind::Missing {
            item: kind_of(self.wanted.resolve, entry.item),
            name: entry.text.clone(),
            instead,
        };
        self.note_entry(root, kind, Some(entry), None);
    }

    /// Records a difference about an import or export as a whole.
    fn note_entry(
        &mut self,
        root: &str,
        kind: ChangeKind,
        old: Option<&Entry<'a>>,
        new: Option<&Entry<'a>>,
    ) {
        let wanted = entry_place(&self.wanted, old);
        let given = entry_place(&self.given, new);
        self.at(Step::Root(root.to_owned()), |walk| {
            walk.note_at(kind, wanted, given);
        });
    }
}

/// The entry, or the world that lacks it.
fn entry_place(side: &Side, entry: Option<&Entry>) -> Option<Place> {
    Some(Place {
        scope: Scope::of(side.resolve, side.scope)?,
        item: entry.map_or(Item::Whole, |entry| Item::Entry(entry.text.clone())),
    })
}

fn kind_of(resolve: &Resolve, item: &WorldItem) -> ItemKind {
    match item {
        WorldItem::Interface { .. } => ItemKind::Interface,
        WorldItem::Function(_) => ItemKind::Function,
        WorldItem::Type { id, .. } => item_kind(resolve, *id),
    }
}
