//! Names of local variables that no name of the WIT meets.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// The names that a body has taken.
#[derive(Debug, Clone, Default)]
pub struct Temps {
    taken: BTreeSet<String>,
}

impl Temps {
    /// A body with parameters.
    pub fn with<'a>(params: impl IntoIterator<Item = &'a Ident>) -> Self {
        Self { taken: params.into_iter().map(Ident::to_string).collect() }
    }

    /// `wish`, or `wish` with the first number that makes it new.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        let mut name = wish.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{wish}{number}");
        }
        Ident::new(&name, Span::call_site())
    }
}
