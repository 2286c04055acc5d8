//! Random worlds: building never panics, parts come before wholes, and the same
//! input gives the same model.

use joggle_load::{Artifact, Bytes, Wit, load_bytes};

use super::dump;
use crate::build::{Options, Types, build};
use crate::model::{DefKind, Type, World};

/// Bytes that look random and are the same on each run.
fn entropy(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..count).map(|_| next()).collect()
}

fn random(seed: u64) -> Option<Wit> {
    let config = wit_smith::Config {
        max_packages: 3,
        max_type_size: 60,
        async_: true,
        futures: true,
        streams: true,
        error_context: true,
        fixed_length_lists: true,
        ..wit_smith::Config::default()
    };
    let bytes = entropy(seed, 4000);
    let wasm = wit_smith::smith(&config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    match load_bytes("random.wasm", Bytes::from(wasm)) {
        Ok(Artifact::Wit(wit)) => Some(*wit),
        Ok(_) | Err(_) => None,
    }
}

#[test]
fn every_random_world_is_built_and_always_alike() {
    let mut count = 0;
    let mut united = 0;
    for seed in 1..1500 {
        let Some(wit) = random(seed) else { continue };
        for (id, _) in &wit.resolve.worlds {
            let unified = build(&wit, id, &Options { types: Types::Unified });
            let apart = build(&wit, id, &Options { types: Types::Apart });
            let (Ok(unified), Ok(apart)) = (unified, apart) else {
                panic!("seed {seed}: a world that wit-smith made has no model");
            };
            let again = build(&wit, id, &Options::default()).expect("it was built before");
            assert_eq!(dump::world(&unified.world), dump::world(&again.world));
            assert_eq!(unified.section, again.section);
            ordered(&unified.world);
            sound(&unified.world);
            assert!(apart.world.defs.values().all(|def| def.same_as.is_none()));
            united += unified.world.defs.values().filter(|def| def.same_as.is_some()).count();
            count += 1;
        }
    }
    assert!(count > 1000, "only {count} worlds were built");
    assert!(united > 20, "only {united} definitions were united");
}

#[test]
fn a_binary_means_what_its_printed_text_means() {
    let mut count = 0;
    for seed in 1..400 {
        let (Some(bare), Some(printed)) = (random(seed), random(seed).map(Wit::with_text)) else {
            continue;
        };
        let worlds = |wit: &Wit| {
            let package = &wit.resolve.packages[wit.package];
            package.worlds.iter().map(|(name, id)| (name.clone(), *id)).collect::<Vec<_>>()
        };
        for ((name, one), (other_name, other)) in worlds(&bare).into_iter().zip(worlds(&printed)) {
            assert_eq!(name, other_name);
            let one = build(&bare, one, &Options::default()).expect("it is built as it is");
            let other = build(&printed, other, &Options::default()).expect("the text is built");
            let sizes = |world: &World| {
                (world.types.len(), world.defs.len(), world.functions.len(), world.imports.len())
            };
            assert_eq!(sizes(&one.world), sizes(&other.world), "seed {seed}, world {name}");
            assert!(other.world.defs.values().all(|def| printed.place(def.span).is_some()));
            count += 1;
        }
    }
    assert!(count > 200, "only {count} worlds were compared");
}

/// Parts come before wholes, and each structure is there once.
pub(super) fn ordered(world: &World) {
    let mut seen = std::collections::HashSet::new();
    for (id, ty) in world.types.iter() {
        assert!(seen.insert(ty), "{ty:?} is there twice");
        let parts = match ty {
            Type::List(part) | Type::FixedLengthList(part, _) | Type::Option(part) => vec![*part],
            Type::Map(key, value) => vec![*key, *value],
            Type::Tuple(parts) => parts.clone(),
            Type::Result { ok, err } => ok.iter().chain(err).copied().collect(),
            Type::Stream(part) | Type::Future(part) => part.iter().copied().collect(),
            Type::Def(def) => {
                assert_eq!(world.def_type(*def), Some(id));
                match &world.defs[*def].kind {
                    DefKind::Record(fields) => fields.iter().map(|field| field.ty).collect(),
                    DefKind::Variant(cases) | DefKind::Enum(cases) => {
                        cases.iter().filter_map(|case| case.ty).collect()
                    }
                    DefKind::Alias(target) => vec![*target],
                    DefKind::Flags(_) => Vec::new(),
                    DefKind::ResourceAlias(_) | DefKind::Resource(_) => {
                        panic!("a resource is no value")
                    }
                }
            }
            Type::Own(def) | Type::Borrow(def) => {
                assert!(matches!(world.defs[*def].kind, DefKind::Resource(_)));
                Vec::new()
            }
            Type::Bool
            | Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::S8
            | Type::S16
            | Type::S32
            | Type::S64
            | Type::F32
            | Type::F64
            | Type::Char
            | Type::String
            | Type::ErrorContext => Vec::new(),
        };
        assert!(parts.iter().all(|part| *part < id), "{ty:?} comes before its parts");
    }
}

/// What was united is of one layout, and what stands for it for nothing else.
pub(super) fn sound(world: &World) {
    for (id, def) in world.defs.iter() {
        let Some(first) = def.same_as else { continue };
        assert!(first < id && world.defs[first].same_as.is_none());
        assert_eq!(world.defs[first].name, def.name);
        let (Some(one), Some(other)) = (world.def_type(first), world.def_type(id)) else {
            panic!("a resource was united");
        };
        assert_eq!(world.layout(one), world.layout(other));
        assert_eq!(world.facts(one), world.facts(other));
        assert_eq!(world.canonical(one), world.canonical(other));
    }
}
