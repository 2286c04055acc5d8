//! The text of a file while its mistakes are mended one after the other: the
//! mended copy, and for each of its bytes where it stood in the original.
//! What to change is decided elsewhere.

use std::ops::Range;
use std::sync::Arc;

use crate::wit::tokens::without_empty_comments;

/// A file, as given and as mended so far.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The name to show.
    pub name: String,
    /// As given.
    pub original: Arc<str>,
    /// As mended.
    pub current: String,
    /// The original offset of each byte of `current`.
    origin: Vec<u32>,
}

/// A change of the mended copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What goes, in the mended copy.
    pub at: Range<usize>,
    /// What comes in its place.
    pub with: String,
}

impl Edit {
    /// Puts `with` at an offset.
    pub(crate) fn insert(at: usize, with: impl Into<String>) -> Edit {
        Edit { at: at..at, with: with.into() }
    }

    /// Puts `with` in the place of a range.
    pub(crate) fn replace(at: Range<usize>, with: impl Into<String>) -> Edit {
        Edit { at, with: with.into() }
    }
}

impl Text {
    pub(crate) fn new(name: impl Into<String>, original: impl Into<Arc<str>>) -> Text {
        let original = original.into();
        let length = u32::try_from(original.len()).unwrap_or(u32::MAX);
        Text {
            name: name.into(),
            current: without_empty_comments(&original),
            origin: (0..length).collect(),
            original,
        }
    }

    /// Applies changes, the last one first so that the others keep their place.
    /// Changes that overlap an applied one, or that cut a character, are left out.
    pub(crate) fn apply(&mut self, mut edits: Vec<Edit>) -> bool {
        edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
        edits.dedup();
        let mut limit = self.current.len();
        let mut changed = false;
        for edit in edits.into_iter().rev() {
            let Range { start, end } = edit.at;
            let fits = start <= end
                && end <= limit
                && self.current.is_char_boundary(start)
                && self.current.is_char_boundary(end);
            if !fits || self.current.get(start..end) == Some(edit.with.as_str()) {
                continue;
            }
            let first = self.original_offset(start);
            let last = if end > start { self.original_offset(end - 1) } else { first };
            let length = edit.with.len();
            // New text stands for all of what it replaces: its ends meet those.
            let fresh = (0..length)
                .map(|k| if k + 1 == length { last } else { last.min(first + k) })
                .map(|offset| u32::try_from(offset).unwrap_or(u32::MAX));
            self.origin.splice(start..end, fresh);
            self.current.replace_range(start..end, &edit.with);
            limit = start;
            changed = true;
        }
        changed
    }

    /// Where an offset of the mended copy stood in the original.
    pub(crate) fn original_offset(&self, at: usize) -> usize {
        match self.origin.get(at) {
            Some(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            None => self.original.len(),
        }
    }

    /// The part of the original that a range of the mended copy stands for.
    pub(crate) fn original_span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.original_offset(range.start).min(self.original.len());
        if range.end <= range.start {
            return start..start;
        }
        let end = self.original_offset(range.end - 1) + 1;
        let mut end = end.clamp(start, self.original.len());
        while !self.original.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }
}

/// Blanks of the same length and lines as a piece of text.
pub(crate) fn blanks(text: &str) -> String {
    text.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_point_into_the_original_after_several_changes() {
        let mut text = Text::new("a", "one two three");
        assert!(text.apply(vec![Edit::replace(0..3, "fifteen"), Edit::insert(7, ";")]));
        assert_eq!(text.current, "fifteen two; three");
        let at = text.current.find("three").unwrap_or_default();
        assert_eq!(text.original_span(at..at + 5), 8..13);
        assert!(text.apply(vec![Edit::replace(at..at + 5, "3")]));
        assert_eq!(text.current, "fifteen two; 3");
        assert_eq!(text.original_span(0..7), 0..3);
        assert_eq!(text.original_span(8..11), 4..7);
        assert_eq!(text.original_offset(99), 13);
    }

    #[test]
    fn a_change_that_does_not_fit_is_left_out() {
        let mut text = Text::new("a", "ö");
        assert!(!text.apply(vec![Edit::insert(1, "x"), Edit::replace(5..9, "")]));
        assert_eq!(text.current, "ö");
    }
}
