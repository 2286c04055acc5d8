//! What is said about packages, versions and names that are not there, and
//! about what is not WIT at all.
#![expect(clippy::needless_raw_string_hashes, reason = "the snapshot tool writes them everywhere")]

use expect_test::expect;

use crate::wit::tests::check;

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
                define it, `record request { … }`, or use the one of WASI:
                    use wasi:http/types@0.3.2.{request};
                    use wasi:http/types@0.2.12.{incoming-request as request};
                    use wasi:http/types@0.2.12.{outgoing-request as request};
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
fn unknown_names_in_types() {
    check(
        r#"package a:b;
interface i {
  record point { x: u32, y: u23, z: pont }
  variant shape { dot(point), line(lines) }
  type lines = list<poimt>;
  resource r { m: func() -> float32; }
}
"#,
        &expect![[r#"
            4 problems in `a.wit`
            3:29 wit::undefined-type the type `u23` is not defined
                did you mean `u32`?
            3:37 wit::undefined-type the type `pont` is not defined
                did you mean `point`?
            5:21 wit::undefined-type the type `poimt` is not defined
                did you mean `point`?
            6:29 wit::foreign-type-name `float32` is not a type of WIT
                write `f32`
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
            11 problems in `a.wit`
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
                put its WIT into the folder `deps` beside this package, as `deps/nope/*.wit` or `deps/nope.wit`, and name the folder of the package
            10:10 wit::unknown-package there is no package `my:thing@1.0.0`
                put its WIT into the folder `deps` beside this package, as `deps/thing/*.wit` or `deps/thing.wit`, and name the folder of the package
            11:20 wit::undefined-interface `wasi:cli@0.2.12` has no world `comand`
                did you mean `command`?
            14:7 wit::unversioned-package `wasi:http` is versioned
                write `wasi:http/types@0.3.2`
            15:31 wit::undefined-type `wasi:http/types@0.2.12` has no type `request`
                did you mean one of `incoming-request` and `outgoing-request`?
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
fn no_wit_at_all() {
    check(
        r#"Hello, this is a letter.
It has two lines.
"#,
        &expect![[r#"
            3 problems in `a.wit`
            1:1 wit::not-wit `Hello` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
            1:1 wit::no-package the package has no name
                begin the file with a namespace and a name of your own: `package my-team:my-app;`
            2:1 wit::not-wit `It` is not WIT
                outside of braces there are only `package`, `interface`, `world` and `use`
        "#]],
    );
}
