//! Each feature of WIT, and what becomes of it.

use expect_test::expect;

use super::check;

#[test]
fn every_kind_of_value() {
    check(
        "package demo:values;
         interface all {
           f: func(a: bool, b: u8, c: u16, d: u32, e: u64, f: s8, g: s16, h: s32, i: s64);
           g: func(a: f32, b: f64, c: char, d: string, e: error-context);
           h: func(a: list<u8>, b: list<u8, 4>, c: map<string, u32>, d: tuple<u8, tuple<u16>>);
           i: func(a: result, b: result<u8>, c: result<_, u8>, d: result<u8, string>) -> option<u8>;
           j: func(a: stream, b: stream<u8>, c: future, d: future<string>);
         }
         world w { import all; }",
        &expect![[r#"
            world demo:values/w
            import demo:values all as `demo:values/all`
              f: func(a: bool, b: u8, c: u16, d: u32, e: u64, f: s8, g: s16, h: s32, i: s64)
              g: func(a: f32, b: f64, c: char, d: string, e: error-context)
              h: func(a: list<u8>, b: list<u8, 4>, c: map<string, u32>, d: tuple<u8, tuple<u16>>)
              i: func(a: result<_, _>, b: result<u8, _>, c: result<_, u8>, d: result<u8, string>) -> option<u8>
              j: func(a: stream<_>, b: stream<u8>, c: future<_>, d: future<string>)
        "#]],
    );
}

#[test]
fn named_types_in_any_order() {
    check(
        "package demo:names;
         interface shapes {
           type later = list<shape>;
           record line { start: point, end: point, kind: style, attributes: attrs }
           record point { x: s32, y: s32 }
           variant shape { line(line), points(list<point>), nothing }
           enum style { solid, dashed }
           flags attrs { bold, wide }
           draw: func(all: later) -> result<_, shape>;
         }
         world w { export shapes; }",
        &expect![[r#"
            world demo:names/w
            export demo:names shapes as `demo:names/shapes`
              type later#0 = list<shape#3>
              record line#1 { start: point#2, end: point#2, kind: style#4, attributes: attrs#5 }
              record point#2 { x: s32, y: s32 }
              variant shape#3 { line(line#1), points(list<point#2>), nothing }
              enum style#4 { solid, dashed }
              flags attrs#5 { bold, wide }
              draw: func(all: later#0) -> result<_, shape#3>
        "#]],
    );
}

#[test]
fn resources_and_their_functions() {
    check(
        "package demo:files;
         interface files {
           resource file {
             constructor(path: string);
             open: static func(path: string) -> result<file, string>;
             read: func(count: u32) -> list<u8>;
             copy-to: func(other: borrow<file>) -> own<file>;
           }
           resource log { constructor() -> result<log, string>; }
           type handle = own<file>;
           type also-file = file;
           give: func(f: file, g: handle, h: borrow<also-file>);
         }
         world w { import files; export files; }",
        &expect![[r#"
            world demo:files/w
            import demo:files files as `demo:files/files`
              resource file#0 of 4 functions, drop `demo:files/files [resource-drop]file`
              resource log#1 of 1 functions, drop `demo:files/files [resource-drop]log`
              type handle#2 = own<file#0>
              type also-file#3 = resource file#0
              constructor of file#0: func(path: string) -> own<file#0>
              static of file#0 open: func(path: string) -> result<own<file#0>, string>
              method of file#0 read: func(self: borrow<file#0>, count: u32) -> list<u8>
              method of file#0 copy-to: func(self: borrow<file#0>, other: borrow<file#0>) -> own<file#0>
              constructor of log#1: func() -> result<own<log#1>, string>
              give: func(f: own<file#0>, g: handle#2, h: borrow<file#0>)
            export demo:files files as `demo:files/files`
              resource file#4 of 4 functions, drop `[export]demo:files/files [resource-drop]file` new `[export]demo:files/files`
              resource log#5 of 1 functions, drop `[export]demo:files/files [resource-drop]log` new `[export]demo:files/files`
              type handle#6 = own<file#4>
              type also-file#7 = resource file#4
              constructor of file#4: func(path: string) -> own<file#4>
              static of file#4 open: func(path: string) -> result<own<file#4>, string>
              method of file#4 read: func(self: borrow<file#4>, count: u32) -> list<u8>
              method of file#4 copy-to: func(self: borrow<file#4>, other: borrow<file#4>) -> own<file#4>
              constructor of log#5: func() -> result<own<log#5>, string>
              give: func(f: own<file#4>, g: handle#6, h: borrow<file#4>)
        "#]],
    );
}

#[test]
fn getters_and_setters() {
    check(
        "package demo:props;
         interface props {
           the-prop: get() -> u32;
           the-prop: set(value: u32);
           resource r {
             size: get() -> u32;
             size: set(value: u32);
             all: static get() -> u32;
           }
         }
         world w { export props; }",
        &expect![[r#"
            world demo:props/w
            export demo:props props as `demo:props/props`
              resource r#0 of 3 functions, drop `[export]demo:props/props [resource-drop]r` new `[export]demo:props/props`
              get the-prop: func() -> u32
              set the-prop: func(value: u32)
              method of r#0 get size: func(self: borrow<r#0>) -> u32
              method of r#0 set size: func(self: borrow<r#0>, value: u32)
              static of r#0 get all: func() -> u32
        "#]],
    );
}

#[test]
fn async_functions() {
    check(
        "package demo:later;
         interface later {
           resource r { wait: async func(); make: static async func() -> r; }
           run: async func(s: string) -> string;
         }
         world w { import later; export go: async func(); }",
        &expect![[r#"
            world demo:later/w
            import demo:later later as `demo:later/later`
              resource r#0 of 2 functions, drop `demo:later/later [resource-drop]r`
              method of r#0 wait: async func(self: borrow<r#0>)
              static of r#0 make: async func() -> own<r#0>
              run: async func(s: string) -> string
            export go: async func()
        "#]],
    );
}

#[test]
fn use_across_interfaces_packages_and_versions() {
    check(
        "package demo:app@1.0.0;
         package other:types@1.2.0 { interface types { record point { x: u32 } resource r; } }
         package other:types@2.0.0 { interface types { record point { x: u64 } } }
         interface local { use other:types/types@1.2.0.{point, r as handle}; 
                           near: func(p: point, h: borrow<handle>) -> handle; }
         world w {
           import local;
           use other:types/types@2.0.0.{point as wide-point};
           export grow: func(p: wide-point) -> wide-point;
         }",
        &expect![[r#"
            world demo:app/w@1.0.0
            import other:types@1.2.0 types as `other:types/types@1.2.0`
              record point#0 { x: u32 }
              resource r#1 of 0 functions, drop `other:types/types@1.2.0 [resource-drop]r`
            import demo:app@1.0.0 local as `demo:app/local@1.0.0`
              type point#2 = point#0
              type handle#3 = resource r#1
              near: func(p: point#2, h: borrow<r#1>) -> own<r#1>
            import other:types@2.0.0 types as `other:types/types@2.0.0` (types only)
              record point#4 { x: u64 }
            import type wide-point#5 = point#4
            export grow: func(p: wide-point#5) -> wide-point#5
        "#]],
    );
}

#[test]
fn include_with_and_items_of_the_world() {
    check(
        "package demo:app;
         package demo:parts {
           world base {
             type size = u32;
             record pair { a: size, b: size }
             resource thing { constructor(n: size); }
             import log: func(text: string);
             import hooks: interface { type code = s32; hook: func() -> code; }
             export run: func() -> s32;
           }
         }
         world w {
           include demo:parts/base with { log as write-log, run as start }
           export helper: interface { help: func(); }
         }",
        &expect![[r#"
            world demo:app/w
            import inline hooks as `hooks`
              type code#0 = s32
              hook: func() -> code#0
            import type size#1 = u32
            import record pair#2 { a: size#1, b: size#1 }
            import resource thing#3 of 1 functions, drop `$root [resource-drop]thing`
            import write-log: func(text: string)
            import constructor of thing#3: func(n: size#1) -> own<thing#3>
            export start: func() -> s32
            export inline helper as `helper`
              help: func()
        "#]],
    );
}

#[test]
fn one_interface_under_several_names() {
    check(
        "package demo:stores;
         interface store { record entry { key: string } resource bucket; get: func(e: entry, b: borrow<bucket>); }
         world w { import primary: store; import secondary: store; export backup: store; }",
        &expect![[r#"
            world demo:stores/w
            import inline primary implements demo:stores store as `primary`
              record entry#0 { key: string }
              resource bucket#1 of 0 functions, drop `primary [resource-drop]bucket`
              get: func(e: entry#0, b: borrow<bucket#1>)
            import inline secondary implements demo:stores store as `secondary`
              record entry#2 { key: string } = #0
              resource bucket#3 of 0 functions, drop `secondary [resource-drop]bucket`
              get: func(e: entry#2, b: borrow<bucket#3>)
            export inline backup implements demo:stores store as `backup`
              record entry#4 { key: string } = #0
              resource bucket#5 of 0 functions, drop `[export]backup [resource-drop]bucket` new `[export]backup`
              get: func(e: entry#4, b: borrow<bucket#5>)
        "#]],
    );
}

#[test]
fn docs_and_stability() {
    check(
        "package demo:docs@2.0.0;
         /// Of the interface.
         ///
         ///     indented
         @since(version = 1.0.0)
         interface i {
           /// Of the record.
           @since(version = 1.1.0)
           @deprecated(version = 1.2.0)
           record r {
             /// Of the field.
             f: u32,
           }
           /** Of the function,
               in a block. */
           @since(version = 1.0.0)
           f: func(r: r);
         }
         /// Of the world.
         world w {
           import i;
           /// Of the inline interface.
           export inline: interface { run: func(); }
         }",
        &expect![[r#"
            world demo:docs/w@2.0.0 /// Of the world.
            import demo:docs@2.0.0 i as `demo:docs/i@2.0.0` /// Of the interface.⏎⏎    indented @since(1.0.0)
              record r#0 { f: u32 /// Of the field. } /// Of the record. @since(1.1.0) @deprecated(1.2.0)
              f: func(r: r#0) /// Of the function,⏎               in a block. @since(1.0.0)
            export inline inline as `inline` /// Of the inline interface.
              run: func()
        "#]],
    );
}

#[test]
fn an_import_for_its_types() {
    check(
        "package demo:types;
         interface types { record r { a: u8 } }
         interface used { use types.{r}; f: func(r: r); }
         world w { export used; }",
        &expect![[r#"
            world demo:types/w
            import demo:types types as `demo:types/types` (types only)
              record r#0 { a: u8 }
            export demo:types used as `demo:types/used`
              type r#1 = r#0
              f: func(r: r#1)
        "#]],
    );
}
