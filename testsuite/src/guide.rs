//! Guides, `docs/languages/*.md`: a reader types what stands there, in an empty folder,
//! and it works. Each block is a step, in order:
//!
//! - a block with `file=PATH` is a file that the reader writes, or writes anew;
//! - a block `console` has commands, `$ …`, for a shell. Each must succeed; what stands
//!   below it is what it prints, standard output first, `…` for any lines. Below `$ joggle`
//!   it is everything; below another command it may be left out, unless it warns.
//!
//! `cd` lasts until the end of the page. `<!-- not run: reason -->` in the line before a
//! block makes it an illustration. Which programs there are is left to the caller.

use std::ops::Range;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::input::Input;
use crate::manual;
use crate::page::{blocks, input};

/// A guide, read.
#[derive(Debug, Default)]
pub struct Guide {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Write(Input),
    Run { command: String, output: Range<usize> },
}

/// What a command printed where the page says what it prints.
pub struct Printed {
    lines: Range<usize>,
    text: String,
}

impl Guide {
    /// Reads a page.
    pub fn parse(text: &str) -> Result<Guide> {
        let lines: Vec<&str> = text.lines().collect();
        let mut guide = Guide::default();
        for block in blocks(&lines)? {
            let before = block.lines.start.checked_sub(2).and_then(|line| lines.get(line));
            if before.is_some_and(|line| line.starts_with("<!-- not run: ")) {
                continue;
            }
            let body = &lines[block.lines.clone()];
            if block.info == "console" {
                guide.console(body, block.lines.start)?;
            } else if let Some(input) = input(block.info, body)? {
                guide.steps.push(Step::Write(input));
            }
        }
        Ok(guide)
    }

    /// How many commands there are.
    #[must_use]
    pub fn commands(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Run { .. })).count()
    }

    fn console(&mut self, body: &[&str], first: usize) -> Result<()> {
        if !body.first().is_some_and(|line| line.starts_with("$ ")) {
            bail!("the console block at line {first} does not start with `$ …`");
        }
        for (line, text) in (first..).zip(body) {
            if let Some(command) = text.strip_prefix("$ ") {
                let output = line + 1..line + 1;
                self.steps.push(Step::Run { command: command.to_owned(), output });
            } else if let Some(Step::Run { output, .. }) = self.steps.last_mut() {
                output.end = line + 1;
            }
        }
        Ok(())
    }

    /// Does what the page says, in `folder`; `shell` makes a shell with everything that a
    /// reader has.
    pub fn follow(&self, folder: &Path, shell: &dyn Fn() -> Command) -> Result<Vec<Printed>> {
        let mut here = folder.to_path_buf();
        let mut printed = Vec::new();
        for step in &self.steps {
            match step {
                Step::Write(input) => input.place(&here)?,
                Step::Run { command, .. } if command.starts_with("cd ") => {
                    here = here.join(command[3..].trim());
                    ensure!(here.is_dir(), "`{command}`: there is no such folder");
                }
                Step::Run { command, output } => {
                    let mut shell = shell();
                    shell.current_dir(&here).args(["-c", command]);
                    let seen = shell.output().context("the shell could not be started")?;
                    let text = [seen.stdout, seen.stderr]
                        .map(|text| String::from_utf8_lossy(&text).into_owned())
                        .concat();
                    ensure!(
                        seen.status.success(),
                        "`{command}` ended with {}:\n{text}",
                        seen.status
                    );
                    ensure!(!text.contains("warning: "), "`{command}` warns:\n{text}");
                    if command.starts_with("joggle ") || !output.is_empty() {
                        printed.push(Printed { lines: output.clone(), text });
                    }
                }
            }
        }
        Ok(printed)
    }
}

/// Where the page is not true.
#[must_use]
pub fn differences(text: &str, printed: &[Printed]) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs = printed
        .iter()
        .filter_map(|printed| manual::difference(&lines, &printed.lines, &printed.text));
    pairs.collect()
}

/// The page with what was printed. What is shortened by `…` stays as it is.
#[must_use]
pub fn rewritten(text: &str, printed: &[Printed]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for printed in printed.iter().rev() {
        manual::rewrite(&mut lines, &printed.lines, &printed.text);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n```text file=a.txt\none\n```\n\n```console\n$ cat a.txt\none\n\
        $ mkdir inner\n$ cd inner\n```\n\n```text file=b.txt\ntwo\n```\n\n\
        <!-- not run: never -->\n```console\n$ false\n```\n\n```console\n$ cat ../a.txt b.txt\n\
        …\nthree\n$ joggle x\n```\n";

    fn follow(page: &str) -> Result<Vec<Printed>> {
        let folder = tempfile::tempdir()?;
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin)?;
        std::fs::write(bin.join("joggle"), "echo said\n")?;
        Guide::parse(page)?.follow(folder.path(), &|| {
            let mut shell = Command::new("sh");
            let path = std::env::var("PATH").unwrap_or_default();
            shell.env("PATH", format!("{}:{path}", bin.display()));
            shell
        })
    }

    #[test]
    fn a_guide_is_followed_step_by_step() {
        // Nothing may be executed that was not installed: `joggle` is a script here.
        let page = PAGE.replace("$ joggle x", "$ sh ../bin/joggle x\nsaid");
        let printed = follow(&page).expect("each command succeeds");
        let wrong = differences(&page, &printed);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].contains("- three\n"), "{wrong:?}");
        let mended = page.replace("…\nthree", "…\ntwo");
        assert!(differences(&mended, &follow(&mended).expect("followed")).is_empty());
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let error =
            follow("```console\n$ cat nothing\n```\n").err().expect("there is no such file");
        assert!(format!("{error:#}").contains("`cat nothing` ended with"), "{error:#}");
    }
}
