//! Playing a script: one directive after the other on a stage. How scripts are
//! kept apart is left to `crew`, values to `values`.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use joggle_check::features::Features;
use joggle_check::spec;
use joggle_host::{Fault, Item, Stage};
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use crate::crew::{Options, Script, Sheet};
use crate::forms::{Form, forms};
use crate::modern::modern;
use crate::values::{argument, compare};
use crate::verdict::{Outcome, Verdict};

/// Runs a script and writes its verdicts down, one after the other.
pub(crate) fn run(script: &Script, options: &Options, sheet: &Sheet) {
    let note = |verdict: Verdict| {
        sheet.lock().unwrap_or_else(PoisonError::into_inner).push(verdict);
    };
    let text = script.text.as_str();
    let forms = match forms(text) {
        Ok(forms) => forms,
        Err(broken) => {
            let form = Form { span: broken.at..broken.at, word: "the script".to_owned() };
            return note(verdict(text, &form, "", Outcome::Failed(broken.reason)));
        }
    };
    let mut player = match Stage::new(Some(options.timeout)) {
        Ok(stage) => Player {
            stage,
            validate_only: options.validate_only,
            features: options.features,
            absent: BTreeSet::new(),
            current_absent: false,
            over: false,
        },
        Err(error) => {
            let form = Form { span: 0..0, word: "the script".to_owned() };
            return note(verdict(text, &form, "", Outcome::Failed(error.to_string())));
        }
    };
    for form in forms {
        let body = text.get(form.span.clone()).unwrap_or_default();
        let (about, outcome) = match form.word.as_str() {
            // The parser knows these only inside a whole script.
            "thread" | "wait" => (String::new(), Outcome::Skipped(NO_THREADS.to_owned())),
            _ => player.form(body),
        };
        note(verdict(text, &form, &about, outcome));
    }
}

fn verdict(text: &str, form: &Form, about: &str, outcome: Outcome) -> Verdict {
    let before = text.get(..form.span.start).unwrap_or_default();
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let body = text.get(form.span.clone()).unwrap_or_default();
    let first_line = body.lines().next().unwrap_or_default().len();
    Verdict {
        what: format!("{}{about}", form.word),
        span: form.span.start..form.span.start + first_line,
        line: before.matches('\n').count() + 1,
        column: before.get(begin..).unwrap_or_default().chars().count() + 1,
        outcome,
    }
}

struct Player {
    stage: Stage,
    /// Nothing is run.
    validate_only: bool,
    /// What binaries may use; everything if not given.
    features: Option<Features>,
    /// Instances and definitions that are not there because they failed or were skipped.
    absent: BTreeSet<String>,
    current_absent: bool,
    /// The script's time is over.
    over: bool,
}

/// Why directives about threads are skipped.
const NO_THREADS: &str = "the engine is built without memories that threads share";

/// How the engine begins to say that what its authors' scripts count on is not there.
const WASMTIMES_HOST: &str = "component imports instance `host`";

/// A directive that is about something that failed or was skipped before.
const ABSENT: &str = "what it is about was not made";

impl Player {
    /// What one form is about, and what came of it.
    fn form(&mut self, body: &str) -> (String, Outcome) {
        if self.over {
            return (String::new(), Outcome::Skipped("the script's time was over".to_owned()));
        }
        let unread = |error: wast::Error| {
            let reason = format!("it cannot be read: {}", error.message());
            (String::new(), Outcome::Failed(reason))
        };
        let body = modern(body);
        let buffer = match ParseBuffer::new(&body) {
            Ok(buffer) => buffer,
            Err(error) => return unread(error),
        };
        let mut wast = match parser::parse::<Wast<'_>>(&buffer) {
            Ok(wast) => wast,
            Err(error) => return unread(error),
        };
        match wast.directives.pop() {
            Some(mut directive) => (about(&directive), self.directive(&mut directive)),
            None => (String::new(), Outcome::Passed),
        }
    }

    fn directive(&mut self, directive: &mut WastDirective<'_>) -> Outcome {
        if self.validate_only {
            return self.validation(directive);
        }
        match directive {
            WastDirective::Module(module) => self.make(module, true),
            WastDirective::ModuleDefinition(module) => self.make(module, false),
            WastDirective::ModuleInstance { instance, module, .. } => {
                if self.is_absent(*module) {
                    return self.skip(*instance, ABSENT.to_owned());
                }
                let made = self.stage.instantiate_defined(name(*instance), name(*module));
                self.made(*instance, made)
            }
            WastDirective::Register { name: registered, module, .. } => {
                if self.is_absent(*module) {
                    self.absent.insert((*registered).to_owned());
                    return Outcome::Skipped(ABSENT.to_owned());
                }
                let done = self.stage.register(name(*module), registered);
                self.done(done)
            }
            WastDirective::Invoke(call) => {
                let ended = self.invoke(call);
                self.done(ended.map(drop))
            }
            assertion => self.assertion(assertion),
        }
    }

    /// Something that must come out in a certain way.
    fn assertion(&mut self, directive: &mut WastDirective<'_>) -> Outcome {
        match directive {
            WastDirective::AssertReturn { exec, results, .. } => {
                let ended = self.execute(exec);
                match ended {
                    Ok(found) => match compare(results, &found) {
                        Ok(()) => Outcome::Passed,
                        Err(reason) => Outcome::Failed(reason),
                    },
                    Err(fault) => self.done(Err(fault)),
                }
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                let ended = self.execute(exec).map(drop);
                self.fails(ended, message, "a trap", |fault| matches!(fault, Fault::Trap(_)))
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                let ended = self.invoke(call).map(drop);
                self.fails(ended, message, "a trap", |fault| matches!(fault, Fault::Trap(_)))
            }
            WastDirective::AssertException { exec, .. } => {
                let ended = self.execute(exec).map(drop);
                self.fails(ended, "", "an exception", |fault| matches!(fault, Fault::Exception))
            }
            WastDirective::AssertUnlinkable { module, message, .. } => {
                let ended = self.instantiate_once(module);
                self.fails(ended, message, "a misfit of imports", |fault| {
                    matches!(fault, Fault::Unlinkable(_))
                })
            }
            WastDirective::AssertInvalid { module, message, .. }
            | WastDirective::AssertMalformed { module, message, .. } => {
                self.refused(module, message)
            }
            WastDirective::AssertInvalidCustom { .. }
            | WastDirective::AssertMalformedCustom { .. } => {
                Outcome::Skipped("custom sections are not checked".to_owned())
            }
            WastDirective::AssertSuspension { .. } => {
                Outcome::Skipped("the engine is built without stack switching".to_owned())
            }
            WastDirective::Thread(_) | WastDirective::Wait { .. } => {
                Outcome::Skipped(NO_THREADS.to_owned())
            }
            WastDirective::Module(_)
            | WastDirective::ModuleDefinition(_)
            | WastDirective::ModuleInstance { .. }
            | WastDirective::Register { .. }
            | WastDirective::Invoke(_) => self.directive(directive),
        }
    }

    /// The same where only what can be told without running anything is wanted.
    fn validation(&mut self, directive: &mut WastDirective<'_>) -> Outcome {
        match directive {
            WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
                let id = module.name();
                let checked = encoded(module).and_then(|bytes| self.check(&bytes));
                self.made(id, checked)
            }
            WastDirective::AssertInvalid { module, message, .. }
            | WastDirective::AssertMalformed { module, message, .. } => {
                self.refused(module, message)
            }
            _ => Outcome::Skipped("nothing is to be run".to_owned()),
        }
    }

    /// A module or component, instantiated at once or only defined.
    fn make(&mut self, module: &mut QuoteWat<'_>, now: bool) -> Outcome {
        let id = module.name();
        let made = encoded(module).and_then(|bytes| {
            self.permitted(&bytes)?;
            if now {
                self.stage.instantiate(name(id), &bytes)
            } else {
                self.stage.define(name(id), &bytes)
            }
        });
        self.made(id, made)
    }

    /// What came of making something, which may be missed later.
    fn made(&mut self, id: Option<Id<'_>>, made: Result<(), Fault>) -> Outcome {
        match made {
            Err(fault @ Fault::NotTaken(_)) => self.skip(id, fault.to_string()),
            Err(Fault::Unlinkable(reason)) if reason.starts_with(WASMTIMES_HOST) => {
                self.skip(id, "it imports `host`, which only wasmtime's own runner has".to_owned())
            }
            // It may import from what was skipped.
            Err(fault @ Fault::Unlinkable(_)) if !self.absent.is_empty() || self.current_absent => {
                self.skip(id, format!("{ABSENT}: {fault}"))
            }
            made => {
                // What fails here need not fail again at every use.
                self.current_absent = made.is_err();
                if let Some(id) = id {
                    if made.is_err() {
                        self.absent.insert(id.name().to_owned());
                    } else {
                        self.absent.remove(id.name());
                    }
                }
                self.done(made)
            }
        }
    }

    fn skip(&mut self, id: Option<Id<'_>>, reason: String) -> Outcome {
        self.current_absent = true;
        if let Some(id) = id {
            self.absent.insert(id.name().to_owned());
        }
        Outcome::Skipped(reason)
    }

    fn is_absent(&self, id: Option<Id<'_>>) -> bool {
        match id {
            Some(id) => self.absent.contains(id.name()),
            None => self.current_absent,
        }
    }

    /// What came of something that must not fail.
    fn done(&mut self, done: Result<(), Fault>) -> Outcome {
        match done {
            Ok(()) => Outcome::Passed,
            Err(Fault::Misfit(reason)) if reason == ABSENT => Outcome::Skipped(reason),
            Err(fault) => {
                self.over |= matches!(fault, Fault::TimeIsOver(_));
                Outcome::Failed(fault.to_string())
            }
        }
    }

    /// What came of something that must fail in a certain way.
    fn fails(
        &mut self,
        ended: Result<(), Fault>,
        message: &str,
        way: &str,
        fits: fn(&Fault) -> bool,
    ) -> Outcome {
        match ended {
            Ok(()) => Outcome::Failed(format!("{way} is expected, and it went well")),
            Err(fault) if fits(&fault) => match fault {
                Fault::Trap(found) | Fault::Unlinkable(found) => in_words(message, found),
                _ => Outcome::Passed,
            },
            // The engine cannot tell, because it does not have the feature.
            Err(fault @ Fault::NotTaken(_)) => Outcome::Skipped(fault.to_string()),
            Err(fault) => match self.done(Err(fault)) {
                Outcome::Failed(reason) => {
                    Outcome::Failed(format!("{way} is expected, but {reason}"))
                }
                other => other,
            },
        }
    }

    /// Something that no validator may take: the parser of the text, ours or the engine's.
    fn refused(&mut self, module: &mut QuoteWat<'_>, message: &str) -> Outcome {
        let found = match module.encode() {
            Err(error) => error.message(),
            Ok(bytes) => match self.check(&bytes) {
                Ok(()) if message.contains("feature") && self.features.is_none() => {
                    let reason = "it is invalid only without a feature, and all are on";
                    return Outcome::Skipped(reason.to_owned());
                }
                Ok(()) => return Outcome::Failed("it is valid".to_owned()),
                Err(Fault::Invalid(found) | Fault::NotTaken(found)) => found,
                Err(other) => return self.done(Err(other)),
            },
        };
        in_words(message, found)
    }

    fn execute(&mut self, exec: &mut WastExecute<'_>) -> Result<Vec<Item>, Fault> {
        match exec {
            WastExecute::Invoke(call) => self.invoke(call),
            WastExecute::Wat(module) => self.instantiate_once(module).map(|()| Vec::new()),
            WastExecute::Get { module, global, .. } => {
                if self.is_absent(*module) {
                    return Err(Fault::Misfit(ABSENT.to_owned()));
                }
                self.stage.global(name(*module), global).map(|value| vec![value])
            }
        }
    }

    /// An instance that nothing refers to later.
    fn instantiate_once(&mut self, module: &mut Wat<'_>) -> Result<(), Fault> {
        let bytes = module.encode().map_err(|error| Fault::Invalid(error.message()))?;
        self.permitted(&bytes)?;
        self.stage.try_instantiate(&bytes)
    }

    /// Whether the bytes are valid.
    fn check(&self, bytes: &[u8]) -> Result<(), Fault> {
        self.permitted(bytes)?;
        self.stage.check(bytes)
    }

    /// Whether the bytes are valid with the features that are allowed. If all
    /// are, the stage finds out.
    fn permitted(&self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(features) = &self.features else { return Ok(()) };
        match spec::check(bytes, features).findings.into_iter().next() {
            Some(finding) => Err(Fault::Invalid(finding.message)),
            None => Ok(()),
        }
    }

    fn invoke(&mut self, call: &WastInvoke<'_>) -> Result<Vec<Item>, Fault> {
        if self.is_absent(call.module) {
            return Err(Fault::Misfit(ABSENT.to_owned()));
        }
        let arguments: Result<Vec<Item>, String> = call.args.iter().map(argument).collect();
        let arguments = arguments.map_err(Fault::Misfit)?;
        self.stage.invoke(name(call.module), call.name, &arguments)
    }
}

fn encoded(module: &mut QuoteWat<'_>) -> Result<Vec<u8>, Fault> {
    module.encode().map_err(|error| Fault::Invalid(error.message()))
}

fn name(id: Option<Id<'_>>) -> Option<&str> {
    id.map(|id| id.name())
}

/// Whether a reason is the expected one, as far as words tell.
fn in_words(expected: &str, found: String) -> Outcome {
    let plain = |text: &str| text.to_lowercase().replace('`', "");
    let (wanted, said) = (plain(expected), plain(&found));
    if said.contains(&wanted) || wanted.contains(&said) {
        Outcome::Passed
    } else {
        Outcome::OtherWords { expected: expected.to_owned(), found }
    }
}

/// What a directive is about, after its word.
fn about(directive: &WastDirective<'_>) -> String {
    let call = |call: &WastInvoke<'_>| format!(" \"{}\"", call.name);
    let exec = |exec: &WastExecute<'_>| match exec {
        WastExecute::Invoke(invoke) => call(invoke),
        WastExecute::Get { global, .. } => format!(" \"{global}\""),
        WastExecute::Wat(_) => String::new(),
    };
    let id = |id: Option<Id<'_>>| id.map(|id| format!(" ${}", id.name())).unwrap_or_default();
    match directive {
        WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
            id(module.name())
        }
        WastDirective::ModuleInstance { instance, .. } => id(*instance),
        WastDirective::Register { name, .. } => format!(" \"{name}\""),
        WastDirective::Invoke(invoke) | WastDirective::AssertExhaustion { call: invoke, .. } => {
            call(invoke)
        }
        WastDirective::AssertReturn { exec: run, .. }
        | WastDirective::AssertTrap { exec: run, .. }
        | WastDirective::AssertException { exec: run, .. }
        | WastDirective::AssertSuspension { exec: run, .. } => exec(run),
        WastDirective::AssertInvalid { message, .. }
        | WastDirective::AssertMalformed { message, .. }
        | WastDirective::AssertInvalidCustom { message, .. }
        | WastDirective::AssertMalformedCustom { message, .. }
        | WastDirective::AssertUnlinkable { message, .. } => format!(" \"{message}\""),
        WastDirective::Thread(_) | WastDirective::Wait { .. } => String::new(),
    }
}
