//! Every dependency says why it is here, in a comment above its line. Lines that
//! only take one over from the workspace, and our own crates, explain themselves.

use super::Finding;
use super::tree::Tree;

/// Checks every manifest.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.files().filter(|file| file.path.ends_with("Cargo.toml"));
    manifests
        .filter(|file| !file.is_generated())
        .flat_map(|file| check_manifest(&file.path, file.text().unwrap_or_default()))
        .collect()
}

fn check_manifest(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut inside = false;
    let mut above = "";
    let lines: Vec<&str> = text.lines().collect();
    for (index, content) in lines.iter().enumerate() {
        let following = lines.get(index + 1..).unwrap_or_default();
        let mut entry = None;
        if let Some(section) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = section.ends_with("dependencies");
            let mut whole = following.iter().take_while(|line| !line.starts_with('['));
            entry = section.rsplit_once("dependencies.").map(|(_, name)| name);
            entry = entry.filter(|_| !whole.any(|line| explains_itself(line)));
        } else if inside
            && content.starts_with(|first: char| first.is_alphanumeric() || first == '"')
        {
            // An entry goes on below only as the inside of a brace.
            let inside_brace = |line: &&&str| line.starts_with([' ', '\t', '}']);
            let mut whole = following.iter().take_while(inside_brace).chain([content]);
            entry = content.split(['=', '.']).next();
            entry = entry.filter(|_| !whole.any(|line| explains_itself(line)));
        }
        if let Some(name) = entry.filter(|_| !is_reason(above)) {
            let text =
                format!("`{}` needs a comment above it that says why it is here", name.trim());
            findings.push(Finding::new(path, index + 1, text));
        }
        above = content;
    }
    findings
}

/// Whether a line takes the dependency over from the workspace, or is our own crate.
fn explains_itself(line: &str) -> bool {
    let bare: String = line.split_whitespace().collect();
    bare.contains("workspace=true") || bare.contains("path=")
}

/// A comment, but not one that only heads a group.
fn is_reason(line: &str) -> bool {
    line.starts_with('#') && !line.starts_with("# --")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check_manifest("Cargo.toml", text).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_reason_stands_above_each_line() {
        let good = "[workspace.dependencies]\n# -- data --\n# Maps.\nindexmap = \"2\"\n\
                    own = { path = \"crates/own\" }\n[dependencies]\nserde.workspace = true\n\
                    miette = { workspace = true, features = [\"fancy\"] }\n\
                    wasmtime = {\n  workspace = true,\n  features = [],\n}\n\
                    [dependencies.clap]\nworkspace = true\n[profile.dev]\ndebug = 1\n";
        assert_eq!(lines(good), Vec::<usize>::new());
    }

    #[test]
    fn every_kind_of_line_without_one_is_found() {
        assert_eq!(lines("[workspace.dependencies]\na = \"1\"\nb = \"1\"\n"), [2, 3]);
        assert_eq!(lines("[dependencies]\n# -- group --\na = { version = \"1\" }\n"), [3]);
        assert_eq!(lines("[target.'cfg(unix)'.dev-dependencies]\na = \"1\"\n"), [2]);
        assert_eq!(lines("[dependencies.a]\nversion = \"1\"\n"), [1]);
        assert_eq!(lines("# Why.\n[dependencies.a]\nversion = \"1\"\n"), Vec::<usize>::new());
    }
}
