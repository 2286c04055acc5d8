//! Where the world comes from: the sections of a module, the WIT beside it, or both.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use joggle_componentize::{
    Adapters, Component, Given, Problem, Request, componentize, needs_world,
};
use joggle_load::{Artifact, Binary, Bytes, Wit, load_bytes};
use wit_component::StringEncoding;

fn wit(text: &str) -> Wit {
    match load_bytes("given.wit", Bytes::from(text.as_bytes().to_vec())) {
        Ok(Artifact::Wit(wit)) => *wit,
        other => panic!("this is no WIT: {other:?}"),
    }
}

/// A module out of text, with the worlds of WIT in its sections.
fn module(text: &str, worlds: &[&str]) -> Binary {
    let mut bytes = wat::parse_str(text).unwrap();
    for world in worlds {
        let wit = wit(world);
        let world = *wit.resolve.packages[wit.package].worlds.values().next().unwrap();
        let utf8 = StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut bytes, &wit.resolve, world, utf8, false)
            .unwrap();
    }
    let name = "core.wasm".to_owned();
    Binary { stem: "core".to_owned(), file_name: name.clone(), name, bytes: bytes.into() }
}

fn made(module: &Binary, given: Option<&Wit>) -> Result<Component, Vec<Problem>> {
    let given = given.map(|wit| {
        let world = *wit.resolve.packages[wit.package].worlds.values().next().unwrap();
        Given { wit, world }
    });
    let adapters = Adapters::default();
    componentize(&Request { module, given, adapters: &adapters, strip: false, version: "1.2.3" })
}

const RUN: &str = "package a:run; world run { export run: func(); }";
const STOP: &str = "package a:stop; world stop { export stop: func(); }";

#[test]
fn worlds_are_put_together() {
    let both = r#"(module (func (export "run")) (func (export "stop")))"#;
    let first = made(&module(both, &[RUN, STOP]), None).unwrap();
    assert_eq!(first.report.exports, ["run", "stop"]);
    let second = made(&module(both, &[RUN]), Some(&wit(STOP))).unwrap();
    assert_eq!(second.report.exports, ["run", "stop"]);
    assert_eq!(
        second.report.worlds,
        ["a:run/run, as the module says", "a:stop/stop, of given.wit"]
    );
    // The same world twice is one.
    let twice = made(&module(both, &[RUN]), Some(&wit(RUN))).unwrap();
    assert_eq!(twice.report.exports, ["run"]);
}

#[test]
fn what_is_missing_of_any_world_is_told_in_its_text() {
    let one = r#"(module (func (export "run")))"#;
    let problems = made(&module(one, &[RUN]), Some(&wit(STOP))).unwrap_err();
    let [Problem::MissingExport { message, text, labels, .. }] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert!(message.contains("`stop`"), "{message}");
    assert_eq!(text.as_ref().map(|text| text.name()), Some("given.wit"));
    assert_eq!(labels.first().map(miette::LabeledSpan::offset), Some(STOP.find("stop:").unwrap()));
    let problems = made(&module(one, &[RUN, STOP]), None).unwrap_err();
    let [Problem::MissingExport { text, .. }] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(text.as_ref().map(|text| text.name()), Some("core.wasm (as WIT)"));
}

#[test]
fn worlds_that_do_not_agree_are_refused() {
    let other = "package a:shared; interface i { f: func(a: u8); } world w { import i; }";
    let one = "package a:shared; interface i { f: func(a: u16); } world w { import i; }";
    let problems = made(&module("(module)", &[one]), Some(&wit(other))).unwrap_err();
    assert!(matches!(problems.as_slice(), [Problem::WorldConflict { .. }]), "{problems:?}");
}

#[test]
fn imports_may_be_of_another_version_of_the_track_and_exports_not() {
    let world = "package a:b@1.4.0; interface i { f: func(); } world w { import i; export i; }";
    let text = |import: &str, export: &str| {
        format!(
            r#"(module (import "a:b/i@{import}" "f" (func)) (func (export "a:b/i@{export}#f")))"#
        )
    };
    let fits = |import: &str, export: &str| made(&module(&text(import, export), &[world]), None);
    assert!(fits("1.4.0", "1.4.0").is_ok());
    assert!(fits("1.2.0", "1.4.0").is_ok());
    let problems = fits("2.0.0", "1.2.0").unwrap_err();
    let [Problem::MissingExport { help, .. }, Problem::UnknownImport { help: other, .. }] =
        problems.as_slice()
    else {
        panic!("{problems:?}");
    };
    assert!(help.starts_with("there is `a:b/i@1.2.0#f`: the bindings are of another"), "{help}");
    assert!(other.starts_with("the world has `a:b/i@1.4.0`"), "{other}");
}

#[test]
fn the_program_is_among_the_producers() {
    let component = made(&module(r#"(module (func (export "run")))"#, &[RUN]), None).unwrap();
    let producers = wasm_metadata::Producers::from_wasm(&component.bytes).unwrap().unwrap();
    let tools = producers.get("processed-by").unwrap();
    assert_eq!(tools.get("joggle").map(String::as_str), Some("1.2.3"));
}

#[test]
fn who_needs_a_world() {
    let needs = |text: &str, worlds: &[&str]| needs_world(&module(text, worlds)).unwrap();
    assert!(needs("(module)", &[]));
    assert!(!needs("(module)", &[RUN]));
    let program = r#"(module
        (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
        (func (export "_start")))"#;
    assert!(!needs(program, &[]));
    let more = r#"(module
        (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
        (import "a:b/c" "d" (func))
        (func (export "_start")))"#;
    assert!(needs(more, &[]));
}
