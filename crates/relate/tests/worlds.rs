//! Differences between worlds, as pairs of worlds and the sentences they give.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them that way")]

mod shown;

use expect_test::{Expect, expect};
use joggle_relate::{Variance, Words, worlds};
use shown::{lines, parse};
use wit_parser::{Resolve, WorldId};

fn world(wit: &str) -> (Resolve, WorldId) {
    let resolve = parse(&format!(
        "package a:b@1.0.0;
         interface i {{ f: func(); }} interface j {{ f: func(); }} interface k {{ f: func(x: u8); }}
         world w {{ {wit} }}
         package dep:dep@0.2.0 {{ interface d {{ f: func(); }} }}
         package dep:dep@0.2.6 {{ interface d {{ f: func(); g: func(); }} }}
         package dep:dep@0.3.0 {{ interface d {{ f: func(); }} }}"
    ));
    let id = resolve.worlds.iter().next().unwrap().0;
    (resolve, id)
}

fn diff(old: &str, new: &str, expected: &Expect) {
    let (old, new) = (world(old), world(new));
    let changes = worlds((&old.0, old.1), (&new.0, new.1));
    expected.assert_eq(&lines(&changes, Words::Diff));
    for (resolve, id) in [&old, &new] {
        assert_eq!(worlds((resolve, *id), (resolve, *id)), []);
    }
}

#[test]
fn worlds_lose_and_gain() {
    diff(
        "import i; import run: func(); export j; export go: func();",
        "import k; import walk: func(); export k; export stay: func();",
        &expect![[r#"
            guest! w: interface "a:b/i@1.0.0" was removed
            guest! w: function "run" was removed
            host! w: interface "a:b/k@1.0.0" was added
            host! w: function "walk" was added
            host! w: function "go" was removed
            host! w: interface "a:b/j@1.0.0" was removed
            guest! w: function "stay" was added
            guest! w: interface "a:b/k@1.0.0" was added
        "#]],
    );
}

#[test]
fn worlds_along_a_track() {
    diff(
        "import dep:dep/d@0.2.0; export dep:dep/d@0.2.0;",
        "import dep:dep/d@0.2.6; export dep:dep/d@0.2.6;",
        &expect![[r#"
            fits w: old has dep:dep/d@0.2.0, new has dep:dep/d@0.2.6, on the same track
            host! d: function "g" was added
            fits w: old has dep:dep/d@0.2.0, new has dep:dep/d@0.2.6, on the same track
            guest! d: function "g" was added
        "#]],
    );
    diff(
        "import dep:dep/d@0.2.0;",
        "import dep:dep/d@0.3.0;",
        &expect![[r#"
            guest! w: interface "dep:dep/d@0.2.0" was removed; new has "dep:dep/d@0.3.0"
            host! w: interface "dep:dep/d@0.3.0" was added
        "#]],
    );
    diff(
        "import dep:dep/d@0.2.0;",
        "import dep:dep/d@0.2.0; import dep:dep/d@0.2.6;",
        &expect![[r#"
            host! w: interface "dep:dep/d@0.2.6" was added
        "#]],
    );
}

#[test]
fn items_of_worlds() {
    diff(
        "resource r; record p { x: u8 } import f: func(r: r, p: p); import g: func();
         export h: interface { f: func(x: u8); } import i: interface { f: func(); }",
        "resource r; record p { x: u16 } import f: func(r: r, p: p); import g: interface {}
         export h: interface { f: func(x: u16); } import i: interface { f: func(); g: func(); }",
        &expect![[r#"
            host! i: function "g" was added
            ! w.f(p: p): record p: field "x": old has u8, new has u16
            ! w: "g": old has function, new has interface
            ! h.f(x: u8): old has u8, new has u16
        "#]],
    );
}

#[test]
fn the_home_package_may_change_its_version() {
    let wit = |version: &str| {
        let resolve = parse(&format!(
            "package a:b@{version};
             interface i {{ resource r; }}
             interface j {{ use i.{{r}}; f: func(r: r); }}
             world w {{ import j; export j; }}"
        ));
        let id = resolve.worlds.iter().next().unwrap().0;
        (resolve, id)
    };
    let (old, new) = (wit("1.0.0"), wit("2.0.0"));
    let changes = worlds((&old.0, old.1), (&new.0, new.1));
    assert!(changes.iter().any(|c| c.variance == Variance::Export));
    expect![[r#"
        fits w: old has a:b/i@1.0.0, new has a:b/i@2.0.0, on another track
        fits w: old has a:b/j@1.0.0, new has a:b/j@2.0.0, on another track
        fits w: old has a:b/j@1.0.0, new has a:b/j@2.0.0, on another track
    "#]]
    .assert_eq(&lines(&changes, Words::Diff));
}

#[test]
fn an_exported_resource_is_not_the_imported_one() {
    let world = |body: &str| {
        let resolve = parse(&format!(
            "package a:b;
             interface tokens {{ resource token; }}
             interface users {{ use tokens.{{token}}; f: func(t: token); }}
             world w {{ {body} }}"
        ));
        let id = resolve.worlds.iter().next().unwrap().0;
        (resolve, id)
    };
    let old = world("export tokens; export users;");
    let new = world("export users;");
    let changes = worlds((&old.0, old.1), (&new.0, new.1));
    expect![[r#"
        host! w: interface "a:b/tokens" was added
        host! w: interface "a:b/tokens" was removed
        ! users.f(t: token): resource token: old has that of the exported a:b/tokens, new has that of the imported a:b/tokens
    "#]].assert_eq(&lines(&changes, Words::Diff));
}
