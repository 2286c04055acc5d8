//! One input and everything that is asked of it. Nothing is shown here.

use std::path::Path;

use joggle_check::profile::{self, Profile};
use joggle_check::spec::{self, Finding as Broken, Spec};
use joggle_check::world::{self, World, WorldError, fit};
use joggle_load::{Artifact, Binary, Kind, LoadError, Wit, load, shown};
use miette::Diagnostic;

use crate::commands::validate::question::Question;
use crate::screens::findings::{Answer, Check, Finding, Origin, Problem, Subject, counted};

/// What was found out about an input.
pub struct Examined {
    /// The answers as plain data.
    pub subject: Subject,
    /// The same findings as diagnostics, to be drawn.
    pub problems: Vec<Problem>,
    /// Whether it obeys the specification, whatever else it is asked.
    pub valid: Answer,
    /// What there is to say about it in one line, if it is valid.
    pub summary: String,
    /// Imports and exports of a binary.
    pub counts: Option<(usize, usize)>,
    /// What it needs and where it runs; only when features were left open.
    pub spec: Option<Spec>,
}

/// An input on its way through the checks.
struct Examination {
    checks: Vec<Check>,
    problems: Vec<Problem>,
}

/// Asks everything of one input.
pub fn examine(path: &Path, question: &Question) -> Examined {
    let mut way = Examination { checks: Vec::new(), problems: Vec::new() };
    match load(path) {
        Ok(artifact) => examine_artifact(path, &artifact, question, way),
        Err(error) => {
            let kind = match error.kind() {
                Kind::Invalid => Some("wit"),
                Kind::Missing | Kind::Unreadable | Kind::Corrupt | Kind::WrongKind => None,
            };
            let answer = match error.kind() {
                Kind::Missing | Kind::Unreadable => Answer::Unknown,
                Kind::Corrupt | Kind::Invalid | Kind::WrongKind => Answer::No,
            };
            let offset = match &error {
                LoadError::Damaged { offset, .. } | LoadError::NotUtf8 { offset, .. } => {
                    u64::try_from(*offset).ok()
                }
                _ => None,
            };
            let found = Found { offset, ..Found::plain(error) };
            way.check("specification", answer, Vec::new(), vec![found]);
            let name = shown(path);
            Examined {
                subject: way.subject(name, kind, answer),
                problems: way.problems,
                valid: answer,
                summary: String::new(),
                counts: None,
                spec: None,
            }
        }
    }
}

fn examine_artifact(
    path: &Path,
    artifact: &Artifact,
    question: &Question,
    mut way: Examination,
) -> Examined {
    let (name, kind, summary, binary) = match artifact {
        Artifact::Wit(wit) => (&wit.name, "wit", of_wit(wit), None),
        Artifact::Component(binary) => {
            (&binary.name, "component", of_binary(binary, "component"), Some(binary))
        }
        Artifact::Module(binary) => {
            (&binary.name, "module", of_binary(binary, "core module"), Some(binary))
        }
    };
    let spec = binary.map(|binary| spec::check(&binary.bytes, &question.features));
    let valid = match &spec {
        Some(spec) if !spec.is_valid() => Answer::No,
        Some(_) | None => Answer::Yes,
    };
    way.specification(name, spec.as_ref(), valid);
    if binary.is_some_and(|binary| encoded(path, binary)) {
        way.forget_offsets();
    }
    if question.world.is_some() || !question.profiles.is_empty() {
        let outside = World::of_subject(artifact);
        if let Some(world) = &question.world {
            way.world(&outside, world, valid);
        }
        for profile in &question.profiles {
            way.platform(artifact, profile, outside.as_ref().ok());
        }
    }
    let outcome = Answer::of_all(way.checks.iter().map(|check| check.outcome));
    Examined {
        subject: way.subject(name.clone(), Some(kind), outcome),
        problems: way.problems,
        valid,
        summary,
        counts: binary.map(Binary::counts),
        spec: spec.filter(|spec| !question.features_named && spec.is_valid()),
    }
}

/// Whether the bytes were made from text, so that offsets in them are none in the file.
fn encoded(path: &Path, binary: &Binary) -> bool {
    let length = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|d| d.len());
    length.is_some_and(|length| u64::try_from(binary.bytes.len()) != Ok(length))
}

/// A diagnostic with what is known of its place in a binary.
struct Found {
    problem: Problem,
    place: Option<String>,
    offset: Option<u64>,
    origin: Option<Origin>,
}

impl Found {
    fn plain(error: impl Diagnostic + Send + Sync + 'static) -> Found {
        Found { problem: Box::new(error), place: None, offset: None, origin: None }
    }

    fn at(error: impl Diagnostic + Send + Sync + 'static, place: Option<String>) -> Found {
        Found { place, ..Found::plain(error) }
    }

    fn findings(&self) -> Vec<Finding> {
        let (offset, origin) = (self.offset, &self.origin);
        let findings = placed(self.problem.as_ref(), self.place.as_ref()).into_iter();
        findings.map(|found| Finding { offset, origin: origin.clone(), ..found }).collect()
    }

    fn broken(name: &str, spec: &Spec, broken: &Broken) -> Found {
        let origin = broken.source.as_ref().map(|source| Origin {
            file: source.file.clone(),
            line: source.line,
            column: source.column,
            function: source.function.clone(),
        });
        let place = broken.place.to_string();
        Found {
            problem: Box::new(broken.diagnostic(name, spec.kind)),
            place: (!place.is_empty()).then_some(place),
            offset: Some(broken.offset),
            origin,
        }
    }
}

/// The findings in a diagnostic, at a place in a binary.
fn placed(diagnostic: &dyn Diagnostic, place: Option<&String>) -> Vec<Finding> {
    let findings = Finding::all_of(diagnostic).into_iter();
    findings.map(|finding| Finding { place: place.cloned(), ..finding }).collect()
}

impl Examination {
    fn subject(&mut self, name: String, kind: Option<&'static str>, outcome: Answer) -> Subject {
        Subject { name, kind, outcome, checks: std::mem::take(&mut self.checks) }
    }

    fn check(&mut self, name: &str, outcome: Answer, notes: Vec<String>, found: Vec<Found>) {
        let findings = found.iter().flat_map(Found::findings).collect();
        self.problems.extend(found.into_iter().map(|found| found.problem));
        self.checks.push(Check { name: name.to_owned(), outcome, notes, findings });
    }

    /// The same where people read fewer and longer diagnostics than machines.
    fn gathered<P: Diagnostic + Send + Sync + 'static>(
        &mut self,
        (name, notes): (&str, Vec<String>),
        found: Vec<P>,
        place: impl Fn(&P) -> Option<String>,
        gather: impl Fn(Vec<P>) -> Vec<P>,
    ) {
        let outcome = if found.is_empty() { Answer::Yes } else { Answer::No };
        let findings = found.iter().flat_map(|found| placed(found, place(found).as_ref()));
        let findings = findings.collect();
        self.checks.push(Check { name: name.to_owned(), outcome, notes, findings });
        self.problems.extend(gather(found).into_iter().map(|found| Box::new(found) as Problem));
    }

    fn specification(&mut self, name: &str, spec: Option<&Spec>, valid: Answer) {
        let mut found = Vec::new();
        if let Some(spec) = spec {
            found.extend(spec.findings.iter().map(|broken| Found::broken(name, spec, broken)));
            found.extend(spec.stopped.iter().map(|stop| {
                let place = Some(stop.place.to_string()).filter(|place| !place.is_empty());
                let found = Found::at(stop.diagnostic(name), place);
                Found { offset: Some(stop.offset), ..found }
            }));
        }
        self.check("specification", valid, Vec::new(), found);
    }

    fn forget_offsets(&mut self) {
        let findings = self.checks.iter_mut().flat_map(|check| &mut check.findings);
        findings.for_each(|finding| finding.offset = None);
    }

    fn world(&mut self, outside: &Result<World, WorldError>, world: &World, valid: Answer) {
        let name = format!("world {}", world.shown());
        match outside {
            Ok(subject) => self.gathered(
                (&name, Vec::new()),
                fit(subject, world),
                world::Misfit::place,
                world::gathered,
            ),
            // What is no component at all has no outside to speak of.
            Err(WorldError::NoWit { .. }) if valid != Answer::Yes => {
                self.check(&name, Answer::Unknown, Vec::new(), Vec::new());
            }
            Err(error) => {
                let answer = if error.is_no() { Answer::No } else { Answer::Unknown };
                self.check(&name, answer, Vec::new(), vec![Found::plain(error.clone())]);
            }
        }
    }

    fn platform(&mut self, artifact: &Artifact, profile: &Profile, outside: Option<&World>) {
        let verdict = profile::check(profile, artifact, outside);
        self.gathered(
            (&format!("target {}", profile.name), verdict.notes),
            verdict.objections,
            profile::Objection::place,
            profile::gathered,
        );
    }
}

fn of_binary(binary: &Binary, what: &str) -> String {
    let (imports, exports) = binary.counts();
    format!("is a valid {what}: {}, {}", counted(imports, "import"), counted(exports, "export"))
}

/// The package with its worlds and interfaces.
fn of_wit(wit: &Wit) -> String {
    let package = &wit.resolve.packages[wit.package];
    format!(
        "is valid WIT: package {}, {}, {}",
        package.name,
        counted(package.worlds.len(), "world"),
        counted(package.interfaces.len(), "interface")
    )
}
