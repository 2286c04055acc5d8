//! A dated table of runtimes and what they run, and the verdict of each on a
//! file. Which features a file needs is found elsewhere.
//!
//! The table is data (`data/runtimes.toml`), each entry with its source. It
//! speaks of what an engine can validate and run; whether it offers a file's imports is
//! a question of worlds and profiles.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Feature, Stage};

/// A runtime as the table knows it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// Its name, such as `wasmtime`.
    pub name: String,
    /// The version that was looked at.
    pub version: String,
    /// When the sources were read, as `YYYY-MM-DD`.
    pub date: String,
    /// Where the facts are from.
    pub sources: Vec<String>,
    /// Whether it takes components.
    pub components: bool,
    /// Whether it takes core modules by themselves, as almost all do.
    #[serde(default = "yes")]
    pub modules: bool,
    /// What is to be known about the entry.
    #[serde(default)]
    pub note: Option<String>,
    /// Features beyond the base that are on by default.
    pub on: Vec<String>,
    /// Features of the base that it lacks.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Features that are off by default, with what turns them on.
    #[serde(default)]
    pub flags: BTreeMap<String, String>,
}

/// What a runtime makes of a file.
#[derive(Clone, Debug, Serialize)]
pub struct RuntimeVerdict {
    /// The runtime.
    pub runtime: &'static Runtime,
    /// Its answer.
    pub answer: Answer,
}

/// Whether a runtime takes a file, by the features that the file needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// As it comes.
    Runs,
    /// With these flags, one for each feature that is off by default.
    WithFlags(Vec<Flag>),
    /// Not at all.
    No(Obstacle),
}

/// A feature that is off by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// The feature.
    pub feature: Feature,
    /// What turns it on, as it is written on the runtime's command line or in its settings.
    pub flag: String,
}

/// Why a runtime does not take a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// It takes core modules only.
    TakesNoComponents,
    /// It takes components only.
    TakesNoModules,
    /// It has no support for these features.
    Lacks(Vec<Feature>),
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    runtime: Vec<Runtime>,
}

fn read() -> Result<Vec<Runtime>, toml::de::Error> {
    let table: Table = toml::from_str(include_str!("../../data/runtimes.toml"))?;
    Ok(table.runtime)
}

/// The table of runtimes, in its own order.
#[must_use]
pub fn table() -> &'static [Runtime] {
    static TABLE: OnceLock<Vec<Runtime>> = OnceLock::new();
    // A test keeps the table readable.
    TABLE.get_or_init(|| read().unwrap_or_default())
}

/// The features of the base that some runtime lacks.
pub(crate) fn lacked() -> impl Iterator<Item = Feature> {
    table().iter().flat_map(|runtime| &runtime.lacks).filter_map(|name| Feature::named(name))
}

/// What each runtime makes of a file that needs these features, those of the
/// base included.
#[must_use]
pub fn verdicts(component: bool, needs: &[Feature]) -> Vec<RuntimeVerdict> {
    table()
        .iter()
        .map(|runtime| RuntimeVerdict { runtime, answer: answer(runtime, component, needs) })
        .collect()
}

fn answer(runtime: &Runtime, component: bool, needs: &[Feature]) -> Answer {
    if component && !runtime.components {
        return Answer::No(Obstacle::TakesNoComponents);
    }
    if !component && !runtime.modules {
        return Answer::No(Obstacle::TakesNoModules);
    }
    let mut lacks = Vec::new();
    let mut flags = Vec::new();
    for &feature in needs {
        let name = feature.name();
        let listed = |list: &[String]| list.iter().any(|n| n == name);
        if listed(&runtime.on) || feature.stage() == Stage::Base && !listed(&runtime.lacks) {
            continue;
        }
        match runtime.flags.get(name) {
            Some(flag) => flags.push(Flag { feature, flag: flag.clone() }),
            None => lacks.push(feature),
        }
    }
    match (lacks.is_empty(), flags.is_empty()) {
        (true, true) => Answer::Runs,
        (true, false) => Answer::WithFlags(flags),
        (false, _) => Answer::No(Obstacle::Lacks(lacks)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable_and_speaks_of_known_features() {
        let table = read().expect("the table is well-formed");
        assert!(!table.is_empty());
        for runtime in &table {
            let names = runtime.on.iter().chain(&runtime.lacks).chain(runtime.flags.keys());
            for name in names {
                let feature = Feature::named(name).map(Feature::name);
                assert_eq!(feature, Some(name.as_str()), "in {}", runtime.name);
            }
            assert!(!runtime.sources.is_empty(), "{} has no source", runtime.name);
            assert_eq!(runtime.date.len(), 10, "{}", runtime.name);
        }
    }

    #[test]
    fn a_flag_is_named_and_a_gap_too() {
        let runtime = Runtime {
            name: "engine".into(),
            version: "1".into(),
            date: "2026-01-01".into(),
            sources: Vec::new(),
            components: false,
            modules: true,
            note: None,
            on: vec!["tail-call".into()],
            lacks: vec!["simd".into()],
            flags: BTreeMap::from([("gc".into(), "--gc".into())]),
        };
        let needs = |names: &[&str]| -> Vec<Feature> {
            names.iter().filter_map(|name| Feature::named(name)).collect()
        };
        assert_eq!(answer(&runtime, false, &needs(&["tail-call"])), Answer::Runs);
        let Answer::WithFlags(flags) = answer(&runtime, false, &needs(&["gc"])) else {
            panic!("a flag is to be given");
        };
        assert_eq!(flags[0].flag, "--gc");
        let lacking = Answer::No(Obstacle::Lacks(needs(&["simd", "map"])));
        assert_eq!(answer(&runtime, false, &needs(&["simd", "gc", "map"])), lacking);
        assert_eq!(answer(&runtime, true, &[]), Answer::No(Obstacle::TakesNoComponents));
        let transpiler = Runtime { components: true, modules: false, ..runtime };
        assert_eq!(answer(&transpiler, true, &[]), Answer::Runs);
        assert_eq!(answer(&transpiler, false, &[]), Answer::No(Obstacle::TakesNoModules));
    }
}
