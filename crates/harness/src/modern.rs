//! Scripts from before mid-2026, which refer to core items without saying so,
//! in today's form of the text. What is outdated and where is told by the
//! parser, whose own switch for it is an environment variable.

use std::borrow::Cow;

use wast::lexer::{Lexer, Token, TokenKind};
use wast::parser::{self, ParseBuffer};
use wast::{Error, Wast};

/// How the parser begins to say that `(realloc (func $f))` is to be
/// `(realloc (core func $f))`.
const NO_CORE: &str = "the `core` keyword is required in this reference";

/// How it begins to say that `(memory $i "m")` is to be `(memory (core memory $i "m"))`.
const BARE_EXPORT: &str = "an export name must be written inside a nested reference";

/// How often a text is mended. Each time it is read again, so this bounds the time.
const MOST: usize = 2_000;

/// A directive in today's form.
pub(crate) fn modern(body: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(body);
    for _ in 0..MOST {
        let Some(mended) = fault(&text).and_then(|error| mended(&text, &error)) else {
            break;
        };
        text = Cow::Owned(mended);
    }
    text
}

/// The first thing that the parser finds wrong.
fn fault(text: &str) -> Option<Error> {
    let buffer = ParseBuffer::new(text).ok()?;
    parser::parse::<Wast<'_>>(&buffer).err()
}

/// The text without this fault, if it is one of being outdated.
fn mended(text: &str, error: &Error) -> Option<String> {
    let at = error.span().offset();
    let message = error.message();
    if message.starts_with(NO_CORE) {
        return Some(with(text, &[(at, "core ")]));
    }
    if !message.starts_with(BARE_EXPORT) {
        return None;
    }
    // `memory $i "m"`: the name is where the parser stopped.
    let tokens = words(text, at)?;
    let [.., sort, index, name] = tokens.as_slice() else { return None };
    let opening = format!("(core {} ", sort.src(text));
    let end = name.offset + name.src(text).len();
    Some(with(text, &[(index.offset, &opening), (end, ")")]))
}

/// The tokens up to the one at an offset, blanks and comments left out.
fn words(text: &str, last: usize) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    for token in Lexer::new(text).iter(0) {
        let token = token.ok()?;
        let blank = matches!(
            token.kind,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment
        );
        if !blank {
            found.push(token);
        }
        if token.offset >= last {
            break;
        }
    }
    Some(found)
}

/// The text with pieces put in at offsets, which ascend.
fn with(text: &str, pieces: &[(usize, &str)]) -> String {
    let mut made = String::with_capacity(text.len() + 32);
    let mut done = 0;
    for (at, piece) in pieces {
        made.push_str(text.get(done..*at).unwrap_or_default());
        made.push_str(piece);
        done = *at;
    }
    made.push_str(text.get(done..).unwrap_or_default());
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "(component
        (core module $m (func (export \"f\")) (memory (export \"m\") 1)
          (func (export \"r\") (param i32 i32 i32 i32) (result i32) unreachable))
        (core instance $i (instantiate $m))
        (alias core export $i \"r\" (core func $r))
        (func (export \"f\") (param \"s\" string)
          (canon lift (core func $i \"f\") (memory $i (; of ;) \"m\") (realloc (func $i \"r\")))))";

    #[test]
    fn outdated_references_are_rewritten_and_nothing_else() {
        let text = modern(OLD);
        assert!(text.contains("(memory (core memory $i (; of ;) \"m\"))"), "{text}");
        assert!(text.contains("(realloc (core func $i \"r\"))"), "{text}");
        assert!(text.contains("(canon lift (core func $i \"f\")"), "{text}");
        // It can end in two ways only: it is understood, or something else is wrong with it.
        assert!(fault(&text).is_none(), "{:?}", fault(&text).map(|error| error.message()));
    }

    #[test]
    fn what_is_wrong_otherwise_is_left_alone() {
        for text in [
            "(component (canon lift))",
            "(component",
            "(module)",
            "(component (memory 0 \"m\"))",
            "",
        ] {
            assert_eq!(modern(text), text);
        }
    }
}
