//! The syntax of WAVE as a tree that keeps where everything stands. The tree
//! knows no types: giving it one is left to `wave`, calls around values to
//! `script`.
//!
//! Beyond WAVE there are handles, `bucket#1`, and names, which look like cases.

use std::ops::Range;

/// How deep values may be nested. Types are never nested deeper than that.
const DEEPEST: usize = 100;

/// A value as it is written. Offsets are in bytes of the whole text.
#[derive(Debug)]
pub(crate) struct Node {
    pub span: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// As it is written.
    Number(String),
    /// A keyword, a case without a payload, or a bound name.
    Word(Word),
    Char(char),
    Text(String),
    List(Vec<Node>),
    Tuple(Vec<Node>),
    /// Fields with their values.
    Record(Vec<(Word, Node)>),
    /// Names in braces; `{}` is one of none.
    Flags(Vec<Word>),
    /// A case with what it holds.
    Case(Word, Box<Node>),
    /// `bucket#1`.
    Handle(String, u32),
}

/// A word, which a `%` before it keeps from being a keyword or a name.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub text: String,
    pub marked: bool,
    pub span: Range<usize>,
}

/// What is wrong with the text, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub span: Range<usize>,
    pub label: String,
}

/// Reads a text from its begin to its end.
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, at: usize) -> Cursor<'a> {
        Cursor { text, at, depth: 0 }
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(crate) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// What stands here is not what belongs here.
    pub(crate) fn unexpected(&self, wanted: &str) -> Fault {
        match self.peek() {
            Some(found) => Fault {
                span: self.at..self.at + found.len_utf8(),
                label: format!("{wanted} belongs here"),
            },
            None => self.missing(),
        }
    }

    /// An end has no width to be shown: the last character stands for it.
    fn missing(&self) -> Fault {
        let text = self.text.trim_end();
        let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
        Fault { span: last..text.len(), label: "something is missing after this".to_owned() }
    }

    /// Blanks, line ends and comments between the parts of a value.
    pub(crate) fn skip(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if self.rest().starts_with("//") || self.rest().starts_with('#') {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else {
                return;
            }
        }
    }

    /// Values in parentheses; the cursor stands before the opening one.
    pub(crate) fn arguments(&mut self) -> Result<Vec<Node>, Fault> {
        if !self.eat("(") {
            return Err(self.unexpected("`(`"));
        }
        self.sequence(')', "`,` or `)`", Cursor::value)
    }

    /// Items with commas between them, and maybe one after the last.
    fn sequence<T>(
        &mut self,
        close: char,
        wanted: &str,
        mut item: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.peek() == Some(close) {
                self.bump();
                return Ok(items);
            }
            items.push(item(self)?);
            self.skip();
            if !self.eat(",") && self.peek() != Some(close) {
                return Err(self.unexpected(wanted));
            }
        }
    }

    pub(crate) fn value(&mut self) -> Result<Node, Fault> {
        if self.depth == DEEPEST {
            let deep = "values are not nested as deep as this".to_owned();
            return Err(Fault { label: deep, ..self.unexpected("less") });
        }
        self.depth += 1;
        let start = self.at;
        let kind = self.kind();
        self.depth -= 1;
        Ok(Node { kind: kind?, span: start..self.at })
    }

    fn kind(&mut self) -> Result<Kind, Fault> {
        match self.peek() {
            None => Err(self.missing()),
            Some('[') => {
                self.bump();
                Ok(Kind::List(self.sequence(']', "`,` or `]`", Cursor::value)?))
            }
            Some('(') => {
                self.bump();
                Ok(Kind::Tuple(self.sequence(')', "`,` or `)`", Cursor::value)?))
            }
            Some('{') => self.braces(),
            Some('"') => self.string().map(Kind::Text),
            Some('\'') => self.char().map(Kind::Char),
            Some('-' | '0'..='9') => self.number(),
            Some('%' | 'a'..='z' | 'A'..='Z' | '_') => self.worded(),
            Some(_) => Err(self.unexpected("a value")),
        }
    }

    /// A word and what may be attached to it.
    fn worded(&mut self) -> Result<Kind, Fault> {
        let word = self.word()?;
        if self.rest().starts_with('#')
            && self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        {
            self.bump();
            let digits = self.at;
            while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                self.bump();
            }
            let number = self.text.get(digits..self.at).and_then(|n| n.parse().ok());
            return match number {
                Some(number) => Ok(Kind::Handle(word.text, number)),
                None => Err(Fault {
                    span: digits..self.at,
                    label: "handles have smaller numbers".to_owned(),
                }),
            };
        }
        if !self.eat("(") {
            return Ok(Kind::Word(word));
        }
        self.skip();
        let payload = self.value()?;
        self.skip();
        if !self.eat(")") {
            return Err(self.unexpected("`)`"));
        }
        Ok(Kind::Case(word, Box::new(payload)))
    }

    pub(crate) fn word(&mut self) -> Result<Word, Fault> {
        let start = self.at;
        let marked = self.eat("%");
        let begin = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            self.bump();
        }
        let text = self.text.get(begin..self.at).unwrap_or_default().to_owned();
        if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            self.at = begin;
            return Err(self.unexpected("a name"));
        }
        Ok(Word { text, marked, span: start..self.at })
    }

    /// A record or flags, which the first colon or its absence tells apart.
    fn braces(&mut self) -> Result<Kind, Fault> {
        self.bump();
        self.skip();
        if self.eat(":") {
            self.skip();
            return if self.eat("}") {
                Ok(Kind::Record(Vec::new()))
            } else {
                Err(self.unexpected("`}`"))
            };
        }
        let items = self.sequence('}', "`,` or `}`", |cursor| {
            let word = cursor.word()?;
            cursor.skip();
            if !cursor.eat(":") {
                return Ok((word, None));
            }
            cursor.skip();
            Ok((word, Some(cursor.value()?)))
        })?;
        let mut fields = Vec::new();
        let mut flags = Vec::new();
        for (word, value) in items {
            match value {
                Some(value) => fields.push((word, value)),
                None => flags.push(word),
            }
        }
        match (fields.is_empty(), flags.first()) {
            (true, _) => Ok(Kind::Flags(flags)),
            (false, None) => Ok(Kind::Record(fields)),
            (false, Some(flag)) => Err(Fault {
                span: flag.span.clone(),
                label: "a field needs a value: `name: value`".to_owned(),
            }),
        }
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        self.eat("-");
        if self.eat("inf") {
            return Ok(Kind::Number("-inf".to_owned()));
        }
        while let Some(c) = self.peek() {
            let sign_of_exponent = matches!(c, '-' | '+')
                && self.text.get(start..self.at).is_some_and(|n| n.ends_with(['e', 'E']));
            if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || sign_of_exponent) {
                break;
            }
            self.bump();
        }
        // Rust reads all that WAVE writes; what it reads beyond is told by the characters.
        let text = self.text.get(start..self.at).unwrap_or_default();
        let digits = text.trim_start_matches('-');
        if text.parse::<f64>().is_err() || !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Fault { span: start..self.at, label: "this is no number".to_owned() });
        }
        Ok(Kind::Number(text.to_owned()))
    }

    fn char(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.bump();
        let value = match self.peek() {
            Some('\'' | '\n') => return Err(self.unexpected("one character")),
            Some('\\') => self.escape()?,
            Some(c) => {
                self.bump();
                c
            }
            None => return Err(self.missing()),
        };
        if self.eat("'") {
            return Ok(value);
        }
        let end = self.rest().find(['\'', '\n']).map_or(self.text.len(), |n| self.at + n);
        let label = "a character is one alone; text stands in `\"`".to_owned();
        Err(Fault { span: start..end, label })
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        if self.eat("\"\"\"") {
            return self.lines(start);
        }
        self.bump();
        let mut value = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.bump();
                    return Ok(value);
                }
                Some('\\') => value.push(self.escape()?),
                Some('\n') | None => {
                    let label = "the closing `\"` is missing".to_owned();
                    return Err(Fault { span: start..self.at, label });
                }
                Some(c) => {
                    self.bump();
                    value.push(c);
                }
            }
        }
    }

    /// A text over several lines, as WAVE has it: the last line's blanks, before
    /// the closing quotes, are taken off every line.
    fn lines(&mut self, start: usize) -> Result<String, Fault> {
        let fault = |end: usize, label: &str| Fault { span: start..end, label: label.to_owned() };
        let begin = self.at;
        let Some(length) = self.rest().find("\"\"\"") else {
            return Err(fault(self.text.len(), "the closing `\"\"\"` is missing"));
        };
        let body = self.text.get(begin..begin + length).unwrap_or_default();
        self.at = begin + length + 3;
        let body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n'));
        let (Some(body), end) = (body, self.at) else {
            return Err(fault(self.at, "the text begins on the line after `\"\"\"`"));
        };
        let (body, indent) = body.rsplit_once('\n').unwrap_or(("", body));
        // What is split off above is half a line end where there are two characters to it.
        let body = body.strip_suffix('\r').unwrap_or(body);
        if !indent.chars().all(|c| c == ' ') {
            return Err(fault(end, "the closing `\"\"\"` stands alone on its line"));
        }
        let mut lines = Vec::new();
        for line in body.lines() {
            match line.strip_prefix(indent) {
                Some(line) => lines.push(line),
                None if line.trim().is_empty() => lines.push(""),
                None => {
                    return Err(fault(end, "a line is indented less than the closing `\"\"\"`"));
                }
            }
        }
        let mut inner = Cursor::new("", 0);
        let text = lines.join("\n");
        inner.text = &text;
        let mut value = String::new();
        while let Some(c) = inner.peek() {
            if c == '\\' {
                value.push(inner.escape().map_err(|f| fault(end, &f.label))?);
            } else {
                inner.bump();
                value.push(c);
            }
        }
        Ok(value)
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.bump();
        let value = match self.bump() {
            Some(c @ ('\\' | '"' | '\'')) => Some(c),
            Some('t') => Some('\t'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('u') if self.eat("{") => {
                let length = self.rest().find('}').unwrap_or(0);
                let digits = self.text.get(self.at..self.at + length).unwrap_or_default();
                self.at += length;
                let closed = self.eat("}");
                let digits = Some(digits).filter(|d| closed && d.len() <= 6 && !d.starts_with('+'));
                digits.and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32)
            }
            Some(_) | None => None,
        };
        value.ok_or_else(|| Fault {
            span: start..self.at,
            label: "no such escape; there are \\\\ \\\" \\' \\t \\n \\r and \\u{…}".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Result<String, String> {
        let mut cursor = Cursor::new(written, 0);
        match cursor.value() {
            Ok(Node { kind: Kind::Text(text), .. }) => Ok(text),
            Ok(node) => Err(format!("{node:?}")),
            Err(fault) => Err(format!("{}..{}: {}", fault.span.start, fault.span.end, fault.label)),
        }
    }

    #[test]
    fn text_has_escapes_and_lines() {
        assert_eq!(text(r#""a\t\"\u{2603}\\""#).as_deref(), Ok("a\t\"☃\\"));
        assert_eq!(
            text("\"\"\"\n  one\n    two\n\n  \\u{41}\n  \"\"\"").as_deref(),
            Ok("one\n  two\n\nA")
        );
        assert_eq!(text("\"\"\"\n\"\"\"").as_deref(), Ok(""));
        assert_eq!(text("\"\"\"\r\n a\r\n b\r\n \"\"\"").as_deref(), Ok("a\nb"));
        for wrong in [
            "\"a",
            "\"a\nb\"",
            r#""\x""#,
            r#""\u{110000}""#,
            r#""\u{41""#,
            "\"\"\"a\"\"\"",
            "\"\"\"\n  a\n b\n  \"\"\"",
            "\"\"\"\n",
            "\"\"\"\na \"\"\"",
        ] {
            assert!(text(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn values_are_told_apart_by_their_form() {
        for (written, form) in [
            ("-1.5e-3", "Number(\"-1.5e-3\")"),
            ("-inf", "Number(\"-inf\")"),
            ("'\\''", "Char('\\'')"),
            ("{:}", "Record([])"),
            ("{}", "Flags([])"),
            ("bucket#12", "Handle(\"bucket\", 12)"),
            ("[ ]", "List([])"),
            ("( // nothing\n )", "Tuple([])"),
        ] {
            let mut cursor = Cursor::new(written, 0);
            let node = cursor.value().map(|node| format!("{:?}", node.kind));
            assert_eq!(node.as_deref().ok(), Some(form), "{written}");
            assert_eq!(cursor.at, written.len(), "{written}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for wrong in [
            "",
            "-",
            "1e",
            "--1",
            "1.2.3",
            "''",
            "'ab'",
            "'",
            "[1",
            "[1 2]",
            "(1,",
            "{a: }",
            "{a: 1, b}",
            "{1}",
            "a(",
            "a()",
            "#1",
            "☃",
            "bucket#99999999999",
            "%",
            "{a",
        ] {
            let fault = Cursor::new(wrong, 0).value().err();
            let fault = fault.unwrap_or_else(|| panic!("{wrong} is taken"));
            assert!(wrong.get(fault.span).is_some(), "{wrong}: the place is no part of the text");
        }
        let deep = "[".repeat(10_000);
        assert!(Cursor::new(&deep, 0).value().is_err());
    }
}
