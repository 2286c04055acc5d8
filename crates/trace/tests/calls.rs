//! Traces of real runs: what is called, in which order, with what.
#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use expect_test::{Expect, expect};
use joggle_compose::{Input, Request, compose};
use joggle_host::{Grants, HostError, Program, Setup};
use joggle_trace::{Journal, Moment, TraceError, Traced, Which, instrument};

const STORE: &str = include_str!("components/store.wat");
const TWICE: &str = include_str!("components/twice.wat");
const LATER: &str = include_str!("components/later.wat");
const LARGE: &str = include_str!("components/large.wat");

fn traced(bytes: &[u8], which: Which) -> Traced {
    instrument("app.wasm", "app", bytes, which).expect("it can be traced")
}

/// Runs what is made of the bytes, and tells its calls, each deeper one indented.
fn trace<T>(bytes: &[u8], which: Which, run: impl FnOnce(&Program) -> T) -> (String, T) {
    let traced = traced(bytes, which);
    let lines = Arc::new(Mutex::new(String::new()));
    let text = Arc::clone(&lines);
    let journal = Journal::new(&traced, move |event| {
        let mut text = text.lock().expect("nobody panics");
        let indent = "  ".repeat(event.depth);
        let call = &event.call;
        match &event.moment {
            Moment::Called(arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let arguments = arguments.join(", ");
                let (from, to) = (&call.caller, &call.callee);
                writeln!(text, "{indent}{from} → {to}  {}({arguments})", call.function)
            }
            Moment::Returned { result: Some(result), .. } => writeln!(text, "{indent}= {result}"),
            Moment::Returned { result: None, .. } => writeln!(text, "{indent}."),
        }
        .expect("a string takes it");
    });
    let setup = Setup { watch: Some(journal.watch()), ..Setup::default() };
    let program = Program::compile("app.wasm", traced.bytes, &setup).expect("it compiles");
    let result = run(&program);
    let text = lines.lock().expect("nobody panics").clone();
    (text, result)
}

fn called(program: &Program, call: &str) -> Result<Option<String>, HostError> {
    program.invoke(&Grants::default(), &[], call).map(|invoked| invoked.result)
}

fn encoded(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).expect("the test's WAT is well-formed")
}

/// What a call gives, the same with tracing and without, and its trace.
#[expect(clippy::needless_pass_by_value, reason = "as `expect!` is meant to be used")]
fn check(bytes: &[u8], which: Which, call: &str, result: &str, expected: Expect) {
    let plain = Program::compile("app.wasm", bytes.to_vec(), &Setup::default());
    let plain = called(&plain.expect("it compiles"), call).expect("it runs");
    let (text, watched) = trace(bytes, which, |program| called(program, call));
    assert_eq!(plain.as_deref(), Some(result));
    assert_eq!(watched.expect("it runs").as_deref(), Some(result));
    expected.assert_eq(&text);
}

fn quickstart() -> Vec<u8> {
    let inputs = vec![
        Input::of_bytes("cli", include_bytes!("../../../fixtures/quickstart/cli.wasm").to_vec()),
        Input::of_bytes(
            "calculator",
            include_bytes!("../../../fixtures/quickstart/calculator.wasm").to_vec(),
        ),
    ];
    compose(&Request { inputs, ..Request::default() }).expect("they fit").to_vec()
}

fn run_quickstart(program: &Program) -> u8 {
    let args = ["2", "*", "x"].map(str::to_owned);
    program.run(&Grants::default(), &args).expect("it runs").status
}

#[test]
fn a_command_is_traced_up_to_its_exit() {
    let (text, status) = trace(&quickstart(), Which::All, run_quickstart);
    assert_eq!(status, 1);
    expect![[r#"
        host → cli  wasi:cli/run@0.2.6#run()
          cli → host  wasi:cli/environment@0.2.6#get-arguments()
          = ["app.wasm", "2", "*", "x"]
          cli → host  wasi:cli/stdin@0.2.6#get-stdin()
          = input-stream#1
          cli → host  wasi:cli/stdout@0.2.6#get-stdout()
          = output-stream#1
          cli → host  wasi:cli/stderr@0.2.6#get-stderr()
          = output-stream#2
          cli → host  wasi:filesystem/preopens@0.2.6#get-directories()
          = []
          cli → host  wasi:io/streams@0.2.6#output-stream.blocking-write-and-flush(self: output-stream#2, contents: [101, 114, 114, 111, 114, 58, 32])
          = ok
          cli → host  wasi:io/streams@0.2.6#output-stream.blocking-write-and-flush(self: output-stream#2, contents: [96, 120, 96, 32, 105, 115, 32, 110, 111, 116, 32, 97, 32, 119, 104, 111, 108, 101, 32, 110, 117, 109, 98, 101, 114, 32, 111, 102, 32, 51, 50, 32, 98, 105, 116, 115, 59, 32, 117, 115, 97, 103, 101, 58, 32, 78, 85, 77, 66, 69, 82, 32, 43, 32, 78, 85, 77, 66, 69, 82, 44, 32, 111, 114, 32, 78, 85, 77, 66, 69, 82, 32, 42, 32, 78, 85, 77, 66, 69, 82])
          = ok
          cli → host  wasi:io/streams@0.2.6#output-stream.blocking-write-and-flush(self: output-stream#2, contents: [10])
          = ok
          cli → host  wasi:cli/exit@0.2.6#exit(status: err)
    "#]].assert_eq(&text);
}

#[test]
fn the_calls_can_be_chosen() {
    let app = quickstart();
    let count = |which| {
        let made = traced(&app, which);
        made.calls.iter().filter(|call| call.function.contains("calculator#")).count()
    };
    let all = traced(&app, Which::All).calls.len();
    let host = traced(&app, Which::Host).calls.len();
    assert_eq!((count(Which::All), count(Which::Components), count(Which::Host)), (2, 2, 0));
    assert_eq!(all, host + traced(&app, Which::Components).calls.len());
}

#[test]
fn every_way_to_pass_a_value_is_traced() {
    check(
        &encoded(STORE),
        Which::All,
        "play()",
        "83",
        expect![[r#"
        host → consumer  play()
          consumer → provider  t:t/store@1.0.0#bucket(name: "fir")
          = bucket#1
          consumer → provider  t:t/store@1.0.0#bucket(name: "se")
          = bucket#2
          consumer → provider  t:t/store@1.0.0#bucket.get(self: bucket#1, key: "first")
          = some("abc")
          consumer → provider  t:t/store@1.0.0#wide(a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 77)
          = (77, "abc")
          consumer → provider  t:t/store@1.0.0#count(buckets: [bucket#1, bucket#2])
          = 2
          consumer → provider  t:t/store@1.0.0#merge(into: bucket#1, from: bucket#2)
          = bucket#3
          consumer → provider  t:t/store@1.0.0#[resource-drop]bucket(self: bucket#3)
          .
        = 83
    "#]],
    );
}

#[test]
fn a_composition_in_a_composition_is_traced() {
    let wat = format!(
        "(component $outer {STORE} (instance $inner (instantiate $both)) \
         (export \"play\" (func $inner \"play\")))"
    );
    check(
        &encoded(&wat),
        Which::Components,
        "play()",
        "83",
        expect![[r#"
        host → inner  play()
          inner/consumer → inner/provider  t:t/store@1.0.0#bucket(name: "fir")
          = bucket#1
          inner/consumer → inner/provider  t:t/store@1.0.0#bucket(name: "se")
          = bucket#2
          inner/consumer → inner/provider  t:t/store@1.0.0#bucket.get(self: bucket#1, key: "first")
          = some("abc")
          inner/consumer → inner/provider  t:t/store@1.0.0#wide(a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0, j: 0, k: 0, l: 0, m: 0, n: 0, o: 0, p: 0, q: 77)
          = (77, "abc")
          inner/consumer → inner/provider  t:t/store@1.0.0#count(buckets: [bucket#1, bucket#2])
          = 2
          inner/consumer → inner/provider  t:t/store@1.0.0#merge(into: bucket#1, from: bucket#2)
          = bucket#3
          inner/consumer → inner/provider  t:t/store@1.0.0#[resource-drop]bucket(self: bucket#3)
          .
        = 83
    "#]],
    );
}

#[test]
fn each_instance_has_its_own_calls() {
    check(
        &encoded(TWICE),
        Which::All,
        "value()",
        "9",
        expect![[r#"
        host → third  t:t/source#value()
          third → second  t:t/source#value()
            second → first  t:t/source#value()
            = 7
          = 8
        = 9
    "#]],
    );
}

#[test]
fn instances_without_names_are_told_apart() {
    let unnamed = TWICE.replace("$leaf", "").replace("$relay", "");
    let unnamed = ["first", "second", "third"].iter().fold(unnamed, |wat, name| {
        wat.replace(&format!("(instance ${name} (instantiate "), "(instance (instantiate ")
    });
    let unnamed = unnamed
        .replace("(instantiate  (with", "(instantiate 1 (with")
        .replace("(instantiate )", "(instantiate 0)")
        .replace("export $first", "export 0")
        .replace("export $second", "export 2")
        .replace("export $third", "export 4");
    check(
        &encoded(&unnamed),
        Which::All,
        "value()",
        "9",
        expect![[r#"
            host → source #1 (2)  t:t/source#value()
              source #1 (2) → source #1  t:t/source#value()
                source #1 → source #0  t:t/source#value()
                = 7
              = 8
            = 9
        "#]],
    );
}

#[test]
fn large_values_are_no_reason_to_fail() {
    // The engine's own bound for what a call brings along is 128 MiB, and of each
    // byte it makes some forty for the one who watches.
    let (text, watched) = trace(&encoded(LARGE), Which::All, |p| called(p, "go(4194304)"));
    assert_eq!(watched.expect("it runs").as_deref(), Some("4194304"));
    assert_eq!(text.matches(", ").count(), 4_194_303);
}

#[test]
fn a_trap_leaves_the_call_open_and_the_frames_as_they_were() {
    let bytes = encoded(STORE);
    let plain = Program::compile("app.wasm", bytes.clone(), &Setup::default());
    let plain = called(&plain.expect("it compiles"), "trap()").expect_err("it traps");
    let (text, watched) = trace(&bytes, Which::All, |program| called(program, "trap()"));
    expect![[r#"
        host → consumer  trap()
          consumer → provider  t:t/store@1.0.0#bucket(name: "fir")
          = bucket#1
          consumer → provider  t:t/store@1.0.0#bucket.fail(self: bucket#1)
    "#]]
    .assert_eq(&text);
    let frames = |error: &HostError| match error {
        HostError::Trap { trap, .. } => {
            let frames = trap.frames.iter();
            frames.map(|f| (f.components.clone(), f.module.clone(), f.function.clone())).collect()
        }
        other => panic!("{other}"),
    };
    let mut seen: Vec<_> = frames(&watched.expect_err("it traps"));
    let all = seen.len();
    // The pass-through is marked, and everything else is as without it.
    seen.retain(|(_, module, _)| module.as_deref() != Some("joggle-trace"));
    assert_eq!(seen.len(), all - 1);
    assert_eq!(seen, frames(&plain));
}

#[test]
fn what_is_called_asynchronously_is_listed() {
    let made = traced(&encoded(LATER), Which::All);
    let calls: Vec<&str> = made.calls.iter().map(|call| call.function.as_str()).collect();
    assert_eq!(calls, ["t:t/slow#now"]);
    let untraced: Vec<String> = made
        .untraced
        .iter()
        .map(|u| format!("{} → {} {}", u.caller, u.callee, u.function))
        .collect();
    assert_eq!(untraced, ["app → host t:t/slow#later"]);
    assert_eq!(made.untraced[0].reason.to_string(), "it is called asynchronously");
}

#[test]
fn the_same_bytes_give_the_same_result() {
    let app = quickstart();
    assert_eq!(traced(&app, Which::All).bytes, traced(&app, Which::All).bytes);
}

#[test]
fn what_calls_nobody_needs_no_journal() {
    let calculator = include_bytes!("../../../fixtures/quickstart/calculator.wasm");
    let made = traced(calculator, Which::All);
    assert!(made.calls.is_empty());
    let program = Program::compile("app.wasm", made.bytes, &Setup::default());
    let sum = called(&program.expect("it compiles"), "myapp:core/calculator#add(2, 40)");
    assert_eq!(sum.expect("it runs").as_deref(), Some("42"));
}

#[test]
fn damaged_bytes_are_refused() {
    let mut app = quickstart();
    app.truncate(app.len() / 2);
    let refused = instrument("app.wasm", "app", &app, Which::All);
    assert!(matches!(refused, Err(TraceError::NotReadable { .. })), "{refused:?}");
}
