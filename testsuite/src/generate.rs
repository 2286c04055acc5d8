//! Sets of components to compose: hand-written families, random graphs, and
//! worlds out of `wit-smith`. The same seed gives the same set.
//!
//! Which part is linked to which is settled here by name and version track
//! alone, without looking at types: whether that fits is what is tested.

mod families;
mod graphs;
mod smithed;

use anyhow::Result;

pub use families::families;
pub use graphs::random;
pub use smithed::{smithed, smithed_world};

use crate::oracle::{Edge, Part, Wiring};

/// Components, how they are linked, and whether that should work.
#[derive(Clone, Debug)]
pub struct Set {
    /// What it is about.
    pub name: String,
    /// The components and their edges.
    pub wiring: Wiring,
    /// Whether all edges are well typed.
    pub fits: bool,
}

impl Set {
    /// Links parts by name; the last one is the root.
    pub fn of(name: impl Into<String>, parts: Vec<Part>, fits: bool) -> Result<Set> {
        let edges = edges(&parts)?;
        let root = parts.len().saturating_sub(1);
        Ok(Set { name: name.into(), wiring: Wiring { parts, edges, root }, fits })
    }
}

/// Every import with an export that satisfies it by name: the same name, or
/// else the first of the same version track.
fn edges(parts: &[Part]) -> Result<Vec<Edge>> {
    let mut outsides = Vec::new();
    for part in parts {
        outsides.push(outside(&part.bytes)?);
    }
    let mut edges = Vec::new();
    for (consumer, (imports, _)) in outsides.iter().enumerate() {
        for import in imports {
            let offers: Vec<(usize, &String)> = outsides
                .iter()
                .enumerate()
                .filter(|(provider, _)| *provider != consumer)
                .flat_map(|(provider, (_, exports))| exports.iter().map(move |e| (provider, e)))
                .collect();
            let exact = offers.iter().find(|(_, export)| *export == import);
            let offer =
                exact.or_else(|| offers.iter().find(|(_, export)| track(export) == track(import)));
            if let Some((provider, export)) = offer {
                edges.push(Edge {
                    consumer,
                    import: import.clone(),
                    provider: *provider,
                    export: (*export).clone(),
                });
            }
        }
    }
    Ok(edges)
}

/// The names that a component imports and exports.
fn outside(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>)> {
    let (resolve, world) = crate::outer::decoded(bytes)?;
    let world = &resolve.worlds[world];
    let names = |items: &mut dyn Iterator<Item = &wit_parser::WorldKey>| {
        items.map(|key| resolve.name_world_key(key)).collect()
    };
    Ok((names(&mut world.imports.keys()), names(&mut world.exports.keys())))
}

/// The name with only as much of its version as must be equal.
fn track(name: &str) -> String {
    let Some((base, version)) = name.split_once('@') else {
        return name.to_owned();
    };
    let Ok(version) = semver::Version::parse(version) else {
        return name.to_owned();
    };
    match (version.pre.is_empty(), version.major, version.minor) {
        (false, ..) => name.to_owned(),
        (true, 0, 0) => format!("{base}@0.0.{}", version.patch),
        (true, 0, minor) => format!("{base}@0.{minor}"),
        (true, major, _) => format!("{base}@{major}"),
    }
}

/// A stream of numbers that only looks random: `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts the stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to `below`, or 0.
    pub fn roll(&mut self, below: usize) -> usize {
        let below = u64::try_from(below).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % below).unwrap_or_default()
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.roll(n) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_follow_semver() {
        assert_eq!(track("a:b/c@0.2.0"), track("a:b/c@0.2.6"));
        assert_eq!(track("a:b/c@1.2.0"), track("a:b/c@1.4.0"));
        assert_ne!(track("a:b/c@0.2.0"), track("a:b/c@0.3.0"));
        assert_ne!(track("a:b/c@0.0.1"), track("a:b/c@0.0.2"));
        assert_ne!(track("a:b/c@0.2.0"), track("a:b/d@0.2.0"));
        assert_ne!(track("a:b/c@0.3.0-rc-1"), track("a:b/c@0.3.0"));
    }

    #[test]
    fn the_same_seed_gives_the_same_set() {
        let sets = [random(7), random(7)].map(|set| set.expect("it is built"));
        let bytes =
            sets.map(|set| set.wiring.parts.into_iter().map(|p| p.bytes).collect::<Vec<_>>());
        assert_eq!(bytes[0], bytes[1]);
    }

    #[test]
    fn every_family_has_an_edge() {
        for set in families().expect("they are built") {
            assert!(!set.wiring.edges.is_empty(), "{}", set.name);
        }
    }
}
