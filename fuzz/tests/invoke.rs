//! Calls as `--invoke` and scripts take them, generated: nearly right ones, in which
//! something was cut, doubled, swapped or put in. Each is refused or run, never more.

use std::time::{Duration, Instant};

use joggle_fuzz::graph::components;
use joggle_host::{Grants, HostError, Program, Session, Setup};

/// Every type that an argument can have.
const WIT: &str = "package a:b;
    interface i {
        record point { x: s32, y: option<f64> }
        variant shape { dot(point), line(tuple<point, point>), none }
        enum color { red, dark-blue }
        flags rights { read, write }
        resource bucket { constructor(name: string); get: func(key: string) -> option<u64>; }
        numbers: func(a: u8, b: s64, c: f32, d: char, e: bool);
        nested: func(a: list<shape>, b: result<string, color>, c: rights);
        handles: func(a: borrow<bucket>, b: list<bucket>) -> bucket;
        maps: func(a: map<string, list<u8>>);
        waits: async func(a: string) -> string;
    }
    world w { export i; export plain: func(text: string) -> list<string>; }";

/// Calls that are right, as far as an empty program can tell.
const RIGHT: [&str; 8] = [
    "a:b/i#numbers(255, -9223372036854775808, 1.5e-3, '\\u{1f600}', true)",
    "nested([dot({x: 1}), line(({x: 1, y: some(nan)}, {x: -1, y: none})), none], ok(\"a\\n\"), {read, write})",
    "nested([], err(dark-blue), {})",
    "handles(bucket#1, [bucket#2])",
    "bucket(\"x\").get(\"key\")",
    "maps([(\"a\", [1, 2]), (\"b\", [])])",
    "waits(\"\")",
    "plain(\"\"\"\n  text\n  \"\"\")",
];

/// What is put into calls.
const PIECES: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "'",
    "#",
    "\\u{",
    "\\",
    "-",
    "inf",
    "nan",
    "some(",
    "ok",
    "%",
    "\u{0}",
    "\u{1f600}",
    "99999999999999999999",
    "\n",
    "//",
];

/// The longest that one call may take, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Numbers that only look random: `xorshift`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or_default()
    }

    fn call(&mut self) -> String {
        let mut call: Vec<char> = RIGHT[self.roll(RIGHT.len())].chars().collect();
        for _ in 0..self.roll(4) {
            let (at, to) = (self.roll(call.len()), self.roll(call.len()));
            let piece = PIECES[self.roll(PIECES.len())].chars();
            match self.roll(5) {
                0 => drop(call.drain(at.min(to)..at.max(to))),
                1 => call.truncate(at),
                2 if !call.is_empty() => call.swap(at, to),
                3 => {
                    let doubled: Vec<char> = call[at.min(to)..at.max(to)].to_vec();
                    drop(call.splice(at..at, doubled));
                }
                _ => drop(call.splice(at..at, piece)),
            }
        }
        call.into_iter().collect()
    }
}

fn program() -> Program {
    let component = components(WIT, &["w"]).pop().expect("the world is sound");
    Program::compile("w.wasm", component.bytes, &Setup::default()).expect("it compiles")
}

fn tried(what: &str, text: &str, attempt: impl FnOnce() -> Result<(), HostError>) -> bool {
    let start = Instant::now();
    let outcome = attempt();
    let took = start.elapsed();
    assert!(took < PATIENCE, "{what} took {took:?}: {text:?}");
    outcome.is_err_and(|error| error.ran())
}

#[test]
fn calls_are_refused_or_run() {
    let (program, grants, mut dice) = (program(), Grants::default(), Dice(0x5eed));
    let mut ran = 0;
    for _ in 0..2_000 {
        let call = dice.call();
        ran +=
            usize::from(tried("a call", &call, || program.invoke(&grants, &[], &call).map(drop)));
    }
    // All functions trap, so what could be understood has failed in the program.
    assert!(ran > 50, "only {ran} calls could be understood");
}

#[test]
fn scripts_are_refused_or_run() {
    let (program, grants, mut dice) = (program(), Grants::default(), Dice(0xca11));
    for _ in 0..500 {
        let lines = (0..=dice.roll(4)).map(|number| match dice.roll(4) {
            0 => format!("b{number} = {}", dice.call()),
            1 => format!("drop b{number}"),
            2 => format!("b{number}.{}", dice.call()),
            _ => dice.call(),
        });
        let script = lines.collect::<Vec<_>>().join("\n");
        tried("a script", &script, || {
            Session::open(&program, &grants, &[])?.play("script", &script, &mut |_| {}).map(drop)
        });
    }
}

#[test]
fn deep_and_long_calls_end() {
    let (program, grants) = (program(), Grants::default());
    for call in [
        format!("plain({}", "[".repeat(100_000)),
        format!("nested({}", "some(".repeat(100_000)),
        format!("plain(\"{}\")", "a".repeat(1_000_000)),
        format!("bucket(\"x\"){}", ".get(\"x\")".repeat(10_000)),
        format!("plain({})", "(".repeat(50_000) + &")".repeat(50_000)),
    ] {
        let shown: String = call.chars().take(40).collect();
        tried("a long call", &shown, || program.invoke(&grants, &[], &call).map(drop));
    }
}
