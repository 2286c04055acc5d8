//! Which definitions are one.

use expect_test::expect;

use super::{built, check, dump};
use crate::build::{Options, Types};

const BOTH: &str = "
    package demo:both;
    interface types { record point { x: u32 } resource r; record with-r { r: r } }
    interface i {
      use types.{point, r};
      type bytes = list<u8>;
      record box { at: point, data: bytes }
      record keeps { r: r }
      resource own-r;
      record keeps-own { r: own-r }
      variant v { a(list<box>), b }
      enum e { a, b }
      flags f { a, b }
    }
    world w { import i; export i; }";

#[test]
fn an_interface_on_both_sides() {
    check(
        BOTH,
        &expect![[r#"
            world demo:both/w
            import demo:both types as `demo:both/types`
              record point#0 { x: u32 }
              resource r#1 of 0 functions, drop `demo:both/types [resource-drop]r`
              record with-r#2 { r: own<r#1> }
            import demo:both i as `demo:both/i`
              type point#3 = point#0
              type r#4 = resource r#1
              type bytes#5 = list<u8>
              record box#6 { at: point#3, data: bytes#5 }
              record keeps#7 { r: own<r#1> }
              resource own-r#8 of 0 functions, drop `demo:both/i [resource-drop]own-r`
              record keeps-own#9 { r: own<own-r#8> }
              variant v#10 { a(list<box#6>), b }
              enum e#11 { a, b }
              flags f#12 { a, b }
            export demo:both i as `demo:both/i`
              type point#13 = point#0 = #3
              type r#14 = resource r#1
              type bytes#15 = list<u8> = #5
              record box#16 { at: point#13, data: bytes#15 } = #6
              record keeps#17 { r: own<r#1> } = #7
              resource own-r#18 of 0 functions, drop `[export]demo:both/i [resource-drop]own-r` new `[export]demo:both/i`
              record keeps-own#19 { r: own<own-r#18> }
              variant v#20 { a(list<box#16>), b } = #10
              enum e#21 { a, b } = #11
              flags f#22 { a, b } = #12
        "#]],
    );
}

#[test]
fn wanted_apart() {
    let built = built(BOTH, Options { types: Types::Apart }).expect("a world");
    assert!(built.world.defs.values().all(|def| def.same_as.is_none()));
    assert!(!dump::world(&built.world).contains(" = #"));
}

#[test]
fn types_that_are_exported_too() {
    check(
        "package demo:both;
         interface types { record point { x: u32 } resource r; record with-r { r: r } }
         interface i { use types.{point, with-r}; record box { at: point } record c { w: with-r } }
         world w { import i; export types; export i; }",
        &expect![[r#"
            world demo:both/w
            import demo:both types as `demo:both/types`
              record point#0 { x: u32 }
              resource r#1 of 0 functions, drop `demo:both/types [resource-drop]r`
              record with-r#2 { r: own<r#1> }
            import demo:both i as `demo:both/i` (types only)
              type point#3 = point#0
              type with-r#4 = with-r#2
              record box#5 { at: point#3 }
              record c#6 { w: with-r#4 }
            export demo:both types as `demo:both/types`
              record point#7 { x: u32 } = #0
              resource r#8 of 0 functions, drop `[export]demo:both/types [resource-drop]r` new `[export]demo:both/types`
              record with-r#9 { r: own<r#8> }
            export demo:both i as `demo:both/i`
              type point#10 = point#7 = #3
              type with-r#11 = with-r#9
              record box#12 { at: point#10 } = #5
              record c#13 { w: with-r#11 }
        "#]],
    );
}

#[test]
fn versions_of_one_package() {
    check(
        "package demo:app;
         package dep:d@1.0.0 { interface i {
           record same { a: u32 } record grown { a: u32 } record inner { g: grown } enum e { a, b }
           record holder { s: same } type t = same;
         } }
         package dep:d@2.0.0 { interface i {
           record same { a: u32 } record grown { a: u64 } record inner { g: grown } enum e { b, a }
           record holder { s: same } type t = same;
         } interface j { record same { a: u32 } } }
         world w { import dep:d/i@1.0.0; import dep:d/i@2.0.0; import dep:d/j@2.0.0; export dep:d/i@2.0.0; }",
        &expect![[r#"
            world demo:app/w
            import dep:d@1.0.0 i as `dep:d/i@1.0.0` (types only)
              record same#0 { a: u32 }
              record grown#1 { a: u32 }
              record inner#2 { g: grown#1 }
              enum e#3 { a, b }
              record holder#4 { s: same#0 }
              type t#5 = same#0
            import dep:d@2.0.0 i as `dep:d/i@2.0.0` (types only)
              record same#6 { a: u32 } = #0
              record grown#7 { a: u64 }
              record inner#8 { g: grown#7 }
              enum e#9 { b, a }
              record holder#10 { s: same#6 } = #4
              type t#11 = same#6 = #5
            import dep:d@2.0.0 j as `dep:d/j@2.0.0` (types only)
              record same#12 { a: u32 }
            export dep:d@2.0.0 i as `dep:d/i@2.0.0`
              record same#13 { a: u32 } = #0
              record grown#14 { a: u64 } = #7
              record inner#15 { g: grown#14 } = #8
              enum e#16 { b, a } = #9
              record holder#17 { s: same#13 } = #4
              type t#18 = same#13 = #5
        "#]],
    );
}

#[test]
fn inline_interfaces_are_apart() {
    check(
        "package demo:inline;
         world w {
           import i: interface { record r { a: u32 } }
           export i: interface { record r { a: u32 } }
         }",
        &expect![[r#"
            world demo:inline/w
            import inline i as `i` (types only)
              record r#0 { a: u32 }
            export inline i as `i`
              record r#1 { a: u32 }
        "#]],
    );
}

#[test]
fn an_alias_of_the_older_version() {
    check(
        "package demo:app;
         package dep:d@1.0.0 { interface i { record r { a: u32 } } }
         package dep:d@1.1.0 { interface i { use dep:d/i@1.0.0.{r}; f: func(r: r); } }
         package dep:d@1.2.0 { interface i { record r { a: u32 } } }
         world w { import dep:d/i@1.1.0; import dep:d/i@1.2.0; export dep:d/i@1.1.0; }",
        &expect![[r#"
            world demo:app/w
            import dep:d@1.0.0 i as `dep:d/i@1.0.0` (types only)
              record r#0 { a: u32 }
            import dep:d@1.1.0 i as `dep:d/i@1.1.0`
              type r#1 = r#0
              f: func(r: r#1)
            import dep:d@1.2.0 i as `dep:d/i@1.2.0` (types only)
              record r#2 { a: u32 } = #0
            export dep:d@1.1.0 i as `dep:d/i@1.1.0`
              type r#3 = r#0 = #1
              f: func(r: r#3)
        "#]],
    );
}
