//! Comparing what was seen with what is written down, or writing it down.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use similar::{ChangeTag, TextDiff};

/// Whether this run rewrites all expectations: `UPDATE_EXPECT` is set.
#[must_use]
pub fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// Compares `actual` with the file. No file stands for an empty text.
pub fn file(path: &Path, actual: &str) -> Result<()> {
    let expected = if path.exists() {
        std::fs::read_to_string(path).with_context(|| path.display().to_string())?
    } else {
        String::new()
    };
    if expected == actual {
        return Ok(());
    }
    if updating() {
        if actual.is_empty() {
            std::fs::remove_file(path)?;
        } else {
            std::fs::write(path, actual)?;
        }
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    bail!("{}", difference(&name, &expected, actual))
}

/// Both texts line by line: `-` is expected and missing, `+` is there and not expected.
#[must_use]
pub fn difference(name: &str, expected: &str, actual: &str) -> String {
    let mut text = format!("{name} differs (UPDATE_EXPECT=1 accepts what was seen):\n");
    for change in TextDiff::from_lines(expected, actual).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        let line = change.value();
        let end = if line.ends_with('\n') { "" } else { "⏎ without a line end\n" };
        let _ = write!(text, "{sign} {line}{end}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_both_sides() {
        let text = difference("x.stdout", "one\ntwo\n", "one\nthree\n");
        assert!(text.contains("  one\n- two\n+ three\n"), "{text}");
    }

    #[test]
    fn no_file_stands_for_nothing() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("x.stderr");
        file(&path, "").expect("nothing was printed, nothing expected");
        if !updating() {
            assert!(file(&path, "noise\n").is_err());
        }
    }
}
