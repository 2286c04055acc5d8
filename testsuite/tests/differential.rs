//! Other composers on the same graphs of components: the same verdict and the
//! same outer WIT. Where they part, [`DIFFERENCES`] says why; a row that
//! explains nothing any more fails the test as much as a set without a row.

use joggle_testsuite::generate::{Set, families, random, smithed};
use joggle_testsuite::oracle::{Wiring, oracle_wac, oracle_wasm_compose};
use joggle_testsuite::outer::{decoded, sorted_wit};
use wit_parser::{Resolve, TypeDefKind, TypeId, WorldItem};

/// A composer's outer WIT, or why it refused.
type Answer = Result<String, String>;

/// A known way in which a composer parts from what is right.
struct Difference {
    composer: &'static str,
    why: &'static str,
    explains: fn(&Set, &Answer) -> bool,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        composer: "wasm-compose",
        why: "it refuses the second consumer of a resource",
        explains: |set, answer| {
            shares_a_resource(set)
                && answer
                    .as_ref()
                    .is_err_and(|why| why.contains("is not compatible with target"))
        },
    },
    Difference {
        composer: "wasm-compose",
        why: "it does not merge two open imports of one type by the world itself",
        explains: |_, answer| {
            answer
                .as_ref()
                .is_err_and(|why| why.starts_with("cannot import type with name"))
        },
    },
    Difference {
        composer: "wac",
        why: "a type that a world `use`s out of an interface becomes a type of its own",
        explains: |set, answer| answer.is_ok() && uses_types_in_a_world(&set.wiring),
    },
    Difference {
        composer: "wac",
        why: "it panics on some types that the world itself declares",
        explains: |_, answer| {
            answer
                .as_ref()
                .is_err_and(|why| why.starts_with("panicked: "))
        },
    },
];

/// All sets that the composers are asked about.
fn sets() -> Vec<Set> {
    let mut sets = families().expect("the families are sound");
    for seed in 0..150 {
        sets.push(random(seed).expect("the generator makes sound WIT"));
    }
    let before = sets.len();
    sets.extend((0..500).filter_map(smithed));
    assert!(
        sets.len() > before + 30,
        "too few worlds of wit-smith could be used"
    );
    sets
}

#[test]
fn the_oracles_agree() {
    let mut used = vec![false; DIFFERENCES.len()];
    let mut unexplained = Vec::new();
    for set in sets() {
        let wac = outside(oracle_wac(&set.wiring));
        let wasm_compose = outside(oracle_wasm_compose(&set.wiring));
        let right = if set.fits {
            Some(reference(&wasm_compose, &wac))
        } else {
            None
        };
        for (composer, answer) in [("wasm-compose", &wasm_compose), ("wac", &wac)] {
            let same = match (&right, answer) {
                (Some(outside), Ok(answer)) => outside == answer,
                (None, Err(_)) => true,
                _ => false,
            };
            if same {
                continue;
            }
            let row = DIFFERENCES.iter().position(|difference| {
                difference.composer == composer && (difference.explains)(&set, answer)
            });
            match row {
                Some(row) => used[row] = true,
                None => unexplained.push(format!("{}: {composer}: {answer:?}", set.name)),
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    for (difference, used) in DIFFERENCES.iter().zip(used) {
        assert!(
            used,
            "no longer true of {}: {}",
            difference.composer, difference.why
        );
    }
}

/// What the result must look like from outside: `wasm-compose` keeps the
/// identity of types; where it refuses, the other one is all there is.
fn reference(wasm_compose: &Answer, wac: &Answer) -> String {
    wasm_compose
        .clone()
        .or_else(|_| wac.clone())
        .unwrap_or_default()
}

fn outside(answer: Result<Vec<u8>, String>) -> Answer {
    sorted_wit(&answer?).map_err(|error| format!("the result cannot be read: {error:#}"))
}

/// Whether two imports are satisfied by one export that has a resource.
fn shares_a_resource(set: &Set) -> bool {
    let wiring = &set.wiring;
    wiring.edges.iter().any(|edge| {
        let twins = wiring
            .edges
            .iter()
            .filter(|other| (other.provider, &other.export) == (edge.provider, &edge.export));
        twins.count() > 1 && exports_a_resource(&wiring.parts[edge.provider].bytes, &edge.export)
    })
}

fn exports_a_resource(component: &[u8], export: &str) -> bool {
    let Ok((resolve, world)) = decoded(component) else {
        return false;
    };
    let mut exports = resolve.worlds[world].exports.iter();
    exports.any(|(key, item)| match item {
        WorldItem::Interface { id, .. } if resolve.name_world_key(key) == export => resolve
            .interfaces[*id]
            .types
            .values()
            .any(|ty| is_resource(&resolve, *ty)),
        _ => false,
    })
}

fn is_resource(resolve: &Resolve, ty: TypeId) -> bool {
    match &resolve.types[ty].kind {
        TypeDefKind::Resource => true,
        TypeDefKind::Type(wit_parser::Type::Id(alias)) => is_resource(resolve, *alias),
        _ => false,
    }
}

/// Whether the world of a part names a type that an interface declares.
fn uses_types_in_a_world(wiring: &Wiring) -> bool {
    wiring.parts.iter().any(|part| {
        let Ok((resolve, world)) = decoded(&part.bytes) else {
            return false;
        };
        let world = &resolve.worlds[world];
        world
            .imports
            .values()
            .chain(world.exports.values())
            .any(|item| match item {
                WorldItem::Type { id, .. } => {
                    matches!(
                        resolve.types[*id].kind,
                        TypeDefKind::Type(wit_parser::Type::Id(_))
                    )
                }
                _ => false,
            })
    })
}
