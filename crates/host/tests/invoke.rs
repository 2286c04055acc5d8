//! Calls with values as text: what goes in, what comes out, what is refused, and traps.

#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use joggle_diag::Report;
use joggle_host::{Called, Grants, HostError, Invoked, Played, Program, Session, Setup, Value};

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
            --invoke:24+3: a value belongs here
            values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
            the function is echo-string: func(s: string) -> string
        "#]],
    );
}

#[test]
fn maps_and_handles_have_a_notation_too() {
    assert_eq!(result(VALUES, "keep-map([(1, 2), (3, 4)])"), "[(1, 2), (3, 4)]");
    refused(VALUES, "keep-map([1])", expect![[r#"
        host::invoke-argument: the argument `m` must be of type map<u32, u32>
        --invoke:11+1: a map is written [(key, value), …]
        the function is keep-map: func(m: map<u32, u32>) -> map<u32, u32>
    "#]]);
    refused(VALUES, "close(1)", expect![[r#"
        host::invoke-argument: the argument `f` must be of type own<file>
        --invoke:7+1: a handle belongs here, which another call returned
        the function is close: func(f: own<file>) -> u32
    "#]]);
    refused(VALUES, "close(file#1)", expect![[r#"
        host::invoke-argument: the argument `f` must be of type own<file>
        --invoke:7+6: there is no `file#1`
        the function is close: func(f: own<file>) -> u32
    "#]]);
}

/// What a script prints, and how it ends.
fn played(wat: &str, script: &str) -> Result<(String, Played), HostError> {
    let program = compiled(wat::parse_str(wat).expect("the test's WAT is well-formed"));
    let grants = Grants::default();
    let mut session = Session::open(&program, &grants, &[])?;
    let mut text = String::new();
    let played = session.play("app.script", script, &mut |value| {
        let _ = writeln!(text, "{value}");
    })?;
    Ok((text, played))
}

#[expect(clippy::needless_pass_by_value, reason = "as `expect!` is meant to be used")]
fn not_played(wat: &str, script: &str, expected: Expect) {
    let error = played(wat, script).expect_err("it is refused");
    expected.assert_eq(&plain(&error));
}

const BUCKETS: &str = include_str!("components/buckets.wat");

#[test]
fn a_script_makes_uses_and_drops_resources() {
    let script = "
        # Two buckets, which know nothing of each other.
        a = bucket(10)
        b = store#bucket(20)
        a.get()
        a.add(5)  # a method with an argument
        a.get()
        b.get()
        a
            ()
    ";
    not_played(BUCKETS, script, expect![[r#"
        host::invoke-not-a-call: this is not a call: there is no `(`
        app.script:9+1: arguments are wanted after this
        arguments stand in parentheses, also when there are none: a()
    "#]]);
    let script = "
        # Two buckets, which know nothing of each other.
        a = bucket(10)
        b = store#bucket(20)
        a.get()
        a.add(5)  # a method with an argument
        a.get()
        b.get()
        bucket.get(b)
        bucket.get(bucket#1)
        live()
        bucket.join(a, b)
        c = bucket.join(
            bucket#3,  # goes on over lines
            bucket#3,
        )
    ";
    not_played(BUCKETS, script, expect![[r#"
        host::invoke-argument: the argument `b` must be of type own<bucket>
        app.script:13+8: a handle can be given away only once
        the function is test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
    "#]]);
    let script = "
        a = bucket(10)
        b = bucket(20)
        live()
        c = bucket.join(a, b)
        c.get()
        live()
        drop c
        live()
        bucket(7)
        bucket(8).get()
        drop bucket#4
        live()
    ";
    let (text, ended) = played(BUCKETS, script).unwrap_or_else(|e| panic!("{}", plain(&e)));
    assert_eq!(ended, Played::ToTheEnd);
    expect![[r#"
        2
        30
        1
        0
        bucket#4
        8
        1
    "#]].assert_eq(&text);
}

#[test]
fn invoke_can_construct_and_call() {
    for (text, expected) in [
        ("bucket(3)", "bucket#1"),
        ("bucket(3).get()", "3"),
        ("store#bucket(3).get()", "3"),
        ("[constructor]bucket(3)", "bucket#1"),
        ("test:buckets/store#[constructor]bucket(3).get()", "3"),
        ("live()", "0"),
    ] {
        assert_eq!(result(BUCKETS, text), expected, "{text}");
    }
    refused(BUCKETS, "bucket(3).gte()", expect![[r#"
        host::invoke-unknown-method: `bucket` has no method `gte`
        --invoke:11+3: did you mean `get`?
        its methods are:
          test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
          test:buckets/store#bucket.add: func(self: borrow<bucket>, n: u32)
    "#]]);
    refused(BUCKETS, "live().get()", expect![[r#"
        host::invoke-not-a-handle: `0` is no handle that can be used here
        --invoke:8+3: `0` is no handle
        a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
    "#]]);
    refused(BUCKETS, "buket(3)", expect![[r#"
        host::invoke-unknown: `app.wasm` has no export `buket`
        --invoke:1+5: did you mean `test:buckets/store#bucket`?
        it exports:
          test:buckets/store#bucket: func(n: u32) -> own<bucket>
          test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
          test:buckets/store#bucket.add: func(self: borrow<bucket>, n: u32)
          test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
          live: func() -> u32
          fail: func()
    "#]]);
    refused(BUCKETS, "bucket.get(bucket#1)", expect![[r#"
        host::invoke-argument: the argument `self` must be of type borrow<bucket>
        --invoke:12+8: there is no `bucket#1`
        the function is test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
    "#]]);
}

#[test]
fn what_is_gone_stays_gone() {
    not_played(BUCKETS, "a = bucket(1)\ndrop a\na.get()", expect![[r#"
        host::invoke-not-a-handle: `bucket#1` is no handle that can be used here
        app.script:1+5: `bucket#1` was dropped before
        a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\nb = bucket(1)\nbucket.join(a, b)\nb.get()", expect![[r#"
        host::invoke-not-a-handle: `bucket#2` is no handle that can be used here
        app.script:1+5: `bucket#2` was given away before
        a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\nbucket.join(a, a)", expect![[r#"
        host::invoke-argument: the argument `b` must be of type own<bucket>
        app.script:16+1: a handle can be given away only once
        the function is test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\ndrop b", expect![[r#"
        host::script-unknown-name: nothing is called `b` here
        app.script:6+1: no line before this one binds it
        bind it first: b = FUNCTION(ARGUMENTS)
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\na.get(1)", expect![[r#"
        host::invoke-argument-count: `test:buckets/store#bucket.get` takes no arguments, and 1 is given
        app.script:6+3: these arguments
        the function is test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
    "#]]);
    not_played(BUCKETS, "a = fail(1)", expect![[r#"
        host::invoke-argument-count: `fail` takes no arguments, and 1 is given
        app.script:9+3: these arguments
        the function is fail: func()
    "#]]);
    not_played(BUCKETS, "n = bucket(1).add(2)", expect![[r#"
        host::script-nothing-to-bind: this call returns nothing that could be called `n`
        app.script:1+1: for this name
        leave the name out: the call alone is enough
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\nlive() live()", expect![[r#"
        host::script-syntax: this is not a line of a script
        app.script:8+6: a call is all that stands on its line
        a line is a call, NAME = a call, drop NAME, or a comment after #
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\nlive(", expect![[r#"
        host::invoke-syntax: the arguments are not valid WAVE
        app.script:5+1: something is missing after this
        values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
        the function is live: func() -> u32
    "#]]);
    not_played(BUCKETS, "a = bucket(1)\n\nlive()\nfail()\nlive()", expect![[r#"
        host::script-stopped: line 4 of `app.script` was the last: `app.wasm` trapped: wasm `unreachable` instruction executed
        app.script:1+6: here
        the calls that led there, innermost first:
          0: function #9 (its name was stripped) in module `main` at byte 0x1d6
        build with names (do not strip the `name` section) to see them
        the program gave up by itself, as a panic does: what it printed before says why
    "#]]);
}

#[test]
fn a_session_takes_values_as_data() {
    let program = compiled(wat::parse_str(BUCKETS).expect("the test's WAT is well-formed"));
    let grants = Grants::default();
    let mut session = Session::open(&program, &grants, &[]).expect("it opens");
    let made = session.call("bucket", &[Value::U32(3)]).expect("it is made");
    let bucket = Value::Handle { resource: "bucket".to_owned(), number: 1, owned: true };
    assert_eq!(made, Called::Returned(Some(bucket.clone())));
    let got = session.call("store#bucket.get", std::slice::from_ref(&bucket)).expect("it is called");
    assert_eq!(got, Called::Returned(Some(Value::U32(3))));
    let wrong = session.call("bucket", &[Value::U64(3)]).expect_err("it is of another type");
    expect![[r#"
        host::invoke-argument: the argument `n` must be of type u32
        the call:8+1: this is of another type
        the function is test:buckets/store#bucket: func(n: u32) -> own<bucket>
    "#]].assert_eq(&plain(&wrong));
    let wrong = session.call("bucket", &[]).expect_err("one is missing");
    expect![[r#"
        host::invoke-argument-count: `test:buckets/store#bucket` takes 1 argument, and none are given
        the call:7+2: these arguments
        the function is test:buckets/store#bucket: func(n: u32) -> own<bucket>
    "#]].assert_eq(&plain(&wrong));
    session.discard(&bucket).expect("it is dropped");
    let wrong = session.discard(&bucket).expect_err("it is gone");
    expect![[r#"
        host::invoke-not-a-handle: `bucket#1` is no handle that can be used here
        the value:1+8: `bucket#1` was dropped before
        a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
    "#]].assert_eq(&plain(&wrong));
    assert_eq!(session.call("live", &[]).expect("called"), Called::Returned(Some(Value::U32(0))));
}

#[test]
fn no_text_makes_it_panic() {
    let deep = format!("echo-list({}", "[".repeat(10_000));
    for text in ["", "(", ")", "#", "#(", "a#b#c(1)", "(((((", "echo-u8(\u{0})", "é(é)", &deep] {
        assert!(invoke(VALUES, text).is_err(), "{text}");
    }
}
