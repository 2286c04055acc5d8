//! Names as words, and the ways of joining them. Keywords and collisions are left to `scope`.

use std::fmt;

/// A name out of WIT, as its words: `HTTP-server` is `http` and `server`.
///
/// WIT names are ASCII letters and digits in words joined by `-`, each word in one case.
/// That the case of a word is lost is what makes names collide, and what `scope` settles.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    words: Vec<String>,
    /// Written behind the last word without a separator: the version of a package.
    tail: String,
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// `http_server`
    Snake,
    /// `HTTP_SERVER`
    ScreamingSnake,
    /// `HttpServer`
    Pascal,
    /// `httpServer`
    Camel,
    /// `http-server`
    Kebab,
}

impl Name {
    /// The words of a kebab name. Whatever is no ASCII letter or digit parts words.
    #[must_use]
    pub fn new(kebab: &str) -> Name {
        let words = kebab
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        Name { words, tail: String::new() }
    }

    /// The name of a package of which several versions take part: `http` and `0.2.0` are
    /// `http0_2_0`, in every case.
    #[must_use]
    pub fn with_version(mut self, version: &semver::Version) -> Name {
        let version = version.to_string().to_ascii_lowercase();
        let parts: Vec<&str> = version
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        self.tail = parts.join("_");
        self
    }

    /// The words of `kebab`, then those of this name: `guest` before `file` is `guest-file`.
    #[must_use]
    pub fn after(mut self, kebab: &str) -> Name {
        let mut words = Name::new(kebab).words;
        words.append(&mut self.words);
        self.words = words;
        self
    }

    /// The words of this name, then those of `kebab`: `file` and `borrow` is `file-borrow`.
    #[must_use]
    pub fn before(mut self, kebab: &str) -> Name {
        self.words.append(&mut Name::new(kebab).words);
        self
    }

    /// The words, in lower case.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The name in this case, with no regard to keywords.
    #[must_use]
    pub fn spell(&self, case: Case) -> String {
        let mut text = String::new();
        for (index, word) in self.words.iter().enumerate() {
            let first = index == 0;
            match case {
                Case::Snake | Case::ScreamingSnake if !first => text.push('_'),
                Case::Kebab if !first => text.push('-'),
                Case::Snake | Case::ScreamingSnake | Case::Kebab | Case::Pascal | Case::Camel => {}
            }
            match case {
                Case::Snake | Case::Kebab => text.push_str(word),
                Case::Camel if first => text.push_str(word),
                Case::ScreamingSnake => text.push_str(&word.to_ascii_uppercase()),
                Case::Pascal | Case::Camel => {
                    let (head, rest) = word.split_at(1);
                    text.push_str(&head.to_ascii_uppercase());
                    text.push_str(rest);
                }
            }
        }
        text.push_str(&self.tail);
        text
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spell(Case::Kebab))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_each_case_says() {
        let name = Name::new("HTTP-server-2b");
        assert_eq!(name.spell(Case::Snake), "http_server_2b");
        assert_eq!(name.spell(Case::ScreamingSnake), "HTTP_SERVER_2B");
        assert_eq!(name.spell(Case::Pascal), "HttpServer2b");
        assert_eq!(name.spell(Case::Camel), "httpServer2b");
        assert_eq!(name.spell(Case::Kebab), "http-server-2b");
        assert_eq!(name.to_string(), "http-server-2b");
    }

    #[test]
    fn words_are_added_on_both_sides() {
        let name = Name::new("file").after("guest").before("borrow");
        assert_eq!(name.spell(Case::Pascal), "GuestFileBorrow");
    }

    #[test]
    fn a_version_is_part_of_the_last_word() {
        let version = |text: &str| {
            let version = semver::Version::parse(text).expect("a version");
            Name::new("my-http").with_version(&version).spell(Case::Snake)
        };
        assert_eq!(version("0.2.0"), "my_http0_2_0");
        assert_eq!(version("0.3.0-rc-2026-03-15"), "my_http0_3_0_rc_2026_03_15");
        assert_eq!(version("1.0.0-RC.1+b7"), "my_http1_0_0_rc_1_b7");
    }
}
