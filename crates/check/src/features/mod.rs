//! Which proposals a binary may use or needs: their names, sets of them, and
//! `--features` as people write it. What runs them is left to [`runtimes`],
//! finding out what a file needs to [`crate::spec`].
//!
//! Everything is measured from one base: WebAssembly 2.0 (with SIMD) for core
//! modules, and components as they were in the days of WASI 0.2: no async, no maps.

mod error;
pub mod runtimes;
mod table;

use std::fmt;
use std::str::FromStr;

use joggle_diag::closest;
use wasmparser::WasmFeatures;

pub use error::FeatureError;
use table::{ALWAYS, FEATURES, Row, SETS};

/// One proposal, by the name that the field gives it.
#[derive(Clone, Copy)]
pub struct Feature(&'static Row);

/// How far a proposal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Part of the base: WebAssembly 2.0 and components of the days of WASI 0.2.
    Base,
    /// Shipped since: WebAssembly 3.0, async, maps and the like.
    Shipped,
    /// Part of the component model's repository, behind a gate.
    Gated,
    /// A proposal to the core specification that has not shipped.
    Proposal,
}

impl Feature {
    /// Every feature, in the order in which they are listed to people.
    pub fn all() -> impl Iterator<Item = Feature> {
        FEATURES.iter().map(Feature)
    }

    /// The feature of this name or alias; `_` counts as `-`.
    #[must_use]
    pub fn named(name: &str) -> Option<Feature> {
        let name = name.replace('_', "-");
        let row = FEATURES.iter().find(|f| f.name == name || f.aliases.contains(&name.as_str()));
        row.map(Feature)
    }

    /// The name, such as `multi-memory`: what `--features` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// How far it has come.
    #[must_use]
    pub fn stage(self) -> Stage {
        self.0.stage
    }

    pub(crate) fn bits(self) -> WasmFeatures {
        self.0.bits
    }

    /// The features behind the validator's flags, leaving out flags without a name.
    pub(crate) fn behind(bits: WasmFeatures) -> impl Iterator<Item = Feature> {
        Feature::all().filter(move |feature| bits.intersects(feature.bits().difference(ALWAYS)))
    }
}

impl PartialEq for Feature {
    fn eq(&self, other: &Feature) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Feature {}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Feature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A set of features that a binary may use.
///
/// The default allows everything that is known, so that only real mistakes are
/// findings. Component values are the exception: no engine has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(WasmFeatures);

impl Default for Features {
    fn default() -> Features {
        Features(WasmFeatures::all().difference(WasmFeatures::CM_VALUES))
    }
}

impl Features {
    /// WebAssembly 2.0 and components of the days of WASI 0.2.
    #[must_use]
    pub fn base() -> Features {
        Features::of(Feature::all().filter(|f| f.stage() == Stage::Base))
    }

    /// The set of these features alone.
    pub fn of(features: impl IntoIterator<Item = Feature>) -> Features {
        Features(features.into_iter().fold(ALWAYS, |bits, feature| bits | feature.bits()))
    }

    /// Reads a list such as `shipped,error-context,-threads`.
    ///
    /// The list is read from left to right: a name adds a feature, a name with
    /// `-` before it takes one away, and the name of a set (`all`, `shipped`,
    /// `base`, `wasm3`, …) adds all that is in it. A list that begins with the name
    /// of a set starts from nothing, one that begins with `-` starts from
    /// the default, and any other starts from the base.
    pub fn parse(list: &str) -> Result<Features, FeatureError> {
        let items: Vec<&str> = list.split(',').map(str::trim).filter(|i| !i.is_empty()).collect();
        let mut bits = match items.first() {
            None => return Err(FeatureError::Empty),
            Some(first) if first.starts_with('-') => Features::default().0,
            Some(first) if set(first).is_some() => ALWAYS,
            Some(_) => Features::base().0,
        };
        for item in items {
            let (name, add) = match item.strip_prefix('-') {
                Some(name) => (name, false),
                None => (item.strip_prefix('+').unwrap_or(item), true),
            };
            let named = named(name)?;
            bits = if add { bits | named } else { bits.difference(named) | ALWAYS };
        }
        Ok(Features(bits))
    }

    /// Whether the feature is in the set.
    #[must_use]
    pub fn contains(self, feature: Feature) -> bool {
        self.0.contains(feature.bits())
    }

    /// The features in the set, in the order in which they are listed to people.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::all().filter(move |feature| self.contains(*feature))
    }

    pub(crate) fn bits(self) -> WasmFeatures {
        self.0
    }
}

impl FromStr for Features {
    type Err = FeatureError;

    fn from_str(list: &str) -> Result<Features, FeatureError> {
        Features::parse(list)
    }
}

/// The names of all sets and features, for a list of choices.
#[must_use]
pub fn known() -> Vec<&'static str> {
    SETS.iter().map(|set| set.name).chain(FEATURES.iter().map(|f| f.name)).collect()
}

fn set(name: &str) -> Option<WasmFeatures> {
    let row = SETS.iter().find(|set| set.name == name.replace('_', "-"))?;
    Some(match row.core {
        Some(core) => core | WasmFeatures::COMPONENT_MODEL | ALWAYS,
        None => Feature::all()
            .filter(|feature| feature.stage() <= row.stage)
            .fold(ALWAYS, |bits, feature| bits | feature.bits()),
    })
}

fn named(name: &str) -> Result<WasmFeatures, FeatureError> {
    if let Some(bits) = set(name).or_else(|| Feature::named(name).map(Feature::bits)) {
        return Ok(bits);
    }
    let aliases = FEATURES.iter().flat_map(|f| f.aliases.iter().copied());
    let near = closest(&name.replace('_', "-"), known().into_iter().chain(aliases));
    Err(FeatureError::Unknown {
        name: name.to_owned(),
        help: match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the sets and features are {}", known().join(", ")),
        },
    })
}

#[cfg(test)]
mod tests;
