//! The answers for people: a few lines for each input, and the findings on
//! standard error.

use joggle_check::features::runtimes::{Answer as Runs, Obstacle, RuntimeVerdict};
use joggle_check::spec::Spec;

use crate::commands::validate::examine::Examined;
use crate::render::Screen;
use crate::screens::findings::{Answer, Check, counted};

/// Shows everything, and one line about all of them if there are several.
pub fn show(all: &[Examined], screen: &Screen) {
    for examined in all {
        show_one(examined, screen);
    }
    if all.len() > 1 && !screen.is_quiet() {
        screen.line(&screen.dim(&total(all)));
    }
}

fn show_one(examined: &Examined, screen: &Screen) {
    let subject = &examined.subject;
    if examined.valid == Answer::Yes {
        screen.line(&format!("{} {}", screen.bold(&subject.name), examined.summary));
        if let Some(spec) = examined.spec.as_ref().filter(|_| !screen.is_quiet()) {
            needs(spec, screen);
        }
    }
    if examined.valid == Answer::No && subject.checks.len() > 1 {
        // The lines below need something to stand below.
        screen.line(&format!("{} is not valid", screen.bold(&subject.name)));
    }
    for check in subject.checks.iter().skip(1) {
        against(check, screen);
    }
    for problem in &examined.problems {
        screen.diagnostic(problem.as_ref());
    }
}

/// What the file needs, and which runtimes have it.
fn needs(spec: &Spec, screen: &Screen) {
    let features: Vec<&str> = spec.needs.iter().map(|feature| feature.name()).collect();
    if !features.is_empty() {
        screen.line(&row("needs", &features.join(", "), screen));
    }
    let mut runs = Vec::new();
    let mut refuses = Vec::new();
    for verdict in &spec.runtimes {
        match &verdict.answer {
            Runs::Runs => add(&mut runs, verdict, String::new()),
            Runs::WithFlags(flags) => {
                let flags: Vec<&str> = flags.iter().map(|flag| flag.flag.as_str()).collect();
                add(&mut runs, verdict, format!(" with {}", flags.join(" ")));
            }
            Runs::No(Obstacle::Lacks(features)) => {
                let names: Vec<&str> = features.iter().map(|feature| feature.name()).collect();
                add(&mut refuses, verdict, format!(" (no {})", names.join(", ")));
            }
            // Nobody expects it to.
            Runs::No(Obstacle::TakesNoComponents | Obstacle::TakesNoModules) => {}
        }
    }
    for (label, runtimes) in [("runs on", runs), ("not on", refuses)] {
        if !runtimes.is_empty() {
            let list: Vec<String> = runtimes.iter().map(Listed::to_string).collect();
            screen.line(&row(label, &list.join(", "), screen));
        }
    }
}

/// A runtime in a list, with all versions of which the same is to be said.
struct Listed<'a> {
    name: &'a str,
    versions: Vec<&'a str>,
    /// What is to be said.
    more: String,
}

impl std::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}{}", self.name, self.versions.join(" and "), self.more)
    }
}

fn add<'a>(list: &mut Vec<Listed<'a>>, verdict: &'a RuntimeVerdict, more: String) {
    let (name, version) = (verdict.runtime.name.as_str(), verdict.runtime.version.as_str());
    match list.iter_mut().find(|listed| listed.name == name && listed.more == more) {
        Some(listed) => listed.versions.push(version),
        None => list.push(Listed { name, versions: vec![version], more }),
    }
}

fn against(check: &Check, screen: &Screen) {
    let what = check.name.as_str();
    let findings = || counted(check.findings.len(), "finding");
    screen.line(&match check.outcome {
        Answer::Yes => row("fits", what, screen),
        Answer::No => row("no fit", &format!("{what}: {}", findings()), screen),
        Answer::Unknown => row("unknown", what, screen),
    });
    for note in &check.notes {
        screen.line(&row("", note, screen));
    }
}

/// Longer lines are broken, so that their columns stay.
const WIDTH: usize = 100;

/// A line below the one about the file, with its words in columns.
fn row(label: &str, text: &str, screen: &Screen) -> String {
    const INDENT: &str = "           ";
    let options = textwrap::Options::new(WIDTH - INDENT.len())
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let text = joggle_diag::visible(text);
    let text = textwrap::wrap(&text, options).join(&format!("\n{INDENT}"));
    format!("  {}{text}", screen.dim(&format!("{label:<9}")))
}

fn total(all: &[Examined]) -> String {
    let of = |answer| all.iter().filter(|e| e.subject.outcome == answer).count();
    let asked_more = all.iter().any(|examined| examined.subject.checks.len() > 1);
    let (good, bad) = if asked_more { ("in order", "not in order") } else { ("valid", "invalid") };
    let parts = [(Answer::Yes, good), (Answer::No, bad), (Answer::Unknown, "unknown")];
    let parts: Vec<String> = parts
        .iter()
        .map(|(answer, word)| (of(*answer), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!("{}: {}", counted(all.len(), "input"), parts.join(", "))
}
