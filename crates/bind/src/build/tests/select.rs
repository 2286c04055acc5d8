//! Which world is meant.

use expect_test::expect;
use miette::Diagnostic;

use super::wit;
use crate::build::select_world;

const SEVERAL: &str = "
    package demo:app@1.2.0;
    package wasi:cli@0.2.6 { world command { } }
    package wasi:cli@0.2.12 { world command { } }
    interface store { }
    world one { }
    world two { include wasi:cli/command@0.2.6; include wasi:cli/command@0.2.12; }";

fn select(text: &str, name: Option<&str>) -> String {
    let wit = wit(text);
    match select_world(&wit, name) {
        Ok(world) => {
            let world = &wit.resolve.worlds[world];
            wit.resolve.id_of_name(world.package.expect("a package"), &world.name)
        }
        Err(problem) => {
            let code = problem.code().map(|code| code.to_string()).unwrap_or_default();
            let help = problem.help().map(|help| help.to_string()).unwrap_or_default();
            format!("{code}: {problem} = {help}")
        }
    }
}

#[test]
fn a_world_by_its_name() {
    let names = [
        Some("one"),
        Some("app/one"),
        Some("demo:app/one"),
        Some("demo:app/one@1.2.0"),
        Some("demo:app/one@1"),
        Some("wasi:cli/command"),
        Some("wasi:cli/command@0.2.6"),
        Some("wasi:cli/command@0.2"),
        None,
        Some("tow"),
        Some("store"),
        Some("demo:app/one@1.2.1"),
        Some("demo:ap/one"),
        Some("something-else"),
        Some("wasi:cli/comand"),
        Some(""),
        Some("/"),
    ];
    let all: Vec<String> = names.iter().map(|name| select(SEVERAL, *name)).collect();
    expect![[r#"
        demo:app/one@1.2.0
        demo:app/one@1.2.0
        demo:app/one@1.2.0
        demo:app/one@1.2.0
        demo:app/one@1.2.0
        wasi:cli/command@0.2.12
        wasi:cli/command@0.2.6
        wasi:cli/command@0.2.12
        bind::which-world: `test.wit` has several worlds: `one` and `two` = name one of them: --world one
        bind::unknown-world: `demo:app@1.2.0` has no world `tow` = did you mean `two`?
        bind::unknown-world: `demo:app@1.2.0` has no world `store` = `store` is an interface: write a world that imports or exports it
        bind::unknown-world: `test.wit` has no world `demo:app/one@1.2.1` = did you mean `demo:app/one@1.2.0`?
        bind::unknown-world: `test.wit` has no world `demo:ap/one` = did you mean `demo:app/one`?
        bind::unknown-world: `demo:app@1.2.0` has no world `something-else` = there are `one` and `two`
        bind::unknown-world: `wasi:cli@0.2.12` has no world `comand` = did you mean `command`?
        bind::unknown-world: `demo:app@1.2.0` has no world `` = there are `one` and `two`
        bind::unknown-world: `test.wit` has no world `/` = there are `wasi:cli/command@0.2.6`, `wasi:cli/command@0.2.12`, `demo:app/one@1.2.0` and `demo:app/two@1.2.0`"#]].assert_eq(&all.join("\n"));
}

#[test]
fn the_only_world_or_none() {
    expect!["a:b/w"].assert_eq(&select("package a:b; world w { }", None));
    expect!["bind::no-world: `test.wit` has no world = bindings are for a world: write one that imports and exports what is wanted, `world my-world { … }`"].assert_eq(&select("package a:b; interface w { }", None));
    expect!["bind::unknown-world: `a:b` has no world `w` = `w` is an interface: write a world that imports or exports it"].assert_eq(&select("package a:b; interface w { }", Some("w")));
    expect!["bind::unknown-world: `a:b` has no world `w` = write one: `world my-world { … }`"]
        .assert_eq(&select("package a:b; interface i { }", Some("w")));
}
