//! Error codes against their pages: each `code("area::what")` in the sources of
//! the libraries and the command line has `docs/errors/area/what.md`, and each page
//! has a code. Whether a page is true is left to the test suite.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use super::Finding;
use super::tree::{SourceFile, Tree};

const PAGES: &str = "docs/errors/";

/// Compares codes with pages.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut codes = BTreeMap::new();
    for file in tree.files().filter(|file| is_source(file)) {
        // What does not parse is reported by another rule.
        if let Some(parsed) = file.text().and_then(|text| syn::parse_file(text).ok()) {
            for item in parsed.items.iter().filter(|item| !is_test(item)) {
                collect(item.to_token_stream(), &file.path, &mut codes);
            }
        }
    }
    let mut findings = Vec::new();
    for (code, (path, line)) in &codes {
        let page = code.split_once("::").map(|(area, what)| format!("{PAGES}{area}/{what}.md"));
        match page {
            Some(page) if tree.file(&page).is_some() => {}
            Some(page) => {
                let text = format!("the code `{code}` has no page {page}");
                findings.push(Finding::new(path, *line, text));
            }
            None => {
                let text = format!("the code `{code}` is not of the form `area::what-happened`");
                findings.push(Finding::new(path, *line, text));
            }
        }
    }
    for file in tree.files() {
        let code = code_of_page(&file.path);
        if let Some(code) = code.filter(|code| !codes.contains_key(code)) {
            findings.push(Finding::new(&file.path, 1, format!("no error has the code `{code}`")));
        }
    }
    findings
}

fn is_source(file: &SourceFile) -> bool {
    let inside = file.path.starts_with("crates/") || file.path.starts_with("cli/");
    inside && file.path.contains("/src/") && file.is_one_of(&["rs"])
}

/// The code that a page explains; a page beside the areas is an overview.
fn code_of_page(path: &str) -> Option<String> {
    let (area, what) = path.strip_prefix(PAGES)?.strip_suffix(".md")?.split_once('/')?;
    Some(format!("{area}::{what}"))
}

fn is_test(item: &syn::Item) -> bool {
    let syn::Item::Mod(module) = item else {
        return false;
    };
    module.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// Finds `code("…")` among the tokens, in attributes as in expressions.
fn collect(tokens: TokenStream, path: &str, codes: &mut BTreeMap<String, (String, usize)>) {
    let mut after_code = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let mut inner = group.stream().into_iter();
            if after_code
                && group.delimiter() == Delimiter::Parenthesis
                && let (Some(TokenTree::Literal(literal)), None) = (inner.next(), inner.next())
                && let syn::Lit::Str(text) = syn::Lit::new(literal)
            {
                let place = (path.to_owned(), text.span().start().line);
                codes.entry(text.value()).or_insert(place);
            }
            collect(group.stream(), path, codes);
        }
        after_code = matches!(&token, TokenTree::Ident(ident) if ident == "code");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn codes_in_attributes_and_expressions_need_pages() {
        let source = "\
enum Error {
    #[diagnostic(code(\"load::missing\"), help(\"look\"))]
    Missing,
}
fn code_of() -> &'static str {
    code(\"wit::syntax\")
}
";
        let source = ("crates/load/src/error.rs", source);
        let page = ("docs/errors/load/missing.md", "");
        let other = ("docs/errors/wit/syntax.md", "");
        assert_eq!(findings(&[source, page, other]), Vec::<String>::new());
        assert_eq!(
            findings(&[source, page]),
            [
                "crates/load/src/error.rs:6: the code `wit::syntax` has no page docs/errors/wit/syntax.md"
            ]
        );
    }

    #[test]
    fn pages_need_codes() {
        let page = ("docs/errors/compose/cycle.md", "");
        let overview = ("docs/errors/README.md", "");
        let found = findings(&[page, overview]);
        assert_eq!(
            found,
            ["docs/errors/compose/cycle.md:1: no error has the code `compose::cycle`"]
        );
    }

    #[test]
    fn codes_of_tests_do_not_count_and_odd_ones_are_refused() {
        let tests = "#[cfg(test)]\nmod tests {\n    const A: A = code(\"a::b\");\n}\n";
        assert_eq!(findings(&[("crates/a/src/lib.rs", tests)]), Vec::<String>::new());
        let odd = "const A: A = code(\"odd\");\n";
        assert_eq!(findings(&[("cli/src/main.rs", odd)]).len(), 1);
    }
}
