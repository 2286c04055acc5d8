//! Every page `docs/errors/AREA/NAME.md` is a test: its example prints
//! exactly what the page shows. Every code has a page, and every page a code.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use joggle_testsuite::page::Page;
use joggle_testsuite::play::{joined, play};
use joggle_testsuite::{expect, files};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let folder = files::repository().join("docs/errors");
    let mut pages = BTreeSet::new();
    let mut trials = Vec::new();
    for path in files::below(&folder, "md")? {
        let code = files::stem_below(&path, &folder).replacen('/', "::", 1);
        pages.insert(code.clone());
        trials.push(Trial::test(code.clone(), move || report(check(&code, &path))));
    }
    trials.push(Trial::test("codes and pages match", move || report(complete(&pages))));
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(code: &str, path: &Path) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let Some(example) = Page::parse(code, &text)?.example else {
        return Ok(());
    };
    let seen = play(&example.scenario)?;
    let mut actual = joined(&seen, |step| &step.stdout);
    actual.push_str(&joined(&seen, |step| &step.stderr));
    if !actual.contains(code) {
        bail!("the example does not bring about `{code}`:\n{actual}");
    }
    if actual == example.expected {
        return Ok(());
    }
    if expect::updating() {
        std::fs::write(path, example.rewritten(&text, &actual))?;
        return Ok(());
    }
    bail!("{}", expect::difference("the example", &example.expected, &actual))
}

/// The codes are read out of the sources: a code is a string literal `area::name`.
fn complete(pages: &BTreeSet<String>) -> Result<()> {
    let mut codes = BTreeSet::new();
    for folder in ["crates", "cli"] {
        for path in files::below(&files::repository().join(folder), "rs")? {
            let source = path.components().any(|part| part.as_os_str() == "src");
            if source && path.file_name().is_some_and(|name| name != "tests.rs") {
                codes.extend(codes_in(&std::fs::read_to_string(path)?));
            }
        }
    }
    let without_page: Vec<_> = codes.difference(pages).collect();
    let without_code: Vec<_> = pages.difference(&codes).collect();
    if without_page.is_empty() && without_code.is_empty() {
        return Ok(());
    }
    bail!("codes without a page: {without_page:?}\npages without a code: {without_code:?}")
}

fn codes_in(text: &str) -> Vec<String> {
    // Unit tests may misspell codes on purpose; they stand last in a file.
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let literals = text.split('"').filter(|literal| {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let parts = literal.split_once("::");
        parts.is_some_and(|(area, name)| word(area) && name.split('-').all(word))
    });
    literals.map(str::to_owned).collect()
}

fn report(result: Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
