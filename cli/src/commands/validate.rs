//! `joggle validate`: whether WIT, components and core modules obey the
//! specification. Finding out is left to `joggle-load`; here the answers are
//! collected and shown.

use std::path::{Path, PathBuf};

use joggle_diag::Report;
use joggle_load::verify::{Invalid, verify};
use joggle_load::{Artifact, Binary, Kind, Wit, load};
use miette::Diagnostic;
use serde::Serialize;

use crate::commands::stdin;
use crate::exit::Outcome;
use crate::render::Screen;

/// Check WIT, components and core modules against the specification.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  joggle validate app.wasm
  joggle validate wit/
  joggle validate a.wasm b.wat world.wit
  joggle validate --format json app.wasm
  cat world.wit | joggle validate -

What a file is, is told by its content. The WIT of WASI 0.2.12 and 0.3.2 is built in.
Exit status: 0 all are valid, 1 at least one is not, 2 at least one could not be read.")]
pub struct Args {
    /// Files, folders of WIT, or `-` for standard input.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,

    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to show the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for each valid input, and the findings on standard error.
    Text,
    /// One JSON document.
    Json,
}

/// A binary that breaks a rule.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{name}` is not a valid {what}: {reason} (at byte {offset:#x})")]
#[diagnostic(
    code("validate::invalid-binary"),
    help(
        "the tool that wrote it has made a mistake, or the file was changed afterwards: build it again, with a newer tool if there is one"
    )
)]
struct InvalidBinary {
    name: String,
    what: &'static str,
    reason: String,
    offset: u64,
}

/// The answer for one input.
struct Answer {
    name: String,
    kind: Option<&'static str>,
    outcome: Outcome,
    /// What there is to say about a valid input.
    summary: String,
    findings: Vec<Box<dyn Diagnostic>>,
}

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    kind: Option<&'static str>,
    valid: bool,
    findings: Vec<Report>,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    if let Err(error) = stdin::at_most_once(args.inputs.iter().map(PathBuf::as_path)) {
        screen.diagnostic(&error);
        return Outcome::Unknown;
    }
    let mut outcome = Outcome::Yes;
    let mut files = Vec::new();
    for path in &args.inputs {
        let answer = examine(path);
        outcome = worse(outcome, answer.outcome);
        match args.format {
            Format::Text => show(&answer, screen),
            Format::Json => files.push(File {
                name: answer.name,
                kind: answer.kind,
                valid: answer.outcome == Outcome::Yes,
                findings: answer.findings.iter().map(|f| Report::of(f.as_ref())).collect(),
            }),
        }
    }
    if args.format == Format::Json {
        screen.json(&Document { schema_version: 1, files });
    }
    outcome
}

fn show(answer: &Answer, screen: &Screen) {
    if answer.findings.is_empty() {
        screen.line(&format!("{} {}", screen.bold(&answer.name), answer.summary));
    }
    for finding in &answer.findings {
        screen.diagnostic(finding.as_ref());
    }
}

/// "Could not tell" outweighs "no", and "no" outweighs "yes".
fn worse(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
        (Outcome::Yes, outcome) | (outcome, _) => outcome,
    }
}

fn examine(path: &Path) -> Answer {
    match load(path) {
        Ok(Artifact::Component(binary)) => examine_binary(&binary, "component"),
        Ok(Artifact::Module(binary)) => examine_binary(&binary, "core module"),
        Ok(Artifact::Wit(wit)) => Answer {
            summary: format!("is valid WIT: {}", describe(&wit)),
            name: wit.name,
            kind: Some("wit"),
            outcome: Outcome::Yes,
            findings: Vec::new(),
        },
        Err(error) => Answer {
            name: shown(path),
            kind: match error.kind() {
                Kind::Invalid => Some("wit"),
                Kind::Missing | Kind::Unreadable | Kind::Corrupt | Kind::WrongKind => None,
            },
            outcome: match error.kind() {
                Kind::Missing | Kind::Unreadable => Outcome::Unknown,
                Kind::Corrupt | Kind::Invalid | Kind::WrongKind => Outcome::No,
            },
            summary: String::new(),
            findings: vec![Box::new(error)],
        },
    }
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn examine_binary(binary: &Binary, what: &'static str) -> Answer {
    let (outcome, findings) = match verify(&binary.bytes) {
        Ok(_) => (Outcome::Yes, Vec::new()),
        Err(found) => {
            let findings = found.iter().map(|invalid| finding(binary, what, invalid)).collect();
            (Outcome::No, findings)
        }
    };
    let (imports, exports) = binary.counts();
    Answer {
        name: binary.name.clone(),
        kind: Some(if what == "component" { "component" } else { "module" }),
        outcome,
        summary: format!(
            "is a valid {what}: {}, {}",
            counted(imports, "import"),
            counted(exports, "export")
        ),
        findings,
    }
}

fn finding(binary: &Binary, what: &'static str, invalid: &Invalid) -> Box<dyn Diagnostic> {
    let reason = match invalid.function {
        Some(index) => format!("in function {index}, {}", invalid.message),
        None => invalid.message.clone(),
    };
    Box::new(InvalidBinary { name: binary.name.clone(), what, reason, offset: invalid.offset })
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// The package with its worlds and interfaces.
fn describe(wit: &Wit) -> String {
    let package = &wit.resolve.packages[wit.package];
    format!(
        "package {}, {}, {}",
        package.name,
        counted(package.worlds.len(), "world"),
        counted(package.interfaces.len(), "interface")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_input_decides() {
        let all = |outcomes: &[Outcome]| outcomes.iter().copied().fold(Outcome::Yes, worse);
        assert_eq!(all(&[Outcome::Yes, Outcome::Yes]), Outcome::Yes);
        assert_eq!(all(&[Outcome::Yes, Outcome::No, Outcome::Yes]), Outcome::No);
        assert_eq!(all(&[Outcome::No, Outcome::Unknown, Outcome::No]), Outcome::Unknown);
    }
}
