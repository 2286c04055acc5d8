//! Every kind of difference, as a pair of interfaces and the sentences they give.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them that way")]

mod shown;

use expect_test::{Expect, expect};
use joggle_relate::{Words, functions, interfaces};
use shown::{lines, parse};
use wit_parser::{InterfaceId, Resolve};

/// The interface `process` of a package with this body, beside an interface
/// `types` to use from.
fn process(body: &str) -> (Resolve, InterfaceId) {
    let wit = format!(
        "package a:b@1.0.0;
         interface types {{ resource token; }}
         interface other {{ resource token; }}
         interface process {{ {body} }}"
    );
    let resolve = parse(&wit);
    let id = interface(&resolve, "process");
    (resolve, id)
}

fn interface(resolve: &Resolve, name: &str) -> InterfaceId {
    let mut all = resolve.interfaces.iter();
    all.find(|(_, i)| i.name.as_deref() == Some(name)).unwrap().0
}

fn edge(wanted: &str, given: &str, expected: &Expect) {
    let (wanted, given) = (process(wanted), process(given));
    let changes = interfaces((&wanted.0, wanted.1), (&given.0, given.1));
    expected.assert_eq(&lines(&changes, Words::Edge));
    for (resolve, id) in [&wanted, &given] {
        assert_eq!(interfaces((resolve, *id), (resolve, *id)), []);
    }
}

#[test]
fn an_enum_deep_inside_a_record() {
    edge(
        "enum image-format { png, jpeg, avif }
         record image { pixels: list<u8>, format: image-format }
         resize: func(img: image) -> image;
         crop: func(img: image);
         turn: func(img: image);
         formats: func() -> list<image-format>;
         first: func() -> option<image-format>;",
        "enum image-format { png, jpeg }
         record image { pixels: list<u8>, format: image-format }
         resize: func(img: image) -> image;
         crop: func(img: image);
         turn: func(img: image);
         formats: func() -> list<image-format>;
         first: func() -> option<image-format>;",
        &expect![[r#"
            ! process.resize(img: image).format: enum image-format: provider lacks case "avif"
                also reached from `process.crop`, `process.turn`, `process.formats` and 1 more
        "#]],
    );
}

#[test]
fn fields() {
    edge(
        "record image { width: u32, height: list<u32>, depth: u8, name: string }
         show: func(img: image);",
        "record image { width: u64, height: list<u64>, deep: u8, name: string }
         show: func(img: image);",
        &expect![[r#"
            ! process.show(img: image): record image: field renamed: consumer wants "depth", provider has "deep"
            ! process.show(img: image): record image: field "width": consumer wants u32, provider has u64
            ! process.show(img: image): record image: field "height"[]: consumer wants u32, provider has u64
        "#]],
    );
    edge(
        "record image { width: u32, height: u32 } show: func(img: list<image>);",
        "record image { height: u32, width: u32, depth: u8 } show: func(img: list<image>);",
        &expect![[r#"
            ! process.show(img: list<image>)[]: record image: provider has one field more, "depth"
            ! process.show(img: list<image>)[]: record image: fields in another order: consumer wants (width, height), provider has (height, width)
        "#]],
    );
}

#[test]
fn cases_and_flags() {
    edge(
        "variant shape { circle(f32), square(tuple<f32, u8>), none, blob(u8) }
         draw: func() -> result<shape, string>;",
        "variant shape { circle, square(tuple<f32, u16>), none(u8), blob(u16) }
         draw: func() -> result<shape, string>;",
        &expect![[r#"
            ! process.draw -> result.ok: variant shape: case "circle": payload: consumer wants f32, provider has none
            ! process.draw -> result.ok: variant shape: case "square".1: consumer wants u8, provider has u16
            ! process.draw -> result.ok: variant shape: case "none": payload: consumer wants none, provider has u8
            ! process.draw -> result.ok: variant shape: case "blob": consumer wants u8, provider has u16
        "#]],
    );
    edge(
        "flags permissions { read, write, run } variant v { a, b } enum e { x, y, z }",
        "flags permissions { read, write } variant v { a, b, c } enum e { y, x, z }",
        &expect![[r#"
            ! process.permissions: flags permissions: provider lacks flag "run"
            ! process.v: variant v: provider has one case more, "c"
            ! process.e: enum e: cases in another order: consumer wants (x, y, z), provider has (y, x, z)
        "#]],
    );
}

#[test]
fn functions_missing_and_added() {
    edge(
        "compress: func(); expand: func(); f: func();",
        "compres: func(); f: func(); g: func();",
        &expect![[r#"
            guest! process: function "compress" is missing; provider has "compres"
            guest! process: function "expand" is missing
            host! process: provider also has function "compres"
            host! process: provider also has function "g"
        "#]],
    );
}

#[test]
fn asyncness() {
    edge(
        "a: func(); b: async func();",
        "a: async func(); b: func();",
        &expect![[r#"
            ! process.a: function became async: consumer wants `func`, provider has `async func`
            ! process.b: function is no longer async: consumer wants `async func`, provider has `func`
        "#]],
    );
}

#[test]
fn parameters_and_results() {
    edge(
        "a: func(x: u8, y: u8); b: func(x: u8, y: u16); c: func(x: u8);
         d: func() -> u8; e: func(); f: func(x: string) -> u8;",
        "a: func(x: u8); b: func(y: u16, x: u8); c: func(z: u16);
         d: func(); e: func() -> u8; f: func(x: list<u8>) -> bool;",
        &expect![[r#"
            ! process.a: consumer wants 2 parameters (x, y), provider has 1 parameter (x)
            ! process.b: parameters in another order: consumer wants (x, y), provider has (y, x)
            ! process.c(x: u8): parameter renamed: consumer wants "x", provider has "z"
            ! process.c(x: u8): consumer wants u8, provider has u16
            ! process.d: result: consumer wants u8, provider has none
            ! process.e: result: consumer wants none, provider has u8
            ! process.f(x: string): consumer wants string, provider has list<u8>
            ! process.f -> result: consumer wants u8, provider has bool
        "#]],
    );
}

#[test]
fn payloads() {
    edge(
        "a: func(x: stream<u8>, y: future<u8>, z: option<u8>, w: tuple<u8, u8>);
         b: func(x: stream<u8>, y: future, z: map<u8, string>, w: list<u8, 4>);
         c: func(x: result<u8>, y: result<u8, string>, z: map<u8, u8>);",
        "a: func(x: stream<u16>, y: future<u16>, z: option<u16>, w: tuple<u8, u16>);
         b: func(x: stream, y: future<u8>, z: map<u16, u8>, w: list<u8, 8>);
         c: func(x: result<_, u8>, y: result<u16, char>, z: list<tuple<u8, u8>>);",
        &expect![[r#"
            ! process.a(x: stream<u8>).stream: consumer wants u8, provider has u16
            ! process.a(y: future<u8>).future: consumer wants u8, provider has u16
            ! process.a(z: option<u8>).some: consumer wants u8, provider has u16
            ! process.a(w: tuple<u8, u8>).1: consumer wants u8, provider has u16
            ! process.b(x: stream<u8>): consumer wants stream<u8>, provider has stream
            ! process.b(y: future): consumer wants future, provider has future<u8>
            ! process.b(z: map<u8, string>)[key]: consumer wants u8, provider has u16
            ! process.b(z: map<u8, string>)[value]: consumer wants string, provider has u8
            ! process.b(w: list<u8, 4>): consumer wants list<u8, 4>, provider has list<u8, 8>
            ! process.c(x: result<u8>): consumer wants result<u8>, provider has result<_, u8>
            ! process.c(y: result<u8, string>).ok: consumer wants u8, provider has u16
            ! process.c(y: result<u8, string>).err: consumer wants string, provider has char
            ! process.c(z: map<u8, u8>): consumer wants map<u8, u8>, provider has list<tuple<u8, u8>>
        "#]],
    );
}

#[test]
fn kinds_of_types() {
    edge(
        "record image { a: u8 } type size = u32; type pixels = list<u8>; enum e { a }
         a: func(x: image, y: size, z: pixels, w: e);
         b: func(x: image);",
        "variant image { a(u8) } type size = u64; type pixels = list<u16>; flags e { a }
         a: func(x: image, y: size, z: pixels, w: e);
         b: func(x: image);",
        &expect![[r#"
            ! process.a(x: image): consumer wants record image, provider has variant image
                also reached from `process.b`
            ! process.a(y: size): consumer wants u32, provider has u64
            ! process.a(z: pixels)[]: consumer wants u8, provider has u16
            ! process.a(w: e): consumer wants enum e, provider has flags e
        "#]],
    );
}

#[test]
fn aliases_are_looked_through() {
    edge(
        "type size = u32; a: func(x: size, y: list<u8>);",
        "type size = u32; type bytes = list<u8>; type more = bytes; a: func(x: u32, y: more);",
        &expect![[r#"
            host! process: provider also has type "bytes"
            host! process: provider also has type "more"
        "#]],
    );
}

#[test]
fn types_by_name() {
    edge(
        "record imagee { a: u8 } resource r { f: func(); g: static func(); } enum unused { a }",
        "record image { a: u8 } enum unused { b } resource s { constructor(); }",
        &expect![[r#"
            guest! process: type "imagee" is missing; provider has "image"
            guest! process: resource "r" is missing
            ! process.unused: enum unused: case renamed: consumer wants "a", provider has "b"
            host! process: provider also has type "image"
            host! process: provider also has resource "s"
        "#]],
    );
}

#[test]
fn functions_of_resources() {
    edge(
        "resource image { constructor(size: u8); width: func() -> u32; open: static func(); }",
        "resource image { constructor(size: u16); width: static func() -> u32; shut: func(); }",
        &expect![[r#"
            ! process.image.constructor(size: u8): consumer wants u8, provider has u16
            ! process.image.width: consumer wants a method, provider has a static function
            guest! process: function "image.open" is missing
            host! process: provider also has function "image.shut"
        "#]],
    );
}

#[test]
fn handles() {
    edge(
        "resource image; resource picture;
         a: func(x: borrow<image>); b: func(x: image); c: func(x: image); d: func() -> list<image>;",
        "resource image; resource picture;
         a: func(x: image); b: func(x: borrow<image>); c: func(x: picture); d: func() -> list<u32>;",
        &expect![[r#"
            ! process.a(x: borrow<image>): consumer wants borrow<image>, provider has own<image>
            ! process.b(x: image): consumer wants own<image>, provider has borrow<image>
            ! process.c(x: image): consumer wants resource image of a:b/process@1.0.0, provider has resource picture of a:b/process@1.0.0
            ! process.d -> result[]: consumer wants own<image>, provider has u32
        "#]],
    );
}

#[test]
fn resources_that_became_values() {
    edge(
        "resource image { width: func() -> u32; } a: func(x: borrow<image>); b: func(x: image);",
        "record image { width: u32 } a: func(x: image); b: func(x: image);",
        &expect![[r#"
            ! process.a(x: borrow<image>): consumer wants resource image, provider has record image
                also reached from `process.b`
        "#]],
    );
    edge(
        "record image { width: u32 } a: func(x: image); b: func(x: image);",
        "resource image { width: func() -> u32; } a: func(x: borrow<image>); b: func(x: image);",
        &expect![[r#"
            ! process.a(x: image): consumer wants record image, provider has resource image
                also reached from `process.b`
        "#]],
    );
}

#[test]
fn owners_of_resources() {
    edge(
        "use types.{token}; a: func(x: token); b: func(x: borrow<token>);",
        "use other.{token}; a: func(x: token); b: func(x: borrow<token>);",
        &expect![[r#"
            ! process.a(x: token): resource token: consumer wants that of a:b/types@1.0.0, provider has that of a:b/other@1.0.0
                also reached from `process.b`
        "#]],
    );
    edge(
        "resource token; a: func(x: token);",
        "use other.{token}; a: func(x: token);",
        &expect![[r#"
            fits process.a(x: token): resource token: provider passes on that of a:b/other@1.0.0
        "#]],
    );
    edge(
        "use other.{token}; a: func(x: token);",
        "resource token; a: func(x: token);",
        &expect![[r#"
            ! process.a(x: token): resource token: consumer wants that of a:b/other@1.0.0, provider has that of a:b/process@1.0.0
        "#]],
    );
}

#[test]
fn owners_are_the_same_along_a_track_and_at_home() {
    let wit = |home: &str, dep: &str| {
        let resolve = parse(&format!(
            "package my:home@{home};
             interface mine {{ resource here; }}
             interface process {{
                 use mine.{{here}};
                 use dep:dep/types@{dep}.{{there}};
                 f: func(x: here, y: there);
             }}
             package dep:dep@{dep} {{ interface types {{ resource there; }} }}"
        ));
        let id = interface(&resolve, "process");
        (resolve, id)
    };
    let changes = |a: &(Resolve, InterfaceId), b: &(Resolve, InterfaceId)| {
        lines(&interfaces((&a.0, a.1), (&b.0, b.1)), Words::Edge)
    };
    let old = wit("1.0.0", "0.2.0");
    assert_eq!(changes(&old, &wit("2.0.0", "0.2.6")), "");
    expect![[r#"
        ! process.f(y: there): resource there: consumer wants that of dep:dep/types@0.2.0, provider has that of dep:dep/types@0.3.0
    "#]].assert_eq(&changes(&old, &wit("1.0.0", "0.3.0")));
}

#[test]
fn functions_by_themselves() {
    let wanted = parse("package a:b; world w { import run: func(x: u8); }");
    let given = parse("package a:b; world w { export go: async func(x: u16); }");
    let function = |resolve: &Resolve| {
        let (_, world) = resolve.worlds.iter().next().unwrap();
        let mut all = world.imports.values().chain(world.exports.values());
        let Some(wit_parser::WorldItem::Function(f)) = all.next().cloned() else {
            panic!("no function");
        };
        f
    };
    let (w, g) = (function(&wanted), function(&given));
    let changes = functions((&wanted, &w), (&given, &g));
    expect![[r#"
        ! run: function became async: consumer wants `func`, provider has `async func`
        ! run(x: u8): consumer wants u8, provider has u16
    "#]]
    .assert_eq(&lines(&changes, Words::Edge));
}

#[test]
fn types_shared_many_times_over_are_walked_once() {
    // Without the memo this is two to the power of sixty.
    let body = |leaf: &str| {
        let types = (0..60).map(|n| format!("type t{} = tuple<t{n}, t{n}>;", n + 1));
        format!("type t0 = {leaf};{}f: func(x: t60);", types.collect::<String>())
    };
    edge(
        &body("u8"),
        &body("u16"),
        &expect![[r#"
            ! process.f(x: t60).0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0: consumer wants u8, provider has u16
        "#]],
    );
}

#[test]
fn changes_are_data() {
    let wanted = process("enum e { a, b } f: func(x: e);");
    let given = process("enum e { a } f: func(x: e);");
    let changes = interfaces((&wanted.0, wanted.1), (&given.0, given.1));
    let json = serde_json::to_string_pretty(&changes).unwrap();
    expect![[r#"
        [
          {
            "path": "process.f(x: e)",
            "kind": "part",
            "of": "enum e",
            "part": "case",
            "change": "missing",
            "name": "b",
            "variance": "import",
            "wanted": {
              "scope": {
                "interface": {
                  "package": "a:b@1.0.0",
                  "name": "process"
                }
              },
              "item": {
                "part": {
                  "of": "e",
                  "name": "b"
                }
              }
            },
            "given": {
              "scope": {
                "interface": {
                  "package": "a:b@1.0.0",
                  "name": "process"
                }
              },
              "item": {
                "type": "e"
              }
            },
            "within": null,
            "also": []
          }
        ]"#]]
    .assert_eq(&json);
}

#[test]
fn nesting_without_end_is_refused() {
    let body = |leaf: &str| {
        let types = (0..300).map(|n| format!("type t{} = list<t{n}>;", n + 1));
        format!("type t0 = {leaf};{}f: func(x: t300);", types.collect::<String>())
    };
    let (wanted, given) = (process(&body("u8")), process(&body("u8")));
    let changes = interfaces((&wanted.0, wanted.1), (&given.0, given.1));
    let [change] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert!(change.breaks());
    let line = change.describe(Words::Edge);
    assert!(line.ends_with("types are nested too deeply to be compared"), "{line}");
}
