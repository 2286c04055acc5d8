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
    for check in subject.checks.iter().skip(1) {
        against(&subject.name, examined.valid, check, screen);
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
            Runs::Runs => runs.push(named(verdict)),
            Runs::WithFlags(flags) => {
                let flags: Vec<&str> = flags.iter().map(|flag| flag.flag.as_str()).collect();
                runs.push(format!("{} with {}", named(verdict), flags.join(" ")));
            }
            Runs::No(Obstacle::Lacks(features)) => {
                let names: Vec<&str> = features.iter().map(|feature| feature.name()).collect();
                refuses.push(format!("{} (no {})", named(verdict), names.join(", ")));
            }
            // Nobody expects it to.
            Runs::No(Obstacle::TakesNoComponents) => {}
        }
    }
    if !runs.is_empty() {
        screen.line(&row("runs on", &runs.join(", "), screen));
    }
    if !refuses.is_empty() {
        screen.line(&row("not on", &refuses.join(", "), screen));
    }
}

fn named(verdict: &RuntimeVerdict) -> String {
    format!("{} {}", verdict.runtime.name, verdict.runtime.version)
}

fn against(subject: &str, valid: Answer, check: &Check, screen: &Screen) {
    let what = check.name.as_str();
    // Below the line of a valid file the name needs not be said again.
    let line = |label: &str, text: &str| match valid {
        Answer::Yes => row(label, text, screen),
        Answer::No | Answer::Unknown => format!("{} {label} {text}", screen.bold(subject)),
    };
    match check.outcome {
        Answer::Yes => screen.line(&line("fits", what)),
        Answer::No => {
            let findings = counted(check.findings.len(), "finding");
            screen.line(&line("misfits", &format!("{what}: {findings}")));
        }
        Answer::Unknown => screen.line(&line("unknown", what)),
    }
    for note in &check.notes {
        screen.line(&line("", note));
    }
}

/// A line below the one about the file, with its words in columns.
fn row(label: &str, text: &str, screen: &Screen) -> String {
    format!("  {}{text}", screen.dim(&format!("{label:<9}")))
}

fn total(all: &[Examined]) -> String {
    let of = |answer| all.iter().filter(|e| e.subject.outcome == answer).count();
    let asked_more = all.iter().any(|examined| examined.subject.checks.len() > 1);
    let (good, bad) = if asked_more { ("in order", "not") } else { ("valid", "invalid") };
    let parts = [(Answer::Yes, good), (Answer::No, bad), (Answer::Unknown, "unknown")];
    let parts: Vec<String> = parts
        .iter()
        .map(|(answer, word)| (of(*answer), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!("{}: {}", counted(all.len(), "input"), parts.join(", "))
}
