//! Sessions and scripts: several calls in one instance, and resources that live
//! between them.

#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use joggle_diag::Report;
use joggle_host::{Called, Grants, HostError, Played, Program, Session, Setup, Value};

fn compiled(wat: &str) -> Program {
    let bytes = wat::parse_str(wat).expect("the test's WAT is well-formed");
    Program::compile("app.wasm", bytes, &Setup::default()).expect("the component compiles")
}

/// Code, message, place and help of an error, one after the other.
fn plain(error: &HostError) -> String {
    let report = Report::of(error);
    let mut text = format!("{}: {}\n", report.code.unwrap_or_default(), report.message);
    for label in report.labels {
        let place = format!("{}:{}:{}+{}", label.source, label.line, label.column, label.length);
        let _ = writeln!(text, "{place}: {}", label.text.unwrap_or_default());
    }
    text + &report.help.unwrap_or_default() + "\n"
}

/// What a script prints, and how it ends.
fn played(script: &str) -> Result<(String, Played), HostError> {
    let program = compiled(BUCKETS);
    let grants = Grants::default();
    let mut session = Session::open(&program, &grants, &[])?;
    let mut text = String::new();
    let played = session.play("app.script", script, &mut |value| {
        let _ = writeln!(text, "{value}");
    })?;
    Ok((text, played))
}

#[expect(clippy::needless_pass_by_value, reason = "as `expect!` is meant to be used")]
fn not_played(script: &str, expected: Expect) {
    let error = played(script).expect_err("it is refused");
    expected.assert_eq(&plain(&error));
}

const BUCKETS: &str = include_str!("../../../fixtures/scripts/buckets.wat");

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
    not_played(
        script,
        expect![[r#"
            host::invoke-not-a-call: this is not a call: there is no `(`
            app.script:9:9+1: arguments are wanted after this
            arguments stand in parentheses, also when there are none: a()
        "#]],
    );
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
    not_played(
        script,
        expect![[r#"
            host::invoke-argument: the argument `b` must be of type own<bucket>
            app.script:15:13+8: a handle can be given away only once
            the function is test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
        "#]],
    );
}

#[test]
fn what_is_dropped_is_destroyed() {
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
    let (text, ended) = played(script).unwrap_or_else(|e| panic!("{}", plain(&e)));
    assert_eq!(ended, Played::ToTheEnd);
    expect![[r#"
        2
        30
        1
        0
        bucket#4
        8
        1
    "#]]
    .assert_eq(&text);
}

#[expect(clippy::needless_pass_by_value, reason = "as `expect!` is meant to be used")]
fn refused(text: &str, expected: Expect) {
    let error = compiled(BUCKETS).invoke(&Grants::default(), &[], text).expect_err("it is refused");
    expected.assert_eq(&plain(&error));
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
        let invoked = compiled(BUCKETS).invoke(&Grants::default(), &[], text);
        let result = invoked.map_err(|e| plain(&e)).map(|i| i.result);
        assert_eq!(result, Ok(Some(expected.to_owned())), "{text}");
    }
    refused(
        "bucket(3).gte()",
        expect![[r#"
            host::invoke-unknown-method: `bucket` has no method `gte`
            --invoke:1:11+3: did you mean `get`?
            its methods are:
              test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
              test:buckets/store#bucket.add: func(self: borrow<bucket>, n: u32)
        "#]],
    );
    refused(
        "live().get()",
        expect![[r#"
            host::invoke-not-a-handle: `0` is no handle that can be used here
            --invoke:1:8+3: `0` is no handle
            a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
        "#]],
    );
    refused(
        "buket(3)",
        expect![[r#"
            host::invoke-unknown: `app.wasm` has no export `buket`
            --invoke:1:1+5: did you mean `test:buckets/store#bucket`?
            it exports:
              test:buckets/store#bucket: func(n: u32) -> own<bucket>
              test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
              test:buckets/store#bucket.add: func(self: borrow<bucket>, n: u32)
              test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
              live: func() -> u32
              fail: func()
        "#]],
    );
    refused(
        "bucket.get(bucket#1)",
        expect![[r#"
            host::invoke-argument: the argument `self` must be of type borrow<bucket>
            --invoke:1:12+8: there is no `bucket#1`
            the function is test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
        "#]],
    );
}

#[test]
fn what_is_gone_stays_gone() {
    not_played(
        "a = bucket(1)\ndrop a\na.get()",
        expect![[r#"
            host::invoke-not-a-handle: `bucket#1` is no handle that can be used here
            app.script:3:1+5: `bucket#1` was dropped before
            a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
        "#]],
    );
    not_played(
        "a = bucket(1)\nb = bucket(1)\nbucket.join(a, b)\nb.get()",
        expect![[r#"
            host::invoke-not-a-handle: `bucket#2` is no handle that can be used here
            app.script:4:1+5: `bucket#2` was given away before
            a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
        "#]],
    );
    not_played(
        "a = bucket(1)\nbucket.join(a, a)",
        expect![[r#"
            host::invoke-argument: the argument `b` must be of type own<bucket>
            app.script:2:16+1: a handle can be given away only once
            the function is test:buckets/store#bucket.join: func(a: own<bucket>, b: own<bucket>) -> own<bucket>
        "#]],
    );
    not_played(
        "a = bucket(1)\ndrop b",
        expect![[r#"
            host::script-unknown-name: nothing is called `b` here
            app.script:2:6+1: no line before this one binds it
            bind it first: b = FUNCTION(ARGUMENTS)
        "#]],
    );
}

#[test]
fn mistakes_are_shown_in_the_script() {
    not_played(
        "a = bucket(1)\na.get(1)",
        expect![[r#"
            host::invoke-argument-count: `test:buckets/store#bucket.get` takes no arguments, and 1 is given
            app.script:2:6+3: these arguments
            the function is test:buckets/store#bucket.get: func(self: borrow<bucket>) -> u32
        "#]],
    );
    not_played(
        "a = fail(1)",
        expect![[r#"
            host::invoke-argument-count: `fail` takes no arguments, and 1 is given
            app.script:1:9+3: these arguments
            the function is fail: func()
        "#]],
    );
    not_played(
        "n = bucket(1).add(2)",
        expect![[r#"
            host::script-nothing-to-bind: this call returns nothing that could be called `n`
            app.script:1:1+1: for this name
            leave the name out: the call alone is enough
        "#]],
    );
    not_played(
        "a = bucket(1)\nlive() live()",
        expect![[r#"
            host::script-syntax: this is not a line of a script
            app.script:2:8+6: a call is all that stands on its line
            a line is a call, NAME = a call, drop NAME, or a comment after #
        "#]],
    );
    not_played(
        "a = bucket(1)\nlive(",
        expect![[r#"
            host::invoke-syntax: the arguments are not valid WAVE
            app.script:2:5+1: something is missing after this
            values are written in WAVE: 1, -2.5, true, 'c', "text", [1, 2], (1, "a"), {field: 1}, some(1), none, ok(1), err("why"), case-name
            the function is live: func() -> u32
        "#]],
    );
    not_played(
        "a = bucket(1)\n\nlive()\nfail()\nlive()",
        expect![[r#"
            host::script-stopped: line 4 of `app.script` was the last: `app.wasm` trapped: wasm `unreachable` instruction executed
            app.script:4:1+6: here
            the calls that led there, innermost first:
              0: function #9 (its name was stripped) in module `main` at byte 0x1d6
            build with names (do not strip the `name` section) to see them
            the program gave up by itself, as a panic does: what it printed before says why
        "#]],
    );
}

#[test]
fn a_session_takes_values_as_data() {
    let program = compiled(BUCKETS);
    let grants = Grants::default();
    let mut session = Session::open(&program, &grants, &[]).expect("it opens");
    let made = session.call("bucket", &[Value::U32(3)]).expect("it is made");
    let bucket = Value::Handle { resource: "bucket".to_owned(), number: 1, owned: true };
    assert_eq!(made, Called::Returned(Some(bucket.clone())));
    let got =
        session.call("store#bucket.get", std::slice::from_ref(&bucket)).expect("it is called");
    assert_eq!(got, Called::Returned(Some(Value::U32(3))));
    let wrong = session.call("bucket", &[Value::U64(3)]).expect_err("it is of another type");
    expect![[r#"
        host::invoke-argument: the argument `n` must be of type u32
        the call:1:8+1: this is of another type
        the function is test:buckets/store#bucket: func(n: u32) -> own<bucket>
    "#]]
    .assert_eq(&plain(&wrong));
    let wrong = session.call("bucket", &[]).expect_err("one is missing");
    expect![[r#"
        host::invoke-argument-count: `test:buckets/store#bucket` takes 1 argument, and none are given
        the call:1:7+2: these arguments
        the function is test:buckets/store#bucket: func(n: u32) -> own<bucket>
    "#]].assert_eq(&plain(&wrong));
    session.discard(&bucket).expect("it is dropped");
    let wrong = session.discard(&bucket).expect_err("it is gone");
    expect![[r#"
        host::invoke-not-a-handle: `bucket#1` is no handle that can be used here
        the value:1:1+8: `bucket#1` was dropped before
        a constructor or another call returns handles: in a script, bind one to a name (b = bucket("x")) and use it until it is given away or dropped
    "#]].assert_eq(&plain(&wrong));
    assert_eq!(session.call("live", &[]).expect("called"), Called::Returned(Some(Value::U32(0))));
}
