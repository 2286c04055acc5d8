//! One relation for three commands: a walk over two functions, interfaces or
//! worlds that yields a list of [`Change`], each with its path and variance.
//!
//! `compose` asks why an edge does not fit, `validate` whether a component fits
//! a world, `diff` what moved between two versions. wasmparser's subtyping is
//! the last word; this crate agrees with it and says why. What a change means
//! for a version number is left to `diff`, and who may be linked with whom to
//! `compose`.
#![deny(clippy::wildcard_enum_match_arm)]

mod change;
mod function;
mod interface;
pub mod name;
mod names;
mod path;
mod place;
mod resource;
mod spell;
mod text;
mod types;
mod walk;
mod words;
mod world;

pub use change::{Change, ChangeKind, ItemKind, PartChange, PartKind, Shape, Variance, Within};
pub use interface::{functions, interfaces};
pub use path::{Path, Step};
pub use place::{Item, Place, Scope};
pub use spell::spell;
pub use text::Text;
pub use words::Words;
pub use world::worlds;
