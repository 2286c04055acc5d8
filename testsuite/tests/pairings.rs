//! Every command-line program is composed with every calculator, whatever
//! languages the two are written in, and the result is run: `2 + 40` prints 42.
//! Traced, it prints the same, and the one call between the two is shown.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail, ensure};
use joggle_testsuite::binary;
use joggle_testsuite::guests::Guests;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let trials = if let Some(guests) = Guests::find()? {
        trials(&guests)?
    } else {
        let name = "skipped: no guests, see `cargo xtask fixtures`";
        vec![Trial::test(name, || Ok(())).with_ignored_flag(true)]
    };
    libtest_mimic::run(&arguments, trials).exit()
}

fn trials(guests: &Guests) -> Result<Vec<Trial>> {
    let (programs, calculators) = (guests.named("cli-"), guests.named("calculator-"));
    let mut trials = Vec::new();
    for program in &programs {
        for calculator in &calculators {
            let paths = (guests.path(program)?, guests.path(calculator)?);
            let name = format!("{program} and {calculator}");
            let trial =
                move || pair(&paths.0, &paths.1).map_err(|e| Failed::from(format!("{e:#}")));
            trials.push(Trial::test(name, trial));
        }
    }
    if std::env::var_os("CI").is_some() {
        complete(&programs, &calculators)?;
    }
    Ok(trials)
}

/// In continuous integration no language may be missing.
fn complete(programs: &[String], calculators: &[String]) -> Result<()> {
    for wanted in ["cli-rust", "cli-python"] {
        ensure!(programs.iter().any(|name| name == wanted), "`{wanted}` was not built");
    }
    for wanted in ["calculator-rust", "calculator-python", "calculator-js"] {
        ensure!(calculators.iter().any(|name| name == wanted), "`{wanted}` was not built");
    }
    Ok(())
}

fn pair(program: &Path, calculator: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let app = folder.path().join("app.wasm");
    let mut compose = joggle()?;
    compose.arg("compose").args([program, calculator]).arg("-o").arg(&app).arg("--quiet");
    finished(&mut compose, 0)?;
    let sum = finished(joggle()?.arg("run").arg(&app).args(["--", "2", "+", "40"]), 0)?;
    let printed = String::from_utf8_lossy(&sum.stdout).into_owned();
    ensure!(printed.trim_end() == "42", "`2 + 40` printed {printed:?}");
    traced(&app, &sum.stdout)
}

fn traced(app: &Path, printed: &[u8]) -> Result<()> {
    let tracing = ["--trace-calls=components", "--no-trace-times", "--", "2", "+", "40"];
    let output = finished(joggle()?.arg("run").arg(app).args(tracing), 0)?;
    let trace = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.stdout == printed, "tracing changed what was printed:\n{trace}");
    let calls = trace.lines().filter(|line| line.contains("calculator#add(2, 40) = 42"));
    ensure!(calls.count() == 1, "the sum was not asked for once:\n{trace}");
    Ok(())
}

fn joggle() -> Result<Command> {
    Ok(Command::new(binary::joggle()?))
}

fn finished(command: &mut Command, status: i32) -> Result<Output> {
    let output = command.output().context("joggle could not be started")?;
    if output.status.code() != Some(status) {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} ended with {}:\n{said}", output.status);
    }
    Ok(output)
}
