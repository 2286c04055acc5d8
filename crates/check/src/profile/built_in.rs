//! The profiles that come with the program: the files of `data/profiles`, put
//! into a table by the build script.

use joggle_diag::{closest, quoted_list};

use crate::profile::{Profile, ProfileError};

/// Names and texts of the profiles, in the order of their names.
const PROFILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// The names of the built-in profiles, in alphabetical order.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// A built-in profile by its name.
pub fn built_in(name: &str) -> Result<Profile, ProfileError> {
    match PROFILES.iter().find(|(known, _)| *known == name) {
        Some((known, text)) => Profile::parse(&format!("{known}.toml (built in)"), text),
        None => Err(ProfileError::NoSuchProfile { name: name.to_owned(), help: advice(name) }),
    }
}

fn advice(name: &str) -> String {
    match closest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "there are {}; a profile of your own is given as a path: --target ./{name}.toml",
            quoted_list(names())
        ),
    }
}
