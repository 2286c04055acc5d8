//! How a component does not fit a world, as diagnostics with both sides.

use joggle_diag::Source;
use miette::{Diagnostic, LabeledSpan};
use thiserror::Error;

/// One way in which a component does not fit a world.
#[derive(Debug, Error, Diagnostic)]
pub enum Misfit {
    /// The world wants an export that is not there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    MissingExport(MissingExport),
    /// The component imports what the world does not offer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    UnofferedImports(UnofferedImports),
    /// Both have it, with different types.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Mismatch(Mismatch),
}

impl Misfit {
    /// Where it is, `export wasi:cli/run@0.2.12`; nowhere if it was gathered from several.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            Misfit::MissingExport(found) => Some(format!("export {}", found.name)),
            Misfit::UnofferedImports(found) => match found.imports.as_slice() {
                [one] => Some(format!("import {}", one.name)),
                _ => None,
            },
            Misfit::Mismatch(found) => Some(found.place.clone()),
        }
    }
}

/// The same for people: imports that are not offered, with no text to show and no
/// other name to suggest, become one list, which stands where the first of them stood.
#[must_use]
pub fn gathered(misfits: Vec<Misfit>) -> Vec<Misfit> {
    let mut gathered: Vec<Misfit> = Vec::new();
    for misfit in misfits {
        let mut known = gathered.iter_mut().filter_map(|known| match known {
            Misfit::UnofferedImports(known) if !known.alone => Some(known),
            Misfit::UnofferedImports(_) | Misfit::MissingExport(_) | Misfit::Mismatch(_) => None,
        });
        match (misfit, known.next()) {
            (Misfit::UnofferedImports(one), Some(known)) if !one.alone => {
                known.add(one);
            }
            (misfit, _) => gathered.push(misfit),
        }
    }
    gathered
}

/// The world wants an export that is not there.
#[derive(Debug, Error, Diagnostic)]
#[error("`{component}` does not export the {item} `{name}`, which {world} wants")]
#[diagnostic(code("check::missing-export"), help("{help}"))]
pub struct MissingExport {
    pub(crate) component: String,
    pub(crate) world: String,
    pub(crate) item: String,
    pub(crate) name: String,
    pub(crate) help: String,
    #[source_code]
    pub(crate) text: Option<Source>,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}

/// The component imports what the world does not offer: one thing, or a list.
#[derive(Debug, Error, Diagnostic)]
#[error("{}", self.message())]
#[diagnostic(code("check::unoffered-import"), help("{help}"))]
pub struct UnofferedImports {
    pub(crate) component: String,
    pub(crate) world: String,
    /// At least one.
    pub(crate) imports: Vec<Unoffered>,
    /// There is more to say of it than a line in a list can.
    pub(crate) alone: bool,
    pub(crate) help: String,
    #[source_code]
    pub(crate) text: Option<Source>,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}

/// An import that a world does not offer.
#[derive(Clone, Debug)]
pub struct Unoffered {
    pub(crate) item: String,
    pub(crate) name: String,
    /// The same interface on another track, which the world does offer.
    pub(crate) other_version: Option<String>,
}

impl UnofferedImports {
    fn message(&self) -> String {
        let (component, world) = (&self.component, &self.world);
        if let [Unoffered { item, name, .. }] = self.imports.as_slice() {
            return format!(
                "`{component}` imports the {item} `{name}`, which {world} does not offer"
            );
        }
        let lines = self.imports.iter().map(|import| match &import.other_version {
            Some(other) => {
                let version = other.split_once('@').map_or(other.as_str(), |(_, version)| version);
                format!("\n  {} (there is {version})", import.name)
            }
            None => format!("\n  {}", import.name),
        });
        let (count, lines) = (self.imports.len(), lines.collect::<String>());
        format!("`{component}` imports {count} things that {world} does not offer:{lines}")
    }

    /// Adds the imports of another finding, and what it advises.
    fn add(&mut self, other: UnofferedImports) {
        self.imports.extend(other.imports);
        let component = &self.component;
        self.help = format!(
            "build `{component}` without what needs them, often the standard library of its \
             language;\n\
             link components that have them: joggle compose {component} PROVIDER.wasm -o \
             fitted.wasm\n\
             or import them in the world too, if the host has them"
        );
    }
}

/// An import or export that both have, with different types.
#[derive(Debug, Error, Diagnostic)]
#[error("{headline}\n{differences}")]
#[diagnostic(code("check::type-mismatch"), help("{help}"))]
pub struct Mismatch {
    pub(crate) headline: String,
    /// One line for each difference: the WIT path, then what it is.
    pub(crate) differences: String,
    pub(crate) place: String,
    pub(crate) help: String,
    /// The WIT of the component and of the world.
    #[related]
    pub(crate) sides: Vec<Side>,
}

/// One side of a mismatch: its WIT, with the places in question marked.
#[derive(Debug, Error, Diagnostic)]
#[error("{role}")]
#[diagnostic(severity(Advice))]
pub struct Side {
    pub(crate) role: String,
    #[source_code]
    pub(crate) text: Source,
    #[label(collection)]
    pub(crate) labels: Vec<LabeledSpan>,
}
