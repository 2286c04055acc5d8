//! Fuzz targets: what must hold whatever the bytes are. Each is a function of bytes
//! that panics where something is wrong; which bytes to try is left to the engine in
//! `main`, and to the corpus, which every test run replays.

mod bind;
mod componentize;
pub mod graph;
mod names;
mod targets;

use std::path::{Path, PathBuf};

/// Something that meets foreign bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `joggle validate`: any file.
    Validate,
    /// `joggle compose`: a binary that may be broken, beside one that is sound.
    Inputs,
    /// `joggle compose`: sound components in any arrangement.
    Compose,
    /// WIT and WAT as text.
    Wit,
    /// `compose.toml`.
    Manifest,
    /// `joggle componentize`: a core module, and the world it may fit.
    Componentize,
    /// `joggle.toml`, and what its names make of items.
    Names,
    /// The model of bindings, and the ABI of all that is in it.
    Bind,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 8] = [
        Target::Validate,
        Target::Inputs,
        Target::Compose,
        Target::Wit,
        Target::Manifest,
        Target::Componentize,
        Target::Names,
        Target::Bind,
    ];

    /// Its name, and that of its folder in the corpus.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Target::Validate => "validate",
            Target::Inputs => "inputs",
            Target::Compose => "compose",
            Target::Wit => "wit",
            Target::Manifest => "manifest",
            Target::Componentize => "componentize",
            Target::Names => "names",
            Target::Bind => "bind",
        }
    }

    /// The target of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Target> {
        Target::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Tries one input.
    ///
    /// # Panics
    ///
    /// If something is wrong.
    pub fn run(self, bytes: &[u8]) {
        match self {
            Target::Validate => targets::validate(bytes),
            Target::Inputs => targets::inputs(bytes),
            Target::Compose => targets::compose(bytes),
            Target::Wit => targets::wit(bytes),
            Target::Manifest => targets::manifest(bytes),
            Target::Componentize => componentize::of_bytes(bytes),
            Target::Names => names::names(bytes),
            Target::Bind => bind::of_bytes(bytes),
        }
    }

    /// Where its corpus lies.
    #[must_use]
    pub fn corpus(self) -> PathBuf {
        let here = std::env::var_os("CARGO_MANIFEST_DIR");
        let here = here.unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        Path::new(&here).join("corpus").join(self.name())
    }
}
