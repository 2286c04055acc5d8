//! Words and punctuation of a WIT text, to look around the place of a mistake:
//! what stands before it, which braces enclose it, where its statement ends.
//! This is no parser; whether the text is WIT is asked of wit-parser alone.

use std::ops::Range;

/// A word, a single punctuation character, or a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// What a pair of braces encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// No braces, or those of a `package`.
    Top,
    /// An interface, named or within a world.
    Interface,
    /// A world.
    World,
    /// Fields, cases or flags: a list with commas.
    List,
    /// The functions of a resource.
    Resource,
    /// The names of a `use`, or of an `include … with`.
    Names,
    /// Something that is not WIT.
    Unknown,
}

/// A text with its tokens.
#[derive(Debug)]
pub(crate) struct View<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens, without blanks and comments.
    pub tokens: Vec<Token>,
}

impl<'a> View<'a> {
    pub(crate) fn new(text: &'a str) -> View<'a> {
        View { text, tokens: scan(text) }
    }

    /// The text of a token; empty when there is no such token.
    pub(crate) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).and_then(|t| self.text.get(t.start..t.end)).unwrap_or_default()
    }

    /// The token before, if any, as text.
    pub(crate) fn before(&self, index: usize) -> &'a str {
        index.checked_sub(1).map_or("", |i| self.word(i))
    }

    /// The first token that does not end before `offset`; one past the last at the end.
    pub(crate) fn at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|t| t.end <= offset)
    }

    /// Where a token stands; the end of the text when there is no such token.
    pub(crate) fn span(&self, index: usize) -> Range<usize> {
        self.tokens.get(index).map_or(self.text.len()..self.text.len(), |t| t.start..t.end)
    }

    /// Where the token before this one ends.
    pub(crate) fn end_before(&self, index: usize) -> usize {
        match index.checked_sub(1).and_then(|i| self.tokens.get(i)) {
            Some(token) => token.end,
            None => 0,
        }
    }

    /// Whether a line ends between this token and the one before.
    pub(crate) fn begins_line(&self, index: usize) -> bool {
        index == 0
            || self
                .text
                .get(self.end_before(index)..self.span(index).start)
                .is_none_or(|gap| gap.contains('\n'))
    }

    /// The open braces around a token, the outermost first.
    pub(crate) fn enclosing(&self, index: usize) -> Vec<usize> {
        let mut open = Vec::new();
        for i in 0..index.min(self.tokens.len()) {
            match self.word(i) {
                "{" => open.push(i),
                "}" => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// What the innermost braces around a token enclose.
    pub(crate) fn scope(&self, index: usize) -> Scope {
        match self.enclosing(index).last() {
            Some(&open) => self.scope_of(open),
            None => Scope::Top,
        }
    }

    /// What the braces that open at `open` enclose.
    pub(crate) fn scope_of(&self, open: usize) -> Scope {
        let mut start = open;
        while start > 0 && !matches!(self.before(start), ";" | "{" | "}" | ",") {
            start -= 1;
        }
        let words = || (start..open).map(|i| self.word(i));
        for word in words() {
            match word {
                "world" => return Scope::World,
                "package" => return Scope::Top,
                "record" | "variant" | "enum" | "flags" => return Scope::List,
                "resource" => return Scope::Resource,
                "use" | "with" => return Scope::Names,
                "interface" => return Scope::Interface,
                _ => {}
            }
        }
        Scope::Unknown
    }

    /// The closing brace that belongs to the opening one at `open`.
    pub(crate) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for i in open..self.tokens.len() {
            match self.word(i) {
                "{" => depth += 1,
                "}" => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The tokens of the statement around a token, inside its innermost braces:
    /// up to `;`, the end of a block, or in lists up to `,`; without the end of the scope.
    pub(crate) fn statement(&self, index: usize) -> Range<usize> {
        let open = self.enclosing(index).last().copied();
        let list = open.is_some_and(|o| self.scope_of(o) == Scope::List);
        let mut start = open.map_or(0, |o| o + 1);
        let mut i = start;
        while i < self.tokens.len() {
            let mut ends = false;
            match self.word(i) {
                ";" => ends = true,
                "," if list => ends = true,
                "{" => {
                    let names = self.scope_of(i) == Scope::Names;
                    i = self.closing(i).unwrap_or(self.tokens.len() - 1);
                    ends = !names && self.word(i + 1) != ";";
                }
                "}" => return start..i.max(index.min(i)),
                _ => {}
            }
            i += 1;
            if ends {
                if i > index {
                    return start..i;
                }
                start = i;
            }
        }
        start..self.tokens.len()
    }

    /// The range of text that tokens take.
    pub(crate) fn range(&self, tokens: &Range<usize>) -> Range<usize> {
        if tokens.is_empty() {
            let at = self.span(tokens.start).start;
            return at..at;
        }
        self.span(tokens.start).start..self.span(tokens.end - 1).end
    }

    /// The line that a token stands on, up to its own end.
    pub(crate) fn rest_of_line(&self, index: usize) -> Range<usize> {
        let start = self.span(index).start;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        start..start + rest.get(..length).unwrap_or_default().trim_end().len()
    }

    /// Every place of a word.
    pub(crate) fn all(&self, word: &str) -> Vec<Range<usize>> {
        (0..self.tokens.len()).filter(|&i| self.word(i) == word).map(|i| self.span(i)).collect()
    }
}

/// Whether a token is a word rather than punctuation.
pub(crate) fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '%')
}

fn scan(text: &str) -> Vec<Token> {
    scan_with(text, |_| ())
}

/// The same text with spaces for each `/**/`: wit-parser takes that for documentation, looks for
/// the end behind `/**`, and panics.
pub(crate) fn without_empty_comments(text: &str) -> String {
    const EMPTY: &str = "/**/";
    let mut mended = text.to_owned();
    if text.contains(EMPTY) {
        scan_with(text, |comment| {
            if text.get(comment.clone()) == Some(EMPTY) {
                mended.replace_range(comment, "    ");
            }
        });
    }
    mended
}

fn scan_with(text: &str, mut comment: impl FnMut(Range<usize>)) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let length = if first.is_whitespace() || first == '\u{feff}' {
            rest = &rest[first.len_utf8()..];
            continue;
        } else if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        } else if rest.starts_with("/*") {
            let length = comment_length(rest);
            comment(start..start + length);
            rest = &rest[length..];
            continue;
        } else if first == '"' {
            string_length(rest)
        } else if rest.starts_with("->") {
            2
        } else if first == '%' || is_word(rest) {
            word_length(rest)
        } else {
            first.len_utf8()
        };
        tokens.push(Token { start, end: start + length });
        rest = &rest[length..];
    }
    tokens
}

/// Block comments nest. One without an end goes on to the end of the text.
fn comment_length(text: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    while let Some((at, c)) = chars.next() {
        let continues = if digits {
            c.is_alphanumeric() || c == '_'
        } else {
            c.is_alphanumeric()
                || c == '_'
                || (c == '-' && chars.peek().is_none_or(|(_, next)| *next != '>'))
        };
        if !continues {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let view = View::new(text);
        (0..view.tokens.len()).map(|i| view.word(i)).collect()
    }

    #[test]
    fn words_punctuation_and_comments() {
        assert_eq!(
            words("a-b: func(x: %type)->s32; // c\n/* d /* e */ */ @1.2"),
            ["a-b", ":", "func", "(", "x", ":", "%type", ")", "->", "s32", ";", "@", "1", ".", "2"]
        );
        assert_eq!(words("s32->x"), ["s32", "->", "x"]);
        assert_eq!(words("/* no end"), Vec::<&str>::new());
    }

    #[test]
    fn an_empty_comment_is_blank() {
        let text = "/**/ f /* /**/ */ \"/**/\" // /**/\n/***/ /**/";
        let mended = "     f /* /**/ */ \"/**/\" // /**/\n/***/     ";
        assert_eq!(without_empty_comments(text), mended);
        assert_eq!(words("\"a\\\"b\" c"), ["\"a\\\"b\"", "c"]);
    }

    #[test]
    fn statements_end_where_they_should() {
        let text = "use a.{b}; record r { x: u8, y: u8 } f: func(a: u8, b: u8); g";
        let text = format!("interface i {{ {text} }}");
        let view = View::new(&text);
        let statement = |word: &str| {
            let index = (0..view.tokens.len()).find(|&i| view.word(i) == word);
            let range = view.range(&view.statement(index.unwrap_or(usize::MAX)));
            text[range].to_owned()
        };
        assert_eq!(statement("use"), "use a.{b};");
        assert_eq!(statement("record"), "record r { x: u8, y: u8 }");
        assert_eq!(statement("y"), "y: u8");
        assert_eq!(statement("x"), "x: u8,");
        assert_eq!(statement("f"), "f: func(a: u8, b: u8);");
        assert_eq!(statement("g"), "g");
        assert_eq!(view.scope(view.at(text.find("x:").unwrap_or(0))), Scope::List);
        assert_eq!(view.scope(0), Scope::Top);
    }
}
