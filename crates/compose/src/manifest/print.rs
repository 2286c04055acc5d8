//! A request as the text of a `compose.toml`.

use indexmap::IndexMap;
use serde::Serialize;

use crate::Request;
use crate::options::{ExportSpec, ImportSpec, Options};

/// A manifest as it is written; the order is the one in which people read it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    closed: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allow_imports: &'a [String],
    #[serde(skip_serializing_if = "is_false")]
    allow_unused: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leave: Vec<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    roots: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hide: Vec<String>,
    inputs: IndexMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    instances: IndexMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    links: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    exports: IndexMap<&'a str, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    renames: IndexMap<String, &'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The text of a manifest that asks for the same.
///
/// `paths` are those of the inputs, in their order, as seen from the manifest. Exports
/// that are chosen must say which instance they come from, as [`crate::explicit`] does.
#[must_use]
pub fn print(request: &Request, paths: &[String], output: Option<&str>) -> String {
    let Options {
        links,
        leave,
        roots,
        exports,
        hide,
        renames,
        allow_unused,
        closed,
        allow_imports,
    } = &request.options;
    let named = request.inputs.iter().map(|input| input.name.as_str());
    let mut inputs: IndexMap<&str, &str> = named.zip(paths.iter().map(String::as_str)).collect();
    inputs.sort_unstable_keys();
    let written = Written {
        output,
        closed: *closed,
        allow_imports,
        allow_unused: *allow_unused,
        leave: leave.iter().map(import).collect(),
        roots,
        hide: hide.iter().map(export).collect(),
        inputs,
        instances: request.instances.iter().map(|(name, of)| (&**name, &**of)).collect(),
        links: links
            .iter()
            .map(|link| (import(&link.import), provider(&link.provider, link.export.as_deref())))
            .collect(),
        exports: exports
            .iter()
            .map(|spec| (spec.to.as_ref().unwrap_or(&spec.export).as_str(), export(spec)))
            .collect(),
        renames: renames
            .iter()
            .filter_map(|spec| Some((export(spec), spec.to.as_deref()?)))
            .collect(),
    };
    // Tables of strings, booleans and lists of strings can always be written.
    toml::to_string(&written).unwrap_or_default()
}

fn import(spec: &ImportSpec) -> String {
    format!("{}:{}", spec.consumer, spec.import)
}

fn provider(name: &str, export: Option<&str>) -> String {
    export.map_or_else(|| name.to_owned(), |export| format!("{name}:{export}"))
}

fn export(spec: &ExportSpec) -> String {
    match &spec.from {
        Some(from) => format!("{from}:{}", spec.export),
        None => spec.export.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use crate::manifest::parse;

    const TEXT: &str = r#"output = "app.wasm"
closed = true
allow-imports = ["wasi:*"]
allow-unused = true
leave = ["cli:third"]
roots = ["cli"]
hide = ["cli:init"]

[inputs]
cli = "cli.wasm"
store = "../a b/store.wasm"

[instances]
primary = "store"
cli = "cli"

[links]
"cli:first" = "primary:example:kv/store@1.2.0"

[exports]
"wasi:cli/run@0.2.0" = "cli:wasi:cli/run@0.2.0"

[renames]
"cli:old" = "new"
"#;

    fn printed(output: Option<&str>) -> String {
        let manifest = parse("compose.toml", TEXT).expect("it is well-formed");
        let inputs =
            manifest.inputs.iter().map(|(name, _)| Input::of_bytes(name, Vec::new())).collect();
        let paths: Vec<String> = manifest.inputs.iter().map(|(_, path)| path.clone()).collect();
        let (instances, options) = (manifest.instances, manifest.options);
        print(&Request { inputs, instances, options }, &paths, output)
    }

    #[test]
    fn what_is_printed_says_what_was_read() {
        assert_eq!(printed(Some("app.wasm")), TEXT);
    }

    #[test]
    fn odd_names_are_quoted() {
        let odd = "app \"x\" 'y' \\.wasm";
        let manifest = parse("compose.toml", &printed(Some(odd))).expect("it is well-formed");
        assert_eq!(manifest.output.as_deref(), Some(odd));
    }
}
