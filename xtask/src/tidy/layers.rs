//! The table of layers in `docs/architecture.md` against `cargo metadata`: each
//! crate has a row, and depends on lower layers only.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Finding;
use super::tree::Tree;
use crate::process;

const PAGE: &str = "docs/architecture.md";

/// The folders of packages that may use every layer and that none may use.
const ABOVE_ALL: [&str; 3] = ["fuzz", "testsuite", "xtask"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

/// A row of the table.
#[derive(Debug, Eq, PartialEq)]
struct Row {
    line: usize,
    layer: u32,
    folder: String,
}

/// Compares the table with the crates.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let Some(page) = tree.file(PAGE).and_then(|file| file.text()) else {
        return Ok(vec![Finding::new(PAGE, 1, "this page with the table of layers is missing")]);
    };
    let (rows, mut findings) = read_table(page);
    let mut command = process::cargo();
    command.current_dir(&tree.root);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let metadata: Metadata = serde_json::from_str(&process::output(&mut command)?)
        .context("reading what `cargo metadata` prints")?;
    for row in rows.iter().filter(|(name, _)| !metadata.packages.iter().any(|p| p.name == **name)) {
        findings.push(Finding::new(PAGE, row.1.line, format!("there is no package `{}`", row.0)));
    }
    for package in &metadata.packages {
        let root = tree.root.to_string_lossy();
        let manifest = package.manifest_path.strip_prefix(&*root).unwrap_or(&package.manifest_path);
        findings.extend(check_package(package, manifest.trim_start_matches('/'), &rows, tree));
    }
    Ok(findings)
}

fn check_package(
    package: &Package,
    manifest: &str,
    rows: &BTreeMap<String, Row>,
    tree: &Tree,
) -> Vec<Finding> {
    let folder = manifest.trim_end_matches("/Cargo.toml");
    let row = rows.get(&package.name);
    let mut findings = Vec::new();
    match row {
        None if ABOVE_ALL.contains(&folder) => return findings,
        None => {
            let text = format!("`{}` is not in the table of layers of {PAGE}", package.name);
            findings.push(Finding::new(manifest, 1, text));
        }
        Some(row) if row.folder != folder => {
            let text = format!("`{}` lies in {folder}, not in {}", package.name, row.folder);
            findings.push(Finding::new(PAGE, row.line, text));
        }
        Some(_) => {}
    }
    for dependency in &package.dependencies {
        if dependency.kind.as_deref() == Some("dev") || dependency.path.is_none() {
            continue;
        }
        let line = line_of(tree, manifest, &dependency.name);
        match (row, rows.get(&dependency.name)) {
            (Some(own), Some(other)) if other.layer >= own.layer => {
                let text = format!(
                    "`{}` (layer {}) depends on `{}` (layer {}): a crate sees lower layers only",
                    package.name, own.layer, dependency.name, other.layer
                );
                findings.push(Finding::new(manifest, line, text));
            }
            (_, None) => {
                let text = format!("`{}` is in no layer, so nothing may use it", dependency.name);
                findings.push(Finding::new(manifest, line, text));
            }
            _ => {}
        }
    }
    findings
}

fn line_of(tree: &Tree, manifest: &str, dependency: &str) -> usize {
    let text = tree.file(manifest).and_then(|file| file.text()).unwrap_or_default();
    let found = text.lines().position(|line| {
        line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    });
    found.map_or(1, |index| index + 1)
}

/// Reads the rows between the table's heading and the first line that is none.
fn read_table(page: &str) -> (BTreeMap<String, Row>, Vec<Finding>) {
    let mut rows = BTreeMap::new();
    let mut findings = Vec::new();
    let mut lines = (1..).zip(page.lines()).skip_while(|(_, line)| !line.starts_with("| layer |"));
    if lines.next().is_none() {
        findings.push(Finding::new(PAGE, 1, "no table begins with a column `layer`"));
    }
    // The line below the heading is a ruler.
    for (line, text) in lines.skip(1).take_while(|(_, text)| text.starts_with('|')) {
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let row = match cells.as_slice() {
            [_, layer, folder, package, ..] => read_row(line, layer, folder, package),
            _ => None,
        };
        match row {
            Some((package, row)) => {
                rows.insert(package, row);
            }
            None => findings.push(Finding::new(
                PAGE,
                line,
                "a row is: a number, one `folder`, one `package`, the job",
            )),
        }
    }
    (rows, findings)
}

fn read_row(line: usize, layer: &str, folder: &str, package: &str) -> Option<(String, Row)> {
    let folder = folder.strip_prefix('`')?.strip_suffix('`')?;
    let package = package.strip_prefix('`')?.strip_suffix('`')?;
    let folder = match folder.strip_prefix("../") {
        Some(beside) => beside.to_owned(),
        None => format!("crates/{folder}"),
    };
    Some((package.to_owned(), Row { line, layer: layer.parse().ok()?, folder }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
| layer | folder under `crates/` | package | job |
|---|---|---|---|
| 0 | `diag` | `joggle-diag` | words |
| 2 | `compose` | `joggle-compose` | links |
| 2 | `host` | `joggle-host` | runs |
| 5 | `../cli` | `joggle` | talks |

| other | table |
";

    fn package(name: &str, folder: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        let dependency = |(name, kind): &(&str, Option<&str>)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
            path: Some(String::new()),
        };
        Package {
            name: name.to_owned(),
            manifest_path: format!("{folder}/Cargo.toml"),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    fn findings(package: &Package) -> Vec<String> {
        let (rows, findings) = read_table(TABLE);
        assert_eq!(findings, []);
        assert_eq!(rows.len(), 4);
        let found = check_package(package, &package.manifest_path, &rows, &Tree::of(&[]));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lower_layers_may_be_used() {
        let fine = package("joggle", "cli", &[("joggle-host", None), ("joggle-diag", None)]);
        assert_eq!(findings(&fine), Vec::<String>::new());
    }

    #[test]
    fn siblings_may_be_used_by_tests_only() {
        let tests = package("joggle-host", "crates/host", &[("joggle-compose", Some("dev"))]);
        assert_eq!(findings(&tests), Vec::<String>::new());
        let code = package("joggle-host", "crates/host", &[("joggle-compose", None)]);
        assert_eq!(
            findings(&code),
            ["crates/host/Cargo.toml:1: `joggle-host` (layer 2) depends on `joggle-compose` \
              (layer 2): a crate sees lower layers only"]
        );
    }

    #[test]
    fn a_crate_needs_a_row() {
        let new = package("joggle-new", "crates/new", &[]);
        assert_eq!(
            findings(&new),
            ["crates/new/Cargo.toml:1: `joggle-new` is not in the table of layers of \
              docs/architecture.md"]
        );
    }

    #[test]
    fn nobody_uses_what_is_above_all() {
        let low = package("joggle-diag", "crates/diag", &[("xtask", None)]);
        assert_eq!(findings(&low).len(), 1);
        let high = package("xtask", "xtask", &[("joggle", None)]);
        assert_eq!(findings(&high), Vec::<String>::new());
    }

    #[test]
    fn a_row_that_cannot_be_read_is_reported() {
        let (_, findings) = read_table("| layer | folder |\n|---|---|\n| x | `a` | `b` | c |\n");
        assert_eq!(findings.len(), 1);
        let (_, findings) = read_table("no table at all");
        assert_eq!(findings.len(), 1);
    }
}
