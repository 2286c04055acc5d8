//! Every `fixtures/cli/**/*.case` is a test: the commands in it, run in a
//! fresh folder, print exactly what the `.stdout` and `.stderr` beside it say.

use std::path::Path;

use anyhow::{Context, Result, bail};
use joggle_testsuite::case::Scenario;
use joggle_testsuite::play::{joined, play};
use joggle_testsuite::{expect, files};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let folder = files::repository().join("fixtures/cli");
    let mut trials = vec![Trial::test("every expectation has a case", {
        let folder = folder.clone();
        move || report(no_orphans(&folder))
    })];
    for path in files::below(&folder, "case")? {
        let name = files::stem_below(&path, &folder);
        trials.push(Trial::test(name, move || report(check(&path))));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(path: &Path) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let seen = play(&Scenario::parse(&text)?)?;
    let stdout = expect::file(&path.with_extension("stdout"), &joined(&seen, |s| &s.stdout));
    let stderr = expect::file(&path.with_extension("stderr"), &joined(&seen, |s| &s.stderr));
    match (stdout, stderr) {
        (Err(out), Err(err)) => bail!("{out}\n{err}"),
        (out, err) => out.and(err),
    }
}

/// An expectation whose case was renamed would never be looked at again.
fn no_orphans(folder: &Path) -> Result<()> {
    let mut orphans = Vec::new();
    for extension in ["stdout", "stderr"] {
        for path in files::below(folder, extension)? {
            if !path.with_extension("case").exists() {
                orphans.push(path.file_name().context("a name")?.to_owned());
            }
        }
    }
    if orphans.is_empty() { Ok(()) } else { bail!("no case belongs to {orphans:?}") }
}

fn report(result: Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
