//! The syntax of a call: `interface#function(arguments)`, and calls of methods
//! on what it returned. What the names mean is left to `invoke`.

use std::ops::Range;

use crate::wave::syntax::{Cursor, Fault, Node, Word};

/// A function and its arguments. Offsets are in bytes of the whole text.
#[derive(Debug)]
pub(crate) struct Call {
    pub head: Head,
    pub arguments: Arguments,
    /// Methods called on the result, one after the other.
    pub then: Vec<(Word, Arguments)>,
}

/// The name of what is called.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub interface: Option<String>,
    pub function: String,
    pub span: Range<usize>,
}

impl Head {
    /// As it is written.
    pub(crate) fn named(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.function),
            None => self.function.clone(),
        }
    }
}

/// Values in parentheses.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub nodes: Vec<Node>,
    /// With the parentheses.
    pub span: Range<usize>,
}

/// Why a text is no call.
#[derive(Debug)]
pub(crate) enum NotACall {
    /// There are no parentheses after this.
    NoArguments(Range<usize>),
    /// Something is wrong after this name.
    Fault(Head, Fault),
}

impl Cursor<'_> {
    /// A call from here on; blanks before it are skipped.
    pub(crate) fn call(&mut self) -> Result<Call, NotACall> {
        let head = self.head()?;
        let fault = |fault| NotACall::Fault(head.clone(), fault);
        let arguments = self.parenthesized().map_err(fault)?;
        let mut then = Vec::new();
        while self.eat(".") {
            let method = self.word().map_err(fault)?;
            then.push((method, self.parenthesized().map_err(fault)?));
        }
        Ok(Call { head, arguments, then })
    }

    /// Everything up to the parenthesis, which must stand on the same line.
    fn head(&mut self) -> Result<Head, NotACall> {
        let line = self.rest().lines().next().unwrap_or_default();
        let Some(paren) = line.find('(') else {
            return Err(NotACall::NoArguments(self.at..self.at + line.trim_end().len()));
        };
        let head = line.get(..paren).unwrap_or_default();
        let start = self.at + head.len() - head.trim_start().len();
        let trimmed = head.trim();
        self.at += paren;
        let (interface, function) = match trimmed.rsplit_once('#') {
            Some((interface, function)) => (Some(interface.to_owned()), function),
            None => (None, trimmed),
        };
        // WIT marks a name that is one of its keywords so.
        let function = function.strip_prefix('%').unwrap_or(function).to_owned();
        Ok(Head { interface, function, span: start..start + trimmed.len() })
    }

    fn parenthesized(&mut self) -> Result<Arguments, Fault> {
        let start = self.at;
        let nodes = self.arguments()?;
        Ok(Arguments { nodes, span: start..self.at })
    }
}
