//! Each script in `fixtures/wast` holds, in the words that it expects.

use anyhow::{Result, bail};
use joggle_harness::{Options, Script, play};
use joggle_testsuite::files;
use libtest_mimic::{Arguments, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let folder = files::repository().join("fixtures/wast");
    let mut trials = Vec::new();
    for path in files::below(&folder, "wast")? {
        let name = files::stem_below(&path, &folder);
        let text = std::fs::read_to_string(&path)?;
        trials.push(Trial::test(name.clone(), move || {
            check(Script { name, text }).map_err(|error| format!("{error:#}").into())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(script: Script) -> Result<()> {
    let text = script.text.clone();
    for account in play(&[script], &Options::default()) {
        let mut findings = account.failures(&text);
        findings.extend(account.other_words(&text));
        if let Some(finding) = findings.first() {
            bail!("{} of {} directives: {finding}", findings.len(), account.verdicts.len());
        }
        let counts = account.counts();
        // A script of ours that is skipped, or says nothing, tells nothing.
        if counts.skipped > 0 || counts.passed < 3 {
            bail!("{counts:?}");
        }
    }
    Ok(())
}
