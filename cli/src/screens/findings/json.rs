//! Findings as one JSON document of our own: everything that is known.

use serde::Serialize;

use crate::screens::findings::{Answer, Subject};

/// The document.
#[derive(Serialize)]
struct Document<'a, E> {
    schema_version: u32,
    outcome: Answer,
    files: Vec<File<'a, E>>,
}

#[derive(Serialize)]
struct File<'a, E> {
    #[serde(flatten)]
    subject: &'a Subject,
    #[serde(flatten)]
    more: &'a E,
}

/// The document about these subjects, each with what else is known of it.
pub fn document<'a, E: Serialize + 'a>(
    subjects: impl Iterator<Item = (&'a Subject, &'a E)>,
) -> impl Serialize {
    let files: Vec<File<'a, E>> = subjects.map(|(subject, more)| File { subject, more }).collect();
    let outcome = Answer::of_all(files.iter().map(|file| file.subject.outcome));
    Document { schema_version: 1, outcome, files }
}
