//! A piece of text that diagnostics point into.

use std::sync::Arc;

/// Text with the name under which it is shown.
///
/// A binary has a source too: its WIT, by convention named `foo.wasm (as WIT)`.
pub type Source = miette::NamedSource<Arc<str>>;

/// Makes a [`Source`] out of a display name and its text.
pub fn source(name: impl AsRef<str>, text: impl Into<Arc<str>>) -> Source {
    miette::NamedSource::new(name, text.into())
}
