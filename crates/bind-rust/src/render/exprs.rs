//! Expressions, other than chains, lists and blocks.

use syn::{BinOp, Expr, ExprClosure, Lit, PointerMutability, RangeLimits, UnOp};

use super::blocks;
use super::chains;
use super::control;
use super::lists::{BRACKETS, Element, Ends, PARENTHESES, list};
use super::macros;
use super::memo;
use super::patterns;
use super::room::{Room, STEP, fits, last_line, line_break, width};
use super::types;

/// The widest fields of a struct on one line.
const FIELDS: usize = 18;

/// An expression.
pub(super) fn expr(expr: &Expr, room: Room) -> Option<String> {
    match expr {
        // These are written faster than they are looked up, or hold one thing that is looked up.
        Expr::Lit(_)
        | Expr::Path(_)
        | Expr::Field(_)
        | Expr::Reference(_)
        | Expr::RawAddr(_)
        | Expr::Unary(_)
        | Expr::Cast(_)
        | Expr::Paren(_) => write(expr, room),
        _ => memo::of(expr, room, false, || write(expr, room)),
    }
}

fn write(expr: &Expr, room: Room) -> Option<String> {
    match expr {
        // Text is never broken, and stands wherever it has to.
        Expr::Lit(lit) if matches!(lit.lit, Lit::Str(_) | Lit::ByteStr(_)) => {
            Some(super::tokens(&lit.lit))
        }
        Expr::Lit(lit) => fitting(super::tokens(&lit.lit), room),
        Expr::Path(path) => types::path(path.qself.as_ref(), &path.path, true, room),
        Expr::MethodCall(_) | Expr::Field(_) => chains::chain(expr, room),
        Expr::Try(inner) if is_chain(&inner.expr) => chains::chain(expr, room),
        Expr::Call(call) => {
            let head = self::expr(&call.func, room)?;
            let arguments: Vec<_> = call.args.iter().map(Element::Expr).collect();
            list(&head, &arguments, PARENTHESES, room)
        }
        Expr::Tuple(tuple) => {
            let items: Vec<_> = tuple.elems.iter().map(Element::Expr).collect();
            list("", &items, Ends { comma: items.len() == 1, ..PARENTHESES }, room)
        }
        Expr::Array(array) => {
            let items: Vec<_> = array.elems.iter().map(Element::Expr).collect();
            list("", &items, BRACKETS, room)
        }
        Expr::Struct(literal) => structure(literal, room),
        Expr::Closure(closure) => self::closure(closure, room),
        Expr::Macro(call) => macros::call(&call.mac, room),
        Expr::Match(_) | Expr::If(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
            control::control(expr, room, false)
        }
        Expr::Block(block) => Some(blocks::block("", &block.block, room, false)),
        Expr::Unsafe(block) => Some(blocks::block("unsafe ", &block.block, room, true)),
        Expr::Binary(_) => binary(expr, room),
        Expr::Assign(assign) => {
            let head = format!("{} =", self::expr(&assign.left, room)?);
            beside(&head, &assign.right, room)
        }
        _ => prefixed(expr, room),
    }
}

/// A word, which is never broken: it fits or it does not.
fn fitting(text: String, room: Room) -> Option<String> {
    (width(&text) <= room.width).then_some(text)
}

/// An expression with something in front of it or behind it.
fn prefixed(expr: &Expr, room: Room) -> Option<String> {
    match expr {
        Expr::Reference(inner) => {
            prefix(if inner.mutability.is_some() { "&mut " } else { "&" }, &inner.expr, room)
        }
        Expr::RawAddr(inner) => {
            let head = match inner.mutability {
                PointerMutability::Mut(_) => "&raw mut ",
                PointerMutability::Const(_) => "&raw const ",
            };
            prefix(head, &inner.expr, room)
        }
        Expr::Unary(inner) => prefix(
            match inner.op {
                UnOp::Deref(_) => "*",
                UnOp::Not(_) => "!",
                _ => "-",
            },
            &inner.expr,
            room,
        ),
        Expr::Try(inner) => Some(self::expr(&inner.expr, room.before(1)?)? + "?"),
        Expr::Cast(cast) => {
            let ty = types::flat(&cast.ty)?;
            let tail = width(&ty) + 4;
            let inner = self::expr(&cast.expr, room.before(tail)?)?;
            Some(format!("{inner} as {ty}"))
        }
        Expr::Paren(inner) => {
            Some(format!("({})", self::expr(&inner.expr, room.after(1)?.before(1)?)?))
        }
        Expr::Group(inner) => self::expr(&inner.expr, room),
        Expr::Index(index) => {
            let at = flat(&index.index)?;
            let base = self::expr(&index.expr, room.before(width(&at) + 2)?)?;
            Some(format!("{base}[{at}]"))
        }
        Expr::Repeat(repeat) => {
            let length = flat(&repeat.len)?;
            let inner = self::expr(&repeat.expr, room.after(1)?.before(width(&length) + 3)?)?;
            Some(format!("[{inner}; {length}]"))
        }
        Expr::Return(inner) => match &inner.expr {
            Some(value) => prefix("return ", value, room),
            None => Some("return".to_owned()),
        },
        Expr::Range(range) => self::range(range),
        Expr::Let(condition) => {
            let pattern = patterns::flat(&condition.pat)?;
            prefix(&format!("let {pattern} = "), &condition.expr, room)
        }
        other => Some(super::tokens(other)),
    }
}

fn range(range: &syn::ExprRange) -> Option<String> {
    let end = |end: &Option<Box<Expr>>| match end {
        Some(end) => flat(end),
        None => Some(String::new()),
    };
    let dots = match range.limits {
        RangeLimits::HalfOpen(_) => "..",
        RangeLimits::Closed(_) => "..=",
    };
    Some(format!("{}{dots}{}", end(&range.start)?, end(&range.end)?))
}

/// An expression on one line, however long.
pub(super) fn flat(expr: &Expr) -> Option<String> {
    self::expr(expr, types::wide())
}

/// Whether an expression is part of a chain.
pub(super) fn is_chain(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(_) | Expr::Field(_) => true,
        Expr::Try(inner) => is_chain(&inner.expr),
        _ => false,
    }
}

fn prefix(head: &str, inner: &Expr, room: Room) -> Option<String> {
    Some(format!("{head}{}", expr(inner, room.after(width(head))?)?))
}

/// `head value`, where the value goes to the next line if that looks better.
pub(super) fn beside(head: &str, value: &Expr, room: Room) -> Option<String> {
    let used =
        if head.contains('\n') { last_line(head).saturating_sub(room.indent) } else { width(head) };
    let same = room.after(used + 1).and_then(|room| {
        let text = expr(value, room)?;
        Some((fits(&text, room), text))
    });
    if let Some((true, text)) = &same
        && !text.contains('\n')
    {
        return Some(format!("{head} {text}"));
    }
    let below = Room::line(room.indent + STEP).before(room.tail())?;
    let next = expr(value, below);
    match (same, next) {
        (Some((_, same)), Some(next)) if fits(&next, below) && prefers_next(&same, &next) => {
            Some(format!("{head}{}{next}", line_break(below.indent)))
        }
        (Some((_, same)), _) => Some(format!("{head} {same}")),
        (None, Some(next)) => Some(format!("{head}{}{next}", line_break(below.indent))),
        (None, None) => None,
    }
}

/// Whether a value reads better on the next line.
pub(super) fn prefers_next(same: &str, next: &str) -> bool {
    let lines = |text: &str| text.matches('\n').count();
    let ends = |text: &str, end: char| text.lines().next().is_some_and(|l| l.ends_with(end));
    !next.contains('\n')
        || lines(same) > lines(next) + 1
        || ['(', '{', '['].iter().any(|end| ends(same, *end) && !ends(next, *end))
}

/// Operators of one kind, on one line or one operand a line.
fn binary(whole: &Expr, room: Room) -> Option<String> {
    let Expr::Binary(first) = whole else { return None };
    let operator = operator(&first.op);
    let mut operands = vec![first.right.as_ref()];
    let mut left = first.left.as_ref();
    while let Expr::Binary(next) = left
        && self::operator(&next.op) == operator
    {
        operands.push(&next.right);
        left = &next.left;
    }
    operands.push(left);
    operands.reverse();
    let flat: Option<Vec<String>> = operands.iter().map(|operand| flat(operand)).collect();
    let text = flat?.join(&format!(" {operator} "));
    if fits(&text, room) && !text.contains('\n') {
        return Some(text);
    }
    let below = Room::line(room.indent + STEP);
    let mut text = expr(operands[0], room)?;
    for operand in &operands[1..] {
        let operand = expr(operand, below.after(width(&operator) + 1)?)?;
        text.push_str(&line_break(below.indent));
        text.push_str(&operator);
        text.push(' ');
        text.push_str(&operand);
    }
    Some(text)
}

fn operator(operator: &BinOp) -> String {
    super::tokens(operator).replace(' ', "")
}

/// `Name { field: value, … }`.
fn structure(literal: &syn::ExprStruct, room: Room) -> Option<String> {
    let head = types::path(literal.qself.as_ref(), &literal.path, true, room)?;
    let field = |field: &syn::FieldValue, room: Room| -> Option<String> {
        let name = super::tokens(&field.member);
        if field.colon_token.is_none() {
            return Some(name);
        }
        beside(&format!("{name}:"), &field.expr, room)
    };
    let one: Option<Vec<String>> =
        literal.fields.iter().map(|next| field(next, types::wide())).collect();
    if let Some(one) = one {
        let fields = one.join(", ");
        let text = format!("{head} {{ {fields} }}");
        if literal.fields.is_empty() {
            return Some(format!("{head} {{}}"));
        }
        if width(&fields) <= FIELDS && !text.contains('\n') && fits(&text, room) {
            return Some(text);
        }
    }
    let below = Room::line(room.indent + STEP).before(1)?;
    let mut text = format!("{head} {{");
    for next in &literal.fields {
        text.push_str(&line_break(below.indent));
        text.push_str(&field(next, below)?);
        text.push(',');
    }
    text.push_str(&line_break(room.indent));
    text.push('}');
    Some(text)
}

/// `|a, b|`, with what may stand before it.
fn parameters(closure: &ExprClosure, room: Room) -> Option<String> {
    let inputs: Option<Vec<String>> = closure.inputs.iter().map(patterns::flat).collect();
    let inputs = inputs?.join(", ");
    let capture = if closure.capture.is_some() { "move " } else { "" };
    let output = types::result(&closure.output, types::wide())?;
    // Room for `|| {` is kept, whatever follows.
    let left = room.after(width(capture))?.before(4)?;
    if closure.inputs.len() > 1 {
        left.before(1 + width(output.trim_start()) + width(&inputs))?;
    }
    Some(format!("{capture}|{inputs}|{output}"))
}

fn closure(closure: &ExprClosure, room: Room) -> Option<String> {
    let head = parameters(closure, room)?;
    let inner = room.after(width(&head) + 1)?;
    match closure.body.as_ref() {
        Expr::Block(block) if block.attrs.is_empty() => {
            if block.block.stmts.is_empty() {
                return Some(format!("{head} {{}}"));
            }
            if let Some(only) = blocks::only_expr(&block.block)
                && let Some(text) = without_block(only, &head, inner)
            {
                return Some(text);
            }
            Some(format!("{head} {}", blocks::lines("", &block.block, room)))
        }
        body => without_block(body, &head, inner).or_else(|| with_block(body, &head, room)),
    }
}

/// A closure whose body needs no braces.
fn without_block(body: &Expr, head: &str, room: Room) -> Option<String> {
    let text = expr(body, room)?;
    let allowed = !text.contains('\n') || is_block(body);
    allowed.then(|| format!("{head} {text}"))
}

fn with_block(body: &Expr, head: &str, room: Room) -> Option<String> {
    let below = room.block();
    let text = expr(body, below)?;
    Some(format!("{head} {{{}{text}{}}}", line_break(below.indent), line_break(room.indent)))
}

/// What may go on over several lines as the body of a closure.
fn is_block(expr: &Expr) -> bool {
    match expr {
        Expr::Match(_) | Expr::Block(_) | Expr::Unsafe(_) | Expr::Loop(_) | Expr::Struct(_) => true,
        Expr::Reference(inner) => is_block(&inner.expr),
        Expr::Unary(inner) => is_block(&inner.expr),
        Expr::Cast(inner) => is_block(&inner.expr),
        Expr::Try(inner) => is_block(&inner.expr),
        _ => false,
    }
}

/// A closure at the end of a list of arguments.
pub(super) fn last_closure(whole: &Expr, closure: &ExprClosure, room: Room) -> Option<String> {
    let body = match closure.body.as_ref() {
        Expr::Block(block) => blocks::only_expr(&block.block).unwrap_or(&closure.body),
        body => body,
    };
    let head = parameters(closure, room)?;
    match body {
        Expr::If(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Loop(_) => {
            with_statement(body, &head, room)
        }
        Expr::Match(matching) => {
            let inner = room.after(width(&head) + 1)?;
            let condition = inner.after(8).and_then(|room| self::expr(&matching.expr, room));
            if condition.is_some_and(|text| text.contains('\n') || width(&text) > inner.width) {
                return with_statement(body, &head, room);
            }
            expr(whole, room)
        }
        _ => expr(whole, room),
    }
}

fn with_statement(body: &Expr, head: &str, room: Room) -> Option<String> {
    let below = room.block();
    let text = control::control(body, below, true)?;
    Some(format!("{head} {{{}{text}{}}}", line_break(below.indent), line_break(room.indent)))
}
