//! Findings as annotations of GitHub Actions: workflow commands, one a line,
//! which the runner turns into marks beside the lines of a pull request.

use std::fmt::Write as _;

use joggle_diag::Severity;

use crate::screens::findings::{Check, Finding, Subject};

/// The commands for all findings, and one for what came out of it.
pub fn commands(subjects: &[Subject]) -> String {
    let mut text = String::new();
    for subject in subjects {
        for check in &subject.checks {
            for finding in &check.findings {
                text.push_str(&command(subject, check, finding));
                text.push('\n');
            }
            for note in &check.notes {
                let properties = [("file", subject.name.clone()), ("title", check.name.clone())];
                text.push_str(&line("notice", &properties, note));
                text.push('\n');
            }
        }
    }
    text
}

fn command(subject: &Subject, check: &Check, finding: &Finding) -> String {
    let level = match finding.report.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let mut properties = Vec::new();
    if let Some(label) = finding.text_label(subject) {
        properties.push(("file", label.source.clone()));
        properties.push(("line", label.line.to_string()));
        properties.push(("col", label.column.to_string()));
        if label.end_line > label.line {
            properties.push(("endLine", label.end_line.to_string()));
        } else if label.end_column > label.column + 1 {
            // The last column there is inside.
            properties.push(("endColumn", (label.end_column - 1).to_string()));
        }
    } else {
        properties.push(("file", subject.name.clone()));
    }
    properties.push(("title", format!("{} ({})", finding.code(), check.name)));
    let mut message = finding.report.message.clone();
    if let Some(help) = &finding.report.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    if let Some(url) = &finding.report.url {
        let _ = write!(message, "\nsee {url}");
    }
    line(level, &properties, &message)
}

fn line(level: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{level} {}::{}", properties.join(","), data(message))
}

/// The text of a command: the runner decodes these three.
fn data(text: &str) -> String {
    let text = joggle_diag::visible(text);
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which also ends at `,` and `:`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::findings::examples;

    #[test]
    fn each_finding_is_one_line_that_can_be_taken_apart() {
        let text = commands(&examples::subjects());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "::notice file=good.wasm,title=target spin::give `-S cli`");
        assert_eq!(
            lines[1],
            "::error file=wit dir/a%2Cb.wit,line=2,col=26,endColumn=30,title=wit%3A%3Aundefined-type \
             (specification)::the type `strin` is not defined: 100%25 <wrong> & \"odd\"%0Aline \
             two%0Ahelp: did you mean `string`?"
        );
        assert!(lines[2].starts_with("::error file=app.wasm,title=check%3A%3Ainvalid-binary"));
        assert_eq!(lines.len(), 4);
    }
}
