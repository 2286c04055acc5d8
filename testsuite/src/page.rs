//! Error pages, `docs/errors/AREA/NAME.md`: what a code means, with an
//! example that is run.
//!
//! A fenced block with `file=NAME` in its first line is an input; `world=NAME`
//! beside it makes a component out of WIT, and the language `hex` gives bytes.
//! The block `console` starts with `$ joggle …`; what follows is exactly what
//! the command prints, standard output first. A page whose situation no
//! command brings about says `<!-- no example: reason -->`.

use std::ops::Range;

use anyhow::{Context, Result, bail};

use crate::case::{Command, Scenario, Step};
use crate::input::{Content, Input};

/// A page, read.
#[derive(Debug)]
pub struct Page {
    /// The example; `None` where the page says why there is none.
    pub example: Option<Example>,
}

/// The example of a page.
#[derive(Debug)]
pub struct Example {
    /// What is done.
    pub scenario: Scenario,
    /// The lines of the console block that hold what is printed, from 0.
    lines: Range<usize>,
    /// Those lines.
    pub expected: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    /// What follows the opening fence.
    pub info: &'a str,
    /// The lines between the fences, from 0.
    pub lines: Range<usize>,
}

impl Page {
    /// Reads the page of `code`.
    pub fn parse(code: &str, text: &str) -> Result<Page> {
        let lines: Vec<&str> = text.lines().collect();
        let title = format!("# {code}");
        if lines.first() != Some(&title.as_str()) {
            bail!("the page does not start with `{title}`");
        }
        if !lines.contains(&"## What to do") {
            bail!("the page has no section `## What to do`");
        }
        if text.contains("<!-- no example: ") {
            return Ok(Page { example: None });
        }
        if !lines.contains(&"## Example") {
            bail!("the page has no section `## Example`");
        }
        Ok(Page { example: Some(example(&lines)?) })
    }
}

impl Example {
    /// The page's text with `actual` as what the command prints.
    #[must_use]
    pub fn rewritten(&self, text: &str, actual: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.splice(self.lines.clone(), actual.lines());
        let mut text = lines.join("\n");
        text.push('\n');
        text
    }
}

fn example(lines: &[&str]) -> Result<Example> {
    let mut scenario = Scenario::default();
    let mut console = None;
    for block in blocks(lines)? {
        let body = &lines[block.lines.clone()];
        if block.info == "console" {
            if console.replace(block.lines.clone()).is_some() {
                bail!("the page has two console blocks");
            }
        } else if let Some(input) = input(block.info, body)? {
            scenario.inputs.push(input);
        }
    }
    let console = console.context("the page has no console block")?;
    let output = console.start + 1..console.end;
    let command = lines.get(console.start).and_then(|line| line.strip_prefix("$ "));
    let command = command.context("the console block does not start with `$ joggle …`")?;
    if output.start > output.end {
        bail!("the console block is empty");
    }
    scenario.steps.push(Step::Run(Command::parse(command)?));
    let mut expected = lines[output.clone()].join("\n");
    if !expected.is_empty() {
        expected.push('\n');
    }
    Ok(Example { scenario, lines: output, expected })
}

/// The input that a block gives, if its first line names a file.
pub(crate) fn input(info: &str, body: &[&str]) -> Result<Option<Input>> {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let (mut file, mut world) = (None, None);
    for word in words {
        match word.split_once('=') {
            Some(("file", name)) => file = Some(name.to_owned()),
            Some(("world", name)) => world = Some(name.to_owned()),
            _ => bail!("`{word}` beside ``` is neither `file=` nor `world=`"),
        }
    }
    let Some(path) = file else { return Ok(None) };
    let text = body.join("\n") + "\n";
    let content = match (language, world) {
        ("wit", Some(world)) => Content::World { wit: text, world },
        (_, Some(_)) => bail!("`world=` is for blocks of WIT"),
        ("hex", None) => Content::Hex(text),
        _ => Content::Text(text),
    };
    Ok(Some(Input { path, content }))
}

/// All fenced blocks.
pub(crate) fn blocks<'a>(lines: &[&'a str]) -> Result<Vec<Block<'a>>> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (number, line) in lines.iter().enumerate() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        match open.take() {
            None => open = Some((number + 1, info.trim())),
            Some((start, name)) => blocks.push(Block { info: name, lines: start..number }),
        }
    }
    match open {
        Some((start, _)) => bail!("the block that starts at line {start} is not closed"),
        None => Ok(blocks),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a::b\n\nWhat it means.\n\n## Example\n\n\
        ```wit file=a.wasm world=w\npackage a:b;\n```\n\n\
        ```console\n$ joggle validate a.wasm\nold\n```\n\n\
        ## What to do\n\nThis.\n";

    #[test]
    fn a_page_is_read_and_rewritten_in_place() {
        let page = Page::parse("a::b", PAGE).expect("it is well formed");
        let example = page.example.expect("it has one");
        assert_eq!(example.expected, "old\n");
        assert_eq!(example.scenario.inputs[0].path, "a.wasm");
        let text = example.rewritten(PAGE, "new\nlines\n");
        assert!(text.contains("a.wasm\nnew\nlines\n```\n\n## What to do"), "{text}");
        assert_eq!(example.rewritten(PAGE, "old\n"), PAGE);
    }

    #[test]
    fn a_page_of_another_code_or_without_advice_is_refused() {
        assert!(Page::parse("a::c", PAGE).is_err());
        assert!(Page::parse("a::b", &PAGE.replace("## What to do", "## So")).is_err());
        assert!(Page::parse("a::b", &PAGE.replace("```console", "```text")).is_err());
        assert!(Page::parse("a::b", &PAGE.replace("$ joggle", "joggle")).is_err());
    }

    #[test]
    fn a_page_may_say_why_it_has_no_example() {
        let page =
            "# a::b\n\nThe disk.\n\n<!-- no example: needs a full disk -->\n\n## What to do\n";
        assert!(Page::parse("a::b", page).expect("it is well formed").example.is_none());
    }
}
