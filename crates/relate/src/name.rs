//! Names of imports and exports, and which versions of one interface may stand
//! for each other.
//!
//! Nothing here fails: a name that is not an interface's is a label. Whether a
//! name is valid in a component is left to wasmparser.

use std::fmt;

pub use semver::Version;
use serde::{Serialize, Serializer};

/// The part of a version that stays the same as long as compatibility is promised.
///
/// `1.2.3` is on track `1`, `0.2.6` on `0.2` and `0.0.1` on `0.0.1`. A
/// pre-release is alone on its track. Build metadata says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Track {
    /// `1`, from any `1.x.y`.
    Major(u64),
    /// `0.2`, from any `0.2.x`.
    Minor(u64),
    /// `0.0.1`: nothing else is compatible with it.
    Patch(u64),
    /// A pre-release, without build metadata.
    PreRelease(Version),
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Track::Major(major) => write!(f, "{major}"),
            Track::Minor(minor) => write!(f, "0.{minor}"),
            Track::Patch(patch) => write!(f, "0.0.{patch}"),
            Track::PreRelease(version) => write!(f, "{version}"),
        }
    }
}

/// The track that a version is on.
#[must_use]
pub fn track(version: &Version) -> Track {
    if !version.pre.is_empty() {
        let mut version = version.clone();
        version.build = semver::BuildMetadata::EMPTY;
        return Track::PreRelease(version);
    }
    match (version.major, version.minor) {
        (0, 0) => Track::Patch(version.patch),
        (0, minor) => Track::Minor(minor),
        (major, _) => Track::Major(major),
    }
}

/// Whether two versions are on one track.
#[must_use]
pub fn same_track(a: &Version, b: &Version) -> bool {
    track(a) == track(b)
}

/// How well one name stands for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// The same version, on the same track only.
    Track,
    /// The same name and version.
    Exact,
}

/// The name of an import or export.
///
/// Keep the original string for encoding: a version that was written as a
/// track (`@0.2`, the canonical form) is read as the lowest version on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExternName {
    /// A plain name such as `run`, or anything that is not an interface's name.
    Label(String),
    /// `ns:pkg/iface`, perhaps with a version.
    Interface {
        /// The name without its version: `ns:pkg/iface`.
        base: String,
        /// The version behind the `@`.
        version: Option<Version>,
    },
}

impl ExternName {
    /// Reads a name; never fails, since anything else is a label.
    #[must_use]
    pub fn parse(name: &str) -> ExternName {
        match InterfaceName::parse(name) {
            Some(InterfaceName { base, version, .. }) => {
                ExternName::Interface { base: base.to_owned(), version }
            }
            None => ExternName::Label(name.to_owned()),
        }
    }

    /// Whether `other` may stand for this name, and how well.
    ///
    /// An interface without a version matches only one without a version.
    #[must_use]
    pub fn matches(&self, other: &ExternName) -> Option<Match> {
        match (self, other) {
            (ExternName::Label(a), ExternName::Label(b)) => (a == b).then_some(Match::Exact),
            (
                ExternName::Interface { base, version },
                ExternName::Interface { base: other_base, version: other_version },
            ) => {
                if base != other_base {
                    return None;
                }
                match (version, other_version) {
                    (None, None) => Some(Match::Exact),
                    (Some(a), Some(b)) if a == b => Some(Match::Exact),
                    (Some(a), Some(b)) if same_track(a, b) => Some(Match::Track),
                    (Some(_), Some(_) | None) | (None, Some(_)) => None,
                }
            }
            (ExternName::Label(_), ExternName::Interface { .. })
            | (ExternName::Interface { .. }, ExternName::Label(_)) => None,
        }
    }

    /// The version, if the name has one.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        match self {
            ExternName::Label(_) => None,
            ExternName::Interface { version, .. } => version.as_ref(),
        }
    }

    /// The name without its version.
    #[must_use]
    pub fn base(&self) -> &str {
        match self {
            ExternName::Label(base) | ExternName::Interface { base, .. } => base,
        }
    }
}

impl fmt::Display for ExternName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base())?;
        match self.version() {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}

impl Serialize for ExternName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The parts of `ns:pkg/iface@1.2.3`.
///
/// Nested namespaces (`a:b:pkg/iface`) belong to the namespace and nested
/// packages (`ns:pkg/a/b`) to the interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceName<'a> {
    /// The name without its version.
    pub base: &'a str,
    /// What stands before the last `:`.
    pub namespace: &'a str,
    /// The package's own name.
    pub package: &'a str,
    /// What stands behind the package, without the version.
    pub interface: &'a str,
    /// The version behind the `@`.
    pub version: Option<Version>,
}

impl<'a> InterfaceName<'a> {
    /// Reads the name of an interface; `None` for any other name.
    #[must_use]
    pub fn parse(name: &'a str) -> Option<InterfaceName<'a>> {
        let (base, version) = match name.split_once('@') {
            Some((base, version)) => (base, Some(lenient_version(version)?)),
            None => (name, None),
        };
        let (owner, interface) = base.split_once('/')?;
        let (namespace, package) = owner.rsplit_once(':')?;
        let words = namespace.split(':').chain([package]);
        words.chain(interface.split('/')).all(is_word).then_some(InterfaceName {
            base,
            namespace,
            package,
            interface,
            version,
        })
    }
}

fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// A version, or a track as canonical names carry it: `1` and `0.2` stand for
/// the lowest versions of their tracks.
fn lenient_version(text: &str) -> Option<Version> {
    match text.split('.').count() {
        1 => Version::parse(&format!("{text}.0.0")).ok(),
        2 => Version::parse(&format!("{text}.0")).ok(),
        _ => None,
    }
    .filter(|version| version.pre.is_empty() && version.build.is_empty())
    .or_else(|| Version::parse(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track_of(version: &str) -> String {
        Version::parse(version).map(|v| track(&v).to_string()).unwrap_or_default()
    }

    #[test]
    fn tracks_follow_the_canonical_names() {
        for (version, wanted) in [
            ("1.2.3", "1"),
            ("0.2.6", "0.2"),
            ("0.0.1", "0.0.1"),
            ("0.0.0", "0.0.0"),
            ("101.201.301", "101"),
            ("0.2.6-rc.1", "0.2.6-rc.1"),
            ("0.0.1-alpha+build.1", "0.0.1-alpha"),
            ("0.10.0+build.1", "0.10"),
        ] {
            assert_eq!(track_of(version), wanted, "{version}");
        }
    }

    #[test]
    fn the_parts_of_a_name() {
        let name = InterfaceName::parse("a:b:pkg/x/y@0.2.0-rc.1").map(|n| {
            let version = n.version.map(|v| v.to_string());
            (n.namespace, n.package, n.interface, version)
        });
        let version = Some("0.2.0-rc.1".to_owned());
        assert_eq!(name, Some(("a:b", "pkg", "x/y", version)));
    }

    #[test]
    fn anything_else_is_a_label() {
        for name in [
            "run",
            "",
            "a/b",
            "a:b",
            "a:b/",
            ":b/c",
            "a:b/c@",
            "a:b/c@x",
            "a:b/c@1.2.3.4",
            "a:b/c@1.2.3@4",
            "url=<https://a/b:c/d>",
            "[method]a:b/c",
            "ä:b/c",
        ] {
            assert_eq!(ExternName::parse(name), ExternName::Label(name.to_owned()));
        }
    }

    #[test]
    fn matching_is_exact_first_then_by_track() {
        for (a, b, wanted) in [
            ("run", "run", Some(Match::Exact)),
            ("run", "ran", None),
            ("a:b/c", "a:b/c", Some(Match::Exact)),
            ("a:b/c", "a:b/c@1.0.0", None),
            ("a:b/c@1.0.0", "a:b/c", None),
            ("a:b/c@1.2.0", "a:b/c@1.2.0", Some(Match::Exact)),
            ("a:b/c@1.2.0", "a:b/c@1.4.1", Some(Match::Track)),
            ("a:b/c@1.4.1", "a:b/c@1.2.0", Some(Match::Track)),
            ("a:b/c@0.2.0", "a:b/c@0.2.6", Some(Match::Track)),
            ("a:b/c@0.2.0", "a:b/c@0.3.0", None),
            ("a:b/c@0.0.1", "a:b/c@0.0.2", None),
            ("a:b/c@1.0.0-rc.1", "a:b/c@1.0.0", None),
            ("a:b/c@1.0.0-rc.1", "a:b/c@1.0.0-rc.2", None),
            ("a:b/c@1.0.0+x", "a:b/c@1.0.0+y", Some(Match::Track)),
            ("a:b/c@0.2", "a:b/c@0.2.6", Some(Match::Track)),
            ("a:b/c@1", "a:b/c@1.3.0", Some(Match::Track)),
            ("a:b/c@1.0.0", "a:b/d@1.0.0", None),
            ("c", "a:b/c", None),
        ] {
            let found = ExternName::parse(a).matches(&ExternName::parse(b));
            assert_eq!(found, wanted, "{a} against {b}");
        }
    }

    #[test]
    fn a_name_prints_as_it_was_read() {
        for name in ["run", "a:b/c", "a:b/c@1.2.3-rc.1+b", "a:b:c/d/e@0.2.0"] {
            assert_eq!(ExternName::parse(name).to_string(), name);
        }
    }
}
