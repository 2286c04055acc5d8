//! Findings as Markdown, for the comment on a pull request or the summary of
//! a job: a table of inputs and checks, then the findings.

use std::fmt::Write as _;

use joggle_diag::Severity;

use crate::screens::findings::{Answer, Finding, Subject, count, counted};

/// The document.
pub fn document(title: &str, subjects: &[Subject]) -> String {
    let mut text = format!("## {title}\n\n{}\n\n", verdict(subjects));
    let mut columns: Vec<&str> = Vec::new();
    for check in subjects.iter().flat_map(|subject| &subject.checks) {
        if !columns.contains(&check.name.as_str()) {
            columns.push(&check.name);
        }
    }
    let heads: Vec<String> = columns.iter().map(|name| cell(name)).collect();
    let _ = writeln!(text, "| input | {} |", heads.join(" | "));
    let _ = writeln!(text, "|---|{}", ":---:|".repeat(columns.len()));
    for subject in subjects {
        let answers: Vec<String> = columns
            .iter()
            .map(|column| {
                let check = subject.checks.iter().find(|check| check.name == *column);
                check.map_or_else(String::new, |check| word(check.outcome).to_owned())
            })
            .collect();
        let _ = writeln!(text, "| {} | {} |", code(&cell(&subject.name)), answers.join(" | "));
    }
    for subject in subjects {
        section(&mut text, subject);
    }
    text
}

fn verdict(subjects: &[Subject]) -> String {
    let of = |answer| subjects.iter().filter(|subject| subject.outcome == answer).count();
    let parts = [
        (of(Answer::Yes), "in order"),
        (of(Answer::No), "not in order"),
        (of(Answer::Unknown), "unknown"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let errors = counted(count(subjects, Severity::Error), "finding");
    let inputs = counted(subjects.len(), "input");
    format!("{inputs}: {}; {errors}.", parts.join(", "))
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "✅ yes",
        Answer::No => "❌ no",
        Answer::Unknown => "❔ unknown",
    }
}

fn section(text: &mut String, subject: &Subject) {
    let said = |check: &&crate::screens::findings::Check| {
        !check.findings.is_empty() || !check.notes.is_empty()
    };
    let checks: Vec<_> = subject.checks.iter().filter(said).collect();
    if checks.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {}\n", code(&line(&subject.name)));
    for check in checks {
        for finding in &check.findings {
            item(text, subject, &check.name, finding);
        }
        for note in &check.notes {
            let _ = writeln!(text, "- {}: {}", line(&check.name), line(note));
        }
    }
}

fn item(text: &mut String, subject: &Subject, check: &str, finding: &Finding) {
    let mut lines = finding.report.message.lines();
    let first = plain(lines.next().unwrap_or_default());
    let _ = writeln!(text, "- **{}** ({}): {first}", finding.code(), line(check));
    let more: Vec<String> = lines.map(|more| plain(more.trim())).collect();
    for more in more {
        let _ = writeln!(text, "  - {more}");
    }
    if let Some(label) = finding.text_label(subject) {
        let place = format!("{}:{}:{}", label.source, label.line, label.column);
        let _ = writeln!(text, "  - at {}", code(&line(&place)));
    }
    if let Some(place) = &finding.place {
        let _ = writeln!(text, "  - in {}", code(&line(place)));
    }
    if let Some(help) = &finding.report.help {
        let _ = writeln!(text, "  - *help:* {}", plain(&line(help)));
    }
    if let Some(url) = &finding.report.url {
        let _ = writeln!(text, "  - *see* <{}>", line(url));
    }
}

fn line(text: &str) -> String {
    joggle_diag::visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Text in a cell, which ends at `|`.
fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}

/// Text as code; a name may hold backquotes itself.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

/// Text outside of code: what Markdown or HTML would take for itself is escaped,
/// except within backquotes, which messages put around names.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '`' if paired => quoted = !quoted,
            '<' | '>' | '*' | '_' | '[' | ']' | '\\' | '|' | '#' | '`' if !quoted => {
                safe.push('\\');
            }
            '&' if !quoted => {
                safe.push_str("&amp;");
                continue;
            }
            _ => {}
        }
        if !character.is_control() {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::findings::examples;

    #[test]
    fn a_table_and_the_findings() {
        let text = document("joggle validate", &examples::subjects());
        for wanted in [
            "4 inputs: 1 in order, 2 not in order, 1 unknown; 3 findings.\n",
            "| input | specification | target spin |\n|---|:---:|:---:|\n",
            "| `good.wasm` | ✅ yes | ✅ yes |\n",
            "| `wit dir` | ❌ no |  |\n",
            "100% \\<wrong\\> &amp; \"odd\"\n  - line two\n  - at `wit dir/a,b.wit:2:26`\n",
            "- target spin: give `-S cli`\n",
            "  - in `core module \"main\" > func \"handle\"`\n",
        ] {
            assert!(text.contains(wanted), "{wanted}\nis not in\n{text}");
        }
    }

    #[test]
    fn names_with_backquotes_stay_code() {
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(plain("a < `b < c` | d"), "a \\< `b < c` \\| d");
    }
}
