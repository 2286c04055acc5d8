//! `bindgen --check`: whether the files on disk are what would be generated.

use std::io::ErrorKind;
use std::path::Path;

use joggle_diag::{Source, source};
use joggle_load::LoadError;
use miette::{Diagnostic, SourceSpan};
use serde::Serialize;
use thiserror::Error;

use super::{Bindings, Failure, Format};
use crate::exit::Outcome;
use crate::output::plain;
use crate::render::Screen;

/// A file that is not what would be generated.
#[derive(Debug, Error, Diagnostic)]
enum Stale {
    /// It is not there.
    #[error("`{path}` is missing")]
    #[diagnostic(code("bindgen::missing"), help("write it: the same command without --check"))]
    Missing { path: String },
    /// It is there, and says something else.
    #[error("`{path}` is not what would be generated")]
    #[diagnostic(
        code("bindgen::out-of-date"),
        help("write it again: the same command without --check")
    )]
    Changed {
        path: String,
        #[source_code]
        text: Source,
        #[label("{wanted}")]
        at: SourceSpan,
        wanted: String,
    },
}

/// Everything is up to date, for machines.
#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    language: &'static str,
    world: &'a str,
    up_to_date: Vec<String>,
}

/// Compares all files; every one that differs is a problem.
pub fn check(bindings: &Bindings, format: Format, screen: &Screen) -> Result<(), Failure> {
    let mut stale = Vec::new();
    let mut same = Vec::new();
    for (path, text) in bindings.placed() {
        match compare(&path, text).map_err(Failure::unknown)? {
            None => same.push(path.display().to_string()),
            Some(problem) => stale.push(problem),
        }
    }
    if !stale.is_empty() {
        return Err(Failure::all(Outcome::No, stale));
    }
    match format {
        Format::Json => screen.json(&Document {
            schema_version: 1,
            language: bindings.language.id,
            world: &bindings.world,
            up_to_date: same,
        }),
        Format::Text if screen.is_quiet() => {}
        Format::Text => {
            for path in same {
                screen.line(&format!("{}  {}", screen.bold(&path), screen.dim("up to date")));
            }
        }
    }
    Ok(())
}

fn compare(path: &Path, wanted: &str) -> Result<Option<Stale>, LoadError> {
    let shown = path.display().to_string();
    let found = match std::fs::read(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Some(Stale::Missing { path: shown }));
        }
        Err(error) => {
            return Err(LoadError::Unreadable { name: shown, reason: plain(&error) });
        }
    };
    if found == wanted.as_bytes() {
        return Ok(None);
    }
    let found = String::from_utf8_lossy(&found).into_owned();
    let (at, wanted) = difference(&found, wanted);
    Ok(Some(Stale::Changed { text: source(&shown, found), path: shown, at, wanted }))
}

/// The first line that differs, and what should stand there.
fn difference(found: &str, wanted: &str) -> (SourceSpan, String) {
    let mut lines = wanted.split_inclusive('\n');
    let mut offset = 0;
    for line in found.split_inclusive('\n') {
        let expected = lines.next();
        if expected != Some(line) {
            let text = line.trim_end_matches('\n');
            // Indentation is underlined only where it is what differs.
            let indent = match expected {
                Some(expected) if expected.trim() != text.trim() => {
                    text.len() - text.trim_start().len()
                }
                Some(_) | None => 0,
            };
            let (offset, length) = (offset + indent, text.len() - indent);
            let said = match expected.map(str::trim) {
                None => "nothing should follow here".to_owned(),
                Some("") => "should be an empty line".to_owned(),
                Some(text) if text == line.trim() => {
                    "other white space should stand here".to_owned()
                }
                Some(text) => format!("should be `{}`", shortened(text)),
            };
            return ((offset, length).into(), said);
        }
        offset += line.len();
    }
    let said = match lines.count() {
        1 => "one more line should follow".to_owned(),
        missing => format!("{missing} more lines should follow"),
    };
    ((offset, 0).into(), said)
}

/// A line as long as one can read beside another.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 80;
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let start: String = line.chars().take(LONGEST).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        let told = |found: &str, wanted: &str| {
            let (at, said) = difference(found, wanted);
            format!("{}+{} {said}", at.offset(), at.len())
        };
        assert_eq!(told("a\nb\nc\n", "a\nx\nc\n"), "2+1 should be `x`");
        assert_eq!(told("a\n  b\n", "a\n  x\n"), "4+1 should be `x`");
        assert_eq!(told("a\n", "a\nb\nc\n"), "2+0 2 more lines should follow");
        assert_eq!(told("a\n", "a\nb\n"), "2+0 one more line should follow");
        assert_eq!(told("a\nb\n", "a\n"), "2+1 nothing should follow here");
        assert_eq!(told("a\nb\n", "a\n\nb\n"), "2+1 should be an empty line");
        assert_eq!(told("a\n  b\n", "a\n    b\n"), "2+3 other white space should stand here");
        assert_eq!(told("a\r\n", "a\n"), "0+2 other white space should stand here");
        assert_eq!(told("a", "a\n"), "0+1 other white space should stand here");
    }
}
