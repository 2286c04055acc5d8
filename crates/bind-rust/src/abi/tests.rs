//! What lifting and lowering promise, seen in whole bindings: what is copied, what is freed, and
//! how much is written. Whether the values are right is left to the runtime cases.

use std::fmt::Write as _;

use joggle_bind::Built;
use joggle_load::{Artifact, Wit};

use crate::{Options, generate};

fn built(text: &str) -> (Wit, Built) {
    let text = format!("package a:b;\n{text}");
    let artifact = joggle_load::load_bytes("test.wit", text.into_bytes().into());
    let Ok(Artifact::Wit(wit)) = artifact else { panic!("the WIT is wrong:\n{artifact:?}") };
    let world = joggle_bind::select_world(&wit, None).expect("one world");
    let built = joggle_bind::build(&wit, world, &joggle_bind::Options::default());
    (*wit, built.expect("a world"))
}

fn bindings(text: &str, options: &Options) -> String {
    let (wit, built) = built(text);
    let generated = generate(&wit, &built, options, joggle_bind::name::Renames::default());
    let files = generated.expect("bindings").files;
    files.iter().map(|(_, text)| text.to_owned()).collect()
}

fn of(items: &str) -> String {
    bindings(&format!("world w {{ {items} }}"), &Options::default())
}

#[test]
fn arguments_are_copied_only_where_layouts_differ() {
    let without = of("
        record point { x: s32, y: f64 }
        enum color { red, green }
        import f: func(a: string, b: list<u8>, c: list<point>, d: list<color>, e: list<char>);
    ");
    assert!(!without.contains("Scratch"), "{without}");
    assert!(without.contains("#[repr(C)]"), "{without}");
    let with = of("import f: func(a: list<string>);");
    assert!(with.contains("Scratch::new()"), "{with}");
}

#[test]
fn lists_are_taken_as_they_are_where_any_bits_are_a_value() {
    let numbers = of("record point { x: s32, y: f64 } import f: func() -> list<point>;");
    assert!(numbers.contains("_rt::lift_slice"), "{numbers}");
    // The host has checked a `bool`, but nobody may look at one that is neither.
    let checked = of("record flag { it: bool } import f: func() -> list<flag>;");
    assert!(checked.contains("_rt::lift_list"), "{checked}");
}

#[test]
fn only_what_is_allocated_is_freed() {
    let text = of("
        record name { it: string }
        export plain: func() -> tuple<u32, option<f32>>;
        export nested: func() -> list<option<name>>;
    ");
    assert!(!text.contains("post_return_plain"), "{text}");
    assert!(text.contains("post_return_nested"), "{text}");
    assert!(text.contains("fn free_name"), "{text}");
    // In an argument it is taken over, and there is nothing to free later.
    let argument = of("record name { it: string } export f: func(a: list<option<name>>);");
    assert!(!argument.contains("_post_return"), "{argument}");
    assert!(!argument.contains("fn free_name"), "{argument}");
}

/// Types that double with every step, written down as aliases.
fn doubling(steps: usize) -> String {
    let mut text = String::from("type t0 = tuple<string, u32>;");
    for step in 1..=steps {
        let below = step - 1;
        write!(text, "type t{step} = tuple<t{below}, list<t{below}>>;").expect("a string grows");
    }
    write!(text, "import f: func(a: t{steps}) -> t{steps};").expect("a string grows");
    of(&text)
}

#[test]
fn bindings_grow_with_the_wit() {
    let [small, middle, large] = [4, 8, 12].map(|steps| doubling(steps).len());
    let (first, second) = (middle - small, large - middle);
    assert!(second < first * 3 / 2, "{small}, {middle} and {large} bytes");
}

#[test]
fn the_support_modules_can_be_copied() {
    let options =
        Options { runtime_path: Some("wit_bindgen::rt".to_owned()), ..Options::default() };
    let text = bindings("world w { import f: func(a: string) -> string; }", &options);
    assert!(text.contains("mod _rt {"), "{text}");
    assert!(text.contains("fn lift_string") && text.contains("fn give_map"), "{text}");
    assert!(!text.contains("joggle_rt"), "{text}");
}
