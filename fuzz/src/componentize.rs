//! A core module and the world that it may fit. The bytes are WIT as text, a line `---`,
//! then the module, as text or as a binary; without that line there is no WIT.

use joggle_componentize::{Adapters, ENCODER_THREAD, Given, Problem, Request, componentize};
use joggle_load::{Artifact, Binary, Bytes, Wit, load_bytes};
use wasmparser::{Validator, WasmFeatures};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::WorldId;

use crate::targets::show;

/// A component that is made is valid, and made again it is the same. A module is refused
/// with a reason, and only if the encoder would refuse it, too.
pub fn of_bytes(bytes: &[u8]) {
    const LINE: &[u8] = b"\n---\n";
    let at = bytes.windows(LINE.len()).position(|window| window == LINE);
    let (wit, module) = match at {
        Some(at) => (bytes.get(..at), bytes.get(at + LINE.len()..)),
        None => (None, Some(bytes)),
    };
    let load = |name, bytes: &[u8]| load_bytes(name, Bytes::from(bytes.to_vec())).ok();
    let Some(Artifact::Module(module)) = module.and_then(|module| load("core.wasm", module)) else {
        return;
    };
    let wit = match wit.and_then(|wit| load("fuzzed.wit", wit)) {
        Some(Artifact::Wit(wit)) => Some(wit),
        Some(Artifact::Component(_) | Artifact::Module(_)) | None => None,
    };
    let world = wit.as_ref().and_then(|wit| {
        let worlds = &wit.resolve.packages[wit.package].worlds;
        worlds.values().next().copied()
    });
    let given = wit.as_deref().zip(world);
    for strip in [false, true] {
        examine(&module, given, strip);
    }
}

fn examine(module: &Binary, given: Option<(&Wit, WorldId)>, strip: bool) {
    let adapters = Adapters::default();
    let given = given.map(|(wit, world)| Given { wit, world });
    let request = Request { module, given, adapters: &adapters, strip, version: "0.0.0" };
    match componentize(&request) {
        Ok(made) => {
            let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&made.bytes);
            assert!(valid.is_ok(), "the component is not valid: {:?}", valid.err());
            let again = componentize(&request).map(|again| again.bytes);
            assert!(again.is_ok_and(|again| again == made.bytes), "made again it is another");
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "it is refused without a reason");
            problems.iter().for_each(show);
            let bug = |problem: &Problem| matches!(problem, Problem::ResultInvalid { .. });
            assert!(!problems.iter().any(bug), "{problems:?}");
            let misfits = problems.iter().all(is_misfit);
            assert!(
                !(misfits && given.is_some() && encodes(module, given)),
                "the encoder takes what is refused: {problems:?}"
            );
        }
    }
}

/// Whether a problem is one of those that the encoder must have as well, in other words.
fn is_misfit(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::MissingExport { .. }
            | Problem::ExportType { .. }
            | Problem::UnknownImport { .. }
            | Problem::ImportType { .. }
            | Problem::ImportKind { .. }
            | Problem::MissingMemory { .. }
            | Problem::MissingRealloc { .. }
    )
}

/// Whether the encoder makes a valid component of a module that needs no adapter.
fn encodes(module: &Binary, given: Option<Given<'_>>) -> bool {
    let Some(Given { wit, world }) = given else { return false };
    let work = || {
        let mut bytes = module.bytes.to_vec();
        let utf8 = StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut bytes, &wit.resolve, world, utf8, false)
            .ok()?;
        ComponentEncoder::default().validate(true).module(&bytes).ok()?.encode().ok()
    };
    // It gives up by panicking.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(ENCODER_THREAD.to_owned());
        let running = thread.spawn_scoped(scope, work);
        running.is_ok_and(|running| matches!(running.join(), Ok(Some(_))))
    })
}
