//! Names with room: `wasi:cli/*@0.2` stands for every interface of a package on
//! a track of versions, `fastly_*` for every core module of a family.

use std::fmt;

use joggle_relate::name::{ExternName, track};
use serde::{Deserialize, Deserializer, de};

/// A pattern for the names of imports and exports.
///
/// `ns:pkg/name@0.2` has any version of the track 0.2, a version in full those
/// of its track, a pre-release only itself, and no version means that the name
/// has none. A `*` at the end of the name stands for any end; `*` alone for any
/// name whatsoever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    written: String,
    /// Without version and `*`.
    base: String,
    open: bool,
    version: Option<semver::Version>,
}

impl Pattern {
    /// Reads a pattern; the reason if it is none.
    pub fn parse(written: &str) -> Result<Pattern, String> {
        let (name, version) = match written.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (written, None),
        };
        let (base, open) = match name.strip_suffix('*') {
            Some(base) => (base, true),
            None => (name, false),
        };
        if base.contains('*') {
            return Err(format!("`{written}`: a `*` can only stand at the end of the name"));
        }
        if base.is_empty() && !open {
            return Err("a name cannot be empty".to_owned());
        }
        // The versions of an interface's name are read leniently: `0.2` is a track.
        let version = match version {
            None => None,
            Some(version) => match ExternName::parse(&format!("a:b/c@{version}")).version() {
                Some(version) => Some(version.clone()),
                None => return Err(format!("`{written}`: `{version}` is no version")),
            },
        };
        let (written, base) = (written.to_owned(), base.to_owned());
        Ok(Pattern { written, base, open, version })
    }

    /// Whether it stands for several names, by a `*`.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether it stands for any name whatsoever.
    pub fn is_anything(&self) -> bool {
        self.open && self.base.is_empty() && self.version.is_none()
    }

    /// Whether a name is one of those that are meant.
    pub fn matches(&self, name: &str) -> bool {
        if self.is_anything() {
            return true;
        }
        let name = ExternName::parse(name);
        let versions = match (&self.version, name.version()) {
            (None, None) => true,
            (Some(one), Some(other)) => track(one) == track(other),
            (Some(_), None) | (None, Some(_)) => false,
        };
        versions && self.covers(name.base())
    }

    /// Whether a name without its version is one of those that are meant.
    pub fn covers(&self, base: &str) -> bool {
        if self.open { base.starts_with(&self.base) } else { base == self.base }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        let written = String::deserialize(deserializer)?;
        Pattern::parse(&written).map_err(de::Error::custom)
    }
}
