//! Small facts of wit-parser's model in the words of ours.

use wit_parser::PackageName;

use crate::model::{Package, Stability};

pub(super) fn package(name: &PackageName) -> Package {
    Package {
        namespace: name.namespace.clone(),
        name: name.name.clone(),
        version: name.version.clone(),
    }
}

/// Text without lines that are empty before and after it.
pub(super) fn docs(docs: &wit_parser::Docs) -> String {
    let text = docs.contents.as_deref().unwrap_or_default();
    text.trim_end().trim_start_matches('\n').to_owned()
}

pub(super) fn stability(stability: &wit_parser::Stability) -> Stability {
    match stability {
        wit_parser::Stability::Unknown => Stability::default(),
        wit_parser::Stability::Unstable { feature, deprecated } => Stability {
            since: None,
            deprecated: deprecated.clone(),
            feature: Some(feature.clone()),
        },
        wit_parser::Stability::Stable { since, deprecated } => {
            Stability { since: Some(since.clone()), deprecated: deprecated.clone(), feature: None }
        }
    }
}
