//! Findings as the XML of `JUnit`, which most CI services show as a test report: a
//! suite for each input, a case for each check. No times, so that the same
//! inputs give the same bytes.

use std::fmt::Write as _;

use crate::screens::findings::{Answer, Check, Finding, Subject};

/// The document.
pub fn document(command: &str, subjects: &[Subject]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Check> = subjects.iter().flat_map(|subject| &subject.checks).collect();
    let _ = writeln!(text, "<testsuites name=\"{}\" {}>", escaped(command), totals(&all));
    for subject in subjects {
        let checks: Vec<&Check> = subject.checks.iter().collect();
        let name = escaped(&subject.name);
        let _ = writeln!(text, "  <testsuite name=\"{name}\" {}>", totals(&checks));
        for check in checks {
            case(&mut text, &name, check);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn totals(checks: &[&Check]) -> String {
    let count = |answer| checks.iter().filter(|check| check.outcome == answer).count();
    let (failures, errors) = (count(Answer::No), count(Answer::Unknown));
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\"", checks.len())
}

fn case(text: &mut String, class: &str, check: &Check) {
    let name = escaped(&check.name);
    let element = match check.outcome {
        Answer::Yes => None,
        Answer::No => Some("failure"),
        Answer::Unknown => Some("error"),
    };
    let said: Vec<&Finding> = check.findings.iter().collect();
    if element.is_none() && said.is_empty() && check.notes.is_empty() {
        let _ = writeln!(text, "    <testcase classname=\"{class}\" name=\"{name}\"/>");
        return;
    }
    let _ = writeln!(text, "    <testcase classname=\"{class}\" name=\"{name}\">");
    match (element, said.split_first()) {
        // A case has one failure at most, so that one holds all findings.
        (Some(element), Some((first, rest))) => {
            let mut message = first.report.message.lines().next().unwrap_or_default().to_owned();
            if !rest.is_empty() {
                let _ = write!(message, " (and {} more)", rest.len());
            }
            let (message, code) = (escaped(&message), escaped(first.code()));
            let body: Vec<String> = said.iter().map(|finding| described(finding)).collect();
            let body = escaped(&body.join("\n\n"));
            let _ = writeln!(
                text,
                "      <{element} message=\"{message}\" type=\"{code}\">{body}</{element}>"
            );
        }
        (Some(element), None) => {
            let _ = writeln!(text, "      <{element}/>");
        }
        (None, _) => {
            let warnings = said.iter().map(|finding| described(finding));
            let lines: Vec<String> = check.notes.iter().cloned().chain(warnings).collect();
            let body = escaped(&lines.join("\n"));
            let _ = writeln!(text, "      <system-out>{body}</system-out>");
        }
    }
    text.push_str("    </testcase>\n");
}

fn described(finding: &Finding) -> String {
    let mut text = format!("{}: {}", finding.code(), finding.report.message);
    for label in &finding.report.labels {
        let said = label.text.as_deref().map(|said| format!(": {said}")).unwrap_or_default();
        let _ = write!(text, "\n  at {}:{}:{}{said}", label.source, label.line, label.column);
    }
    if let Some(help) = &finding.report.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    if let Some(url) = &finding.report.url {
        let _ = write!(text, "\nsee {url}");
    }
    text
}

/// Text for XML, in an element or in an attribute with double quotes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // A reader would make a space of it in an attribute.
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\r' => safe.push_str("&#13;"),
            // XML 1.0 has no way to say these.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::findings::examples;

    #[test]
    fn the_document_can_be_read_back() {
        let text = document("joggle validate", &examples::subjects());
        let read = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let root = read.root_element();
        let numbers = ["tests", "failures", "errors"].map(|name| root.attribute(name));
        assert_eq!(numbers, [Some("5"), Some("2"), Some("1")]);
        let all = |tag: &str| root.descendants().filter(|n| n.has_tag_name(tag)).count();
        let found = ["testsuite", "testcase", "failure", "error", "system-out"].map(all);
        assert_eq!(found, [4, 5, 2, 1, 1]);
        let failure = root.descendants().find(|n| n.has_tag_name("failure"));
        let failure = failure.unwrap_or_else(|| panic!("a failure"));
        assert_eq!(failure.attribute("type"), Some("wit::undefined-type"));
        let message = failure.attribute("message");
        assert_eq!(message, Some("the type `strin` is not defined: 100% <wrong> & \"odd\""));
        let body = failure.text().unwrap_or_default();
        assert!(body.contains("\nline two\n  at wit dir/a,b.wit:2:26: not in interface"), "{body}");
        assert!(body.ends_with("help: did you mean `string`?"), "{body}");
    }
}
