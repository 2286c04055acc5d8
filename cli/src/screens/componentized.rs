//! A component that was made of a module, on the terminal: its sizes, its world, the
//! adapter, what it imports and exports.

use std::path::Path;

use joggle_componentize::{Report, Stripped};

use crate::render::Screen;
use crate::screens::composition::size;

/// Prints the report.
pub fn print(report: &Report, target: Option<&Path>, screen: &Screen) {
    let name = match target {
        Some(path) => path.display().to_string(),
        None => "(not written)".to_owned(),
    };
    let sizes =
        format!("{}, from {} with {}", size(report.size), report.module, size(report.module_size));
    screen.line(&format!("{}  {}", screen.bold(&name), screen.dim(&sizes)));
    for world in &report.worlds {
        row("world", world, screen);
    }
    for adapter in &report.adapters {
        let which = adapter.builtin.map(|builtin| format!(": {}", builtin.name()));
        let because = adapter.reason.map(|reason| format!(", because {reason}"));
        let which = which.unwrap_or_default() + &because.unwrap_or_default();
        row("adapter", &format!("{}{which}", adapter.name), screen);
    }
    list("imports", &report.imports, screen);
    list("exports", &report.exports, screen);
    if let Some(stripped) = &report.stripped {
        row("stripped", &saving(stripped, report.size), screen);
    }
    for note in &report.notes {
        screen.line("");
        screen.line(&format!("{} {note}", screen.bold("note:")));
    }
}

/// What was saved, in bytes and as a share of what the component would have been.
fn saving(stripped: &Stripped, left: u64) -> String {
    if stripped.sections.is_empty() {
        return "nothing: the module has neither names nor debug information".to_owned();
    }
    let whole = stripped.bytes.saturating_add(left).max(1);
    let percent = stripped.bytes.saturating_mul(100) / whole;
    let sections = stripped.sections.join(", ");
    format!("{} ({percent} %): {sections}", size(stripped.bytes))
}

fn row(title: &str, text: &str, screen: &Screen) {
    screen.line(&format!("  {title:8}  {text}"));
}

fn list(title: &str, names: &[String], screen: &Screen) {
    let mut names = names.iter();
    row(title, names.next().map_or("nothing", String::as_str), screen);
    names.for_each(|name| row("", name, screen));
}
