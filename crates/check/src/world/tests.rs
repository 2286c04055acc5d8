//! Components against worlds: what fits, what does not, and how worlds are chosen.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them that way")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use joggle_diag::Report;
use joggle_load::{Artifact, Bytes, load_bytes};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

use super::{World, WorldError, fit};

fn load(name: &str, bytes: Vec<u8>) -> Artifact {
    load_bytes(name, Bytes::from(bytes)).unwrap_or_else(|error| panic!("{error:?}"))
}

fn wit(text: &str) -> Artifact {
    load("world.wit", text.as_bytes().to_vec())
}

/// A component that does nothing and has the imports and exports of a world.
fn dummy(resolve: &Resolve, world: wit_parser::WorldId) -> Vec<u8> {
    let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = wit_component::dummy_module(resolve, world, mangling);
    let encoding = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, resolve, world, encoding, false)
        .unwrap_or_else(|error| panic!("{error:#}"));
    let mut encoder = wit_component::ComponentEncoder::default();
    let encoder = encoder.module(&module);
    encoder
        .and_then(wit_component::ComponentEncoder::encode)
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// The component of a world, as a world again.
fn component(text: &str) -> World {
    let Artifact::Wit(wit) = wit(text) else { panic!("this is WIT") };
    let world = *wit.resolve.packages[wit.package]
        .worlds
        .values()
        .next()
        .unwrap_or_else(|| panic!("a world"));
    of(&load("app.wasm", dummy(&wit.resolve, world)), None)
}

fn of(artifact: &Artifact, name: Option<&str>) -> World {
    World::of(artifact, name).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Codes, messages, advice and marked places.
fn shown(component: &World, world: &World) -> String {
    let mut text = String::new();
    for misfit in fit(component, world) {
        let report = Report::of(&misfit);
        let _ = writeln!(text, "{}: {}", report.code.unwrap_or_default(), report.message);
        let _ = writeln!(text, "  = {}", report.help.unwrap_or_default());
        let sides = report.related.iter().flat_map(|side| &side.labels);
        for label in report.labels.iter().chain(sides) {
            let said = label.text.as_deref().unwrap_or_default();
            let _ = writeln!(text, "  @ {}:{}: {said}", label.source, label.line);
        }
    }
    text
}

fn check(component_wit: &str, world_wit: &str, expected: &Expect) {
    expected.assert_eq(&shown(&component(component_wit), &of(&wit(world_wit), None)));
}

#[test]
fn a_component_may_want_less_and_give_more() {
    check(
        "package demo:app; interface i { f: func(); g: func(); }
         world app { import i; import log: func(s: string); export run: func(); export more: func(); }",
        "package demo:app; interface i { f: func(); g: func(); h: func(); }
         world host { import i; import log: func(s: string); import time: func() -> u64; export run: func(); }",
        &expect![""],
    );
}

#[test]
fn versions_of_a_track_fit_either_way() {
    let package = |version: &str, more: &str| {
        format!(
            "package dep:io@{version} {{ interface s {{ resource r {{ a: func(); {more} }} }} interface u {{ use s.{{r}}; get: func() -> r; }} }}"
        )
    };
    let low = format!(
        "package demo:a; {} world w {{ import dep:io/u@0.2.0; export dep:io/s@0.2.0; }}",
        package("0.2.0", "")
    );
    let high = format!(
        "package demo:b; {} world w {{ import dep:io/u@0.2.6; export dep:io/s@0.2.6; }}",
        package("0.2.6", "")
    );
    check(&low, &high, &expect![""]);
    check(&high, &low, &expect![""]);
}

#[test]
fn all_that_is_missing_is_told() {
    check(
        "package demo:app; interface store { get: func(); }
         package dep:io@0.3.0 { interface s { f: func(); } }
         world app { import store; import log: func(); import dep:io/s@0.3.0; export ran: func(); }",
        "package demo:host; interface handler { handle: func(); }
         package dep:io@0.2.0 { interface s { f: func(); } }
         world host { import logs: func(); import dep:io/s@0.2.0; export run: func(); export handler; }",
        &expect![[r#"
            check::unoffered-import: `app.wasm` imports the interface `demo:app/store`, which the world `demo:host/host` does not offer
              = link a component that has it: joggle compose app.wasm PROVIDER.wasm -o fitted.wasm
            or import it in the world, if the host has it
            check::unoffered-import: `app.wasm` imports the interface `dep:io/s@0.3.0`, which the world `demo:host/host` does not offer
              = the world offers `dep:io/s@0.2.0`, whose version is not compatible: build `app.wasm` against that version
            check::unoffered-import: `app.wasm` imports the function `log`, which the world `demo:host/host` does not offer
              = the world offers `logs`: is that what is meant?
              @ app.wasm (as WIT):6: not offered by the world
            check::missing-export: `app.wasm` does not export the function `run`, which the world `demo:host/host` wants
              = it exports `ran`: is that what is meant?
              @ world.wit (printed):11: wanted here
            check::missing-export: `app.wasm` does not export the interface `demo:host/handler`, which the world `demo:host/host` wants
              = export it in the world that `app.wasm` is built from, and implement it;
            or link a component that exports it: joggle compose app.wasm PROVIDER.wasm --export demo:host/handler -o fitted.wasm
              @ world.wit (printed):12: wanted here
        "#]],
    );
}

#[test]
fn both_sides_of_a_mismatch_are_told() {
    check(
        "package demo:app; interface i { record p { x: u32 } f: func(p: p) -> string; g: func(); }
         world app { import i; export run: func() -> u32; }",
        "package demo:app; interface i { record p { x: u64 } f: func(p: p) -> string; }
         world host { import i; export run: func() -> u64; }",
        &expect![[r#"
            check::type-mismatch: `app.wasm` imports `demo:app/i` otherwise than the world `demo:app/host` has it:
              i.f(p: p): record p: field "x": the component has u32, the world has u64
              i: function "g" is not in the world
              = build `app.wasm` from the WIT that the world is made of
              @ app.wasm (as WIT):11: the component has u32, the world has u64
              @ app.wasm (as WIT):16: function "g" is not in the world
              @ world.wit (printed):5: the component has u32, the world has u64
              @ world.wit (printed):3: function "g" is not in the world
            check::type-mismatch: `app.wasm` exports `run` otherwise than the world `demo:app/host` wants it:
              run -> result: the component has u32, the world has u64
              = build `app.wasm` from the WIT that the world is made of
              @ app.wasm (as WIT):6: the component has u32, the world has u64
              @ world.wit (printed):14: the component has u32, the world has u64
        "#]],
    );
}

#[test]
fn an_exported_interface_must_be_whole() {
    check(
        "package demo:app; interface i { f: func(); } world app { export i; }",
        "package demo:app; interface i { f: func(); g: func(); } world host { export i; }",
        &expect![[r#"
            check::type-mismatch: `app.wasm` exports `demo:app/i` otherwise than the world `demo:app/host` wants it:
              i: function "g" is not in the component
              = build `app.wasm` from the WIT that the world is made of
              @ app.wasm (as WIT):7: function "g" is not in the component
              @ world.wit (printed):6: function "g" is not in the component
        "#]],
    );
}

fn refused(result: Result<World, WorldError>) -> String {
    match result {
        Ok(world) => panic!("{world:?}"),
        Err(error) => {
            let report = Report::of(&error);
            format!(
                "{}: {} = {}",
                report.code.unwrap_or_default(),
                report.message,
                report.help.unwrap_or_default()
            )
        }
    }
}

#[test]
fn bundled_worlds_by_whole_and_partial_versions() {
    let name = |name: &str| World::bundled(name).map(|world| world.shown().to_owned());
    for (asked, given) in [
        ("wasi:cli/command@0.2.12", "wasi:cli/command@0.2.12"),
        ("wasi:cli/command@0.2", "wasi:cli/command@0.2.12"),
        ("wasi:cli/command@0.3", "wasi:cli/command@0.3.2"),
        ("wasi:cli/command@0", "wasi:cli/command@0.3.2"),
        ("wasi:http/proxy@0.2", "wasi:http/proxy@0.2.12"),
        // All versions of this one are on one track.
        ("wasi:io/imports", "wasi:io/imports@0.2.12"),
    ] {
        assert_eq!(name(asked).unwrap_or_else(|e| panic!("{asked}: {e}")), given);
    }
    let mut answers = String::new();
    for asked in [
        "wasi:cli/command@0.2.6",
        "wasi:cli/command",
        "wasi:cli/comand@0.2",
        "wasi:cli/stdout@0.2",
        "wasi:cly/command@0.2",
        "other:thing/world",
        "command",
    ] {
        answers += &refused(World::bundled(asked));
        answers.push('\n');
    }
    expect![[r#"
        check::unknown-version: `wasi:cli` is not there in version `0.2.6` = 0.2.12 is compatible with it: --world wasi:cli/command@0.2.12
        check::which-version: `wasi:cli/command` does not say which version: there are 0.2.12 and 0.3.2 = name the track: --world wasi:cli/command@0.3
        check::no-such-world: `wasi:cli@0.2.12` has no world `comand` = did you mean `command`?
        check::interface-given: `wasi:cli/stdout@0.2.12` is an interface, not a world = the worlds of `wasi:cli@0.2.12` are `imports` and `command`
        check::unknown-package: there is no package `wasi:cly` = did you mean `wasi:cli`?
        check::unknown-package: there is no package `other:thing` = give the WIT that has it, with its `deps`: --wit wit/
        check::world-without-package: `command` does not say which package the world is in = give the WIT that has it: --wit wit/ --world command
        or the full name of a world of WASI, which is built in: --world wasi:cli/command@0.2
    "#]].assert_eq(&answers);
}

#[test]
fn worlds_of_an_input_by_name() {
    let several = wit(
        "package demo:app@1.2.0; interface i {} world one {} world two { import wasi:cli/stdout@0.2.12; }",
    );
    assert_eq!(of(&several, Some("two")).shown(), "demo:app/two@1.2.0");
    assert_eq!(of(&several, Some("demo:app/two")).shown(), "demo:app/two@1.2.0");
    assert_eq!(of(&several, Some("demo:app/two@1")).shown(), "demo:app/two@1.2.0");
    // WASI is at hand, used or not.
    assert_eq!(of(&several, Some("wasi:http/proxy@0.2")).shown(), "wasi:http/proxy@0.2.12");
    assert_eq!(of(&wit("package demo:app; world w {}"), Some("demo:app/w")).shown(), "demo:app/w");
    let mut answers = String::new();
    for result in [
        World::of(&several, None),
        World::of_subject(&several),
        World::of_subject(&wit("package demo:none;")),
        World::of(&several, Some("i")),
        World::of(&several, Some("tow")),
        World::of(&several, Some("demo:app/two@2")),
        World::of(&wit("package demo:none; interface i {}"), None),
        World::of(&load("app.wasm", b"(module)".to_vec()), None),
        World::of(&load("app.wasm", b"(component)".to_vec()), Some("w")),
        World::of(
            &load(
                "odd.wasm",
                br#"(component (import "k" (func $k)) (export "z:z/z" (func $k)))"#.to_vec(),
            ),
            None,
        ),
    ] {
        answers += &refused(result);
        answers.push('\n');
    }
    expect![[r#"
        check::which-world: `world.wit` has several worlds: `one` and `two` = name one of them: --world one
        check::not-one-world: `world.wit` has the worlds `one` and `two`, and it takes exactly one to be compared = give a component, or a WIT file with one world in it
        check::not-one-world: `world.wit` has no world, and it takes exactly one to be compared = give a component, or a WIT file with one world in it
        check::interface-given: `demo:app/i@1.2.0` is an interface, not a world = the worlds of `demo:app@1.2.0` are `one` and `two`
        check::no-such-world: `demo:app@1.2.0` has no world `tow` = did you mean `two`?
        check::unknown-version: `demo:app` is not there in version `2` = there is 1.2.0: --world demo:app/two@1.2.0
        check::no-world: `world.wit` has no world = only worlds can be fitted: write one that imports and exports what is wanted, `world my-world { … }`, or name another package
        check::not-a-component: `app.wasm` is a core module, and only a component can fit a world = make a component of it first, with the bindings of its world:
        joggle componentize app.wasm -o component.wasm
        check::component-has-one-world: `app.wasm` is a component, so it has exactly one world, and that has no name = leave `--world w` away, or give the WIT that has this world: --wit wit/
        check::no-wit: the imports and exports of `odd.wasm` cannot be said in WIT = it imports or exports modules, components or values, or functions under the name of an interface: worlds cannot say that, so there is nothing to compare
    "#]].assert_eq(&answers);
}

#[test]
fn a_component_fits_the_world_of_its_equal() {
    let text = "package demo:app; interface i { resource r { constructor(x: u8); } }
                world app { import i; export run: func(); }";
    let one = component(text);
    assert!(fit(&one, &component(text)).is_empty());
    let less = component(
        "package demo:app; interface i { resource r { constructor(x: u8); } }
                          world app { import i; }",
    );
    assert_eq!(fit(&less, &one).len(), 1);
    assert!(fit(&one, &less).is_empty());
}
