//! The WIT of a binary, as far as it has one.
//!
//! What is done with the WIT is left to others.

use wit_component::DecodedWasm;

/// The name of the thread that decodes. A panic there is no bug of this
/// program's, and need not be shown.
pub const DECODER_THREAD: &str = "joggle-decode";

/// Decodes the WIT of a component or WIT package; `None` if WIT cannot say what it is.
///
/// wit-parser's decoder is made for what toolchains write. On valid components
/// of other shapes, such as a function exported under an interface's name, it
/// panics; so it works on a thread of its own, where that means "no WIT".
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<DecodedWasm> {
    guarded(|| wit_component::decode(bytes).ok()).flatten()
}

/// Runs what may panic on WIT of a shape that no toolchain writes, and says `None` if it does.
pub fn guarded<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let decoder = std::thread::Builder::new().name(DECODER_THREAD.to_owned());
        decoder.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_that_wit_cannot_say_is_no_panic() {
        let bytes =
            wat::parse_str(r#"(component (import "k" (func $k)) (export "z:z/z" (func $k)))"#)
                .expect("the text is well-formed");
        assert!(decode(&bytes).is_none());
    }
}
