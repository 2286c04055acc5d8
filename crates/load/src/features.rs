//! Which items behind `@unstable(feature = …)` are opened when WIT text is read.
//! A binary has no gates left: whoever encoded it decided.

use joggle_diag::{closest, quoted_list};
use wit_parser::Resolve;

use crate::error::LoadError;
use crate::wit::features_of;

/// The features of WIT packages whose items are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Every feature, whatever it is called.
    pub all: bool,
    /// Features by name.
    pub names: Vec<String>,
}

impl Features {
    /// A model that takes the items of these features.
    pub(crate) fn resolve(&self) -> Resolve {
        let features = self.names.iter().cloned().collect();
        Resolve { all_features: self.all, features, ..Resolve::default() }
    }

    /// Whether each name is one that a text has.
    pub(crate) fn check<'a>(
        &self,
        input: &str,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<(), LoadError> {
        if self.names.is_empty() {
            return Ok(());
        }
        let mut known: Vec<String> = texts.flat_map(features_of).collect();
        known.sort();
        known.dedup();
        let Some(unknown) = self.names.iter().find(|name| !known.contains(name)) else {
            return Ok(());
        };
        let names = || known.iter().map(String::as_str);
        let help = match closest(unknown, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "it has no feature at all: leave the option out".to_owned(),
            None => format!("its features: {}", quoted_list(names())),
        };
        let (name, feature) = (input.to_owned(), unknown.clone());
        Err(LoadError::UnknownFeature { name, feature, help })
    }
}
