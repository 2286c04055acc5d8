//! What will be printed: modules and items in which every name, spelling and attribute is settled.
//!
//! `shape` and its neighbours build this; `render` turns it into text and decides nothing.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A module and what stands in it, in order: its items, then the modules below.
#[derive(Debug, Clone)]
pub struct Module {
    pub ident: Ident,
    /// `///` lines above it, as attributes.
    pub docs: TokenStream,
    /// Outer attributes other than docs.
    pub attributes: TokenStream,
    /// `pub`, or nothing.
    pub visibility: TokenStream,
    pub items: Vec<Item>,
    pub modules: Vec<Module>,
}

/// One Rust item, or a few that stand together.
#[derive(Debug, Clone)]
pub struct Item {
    /// Text of `//` lines above it, for those who read the file; empty when there is none.
    pub comment: String,
    /// Lints that are off for each of the items.
    pub allow: TokenStream,
    pub tokens: TokenStream,
}

/// A whole file: what stands in its root.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The first items: types and functions of the world.
    pub items: Vec<Item>,
    pub modules: Vec<Module>,
    /// The last items: the macro that exports, the component's type, and stubs.
    pub last: Vec<Item>,
}

impl Item {
    /// An item without a comment.
    #[must_use]
    pub fn new(tokens: TokenStream) -> Self {
        Self { comment: String::new(), allow: TokenStream::new(), tokens }
    }

    /// An item under `//` lines.
    #[must_use]
    pub fn with_comment(comment: &str, tokens: TokenStream) -> Self {
        Self { comment: comment.to_owned(), ..Self::new(tokens) }
    }
}

/// A `//` comment where a statement or an item may stand. `render` prints it as what it is.
#[must_use]
pub fn comment(text: &str) -> TokenStream {
    quote!(__comment!(#text);)
}

impl From<TokenStream> for Item {
    fn from(tokens: TokenStream) -> Self {
        Self::new(tokens)
    }
}
