//! Pages for readers, `README.md` and `docs/*.md`: their `console` blocks are run,
//! all those of a page in one folder, in order.
//!
//! `$ joggle …` starts a command; what follows is exactly what it prints, standard
//! output first. A line `…` stands for any lines. Blocks with `file=NAME` are inputs,
//! as on error pages, and so are files of the repository that a command or, in quotes,
//! a file names.
//!
//! Two comments, each in the line before a block, say more:
//! - `<!-- inputs: docs/errors/AREA/NAME.md -->`: that page's files are inputs, too;
//! - `<!-- not run: reason -->`: the block is an illustration.

use std::ops::Range;

use anyhow::{Context, Result, bail};

use crate::case::{Command, Scenario, Step};
use crate::files;
use crate::input::{Content, Input};
use crate::page::{blocks, input};

/// A page, read.
#[derive(Debug, Default)]
pub struct Manual {
    /// What is done.
    pub scenario: Scenario,
    /// The lines that hold what each step prints, from 0.
    outputs: Vec<Range<usize>>,
}

impl Manual {
    /// Reads a page.
    pub fn parse(text: &str) -> Result<Manual> {
        let lines: Vec<&str> = text.lines().collect();
        let mut manual = Manual::default();
        for block in blocks(&lines)? {
            let body = &lines[block.lines.clone()];
            let before = block.lines.start.checked_sub(2).and_then(|line| lines.get(line));
            let said = before.and_then(|line| line.strip_prefix("<!-- ")?.strip_suffix(" -->"));
            if said.is_some_and(|said| said.starts_with("not run: ")) {
                continue;
            }
            if let Some(page) = said.and_then(|said| said.strip_prefix("inputs: ")) {
                manual.inputs_of(page)?;
            }
            if block.info == "console" {
                manual.console(body, block.lines.start)?;
            } else if let Some(input) = input(block.info, body)? {
                if let Content::Text(text) = &input.content {
                    text.split('"').try_for_each(|word| manual.copy(word))?;
                }
                manual.scenario.inputs.push(input);
            }
        }
        Ok(manual)
    }

    /// Takes the files of an error page.
    fn inputs_of(&mut self, page: &str) -> Result<()> {
        let path = files::repository().join(page);
        let text = std::fs::read_to_string(path).with_context(|| page.to_owned())?;
        let lines: Vec<&str> = text.lines().collect();
        for block in blocks(&lines)? {
            self.scenario.inputs.extend(input(block.info, &lines[block.lines])?);
        }
        Ok(())
    }

    fn console(&mut self, body: &[&str], first: usize) -> Result<()> {
        if !body.first().is_some_and(|line| line.starts_with("$ ")) {
            bail!("the console block at line {first} does not start with `$ joggle …`");
        }
        for (line, text) in (first..).zip(body) {
            if let Some(command) = text.strip_prefix("$ ") {
                let command = Command::parse(command)?;
                for word in &command.arguments {
                    self.copy(word)?;
                }
                self.scenario.steps.push(Step::Run(command));
                self.outputs.push(line + 1..line + 1);
            } else if let Some(output) = self.outputs.last_mut() {
                output.end = line + 1;
            }
        }
        Ok(())
    }

    /// Takes what a command names in the repository.
    fn copy(&mut self, word: &str) -> Result<()> {
        let (root, path) = (files::repository(), word.split_once('=').map_or(word, |(_, p)| p));
        if !path.starts_with("fixtures/") {
            return Ok(());
        }
        let mut found = Vec::new();
        match root.join(path) {
            folder if folder.is_dir() => files::walk(&folder, &mut |file| {
                found.extend(file.strip_prefix(&root).map(|file| file.display().to_string()));
            })?,
            _ => found.push(path.to_owned()),
        }
        let inputs = found.into_iter().map(|path| (path.clone(), Content::Copy(path)));
        self.scenario.inputs.extend(inputs.map(|(path, content)| Input { path, content }));
        Ok(())
    }

    /// Where the page is not true, given what each step printed.
    #[must_use]
    pub fn differences(&self, text: &str, actual: &[String]) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let pairs = self.outputs.iter().zip(actual);
        pairs.filter_map(|(range, actual)| difference(&lines, range, actual)).collect()
    }

    /// The page with what the steps printed. What is shortened by `…` stays as it is.
    #[must_use]
    pub fn rewritten(&self, text: &str, actual: &[String]) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        for (range, actual) in self.outputs.iter().zip(actual).rev() {
            rewrite(&mut lines, range, actual);
        }
        lines.join("\n") + "\n"
    }
}

/// How what a command printed differs from what these lines say.
pub(crate) fn difference(lines: &[&str], range: &Range<usize>, actual: &str) -> Option<String> {
    let expected = &lines[range.clone()];
    let actual: Vec<&str> = actual.lines().collect();
    (!fits(expected, &actual)).then(|| {
        let name = format!("line {}", range.start);
        let text = |lines: &[&str]| lines.join("\n") + "\n";
        crate::expect::difference(&name, &text(expected), &text(&actual))
    })
}

/// Puts what a command printed where these lines are, unless they are shortened.
pub(crate) fn rewrite<'a>(lines: &mut Vec<&'a str>, range: &Range<usize>, actual: &'a str) {
    if !lines[range.clone()].contains(&ELLIPSIS) {
        lines.splice(range.clone(), actual.lines());
    }
}

/// Stands for any lines.
const ELLIPSIS: &str = "…";

fn fits(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&ELLIPSIS, rest)) => (0..=actual.len()).any(|skip| fits(rest, &actual[skip..])),
        Some((line, rest)) => actual.split_first().is_some_and(|(a, b)| a == line && fits(rest, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n```console\n$ joggle explain a\none\ntwo\n$ joggle b -q\n```\n\n\
        <!-- not run: it needs a network -->\n```console\n$ joggle serve x\n```\n\n\
        ```toml file=c.toml\nclosed = true\n```\n\n```console\n$ joggle c\nthree\n…\nfive\n```\n";

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn every_command_is_compared_with_what_stands_below_it() {
        let manual = Manual::parse(PAGE).expect("it is well formed");
        assert_eq!(manual.scenario.steps.len(), 3);
        assert_eq!(manual.scenario.inputs[0].path, "c.toml");
        let true_ones = texts(&["one\ntwo\n", "", "three\n3.5\nfour\nfive\n"]);
        assert!(manual.differences(PAGE, &true_ones).is_empty());
        let wrong = texts(&["one\n", "new\n", "three\nfour\n"]);
        assert_eq!(manual.differences(PAGE, &wrong).len(), 3);
        let mended = manual.rewritten(PAGE, &wrong);
        assert!(mended.contains("$ joggle explain a\none\n$ joggle b -q\nnew\n```"), "{mended}");
        assert!(mended.contains("three\n…\nfive"), "{mended}");
    }

    #[test]
    fn files_of_the_repository_are_copied() {
        let page = "```console\n$ joggle validate fixtures/quickstart/cli.wasm a=fixtures/guests/wit\n```\n";
        let manual = Manual::parse(page).expect("it is well formed");
        let paths: Vec<&str> = manual.scenario.inputs.iter().map(|i| i.path.as_str()).collect();
        assert!(paths.contains(&"fixtures/quickstart/cli.wasm"));
        assert!(paths.iter().any(|path| path.starts_with("fixtures/guests/wit/")), "{paths:?}");
        assert!(Manual::parse("```console\n$ cargo build\n```\n").is_err());
    }
}
