//! What is given to be composed, and how inputs are told apart by name.

use std::collections::HashSet;
use std::path::{Component, Path};

use joggle_load::Bytes;

/// One component to be linked.
#[derive(Clone)]
pub struct Input {
    /// The name it goes by in options, reports and the result.
    pub name: String,
    /// The name of its file, without folders; recorded in the result.
    pub file_name: String,
    /// The path as it was given, for diagnostics.
    pub shown: String,
    /// The component's bytes.
    pub bytes: Bytes,
}

impl Input {
    /// An input out of bytes that are not a file's.
    #[must_use]
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Input {
        Input {
            name: name.to_owned(),
            file_name: format!("{name}.wasm"),
            shown: format!("{name}.wasm"),
            bytes: Bytes::from(bytes),
        }
    }
}

/// Names inputs by file stem. Equal stems are told apart by as many folder
/// names as it takes (`old/auth` and `new/auth`); the same path given twice is numbered.
///
/// The names do not depend on the order of the paths.
#[must_use]
pub fn names_of(paths: &[&Path]) -> Vec<String> {
    let words: Vec<Vec<String>> = paths.iter().map(|path| words_of(path)).collect();
    let mut names: Vec<String> = (0..words.len()).map(|at| shortest(&words, at)).collect();
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    for at in 0..names.len() {
        let mut twins: Vec<usize> = (at..names.len()).filter(|&o| names[o] == names[at]).collect();
        twins.sort_by_key(|&twin| paths[twin]);
        for &twin in twins.iter().skip(1) {
            let numbered = (2..).map(|number| format!("{}-{number}", names[at]));
            let free = numbered.filter(|name| !taken.contains(name)).take(1);
            names[twin] = free.collect();
            taken.insert(names[twin].clone());
        }
    }
    names
}

/// The stem and its folders, innermost first.
fn words_of(path: &Path) -> Vec<String> {
    let mut words: Vec<String> = path
        .with_extension("")
        .components()
        .filter_map(|part| match part {
            Component::Normal(word) => Some(plain(&word.to_string_lossy())),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect();
    words.reverse();
    if words.is_empty() {
        words.push("stdin".to_owned());
    }
    words
}

/// `:` and `=` separate the parts of an option, so no name holds them.
fn plain(word: &str) -> String {
    if word == "-" { "stdin".to_owned() } else { word.replace([':', '='], "-") }
}

fn shortest(all: &[Vec<String>], at: usize) -> String {
    let own = &all[at];
    let spelled = |depth: usize| -> String {
        let mut words: Vec<&str> = own.iter().take(depth).map(String::as_str).collect();
        words.reverse();
        words.join("/")
    };
    for depth in 1..=own.len() {
        let unique = all.iter().enumerate().all(|(other, words)| {
            other == at || words.get(..depth) != own.get(..depth) || words == own
        });
        if unique {
            return spelled(depth);
        }
    }
    spelled(own.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        let paths: Vec<&Path> = paths.iter().map(Path::new).collect();
        names_of(&paths)
    }

    #[test]
    fn stems_name_inputs() {
        assert_eq!(names(&["a/auth.wasm", "calc.component.wasm"]), ["auth", "calc.component"]);
    }

    #[test]
    fn equal_stems_are_told_apart_by_folder() {
        assert_eq!(names(&["x/a.wasm", "y/a.wasm", "b.wasm"]), ["x/a", "y/a", "b"]);
        assert_eq!(names(&["p/x/a.wasm", "q/x/a.wasm"]), ["p/x/a", "q/x/a"]);
    }

    #[test]
    fn the_same_path_twice_is_numbered() {
        assert_eq!(names(&["a.wasm", "a.wasm"]), ["a", "a-2"]);
    }

    #[test]
    fn the_order_of_paths_does_not_matter() {
        assert_eq!(names(&["./x.wasm", "../x.wasm"]), ["x", "x-2"]);
        assert_eq!(names(&["../x.wasm", "./x.wasm"]), ["x-2", "x"]);
        assert_eq!(names(&["a-2.wasm", "a.wasm", "a.wasm"]), ["a-2", "a", "a-3"]);
        assert_eq!(names(&["a.wasm", "a.wasm", "a-2.wasm"]), ["a", "a-3", "a-2"]);
    }

    #[test]
    fn separators_of_options_never_occur_in_names() {
        assert_eq!(names(&["a:b=c.wasm"]), ["a-b-c"]);
    }
}
