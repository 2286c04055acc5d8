//! Traces of real runs: what is called, in which order, with what.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use joggle_compose::{Input, Request, compose};
use joggle_host::{Grants, Program, Setup};
use joggle_trace::{Journal, Moment, Which, instrument};

/// Runs what is made of the bytes, and tells its calls, each deeper one indented.
fn trace(
    bytes: &[u8],
    which: Which,
    run: impl FnOnce(&Program) -> String,
) -> (String, String) {
    let traced = instrument("app.wasm", "app", bytes, which).expect("it can be traced");
    let lines = Arc::new(Mutex::new(String::new()));
    let text = Arc::clone(&lines);
    let journal = Journal::new(&traced, move |event| {
        let mut text = text.lock().expect("nobody panics");
        let indent = "  ".repeat(event.depth);
        let (caller, callee, function) =
            (&event.call.caller, &event.call.callee, &event.call.function);
        match &event.moment {
            Moment::Called(arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let arguments = arguments.join(", ");
                writeln!(text, "{indent}{caller} → {callee} {function}({arguments})")
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

fn input(name: &str, bytes: &[u8]) -> Input {
    Input::of_bytes(name, bytes.to_vec())
}

fn quickstart() -> Vec<u8> {
    let inputs = vec![
        input("cli", include_bytes!("../../../fixtures/quickstart/cli.wasm")),
        input("calculator", include_bytes!("../../../fixtures/quickstart/calculator.wasm")),
    ];
    compose(&Request { inputs, ..Request::default() }).expect("they fit").to_vec()
}

#[test]
fn the_quickstart_is_traced() {
    let (text, status) = trace(&quickstart(), Which::All, |program| {
        let args = ["2", "+", "40"].map(str::to_owned);
        format!("{:?}", program.run(&Grants::default(), &args))
    });
    println!("{text}\n{status}");
}
