//! `joggle compose --print-manifest`: the manifest that is printed gives the same
//! component to the byte, and prints itself.

use joggle_compose::manifest::{parse, print};
use joggle_compose::{ExportSpec, Input, Options, Request, compose, explicit};
use joggle_testsuite::generate::{families, random, smithed};
use joggle_testsuite::oracle::Wiring;

fn request(wiring: &Wiring, options: Options) -> Request {
    let input =
        |part: &joggle_testsuite::oracle::Part| Input::of_bytes(&part.name, part.bytes.clone());
    Request { inputs: wiring.parts.iter().map(input).collect(), options, ..Request::default() }
}

/// Ways to choose exports, given those that the result has by itself.
fn choices(exports: &[joggle_compose::ExportReport]) -> Vec<Options> {
    let mut all = vec![Options { allow_unused: true, ..Options::default() }];
    let spec = |name: &str| ExportSpec { from: None, export: name.to_owned(), to: None };
    if let Some(first) = exports.first() {
        let only = || vec![spec(&first.name)];
        let other =
            || vec![ExportSpec { to: Some("another-name".to_owned()), ..spec(&first.name) }];
        all.push(Options { exports: only(), allow_unused: true, ..Options::default() });
        all.push(Options { exports: only(), renames: other(), ..Options::default() });
        all.push(Options { renames: other(), allow_unused: true, ..Options::default() });
    }
    if let [_, .., last] = exports {
        all.push(Options { hide: vec![spec(&last.name)], ..Options::default() });
    }
    all
}

/// Whether there is a result; if so, its manifest has to give the same.
fn check(name: &str, request: &Request) -> bool {
    let Ok(composed) = compose(request) else {
        return false;
    };
    let show = |problems: joggle_compose::Problems| format!("{name}: {problems:?}");
    let paths: Vec<String> = request.inputs.iter().map(|i| format!("{}.wasm", i.name)).collect();
    let text = print(&explicit(request).map_err(show).expect("it was composed"), &paths, None);
    let manifest = parse("compose.toml", &text).unwrap_or_else(|f| panic!("{name}: {f:?}\n{text}"));
    let links = composed
        .report
        .verdicts
        .iter()
        .filter(|verdict| matches!(verdict.outcome, joggle_compose::Outcome::Wired { .. }));
    assert!(manifest.options.links.len() >= links.count(), "{name}: a wire is left out\n{text}");
    let (instances, options) = (manifest.instances, manifest.options);
    let again = Request { inputs: request.inputs.clone(), instances, options };
    let same = compose(&again).map_err(show).expect("the manifest says the same");
    assert!(composed.to_vec() == same.to_vec(), "{name}: other bytes out of\n{text}");
    let twice = print(&explicit(&again).map_err(show).expect("it was composed"), &paths, None);
    assert_eq!(text, twice, "{name}");
    true
}

#[test]
fn a_printed_manifest_does_the_same() {
    let mut sets = families().expect("the families are sound");
    sets.extend((0..40).map(|seed| random(seed).expect("the generator makes sound WIT")));
    sets.extend((0..200).filter_map(smithed));
    let mut composed = 0;
    for set in &sets {
        let plain = request(&set.wiring, Options { allow_unused: true, ..Options::default() });
        let Ok(result) = compose(&plain) else { continue };
        for (number, options) in choices(&result.report.exports).into_iter().enumerate() {
            let name = format!("{}, choice {number}", set.name);
            composed += usize::from(check(&name, &request(&set.wiring, options)));
        }
    }
    assert!(composed > 100, "only {composed} compositions were compared");
}

#[test]
fn two_exports_of_one_name_have_two_lines() {
    let wit = "package a:b; interface i { f: func(); } world w { export i; export g: func(); }";
    let bytes = joggle_testsuite::components::dummy(wit, "w").expect("the world is sound");
    let inputs =
        ["one", "two"].map(|name| Input::of_bytes(name, bytes.clone())).into_iter().collect();
    let spec = |from: &str, to: Option<&str>| ExportSpec {
        from: Some(from.to_owned()),
        export: "g".to_owned(),
        to: to.map(str::to_owned),
    };
    let options = Options {
        exports: vec![spec("one", None), spec("two", None)],
        renames: vec![spec("two", Some("h"))],
        ..Options::default()
    };
    assert!(check("twins", &Request { inputs, options, ..Request::default() }));
}
