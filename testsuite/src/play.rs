//! Running a [`Scenario`] in a fresh folder, and what was seen.
//!
//! Some things are wrong whatever the test expects, and are found here: a
//! crash, a path of the machine in an output, an unfinished file left behind.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::case::{Command, Scenario, Step};

/// The longest that one command may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// What one step printed.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The step, as it was written.
    pub line: String,
    /// Its result.
    pub stdout: String,
    /// Its diagnostics.
    pub stderr: String,
}

/// Runs all steps and hands back what each printed.
pub fn play(scenario: &Scenario) -> Result<Vec<Seen>> {
    let folder = tempfile::Builder::new().prefix("joggle-test-").tempdir()?;
    for input in &scenario.inputs {
        input.place(folder.path())?;
    }
    let mut seen = Vec::new();
    for step in &scenario.steps {
        seen.push(match step {
            Step::Run(command) => run(command, &scenario.stdin, folder.path())
                .with_context(|| format!("`{}`", command.line))?,
            Step::Wit(file) => {
                let line = format!("wit {file}");
                let bytes = std::fs::read(folder.path().join(file)).context(line.clone())?;
                let stdout = crate::outer::wit(&bytes).context(line.clone())?;
                Seen { line, stdout, stderr: String::new() }
            }
        });
    }
    no_machine_paths(&seen, folder.path())?;
    sound_files(folder.path())?;
    Ok(seen)
}

/// One stream of all steps; with several steps, each that printed gets a header.
pub fn joined(seen: &[Seen], stream: impl Fn(&Seen) -> &str) -> String {
    let mut all = String::new();
    for step in seen {
        let text = stream(step);
        if seen.len() > 1 && !text.is_empty() {
            let _ = writeln!(all, "$ {}", step.line);
        }
        all.push_str(text);
    }
    all
}

fn run(command: &Command, stdin: &str, folder: &Path) -> Result<Seen> {
    let stdin = match &command.stdin {
        Some(file) => std::fs::read(folder.join(file)).context(file.clone())?,
        None => stdin.as_bytes().to_vec(),
    };
    let mut child = std::process::Command::new(crate::binary::joggle()?)
        .args(&command.arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("TMPDIR", folder)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LOG")
        .envs(command.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdout, stderr) = talk(&mut child, stdin)?;
    let status = child.wait()?;
    let stderr = String::from_utf8(stderr).context("standard error is not text")?;
    let Some(code) = status.code() else { bail!("it crashed: {status}\n{stderr}") };
    if code == 101 {
        bail!("it panicked:\n{stderr}");
    }
    if let Some(expected) = command.status
        && code != expected
    {
        bail!("it ended with {code}, not {expected}:\n{stderr}");
    }
    let stdout = match &command.stdout {
        Some(file) => {
            std::fs::write(folder.join(file), stdout)?;
            String::new()
        }
        None => String::from_utf8(stdout).map_err(|error| {
            let length = error.as_bytes().len();
            anyhow!("standard output is not text but {length} bytes; write `> FILE` behind it")
        })?,
    };
    Ok(Seen { line: command.line.clone(), stdout, stderr })
}

/// Feeds the child and reads both its streams at once; kills it when it takes too long.
fn talk(child: &mut Child, stdin: Vec<u8>) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut input = child.stdin.take().context("no standard input")?;
    // A command that does not read its input closes the pipe: not an error.
    let feeder = thread::spawn(move || drop(input.write_all(&stdin)));
    let stdout = reader(child.stdout.take().context("no standard output")?);
    let stderr = reader(child.stderr.take().context("no standard error")?);
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            bail!("it did not end within {} seconds", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    }
    let gone = |_| anyhow!("a thread of the test panicked");
    feeder.join().map_err(gone)?;
    Ok((stdout.join().map_err(gone)??, stderr.join().map_err(gone)??))
}

fn reader(mut from: impl Read + Send + 'static) -> thread::JoinHandle<std::io::Result<Vec<u8>>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map(|_| bytes)
    })
}

/// Outputs are the same on every machine, so they cannot hold paths of this one.
fn no_machine_paths(seen: &[Seen], folder: &Path) -> Result<()> {
    let folder = folder.display().to_string();
    for step in seen {
        if step.stdout.contains(&folder) || step.stderr.contains(&folder) {
            bail!("`{}` prints an absolute path:\n{}{}", step.line, step.stdout, step.stderr);
        }
    }
    Ok(())
}

/// Files that the commands made hold no path of this machine and are finished.
fn sound_files(folder: &Path) -> Result<()> {
    let needle = folder.display().to_string();
    let mut wrong = Vec::new();
    crate::files::walk(folder, &mut |path| {
        let name = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        if name.starts_with('.') || name.contains("/.") {
            wrong.push(format!("`{name}` was left behind"));
        }
        let bytes = std::fs::read(path).unwrap_or_default();
        if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
            wrong.push(format!("`{name}` holds an absolute path"));
        }
    })?;
    if wrong.is_empty() { Ok(()) } else { bail!(wrong.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(line: &str, stdout: &str) -> Seen {
        Seen { line: line.to_owned(), stdout: stdout.to_owned(), stderr: String::new() }
    }

    #[test]
    fn one_step_has_no_header_and_silent_steps_have_none() {
        let one = [seen("joggle a", "a\n")];
        assert_eq!(joined(&one, |s| &s.stdout), "a\n");
        let three = [seen("joggle a", "a\n"), seen("joggle b", ""), seen("wit c", "c\n")];
        assert_eq!(joined(&three, |s| &s.stdout), "$ joggle a\na\n$ wit c\nc\n");
    }

    #[test]
    fn paths_of_the_machine_are_found() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("out.txt").display().to_string();
        assert!(no_machine_paths(&[seen("joggle a", &path)], folder.path()).is_err());
        assert!(no_machine_paths(&[seen("joggle a", "out.txt")], folder.path()).is_ok());
        std::fs::write(folder.path().join("out.txt"), "clean").expect("it is writable");
        assert!(sound_files(folder.path()).is_ok());
        std::fs::write(folder.path().join("out.txt"), &path).expect("it is writable");
        assert!(sound_files(folder.path()).is_err());
    }

    #[test]
    fn an_unfinished_file_is_found() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        std::fs::write(folder.path().join(".joggle-x1"), "half").expect("it is writable");
        assert!(sound_files(folder.path()).is_err());
    }
}
