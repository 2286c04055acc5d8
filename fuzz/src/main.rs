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
    // The engine ends with the first panic. The decoder of WIT and the
    // encoder of components give up by panicking, in threads of their own, and their callers
    // know what to do.
    let fatal = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let harmless = [joggle_load::DECODER_THREAD, joggle_componentize::ENCODER_THREAD];
        if !thread.name().is_some_and(|name| harmless.contains(&name)) {
            fatal(info);
        }
    }));
}

fuzz_target!(init: start(), |bytes: &[u8]| {
    if let Some(target) = TARGET.get() {
        target.run(bytes);
    }
});
