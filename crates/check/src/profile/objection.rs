//! What a platform has against a file, as diagnostics.

use miette::Diagnostic;
use thiserror::Error;

use crate::world::Mismatch;

/// One reason why a platform does not take a file.
#[derive(Debug, Error, Diagnostic)]
pub enum Objection {
    /// A component where core modules are taken, or the other way round.
    #[error("{title} takes {wanted}, and `{file}` is {kind}")]
    #[diagnostic(code("check::platform-kind"), help("{help}"), url("{url}"))]
    Kind {
        /// The platform.
        title: String,
        /// What it takes.
        wanted: &'static str,
        /// The file.
        file: String,
        /// What the file is.
        kind: &'static str,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
    /// None of the exports that the platform calls is there.
    #[error("`{file}` exports nothing that {title} calls")]
    #[diagnostic(code("check::platform-export"), help("{help}"), url("{url}"))]
    NoExport {
        /// The file.
        file: String,
        /// The platform.
        title: String,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
    /// Several of the exports are there, and the platform would not know which to call.
    #[error("`{file}` exports {exports}, and {title} takes only one of them")]
    #[diagnostic(code("check::platform-exports"), help("{help}"), url("{url}"))]
    SeveralExports {
        /// The file.
        file: String,
        /// The platform.
        title: String,
        /// The exports that are too many, in backquotes.
        exports: String,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
    /// An import that the platform does not offer, or several.
    #[error("{}", unoffered(file, title, imports))]
    #[diagnostic(code("check::platform-import"), help("{help}"), url("{url}"))]
    Imports {
        /// The file.
        file: String,
        /// The platform.
        title: String,
        /// At least one.
        imports: Vec<String>,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
    /// An import that the platform refuses, for a reason.
    #[error("`{file}` imports `{import}`, which {title} refuses: {reason}")]
    #[diagnostic(code("check::platform-forbidden"), help("{help}"), url("{url}"))]
    Forbidden {
        /// The file.
        file: String,
        /// The platform.
        title: String,
        /// The import.
        import: String,
        /// Why.
        reason: String,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
    /// An interface of WASI with types that are not those of WASI.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Types(Mismatch),
    /// The file is too large.
    #[error("`{file}` has {size} bytes{packed}, and {title} takes up to {limit}{note}")]
    #[diagnostic(code("check::platform-size"), help("{help}"), url("{url}"))]
    Size {
        /// The file.
        file: String,
        /// Its size in bytes.
        size: u64,
        /// How it was measured.
        packed: &'static str,
        /// The platform.
        title: String,
        /// How many bytes it takes.
        limit: u64,
        /// For whom.
        note: String,
        /// What to do.
        help: String,
        /// What says so.
        url: String,
    },
}

/// One name within the sentence, several as a list of lines.
fn unoffered(file: &str, title: &str, imports: &[String]) -> String {
    if let [one] = imports {
        return format!("`{file}` imports `{one}`, which {title} does not offer");
    }
    let (count, lines) = (imports.len(), imports.join("\n  "));
    format!("`{file}` imports {count} things that {title} does not offer:\n  {lines}")
}

/// The same for people: imports that are not offered, with the same thing to be done
/// about them, become one list, which stands where the first of them stood.
#[must_use]
pub fn gathered(objections: Vec<Objection>) -> Vec<Objection> {
    let mut gathered: Vec<Objection> = Vec::new();
    for objection in objections {
        if let Objection::Imports { imports: more, help: advice, .. } = &objection {
            let same = gathered.iter_mut().find_map(|known| {
                let Objection::Imports { imports, help, .. } = known else { return None };
                (help == advice).then_some(imports)
            });
            if let Some(imports) = same {
                imports.extend_from_slice(more);
                continue;
            }
        }
        gathered.push(objection);
    }
    gathered
}

impl Objection {
    /// The import or export in question: `import wasi:sockets/tcp@0.2.6`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            Objection::Imports { imports, .. } => match imports.as_slice() {
                [import] => Some(format!("import {import}")),
                _ => None,
            },
            Objection::Forbidden { import, .. } => Some(format!("import {import}")),
            Objection::Types(mismatch) => Some(mismatch.place.clone()),
            Objection::Kind { .. }
            | Objection::NoExport { .. }
            | Objection::SeveralExports { .. }
            | Objection::Size { .. } => None,
        }
    }
}
