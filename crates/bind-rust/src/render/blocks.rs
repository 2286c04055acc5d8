//! Blocks and statements.

use syn::{Block, Expr, Local, Stmt};

use super::attributes;
use super::control;
use super::exprs::{beside, expr, flat};
use super::items;
use super::macros;
use super::patterns;
use super::room::{Room, fits, line_break, width};
use super::types;

/// A block. `{ expression }` stays on one line where that is allowed and there is room.
pub(super) fn block(prefix: &str, block: &Block, room: Room, may_be_short: bool) -> String {
    if block.stmts.is_empty() {
        return format!("{prefix}{{}}");
    }
    if may_be_short
        && let Some(only) = only_expr(block)
        && let Some(inner) = room.after(width(prefix) + 2).and_then(|room| room.before(2))
        && let Some(text) = expr(only, inner)
        && !text.contains('\n')
        && fits(&text, inner)
    {
        return format!("{prefix}{{ {text} }}");
    }
    lines(prefix, block, room)
}

/// A block on several lines.
pub(super) fn lines(prefix: &str, block: &Block, room: Room) -> String {
    let mut text = format!("{prefix}{{");
    let inside = room.block();
    for statement in &block.stmts {
        text.push_str(&line_break(inside.indent));
        let written = self::statement(statement, inside);
        text.push_str(&written.unwrap_or_else(|| super::raw(statement)));
    }
    text.push_str(&line_break(room.indent));
    text.push('}');
    text
}

/// The only thing in a block, if it is its value.
pub(super) fn only_expr(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(only, None)] if attributes::of_expr(only).is_empty() => Some(only),
        _ => None,
    }
}

fn statement(statement: &Stmt, room: Room) -> Option<String> {
    match statement {
        Stmt::Local(local) => self::local(local, room),
        Stmt::Item(item) => Some(items::item(item, room.indent)),
        Stmt::Macro(call) => {
            if let Some(comment) = macros::comment(&call.mac, room.indent) {
                return Some(comment);
            }
            let head = attributes::lines(&call.attrs, room.indent);
            let semicolon = if call.semi_token.is_some() { ";" } else { "" };
            Some(format!("{head}{}{semicolon}", macros::call(&call.mac, room.before(1)?)?))
        }
        Stmt::Expr(value, semicolon) => {
            let attributes = attributes::of_expr(value);
            let head = attributes::lines(attributes, room.indent);
            let semicolon = if semicolon.is_some() { ";" } else { "" };
            let inner = room.before(semicolon.len())?;
            let text = match value {
                Expr::If(_)
                | Expr::Match(_)
                | Expr::ForLoop(_)
                | Expr::While(_)
                | Expr::Loop(_) => control::control(value, inner, true),
                Expr::Block(block) => Some(lines("", &block.block, inner)),
                Expr::Unsafe(unsafe_block) => {
                    Some(block("unsafe ", &unsafe_block.block, inner, true))
                }
                _ => expr(value, inner),
            };
            let text = text?;
            Some(format!("{head}{text}{semicolon}"))
        }
    }
}

fn local(local: &Local, room: Room) -> Option<String> {
    let head = attributes::lines(&local.attrs, room.indent);
    let pattern = match &local.pat {
        syn::Pat::Type(typed) => {
            format!("{}: {}", patterns::flat(&typed.pat)?, types::flat(&typed.ty)?)
        }
        pattern => patterns::pattern(pattern, room.after(4)?)?,
    };
    let Some(init) = &local.init else { return Some(format!("{head}let {pattern};")) };
    let text = format!("let {pattern} =");
    if let Some((_, otherwise)) = &init.diverge {
        let value = flat(&init.expr)?;
        if let Expr::Block(block) = otherwise.as_ref() {
            let line = format!("{text} {value} else");
            let inner = room.after(width(&line) + 1);
            let short = inner.and_then(|room| {
                let text = self::block("", &block.block, room.before(1)?, true);
                (!text.contains('\n')).then_some(text)
            });
            let otherwise = match short {
                Some(short) if width(&line) + width(&short) + 2 <= 50 => short,
                _ => lines("", &block.block, room),
            };
            return Some(format!("{head}{line} {otherwise};"));
        }
    }
    let value = beside(&text, &init.expr, room.before(1)?);
    Some(format!("{head}{};", value?))
}
