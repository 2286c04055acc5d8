//! Calls of macros, and the marks of comments, which look like calls.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Macro, MacroDelimiter, Token};

use super::lists::{BRACKETS, Element, PARENTHESES, list};
use super::room::{Room, WIDTH, line_break, width};
use super::types;

/// The name of the mark that `ir::comment` makes.
const COMMENT: &str = "__comment";

/// The lines of a comment, if that is what a call stands for.
pub(super) fn comment(call: &Macro, indent: usize) -> Option<String> {
    if !call.path.is_ident(COMMENT) {
        return None;
    }
    let text = syn::parse2::<syn::LitStr>(call.tokens.clone()).ok()?.value();
    Some(comment_lines(&text, indent))
}

/// Text as `//` lines, wrapped.
pub(super) fn comment_lines(text: &str, indent: usize) -> String {
    let room = WIDTH.saturating_sub(indent + 3);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::from("//");
        for word in paragraph.split_whitespace() {
            if line.len() > 2 && width(&line) + width(word) > room + 2 {
                lines.push(std::mem::replace(&mut line, String::from("//")));
            }
            line.push(' ');
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join(&line_break(indent))
}

/// A call of a macro whose arguments are expressions.
pub(super) fn call(call: &Macro, room: Room) -> Option<String> {
    let head = format!("{}!", types::path(None, &call.path, false, types::wide())?);
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
    let ends = match call.delimiter {
        MacroDelimiter::Paren(_) => PARENTHESES,
        MacroDelimiter::Bracket(_) => BRACKETS,
        MacroDelimiter::Brace(_) => {
            return Some(format!("{head} {{ {} }}", super::spaced(&call.tokens)));
        }
    };
    match arguments {
        Ok(arguments) => {
            let items: Vec<_> = arguments.iter().map(Element::Expr).collect();
            list(&head, &items, ends, room)
        }
        Err(_) => Some(format!("{head}{}{}{}", ends.open, super::spaced(&call.tokens), ends.close)),
    }
}
