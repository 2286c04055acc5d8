//! Other composers on the same graphs of components: the same verdict and the
//! same outer WIT. Where they part, [`DIFFERENCES`] says why; a row that
//! explains nothing any more fails the test as much as a set without a row.

use joggle_compose::{ImportSpec, Link, Options, Request};
use joggle_testsuite::expect::difference;
use joggle_testsuite::generate::{Set, families, random, smithed};
use joggle_testsuite::oracle::{Edge, Wiring, oracle_wac, oracle_wasm_compose};
use joggle_testsuite::outer::{decoded, sorted_wit};
use wit_parser::{Resolve, TypeDefKind, TypeId, TypeOwner, WorldItem};

/// A composer's outer WIT, or why it refused.
type Answer = Result<String, String>;

/// A known way in which a composer parts from what is right.
struct Difference {
    composers: &'static [&'static str],
    why: &'static str,
    /// Whether the row explains how an answer parts from ours, which comes first.
    explains: fn(&Set, &Answer, &Answer) -> bool,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        composers: &["wasm-compose", "wac"],
        why: "an export loses the interface whose types it uses, if that is wired inside; \
              ours exports it too",
        explains: |set, _, answer| answer.is_ok() && exports_inner_types(&set.wiring),
    },
    Difference {
        composers: &["wasm-compose"],
        why: "it refuses the second consumer of a resource",
        explains: |set, _, answer| {
            shares_a_resource(set)
                && answer.as_ref().is_err_and(|why| why.contains("is not compatible with target"))
        },
    },
    Difference {
        composers: &["wasm-compose"],
        why: "it does not merge two open imports of one type by the world itself",
        explains: |_, _, answer| {
            answer.as_ref().is_err_and(|why| why.starts_with("cannot import type with name"))
        },
    },
    Difference {
        composers: &["wasm-compose", "wac"],
        why: "an import that holds only types stays open; ours needs no host for it",
        explains: |set, ours, answer| match (ours, answer) {
            (Ok(ours), Ok(theirs)) => imports_types_only(&set.wiring) && lacks_lines(ours, theirs),
            _ => false,
        },
    },
    Difference {
        composers: &["wac"],
        why: "it panics on some types that the world itself declares",
        explains: |_, _, answer| answer.as_ref().is_err_and(|why| why.starts_with("panicked: ")),
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
    assert!(sets.len() > before + 30, "too few worlds of wit-smith could be used");
    sets
}

#[test]
fn all_composers_agree() {
    let mut used = vec![false; DIFFERENCES.len()];
    let mut wrong = Vec::new();
    for set in sets() {
        let ours = outside(compose(&set.wiring));
        if ours.is_ok() != set.fits {
            wrong.push(format!("{}: ours, which should fit={}: {ours:?}", set.name, set.fits));
            continue;
        }
        let others = [
            ("wasm-compose", outside(oracle_wasm_compose(&set.wiring))),
            ("wac", outside(oracle_wac(&set.wiring))),
        ];
        for (composer, answer) in others {
            let same = match (&ours, &answer) {
                (Ok(ours), Ok(other)) => ours == other,
                (Err(_), Err(_)) => true,
                _ => false,
            };
            if same {
                continue;
            }
            let row = DIFFERENCES.iter().position(|difference| {
                difference.composers.contains(&composer)
                    && (difference.explains)(&set, &ours, &answer)
            });
            match row {
                Some(row) => used[row] = true,
                None => wrong.push(unexplained(&set.name, composer, &ours, &answer)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (difference, used) in DIFFERENCES.iter().zip(used) {
        assert!(used, "no longer true of {:?}: {}", difference.composers, difference.why);
    }
}

fn unexplained(set: &str, composer: &str, ours: &Answer, theirs: &Answer) -> String {
    let text = |answer: &Answer| match answer {
        Ok(outside) => outside.clone(),
        Err(why) => format!("refused: {why}\n"),
    };
    let name = format!("{set}: {composer} (+) from ours (-)");
    difference(&name, &text(ours), &text(theirs))
}

/// Our composer, told the same edges.
fn compose(wiring: &Wiring) -> Result<Vec<u8>, String> {
    let name = |part: usize| wiring.parts[part].name.clone();
    let inputs =
        wiring.parts.iter().map(|p| joggle_compose::Input::of_bytes(&p.name, p.bytes.clone()));
    let links = wiring.edges.iter().map(|edge| Link {
        import: ImportSpec { consumer: name(edge.consumer), import: edge.import.clone() },
        provider: name(edge.provider),
        export: Some(edge.export.clone()),
    });
    let options =
        Options { links: links.collect(), roots: vec![name(wiring.root)], ..Options::default() };
    let request = Request { inputs: inputs.collect(), options, ..Request::default() };
    let composition = joggle_compose::compose(&request).map_err(|problems| {
        let all: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
        all.join("; ")
    })?;
    Ok(composition.to_vec())
}

/// The sorted WIT, without external ids: the other composers drop them, and no
/// type depends on them.
fn outside(answer: Result<Vec<u8>, String>) -> Answer {
    let wit = sorted_wit(&answer?).map_err(|error| format!("no readable result: {error:#}"))?;
    let kept = wit.lines().filter(|line| !line.trim_start().starts_with("@external-id("));
    Ok(kept.collect::<Vec<_>>().join("\n"))
}

/// Whether `less` is `more` with some lines left out.
fn lacks_lines(less: &str, more: &str) -> bool {
    let mut more = more.lines().filter(|line| !line.is_empty());
    less.lines().filter(|line| !line.is_empty()).all(|line| more.any(|other| other == line))
}

/// Whether a part has an import without functions and resources that no part provides.
fn imports_types_only(wiring: &Wiring) -> bool {
    wiring.parts.iter().enumerate().any(|(number, part)| {
        let Ok((resolve, world)) = decoded(&part.bytes) else {
            return false;
        };
        resolve.worlds[world].imports.iter().any(|(key, item)| {
            let name = resolve.name_world_key(key);
            let wired = |edge: &Edge| edge.consumer == number && edge.import == name;
            let types_only = match item {
                WorldItem::Interface { id, .. } => {
                    let interface = &resolve.interfaces[*id];
                    let mut types = interface.types.values();
                    interface.functions.is_empty() && !types.any(|ty| is_resource(&resolve, *ty))
                }
                // Another name for a resource needs no provider, a resource does.
                WorldItem::Type { id, .. } => {
                    !matches!(resolve.types[*id].kind, TypeDefKind::Resource)
                }
                WorldItem::Function(_) => false,
            };
            types_only && !wiring.edges.iter().any(wired)
        })
    })
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
        WorldItem::Interface { id, .. } if resolve.name_world_key(key) == export => {
            resolve.interfaces[*id].types.values().any(|ty| is_resource(&resolve, *ty))
        }
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

/// Whether the root exports an interface with types of one that it consumes.
fn exports_inner_types(wiring: &Wiring) -> bool {
    let Ok((resolve, world)) = decoded(&wiring.parts[wiring.root].bytes) else {
        return false;
    };
    let consumed = |owner: TypeOwner| match owner {
        TypeOwner::Interface(id) => wiring.edges.iter().any(|edge| {
            edge.consumer == wiring.root && resolve.id_of(id).as_ref() == Some(&edge.import)
        }),
        TypeOwner::World(_) | TypeOwner::None => false,
    };
    resolve.worlds[world].exports.values().any(|item| match item {
        WorldItem::Interface { id, .. } => {
            resolve.interfaces[*id].types.values().any(|ty| match resolve.types[*ty].kind {
                TypeDefKind::Type(wit_parser::Type::Id(from)) => {
                    consumed(resolve.types[from].owner)
                }
                _ => false,
            })
        }
        WorldItem::Function(_) | WorldItem::Type { .. } => false,
    })
}
