//! Worlds out of `wit-smith`: a component for the world, and one that imports
//! all that it exports, with a function of its own.

use arbitrary::Unstructured;
use wit_component::{DecodedWasm, decode};
use wit_parser::{
    Docs, Function, FunctionKind, Resolve, Span, Stability, WorldId, WorldItem, WorldKey,
};

use super::{Dice, Set};
use crate::components::dummy_of;
use crate::oracle::Part;

/// The set of a seed, where the seed's WIT has a world that exports something.
///
/// Not every WIT that `wit-smith` dreams up can be made into a component, so
/// `None` is no failure; a test must look that there are enough others.
#[must_use]
pub fn smithed(seed: u64) -> Option<Set> {
    let (resolve, world) = smithed_world(seed)?;
    pair(seed, &resolve, world)
}

/// The first world of the seed's WIT that exports something.
#[must_use]
pub fn smithed_world(seed: u64) -> Option<(Resolve, WorldId)> {
    let mut dice = Dice::new(seed);
    let bytes: Vec<u8> = (0..512).flat_map(|_| dice.bits().to_le_bytes()).collect();
    let config = wit_smith::Config {
        max_packages: 2,
        max_type_size: 30,
        max_interface_items: 5,
        max_world_items: 5,
        max_pkg_items: 5,
        max_type_parts: 4,
        max_files_per_package: 2,
        max_resource_items: 3,
        ..wit_smith::Config::default()
    };
    let wit = wit_smith::smith(&config, &mut Unstructured::new(&bytes)).ok()?;
    let DecodedWasm::WitPackage(resolve, package) = decode(&wit).ok()? else {
        return None;
    };
    let worlds = resolve.packages[package].worlds.values();
    let world = worlds.copied().find(|world| !resolve.worlds[*world].exports.is_empty())?;
    Some((resolve, world))
}

fn pair(seed: u64, resolve: &Resolve, world: WorldId) -> Option<Set> {
    let provider = dummy_of(resolve, world).ok()?;
    let mut flipped = resolve.clone();
    flipped.importize(world, None).ok()?;
    let run = WorldKey::Name("run-consumer".to_owned());
    flipped.worlds[world].exports.insert(run, WorldItem::Function(function("run-consumer")));
    let consumer = dummy_of(&flipped, world).ok()?;
    let parts = vec![
        Part { name: "provider".to_owned(), bytes: provider },
        Part { name: "consumer".to_owned(), bytes: consumer },
    ];
    let set = Set::of(format!("smithed {seed}"), parts, true).ok()?;
    (!set.wiring.edges.is_empty()).then_some(set)
}

/// `name: func();`, so that the result has something to export.
fn function(name: &str) -> Function {
    Function {
        name: name.to_owned(),
        kind: FunctionKind::Freestanding,
        params: Vec::new(),
        result: None,
        docs: Docs::default(),
        stability: Stability::Unknown,
        span: Span::default(),
        external_id: None,
    }
}
