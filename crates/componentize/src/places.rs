//! Where in its WIT a function or interface of a world stands: in the WIT that was
//! given, or in the WIT of the module's sections as it is printed. Finding the place
//! is left to `joggle_relate`.

use std::cell::OnceCell;
use std::sync::Arc;

use joggle_diag::{Source, source};
use joggle_relate::{Item, Place, Scope, Text};
use miette::LabeledSpan;
use wit_parser::{Resolve, WorldId, WorldKey};

use crate::Given;
use crate::encode::guarded;
use crate::world::World;

/// The texts of a world, with the places in them.
pub struct Places<'a> {
    file: &'a str,
    world: &'a World,
    given: Option<Given<'a>>,
    /// Printed at most once, and only when there is something to point at.
    printed: OnceCell<Option<(Text, Arc<Source>)>>,
}

/// What a diagnostic shows: text, and labels in it.
#[derive(Clone, Default)]
pub struct Shown {
    /// The text, if there is a label.
    pub text: Option<Arc<Source>>,
    /// The labels.
    pub labels: Vec<LabeledSpan>,
}

impl<'a> Places<'a> {
    /// The texts of the world of a module.
    pub fn of(file: &'a str, world: &'a World, given: Option<Given<'a>>) -> Places<'a> {
        Places { file, world, given, printed: OnceCell::new() }
    }

    /// Points at functions; at an interface or world as a whole if none is named.
    pub fn show<'n>(
        &self,
        key: Option<&WorldKey>,
        functions: impl IntoIterator<Item = &'n str>,
        says: &str,
    ) -> Shown {
        let items: Vec<Item> =
            functions.into_iter().map(|name| Item::Function(name.to_owned())).collect();
        let items = if items.is_empty() { vec![Item::Whole] } else { items };
        let shown = self.in_given(key, &items, says);
        shown.or_else(|| self.in_printed(key, &items, says)).unwrap_or_default()
    }

    /// The places in the WIT that was given.
    fn in_given(&self, key: Option<&WorldKey>, items: &[Item], says: &str) -> Option<Shown> {
        let given = self.given?;
        let scope = self.scope(&given.wit.resolve, given.world, key)?;
        let mut shown = Shown::default();
        for item in items {
            let place = Place { scope: scope.clone(), item: item.clone() };
            let Some((source, span)) =
                place.span(&given.wit.resolve).and_then(|span| given.wit.place(span))
            else {
                continue;
            };
            // One scope lies in one file.
            shown.text.get_or_insert_with(|| Arc::new(source));
            shown.labels.push(label(span.offset()..span.offset() + span.len(), says));
        }
        shown.text.is_some().then_some(shown)
    }

    /// The places in the printed WIT of the module's sections.
    fn in_printed(&self, key: Option<&WorldKey>, items: &[Item], says: &str) -> Option<Shown> {
        let (resolve, id) = self.world.carried.as_ref()?;
        let print = || {
            let text = guarded(|| Ok(Text::of_world(resolve, *id))).ok().flatten()?;
            let source = source(format!("{} (as WIT)", self.file), text.text.as_str());
            Some((text, Arc::new(source)))
        };
        let (text, source) = self.printed.get_or_init(print).as_ref()?;
        let scope = self.scope(resolve, *id, key)?;
        let place = |item: &Item| Place { scope: scope.clone(), item: item.clone() };
        let labels: Vec<LabeledSpan> =
            items.iter().filter_map(|item| Some(label(text.span(&place(item))?, says))).collect();
        (!labels.is_empty()).then(|| Shown { text: Some(Arc::clone(source)), labels })
    }

    /// The interface of a key, or the world itself, as it is called in a text.
    fn scope(&self, resolve: &Resolve, id: WorldId, key: Option<&WorldKey>) -> Option<Scope> {
        let all = &self.world.resolve;
        if let Some(WorldKey::Interface(id)) = key {
            let interface = &all.interfaces[*id];
            let package = all.packages[interface.package?].name.to_string();
            return Some(Scope::Interface { package, name: interface.name.clone()? });
        }
        let world = &resolve.worlds[id];
        let package = resolve.packages[world.package?].name.to_string();
        let world = world.name.clone();
        Some(match key {
            Some(WorldKey::Name(name)) => Scope::Inline { package, world, name: name.clone() },
            Some(WorldKey::Interface(_)) | None => Scope::World { package, name: world },
        })
    }
}

fn label(range: std::ops::Range<usize>, says: &str) -> LabeledSpan {
    LabeledSpan::new(Some(says.to_owned()), range.start, range.len())
}
