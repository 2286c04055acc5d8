//! The module as a component. `wit-component` does it; what it still refuses is
//! reported in its own words, and the result has to be valid.

use std::fmt::Display;
use std::sync::Mutex;

use joggle_load::verify::{self, Invalid, Level};
use wasm_metadata::Producers;
use wasmparser::Validator;
use wit_component::ComponentEncoder;

use crate::adapt::Adapter;
use crate::module::Module;
use crate::problem::Problem;
use crate::{Request, world};

/// The name of the thread that encodes. A panic there is a refusal, not a bug of
/// this program's, and need not be shown.
pub const ENCODER_THREAD: &str = "joggle-encode";

/// Calls into wit-component and wit-parser, which are made for what toolchains
/// write and may panic on anything else; a panic is an error like others.
pub fn guarded<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(ENCODER_THREAD.to_owned());
        match thread.spawn_scoped(scope, work) {
            Ok(running) => running.join().unwrap_or_else(|panic| Err(words(panic.as_ref()))),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// An error with its causes, in one line.
pub fn said(error: impl Display) -> String {
    // Some of the encoder's words are laid out over many lines.
    format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a panic.
fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the encoder gave up: {}", text.unwrap_or("it does not say why"))
}

/// Encodes the module, whose sections are `kept`, and validates the result.
pub fn encode(
    module: &Module<'_>,
    kept: &[u8],
    request: &Request<'_>,
    adapters: &[Adapter<'_>],
) -> Result<Vec<u8>, Problem> {
    let refused = |reason| Problem::Refused { file: module.name.to_owned(), reason };
    let embedded = world::embedded(kept, request.given).map_err(refused)?;
    let bytes = guarded(|| {
        let mut encoder = ComponentEncoder::default();
        encoder.module(&embedded).map_err(said)?;
        for adapter in adapters {
            encoder.adapter(&adapter.name, &adapter.bytes).map_err(said)?;
        }
        encoder.encode().map_err(said)
    })
    .map_err(refused)?;
    let mut producers = Producers::empty();
    producers.add("processed-by", "joggle", request.version);
    let bytes = producers.add_to_wasm(&bytes).map_err(|error| refused(said(error)))?;
    match first_fault(&bytes) {
        None => Ok(bytes),
        Some(fault) => {
            let reason = format!("{} (at offset {:#x})", fault.message, fault.offset);
            Err(Problem::ResultInvalid { file: module.name.to_owned(), reason })
        }
    }
}

/// The first rule that a component breaks.
fn first_fault(bytes: &[u8]) -> Option<Invalid> {
    let faults: Mutex<Vec<Invalid>> = Mutex::new(Vec::new());
    let checked = rayon::scope(|scope| {
        let mut validator = Validator::new_with_features(Level::Proposals.features());
        let faults = &faults;
        let collect = |batch| {
            scope.spawn(move |_| {
                let mut faults = faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                faults.extend(verify::bodies(batch));
            });
        };
        verify::structure(&mut validator, &[bytes], |_, _| {}, collect).err()
    });
    let faults = faults.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    faults.into_iter().chain(checked).min_by_key(|fault| fault.offset)
}
