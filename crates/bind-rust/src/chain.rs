//! Which methods give back the resource that they were called on, as the user says, so that calls
//! can be written one after another. They are methods of imported resources without a result; the
//! component is the same with or without it.

use std::collections::BTreeMap;

use joggle_bind::World;
use joggle_bind::model::{FunctionId, FunctionKind, Side};
use joggle_bind::name::Path;
use joggle_diag::closest;

use crate::problem::Problem;

/// What such a method takes and gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// `self`, and `Self`.
    Owned,
    /// `&self`, and `&Self`.
    Borrowed,
}

/// A line of `chainable-methods`.
struct Filter<'a> {
    /// As the user wrote it.
    text: &'a str,
    /// What is done with the methods that it fits; `-` takes them out.
    chain: Option<Chain>,
    /// `None` is all of them.
    pattern: Option<Result<Path, String>>,
    used: bool,
}

/// Reads the filters; for each method the first that fits decides.
pub fn chains(
    world: &World,
    texts: &[String],
    problems: &mut Vec<Problem>,
) -> BTreeMap<FunctionId, Chain> {
    let mut filters: Vec<_> = texts.iter().map(|text| read(text)).collect();
    let mut chains = BTreeMap::new();
    let mut known = Vec::new();
    for (id, function) in world.functions.iter() {
        let FunctionKind::Method(resource) = function.kind else { continue };
        if function.side != Side::Import || function.result.is_some() {
            continue;
        }
        let paths = [Path::def(world, resource), Path::function(world, id)];
        let first = filters.iter_mut().find(|filter| filter.fits(&paths));
        if let Some(filter) = first {
            filter.used = true;
            chains.extend(filter.chain.map(|chain| (id, chain)));
        }
        known.extend(paths);
    }
    problems.extend(filters.into_iter().filter_map(|filter| filter.unused(&known)));
    chains
}

fn read(text: &str) -> Filter<'_> {
    let (chain, name) = match (text.strip_prefix('-'), text.strip_prefix('&')) {
        (Some(name), _) => (None, name),
        (None, Some(name)) => (Some(Chain::Borrowed), name),
        (None, None) => (Some(Chain::Owned), text),
    };
    let pattern = (name != "all").then(|| {
        let sign = if name.contains('#') { "" } else { "#" };
        Path::parse(&format!("{sign}{name}")).map_err(|error| error.what)
    });
    Filter { text, chain, pattern, used: false }
}

impl Filter<'_> {
    fn fits(&self, paths: &[Path]) -> bool {
        match &self.pattern {
            None => true,
            Some(Ok(pattern)) => paths.iter().any(|path| pattern.covers(path)),
            Some(Err(_)) => false,
        }
    }

    fn unused(self, known: &[Path]) -> Option<Problem> {
        let help = match self.pattern {
            Some(Ok(pattern)) if !self.used => {
                let known = known.iter().map(|path| path.as_brief_as(&pattern).to_string());
                let known: Vec<String> = known.collect();
                let near = closest(&pattern.to_string(), known.iter().map(String::as_str));
                near.map_or_else(
                    || {
                        "a filter is `all`, a resource `ns:pkg/interface#resource`, or one of its \
                         methods `ns:pkg/interface#resource.method`"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                )
            }
            Some(Err(error)) => error,
            Some(Ok(_)) | None => return None,
        };
        Some(Problem::UnusedChainable { filter: self.text.to_owned(), help })
    }
}
