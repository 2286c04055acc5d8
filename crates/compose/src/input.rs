//! What is given to be composed, and how inputs are told apart by name.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path};

use indexmap::IndexMap;
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
    let endings = Endings::of(&words);
    let mut names: Vec<String> = words.iter().map(|own| endings.shortest(own)).collect();
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut same: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (at, name) in names.iter().enumerate() {
        same.entry(name.clone()).or_default().push(at);
    }
    for (name, mut twins) in same {
        twins.sort_by_key(|&twin| paths[twin]);
        let mut number = 2;
        for &twin in twins.iter().skip(1) {
            let numbered = std::iter::repeat_with(|| {
                number += 1;
                format!("{name}-{}", number - 1)
            });
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

/// The ends of all paths, innermost word first, each with the one path that has it;
/// nothing where several have it.
struct Endings<'w>(HashMap<&'w [String], Option<&'w [String]>>);

impl<'w> Endings<'w> {
    fn of(all: &'w [Vec<String>]) -> Endings<'w> {
        let mut endings: HashMap<&[String], Option<&[String]>> = HashMap::new();
        for words in all {
            for depth in 1..=words.len() {
                let only = endings.entry(&words[..depth]).or_insert(Some(words));
                if only.is_some_and(|only| only != words) {
                    *only = None;
                }
            }
        }
        Endings(endings)
    }

    /// As many words as tell a path from all others.
    fn shortest(&self, own: &[String]) -> String {
        let only = |depth: &usize| self.0.get(&own[..*depth]).is_some_and(Option::is_some);
        let depth = (1..=own.len()).find(only).unwrap_or(own.len());
        let words: Vec<&str> = own[..depth].iter().rev().map(String::as_str).collect();
        words.join("/")
    }
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
