//! The engine: libFuzzer, which mutates inputs towards code that was not reached
//! before. It is built and started by `cargo xtask fuzz`, which also says in a
//! variable which target it is for.
#![no_main]

use std::sync::OnceLock;

use joggle_fuzz::Target;
use libfuzzer_sys::fuzz_target;

/// Names the target.
const VARIABLE: &str = "JOGGLE_FUZZ_TARGET";

static TARGET: OnceLock<Target> = OnceLock::new();

fn start() {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    let Some(target) = Target::named(&name) else {
        panic!("{VARIABLE} names no target: `{name}`");
    };
    TARGET.get_or_init(|| target);
    // The engine ends with the first panic. The decoder of WIT gives up by panicking,
    // in a thread of its own, and its caller knows what to do.
    let fatal = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() != Some(joggle_load::DECODER_THREAD) {
            fatal(info);
        }
    }));
}

fuzz_target!(init: start(), |bytes: &[u8]| {
    if let Some(target) = TARGET.get() {
        target.run(bytes);
    }
});
