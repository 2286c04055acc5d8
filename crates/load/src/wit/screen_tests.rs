//! How mistakes look on the screen, for the texts that newcomers write first.

use expect_test::expect_file;

use crate::{Bytes, load_bytes};

/// The screen of the command line, without colours.
fn screen(text: &str) -> String {
    let Err(error) = load_bytes("a.wit", Bytes::from(text.as_bytes().to_vec())) else {
        return "well-formed\n".to_owned();
    };
    let handler =
        miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
            .with_width(100)
            .with_links(false)
            .with_context_lines(1);
    let mut out = String::new();
    let _ = handler.render_report(&mut out, &error);
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_screen_for_a_newcomer() {
    expect_file!["../../tests/screens/newcomer.txt"].assert_eq(&screen(
        "interface http-handler { handle-request: func(req: request) -> response }\n\
         component rust-auth implements http-handler\n\
         component my-app { imports: [rust-auth, go-business-logic] }\n",
    ));
}

#[test]
fn the_screen_for_an_import_without_version() {
    expect_file!["../../tests/screens/unversioned.txt"].assert_eq(&screen(
        "package myapp:core;\ninterface calculator { add: func(a: s32, b: s32) -> s32; }\n\
         world my-service { import wasi:http/outgoing-handler; export calculator; }\n",
    ));
}

#[test]
fn the_screen_for_names_and_lists() {
    expect_file!["../../tests/screens/names-and-lists.txt"].assert_eq(&screen(
        "package a:b;\ninterface MyApi {\n  record user_info { name: string; age: u8; }\n  \
         get: func() -> user_info\n}\nworld w { export MyApi; }\n",
    ));
}
