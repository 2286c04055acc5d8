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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Artifact, load_with};

    const GATED: &str = "
        package a:b@0.1.0;
        interface i {
          @unstable(feature = one) f: func();
          @unstable(feature = two-words) g: func();
          // @unstable(feature = no-code)
          h: func();
        }";

    fn functions(features: &Features) -> Result<Vec<String>, LoadError> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join("a.wit");
        std::fs::write(&path, GATED).expect("there is room for a file");
        match load_with(&path, features)? {
            Artifact::Wit(wit) => {
                let interfaces = wit.resolve.interfaces.iter();
                Ok(interfaces.flat_map(|(_, i)| i.functions.keys().cloned()).collect())
            }
            other => panic!("this is no WIT: {other:?}"),
        }
    }

    fn named(names: &[&str]) -> Features {
        Features { all: false, names: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn gates_open_by_name_or_all_at_once() {
        let open = |features| functions(&features).expect("the text is well-formed");
        assert_eq!(open(Features::default()), ["h"]);
        assert_eq!(open(named(&["one"])), ["f", "h"]);
        assert_eq!(open(named(&["two-words", "one"])), ["f", "g", "h"]);
        assert_eq!(open(Features { all: true, names: Vec::new() }), ["f", "g", "h"]);
    }

    #[test]
    fn a_feature_that_is_not_there_is_an_error() {
        let help = |names: &[&str]| match functions(&named(names)) {
            Err(LoadError::UnknownFeature { feature, help, .. }) => format!("{feature}: {help}"),
            other => panic!("this feature is there: {other:?}"),
        };
        assert_eq!(help(&["one", "two-word"]), "two-word: did you mean `two-words`?");
        assert_eq!(help(&["no-code"]), "no-code: its features: `one` and `two-words`");
    }
}
