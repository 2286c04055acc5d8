//! A component that is made for a world fits that world; one with an export
//! less does not. The worlds are dreamt up by `wit-smith`.

use joggle_check::profile;
use joggle_check::world::{World, fit};
use joggle_diag::Report;
use joggle_load::{Artifact, Bytes, load_bytes};
use joggle_testsuite::components::dummy_of;
use joggle_testsuite::generate::smithed_world;
use wit_parser::{Resolve, WorldId};

/// The world as the command gets it: out of a WIT package in binary form.
fn wanted(resolve: &Resolve, world: WorldId) -> Option<World> {
    let package = resolve.worlds[world].package?;
    let bytes = wit_component::encode(resolve, package, false).ok()?;
    let artifact = load_bytes("world.wasm", Bytes::from(bytes)).ok()?;
    World::of(&artifact, Some(&resolve.worlds[world].name)).ok()
}

/// What a component made for the world imports and exports.
fn given(resolve: &Resolve, world: WorldId) -> Option<World> {
    let bytes = Bytes::from(dummy_of(resolve, world).ok()?);
    match load_bytes("component.wasm", bytes).ok()? {
        Artifact::Component(binary) => World::of_component(&binary).ok(),
        Artifact::Module(_) | Artifact::Wit(_) => None,
    }
}

#[test]
fn a_component_fits_its_world_and_with_an_export_less_it_does_not() {
    let (mut fitting, mut lacking) = (0, 0);
    for seed in 0..400 {
        let Some((resolve, world)) = smithed_world(seed) else { continue };
        let Some(wanted) = wanted(&resolve, world) else { continue };
        let Some(whole) = given(&resolve, world) else { continue };
        let found: Vec<Report> = fit(&whole, &wanted).iter().map(|m| Report::of(m)).collect();
        assert_eq!(found, [], "seed {seed}");
        fitting += 1;
        let mut less = resolve.clone();
        let dropped = less.worlds[world].exports.pop();
        let Some(less) = given(&less, world) else { continue };
        let found = fit(&less, &wanted);
        assert!(!found.is_empty(), "seed {seed}: without {dropped:?} it still fits");
        lacking += 1;
    }
    assert!(fitting > 30 && lacking > 20, "too few worlds could be used: {fitting}, {lacking}");
}

/// Nothing in the bytes of an input may make a check panic or hang.
#[test]
fn damaged_components_are_answered() {
    let quickstart = joggle_testsuite::files::repository().join("fixtures/quickstart");
    let command = World::bundled("wasi:cli/command@0.2").expect("it is built in");
    let profiles: Vec<_> =
        profile::names().map(|name| profile::built_in(name).expect("it is built in")).collect();
    // wit-parser gives up by panicking, on a thread of its own; that is no news.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut dice, mut answered) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    for name in ["calculator.wasm", "cli.wasm"] {
        let whole = std::fs::read(quickstart.join(name)).expect("it is there");
        for _ in 0..200 {
            let mut bytes = whole.clone();
            for _ in 0..3 {
                // xorshift: the same damage in every run.
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                let at = usize::try_from(dice >> 8).unwrap_or(0) % bytes.len();
                bytes[at] = dice.to_le_bytes()[0];
            }
            let Ok(artifact) = load_bytes(name, Bytes::from(bytes)) else { continue };
            let outside = World::of(&artifact, None);
            let profile = &profiles[usize::from(dice.to_le_bytes()[1]) % profiles.len()];
            let verdict = profile::check(profile, &artifact, outside.as_ref().ok());
            for objection in &profile::gathered(verdict.objections) {
                drop(Report::of(objection));
            }
            if let Ok(component) = outside {
                for misfit in &fit(&component, &command) {
                    drop(Report::of(misfit));
                }
                answered += 1;
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(answered > 50, "only {answered} damaged components could still be read");
}
