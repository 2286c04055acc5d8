//! Calls of macros, and the marks of comments, which look like calls.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ItemMacro, Macro, MacroDelimiter, Token};

use super::attributes;
use super::items;
use super::lists::{BRACKETS, Element, PARENTHESES, list};
use super::memo;
use super::room::{Room, STEP, WIDTH, line_break, width};
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
            memo::temporary(|| list(&head, &items, ends, room))
        }
        Err(_) => Some(format!("{head}{}{}{}", ends.open, super::spaced(&call.tokens), ends.close)),
    }
}

/// A macro that stands as an item: a call, or a definition by rules.
pub(super) fn item(item: &ItemMacro, indent: usize) -> Option<String> {
    let head = attributes::lines(&item.attrs, indent);
    if let Some(name) = &item.ident {
        let rules = rules(&item.mac.tokens, indent + STEP)?;
        let rules = rules.join(&line_break(indent + STEP));
        let (start, end) = (line_break(indent + STEP), line_break(indent));
        return Some(format!("{head}macro_rules! {name} {{{start}{rules}{end}}}"));
    }
    if let MacroDelimiter::Brace(_) = item.mac.delimiter {
        return None;
    }
    let semicolon = if item.semi_token.is_some() { ";" } else { "" };
    Some(format!("{head}{}{semicolon}", call(&item.mac, Room::line(indent).before(1)?)?))
}

/// The rules of a macro, each `(pattern) => { items };`.
fn rules(tokens: &TokenStream, indent: usize) -> Option<Vec<String>> {
    let mut rules = Vec::new();
    let mut pattern = None;
    for token in tokens.clone() {
        let TokenTree::Group(group) = token else { continue };
        let Some(before) = pattern.take() else {
            pattern = Some(group.stream());
            continue;
        };
        let plain = without_variables(group.stream());
        let items = syn::parse2::<syn::File>(plain).ok()?.items;
        let text = with_variables(&items::all(&items, indent + STEP));
        let (start, end) = (line_break(indent + STEP), line_break(indent));
        let pattern = with_variables(&super::spaced(&without_variables(before)));
        // `$name:kind` has no spaces.
        let pattern = pattern.replace(": ", ":");
        rules.push(format!("({pattern}) => {{{start}{text}{end}}};"));
    }
    Some(rules)
}

/// What stands for `$name`, and for `$($name)*`, while items are laid out.
const VARIABLE: &str = "__one_";
const REPEATED: &str = "__all_";

/// Tokens with identifiers in place of variables of a macro, so that they can be parsed.
fn without_variables(tokens: TokenStream) -> TokenStream {
    let mut plain = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '$' => match tokens.next() {
                Some(TokenTree::Ident(name)) => {
                    plain.push(TokenTree::Ident(format_ident!("{VARIABLE}{name}")));
                }
                Some(TokenTree::Group(group)) => {
                    // `$($name)*` or `$($name:tt)*`
                    let text = super::spaced(&group.stream()).replace(['$', ' '], "");
                    let name = text.replace(':', "_of_");
                    plain.push(TokenTree::Ident(Ident::new(
                        &format!("{REPEATED}{name}"),
                        Span::call_site(),
                    )));
                    tokens.next();
                }
                Some(TokenTree::Punct(_) | TokenTree::Literal(_)) | None => {}
            },
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                let inner = without_variables(group.stream());
                plain.push(proc_macro2::Group::new(group.delimiter(), inner).into());
            }
            other => plain.push(other),
        }
    }
    plain.into_iter().collect()
}

/// Text with variables of a macro in place of those identifiers.
fn with_variables(text: &str) -> String {
    let mut finished = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let one = rest.find(VARIABLE).map(|at| (at, VARIABLE));
        let all = rest.find(REPEATED).map(|at| (at, REPEATED));
        let Some((at, mark)) = one.into_iter().chain(all).min() else { break };
        finished.push_str(&rest[..at]);
        let behind = &rest[at + mark.len()..];
        let end = behind.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(behind.len());
        let name = behind[..end].replace("_of_", ":");
        if mark == VARIABLE {
            finished.push('$');
            finished.push_str(&name);
        } else {
            finished.push_str("$($");
            finished.push_str(&name);
            finished.push_str(")*");
        }
        rest = &behind[end..];
    }
    finished + rest
}
