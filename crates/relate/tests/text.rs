//! Where the declarations of a difference stand in the printed WIT of a binary.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them that way")]

use expect_test::expect;
use joggle_relate::{Item, Place, Scope, Text, Words, interfaces, worlds};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{InterfaceId, Resolve, WorldId};

/// A component with the world `w` of this WIT, decoded: it has no source.
fn component(wit: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let package = resolve.push_source("test.wit", wit).unwrap();
    let world = resolve.packages[package].worlds["w"];
    let mangling = wit_parser::ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync);
    let mut module = wit_component::dummy_module(&resolve, world, mangling);
    let encoding = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, &resolve, world, encoding, false).unwrap();
    let bytes =
        wit_component::ComponentEncoder::default().module(&module).unwrap().encode().unwrap();
    match wit_parser::decoding::decode(&bytes).unwrap() {
        DecodedWasm::Component(resolve, world) => (resolve, world),
        DecodedWasm::WitPackage(..) => panic!("this is a component"),
    }
}

fn interface(resolve: &Resolve, name: &str) -> InterfaceId {
    let mut all = resolve.interfaces.iter();
    all.find(|(_, i)| i.name.as_deref() == Some(name)).unwrap().0
}

/// The text with a line of carets under the place, as a reader will see it.
fn pointed(text: &Text, place: &Place) -> String {
    let range = text.span(place).unwrap();
    let line = text.text[..range.start].rfind('\n').map_or(0, |n| n + 1);
    let end = text.text[range.start..].find('\n').unwrap() + range.start;
    let indent = " ".repeat(range.start - line);
    let carets = "^".repeat(range.len());
    format!("{}\n{indent}{carets}\n", &text.text[line..end])
}

/// An interface over an enum with these cases, imported or exported.
fn process(cases: &str, name: &str, side: &str) -> (Resolve, WorldId) {
    component(&format!(
        "package a:b@1.0.0;
             interface types {{
                 enum image-format {{ {cases} }}
                 resource image {{ convert: func({name}: image-format) -> u32; }}
             }}
             interface process {{
                 use types.{{image, image-format}};
                 record job {{ format: image-format }}
                 run: func(job: job, img: borrow<image>, size: {name});
                 type {name} = u32;
                 gone: func();
             }}
             world w {{ {side} process; }}"
    ))
}

#[test]
fn both_sides_of_a_mismatch_are_shown() {
    let consumer = process("png, avif", "length", "import");
    let provider = process("png", "size", "export");
    let texts = (
        Text::of_world(&consumer.0, consumer.1).unwrap(),
        Text::of_world(&provider.0, provider.1).unwrap(),
    );
    let mut shown = String::new();
    for name in ["process", "types"] {
        let changes = interfaces(
            (&consumer.0, interface(&consumer.0, name)),
            (&provider.0, interface(&provider.0, name)),
        );
        for change in changes {
            shown += &change.describe(Words::Edge);
            shown += "\n";
            shown += &pointed(&texts.0, change.wanted.as_ref().unwrap());
            shown += &pointed(&texts.1, change.given.as_ref().unwrap());
        }
    }
    expect![[r#"
        process.run(job: job).format: enum image-format: provider lacks case "avif"
              avif,
              ^^^^
            enum image-format {
                 ^^^^^^^^^^^^
        process: type "length" is missing
            type length = u32;
                 ^^^^^^
          interface process {
                    ^^^^^^^
        process: provider also has type "size"
          interface process {
                    ^^^^^^^
            type size = u32;
                 ^^^^
        types.image.convert(length: image-format): parameter renamed: consumer wants "length", provider has "size"
              convert: func(length: image-format) -> u32;
                            ^^^^^^
              convert: func(size: image-format) -> u32;
                            ^^^^
        types.image.convert(length: image-format): enum image-format: provider lacks case "avif"
              avif,
              ^^^^
            enum image-format {
                 ^^^^^^^^^^^^
    "#]].assert_eq(&shown);
}

#[test]
fn a_component_prints_as_one_text() {
    let (resolve, world) = process("png", "size", "export");
    let text = Text::of_world(&resolve, world).unwrap().text;
    expect![[r#"
        package root:component;

        world root {
          import a:b/types@1.0.0;

          export a:b/process@1.0.0;
        }
        package a:b@1.0.0 {
          interface types {
            resource image {
              convert: func(size: image-format) -> u32;
            }

            enum image-format {
              png,
            }
          }
          interface process {
            use types.{image, image-format};

            record job {
              format: image-format,
            }

            type size = u32;

            run: func(job: job, img: borrow<image>, size: size);

            gone: func();
          }
        }
    "#]]
    .assert_eq(&text);
}

#[test]
fn world_items_are_found() {
    let old = component(
        "package a:b; world w { import run: func(x: u8); import gone: func();
         export inner: interface { f: func(x: u8); enum e { a, b } g: func(x: e); } }",
    );
    let new = component(
        "package a:b; world w { import run: func(x: u16);
         export inner: interface { f: func(x: u16); enum e { a } g: func(x: e); } }",
    );
    let texts = (Text::of_world(&old.0, old.1).unwrap(), Text::of_world(&new.0, new.1).unwrap());
    let mut shown = String::new();
    for change in worlds((&old.0, old.1), (&new.0, new.1)) {
        shown += &change.describe(Words::Diff);
        shown += "\n";
        shown += &pointed(&texts.0, change.wanted.as_ref().unwrap());
        shown += &pointed(&texts.1, change.given.as_ref().unwrap());
    }
    expect![[r#"
        root.run(x: u8): old has u8, new has u16
          import run: func(x: u8);
                           ^
          import run: func(x: u16);
                           ^
        root: function "gone" was removed
          import gone: func();
                 ^^^^
        world root {
              ^^^^
        inner.f(x: u8): old has u8, new has u16
            f: func(x: u8);
                    ^
            f: func(x: u16);
                    ^
        inner.g(x: e): enum e: new lacks case "b"
              b,
              ^
            enum e {
                 ^
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_package_alone_prints_what_it_uses() {
    let mut resolve = Resolve::default();
    let wit = "package a:b; interface i { use c:d/j@1.0.0.{r}; }
               package c:d@1.0.0 { interface j { use e:f/k.{r}; } }
               package e:f { interface k { resource r; } }
               package x:y { interface z {} }";
    resolve.push_source("test.wit", wit).unwrap();
    let text = Text::of_interface(&resolve, interface(&resolve, "i")).unwrap();
    assert!(text.text.contains("package e:f") && !text.text.contains("package x:y"));
    let place = |name: &str| Place {
        scope: Scope::Interface { package: "e:f".to_owned(), name: "k".to_owned() },
        item: Item::Type(name.to_owned()),
    };
    assert_eq!(text.span(&place("r")).map(|r| &text.text[r]), Some("r"));
    assert_eq!(text.span(&place("s")), None);
}
