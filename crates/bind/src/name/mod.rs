//! What things are called: names of WIT become identifiers of a language.
//!
//! A [`Name`] keeps the words of a WIT name; a [`Case`] joins them as the language
//! writes them; a [`Scope`] settles keywords, names that generated code needs for
//! itself, and collisions. Only a scope makes an [`Ident`], so that a printer cannot
//! invent one. A [`Renames`] table of the user's wins over all of it, and [`Names`]
//! collects what came of it. Which scopes there are, and what stands in them, is left
//! to the backend of each language.

mod error;
mod language;
mod map;
pub mod path;
mod renames;
mod scope;
#[cfg(test)]
mod tests;
mod words;

pub use error::NameError;
pub use language::{Language, RUST};
pub use map::{NameMap, Named};
pub use path::{FORMS, Holder, Member, Path, PathError};
pub use renames::{Rename, Renames};
pub use scope::{Ident, Names, Scope};
pub use words::{Case, Name};
