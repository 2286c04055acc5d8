//! Traces of one machine: folders of a person's disk, hosts that packages were
//! downloaded from. They are looked for in every file, binaries too.

use super::Finding;
use super::tree::Tree;

/// Written in two halves, or this file would be the first finding.
const FOLDERS: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];

/// Hosts that serve packages; the sites that people read are no traces.
const HOSTS: [&str; 7] = [
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs."),
    concat!("files.", "pythonhosted."),
    concat!("proxy.", "golang."),
    concat!("deb.", "debian."),
    concat!("security.", "debian."),
];

/// Checks every file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files().flat_map(|file| check_bytes(&file.path, &file.bytes)).collect()
}

fn check_bytes(path: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, content) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        for folder in FOLDERS.iter().filter(|folder| has_folder(content, folder.as_bytes())) {
            let text = format!("`{folder}` is a folder of one machine");
            findings.push(Finding::new(path, line, text));
        }
        for host in HOSTS.iter().filter(|host| find(content, host.as_bytes()).is_some()) {
            let text = format!("`{host}` is a host that packages are downloaded from");
            findings.push(Finding::new(path, line, text));
        }
    }
    findings
}

/// Whether a line holds this folder at the beginning of a path, not inside one.
fn has_folder(line: &[u8], folder: &[u8]) -> bool {
    let mut rest = line;
    let mut before = None;
    while let Some(index) = find(rest, folder) {
        let previous = index.checked_sub(1).and_then(|index| rest.get(index)).copied().or(before);
        if !previous.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"._-}>)*".contains(&byte))
        {
            return true;
        }
        before = folder.last().copied();
        rest = rest.get(index + folder.len()..).unwrap_or_default();
    }
    false
}

fn find(line: &[u8], wanted: &[u8]) -> Option<usize> {
    line.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check_bytes("a.md", text.as_bytes()).len()
    }

    #[test]
    fn folders_of_a_machine_are_found() {
        for folder in FOLDERS {
            assert_eq!(count(&format!("see {folder}me/src")), 1);
            assert_eq!(count(&format!("{folder}me")), 1);
            assert_eq!(count(&format!("`{folder}`")), 1);
            assert_eq!(count(&format!("src{folder}me")), 0, "a part of a relative path");
        }
    }

    #[test]
    fn hosts_are_found_and_their_lines_counted() {
        let text = format!("a\nhttps://{}org/x\n", concat!("registry.", "npmjs."));
        let findings = check_bytes("a.json", text.as_bytes());
        assert_eq!(findings.first().map(|finding| finding.line), Some(2));
        assert_eq!(count("https://crates.io/crates/serde"), 0);
    }
}
