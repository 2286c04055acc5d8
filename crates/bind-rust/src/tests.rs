//! Tests of whole worlds: what modules there are, how types are written, and what is refused.
//! That the result compiles, links and runs is tested by the test suite.

use expect_test::{Expect, expect};
use joggle_bind::name::Renames;
use joggle_load::{Artifact, Wit, load_bytes};

use crate::{Generated, Options, Ownership, Problem, generate};

fn wit(text: &str) -> Wit {
    let bytes = text.as_bytes().to_vec().into();
    match load_bytes("test.wit", bytes).expect("a package") {
        Artifact::Wit(wit) => *wit,
        Artifact::Component(_) | Artifact::Module(_) => unreachable!("it is text"),
    }
}

fn run(text: &str, options: &Options) -> Result<Generated, Vec<Problem>> {
    let wit = wit(text);
    let world = joggle_bind::select_world(&wit, None).expect("one world");
    let built = joggle_bind::build(&wit, world, &joggle_bind::Options::default()).expect("a world");
    generate(&wit, &built, options, Renames::default())
}

fn text(wit: &str, options: &Options) -> String {
    let generated = run(wit, options).expect("bindings");
    generated.files.iter().map(|(_, text)| text.to_owned()).collect()
}

/// The lines that begin with one of these, without those of fakes and helpers.
fn lines(text: &str, starts: &[&str]) -> String {
    let text = text.split("\nmod _abi").next().unwrap_or(text);
    let mut shown = String::new();
    for line in text.lines() {
        let line = line.trim();
        if starts.iter().any(|start| line.starts_with(start)) && !line.contains("fn call_") {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    shown
}

fn check(wit: &str, options: &Options, starts: &[&str], expected: &Expect) {
    expected.assert_eq(&lines(&text(wit, options), starts));
}

fn problems(wit: &str, options: &Options) -> Vec<String> {
    let found = run(wit, options).expect_err("problems");
    found.iter().map(ToString::to_string).collect()
}

const BOTH: &str = "
    package example:image-processor;
    interface process {
        record image { data: list<u8>, width: u32, format: image-format }
        enum image-format { png, jpeg }
        resize: func(img: image, new-width: u32) -> image;
    }
    world image-service { import process; export process; }
";

#[test]
fn an_interface_on_both_sides_has_one_type() {
    check(
        BOTH,
        &Options::default(),
        &["pub mod", "pub struct", "pub enum", "pub type", "pub trait Guest", "fn resize"],
        &expect![[r"
            pub mod example {
            pub mod image_processor {
            pub mod process {
            pub struct Image {
            pub enum ImageFormat {
            pub mod fake {
            fn resize(&self, img: &super::Image, new_width: u32) -> super::Image {
            pub mod exports {
            pub mod example {
            pub mod image_processor {
            pub mod process {
            pub type Image =
            pub type ImageFormat =
            pub trait Guest {
            fn resize(img: Image, new_width: u32) -> Image;
            pub mod _exports {
        "]],
    );
}

const TEXTS: &str = "
    package t:t;
    interface texts {
        record note { title: string, tags: list<string> }
        type titles = list<string>;
        put: func(n: note, all: titles, some: option<string>, pair: tuple<string, u8>);
        get: func() -> note;
    }
    world w { import texts; }
";

#[test]
fn arguments_of_imports_borrow_as_the_user_chose() {
    let starts = ["pub struct", "pub title", "pub tags", "pub type", "pub fn", "n:", "all:"];
    check(
        TEXTS,
        &Options::default(),
        &starts,
        &expect![[r"
            pub struct Note {
            pub title: String,
            pub tags: Vec<String>,
            pub type Titles = Vec<String>;
            pub fn put(n: &Note, all: &[String], some: Option<&str>, pair: (&str, u8)) {
            pub fn get() -> Note {
            n: &super::Note,
            all: &[String],
            pub fn install<F: Fake + 'static>(fake: F) -> joggle_rt::support::Installed<F> {
        "]],
    );
    let ownership = Ownership::BorrowingDuplicateIfNecessary;
    check(
        TEXTS,
        &Options { ownership, ..Options::default() },
        &starts,
        &expect![[r"
            pub struct NoteResult {
            pub title: String,
            pub tags: Vec<String>,
            pub struct NoteParam<'a> {
            pub title: &'a str,
            pub tags: &'a [&'a str],
            pub type Titles<'a> = &'a [&'a str];
            pub fn put(n: NoteParam<'_>, all: &[&str], some: Option<&str>, pair: (&str, u8)) {
            pub fn get() -> NoteResult {
            n: super::NoteParam<'_>,
            all: &[&str],
            pub fn install<F: Fake + 'static>(fake: F) -> joggle_rt::support::Installed<F> {
        "]],
    );
}

#[test]
fn names_of_the_prelude_are_spelled_out_only_where_they_are_hidden() {
    let wit = "
        package t:t;
        interface a { record %option { v: option<u8> } get: func() -> option<%option>; }
        interface b { get: func() -> option<u8>; }
        world w { import a; import b; }
    ";
    check(
        wit,
        &Options::default(),
        &["pub v", "pub fn get"],
        &expect![[r"
            pub v: ::core::option::Option<u8>,
            pub fn get() -> ::core::option::Option<Option> {
            pub fn get() -> Option<u8> {
        "]],
    );
}

#[test]
fn everything_that_cannot_be_expressed_is_reported_at_once() {
    let wit = "
        package t:t;
        interface a {
            record r { s: stream<u8> }
            wait: async func();
            take: func(f: future<string>);
            give: func() -> option<r>;
        }
        world w { import a; export a; }
    ";
    assert_eq!(
        problems(wit, &Options::default()),
        [
            "Rust has no bindings for the field `s` yet",
            "Rust has no bindings for the async function `wait` yet",
            "Rust has no bindings for the parameter `f` of the function `take` yet",
        ]
    );
}

#[test]
fn interfaces_of_other_packages_need_a_word() {
    let wit = "
        package t:t;
        package o:o { interface far { f: func(); } }
        interface near { f: func(); }
        world w { import near; import o:o/far; }
    ";
    let default = Options::default();
    assert_eq!(problems(wit, &default), ["nothing says where `o:o/far` comes from"]);
    let with = |key: &str, value: &str| Options {
        with: vec![(key.to_owned(), value.to_owned())],
        ..Options::default()
    };
    let starts = ["use ", "pub mod f", "pub mod n"];
    let all = Options { generate_all: true, ..Options::default() };
    for options in [all, with("o:o/far", "generate")] {
        check(
            wit,
            &options,
            &["pub mod far", "pub mod near"],
            &expect![[r"
            pub mod near {
            pub mod far {
        "]],
        );
    }
    let elsewhere = text(wit, &with("o:o/far", "other::far"));
    assert!(elsewhere.contains("\nuse other::far as o_o_far;\n"), "{elsewhere}");
    assert!(!lines(&elsewhere, &starts).contains("pub mod far"));
}

#[test]
fn options_that_are_no_rust_are_refused() {
    let options = Options {
        runtime_path: Some("a-b".to_owned()),
        additional_derive_attributes: vec!["1".to_owned()],
        additional_type_attributes: vec![("t:t/texts/nota".to_owned(), "#[x]".to_owned())],
        additional_member_attributes: vec![("t:t/texts/note.title".to_owned(), "x".to_owned())],
        ..Options::default()
    };
    assert_eq!(
        problems(TEXTS, &options),
        [
            "`a-b` is not a path, which `runtime-path` takes",
            "`1` is not the path of a derive, which `additional-derive-attributes` takes",
            "`additional-type-attributes` names `t:t/texts/nota`, which fits no type",
            "`x` is not an attribute, `#[…]`, which `additional-member-attributes` takes",
        ]
    );
}

#[test]
fn attributes_stand_where_they_were_asked_for() {
    let options = Options {
        additional_derive_attributes: vec!["PartialEq".to_owned(), "Clone".to_owned()],
        additional_type_attributes: vec![("t:t/texts/note".to_owned(), "#[must_use]".to_owned())],
        additional_member_attributes: vec![(
            "t:t/texts/note.tags".to_owned(),
            "#[doc(alias = \"labels\")]".to_owned(),
        )],
        ..Options::default()
    };
    let text = text(TEXTS, &options);
    let struct_ = text.split("#[derive").nth(1).and_then(|rest| rest.split("\n\n").next());
    expect![[r#"
        (Debug, Clone, PartialEq)]
                    #[must_use]
                    pub struct Note {
                        pub title: String,
                        #[doc(alias = "labels")]
                        pub tags: Vec<String>,
                    }"#]]
    .assert_eq(struct_.unwrap_or_default());
}

/// A library whose bindings others implement, or not: what it exports is wanted of a component
/// only where the macro is called.
#[test]
fn exports_of_a_library_come_with_its_macro() {
    let own = text(BOTH, &Options::default());
    assert!(own.contains("What this world imports and exports, for"));
    assert!(!own.contains("image-service:exports"));
    let public = text(BOTH, &Options { pub_export_macro: true, ..Options::default() });
    let (mut made, mut inside) = (String::new(), false);
    for line in public.lines() {
        inside |= line.contains("macro_rules!");
        if !inside {
            made.push_str(line);
        }
        inside &= line != "}";
    }
    assert!(made.contains("__JOGGLE_COMPONENT_TYPE") && !made.contains("image-service:exports"));
    assert_eq!(public.matches("image-service:exports").count(), 1);
    assert_eq!(public.matches("What this world imports, for").count(), 1);
}

#[test]
fn methods_are_chained_as_the_first_filter_says() {
    let wit = "
        package a:b;
        interface draw {
            resource pen { to: func(x: u32); up: func(); width: func() -> u32; }
            resource ink { dry: func(); }
        }
        world w { import draw; }
    ";
    let filters = ["-draw#pen.up", "a:b/draw#pen", "&all"].map(str::to_owned).to_vec();
    check(
        wit,
        &Options { chainable_methods: filters, ..Options::default() },
        &["pub fn to", "pub fn up", "pub fn width", "pub fn dry"],
        &expect![[r"
            pub fn to(self, x: u32) -> Self {
            pub fn up(&self) {
            pub fn width(&self) -> u32 {
            pub fn dry(&self) -> &Self {
        "]],
    );
    let wrong = ["draw#pen.width", "draw#pen."].map(str::to_owned).to_vec();
    let found = problems(wit, &Options { chainable_methods: wrong, ..Options::default() });
    assert_eq!(found.len(), 2, "{found:?}");
}

/// Work grows with the text, and not with what lies inside of what.
#[test]
fn types_may_be_nested_so_deep_and_no_deeper() {
    let nested = |levels: usize| {
        let mut wit = "package a:b; interface i { record r1 { a: string } ".to_owned();
        for level in 2..=levels {
            let inner = level - 1;
            wit.extend([format!("record r{level} {{ a: r{inner}, b: u8 }} ")]);
        }
        wit + &format!("f: func(x: r{levels}) -> r{levels}; }} world w {{ import i; export i; }}")
    };
    // A string is a type as well.
    let text = text(&nested(99), &Options::default());
    assert!(text.contains("pub struct R99"));
    let found = problems(&nested(5_000), &Options::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the type `r100`"), "{found:?}");
}
