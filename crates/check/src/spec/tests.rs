//! Tests of checking by the specification: findings, their places, and where
//! checking stops. Damaged files and DWARF have files of their own.

use super::*;
use crate::features::runtimes::{Answer, Obstacle};

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is well-formed")
}

fn check_wat(text: &str) -> Spec {
    check(&wat(text), &Features::default())
}

/// Place and words of each finding.
fn findings(spec: &Spec) -> Vec<(String, &str)> {
    spec.findings.iter().map(|f| (f.place.to_string(), f.message.as_str())).collect()
}

fn places(spec: &Spec) -> Vec<String> {
    spec.findings.iter().map(|f| f.place.to_string()).collect()
}

fn stops(spec: &Spec) -> Vec<(String, Skipped)> {
    spec.stopped.iter().map(|s| (s.place.to_string(), s.skipped)).collect()
}

#[test]
fn every_bad_function_is_found_at_its_place() {
    let spec = check_wat(
        r#"(component $app
            (component $auth
                (core module $main
                    (import "host" "log" (func))
                    (func)
                    (func $handle (result i32) i64.const 1)
                    (func (export "exported") (result i32)))
                (core module
                    (func (result i64) i32.const 1))))"#,
    );
    assert_eq!(
        findings(&spec),
        [
            (
                r#"component "auth" > core module "main" > func "handle""#.to_owned(),
                "type mismatch: expected i32, found i64"
            ),
            (
                r#"component "auth" > core module "main" > func "exported""#.to_owned(),
                "type mismatch: expected i32 but nothing on stack"
            ),
            (
                r#"component "auth" > core module 1 > func 0"#.to_owned(),
                "type mismatch: expected i64, found i32"
            ),
        ]
    );
    assert_eq!(stops(&spec), []);
    assert!(spec.runtimes.is_empty());
}

#[test]
fn names_come_from_exports_and_from_the_modules_themselves() {
    let inner = wat("(module $self (func))");
    let mut bytes = wat(
        r#"(component (import "m" (core module)) (core module (func (result i32))) (export "out" (core module 1)))"#,
    );
    let spec = check(&bytes, &Features::default());
    assert_eq!(places(&spec), [r#"core module "out" > func 0"#]);
    // A module section with a damaged function, behind everything else.
    let mut damaged = inner.clone();
    let end = damaged.iter().rposition(|&b| b == 0x0b).expect("the end of the function");
    damaged[end] = 0x1a;
    bytes.extend([1, u8::try_from(damaged.len()).expect("a short module")]);
    bytes.extend(damaged);
    let spec = check(&bytes, &Features::default());
    assert_eq!(places(&spec)[1], r#"core module "self" > func 0"#);
}

#[test]
fn modules_beside_and_after_a_broken_one_are_checked() {
    let spec = check_wat(
        r"(component
            (core module $before (func (result i32)))
            (core module $broken (func (type 7)))
            (core module $after (func $f (result i32)))
            (component $nested
                (core module $inside (func (result i64)))))",
    );
    assert_eq!(
        places(&spec),
        [
            r#"core module "before" > func 0"#,
            r#"core module "broken""#,
            r#"core module "after" > func "f""#,
            r#"component "nested" > core module "inside" > func 0"#,
        ]
    );
    assert_eq!(
        stops(&spec),
        [
            (r#"core module "broken""#.to_owned(), Skipped::RestOfModule),
            (String::new(), Skipped::RestOfComponent),
        ]
    );
}

#[test]
fn a_module_is_checked_to_its_end_where_that_makes_sense() {
    let spec = check_wat(
        r#"(module
            (export "no such" (func 9))
            (start 1)
            (func (result i32))
            (func (param i32))
            (data (i32.const 0) "no memory"))"#,
    );
    assert_eq!(places(&spec), ["", "", "func 0", ""]);
    assert_eq!(stops(&spec), []);
    // The component around cannot use a module whose exports are wrong.
    let spec = check_wat(
        r#"(component
            (core module (export "no such" (func 9)))
            (core instance (instantiate 0))
            (core module (func (result i32))))"#,
    );
    assert_eq!(places(&spec), ["core module 0", "core module 1 > func 0"]);
    assert_eq!(stops(&spec), [(String::new(), Skipped::RestOfComponent)]);
}

#[test]
fn what_follows_a_mistake_of_the_component_itself_is_checked() {
    let spec = check_wat(
        r#"(component
            (type $outer u32)
            (core instance (instantiate 5))
            (component $dependent
                (alias outer 1 0 (type $t))
                (export "t" (type $t))
                (core module $deep (func (result i32))))
            (component $independent
                (core module $main (func (result i32)))
                (core instance (instantiate 3))))"#,
    );
    assert_eq!(
        places(&spec),
        [
            "",
            r#"component "dependent" > core module "deep" > func 0"#,
            r#"component "independent" > core module "main" > func 0"#,
            r#"component "independent""#,
        ]
    );
    assert_eq!(
        stops(&spec),
        [
            (String::new(), Skipped::RestOfComponent),
            (r#"component "dependent""#.to_owned(), Skipped::OuterReferences),
            (r#"component "independent""#.to_owned(), Skipped::RestOfComponent),
        ]
    );
}

#[test]
fn a_finding_says_the_feature_that_is_not_allowed() {
    let bytes = wat("(module (func $f return_call 0))");
    assert!(check(&bytes, &Features::default()).is_valid());
    let spec = check(&bytes, &Features::base());
    let missing: Vec<_> = spec.findings.iter().map(|f| f.missing.map(Feature::name)).collect();
    assert_eq!(missing, [Some("tail-call")]);
    let invalid = spec.findings[0].diagnostic("app.wasm", spec.kind);
    let text = "`app.wasm` is not a valid core module without the feature `tail-call`: \
                in func \"f\", tail calls support is not enabled (at byte 0x17)";
    assert_eq!(invalid.to_string(), text);
}

#[test]
fn a_feature_is_named_where_the_validator_does_not_name_it() {
    let missing = |text: &str, features: &str| -> Vec<_> {
        let features = Features::parse(features).expect("the list is well-formed");
        let spec = check(&wat(text), &features);
        spec.findings.iter().map(|f| f.missing.map(Feature::name)).collect()
    };
    let memories = "(module (memory 1) (memory 1) (func (result i32)))";
    assert_eq!(missing(memories, "base"), [Some("multi-memory")]);
    assert_eq!(missing(memories, "multi-memory"), [None]);
    // Another feature that the file needs as well is not to blame.
    let both = "(module (memory 1) (memory 1) (func $f) (func return_call $f))";
    assert_eq!(missing(both, "wasm2"), [Some("multi-memory")]);
    assert_eq!(missing(both, "wasm2,multi-memory"), [Some("tail-call")]);
    assert_eq!(missing("(component)", "-component-model"), [Some("component-model")]);
    assert_eq!(missing("(component (type (list u8 4)))", "shipped"), [Some("fixed-length-lists")]);
}

fn needs(text: &str) -> Vec<&'static str> {
    let bytes = wat(text);
    let spec = check(&bytes, &Features::default());
    assert_eq!(findings(&spec), []);
    // The least is enough, and each is needed.
    let exactly = Features::of(Features::base().iter().chain(spec.needs.iter().copied()));
    assert!(check(&bytes, &exactly).is_valid(), "{text}: {:?} is not enough", spec.needs);
    for left_out in &spec.needs {
        let others = spec.needs.iter().copied().filter(|feature| feature != left_out);
        let fewer = Features::of(Features::base().iter().chain(others));
        assert!(!check(&bytes, &fewer).is_valid(), "{text}: `{left_out}` is not needed");
    }
    spec.needs.iter().map(|feature| feature.name()).collect()
}

#[test]
fn the_features_that_a_file_needs_are_found() {
    let cases: &[(&str, &[&str])] = &[
        ("(module (func (result v128) v128.const i64x2 0 0))", &[]),
        ("(component)", &[]),
        ("(module (func return_call 0))", &["tail-call"]),
        ("(module (memory 1) (memory 1))", &["multi-memory"]),
        ("(module (memory i64 1))", &["memory64"]),
        ("(module (memory 1 1 shared))", &["threads"]),
        ("(module (func (drop (ref.i31 (i32.const 1)))))", &["gc"]),
        ("(module (type (struct)) (func (drop (struct.new 0))))", &["gc"]),
        ("(module (tag) (func (throw 0)))", &["exceptions"]),
        ("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", &["extended-const"]),
        ("(module (func (param (ref func))))", &["function-references"]),
        ("(module (memory 1 (pagesize 1)))", &["custom-page-sizes"]),
        (
            "(module (func (drop (i8x16.relaxed_swizzle
                (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))",
            &["relaxed-simd"],
        ),
        (
            "(module (func (param i64 i64 i64 i64) (result i64 i64)
                local.get 0 local.get 1 local.get 2 local.get 3 i64.add128))",
            &["wide-arithmetic"],
        ),
        ("(component (type (map string u32)))", &["map"]),
        ("(component (type (stream u8)) (type (map u8 u8)))", &["async", "map"]),
        ("(component (type (func async)))", &["async"]),
        ("(component (type (list u8 4)))", &["fixed-length-lists"]),
        ("(component (core func (canon error-context.drop)))", &["error-context"]),
        (
            r#"(component
                (type (instance))
                (import "a:b/c" (instance (type 0)))
                (import "primary" (implements "a:b/c") (instance (type 0))))"#,
            &["implements"],
        ),
        (
            "(component (component (core module (memory 1) (memory 1)
                (func return_call 0))))",
            &["tail-call", "multi-memory"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(needs(text), *expected, "{text}");
    }
}

#[test]
fn runtimes_have_their_say_about_a_valid_file() {
    let spec = check_wat("(component (type (func async)))");
    let takes: Vec<_> = spec.runtimes.iter().filter(|v| v.runtime.components).collect();
    assert!(!takes.is_empty());
    let browser = spec.runtimes.iter().find(|v| !v.runtime.components);
    let answer = browser.map(|verdict| &verdict.answer);
    assert_eq!(answer, Some(&Answer::No(Obstacle::TakesNoComponents)));
}

#[test]
fn a_runtime_that_lacks_a_part_of_the_base_says_so() {
    let answer = |text: &str| {
        let spec = check_wat(text);
        assert_eq!(spec.needs, []);
        spec.runtimes.into_iter().find(|v| v.runtime.name == "wasmi").map(|v| v.answer)
    };
    assert_eq!(answer("(module (func))"), Some(Answer::Runs));
    let vector = answer("(module (func (drop (v128.const i64x2 0 0))))");
    let Some(Answer::WithFlags(flags)) = vector else { panic!("{vector:?}") };
    assert_eq!(flags[0].feature.name(), "simd");
}
