//! A set of files with relative paths, in the order of their paths.

use std::collections::BTreeMap;

/// Generated files: paths below the folder of the output, with `/` between their parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// By path; and by path in lower case, because some disks do not tell cases apart.
    texts: BTreeMap<String, String>,
    folded: BTreeMap<String, String>,
}

/// A file that cannot be one of the set: a bug of the backend that made its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The path would leave the folder, or is no path on every system.
    #[error("`{0}` is no path below the folder of the output")]
    Path(String),
    /// There are two files of one name.
    #[error("`{path}` would overwrite `{other}`")]
    Twice {
        /// The second.
        path: String,
        /// The first, which may differ in case.
        other: String,
    },
}

impl Files {
    /// An empty set.
    #[must_use]
    pub fn new() -> Files {
        Files::default()
    }

    /// Adds a file.
    pub fn add(&mut self, path: &str, text: String) -> Result<(), FileError> {
        let plain = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && !part.contains(['\\', ':', '\0'])
                && !part.chars().any(char::is_control)
        };
        if !path.split('/').all(plain) {
            return Err(FileError::Path(path.to_owned()));
        }
        let folded = path.to_lowercase();
        if let Some(other) = self.folded.get(&folded) {
            return Err(FileError::Twice { path: path.to_owned(), other: other.clone() });
        }
        self.folded.insert(folded, path.to_owned());
        self.texts.insert(path.to_owned(), text);
        Ok(())
    }

    /// Paths and texts, ordered by path.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_in_the_order_of_their_paths() {
        let mut files = Files::new();
        assert!(files.is_empty());
        for path in ["src/b.rs", "a.rs", "src/a.rs"] {
            files.add(path, format!("// {path}\n")).expect("a path");
        }
        let paths: Vec<&str> = files.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a.rs", "src/a.rs", "src/b.rs"]);
        assert_eq!(files.get("a.rs"), Some("// a.rs\n"));
        assert_eq!(files.get("b.rs"), None);
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_leaves_the_folder() {
        let mut files = Files::new();
        files.add("src/Go.rs", String::new()).expect("a path");
        assert_eq!(
            files.add("src/go.rs", String::new()),
            Err(FileError::Twice { path: "src/go.rs".to_owned(), other: "src/Go.rs".to_owned() })
        );
        for path in ["", "/a", "../a", "a/../b", "a//b", "./a", "c:a", "a\\b", "a/", "a\nb"] {
            assert_eq!(files.add(path, String::new()), Err(FileError::Path(path.to_owned())));
        }
    }
}
