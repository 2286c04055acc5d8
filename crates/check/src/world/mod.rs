//! Does a component fit a world? Everything that it imports must be offered,
//! everything that the world wants must be exported, and the types must agree.
//!
//! Versions count as they do for a linker: an import of `@0.2.0` fits a world
//! with `@0.2.6`, and the other way round, as long as all that is imported is
//! there with equal types. The comparison itself is `joggle_relate::worlds`.
//! Reading files is left to `joggle_load`, showing findings to the command line.
#![deny(clippy::wildcard_enum_match_arm)]

mod choose;
mod error;
mod fit;
mod misfit;
#[cfg(test)]
mod tests;
mod wasi;

use std::fmt;
use std::sync::OnceLock;

use joggle_relate::Text;
use wit_parser::{Resolve, WorldId};

pub use error::WorldError;
pub use fit::fit;
pub use misfit::{Misfit, Mismatch, MissingExport, Side, Unoffered, UnofferedImports, gathered};
pub(crate) use wasi::lacks;

/// A world with everything that it refers to: of a WIT package, or the outside
/// of a component.
pub struct World {
    /// As shown to people: `wasi:cli/command@0.2.12`, or a component's file name.
    shown: String,
    /// The name of its text in diagnostics.
    text_name: String,
    nature: Nature,
    resolve: Resolve,
    id: WorldId,
    /// Printed at most once, and only when there is something to point at.
    text: OnceLock<Option<Text>>,
}

/// What a world was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// The outside of a component, which can be linked.
    Component,
    /// WIT that somebody wrote.
    Wit,
    /// The WASI of a platform.
    Platform,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("World").field(&self.shown).finish()
    }
}

impl World {
    fn new(
        shown: String,
        text_name: String,
        nature: Nature,
        (resolve, id): (Resolve, WorldId),
    ) -> World {
        World { shown, text_name, nature, resolve, id, text: OnceLock::new() }
    }

    /// As shown to people: `wasi:cli/command@0.2.12`, or a component's file name.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// In a sentence: `` the world `wasi:cli/command@0.2.12` ``, `Spin 4.1`.
    fn phrase(&self) -> String {
        match self.nature {
            Nature::Component | Nature::Wit => format!("the world `{}`", self.shown),
            Nature::Platform => self.shown.clone(),
        }
    }

    /// The model and the world in it.
    #[must_use]
    pub fn model(&self) -> (&Resolve, WorldId) {
        (&self.resolve, self.id)
    }

    /// The printed WIT, if it can be printed.
    fn text(&self) -> Option<&Text> {
        self.text.get_or_init(|| Text::of_world(&self.resolve, self.id)).as_ref()
    }
}
