//! Names of local variables and helpers that no name of the WIT meets.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

/// The names that a body or a module has taken.
#[derive(Debug, Clone, Default)]
pub struct Temps {
    taken: BTreeSet<String>,
    /// The last number behind each wish, so that many equal wishes are not tried again.
    last: BTreeMap<String, u32>,
}

impl Temps {
    /// A body with parameters.
    pub fn with<'a>(params: impl IntoIterator<Item = &'a Ident>) -> Self {
        let taken = params.into_iter().map(Ident::to_string).collect();
        Self { taken, last: BTreeMap::new() }
    }

    /// `wish`, or `wish` with the first number that makes it new.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        let last = self.last.entry(wish.to_owned()).or_default();
        loop {
            *last += 1;
            let name = if *last == 1 { wish.to_owned() } else { format!("{wish}{last}") };
            if self.taken.insert(name.clone()) {
                return Ident::new(&name, Span::call_site());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_pass_over_what_is_taken() {
        let param = Ident::new("len2", Span::call_site());
        let mut temps = Temps::with([&param]);
        let names = [(); 3].map(|()| temps.fresh("len").to_string());
        assert_eq!(names, ["len", "len3", "len4"]);
        assert_eq!(temps.fresh("len3").to_string(), "len32");
    }
}
