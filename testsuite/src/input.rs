//! The files that a test gives to the command.

use std::path::{Component, Path};

use anyhow::{Context, Result, bail};

/// A file in the folder where the commands run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is put, relative to that folder.
    pub path: String,
    /// What is put there.
    pub content: Content,
}

/// Where the bytes of an [`Input`] come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The text as it stands.
    Text(String),
    /// Bytes in hexadecimal; white space does not count, `;;` starts a comment.
    Hex(String),
    /// A component that does nothing and fits a world.
    World {
        /// The WIT that declares the world.
        wit: String,
        /// The world's name.
        world: String,
    },
    /// A file of the repository, by its path from the top.
    Copy(String),
}

impl Input {
    /// Writes the file below `folder`.
    pub fn place(&self, folder: &Path) -> Result<()> {
        let inside =
            Path::new(&self.path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            bail!("input `{}` is not a path below the test's folder", self.path);
        }
        let target = folder.join(&self.path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let bytes = self.content.bytes().with_context(|| format!("input `{}`", self.path))?;
        std::fs::write(&target, bytes).with_context(|| format!("input `{}`", self.path))
    }
}

impl Content {
    fn bytes(&self) -> Result<Vec<u8>> {
        match self {
            Content::Text(text) => Ok(text.clone().into_bytes()),
            Content::Hex(text) => hex(text),
            Content::World { wit, world } => crate::components::dummy(wit, world),
            Content::Copy(path) => std::fs::read(crate::files::repository().join(path))
                .with_context(|| format!("`{path}` in the repository")),
        }
    }
}

fn hex(text: &str) -> Result<Vec<u8>> {
    let mut digits = Vec::new();
    for line in text.lines() {
        let data = line.split(";;").next().unwrap_or_default();
        for character in data.chars().filter(|c| !c.is_whitespace()) {
            let digit = character.to_digit(16);
            digits.push(digit.with_context(|| format!("`{character}` is not hexadecimal"))?);
        }
    }
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        bail!("an odd number of hexadecimal digits");
    }
    pairs.map(|pair| Ok(u8::try_from(pair[0] * 16 + pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_with_its_comments() {
        let bytes = hex("00 61 73 6d ;; magic\n0d000100").expect("it is hexadecimal");
        assert_eq!(bytes, b"\0asm\x0d\0\x01\0");
        assert!(hex("0").is_err());
        assert!(hex("0g").is_err());
    }

    #[test]
    fn an_input_cannot_leave_its_folder() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        for path in ["../a", "/a", "a/../../b"] {
            let input = Input { path: path.to_owned(), content: Content::Text(String::new()) };
            assert!(input.place(folder.path()).is_err(), "{path}");
        }
    }
}
