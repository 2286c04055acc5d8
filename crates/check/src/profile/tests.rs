//! Profiles: what they say of files, and what is refused in them.

use joggle_diag::Report;
use joggle_load::{Artifact, Bytes, load_bytes};

use super::pattern::Pattern;
use super::{ProfileError, built_in, check, names};
use crate::profile::Profile;
use crate::world::World;

fn artifact(wat: &str) -> Artifact {
    let bytes = Bytes::from(wat.as_bytes().to_vec());
    load_bytes("app.wasm", bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// Codes of what a profile has against a file, and its notes.
fn said(profile: &Profile, wat: &str) -> (Vec<String>, Vec<String>) {
    let artifact = artifact(wat);
    let verdict = check(profile, &artifact, None);
    let code = |objection| joggle_diag::Report::of(objection).code.unwrap_or_default();
    (verdict.objections.iter().map(|o| code(o)).collect(), verdict.notes)
}

fn named(name: &str) -> Profile {
    built_in(name).unwrap_or_else(|error| panic!("{error:?}"))
}

fn exporting(names: &[&str]) -> String {
    let exports = names.iter().map(|name| format!("(export \"{name}\" (instance $i))"));
    format!("(component (instance $i) {})", exports.collect::<String>())
}

fn importing(names: &[&str], export: &str) -> String {
    let imports = names.iter().map(|name| format!("(import \"{name}\" (instance))"));
    format!(
        "(component {} (instance $i) (export \"{export}\" (instance $i)))",
        imports.collect::<String>()
    )
}

#[test]
fn every_built_in_profile_is_sound() {
    let known: Vec<&str> = names().collect();
    assert_eq!(
        known,
        ["cloudflare", "fastly", "jco", "spin", "wasmcloud", "wasmtime-run", "wasmtime-serve"]
    );
    for name in known {
        let profile = named(name);
        assert_eq!(profile.name, name);
        assert_eq!(profile.date.len(), "2026-11-20".len(), "{name}");
        assert!(!profile.sources.is_empty(), "{name}");
        for citation in profile.sources.values() {
            assert!(citation.url.starts_with("https://"), "{name}: {}", citation.url);
        }
    }
}

#[test]
fn spin_takes_exactly_one_handler() {
    let spin = named("spin");
    let one = exporting(&["wasi:http/incoming-handler@0.2.6", "demo:app/extra"]);
    assert_eq!(said(&spin, &one).0, Vec::<String>::new());
    let two = exporting(&["wasi:http/incoming-handler@0.2.6", "wasi:http/handler@0.3.0"]);
    assert_eq!(said(&spin, &two).0, ["check::platform-exports"]);
    assert_eq!(said(&spin, &exporting(&["wasi:cli/run@0.2.0"])).0, ["check::platform-export"]);
    let foreign = importing(
        &["wasi:cli/stdout@0.2.0", "wasi:http/client@0.4.0", "demo:app/db"],
        "wasi:http/handler@0.3.0",
    );
    assert_eq!(said(&spin, &foreign).0, ["check::platform-import", "check::platform-import"]);
    assert_eq!(said(&spin, "(module)").0, ["check::platform-kind"]);
    assert_eq!(said(&spin, "package a:b; world w {}").0, ["check::platform-kind"]);
}

/// What a profile says of the types of a world, the differences alone.
fn said_of_world(profile: &Profile, wit: &str) -> Vec<String> {
    let subject = artifact(wit);
    let outside = World::of_subject(&subject).unwrap_or_else(|error| panic!("{error:?}"));
    let rules = profile.component.as_ref().unwrap_or_else(|| panic!("components are taken"));
    let found = super::check::types(profile, rules, &outside);
    let messages = found.iter().map(|objection| Report::of(objection).message);
    messages.map(|message| message.split_once('\n').unwrap_or_default().1.to_owned()).collect()
}

#[test]
fn names_of_wasi_have_the_types_of_wasi() {
    let run = named("wasmtime-run");
    let good =
        "package demo:a; world w { import wasi:cli/stdout@0.2.0; export wasi:cli/run@0.2.6; }
        package wasi:io@0.2.0 { interface error { resource error; }
            interface streams { use error.{error}; resource output-stream; } }
        package wasi:cli@0.2.0 { interface stdout { use wasi:io/streams@0.2.0.{output-stream};
            get-stdout: func() -> output-stream; } }
        package wasi:cli@0.2.6 { interface run { run: func() -> result; } }";
    assert_eq!(said_of_world(&run, good), Vec::<String>::new());
    let wrong =
        "package demo:a; world w { import wasi:random/random@0.2.0; export wasi:cli/run@0.2.6; }
        package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u32; } }
        package wasi:cli@0.2.6 { interface run { run: func(); } }";
    assert_eq!(
        said_of_world(&run, wrong),
        [
            "  random.get-random-u64 -> result: the component has u32, the world has u64",
            "  run.run: result: the component has none, the world has result",
        ]
    );
    // What the platform does not call may be anything.
    let serve = named("wasmtime-serve");
    let own = "package demo:a; world w { export wasi:cli/run@0.2.6; }
        package wasi:cli@0.2.6 { interface run { run: func(); } }";
    assert_eq!(said_of_world(&serve, own), Vec::<String>::new());
}

#[test]
fn an_interface_that_wasi_does_not_have_is_not_offered() {
    let wat = importing(
        &["wasi:random/radnom@0.2.0", "wasi:random/random@0.2.0", "wasi:random/x@0.2.0-rc-1"],
        "wasi:cli/run@0.2.0",
    );
    let codes = ["check::platform-import", "check::platform-import"];
    assert_eq!(said(&named("wasmtime-run"), &wat).0, codes);
    assert_eq!(said(&named("jco"), &wat).0, Vec::<String>::new());
}

#[test]
fn what_has_to_be_switched_on_is_noted_once() {
    let serve = named("wasmtime-serve");
    let wat = importing(
        &["wasi:filesystem/types@0.2.0", "wasi:filesystem/preopens@0.2.0", "wasi:io/poll@0.2.3"],
        "wasi:http/incoming-handler@0.2.0",
    );
    let (codes, notes) = said(&serve, &wat);
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(notes, ["give `-S cli` (for `wasi:filesystem/types@0.2.0` and 1 more)"]);
}

#[test]
fn core_modules_have_rules_of_their_own() {
    let module = r#"(module (import "wasi_snapshot_preview1" "fd_write" (func))
        (import "fastly_http_req" "send" (func)) (func (export "_start")))"#;
    assert_eq!(said(&named("fastly"), module).0, Vec::<String>::new());
    assert_eq!(said(&named("wasmtime-run"), module).0, ["check::platform-import"]);
    assert_eq!(said(&named("cloudflare"), module).0, Vec::<String>::new());
    assert_eq!(said(&named("cloudflare"), "(component)").0, ["check::platform-kind"]);
    assert_eq!(said(&named("fastly"), "(module)").0, ["check::platform-export"]);
}

/// A profile that takes any module, with one more line.
fn own(more: &str) -> Result<Profile, ProfileError> {
    let text = format!(
        "name = \"own\"\ntitle = \"Ours\"\ndate = \"2026-01-01\"\n\
         [source.docs]\nurl = \"https://example.org\"\ntitle = \"Docs\"\n\
         [module]\nsource = \"docs\"\n{more}\n"
    );
    Profile::parse("own.toml", &text)
}

#[test]
fn sizes_are_measured_raw_or_packed() {
    let limit = |of: &str, bytes: u32| {
        own(&format!("[[limit]]\nof = \"{of}\"\nbytes = {bytes}\nsource = \"docs\""))
            .unwrap_or_else(|error| panic!("{error:?}"))
    };
    let zeros = format!("(module (memory 1) (data (i32.const 0) \"{}\"))", "0".repeat(5000));
    assert_eq!(said(&limit("file", 4000), &zeros).0, ["check::platform-size"]);
    assert_eq!(said(&limit("file", 6000), &zeros).0, Vec::<String>::new());
    assert_eq!(said(&limit("gzip", 4000), &zeros).0, Vec::<String>::new());
    assert_eq!(said(&limit("gzip", 10), &zeros).0, ["check::platform-size"]);
}

#[test]
fn mistakes_in_a_profile_have_a_place_and_advice() {
    let wrong = |more: &str| match own(more) {
        Err(ProfileError::Syntax { message, help, at, .. }) => (message, help, at.offset() > 0),
        other => panic!("{other:?}"),
    };
    let (message, help, placed) = wrong("[[module.imprt]]\nnames = []\nsource = \"docs\"");
    assert!(message.contains("imprt") && help == "did you mean `import`?" && placed, "{help}");
    let (message, _, placed) = wrong("[[module.import]]\nnames = [\"a*b\"]\nsource = \"docs\"");
    assert!(message.contains("only stand at the end") && placed, "{message}");
    let (message, help, placed) = wrong("[[module.import]]\nnames = [\"*\"]\nsource = \"doc\"");
    assert!(message.contains("no source `doc`") && help.contains("`docs`") && placed, "{help}");
    let empty = "name = \"x\"\ntitle = \"x\"\ndate = \"x\"\nsource = {}";
    assert!(Profile::parse("x.toml", empty).is_err());
    assert!(matches!(built_in("spim"), Err(ProfileError::NoSuchProfile { help, .. })
        if help == "did you mean `spin`?"));
}

#[test]
fn patterns_follow_tracks() {
    let matches = |pattern: &str, name: &str| {
        Pattern::parse(pattern).unwrap_or_else(|error| panic!("{error}")).matches(name)
    };
    assert!(matches("wasi:cli/*@0.2", "wasi:cli/stdout@0.2.12"));
    assert!(matches("wasi:cli/terminal-*@0.2.6", "wasi:cli/terminal-stdin@0.2.0"));
    assert!(matches("spin:sqlite/*@3", "spin:sqlite/sqlite@3.1.0"));
    assert!(matches("fermyon:spin/inbound-http", "fermyon:spin/inbound-http"));
    assert!(matches("*", "anything at all"));
    assert!(matches("fastly_*", "fastly_http_req"));
    for (pattern, name) in [
        ("wasi:cli/*@0.2", "wasi:cli/stdout@0.3.0"),
        ("wasi:cli/*@0.2", "wasi:cli/stdout@0.2.0-rc-2023-11-10"),
        ("wasi:cli/*@0.2", "wasi:cli/stdout"),
        ("wasi:cli/*@0.2", "wasi:clocks/wall-clock@0.2.0"),
        ("wasi:config/store@0.2.0-rc.1", "wasi:config/store@0.2.0"),
        ("fermyon:spin/llm", "fermyon:spin/llm@2.0.0"),
        ("_start", "_started"),
    ] {
        assert!(!matches(pattern, name), "{pattern} {name}");
    }
    assert!(Pattern::parse("a:b/c@x").is_err());
    assert!(Pattern::parse("").is_err());
}
