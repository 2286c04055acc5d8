//! `joggle explain CODE`: the page behind an error code, or a list of all codes.
//!
//! The pages are the files of `docs/errors`, put into the binary by
//! `build.rs`. Whether they are true is left to the test suite.

use joggle_diag::closest;

use crate::exit::Outcome;
use crate::render::Screen;

/// Every code with its page, sorted by code within each area.
pub const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Explain an error code: what it means, an example, and what to do.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  joggle explain compose::cycle\n  joggle explain")]
pub struct Args {
    /// The code, as a diagnostic shows it; without one, all codes are listed.
    code: Option<String>,

    /// List the codes alone.
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

/// There is no such code.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no error code `{code}`")]
#[diagnostic(code("cli::unknown-error-code"))]
struct UnknownCode {
    /// What was asked for.
    code: String,
    /// What to do.
    #[help]
    help: String,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let Some(code) = &args.code else {
        list(args.list, screen);
        return Outcome::Yes;
    };
    let Some((_, page)) = PAGES.iter().find(|(known, _)| known == code) else {
        screen.diagnostic(&UnknownCode { code: code.clone(), help: advice(code) });
        return Outcome::Unknown;
    };
    print(page, screen);
    Outcome::Yes
}

/// Every code, with what it means unless the codes are to stand `alone`.
fn list(alone: bool, screen: &Screen) {
    let width = PAGES.iter().map(|(code, _)| code.len()).max().unwrap_or(0);
    for (code, page) in PAGES {
        if alone {
            screen.line(code);
        } else {
            screen.line(&format!("{}  {}", screen.bold(&format!("{code:width$}")), meaning(page)));
        }
    }
}

/// The first sentence of a page: what the code means.
fn meaning(page: &str) -> &str {
    let text = page.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
    text.find(". ").map_or(text, |end| &text[..=end]).trim_end_matches('.')
}

fn advice(code: &str) -> String {
    let list = "see them all: joggle explain";
    // The area is often left out, and is no part of the likeness then.
    let bare = |known: &'static str| known.split("::").nth(1).unwrap_or(known);
    let found = closest(code, PAGES.iter().map(|(known, _)| *known)).or_else(|| {
        let near = closest(code, PAGES.iter().map(|(known, _)| bare(known)))?;
        PAGES.iter().map(|(known, _)| *known).find(|known| bare(known) == near)
    });
    match found {
        Some(found) => format!("did you mean `{found}`? joggle explain {found}\n{list}"),
        None => list.to_owned(),
    }
}

/// Prints a page as it is, its headings in bold; `#` inside of a block is no heading.
fn print(page: &str, screen: &Screen) {
    let mut in_block = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        if !in_block && line.starts_with('#') {
            screen.line(&screen.bold(line));
        } else {
            screen.line(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_and_a_bare_name_are_recognised() {
        assert!(advice("cli::output-folder-mising").contains("`cli::output-folder-missing`"));
        assert!(advice("output-folder-missing").contains("`cli::output-folder-missing`"));
        assert!(!advice("something else altogether").contains("did you mean"));
    }

    #[test]
    fn the_first_sentence_is_what_a_code_means() {
        assert_eq!(meaning("# a::b\n\nA `x.y` is bad. It is.\n\nMore.\n"), "A `x.y` is bad");
        assert_eq!(meaning("# a::b\n\nOne.\n"), "One");
        assert!(PAGES.iter().all(|(_, page)| !meaning(page).is_empty()));
    }

    #[test]
    fn every_page_starts_with_its_code() {
        assert!(!PAGES.is_empty());
        for (code, page) in PAGES {
            assert_eq!(page.lines().next(), Some(format!("# {code}").as_str()));
        }
    }
}
