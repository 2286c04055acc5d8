//! Tests of the names of features and of lists of them.

use super::*;

fn names(list: &str) -> Vec<&'static str> {
    let features = Features::parse(list).expect("the list is well-formed");
    features.iter().map(Feature::name).collect()
}

#[test]
fn every_flag_of_the_validator_has_a_name() {
    let unnamed =
        WasmFeatures::CALL_INDIRECT_OVERLONG | WasmFeatures::BULK_MEMORY_OPT | super::ALWAYS;
    let named = Feature::all().fold(unnamed, |bits, feature| bits | feature.bits());
    assert_eq!(WasmFeatures::all().difference(named), WasmFeatures::empty());
}

#[test]
fn names_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    let aliases = FEATURES.iter().flat_map(|f| f.aliases.iter().copied());
    for name in known().into_iter().chain(aliases) {
        assert!(seen.insert(name), "`{name}` occurs twice");
    }
}

#[test]
fn the_base_is_the_second_edition_and_components() {
    assert_eq!(Features::base().bits(), WasmFeatures::WASM2 | WasmFeatures::COMPONENT_MODEL);
    let shipped = Features::parse("shipped").expect("a set");
    assert_eq!(shipped.bits(), WasmFeatures::default());
}

#[test]
fn a_list_is_read_from_left_to_right() {
    let base = names("base");
    assert_eq!(names("base,map,-map"), base);
    assert_eq!(names("gc").len(), base.len() + 1);
    assert!(!names("-simd").contains(&"simd"));
    assert!(names("-simd").contains(&"stack-switching"));
    assert!(names("wasm3,-gc").contains(&"multi-memory"));
    assert!(!names("wasm3,-gc").contains(&"gc"));
    assert!(!names("mvp").contains(&"sign-extension"));
    assert!(names("stackful, cm_map").contains(&"async-stackful"));
}

#[test]
fn a_name_that_nothing_has_is_refused_with_the_nearest() {
    let error = Features::parse("multi-memroy").expect_err("a typo");
    assert!(
        matches!(&error, FeatureError::Unknown { help, .. } if help.contains("`multi-memory`"))
    );
    assert!(matches!(Features::parse(" , "), Err(FeatureError::Empty)));
}
