//! What a `joggle.toml` says, and what it must not.

use joggle_diag::Report;
use miette::Diagnostic;
use serde::Deserialize;

use super::*;
use crate::name::RUST;

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Options {
    ownership: Option<Ownership>,
    generate_all: bool,
    #[serde(deserialize_with = "pairs")]
    with: Vec<(String, String)>,
    #[serde(deserialize_with = "pairs_of_lists")]
    attributes: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ownership {
    Owning,
    Borrowing,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct ItemOptions {
    derive: Vec<String>,
}

const ALL: &str = r#"
world = "image-service"
wit = "wit"
features = ["fast"]
types = "apart"

[rename]
"process#resize" = "scale"
"process#compress" = "pack"

[rust]
out-dir = "src/bindings"
ownership = "borrowing"
generate-all = true

[rust.with]
"wasi:io/streams@0.2.0" = "generate"
"a:b/c" = "crate::c"

[rust.attributes]
"process#image" = ["one", "two"]

[rust.rename]
"process#resize" = "resized"

[rust.items."process#image"]
derive = ["Hash"]
"#;

fn parse(text: &str) -> (Config, Vec<ConfigError>) {
    let mut errors = Vec::new();
    let config = Config::parse("joggle.toml", text, &[&RUST], &mut errors);
    (config, errors)
}

fn wrong<E: Diagnostic>(errors: &[E]) -> Vec<String> {
    let told = |error: &E| {
        let report = Report::of(error);
        let place = report.labels.first().map_or(String::new(), |label| {
            format!("{}:{}+{}", label.line, label.column, label.length)
        });
        format!("{place} {}; {}", report.message, report.help.unwrap_or_default())
    };
    errors.iter().map(told).collect()
}

#[test]
fn everything_can_be_said() {
    let (config, mut errors) = parse(ALL);
    assert_eq!(
        config.shared,
        Shared {
            world: Some("image-service".to_owned()),
            wit: Some("wit".to_owned()),
            features: vec!["fast".to_owned()],
            all_features: false,
            types: Some(crate::Types::Apart),
        }
    );
    assert_eq!(config.languages().map(|l| l.id).collect::<Vec<_>>(), ["rust"]);
    assert_eq!(config.out_dir(&RUST), Some("src/bindings"));
    let options: Options = config.options(&RUST, &mut errors);
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        options,
        Options {
            ownership: Some(Ownership::Borrowing),
            generate_all: true,
            with: vec![pair("wasi:io/streams@0.2.0", "generate"), pair("a:b/c", "crate::c")],
            attributes: vec![pair("process#image", "one"), pair("process#image", "two")],
        }
    );
    let items: Vec<Item<ItemOptions>> = config.items(&RUST, &mut errors);
    assert!(errors.is_empty());
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].pattern.to_string(), "process#image");
    assert_eq!(items[0].options.derive, ["Hash"]);
    let renames = config.renames(&RUST);
    let symbols: Vec<&str> = renames.iter().map(|rename| rename.symbol.as_str()).collect();
    assert_eq!(symbols, ["scale", "pack", "resized"]);
}

#[test]
fn an_empty_file_says_nothing() {
    let (config, mut errors) = parse("");
    assert_eq!(config.shared, Shared::default());
    assert_eq!(config.options::<Options>(&RUST, &mut errors), Options::default());
    assert!(config.items::<ItemOptions>(&RUST, &mut errors).is_empty());
    assert!(errors.is_empty());
    assert_eq!(config.renames(&RUST).iter().count(), 0);
}

#[test]
fn what_is_wrong_is_told_at_once_and_in_order() {
    let text = "wrold = \"a\"\nwit = 3\nfeatures = \"x\"\n[rename]\n\"a/b\" = \"c\"\n\"#a\" = 1\n[go]\n[rust]\nout-dir = []\n";
    let (_, errors) = parse(text);
    assert_eq!(
        wrong(&errors),
        [
            "1:1+5 joggle.toml has no key `wrold`; did you mean `world`?",
            "2:7+1 `wit` cannot be this: invalid type: integer `3`, expected a string; docs/joggle-toml.md has every key, with an example",
            "3:12+3 `features` cannot be this: invalid type: string \"x\", expected a sequence; docs/joggle-toml.md has every key, with an example",
            "5:1+5 `a/b` names no item of WIT: an item stands behind its interface and a `#`; write `ns:pkg/interface#item`, `interface#item`, or `#item` for an item of the world itself; `#record.field`, `#resource.method` and `#function(parameter)` go deeper",
            "6:8+1 `#a` cannot be this: invalid type: integer, expected a string, the new name; docs/joggle-toml.md has every key, with an example",
            "7:2+2 joggle.toml has no key `go`; there are `all-features`, `features`, `rename`, `rust`, `types`, `wit` and `world`",
            "9:11+2 `out-dir` cannot be this: invalid type: sequence, expected a string; docs/joggle-toml.md has every key, with an example",
        ]
    );
}

#[test]
fn what_is_wrong_in_the_table_of_a_language_is_told_by_its_backend() {
    let text = "[rust]\nownershp = 'owning'\nownership = 'mine'\ngenerate-all = 1\n[rust.with]\n'a:b/c' = 7\n[rust.items.'a#b']\nderives = []\n[rust.items.'a:']\nderive = 1\n";
    let (config, mut errors) = parse(text);
    assert!(errors.is_empty());
    let options = config.options::<Options>(&RUST, &mut errors);
    assert_eq!(options, Options::default());
    assert_eq!(
        wrong(&errors),
        [
            "2:1+8 [rust] has no key `ownershp`; did you mean `ownership`?",
            "3:13+6 `ownership` cannot be this: unknown variant `mine`, expected `owning` or `borrowing`; docs/joggle-toml.md has every key, with an example",
            "4:16+1 `generate-all` cannot be this: invalid type: integer `1`, expected a boolean; docs/joggle-toml.md has every key, with an example",
            "6:11+1 `with` cannot be this: invalid type: integer `7`, expected a string; docs/joggle-toml.md has every key, with an example",
        ]
    );
    errors.clear();
    let items = config.items::<ItemOptions>(&RUST, &mut errors);
    assert_eq!(items.len(), 2);
    assert_eq!(
        wrong(&errors),
        [
            "8:1+7 [rust.items.\"a#b\"] has no key `derives`; did you mean `derive`?",
            "10:10+1 `derive` cannot be this: invalid type: integer `1`, expected a sequence; docs/joggle-toml.md has every key, with an example",
        ]
    );
}

#[test]
fn what_is_no_toml_is_told_too() {
    let (config, mut errors) = parse("world = \n[rust\nout-dir = 1\n");
    config.options::<Options>(&RUST, &mut errors);
    let help =
        "lines are `key = \"text\"`, and tables begin with `[name]`; https://toml.io has it all";
    assert_eq!(
        wrong(&errors),
        [
            format!(
                "1:9+0 this is not TOML: string values must be quoted, expected literal string; {help}"
            ),
            format!("2:6+0 this is not TOML: unclosed table, expected `]`; {help}"),
        ]
    );
}
