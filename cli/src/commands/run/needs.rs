//! `joggle run --dry-run`: what a component would need and get. What that is,
//! is found out by `joggle-host`; here it is only printed.

use joggle_host::{Grants, Group, HostError, Missing, Needs};

use crate::exit::Outcome;
use crate::render::Screen;

/// Prints what the component needs, and whether it could run as a command
/// (`as_command`) or at all.
pub fn show(
    binary: &joggle_load::Binary,
    grants: &Grants,
    as_command: bool,
    screen: &Screen,
) -> Result<Outcome, HostError> {
    let needs = joggle_host::needs(&binary.name, &binary.bytes, grants)?;
    for line in lines(&needs) {
        screen.line(&line);
    }
    let command = !as_command || needs.command.is_some();
    if !command {
        screen.line("it is not a command: it does not export `wasi:cli/run`");
    }
    Ok(if needs.missing.is_empty() && command { Outcome::Yes } else { Outcome::No })
}

fn lines(needs: &Needs) -> Vec<String> {
    let mut lines = Vec::new();
    for group in &needs.groups {
        lines.push(format!("{}: {}", group.what, grant(group)));
        lines.extend(group.imports.iter().map(|import| format!("  {import}")));
    }
    if !needs.missing.is_empty() {
        lines.push("missing: nobody provides these".to_owned());
        lines.extend(needs.missing.iter().map(missing));
    }
    if lines.is_empty() {
        lines.push("it needs nothing".to_owned());
    }
    lines
}

fn grant(group: &Group) -> String {
    match (group.granted.as_slice(), group.option) {
        ([], None) => "every program has it".to_owned(),
        ([], Some(option)) => format!("nothing granted; {option}"),
        (granted, _) => granted.join("; "),
    }
}

fn missing(missing: &Missing) -> String {
    match missing.asked_by.as_slice() {
        [] => format!("  {}", missing.import),
        askers => format!("  {} (for {})", missing.import, askers.join(", ")),
    }
}
