//! Folders: several files, `deps` in its three forms, and what comes first.

use std::path::Path;

use joggle_diag::Report;

use crate::error::{Kind, LoadError};
use crate::{Artifact, Wit, load};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn folder(files: &[(&str, &str)]) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(path, text)?;
    }
    Ok(folder)
}

fn wit(folder: &tempfile::TempDir) -> Result<Box<Wit>, LoadError> {
    match load(folder.path())? {
        Artifact::Wit(wit) => Ok(wit),
        Artifact::Component(_) | Artifact::Module(_) => panic!("a folder is WIT"),
    }
}

fn names(wit: &Wit) -> Vec<String> {
    let mut names: Vec<String> =
        wit.resolve.package_names.keys().map(ToString::to_string).collect();
    names.sort();
    names
}

#[test]
fn only_what_is_needed_of_the_bundle_is_there() -> Outcome {
    let alone = folder(&[("a.wit", "package a:b; interface i {}")])?;
    assert_eq!(names(&*wit(&alone)?), ["a:b"]);
    let random = folder(&[(
        "a.wit",
        "package a:b; world w { import wasi:random/random@0.2.12; import wasi:http/client@0.3.2; }",
    )])?;
    assert_eq!(
        names(&*wit(&random)?),
        [
            "a:b",
            "wasi:cli@0.3.2",
            "wasi:clocks@0.3.2",
            "wasi:filesystem@0.3.2",
            "wasi:http@0.3.2",
            "wasi:random@0.2.12",
            "wasi:random@0.3.2",
            "wasi:sockets@0.3.2",
        ]
    );
    Ok(())
}

#[test]
fn deps_are_folders_files_and_binaries_and_win_over_the_bundle() -> Outcome {
    let binary = r#"(component
        (type (component
            (type (component (export "x:wat/i" (instance))))
            (export "x:wat/w" (component (type 0)))))
        (export "w" (type 0)))"#;
    let folder = folder(&[
        ("world.wit", "package a:b; world w { import x:one/i; import x:two/i; import j; }"),
        ("more.wit", "interface j { use wasi:random/random@0.2.12.{mine}; }"),
        ("deps/one/a.wit", "package x:one; interface i { f: func(); }"),
        ("deps/two.wit", "package x:two; interface i { f: func(); }"),
        ("deps/random/r.wit", "package wasi:random@0.2.12; interface random { type mine = u8; }"),
        ("deps/wat.wat", binary),
        ("deps/README.md", "not WIT"),
    ])?;
    let found = names(&*wit(&folder)?);
    assert!(
        found.contains(&"x:one".to_owned()) && found.contains(&"x:two".to_owned()),
        "{found:?}"
    );
    assert!(!found.contains(&"wasi:io@0.2.12".to_owned()), "{found:?}");
    Ok(())
}

#[test]
fn the_mistakes_of_all_files_are_told() -> Outcome {
    let folder = folder(&[
        ("a.wit", "package a:b; interface i { f: func(a: i32) }"),
        ("b.wit", "package a:c; interface j { f: func(a: strng); }"),
        ("deps/c/c.wit", "package c:c; interface k { f: func(); oops }"),
    ])?;
    let Err(error) = wit(&folder) else { panic!("there are mistakes") };
    assert_eq!(error.kind(), Kind::Invalid);
    let report = Report::of(&error);
    let found: Vec<(String, String)> = report
        .related
        .iter()
        .map(|problem| {
            let file = problem.labels[0].source.rsplit('/').next().unwrap_or_default();
            (file.to_owned(), problem.code.clone().unwrap_or_default())
        })
        .collect();
    let expected = [
        ("a.wit", "wit::foreign-type-name"),
        ("a.wit", "wit::expected-semicolon"),
        ("b.wit", "wit::package-mismatch"),
        ("b.wit", "wit::undefined-type"),
        ("c.wit", "wit::syntax"),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    Ok(())
}

#[test]
fn a_component_in_deps_and_a_folder_without_wit_are_refused() -> Outcome {
    let odd = folder(&[("a.wit", "package a:b;"), ("deps/c.wat", "(component)")])?;
    let Err(error) = wit(&odd) else { panic!("a component is no package") };
    assert_eq!(Report::of(&error).code.as_deref(), Some("load::not-a-package"));
    let empty = folder(&[("a.txt", "package a:b;")])?;
    let Err(error) = wit(&empty) else { panic!("there is no WIT") };
    assert_eq!(error.kind(), Kind::Missing);
    Ok(())
}

#[test]
fn a_package_that_is_there_twice_is_told() -> Outcome {
    let folder = folder(&[
        ("a.wit", "package a:b; world w { import x:one/i; }"),
        ("deps/one.wit", "package x:one; interface i {}"),
        ("deps/two.wit", "package x:one; interface i {}"),
    ])?;
    let Err(error) = wit(&folder) else { panic!("there are two") };
    let report = Report::of(&error);
    assert_eq!(report.related[0].code.as_deref(), Some("wit::duplicate-package"));
    Ok(())
}
