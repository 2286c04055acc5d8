//! What is refused, with its place.

use std::fmt::Write;

use expect_test::{Expect, expect};
use joggle_diag::Report;

use super::built;
use crate::build::Options;

fn check(text: &str, expected: &Expect) {
    let Err(problems) = built(text, Options::default()) else {
        panic!("this world is built");
    };
    let mut out = String::new();
    for problem in &problems {
        let report = Report::of(problem);
        writeln!(out, "{}: {}", report.code.unwrap_or_default(), report.message)
            .expect("strings take everything");
        for label in report.labels {
            writeln!(out, "  at {}:{} {:?}", label.line, label.column, label.text)
                .expect("strings take everything");
        }
        writeln!(out, "  {}", report.help.unwrap_or_default()).expect("strings take everything");
    }
    expected.assert_eq(&out);
}

#[test]
fn a_function_called_memory() {
    check(
        "package a:b; world w { export memory: func(); export m: func(); }",
        &expect![[r#"
        bind::reserved-export: the world exports a function `memory`, and a core module exports its memory as `memory`
          at 1:31 Some("the name is taken")
          give the function another name, or export it in an interface: there its export begins with the name of the interface
    "#]],
    );
    let fine = "package a:b; interface i { memory: func(); }
                world w { import memory: func(); export i; }";
    assert!(built(fine, Options::default()).is_ok());
}

#[test]
fn types_without_a_layout() {
    check(
        "package a:b;
         interface i {
           type large = list<list<u64, 65536>, 65536>;
           record holds { l: large }
           record also-holds { l: list<list<u64, 65536>, 65536> }
           f: func(a: list<u8, 4294967295>);
           g: func(a: list<u16, 4294967295>) -> holds;
         }
         world w { import i; }",
        &expect![[r#"
            bind::no-layout: the type `large` takes 4 GiB or more, and the memory of a component has no room for it
              at 3:17 Some("this type")
              shorten its fixed-length lists, or take `list<…>`, whose elements lie elsewhere
            bind::no-layout: the type `also-holds` takes 4 GiB or more, and the memory of a component has no room for it
              at 5:19 Some("this type")
              shorten its fixed-length lists, or take `list<…>`, whose elements lie elsewhere
            bind::no-layout: this fixed-length list takes 4 GiB or more, and the memory of a component has no room for it
              at 7:23 Some("this type")
              shorten its fixed-length lists, or take `list<…>`, whose elements lie elsewhere
        "#]],
    );
}

#[test]
fn a_length_of_zero() {
    check(
        "package a:b;
         interface i { f: func(a: list<u8, 0>); }
         world w { import i; }",
        &expect![[r#"
            bind::no-layout: this fixed-length list has no part at all
              at 2:35 Some("this type")
              give it one, or leave it out: the specification has no empty types
        "#]],
    );
}

/// Twenty thousand types inside each other.
fn nested(first: &str, next: impl Fn(usize) -> String) -> String {
    let types: String = (1..20_000).map(next).collect();
    format!(
        "package a:b; interface i {{ {first} {types} f: func(a: t19999) -> t19999; }}
         world w {{ import i; export i; }}"
    )
}

#[test]
fn nesting_is_no_recursion() {
    let names = nested("type t0 = u8;", |n| format!("type t{n} = option<t{}>;", n - 1));
    let records = nested("record t0 { a: u8 }", |n| format!("record t{n} {{ a: t{} }}", n - 1));
    for text in [names, records] {
        let built = built(&text, Options::default()).expect("a world");
        assert!(built.world.types.len() >= 20_000);
    }
}
