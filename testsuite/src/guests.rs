//! The guests that `cargo xtask fixtures` builds: real components in several languages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Guests by name, each with its file.
pub struct Guests {
    folder: PathBuf,
    manifest: serde_json::Value,
}

impl Guests {
    /// Finds the guests; `None` if they were not built on this machine.
    ///
    /// In continuous integration they must have been: then this is an error.
    pub fn find() -> Result<Option<Guests>> {
        let folder = folder().context("there is no home folder to look for guests in")?;
        let manifest = folder.join("manifest.json");
        if !manifest.exists() {
            if std::env::var_os("CI").is_some() {
                bail!("there are no guests: run `cargo xtask setup` and `cargo xtask fixtures`");
            }
            return Ok(None);
        }
        let text = std::fs::read_to_string(&manifest)?;
        Ok(Some(Guests { folder, manifest: serde_json::from_str(&text)? }))
    }

    /// Names of all guests whose name begins with `prefix`, in order.
    #[must_use]
    pub fn named(&self, prefix: &str) -> Vec<String> {
        let all = self.manifest["fixtures"].as_object();
        let names = all.into_iter().flat_map(|all| all.keys());
        names.filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    /// The file of a guest.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let path = self.manifest["fixtures"][name]["path"].as_str();
        Ok(self.folder.join(path.with_context(|| format!("there is no guest `{name}`"))?))
    }
}

/// Where `cargo xtask fixtures` puts them.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("JOGGLE_FIXTURES")
        .or_else(|| Some(set("JOGGLE_TOOLCHAINS")?.join("fixtures")))
        .or_else(|| Some(below_cache(&set("XDG_CACHE_HOME")?)))
        .or_else(|| Some(below_cache(&set("HOME")?.join(".cache"))))
}

fn below_cache(cache: &Path) -> PathBuf {
    cache.join("joggle/toolchains/fixtures")
}
