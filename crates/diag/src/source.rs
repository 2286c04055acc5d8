//! A piece of text that diagnostics point into.

use std::sync::Arc;

use crate::visible::masked;

/// Text with the name under which it is shown.
///
/// A binary has a source too: its WIT, by convention named `foo.wasm (as WIT)`.
pub type Source = miette::NamedSource<Arc<str>>;

/// Makes a [`Source`] out of a display name and its text.
///
/// The text will be drawn: what a terminal would obey in it has a stand-in.
pub fn source(name: impl AsRef<str>, text: impl Into<Arc<str>>) -> Source {
    let text = text.into();
    let text = masked(&text).map_or(text, Arc::from);
    miette::NamedSource::new(name, text)
}
