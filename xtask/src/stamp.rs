//! A note in a finished folder that says what it was made from, so that a second
//! run has nothing to do. It is written last: a folder without one is a ruin.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

const NAME: &str = "stamp.json";

/// What a folder was made from.
#[derive(Debug, Deserialize, Serialize)]
pub struct Stamp {
    /// The pins and the recipe; another text means another folder.
    pub wanted: String,
    /// What was in fact installed, where that was not ours to choose.
    pub found: BTreeMap<String, String>,
}

/// The stamp of a folder that is finished and was made from this.
pub fn fresh(folder: &Path, wanted: &str) -> Option<Stamp> {
    let text = fs::read_to_string(folder.join(NAME)).ok()?;
    let stamp: Stamp = serde_json::from_str(&text).ok()?;
    (stamp.wanted == wanted).then_some(stamp)
}

/// Empties a folder for making it anew.
pub fn start(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))
}

/// Declares a folder finished.
pub fn finish(folder: &Path, stamp: &Stamp) -> Result<()> {
    let path = folder.join(NAME);
    let mut text = serde_json::to_string_pretty(stamp)?;
    text.push('\n');
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_finished_folder_of_the_same_pins_is_fresh() -> Result<()> {
        let scratch = tempfile::tempdir()?;
        let folder = scratch.path().join("python");
        start(&folder)?;
        assert!(fresh(&folder, "1").is_none());
        finish(&folder, &Stamp { wanted: "1".into(), found: BTreeMap::new() })?;
        assert!(fresh(&folder, "1").is_some());
        assert!(fresh(&folder, "2").is_none());
        start(&folder)?;
        assert!(fresh(&folder, "1").is_none());
        Ok(())
    }
}
