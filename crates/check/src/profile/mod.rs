//! Does a component or core module fit a platform? What a platform takes is
//! data: a dated [`Profile`] in one TOML file, with a source for each fact.
//!
//! A profile knows the names of imports and exports, and sizes. The types of what
//! bears a name of WASI are compared with the bundled WIT, by `crate::world`.
//! The built-in profiles are the files of `data/profiles`; the build finds them.
//! Reading a profile of the user's own from the disk is left to the command line.

mod built_in;
mod check;
mod data;
mod error;
mod objection;
mod pattern;
mod surface;
#[cfg(test)]
mod tests;

pub use built_in::{built_in, names};
pub use check::{Verdict, check};
pub use data::{Citation, Profile};
pub use error::ProfileError;
pub use objection::{Objection, gathered};
