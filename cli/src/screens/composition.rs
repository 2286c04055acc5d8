//! A composition on the terminal: a verdict for every import, then what the
//! result imports and exports.

use std::path::Path;

use joggle_compose::{Matched, Outcome, Report, VerdictReport};

use crate::render::Screen;

/// Prints the report.
pub fn print(report: &Report, target: Option<&Path>, screen: &Screen) {
    for instance in &report.instances {
        let verdicts: Vec<&VerdictReport> =
            report.verdicts.iter().filter(|v| v.consumer == instance.name).collect();
        let file = if instance.file.trim_end_matches(".wasm") == instance.name {
            size(instance.size as u64)
        } else {
            format!("{}, {}", instance.file, size(instance.size as u64))
        };
        screen.line(&format!("{}  {}", screen.bold(&instance.name), screen.dim(&file)));
        if verdicts.is_empty() {
            screen.line(&format!("  {}", screen.dim("imports nothing")));
        }
        let width = verdicts.iter().map(|v| v.import.chars().count()).max().unwrap_or(0);
        for verdict in verdicts {
            screen.line(&format!("  {:width$}  {}", verdict.import, outcome(verdict)));
        }
    }
    for name in &report.left_out {
        screen.line(&format!("{}  left out: nothing joins it to the others", screen.bold(name)));
    }
    screen.line("");
    result(report, target, screen);
    for note in &report.notes {
        screen.line("");
        screen.line(&format!("{} {note}", screen.bold("note:")));
    }
}

fn outcome(verdict: &VerdictReport) -> String {
    match &verdict.outcome {
        Outcome::Wired { provider, export, matched } => match matched {
            Matched::Exact => format!("wired to {provider}"),
            Matched::Track => format!("wired to {provider}: {} for it", version(export)),
            Matched::Implements => format!("wired to {provider}: {export} implements it"),
            Matched::Link if *export == verdict.import => format!("wired to {provider}, as linked"),
            Matched::Link => format!("wired to {provider}: {export}, as linked"),
        },
        Outcome::Host { name } if *name == verdict.import => "left to the host".to_owned(),
        Outcome::Host { name } => format!("left to the host, as {}", version(name)),
        Outcome::TypesOnly => "only types, satisfied inside".to_owned(),
        Outcome::TypesKept { .. } => "only types, the host supplies nothing".to_owned(),
    }
}

/// `version 1.2.3` of an interface's name, or the name.
fn version(name: &str) -> String {
    match name.split_once('@') {
        Some((_, version)) => format!("version {version}"),
        None => name.to_owned(),
    }
}

fn result(report: &Report, target: Option<&Path>, screen: &Screen) {
    let name = match target {
        Some(path) => path.display().to_string(),
        None => "(not written)".to_owned(),
    };
    screen.line(&format!("{}  {}", screen.bold(&name), screen.dim(&size(report.size))));
    let imports = report.imports.iter().map(|import| {
        let needed = if import.types_only {
            "only types".to_owned()
        } else {
            format!("for {}", import.needed_by.join(", "))
        };
        (import.name.as_str(), needed)
    });
    section("imports", imports.collect(), screen);
    let exports = report.exports.iter().map(|export| {
        let mut from = format!("from {}", export.from);
        if export.export != export.name {
            from = format!("{from}, there {}", export.export);
        }
        if let Some(by) = &export.used_by {
            from = format!("{from}, because {by} uses its types");
        }
        (export.name.as_str(), from)
    });
    section("exports", exports.collect(), screen);
}

fn section(title: &str, items: Vec<(&str, String)>, screen: &Screen) {
    if items.is_empty() {
        screen.line(&format!("  {title} nothing"));
        return;
    }
    screen.line(&format!("  {title}"));
    let width = items.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, note) in items {
        screen.line(&format!("    {name:width$}  {}", screen.dim(&note)));
    }
}

/// A size as people say it; bytes are exact below ten thousand.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..1_000_000 => format!("{} KB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}
