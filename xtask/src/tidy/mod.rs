//! `cargo xtask tidy`: the promises of `docs/architecture.md` that no compiler
//! checks. Each rule is a file; it returns everything it finds and stops at nothing.

mod codes;
mod dependencies;
mod layers;
mod sources;
mod traces;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::{paths, screen};
use tree::Tree;

/// One broken promise and its place.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Finding {
    /// The file, from the root.
    path: String,
    /// The line, from 1.
    line: usize,
    /// What is wrong and what is wanted.
    text: String,
}

impl Finding {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// Checks the repository and prints what is wrong.
pub fn run() -> Result<()> {
    let findings = check(&paths::root())?;
    for finding in &findings {
        screen::result(&finding.to_string());
    }
    match findings.len() {
        0 => screen::heading("tidy"),
        1 => bail!("one place is not tidy"),
        count => bail!("{count} places are not tidy"),
    }
    Ok(())
}

/// Every finding, in the order of the files.
fn check(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut findings = layers::check(&tree)?;
    findings.extend(sources::check(&tree));
    findings.extend(dependencies::check(&tree));
    findings.extend(codes::check(&tree));
    findings.extend(traces::check(&tree));
    findings.sort();
    findings.dedup();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() -> Result<()> {
        let findings = check(&paths::root())?;
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
        Ok(())
    }
}
