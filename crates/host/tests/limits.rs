//! Limits: what passes one is stopped, and the message says which, where and
//! how to allow more. Nothing hangs.

#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use joggle_diag::Report;
use joggle_host::{Grants, HostError, Limits, Program, Setup};

const SPINS: &str = include_str!("components/spins.wat");

fn program(wat: &str, limits: Limits) -> Program {
    let bytes = wat::parse_str(wat).expect("the test's WAT is well-formed");
    let setup = Setup { limits, ..Setup::default() };
    Program::compile("app.wasm", bytes, &setup).expect("the component compiles")
}

fn stopped(wat: &str, limits: Limits) -> HostError {
    program(wat, limits).run(&Grants::default(), &[]).expect_err("it is stopped")
}

fn check(error: &HostError, expected: &Expect) {
    assert!(error.ran());
    let report = Report::of(error);
    let parts = [report.code, Some(report.message), report.help];
    expected.assert_eq(&parts.map(Option::unwrap_or_default).join("\n"));
}

fn timeout(milliseconds: u64) -> Limits {
    Limits { timeout: Some(Duration::from_millis(milliseconds)), ..Limits::default() }
}

fn memory(bytes: u64) -> Limits {
    Limits { memory: Some(bytes), ..Limits::default() }
}

#[test]
fn a_program_that_computes_too_long_is_stopped_where_it_is() {
    check(
        &stopped(SPINS, timeout(50)),
        &expect![[r#"
            host::time-is-over
            `app.wasm` ran longer than 50 ms, and was stopped
            the calls that led there, innermost first:
              0: `spin` in module `m` at byte 0x2b
            allow more with --timeout"#]],
    );
}

#[test]
fn a_program_that_waits_too_long_is_stopped() {
    let began = Instant::now();
    check(
        &stopped(include_str!("components/waits.wat"), timeout(1500)),
        &expect![[r#"
            host::time-is-over
            `app.wasm` ran longer than 1.5 s, and was stopped
            it was waiting, not computing, when its time was over
            allow more with --timeout"#]],
    );
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[test]
fn what_happens_before_the_call_counts_too() {
    check(
        &stopped(include_str!("components/spins_at_start.wat"), timeout(50)),
        &expect![[r#"
            host::time-is-over
            `app.wasm` ran longer than 50 ms, and was stopped
            the calls that led there, innermost first:
              0: `begin` in module `m` at byte 0x32
            allow more with --timeout"#]],
    );
}

#[test]
fn a_deadlock_is_no_matter_of_time() {
    let error = program(include_str!("components/deadlock.wat"), timeout(60_000))
        .invoke(&Grants::default(), &[], "wait()")
        .expect_err("it waits for nothing");
    assert!(matches!(error, HostError::Trap { .. }), "{error}");
}

#[test]
fn fuel_runs_out_at_the_same_place_everywhere() {
    let limits = Limits { fuel: Some(10_000), ..Limits::default() };
    check(
        &stopped(SPINS, limits),
        &expect![[r#"
            host::out-of-fuel
            `app.wasm` used all of its fuel, 10000 units, and was stopped
            the calls that led there, innermost first:
              0: `spin` in module `m` at byte 0x2b
            allow more with --fuel"#]],
    );
}

#[test]
fn enough_fuel_is_enough() {
    let limits = Limits { fuel: Some(10_000), ..Limits::default() };
    let exit = program(include_str!("components/fails.wat"), limits).run(&Grants::default(), &[]);
    assert_eq!(exit.expect("it runs").status, 1);
}

const GROWS: &str = include_str!("components/grows.wat");

#[test]
fn a_program_may_live_without_the_memory_that_it_asked_for() {
    let ask = |limits| {
        let invoked = program(GROWS, limits).invoke(&Grants::default(), &[], "modest()");
        invoked.expect("it returns").result
    };
    assert_eq!(ask(memory(1 << 20)).as_deref(), Some("false"));
    assert_eq!(ask(memory(101 << 16)).as_deref(), Some("true"));
    assert_eq!(ask(Limits::default()).as_deref(), Some("true"));
}

#[test]
fn a_program_that_fails_for_want_of_memory_says_so() {
    let error = program(GROWS, memory(1 << 20))
        .invoke(&Grants::default(), &[], "greedy()")
        .expect_err("it gives up");
    check(
        &error,
        &expect![[r#"
            host::out-of-memory
            `app.wasm` needs more memory than 1 MiB: it asked for 6.4 MiB in all, did not get it, and failed
            the calls that led there, innermost first:
              0: function #1 (its name was stripped) in module `m` at byte 0x50
            build with names (do not strip the `name` section) to see them
            allow more with --max-memory"#]],
    );
}

#[test]
fn memory_that_is_wanted_from_the_start_counts_too() {
    let error = program(GROWS, memory(1000))
        .invoke(&Grants::default(), &[], "modest()")
        .expect_err("it has no memory at all");
    check(
        &error,
        &expect![[r#"
            host::out-of-memory
            `app.wasm` needs more memory than 1000 bytes: it asked for 64 KiB in all, did not get it, and failed
            allow more with --max-memory"#]],
    );
}
