//! The WIT of an input: text, a package in binary form, or the outside of a
//! component. What is asked of it is left to the commands.

use std::path::Path;

use joggle_load::{Artifact, Features, Wit};
use miette::Diagnostic;

/// Where WIT is, if nothing else is said.
pub const FOLDER: &str = "wit";

/// The input has no WIT.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{name}` {why}")]
#[diagnostic(code("cli::no-wit"))]
struct NoWit {
    /// The input, as it is shown.
    name: String,
    /// Why it has none.
    why: &'static str,
    /// What to do.
    #[help]
    help: &'static str,
}

/// Loads the WIT of a file, a folder, or standard input, with the gates of some features open.
pub fn load_with(path: &Path, features: &Features) -> Result<Wit, Box<dyn Diagnostic>> {
    let failed = |error| Box::new(error) as Box<dyn Diagnostic>;
    match joggle_load::load_with(path, features).map_err(failed)? {
        Artifact::Wit(wit) => Ok(wit.with_text()),
        Artifact::Component(binary) => Wit::of_component(&binary).ok_or_else(|| {
            Box::new(NoWit {
                name: binary.name,
                why: "has an outside that cannot be said in WIT",
                help: "it imports or exports modules, components or values, or functions under \
                       the name of an interface: give the WIT that is meant",
            }) as _
        }),
        Artifact::Module(binary) => Err(Box::new(NoWit {
            name: binary.name,
            why: "is a core module, and has no WIT",
            help: "give the WIT that it was made for, or the component that it became",
        })),
    }
}
