//! Pages for readers are true: their console blocks print what they show, the
//! reference of the command line is the program's own, and the README's table
//! names the commands that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use joggle_testsuite::manual::Manual;
use joggle_testsuite::play::play;
use joggle_testsuite::{binary, expect, files};
use libtest_mimic::{Arguments, Failed, Trial};

const REFERENCE: &str = "docs/commands.md";

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("reference", || report(reference())),
        Trial::test("readme-table", || report(readme_table())),
    ];
    for page in pages()? {
        let name = files::stem_below(&page, &files::repository());
        trials.push(Trial::test(name, move || report(check(&page))));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// Those at the top, and those right below `docs`; deeper ones are no guides.
fn pages() -> Result<Vec<PathBuf>> {
    let root = files::repository();
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for path in files::below(&root.join("docs"), "md")? {
        if path.parent().is_some_and(|folder| folder.ends_with("docs")) {
            pages.push(path);
        }
    }
    Ok(pages)
}

fn check(path: &Path) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let manual = Manual::parse(&text)?;
    if manual.scenario.steps.is_empty() {
        return Ok(());
    }
    let seen = play(&manual.scenario)?;
    let actual: Vec<String> =
        seen.iter().map(|step| format!("{}{}", step.stdout, step.stderr)).collect();
    if expect::updating() {
        let rewritten = manual.rewritten(&text, &actual);
        if rewritten != text {
            std::fs::write(path, rewritten)?;
        }
    }
    let text = std::fs::read_to_string(path)?;
    let differences = Manual::parse(&text)?.differences(&text, &actual);
    ensure!(differences.is_empty(), "{}", differences.join("\n"));
    Ok(())
}

/// What `joggle docs` writes is what lies in the repository, and is complete.
fn reference() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let status = Command::new(binary::joggle()?).arg("docs").arg(scratch.path()).status()?;
    ensure!(status.success(), "`joggle docs` ended with {status}");
    let written = std::fs::read_to_string(scratch.path().join("commands.md"))?;
    expect::file(&files::repository().join(REFERENCE), &written)?;
    for command in commands()? {
        let heading = format!("\n## joggle {command}\n");
        ensure!(written.contains(&heading), "no reference of `{command}`");
        let page = scratch.path().join(format!("man/joggle-{command}.1"));
        let page = std::fs::read_to_string(&page).with_context(|| format!("man {command}"))?;
        ensure!(page.contains(".SH SYNOPSIS"), "the man page of `{command}` says nothing");
        for shell in ["joggle.bash", "_joggle", "joggle.fish", "_joggle.ps1", "joggle.elv"] {
            let script = scratch.path().join("completions").join(shell);
            let script = std::fs::read_to_string(&script).context(shell)?;
            ensure!(script.contains(&command), "{shell} does not know `{command}`");
        }
    }
    Ok(())
}

/// The commands that `joggle --help` shows.
fn commands() -> Result<BTreeSet<String>> {
    let output = Command::new(binary::joggle()?).arg("--help").output()?;
    let help = String::from_utf8(output.stdout)?;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    });
    let names: BTreeSet<String> = names.collect();
    ensure!(names.contains("compose"), "the help lists no commands: {help}");
    Ok(names)
}

fn readme_table() -> Result<()> {
    let text = std::fs::read_to_string(files::repository().join("README.md"))?;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `joggle "));
    let rows: BTreeSet<String> =
        rows.filter_map(|row| Some(row.split(['`', ' ']).next()?.to_owned())).collect();
    let commands = commands()?;
    if rows != commands {
        bail!("the README's table has {rows:?}, the program has {commands:?}");
    }
    Ok(())
}

fn report(result: Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
