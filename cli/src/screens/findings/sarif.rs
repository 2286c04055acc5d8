//! Findings as SARIF 2.1.0, which code scanning services take. The structs are
//! the part of the standard that is used here, under its own names.

use joggle_diag::{Label, Severity};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::screens::findings::{Answer, Check, Finding, Subject};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document.
#[derive(Debug, Serialize)]
pub struct Sarif {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: Vec<Invocation>,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    properties: Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Debug, Serialize)]
struct Location {
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<PhysicalLocation>,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    /// The column behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_length: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

impl Rule {
    /// A rule of which only the code is known.
    fn of(code: &str) -> Rule {
        Rule {
            id: code.to_owned(),
            short_description: None,
            full_description: None,
            help: None,
            help_uri: None,
        }
    }

    /// A rule out of its page: below the title comes what the code means, and
    /// somewhere after that what is to be done.
    fn of_page(code: &str, page: &str) -> Rule {
        let meaning = page.lines().skip(1).find(|line| !line.trim().is_empty());
        let sentence = meaning
            .map(|text| text.find(". ").map_or(text, |end| text.get(..=end).unwrap_or(text)));
        let (_, advice) = page.split_once("## What to do").unwrap_or_default();
        let advice = advice.trim().to_owned();
        let help = Message { text: advice.clone(), markdown: Some(advice) };
        Rule {
            short_description: sentence.map(Message::of),
            full_description: meaning.map(Message::of),
            help: Some(help).filter(|help| !help.text.is_empty()),
            ..Rule::of(code)
        }
    }
}

impl Message {
    fn of(text: impl Into<String>) -> Message {
        Message { text: text.into(), markdown: None }
    }
}

/// The document about these subjects; `page` finds the page of an error code.
pub fn document(subjects: &[Subject], page: impl Fn(&str) -> Option<&'static str>) -> Sarif {
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for subject in subjects {
        for check in &subject.checks {
            for finding in &check.findings {
                let index = rule_index(&mut rules, finding.code(), &page);
                results.push(result(subject, check, finding, index));
            }
        }
    }
    for rule in &mut rules {
        rule.help_uri = only_url(subjects, &rule.id);
    }
    // A question that could not be answered is a failure of this run.
    let told = subjects.iter().all(|subject| subject.outcome != Answer::Unknown);
    let driver = Driver { name: "joggle", semantic_version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run {
        tool: Tool { driver },
        invocations: vec![Invocation { execution_successful: told }],
        column_kind: "unicodeCodePoints",
        results,
    };
    Sarif { schema: SCHEMA, version: "2.1.0", runs: vec![run] }
}

/// The page behind all findings of a rule; none when they name several, which then
/// stand with the results only.
fn only_url(subjects: &[Subject], code: &str) -> Option<String> {
    let checks = subjects.iter().flat_map(|subject| &subject.checks);
    let findings = checks.flat_map(|check| &check.findings).filter(|found| found.code() == code);
    let mut urls = findings.map(|finding| finding.report.url.as_ref());
    let first = urls.next()??;
    urls.all(|url| url == Some(first)).then(|| first.clone())
}

fn rule_index(
    rules: &mut Vec<Rule>,
    code: &str,
    page: &impl Fn(&str) -> Option<&'static str>,
) -> usize {
    if let Some(index) = rules.iter().position(|rule| rule.id == code) {
        return index;
    }
    rules.push(page(code).map_or_else(|| Rule::of(code), |page| Rule::of_page(code, page)));
    rules.len() - 1
}

fn result(subject: &Subject, check: &Check, finding: &Finding, index: usize) -> SarifResult {
    let level = match finding.report.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    };
    let more =
        [finding.report.help.clone(), finding.report.url.as_ref().map(|u| format!("see {u}"))];
    let text = more
        .into_iter()
        .flatten()
        .fold(finding.report.message.clone(), |text, more| format!("{text}\n{more}"));
    SarifResult {
        rule_id: finding.code().to_owned(),
        rule_index: index,
        level,
        message: Message::of(text),
        locations: vec![location(subject, finding)],
        related_locations: finding.other_labels(subject).map(related).collect(),
        properties: properties(check, finding),
    }
}

fn location(subject: &Subject, finding: &Finding) -> Location {
    let (name, region) = match (finding.text_label(subject), finding.offset) {
        (Some(label), _) => {
            let (start_line, start_column) = (Some(label.line), Some(label.column));
            let (end_line, end_column) = (Some(label.end_line), Some(label.end_column));
            let region =
                Region { start_line, start_column, end_line, end_column, ..Region::default() };
            (label.source.as_str(), Some(region))
        }
        (None, Some(offset)) => {
            let (byte_offset, byte_length) = (Some(offset), Some(1));
            let region = Region { byte_offset, byte_length, ..Region::default() };
            (subject.name.as_str(), Some(region))
        }
        (None, None) => (subject.name.as_str(), None),
    };
    let artifact_location = ArtifactLocation { uri: uri(name) };
    let logical = |place: &String| LogicalLocation { fully_qualified_name: place.clone() };
    Location {
        physical: Some(PhysicalLocation { artifact_location, region }),
        logical: finding.place.iter().map(logical).collect(),
        message: None,
    }
}

/// A place in WIT that was printed from a binary, and so in no file.
fn related(label: &Label) -> Location {
    let place = format!("{}:{}:{}", label.source, label.line, label.column);
    Location {
        physical: None,
        logical: vec![LogicalLocation { fully_qualified_name: place }],
        message: label.text.as_ref().map(Message::of),
    }
}

fn properties(check: &Check, finding: &Finding) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("check".to_owned(), check.name.clone().into());
    if let Some(place) = &finding.place {
        properties.insert("componentPath".to_owned(), place.clone().into());
    }
    if let Some(url) = &finding.report.url {
        properties.insert("see".to_owned(), url.clone().into());
    }
    if let Some(origin) = finding.origin.as_ref().and_then(|o| serde_json::to_value(o).ok()) {
        properties.insert("source".to_owned(), origin);
    }
    properties
}

/// A path as a relative reference, or as a `file:` URI where it is absolute.
fn uri(path: &str) -> String {
    let mut text = String::new();
    if path.starts_with('/') {
        text.push_str("file://");
    }
    // `./a` and `a` are the same file; services compare the text.
    for byte in path.strip_prefix("./").unwrap_or(path).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(byte));
            }
            _ => {
                let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
                text.push('%');
                text.push(digit(byte >> 4).to_ascii_uppercase());
                text.push(digit(byte & 15).to_ascii_uppercase());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::findings::examples;

    fn written() -> Value {
        let page = |code: &str| {
            (code == "load::missing").then_some(
                "# load::missing\n\nIt is not there. Nobody knows why.\n\n## What to do\n\nLook.\n",
            )
        };
        let document = document(&examples::subjects(), page);
        serde_json::to_value(document).unwrap_or_else(|error| panic!("{error}"))
    }

    /// What the schema of SARIF 2.1.0 requires of the parts that are used here.
    #[test]
    fn the_document_has_what_the_schema_requires() {
        let document = written();
        assert_eq!(document["version"], "2.1.0");
        let run = &document["runs"][0];
        let driver = &run["tool"]["driver"];
        assert!(driver["name"].is_string());
        let rules: Vec<&str> = driver["rules"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|r| r["id"].as_str())
            .collect();
        let unique: std::collections::BTreeSet<&&str> = rules.iter().collect();
        assert_eq!(unique.len(), rules.len(), "the rules of a tool are unique");
        assert!(
            ["utf16CodeUnits", "unicodeCodePoints"]
                .contains(&run["columnKind"].as_str().unwrap_or(""))
        );
        assert!(run["invocations"][0]["executionSuccessful"].is_boolean());
        let results = run["results"].as_array().cloned().unwrap_or_default();
        assert_eq!(results.len(), 3);
        for result in &results {
            assert!(result["message"]["text"].is_string());
            let index = result["ruleIndex"].as_u64().and_then(|i| usize::try_from(i).ok());
            assert_eq!(index.map(|i| rules[i]), result["ruleId"].as_str());
            assert!(
                ["none", "note", "warning", "error"]
                    .contains(&result["level"].as_str().unwrap_or(""))
            );
            for location in result["locations"].as_array().into_iter().flatten() {
                let physical = &location["physicalLocation"];
                let uri = physical["artifactLocation"]["uri"].as_str().unwrap_or(" ");
                assert!(!uri.contains([' ', ',', '<']), "{uri}");
                let region = &physical["region"];
                for name in ["startLine", "startColumn"] {
                    assert!(region[name].is_null() || region[name].as_u64() >= Some(1));
                }
                assert!(
                    region.is_null()
                        || region["startLine"].is_u64()
                        || region["byteOffset"].is_u64()
                );
            }
        }
    }

    #[test]
    fn places_are_lines_of_texts_and_bytes_of_binaries() {
        let document = written();
        let results = &document["runs"][0]["results"];
        let text = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(text["artifactLocation"]["uri"], "wit%20dir/a%2Cb.wit");
        assert_eq!(
            (text["region"]["startLine"].as_u64(), text["region"]["startColumn"].as_u64()),
            (Some(2), Some(26))
        );
        assert_eq!(
            (text["region"]["endLine"].as_u64(), text["region"]["endColumn"].as_u64()),
            (Some(2), Some(31))
        );
        let binary = &results[1];
        assert_eq!(binary["locations"][0]["physicalLocation"]["region"]["byteOffset"], 44);
        assert_eq!(binary["properties"]["componentPath"], "core module \"main\" > func \"handle\"");
        assert_eq!(binary["properties"]["source"]["line"], 7);
        assert_eq!(binary["properties"]["see"], "https://example.org/rule");
        let rules = &document["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules[1]["helpUri"], "https://example.org/rule");
        assert_eq!(rules[0]["helpUri"], Value::Null);
        assert_eq!(rules[2]["shortDescription"]["text"], "It is not there.");
        assert_eq!(rules[2]["help"]["markdown"], "Look.");
        assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], false);
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./a b.wit"), "a%20b.wit");
        assert_eq!(uri("/tmp/ä.wit"), "file:///tmp/%C3%A4.wit");
    }
}
