//! The properties: no panic anywhere, and where two answers can be had they agree.

use std::fmt::Debug;

use joggle_check::features::Features;
use joggle_check::spec;
use joggle_compose::manifest::{self, Manifest};
use joggle_compose::{Input, Options, Problems, Request};
use joggle_diag::Report;
use joggle_load::{Artifact, Bytes};
use miette::Diagnostic;
use wasmparser::{Validator, WasmFeatures};

use crate::graph;

/// A provider that is sound, and a consumer of it.
const SOUND: &str = "package a:b;
    interface i { record r { x: u32 } resource h { get: func() -> r; } f: func(r: r) -> h; }
    world provider { export i; }
    world consumer { import i; export run: func(); }";

/// Whatever the file is, it can be said whether it is valid; for binaries, wasmparser
/// by itself says the same.
pub fn validate(bytes: &[u8]) {
    match joggle_load::load_bytes("fuzzed", Bytes::from(bytes.to_vec())) {
        Ok(Artifact::Component(binary) | Artifact::Module(binary)) => {
            let wanted = Features::default();
            let spec = spec::check(&binary.bytes, &wanted);
            let features = WasmFeatures::all().difference(WasmFeatures::CM_VALUES);
            let reference = Validator::new_with_features(features).validate_all(&binary.bytes);
            assert_eq!(
                spec.is_valid(),
                reference.is_ok(),
                "wasmparser says {:?}, these are the findings: {:?}",
                reference.err(),
                spec.findings
            );
        }
        Ok(Artifact::Wit(_)) => {}
        Err(error) => show(&error),
    }
}

/// A binary that may be broken: alone, and beside components that are sound.
pub fn inputs(bytes: &[u8]) {
    let fuzzed = Input::of_bytes("fuzzed", bytes.to_vec());
    let sound = graph::components(SOUND, &["provider", "consumer"]);
    let options = Options { allow_unused: true, ..Options::default() };
    for others in 0..=sound.len() {
        let inputs = sound.iter().take(others).cloned().chain([fuzzed.clone()]).collect();
        examine(&Request { inputs, options: options.clone(), ..Request::default() });
    }
}

/// Components that are sound, in any arrangement.
pub fn compose(bytes: &[u8]) {
    let Some(request) = graph::request(bytes) else { return };
    examine(&request);
}

/// A result is valid, is the same in another order of inputs, and can be written down
/// as a manifest that gives the same. A refusal says why.
fn examine(request: &Request) {
    let composed = match joggle_compose::compose(request) {
        Ok(composed) => composed.to_vec(),
        Err(problems) => return refused(&problems),
    };
    let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&composed);
    assert!(valid.is_ok(), "the result is not valid: {:?}", valid.err());
    let mut other = request.clone();
    other.inputs.reverse();
    assert!(bytes_of(&other).as_ref() == Some(&composed), "the order of inputs matters");
    let explicit = joggle_compose::explicit(request).unwrap_or_else(|problems| {
        panic!("it was composed and cannot be made explicit: {problems:?}")
    });
    assert!(bytes_of(&explicit).as_ref() == Some(&composed), "made explicit it is another");
}

fn bytes_of(request: &Request) -> Option<Vec<u8>> {
    joggle_compose::compose(request).ok().map(|composition| composition.to_vec())
}

fn refused(problems: &Problems) {
    assert!(!problems.0.is_empty(), "it is refused without a reason");
    for problem in &problems.0 {
        show(problem);
        let code = Report::of(problem).code;
        assert_ne!(code.as_deref(), Some("compose::result-invalid"), "{problem:?}");
    }
}

/// Text that may be WIT.
pub fn wit(bytes: &[u8]) {
    // Binaries are the business of the others.
    if bytes.starts_with(b"\0asm") {
        return;
    }
    match joggle_load::load_bytes("fuzzed.wit", Bytes::from(bytes.to_vec())) {
        Ok(Artifact::Wit(wit)) => assert!(!wit.name.is_empty()),
        Ok(Artifact::Component(_) | Artifact::Module(_)) => {}
        Err(error) => show(&error),
    }
}

/// A manifest that can be read can be written down and read again.
pub fn manifest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let read = match manifest::parse("compose.toml", text) {
        Ok(manifest) => manifest,
        Err(findings) => {
            assert!(!findings.is_empty(), "it is refused without a reason");
            return findings.iter().for_each(show);
        }
    };
    let printed = print(&read);
    let again = manifest::parse("compose.toml", &printed)
        .unwrap_or_else(|findings| panic!("it prints\n{printed}\nwhich is refused: {findings:?}"));
    assert_eq!(print(&again), printed);
}

fn print(manifest: &Manifest) -> String {
    let (inputs, paths): (Vec<Input>, Vec<String>) = manifest
        .inputs
        .iter()
        .map(|(name, path)| (Input::of_bytes(name, Vec::new()), path.clone()))
        .unzip();
    let (instances, options) = (manifest.instances.clone(), manifest.options.clone());
    manifest::print(&Request { inputs, instances, options }, &paths, manifest.output.as_deref())
}

/// A diagnostic must be able to draw itself: its labels lie inside its source.
pub fn show(diagnostic: &(impl Diagnostic + Debug)) {
    let report = Report::of(diagnostic);
    assert!(!report.message.is_empty(), "{diagnostic:?}");
}
