//! What is said about mistakes, whole files at a time, as the data of the
//! reports: place, code, message and help.
#![expect(clippy::needless_raw_string_hashes, reason = "the snapshot tool writes them everywhere")]

use std::fmt::Write;

use expect_test::{Expect, expect};
use joggle_diag::Report;

use crate::error::LoadError;
use crate::{Bytes, load_bytes};

/// Every problem of a text: `line:column code message`, its labels and its help.
fn problems(text: &str) -> String {
    match load_bytes("a.wit", Bytes::from(text.as_bytes().to_vec())) {
        Ok(_) => "well-formed\n".to_owned(),
        Err(error) => listed(&error),
    }
}

fn listed(error: &LoadError) -> String {
    let report = Report::of(error);
    let mut out = format!("{}\n", report.message);
    for problem in &report.related {
        let place = problem.labels.first();
        let _ = writeln!(
            out,
            "{}:{} {} {}",
            place.map_or(0, |l| l.line),
            place.map_or(0, |l| l.column),
            problem.code.as_deref().unwrap_or("?"),
            problem.message
        );
        for line in problem.help.iter().flat_map(|help| help.lines()) {
            let _ = writeln!(out, "    {line}");
        }
    }
    out
}

pub(super) fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&problems(text));
}

#[test]
fn types_of_other_languages() {
    check(
        r#"package a:b;
interface i {
  f: func(a: i32, b: int, c: str) -> boolean;
  g: func(a: String, b: Vec<u8>, c: number) -> void;
  h: func(a: Option<string>, b: f32, c: usize) -> Result<string, Error>;
  j: func(a: vec<u8>, b: string?, c: u8[], d: [u8], e: any);
}
"#,
        &expect![[r#"
            17 problems in `a.wit`
            3:14 wit::foreign-type-name `i32` is not a type of WIT
                write `s32`
            3:22 wit::foreign-type-name `int` is not a type of WIT
                write `s32`, or another size: `s8`, `s16`, `s64`
            3:30 wit::foreign-type-name `str` is not a type of WIT
                write `string`
            3:38 wit::foreign-type-name `boolean` is not a type of WIT
                write `bool`
            4:14 wit::foreign-type-name `String` is not a type of WIT
                write `string`
            4:25 wit::foreign-type-name `Vec` is not a type of WIT
                write `list<u8>`
            4:37 wit::foreign-type-name `number` is not a type of WIT
                write `f64`, or `s32` or `u32` for whole numbers
            4:48 wit::foreign-type-name `void` is not a type of WIT
                a function that returns nothing has no arrow: leave out `-> void`
            5:14 wit::foreign-type-name `Option` is not a type of WIT
                write `option<string>`
            5:41 wit::foreign-type-name `usize` is not a type of WIT
                write `u32`, or `u64`: a WIT type has the same size everywhere
            5:51 wit::foreign-type-name `Result` is not a type of WIT
                write `result<string, Error>`
            5:66 wit::bad-name `Error` is not in kebab-case
                write `error`
            6:14 wit::foreign-type-name `vec` is not a type of WIT
                write `list<u8>`
            6:32 wit::syntax `?` has no meaning here
                write `option<string>`, for the value as a whole
            6:40 wit::syntax `[` has no meaning here
                write `list<u8>`
            6:47 wit::syntax `[` has no meaning here
                write `list<u8>`
            6:56 wit::foreign-type-name `any` is not a type of WIT
                list what it can be: `variant value { text(string), number(f64) }`
        "#]],
    );
}

#[test]
fn names_in_other_cases() {
    check(
        r#"package a:b;
interface MyApi {
  record user_info { first_name: string, lastName: string }
  get_user: func(userId: u32) -> user_info;
}
world my_world { export MyApi; }
"#,
        &expect![[r#"
            7 problems in `a.wit`
            2:11 wit::bad-name `MyApi` is not in kebab-case
                write `my-api`
            3:10 wit::bad-name `user_info` is not in kebab-case
                write `user-info`
            3:22 wit::bad-name `first_name` is not in kebab-case
                write `first-name`
            3:42 wit::bad-name `lastName` is not in kebab-case
                write `last-name`
            4:3 wit::bad-name `get_user` is not in kebab-case
                write `get-user`
            4:18 wit::bad-name `userId` is not in kebab-case
                write `user-id`
            6:7 wit::bad-name `my_world` is not in kebab-case
                write `my-world`
        "#]],
    );
}

#[test]
fn functions_of_other_languages() {
    check(
        r#"package a:b;
interface i {
  fn add(a: s32, b: s32) -> s32;
  function sub(a: s32, b: s32) -> s32;
  mul(a: s32, b: s32) -> s32;
  div: fn(a: s32, b: s32) -> s32;
  rem: (a: s32, b: s32) -> s32;
  neg: func(a: s32): s32;
  abs: func(a: s32) => s32;
  pow: func(s32, s32) -> s32;
  func sqrt(a: f64) -> f64;
  both: func() -> (a: s32, b: s32);
  fails: func() -> s32 throws;
}
"#,
        &expect![[r#"
            12 problems in `a.wit`
            3:3 wit::syntax a function begins with its name, not with `fn`
                write `add: func(a: s32, b: s32) -> s32;`
            4:3 wit::syntax a function begins with its name, not with `function`
                write `sub: func(a: s32, b: s32) -> s32;`
            5:6 wit::syntax expected `: func` after `mul`
                write `mul: func(…)`
            6:8 wit::syntax expected `func`, found `fn`
                write `div: func(…);`
            7:7 wit::syntax expected `func`, found `(`
                write `rem: func(…);`
            8:20 wit::syntax expected `->` before the type of the result
                write `-> s32`
            9:21 wit::syntax expected `->`, found `=>`
                write `-> s32`
            10:13 wit::syntax a parameter has no name
                write the name before the type: `value: s32`
            10:18 wit::syntax a parameter has no name
                write the name before the type: `value: s32`
            11:3 wit::syntax a function begins with its name, not with `func`
                write `sqrt: func(a: f64) -> f64;`
            12:19 wit::syntax expected a type, found `(`
                a function returns one value: define a `record` with these fields and return it
            13:24 wit::syntax `throws` is not WIT
                a function that can fail returns a result: `-> result<value, error>`
        "#]],
    );
}

#[test]
fn types_with_wrong_punctuation() {
    check(
        r#"package a:b;
interface i {
  struct point { x: s32, y: s32 }
  record semi { a: u8; b: u8; }
  record commas { a: u8 b: u8 }
  record equals = { a: u8 }
  record assigned { a = u8 }
  type alias: u32;
  enum color { red = 0, green = 1 }
  variant v { a: u32, b }
  record nothing { }
  list-of: func(a: list) -> list<u8;
}
"#,
        &expect![[r#"
            12 problems in `a.wit`
            3:3 wit::not-wit `struct` is not WIT
                write `record point { … }`
            4:22 wit::expected-comma expected `,`, found `;`
                fields and cases are separated by `,`
            5:24 wit::expected-comma expected `,` before `b`
                separate the items with `,`
            6:17 wit::syntax expected `{`, found `=`
                only `type` is defined with `=`; the braces follow the name
            7:23 wit::syntax expected `:`, found `=`
                write `a: …`: the type of a name follows a `:`
            8:13 wit::syntax expected `=`, found `:`
                a type is defined with `=`: `type name = u32;`
            9:20 wit::syntax expected `,`, found `=`
                cases and fields have no values: a case is known by its name
            9:31 wit::syntax expected `,`, found `=`
                cases and fields have no values: a case is known by its name
            10:16 wit::syntax expected `,`, found `:`
                the case of a variant has its type in parentheses: `a(u32)`; the cases of an enum have none
            11:10 wit::syntax empty record
                give it a field, or use `bool` where there is nothing to say
            12:20 wit::syntax `list` of what?
                write what it holds: `list<string>`
            12:36 wit::syntax expected `>` before `;`
                close the type with `>`
        "#]],
    );
}

#[test]
fn keywords_and_duplicates() {
    check(
        r#"package a:b;
interface i {
  type: func();
  from: func(record: string);
  f: func(a: u8, a: u8);
  f: func();
  record r { x: u8, x: u8 }
  type r = u8;
  enum color { red, red }
}
interface i {}
world w { import i; import i; }
"#,
        &expect![[r#"
            10 problems in `a.wit`
            3:3 wit::bad-name `type` is a keyword, not a name
                write `%type`, or choose another name
            4:3 wit::bad-name `from` is a keyword, not a name
                write `%from`, or choose another name
            4:14 wit::bad-name `record` is a keyword, not a name
                write `%record`, or choose another name
            5:18 wit::duplicate-name `a` is there twice
                give each parameter its own name
            6:3 wit::duplicate-name `f` is there twice
                rename one of them, or leave it out
            7:21 wit::duplicate-name `x` is there twice
                rename one of them, or leave it out
            8:8 wit::duplicate-name `r` is there twice
                rename one of them, or leave it out
            9:21 wit::duplicate-name `red` is there twice
                rename one of them, or leave it out
            11:11 wit::duplicate-name `i` is there twice
                rename one of them, or leave it out
            12:28 wit::duplicate-name `i` cannot be imported more than once
                leave one of them out
        "#]],
    );
}

#[test]
fn a_missing_brace_in_the_middle() {
    check(
        r#"package a:b;
interface i {
  f: func();
  record r { a: u8
world w { export i; }
interface j {
  record r { a: u8
  f: func();
}
"#,
        &expect![[r#"
            2 problems in `a.wit`
            4:19 wit::unbalanced expected `}` before `world w`
                close the block above with `}`
            7:19 wit::unbalanced expected `}` before `f`
                close the block above with `}`
        "#]],
    );
}

#[test]
fn a_missing_brace_at_the_end() {
    check(
        r#"package a:b;
interface i {
  f: func()
"#,
        &expect![[r#"
            2 problems in `a.wit`
            2:13 wit::unbalanced expected `}`, found the end of the file
                write `}` at the end of `interface i`
            3:12 wit::expected-semicolon expected `;` after `)`
                write `);`
        "#]],
    );
}

#[test]
fn braces_too_many() {
    check(
        r#"package a:b;
interface i { f: func(); }; }
world w { export i; }
"#,
        &expect![[r#"
            2 problems in `a.wit`
            2:27 wit::syntax a `;` ends nothing
                leave it out: blocks in braces end without it
            2:29 wit::unbalanced a `}` closes nothing
                leave it out, or look for a block above that was closed too early
        "#]],
    );
}

#[test]
fn missing_semicolons() {
    check(
        r#"package a:b
interface i {
  use types.{t}
  f: func() -> u8
  g: func()
}
interface types { type t = u8 }
world w { import i export types }
"#,
        &expect![[r#"
            7 problems in `a.wit`
            1:12 wit::expected-semicolon expected `;` after `b`
                write `b;`
            3:16 wit::expected-semicolon expected `;` after `}`
                write `};`
            4:18 wit::expected-semicolon expected `;` after `u8`
                write `u8;`
            5:12 wit::expected-semicolon expected `;` after `)`
                write `);`
            7:30 wit::expected-semicolon expected `;` after `u8`
                write `u8;`
            8:19 wit::expected-semicolon expected `;` after `i`
                write `i;`
            8:32 wit::expected-semicolon expected `;` after `types`
                write `types;`
        "#]],
    );
}

#[test]
fn worlds() {
    check(
        r#"package a:b;
interface i {}
world w {
  imports: [i]
  add: func(a: s32) -> s32;
  interface j {}
  handler i;
}
"#,
        &expect![[r#"
            4 problems in `a.wit`
            4:3 wit::syntax `imports` is not WIT
                write `import name;`, one line for each
            5:3 wit::syntax a function of a world is imported or exported
                write `export add: func(…);` if the component provides it, or `import add: func(…);`
            6:3 wit::not-wit `interface j` cannot be inside a block
                move it outside; in a world, write `export j;` or `import j;`
            7:3 wit::not-wit `handler` is not WIT here
                a world has `import`, `export`, `include`, `use` and types
        "#]],
    );
}

#[test]
fn attributes_that_contradict() {
    check(
        r#"package a:b@1.0.0;
world w {
  @deprecated(version = 1.0.0)
  import wasi:cli/stdout@0.2.12;
  @since(version = 1.0.0) @since(version = 1.0.0)
  import wasi:cli/stderr@0.2.12;
}
"#,
        &expect![[r#"
            2 problems in `a.wit`
            3:3 wit::syntax `@deprecated` stands alone
                say since when the item was there: `@since(version = …)`
            5:27 wit::syntax `@since` is there twice
                leave one of them out
        "#]],
    );
}

#[test]
fn bodies_and_comments() {
    check(
        r#"package a:b;
# a comment
interface i {
  f: func() -> u8 { return 1; }
  g: func(a: u8 = 3, b: &string);
  /* never closed
}
"#,
        &expect![[r#"
            5 problems in `a.wit`
            2:1 wit::syntax `#` has no meaning here
                comments begin with `//`, documentation with `///`, attributes with `@`
            4:19 wit::syntax expected `;`, found `{`
                WIT only describes: end with `;` and write the code in the component
            5:17 wit::syntax expected `,`, found `=`
                parameters have no default values; `option<…>` is for one that may be missing
            5:25 wit::syntax `&` has no meaning here
                leave it out; a resource is lent with `borrow<…>`
            6:3 wit::unbalanced a comment has no end
                write `*/` where it ends; comments nest, so each `/*` needs its own
        "#]],
    );
}
