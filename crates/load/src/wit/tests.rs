//! What is said about mistakes, whole files at a time, as the data of the
//! reports: place, code, message and help.

use std::fmt::Write;

use expect_test::{Expect, expect};
use joggle_diag::Report;

use crate::error::LoadError;
use crate::{Artifact, Bytes, load_bytes};

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

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&problems(text));
}

#[test]
fn a_newcomers_component() {
    check(
        r#"interface http-handler { handle-request: func(req: request) -> response }
component rust-auth implements http-handler
component my-app { imports: [rust-auth, go-business-logic] }
"#,
        &expect![[r#"
            6 problems in `a.wit`
            1:1 wit::no-package the package has no name
                begin the file with a namespace and a name of your own: `package my-team:my-app;`
            1:52 wit::undefined-type the type `request` is not defined
                did you mean `result`?
            1:64 wit::undefined-type the type `response` is not defined
                define it, `record response { … }`, or use the one of WASI:
                    use wasi:http/types@0.3.2.{response};
                    use wasi:http/types@0.2.12.{incoming-response as response};
                    use wasi:http/types@0.2.12.{outgoing-response as response};
            1:72 wit::expected-semicolon expected `;` after `response`
                write `response;`
            2:1 wit::not-wit `component` is not WIT
                write a world that exports the interface, and implement that world in any language:
                    world rust-auth { export http-handler; }
                the built components are linked with `joggle compose`
            3:1 wit::not-wit `component` is not WIT
                components are linked by a command, not in WIT:
                    joggle compose rust-auth.wasm go-business-logic.wasm -o my-app.wasm
        "#]],
    );
}

#[test]
fn an_import_without_version() {
    check(
        r#"package myapp:core;
interface calculator { add: func(a: s32, b: s32) -> s32; multiply: func(a: s32, b: s32) -> s32; }
world my-service { import wasi:http/outgoing-handler; export calculator; }
"#,
        &expect![[r#"
            1 problem in `a.wit`
            3:27 wit::unversioned-package `wasi:http` is versioned
                write `wasi:http/outgoing-handler@0.2.12`; in WASI 0.3 this is `wasi:http/client@0.3.2`
        "#]],
    );
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
            18 problems in `a.wit`
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
            5:66 wit::bad-name `Error` is not a name: names are words of small letters and digits, joined by `-`
                write `error`
            5:66 wit::undefined-type the type `error` is not defined
                define it, `record error { … }`, or use the one of WASI:
                    use wasi:http/types@0.3.2.{header-error as error};
                    use wasi:io/error@0.2.12.{error};
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
            2:11 wit::bad-name `MyApi` is not a name: names are words of small letters and digits, joined by `-`
                write `my-api`
            3:10 wit::bad-name `user_info` is not a name: names are words of small letters and digits, joined by `-`
                write `user-info`
            3:22 wit::bad-name `first_name` is not a name: names are words of small letters and digits, joined by `-`
                write `first-name`
            3:42 wit::bad-name `lastName` is not a name: names are words of small letters and digits, joined by `-`
                write `last-name`
            4:3 wit::bad-name `get_user` is not a name: names are words of small letters and digits, joined by `-`
                write `get-user`
            4:18 wit::bad-name `userId` is not a name: names are words of small letters and digits, joined by `-`
                write `user-id`
            6:7 wit::bad-name `my_world` is not a name: names are words of small letters and digits, joined by `-`
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
            3:7 wit::syntax expected an identifier or string, found `:`
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
fn unknown_names() {
    check(
        r#"package a:b;
interface types { record request { a: u8 } }
interface i {
  use types.{requst, request};
  use tpyes.{request as r};
  f: func(a: u33, b: strng) -> requests;
}
interface j { f: func(a: request); }
world w { import typse; export calculator; include wrold; import wasi:http; }
"#,
        &expect![[r#"
            10 problems in `a.wit`
            4:14 wit::undefined-type `types` has no type `requst`
                did you mean `request`?
            5:7 wit::undefined-interface there is no interface `tpyes` in this package
                did you mean `types`?
            6:14 wit::undefined-type the type `u33` is not defined
                did you mean `u32`?
            6:22 wit::undefined-type the type `strng` is not defined
                did you mean `string`?
            6:32 wit::undefined-type the type `requests` is not defined
                did you mean `request`?
            8:26 wit::undefined-type the type `request` is not defined
                bring it in from its interface: `use types.{request};`
            9:18 wit::undefined-interface there is no interface `typse` in this package
                did you mean `types`?
            9:32 wit::undefined-interface there is no interface `calculator` in this package
                define it, `interface calculator { … }`; this package has `types`, `i` and `j`
            9:52 wit::undefined-interface there is no world `wrold` in this package
                define it, `world wrold { … }`; this package has `w`
            9:66 wit::undefined-interface `wasi:http` is a package, not an interface
                write `wasi:http/…@0.3.2` with one of `types`, `handler` and `client`
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
            5 problems in `a.wit`
            2:13 wit::unbalanced expected `}`, found the end of the file
                write `}` at the end of `interface i`
            4:19 wit::expected-comma expected `,` before `world`
                separate the items with `,`
            5:1 wit::bad-name `world` is a keyword, not a name
                write `%world`, or choose another name
            5:6 wit::syntax expected `:` before `w`
                write `%world: …`: the type of a name follows a `:`
            5:9 wit::syntax expected `}`, found `{`
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
            1 problem in `a.wit`
            2:13 wit::unbalanced expected `}`, found the end of the file
                write `}` at the end of `interface i`
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
fn things_outside_of_braces() {
    check(
        r#"package a:b;
struct point { x: s32 }
record r { x: s32 }
import wasi:cli/stdout@0.2.12;
add: func(a: s32) -> s32;
fn main() -> s32
module m { }
interfce i { f: func(); }
something else
"#,
        &expect![[r#"
            8 problems in `a.wit`
            2:1 wit::not-wit `struct` is not WIT
                write a record inside an interface: `interface types { record point { … } }`
            3:1 wit::not-wit `record` belongs into an interface or a world
                write an interface around it: `interface types { record r { x: s32 } }`
            4:1 wit::not-wit `import` belongs into a world
                write a world around it: `world my-world { import wasi:cli/stdout@0.2.12; }`
            5:1 wit::not-wit a function belongs into an interface
                write an interface around it: `interface api { add: func(a: s32) -> s32; }`
            6:1 wit::not-wit a function belongs into an interface
                write an interface around it: `interface api { main: func() -> s32; }`
            7:1 wit::not-wit `module` is not WIT
                functions and types are grouped in an `interface`; a file has one `package` line
            8:1 wit::syntax `interfce` is not WIT
                did you mean `interface`?
            9:1 wit::not-wit `something` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
        "#]],
    );
}

#[test]
fn versions_and_packages() {
    check(
        r#"package a:b;
world w {
  import wasi:http/outgoing-handler@0.2.6;
  import wasi:http/outgoing-handler@0.3.2;
  import wasi:http/client@0.2.12;
  import wasi:http/handler@1.0.0;
  import wasi:cli/stdout@0.2;
  import wasi:io/streams;
  import wasi:nope/x;
  import my:thing/api@1.0.0;
  include wasi:cli/comand@0.2.12;
}
interface i {
  use wasi:http/types.{request};
  use wasi:http/types@0.2.12.{request as r, fields};
  f: func(r: request, f: fields);
}
"#,
        &expect![[r#"
            14 problems in `a.wit`
            3:36 wit::unknown-version `wasi:http@0.2.6` is not there, but another version of `wasi:http` is
                write `wasi:http/outgoing-handler@0.2.12`, which is compatible (there are `0.2.12` and `0.3.2`), or put the WIT of `wasi:http@0.2.6` into the folder `deps`
            4:20 wit::undefined-interface `wasi:http@0.3.2` has no interface `outgoing-handler`
                in WASI 0.3 it is `wasi:http/client@0.3.2`
            5:20 wit::undefined-interface `wasi:http@0.2.12` has no interface `client`
                in WASI 0.2 it is `wasi:http/outgoing-handler@0.2.12`
            6:27 wit::unknown-version `wasi:http@1.0.0` is not there, but another version of `wasi:http` is
                write `wasi:http/handler@0.3.2` (there are `0.2.12` and `0.3.2`), or put the WIT of `wasi:http@1.0.0` into the folder `deps`
            7:25 wit::bad-version `@0.2` is not a version
                write all three numbers: `@0.2.12` (known are `0.2.12` and `0.3.2`)
            8:10 wit::unversioned-package `wasi:io` is versioned
                write `wasi:io/streams@0.2.12`
            9:10 wit::unknown-package there is no package `wasi:nope`
                did you mean `wasi:io`?
            10:10 wit::unknown-package there is no package `my:own@1.0.0`
                put its WIT into the folder `deps` beside this package, as `deps/own/*.wit` or `deps/own.wit`, and name the folder of the package
            10:13 wit::bad-name `own` is a keyword, not a name
                write `%own`, or choose another name
            11:20 wit::undefined-interface `wasi:cli@0.2.12` has no world `comand`
                did you mean `command`?
            14:7 wit::unversioned-package `wasi:http` is versioned
                write `wasi:http/types@0.2.12`; in WASI 0.3 this is `wasi:http/types@0.3.2`
            14:24 wit::undefined-type `wasi:http/types@0.2.12` has no type `request`
                it has `duration`, `input-stream`, `output-stream`, `io-error`, `pollable`, `method`, `scheme` and `DNS-error-payload`
            15:31 wit::duplicate-name `request` is there twice
                rename one of them, or leave it out
            15:31 wit::undefined-type `wasi:http/types@0.2.12` has no type `request-again-402`
                it has `duration`, `input-stream`, `output-stream`, `io-error`, `pollable`, `method`, `scheme` and `DNS-error-payload`
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
            3:10 wit::unbalanced expected `}` before `interface j`
                close the block above with `}`
            4:3 wit::syntax a function of a world is imported or exported
                write `export imports: func(…);` if the component provides it, or `import imports: func(…);`
            7:3 wit::not-wit `handler` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
            8:1 wit::unbalanced a `}` closes nothing
                leave it out, or look for a block above that was closed too early
        "#]],
    );
}

#[test]
fn a_package_in_the_wrong_place() {
    check(
        r#"interface i {}
package a:b;
"#,
        &expect![[r#"
            1 problem in `a.wit`
            2:1 wit::syntax `package` comes first in a file
                move this line to the beginning of the file
        "#]],
    );
}

#[test]
fn a_package_of_one_word() {
    check(
        r#"package app;
interface i {}
"#,
        &expect![[r#"
            1 problem in `a.wit`
            1:9 wit::syntax the name of a package has two parts
                write `package my-team:app;`: a namespace, `:` and a name
        "#]],
    );
}

#[test]
fn circles() {
    check(
        r#"package a:b;
interface i { type a = b; type b = a; record r { r: list<r> } }
interface x { use y.{t}; type s = u8; }
interface y { use x.{s}; type t = u8; }
"#,
        &expect![[r#"
            3 problems in `a.wit`
            2:24 wit::cycle the type `b` needs itself
                break the circle: values have a finite size, so refer to the other one by an index, or make it a `resource`
            2:58 wit::cycle the type `r` needs itself
                break the circle: values have a finite size, so refer to the other one by an index, or make it a `resource`
            4:11 wit::cycle the interface or world `y` needs itself
                move what both need into an interface of its own
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
            6 problems in `a.wit`
            2:1 wit::syntax `#` has no meaning here
                comments begin with `//`, documentation with `///`, attributes with `@`
            3:13 wit::unbalanced expected `}`, found the end of the file
                write `}` at the end of `interface i`
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

#[test]
fn no_wit_at_all() {
    check(
        r#"Hello, this is a letter.
It has two lines.
"#,
        &expect![[r#"
            3 problems in `a.wit`
            1:1 wit::not-wit `Hello` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
            2:1 wit::not-wit `It` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
            3:1 wit::no-package the package has no name
                begin the file with a namespace and a name of your own: `package my-team:my-app;`
        "#]],
    );
}
