//! The syntax of a script: calls, one a line, whose results may be bound to
//! names. What they do is left to `script`.
//!
//! A call may go on over several lines inside its parentheses.

use std::ops::Range;

use crate::invoke::syntax::{Call, NotACall};
use crate::value::KEYWORDS;
use crate::wave::syntax::{Cursor, Fault, Kind, Node, Word};

/// One line that does something.
#[derive(Debug)]
pub(crate) struct Statement {
    pub span: Range<usize>,
    pub action: Action,
}

#[derive(Debug)]
pub(crate) enum Action {
    /// `name = call`, or the call alone.
    Call(Option<Word>, Call),
    /// `drop name`.
    Drop(Node),
}

/// All statements of a script, or the first thing in it that is none.
pub(crate) fn statements(text: &str) -> Result<Vec<Statement>, NotAScript> {
    // Some editors begin a file with a byte order mark.
    let begin = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut cursor = Cursor::new(text, begin);
    let mut statements = Vec::new();
    loop {
        cursor.skip();
        if cursor.peek().is_none() {
            return Ok(statements);
        }
        let start = cursor.at;
        let action = cursor.action()?;
        statements.push(Statement { span: start..cursor.at, action });
        cursor.end_of_line()?;
    }
}

/// Why a text is no script.
#[derive(Debug)]
pub(crate) enum NotAScript {
    /// A line is no call.
    Call(NotACall),
    /// Anything else.
    Fault(Fault),
}

impl From<NotACall> for NotAScript {
    fn from(fault: NotACall) -> NotAScript {
        NotAScript::Call(fault)
    }
}

impl From<Fault> for NotAScript {
    fn from(fault: Fault) -> NotAScript {
        NotAScript::Fault(fault)
    }
}

impl Cursor<'_> {
    fn action(&mut self) -> Result<Action, NotAScript> {
        let start = self.at;
        if let Ok(word) = self.word() {
            self.blanks();
            let named = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '%');
            if word.text == "drop" && self.peek().is_some_and(named) {
                let node = self.value()?;
                return match node.kind {
                    Kind::Word(_) | Kind::Handle(..) => Ok(Action::Drop(node)),
                    _ => Err(Fault {
                        span: node.span,
                        label: "a name or a handle belongs here".to_owned(),
                    }
                    .into()),
                };
            }
            if self.eat("=") {
                if KEYWORDS.contains(&word.text.as_str()) {
                    let label = "this is a value and cannot be a name".to_owned();
                    return Err(Fault { span: word.span, label }.into());
                }
                self.blanks();
                return Ok(Action::Call(Some(word), self.call()?));
            }
            self.at = start;
        }
        Ok(Action::Call(None, self.call()?))
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn end_of_line(&mut self) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            None | Some('\n' | '\r' | '#') => Ok(()),
            Some('/') if self.rest().starts_with("//") => Ok(()),
            Some(_) => {
                let end = self.rest().find('\n').map_or(self.text.len(), |n| self.at + n);
                let label = "a call is all that stands on its line".to_owned();
                Err(Fault { span: self.at..end, label })
            }
        }
    }
}
