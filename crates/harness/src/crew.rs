//! Scripts side by side, each on a thread of its own with a time-out, so that
//! neither a panic nor a hang of one takes the others down.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use joggle_check::features::Features;

use crate::directives::run;
use crate::verdict::{Account, Outcome, Verdict};

/// The name of the threads that scripts run on. A panic there is a verdict, so
/// whoever prints panics may leave it out.
pub const SCRIPT_THREAD: &str = "joggle script";

/// A thread that a script runs on. The compiler's recursion goes deep.
const STACK: usize = 32 << 20;

/// How long a script may take to notice that its time is over: compiling cannot be stopped.
const GRACE: Duration = Duration::from_secs(10);

/// A script, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What messages call it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// How scripts are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The time that one script has.
    pub timeout: Duration,
    /// How many run at once.
    pub jobs: usize,
    /// Only what can be told without running anything is told.
    pub validate_only: bool,
    /// What binaries may use; everything if not given.
    pub features: Option<Features>,
}

impl Default for Options {
    fn default() -> Options {
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        Options { timeout: Duration::from_mins(1), jobs, validate_only: false, features: None }
    }
}

/// The verdicts of a script that is under way.
pub(crate) type Sheet = Arc<Mutex<Vec<Verdict>>>;

/// Runs all scripts; the accounts come in the scripts' order.
#[must_use]
pub fn play(scripts: &[Script], options: &Options) -> Vec<Account> {
    let next = Mutex::new(scripts.iter().enumerate());
    let done = Mutex::new(vec![Account::default(); scripts.len()]);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, scripts.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, script)) = taken else { return };
                    let account = watched(script, options);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = done.get_mut(index) {
                        *slot = account;
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one script on a thread that is given up if it does not answer.
fn watched(script: &Script, options: &Options) -> Account {
    let options = *options;
    let sheet = Sheet::default();
    let (sender, receiver) = mpsc::channel();
    let (inner, theirs) = (script.clone(), Arc::clone(&sheet));
    let spawned =
        Builder::new().name(SCRIPT_THREAD.to_owned()).stack_size(STACK).spawn(move || {
            let ended = catch_unwind(AssertUnwindSafe(|| run(&inner, &options, &theirs)));
            // Nobody listens any more if the time was over.
            let _ = sender.send(ended.map_err(|panic| words(panic.as_ref())));
        });
    let trouble = match spawned {
        Ok(_) => wait(&receiver, options.timeout),
        Err(error) => Some(format!("no thread could be had: {error}")),
    };
    let mut verdicts = sheet.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(reason) = trouble {
        verdicts.push(Verdict {
            what: "the script".to_owned(),
            span: 0..0,
            line: 1,
            column: 1,
            outcome: Outcome::Failed(reason),
        });
    }
    Account { name: script.name.clone(), verdicts }
}

fn wait(receiver: &Receiver<Result<(), String>>, timeout: Duration) -> Option<String> {
    match receiver.recv_timeout(timeout.saturating_add(GRACE)) {
        Ok(Ok(())) => None,
        Ok(Err(panic)) => Some(format!("it made the engine panic: {panic}")),
        Err(RecvTimeoutError::Timeout) => {
            Some(format!("it did not end within {timeout:?}, nor when it was told to"))
        }
        Err(RecvTimeoutError::Disconnected) => Some("its thread was lost".to_owned()),
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(texts: &[&str]) -> Vec<Account> {
        let script = |text: &&str| Script { name: "a.wast".to_owned(), text: (*text).to_owned() };
        let scripts: Vec<Script> = texts.iter().map(script).collect();
        let timeout = Duration::from_millis(500);
        play(&scripts, &Options { timeout, jobs: 2, ..Options::default() })
    }

    #[test]
    fn a_script_that_never_ends_is_stopped_alone() {
        let endless = "(module (func (export \"f\") (loop br 0)))
            (invoke \"f\")
            (assert_return (invoke \"f\"))";
        let fine = "(module (func (export \"f\"))) (assert_return (invoke \"f\"))";
        let accounts = accounts(&[endless, fine]);
        let outcomes = |index: usize| {
            let verdicts = accounts.get(index).map(|a| a.verdicts.clone()).unwrap_or_default();
            verdicts.into_iter().map(|v| v.outcome).collect::<Vec<_>>()
        };
        assert_eq!(
            outcomes(0),
            [
                Outcome::Passed,
                Outcome::Failed("it did not end within 500ms".to_owned()),
                Outcome::Skipped("the script's time was over".to_owned()),
            ]
        );
        assert_eq!(outcomes(1), [Outcome::Passed, Outcome::Passed]);
    }
}
