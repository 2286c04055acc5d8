//! Text out of foreign files, made harmless for a terminal: no escape sequence
//! and no character that turns the direction of writing reaches it. Where to use
//! this is left to those who show something.

use std::borrow::Cow;

/// The text with everything that a terminal would obey written out, as `\u{1b}`.
///
/// Ends of lines and tabs stay: messages are made of lines.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if commands(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// A name for one line: ends of lines and tabs are written out, too.
#[must_use]
pub fn visible_name(name: &str) -> String {
    visible(name).replace('\n', "\\n").replace('\t', "\\t")
}

/// The text with stand-ins of the same length in bytes, so that places in it stay.
pub(crate) fn masked(text: &str) -> Option<String> {
    text.contains(commands).then(|| {
        let mut masked = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            // Lines may end as they do on Windows.
            let ends_line = character == '\r' && characters.peek() == Some(&'\n');
            masked.push(match character.len_utf8() {
                _ if ends_line || !commands(character) => character,
                1 => '?',
                2 => '¿',
                _ => char::REPLACEMENT_CHARACTER,
            });
        }
        masked
    })
}

/// Whether a terminal takes the character for a command, or writes on in another direction.
fn commands(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_written_out_and_places_stay() {
        assert_eq!(visible("größe\n\ta"), "größe\n\ta");
        assert_eq!(visible("\u{1b}[31m\r\u{9b}\u{202e}"), "\\u{1b}[31m\\u{d}\\u{9b}\\u{202e}");
        assert_eq!(visible_name("a\nb\tc\u{7}"), "a\\nb\\tc\\u{7}");
        assert_eq!(masked("ä\n"), None);
        let text = "\u{1b}\u{9b}\u{202e}ä\r\n\r";
        let masked = masked(text).unwrap_or_default();
        assert_eq!(masked, "?¿\u{fffd}ä\r\n?");
        assert_eq!(masked.len(), text.len());
    }
}
