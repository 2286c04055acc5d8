//! What is asked of every input, out of the command line: the features that
//! may be used, a world, and platforms. A question that makes no sense is said
//! to be so before any input is looked at.

use std::path::Path;

use joggle_check::features::Features;
use joggle_check::profile::{self, Profile};
use joggle_check::world::World;
use joggle_load::{LoadError, load};

use crate::commands::validate::Args;
use crate::screens::findings::Problem;

/// What is asked of every input.
pub struct Question {
    /// The features that may be used.
    pub features: Features,
    /// Whether they were named; without names, what a file needs is told.
    pub features_named: bool,
    /// The world that components must fit.
    pub world: Option<World>,
    /// The platforms that must take the file.
    pub profiles: Vec<Profile>,
}

impl Question {
    /// Reads the world, the profiles and the list of features.
    pub fn of(args: &Args) -> Result<Question, Problem> {
        let features = match &args.features {
            Some(list) => Features::parse(list).map_err(boxed)?,
            None => Features::default(),
        };
        let world = match (&args.wit, &args.world) {
            (Some(wit), name) => {
                let artifact = load(wit).map_err(boxed)?;
                Some(World::of(&artifact, name.as_deref()).map_err(boxed)?)
            }
            (None, Some(name)) => Some(World::bundled(name).map_err(boxed)?),
            (None, None) => None,
        };
        let profiles: Result<Vec<Profile>, Problem> =
            args.targets.iter().map(|target| profile(target)).collect();
        let features_named = args.features.is_some();
        Ok(Question { features, features_named, world, profiles: profiles? })
    }
}

fn boxed(error: impl miette::Diagnostic + Send + Sync + 'static) -> Problem {
    Box::new(error)
}

/// A built-in profile by its name, or one of the user's own by its path.
fn profile(target: &str) -> Result<Profile, Problem> {
    let path = Path::new(target);
    let is_path = target.contains('/') || path.extension().is_some_and(|end| end == "toml");
    if !is_path {
        return profile::built_in(target).map_err(boxed);
    }
    let text = std::fs::read_to_string(path).map_err(|error| {
        let name = target.to_owned();
        boxed(if error.kind() == std::io::ErrorKind::NotFound {
            let known: Vec<&str> = profile::names().collect();
            let known = joggle_diag::quoted_list(known);
            LoadError::Missing { name, help: format!("the built-in profiles are {known}") }
        } else {
            LoadError::Unreadable { name, reason: crate::output::plain(&error) }
        })
    })?;
    Profile::parse(target, &text).map_err(boxed)
}
