//! Calls with values as text: what goes in, what comes out, what is refused, and traps.

#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use joggle_diag::Report;
use joggle_host::{Grants, HostError, Invoked, Program, Setup};

const CALCULATOR: &str = include_str!("components/calculator.wat");
const VALUES: &str = include_str!("components/values.wat");

fn invoke(wat: &str, text: &str) -> Result<Invoked, HostError> {
    let bytes = wat::parse_str(wat).expect("the test's WAT is well-formed");
    compiled(bytes).invoke(&Grants::default(), &[], text)
}

fn compiled(bytes: Vec<u8>) -> Program {
    Program::compile("app.wasm", bytes, &Setup::default()).expect("the component compiles")
}

fn result(wat: &str, text: &str) -> String {
    match invoke(wat, text) {
        Ok(invoked) => invoked.result.unwrap_or_else(|| "nothing".to_owned()),
        Err(error) => panic!("{text}: {}", plain(&error)),
    }
}

/// Code, message, place and help of an error, one after the other.
fn plain(error: &HostError) -> String {
    let report = Report::of(error);
    let mut text = format!("{}: {}\n", report.code.unwrap_or_default(), report.message);
    for label in report.labels {
        let place = format!("{}:{}+{}", label.source, label.column, label.length);
        let _ = writeln!(text, "{place}: {}", label.text.unwrap_or_default());
    }
    text + &report.help.unwrap_or_default() + "\n"
}

#[expect(clippy::needless_pass_by_value, reason = "as `expect!` is meant to be used")]
fn refused(wat: &str, text: &str, expected: Expect) {
    let error = invoke(wat, text).expect_err("it is refused");
    expected.assert_eq(&plain(&error));
}

#[test]
fn every_kind_of_value_goes_in_and_comes_out() {
    for (function, value) in [
        ("echo-record", "{x: -7, label: \"two \\\"words\\\"\"}"),
        ("echo-enum", "green"),
        ("echo-flags", "{read, run}"),
        ("echo-flags", "{}"),
        ("echo-variant", "circle(3)"),
        ("echo-variant", "empty"),
        ("echo-option", "some(4)"),
        ("echo-option", "none"),
        ("echo-result", "ok(5)"),
        ("echo-result", "err(\"x\")"),
        ("echo-list", "[1, 2, 4294967295]"),
        ("echo-list", "[]"),
        ("echo-string", "\"größe ☃\""),
        ("echo-tuple", "(1, -2)"),
        ("echo-char", "'☃'"),
        ("echo-u8", "255"),
    ] {
        assert_eq!(result(VALUES, &format!("{function}({value})")), value, "{function}");
    }
    // The last arguments may be left out if they are optional.
    assert_eq!(result(VALUES, "echo-option()"), "none");
}

#[test]
fn numbers_are_taken_up_to_their_limits_and_no_further() {
    const WAT: &str = r#"(component
      (core module $m
        (func (export "f") (param f32) (result f32) local.get 0)
        (func (export "d") (param f64) (result f64) local.get 0)
        (func (export "l") (param i64) (result i64) local.get 0)
        (func (export "b") (param i32) (result i32) local.get 0))
      (core instance $i (instantiate $m))
      (func (export "record") (param "x" bool) (result bool) (canon lift (core func $i "b")))
      (func (export "f32") (param "x" f32) (result f32) (canon lift (core func $i "f")))
      (func (export "f64") (param "x" f64) (result f64) (canon lift (core func $i "d")))
      (func (export "s64") (param "x" s64) (result s64) (canon lift (core func $i "l")))
      (func (export "u64") (param "x" u64) (result u64) (canon lift (core func $i "l"))))"#;
    for (call, value) in [
        ("f32(-0.0)", "-0"),
        ("f32(3.4028235e38)", "340282350000000000000000000000000000000"),
        ("f64(-inf)", "-inf"),
        ("f64(nan)", "nan"),
        ("f64(1e-400)", "0"),
        ("s64(-9223372036854775808)", "-9223372036854775808"),
        ("u64(18446744073709551615)", "18446744073709551615"),
        // WIT marks a name that is one of its keywords.
        ("%record(true)", "true"),
    ] {
        assert_eq!(result(WAT, call), value, "{call}");
    }
    for call in [
        "f32(1e39)",
        "f64(1e400)",
        "f64(-1e400)",
        "f64(infinity)",
        "s64(9223372036854775808)",
        "u64(-1)",
        "record(%true)",
    ] {
        assert!(invoke(WAT, call).is_err(), "{call}");
    }
}

#[test]
fn a_function_is_found_by_what_is_known_of_its_name() {
    for name in [
        "myapp:core/calculator@1.2.0#add",
        "myapp:core/calculator@2.0.0#add",
        "myapp:core/calculator@1.0.0#add",
        "  myapp:core/calculator@1.7.1#add ",
        "myapp:core/calculator@1#add",
        "calculator@2#add",
    ] {
        assert_eq!(result(CALCULATOR, &format!("{name}(1, 2)")), "3", "{name}");
    }
    assert_eq!(result(CALCULATOR, "myapp:core/calculator@1.2.0#reset()"), "nothing");
    assert_eq!(result(include_str!("components/types_only.wat"), "answer()"), "42");
}

#[test]
fn async_exports_are_called_too() {
    assert_eq!(result(include_str!("components/async_add.wat"), "add(40, 2)"), "42");
}

#[test]
fn a_trap_names_functions_modules_and_components() {
    let error = invoke(CALCULATOR, "myapp:core/calculator@2.0.0#average(1, 0)");
    let error = error.expect_err("it divides by zero");
    assert!(error.ran());
    let HostError::Trap { trap, .. } = &error else { panic!("{error}") };
    assert_eq!(error.to_string(), "`app.wasm` trapped: integer divide by zero");
    let frames: Vec<_> = trap
        .frames
        .iter()
        .map(|f| (f.function.as_deref(), f.module.as_deref(), f.components.clone()))
        .collect();
    assert_eq!(
        frames,
        [
            (Some("divide-ints"), Some("divider"), vec!["math".to_owned()]),
            (Some("calc::average"), Some("frontend"), vec!["front".to_owned()]),
        ]
    );
}

#[test]
fn a_call_that_can_never_return_is_a_trap() {
    let error = invoke(include_str!("components/deadlock.wat"), "wait()").expect_err("it waits");
    expect![[r#"
        host::trap: `app.wasm` trapped: deadlock detected: event loop cannot make further progress
        every task waits for another: look for a stream or future whose other end is kept but never used
    "#]]
    .assert_eq(&plain(&error));
}

#[test]
fn a_trap_in_a_file_without_names_gives_indices() {
    let wat = "(component
        (core module (func) (func (export \"\") unreachable))
        (core module (func) (func (export \"f\") call 0) (func call 3) (func unreachable)
            (export \"g\" (func 2)))
        (core instance $i (instantiate 1))
        (func (export \"g\") (canon lift (core func $i \"g\"))))";
    let error = invoke(wat, "g()").expect_err("it is unreachable");
    expect![[r#"
        host::trap: `app.wasm` trapped: wasm `unreachable` instruction executed
        the calls that led there, innermost first:
          0: function #3 (its name was stripped) in module #1 at byte 0x60
          1: function #2 (its name was stripped) in module #1 at byte 0x5c
        build with names (do not strip the `name` section) to see them
        the program gave up by itself, as a panic does: what it printed before says why
    "#]]
    .assert_eq(&plain(&error));
}

#[test]
fn a_wrong_name_gets_a_suggestion_and_the_list() {
    refused(
        CALCULATOR,
        "myapp:core/calculater@1.2.0#add(1, 2)",
        expect![[r#"
        host::invoke-unknown: `app.wasm` has no export `myapp:core/calculater@1.2.0#add`
        --invoke:1+31: did you mean `myapp:core/calculator@1.2.0#add`?
        it exports:
          myapp:core/calculator@1.2.0#average: func(sum: s32, count: s32) -> s32
          myapp:core/calculator@1.2.0#add: func(a: s32, b: s32) -> s32
          myapp:core/calculator@1.2.0#reset: func()
          myapp:core/calculator@2.0.0#average: func(sum: s32, count: s32) -> s32
          myapp:core/calculator@2.0.0#add: func(a: s32, b: s32) -> s32
          myapp:core/calculator@2.0.0#reset: func()
    "#]],
    );
    refused(
        CALCULATOR,
        "subtract(1, 2)",
        expect![[r#"
        host::invoke-unknown: `app.wasm` has no export `subtract`
        --invoke:1+8: no such export
        it exports:
          myapp:core/calculator@1.2.0#average: func(sum: s32, count: s32) -> s32
          myapp:core/calculator@1.2.0#add: func(a: s32, b: s32) -> s32
          myapp:core/calculator@1.2.0#reset: func()
          myapp:core/calculator@2.0.0#average: func(sum: s32, count: s32) -> s32
          myapp:core/calculator@2.0.0#add: func(a: s32, b: s32) -> s32
          myapp:core/calculator@2.0.0#reset: func()
    "#]],
    );
    refused(
        CALCULATOR,
        "add(1, 2)",
        expect![[r#"
            host::invoke-ambiguous: `add` fits several exports: `myapp:core/calculator@1.2.0#add` and `myapp:core/calculator@2.0.0#add`
            --invoke:1+3: which one?
            write the whole name: myapp:core/calculator@1.2.0#add(…)
        "#]],
    );
}

#[test]
fn wrong_arguments_are_shown_where_they_stand() {
    refused(
        VALUES,
        "echo-u8(256)",
        expect![[r#"
        host::invoke-argument: the argument `n` must be of type u8
        --invoke:9+3: the type has no such value
        the function is echo-u8: func(n: u8) -> u8
    "#]],
    );
    refused(
        VALUES,
        "echo-u8(\"one\")",
        expect![[r#"
        host::invoke-argument: the argument `n` must be of type u8
        --invoke:9+5: this is of another type
        the function is echo-u8: func(n: u8) -> u8
    "#]],
    );
    refused(
        VALUES,
        "echo-record({x: 1, labl: \"a\"})",
        expect![[r#"
            host::invoke-argument: the argument `p` must be of type record { x: s32, label: string }
            --invoke:20+4: no such field; did you mean `label`?
            the function is echo-record: func(p: record { x: s32, label: string }) -> record { x: s32, label: string }
        "#]],
    );
    refused(
        VALUES,
        "echo-record({x: 1, label: \"a\", lable: \"b\"})",
        expect![[r#"
            host::invoke-argument: the argument `p` must be of type record { x: s32, label: string }
            --invoke:32+5: no such field; did you mean `label`?
            the function is echo-record: func(p: record { x: s32, label: string }) -> record { x: s32, label: string }
        "#]],
    );
    refused(
        VALUES,
        "echo-enum(pink)",
        expect![[r#"
            host::invoke-argument: the argument `c` must be of type enum { red, green, blue }
            --invoke:11+4: no such case
            the function is echo-enum: func(c: enum { red, green, blue }) -> enum { red, green, blue }
        "#]],
    );
    refused(
        VALUES,
        "echo-list([1, 2, true])",
        expect![[r#"
        host::invoke-argument: the argument `l` must be of type list<u32>
        --invoke:18+4: this is of another type
        the function is echo-list: func(l: list<u32>) -> list<u32>
    "#]],
    );
}

#[test]
fn calls_that_are_not_calls_are_shown_too() {
    refused(
        VALUES,
        "echo-u8(1, 2)",
        expect![[r#"
        host::invoke-argument-count: `echo-u8` takes 1 argument, and 2 are given
        --invoke:8+6: these arguments
        the function is echo-u8: func(n: u8) -> u8
    "#]],
    );
    refused(
        VALUES,
        "echo-u8()",
        expect![[r#"
        host::invoke-argument-count: `echo-u8` takes 1 argument, and none are given
        --invoke:8+2: these arguments
        the function is echo-u8: func(n: u8) -> u8
    "#]],
    );
    refused(
        VALUES,
        "echo-u8(1",
        expect![[r#"
            host::invoke-syntax: the arguments are not valid WAVE
            --invoke:9+1: something is missing after this
            values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
            the function is echo-u8: func(n: u8) -> u8
        "#]],
    );
    refused(
        VALUES,
        "echo-u8(1) and more",
        expect![[r#"
            host::invoke-syntax: the arguments are not valid WAVE
            --invoke:12+8: nothing belongs after the call
            values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
            the function is echo-u8: func(n: u8) -> u8
        "#]],
    );
    refused(
        VALUES,
        "echo-u8",
        expect![[r#"
            host::invoke-not-a-call: this is not a call: there is no `(`
            --invoke:1+7: arguments are wanted after this
            arguments stand in parentheses, also when there are none: echo-u8()
        "#]],
    );
    refused(
        VALUES,
        "echo-string(\"größe\", ☃)",
        expect![[r#"
            host::invoke-syntax: the arguments are not valid WAVE
            --invoke:22+3: a value belongs here
            values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
            the function is echo-string: func(s: string) -> string
        "#]],
    );
}

#[test]
fn maps_and_handles_have_a_notation_too() {
    assert_eq!(result(VALUES, "keep-map([(1, 2), (3, 4)])"), "[(1, 2), (3, 4)]");
    refused(
        VALUES,
        "keep-map([1])",
        expect![[r#"
        host::invoke-argument: the argument `m` must be of type map<u32, u32>
        --invoke:11+1: a map is written [(key, value), …]
        the function is keep-map: func(m: map<u32, u32>) -> map<u32, u32>
    "#]],
    );
    refused(
        VALUES,
        "close(1)",
        expect![[r#"
        host::invoke-argument: the argument `f` must be of type own<file>
        --invoke:7+1: a handle belongs here, which another call returned
        the function is close: func(f: own<file>) -> u32
    "#]],
    );
    refused(
        VALUES,
        "close(file#1)",
        expect![[r#"
        host::invoke-argument: the argument `f` must be of type own<file>
        --invoke:7+6: there is no `file#1`
        the function is close: func(f: own<file>) -> u32
    "#]],
    );
}

#[test]
fn no_text_makes_it_panic() {
    let deep = format!("echo-list({}", "[".repeat(10_000));
    for text in ["", "(", ")", "#", "#(", "a#b#c(1)", "(((((", "echo-u8(\u{0})", "é(é)", &deep] {
        assert!(invoke(VALUES, text).is_err(), "{text}");
    }
}
