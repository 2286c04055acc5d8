//! The shape of source files: how long files and functions are, how files begin,
//! what modules are called.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::Finding;
use super::tree::{SourceFile, Tree};

const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 60;

/// Files that people write code in.
const CODE: [&str; 8] = ["rs", "py", "js", "ts", "go", "c", "h", "sh"];

/// Names that say nothing about what lies inside.
const NO_IDEA: [&str; 8] =
    ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"];

/// Checks every source file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| file.is_one_of(&CODE) && !file.is_generated()) {
        let Some(text) = file.text() else {
            findings.push(Finding::new(&file.path, 1, "this source is not UTF-8"));
            continue;
        };
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            let what = format!("{lines} lines, {LONGEST_FILE} at most: split it by what it does");
            findings.push(Finding::new(&file.path, LONGEST_FILE + 1, what));
        }
        if file.is_one_of(&["rs"]) {
            findings.extend(check_rust(file, text));
        }
    }
    findings
}

fn check_rust(file: &SourceFile, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        let what = "the file opens with `//!`: what it does, and what it leaves to others";
        findings.push(Finding::new(&file.path, 1, what));
    }
    for part in file.path.trim_end_matches(".rs").split('/') {
        findings.extend(vague(&file.path, 1, part));
    }
    match syn::parse_file(text) {
        Ok(parsed) => {
            let mut walk = Walk { path: &file.path, findings };
            walk.visit_file(&parsed);
            walk.findings
        }
        Err(error) => {
            let line = error.span().start().line;
            findings.push(Finding::new(&file.path, line, format!("this is not Rust: {error}")));
            findings
        }
    }
}

fn vague(path: &str, line: usize, name: &str) -> Option<Finding> {
    let text = || format!("`{name}` says nothing: name a module for its one idea");
    NO_IDEA.contains(&name).then(|| Finding::new(path, line, text()))
}

struct Walk<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    /// Counts from the signature to the closing brace; documentation is free.
    fn function(&mut self, signature: &syn::Signature, end: Span) {
        let first = signature.span().start().line;
        let lines = end.end().line + 1 - first;
        if lines > LONGEST_FUNCTION {
            let name = &signature.ident;
            let text = format!("`{name}` has {lines} lines, {LONGEST_FUNCTION} at most");
            self.findings.push(Finding::new(self.path, first, text));
        }
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.sig, item.span());
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let line = item.span().start().line;
        self.findings.extend(vague(self.path, line, &item.ident.to_string()));
        visit::visit_item_mod(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_opens_with_its_purpose() {
        assert_eq!(findings("a.rs", "//! Adds.\n\nfn add() {}\n"), Vec::<String>::new());
        assert_eq!(findings("a.rs", "fn add() {}\n").len(), 1);
    }

    #[test]
    fn files_and_functions_have_caps() {
        let long =
            |lines: usize| format!("//! Long.\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines));
        assert_eq!(findings("a.rs", &long(58)), Vec::<String>::new());
        assert_eq!(findings("a.rs", &long(59)), ["a.rs:2: `f` has 61 lines, 60 at most"]);
        assert_eq!(findings("a.rs", &long(600)).len(), 2);
        assert_eq!(findings("a.py", &"x = 1\n".repeat(601)).len(), 1);
        assert_eq!(
            findings("fixtures/bindings/a.py", &"x = 1\n".repeat(601)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn methods_are_functions_too() {
        let body = "    g();\n".repeat(60);
        let text = format!("//! Long.\nimpl A {{\n    /// Doc.\n    fn f() {{\n{body}}}\n}}\n");
        assert_eq!(findings("a.rs", &text), ["a.rs:4: `f` has 62 lines, 60 at most"]);
    }

    #[test]
    fn vague_names_are_refused_for_files_and_modules() {
        assert_eq!(findings("src/utils/a.rs", "//! A.\n").len(), 1);
        assert_eq!(findings("src/helpers.rs", "//! A.\n").len(), 1);
        assert_eq!(findings("src/a.rs", "//! A.\nmod common;\n").len(), 1);
        assert_eq!(findings("src/a.rs", "//! A.\nmod name;\n"), Vec::<String>::new());
    }
}
