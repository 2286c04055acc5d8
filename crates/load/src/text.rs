//! An input that is text and is taken as it is: a script. What it says is left
//! to those who read it.

use std::path::Path;

use crate::artifact::{read, shown};
use crate::error::LoadError;

/// A text with the name to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The path as given, or what standard input is called.
    pub name: String,
    /// The text itself.
    pub text: String,
}

/// Reads a text; `-` is standard input.
pub fn text(path: &Path) -> Result<Text, LoadError> {
    if path.is_dir() {
        let name = shown(path);
        return Err(LoadError::Unreadable { name, reason: "it is a folder".to_owned() });
    }
    let (name, bytes) = read(path)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Text { name, text: text.to_owned() }),
        Err(error) => Err(LoadError::NotUtf8 { name, offset: error.valid_up_to() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_and_nothing_else() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.script");
        std::fs::write(&path, "größe()")?;
        assert_eq!(text(&path).map(|t| t.text).ok().as_deref(), Some("größe()"));
        std::fs::write(&path, b"a\xff")?;
        assert!(matches!(text(&path), Err(LoadError::NotUtf8 { offset: 1, .. })));
        assert!(matches!(text(folder.path()), Err(LoadError::Unreadable { .. })));
        assert!(matches!(text(&folder.path().join("b")), Err(LoadError::Missing { .. })));
        Ok(())
    }
}
