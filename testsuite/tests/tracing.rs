//! Tracing makes a valid component of whatever it is given, or says why not.

use joggle_testsuite::binary;
use joggle_testsuite::components::{dummy, dummy_of, validate};
use joggle_testsuite::generate::{Dice, smithed_world};
use joggle_testsuite::guests::Guests;
use joggle_trace::{TraceError, Which, instrument};

/// A real program.
const CLI: &[u8] = include_bytes!("../../fixtures/quickstart/cli.wasm");

#[test]
fn functions_of_any_type_are_traced() {
    let mut traced = 0;
    for seed in 0..2_000 {
        let Some((mut resolve, world)) = smithed_world(seed) else { continue };
        if resolve.importize(world, None).is_err() {
            continue;
        }
        // Not every WIT that is dreamt up can be made into a component.
        let Ok(component) = dummy_of(&resolve, world) else { continue };
        let made = instrument("app.wasm", "app", &component, Which::All)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        validate(&made.bytes).unwrap_or_else(|error| panic!("seed {seed}: {error:#}"));
        let all = made.calls.len() + made.untraced.len();
        let again = instrument("app.wasm", "app", &component, Which::All);
        assert_eq!(again.map(|again| again.bytes).ok(), Some(made.bytes), "seed {seed}");
        traced += all;
    }
    assert!(traced > 300, "only {traced} calls were found: the test shows nothing");
}

/// Layouts that are easy to get wrong: cases of different widths, many flat values.
const LAYOUTS: &str = "package a:b;
    interface layouts {
        resource thing { constructor(x: u8); get: func() -> option<own<thing>>; all: static func() -> list<thing>; }
        variant number { small(u8), large(u64), real(f32), exact(f64), text(string), none }
        record wide { a: number, b: number, c: number, d: tuple<u64, u64, u64>, e: option<number> }
        flags marks { a, b, c }
        enum side { left, right }
        take: func(n: number, w: wide, m: marks, s: side) -> wide;
        sixteen: func(a: u64, b: f32, c: f64, d: string, e: list<u8>, f: tuple<u8, u8, u8, u8, u8, u8, u8>, g: char, h: bool) -> bool;
        seventeen: func(a: wide, b: u8) -> result<number, side>;
        nothing: func();
        unit: func() -> result;
        single: func() -> tuple<f32>;
        marked: func() -> marks;
        lend: func(a: list<borrow<thing>>, b: option<borrow<thing>>) -> result<own<thing>, own<thing>>;
        pairs: func(m: map<string, wide>) -> map<u32, number>;
        later: async func(s: stream<u8>, f: future<number>) -> future;
    }
    world w { import layouts; import plain: func(n: u32) -> string; }";

#[test]
fn every_layout_is_traced() {
    let component = dummy(LAYOUTS, "w").expect("the WIT is sound");
    let made = instrument("app.wasm", "app", &component, Which::All).expect("it is traced");
    validate(&made.bytes).expect("it is valid");
    let mut names: Vec<&str> = made.calls.iter().map(|call| call.function.as_str()).collect();
    names.sort_unstable();
    let interface = "a:b/layouts#";
    let wanted = [
        "[resource-drop]thing",
        "later",
        "lend",
        "marked",
        "nothing",
        "pairs",
        "seventeen",
        "single",
        "sixteen",
        "take",
        "thing",
        "thing.all",
        "thing.get",
        "unit",
    ];
    let mut wanted: Vec<String> = wanted.map(|name| format!("{interface}{name}")).into();
    wanted.push("plain".to_owned());
    assert_eq!(names, wanted);
    assert_eq!(made.untraced, []);
}

/// A real program of WASI 0.2 and 0.3 does the same with tracing as without.
#[test]
fn a_program_with_async_functions_does_what_it_did() {
    let guests = Guests::find().expect("the manifest is sound");
    let Some(guests) = guests.filter(|guests| guests.named("probe-").len() == 1) else {
        return;
    };
    let probe = guests.path("probe-rust").expect("it is listed");
    let joggle = binary::joggle().expect("it was built");
    let run = |options: &[&str]| {
        let mut command = std::process::Command::new(&joggle);
        command.arg("run").arg(&probe).args(options).arg("--");
        command.args(["sleep3", "1"]).output().expect("it starts")
    };
    let (plain, traced) = (run(&[]), run(&["--trace-calls", "--no-trace-times"]));
    assert_eq!((plain.status, plain.stdout), (traced.status, traced.stdout));
    let trace = String::from_utf8_lossy(&traced.stderr).into_owned();
    let async_ = "monotonic-clock@0.3.2#wait-for: it is called asynchronously";
    assert!(trace.contains(async_), "{trace}");
    assert!(trace.contains("#get-stdout() = output-stream#1"), "{trace}");
    assert!(trace.ends_with("wasi:cli/run@0.3.2#run = ok\n"), "{trace}");
}

#[test]
fn damaged_components_are_refused_or_traced() {
    let (mut refused, mut traced) = (0, 0);
    for seed in 0..400 {
        let mut dice = Dice::new(seed);
        let mut bytes = CLI.to_vec();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).unwrap_or_default();
        }
        if dice.once_in(4) {
            bytes.truncate(dice.roll(bytes.len()));
        }
        match instrument("app.wasm", "app", &bytes, Which::All) {
            Ok(_) => traced += 1,
            Err(TraceError::ResultInvalid { reason, .. }) => panic!("seed {seed}: {reason}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 20 && traced > 20, "{refused} refused, {traced} traced");
}
