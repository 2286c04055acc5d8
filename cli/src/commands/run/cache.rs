//! Where compiled code is kept, as options and by the environment: shared by
//! every command that runs a program. Keeping it is left to `joggle-host`.

use std::ffi::OsString;
use std::path::PathBuf;

use joggle_host::Cache;

/// The options about compiled code.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Compiled code")]
pub struct CacheArgs {
    /// Compile anew, and keep no compiled code. It is kept in `JOGGLE_CACHE`, or else in
    /// `joggle` in the user's folder for caches.
    #[arg(long)]
    no_cache: bool,
}

impl CacheArgs {
    /// The cache, unless it is not wanted or there is no place for it.
    pub fn cache(&self) -> Option<Cache> {
        if self.no_cache {
            return None;
        }
        folder(|name| std::env::var_os(name)).map(Cache::new)
    }
}

/// The folder, by the variables of the environment. Only absolute paths count,
/// as the XDG rules demand: a cache must not depend on where a command is run.
fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(own) = path("JOGGLE_CACHE") {
        return Some(own.join("compiled"));
    }
    let caches = path("XDG_CACHE_HOME")
        .or_else(|| path("LOCALAPPDATA"))
        .or_else(|| path("HOME").map(|home| home.join(".cache")))?;
    Some(caches.join("joggle").join("compiled"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Option<PathBuf> {
        folder(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_most_special_folder_counts() {
        let all = [("HOME", "/me"), ("XDG_CACHE_HOME", "/var/me"), ("JOGGLE_CACHE", "/fast")];
        assert_eq!(with(&all), Some("/fast/compiled".into()));
        assert_eq!(with(&all[..2]), Some("/var/me/joggle/compiled".into()));
        assert_eq!(with(&all[..1]), Some("/me/.cache/joggle/compiled".into()));
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("JOGGLE_CACHE", "relative")]), None);
    }
}
