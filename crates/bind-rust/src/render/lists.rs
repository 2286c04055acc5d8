//! Lists in parentheses, brackets or angles: on one line, one item a line, or with a last item
//! that goes on over the lines that follow. The rules are rustfmt's.

use syn::{Expr, Type};

use super::exprs;
use super::room::{Room, STEP, first_line, fits, last_line, line_break, width};
use super::types;

/// The widest list of arguments on one line.
pub(super) const ARGUMENTS: usize = 60;

/// The widest item that shares a line with others when a list takes several.
const SHORT: usize = 10;

/// What stands in a list.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    Expr(&'a Expr),
    Type(&'a Type),
    /// An argument of a generic type.
    Generic(&'a syn::GenericArgument),
    Pattern(&'a syn::Pat),
    /// Text that is never broken.
    Text(&'a str),
}

impl Element<'_> {
    fn write(self, room: Room) -> Option<String> {
        match self {
            Element::Expr(expr) => exprs::expr(expr, room),
            Element::Type(ty) => types::ty(ty, room),
            Element::Generic(argument) => types::generic(argument, room),
            Element::Pattern(pattern) => super::patterns::pattern(pattern, room),
            Element::Text(text) => Some(text.to_owned()),
        }
    }
}

/// The two ends of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A tuple of one element has a comma behind it.
    pub(super) comma: bool,
    /// How wide the items on one line may be.
    pub(super) widest: usize,
}

pub(super) const PARENTHESES: Ends =
    Ends { open: "(", close: ")", comma: false, widest: ARGUMENTS };
pub(super) const BRACKETS: Ends = Ends { open: "[", close: "]", comma: false, widest: ARGUMENTS };
pub(super) const ANGLES: Ends = Ends { open: "<", close: ">", comma: false, widest: 100 };

/// A list behind `head`, which is on the same line.
pub(super) fn list(head: &str, items: &[Element<'_>], ends: Ends, room: Room) -> Option<String> {
    if items.is_empty() {
        let text = format!("{head}{}{}", ends.open, ends.close);
        return fits(&text, room).then_some(text);
    }
    let used = last_line(head);
    // Of a head of several lines, only what is beyond the beginning counts here.
    let beyond =
        if head.contains('\n') { used.saturating_sub(room.indent + room.offset) } else { used };
    let line = room.width.saturating_sub(beyond + 2 + usize::from(ends.comma));
    let one_line = room.after(used + 1).and_then(|room| room.before(1));
    let nested = Room::line(room.indent + STEP);
    let nested = Room { width: nested.width.saturating_sub(1), ..nested };
    let written: Vec<Option<String>> = items.iter().map(|item| item.write(nested)).collect();
    let text = match horizontal(head, items, &written, ends, one_line, line) {
        Some(inner) if first_line(&inner) + 1 > room.width.saturating_sub(used) => {
            // There was room, and behind a head of several lines there is none.
            let (below, end) = (line_break(nested.indent), line_break(room.indent));
            format!("{head}{}{below}{inner}{end}{}", ends.open, ends.close)
        }
        Some(inner) => {
            let comma = if ends.comma { "," } else { "" };
            format!("{head}{}{inner}{comma}{}", ends.open, ends.close)
        }
        None => {
            let written: Option<Vec<String>> = written.into_iter().collect();
            let written = written?;
            let short = items.iter().all(|item| is_simple(*item))
                && written.iter().all(|text| width(text) <= SHORT);
            let inner = if short { filled(&written, nested) } else { stacked(&written, nested) };
            format!("{head}{}{inner}{}{}", ends.open, line_break(room.indent), ends.close)
        }
    };
    Some(text)
}

/// One item a line.
fn stacked(items: &[String], nested: Room) -> String {
    let mut text = String::new();
    for item in items {
        text.push_str(&line_break(nested.indent));
        text.push_str(item);
        text.push(',');
    }
    text
}

/// As many items a line as there is room for.
fn filled(items: &[String], nested: Room) -> String {
    let mut text = String::new();
    let mut line = 0;
    for item in items {
        let wanted = width(item) + 1;
        if line == 0 || line + 1 + wanted > nested.width {
            text.push_str(&line_break(nested.indent));
            line = wanted;
        } else {
            text.push(' ');
            line += 1 + wanted;
        }
        text.push_str(item);
        text.push(',');
    }
    text
}

/// Words and numbers, which may share a line.
fn is_simple(item: Element<'_>) -> bool {
    match item {
        Element::Expr(expr) => is_simple_expr(expr),
        Element::Type(_) | Element::Generic(_) | Element::Pattern(_) | Element::Text(_) => false,
    }
}

fn is_simple_expr(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => path.path.segments.len() <= 1,
        Expr::Reference(inner) => is_simple_expr(&inner.expr),
        Expr::Unary(inner) => is_simple_expr(&inner.expr),
        Expr::Cast(inner) => is_simple_expr(&inner.expr),
        Expr::Field(inner) => is_simple_expr(&inner.base),
        Expr::Try(inner) => is_simple_expr(&inner.expr),
        Expr::Index(inner) => is_simple_expr(&inner.expr) && is_simple_expr(&inner.index),
        Expr::Repeat(inner) => is_simple_expr(&inner.expr) && is_simple_expr(&inner.len),
        _ => false,
    }
}

/// The items on one line, if they fit, the last of them perhaps going on below.
fn horizontal(
    head: &str,
    items: &[Element<'_>],
    written: &[Option<String>],
    ends: Ends,
    one_line: Option<Room>,
    line: usize,
) -> Option<String> {
    let last = *items.last()?;
    let combines = items.len() == 1 && width(head) < STEP && matches!(last, Element::Expr(_));
    let overflows = combines || can_overflow(last, items.len());
    let overflowed = match (overflows, one_line) {
        (true, Some(room)) => {
            let room = last_room(items, written, room, ends.widest);
            let force = !combines && is_method_call(last);
            room.and_then(|room| overflow(last, items, room, force))
        }
        _ => None,
    };
    let before = &written[..written.len() - 1];
    let before: Option<Vec<&str>> = before.iter().map(|text| text.as_deref()).collect();
    let before = before?;
    if before.iter().any(|text| text.contains('\n')) {
        return None;
    }
    let joined = |last: &str| {
        before.iter().copied().chain(std::iter::once(last)).collect::<Vec<_>>().join(", ")
    };
    if let Some(overflowed) = &overflowed {
        let first = overflowed.lines().next().unwrap_or("");
        if width(&joined(first)) <= line.min(ends.widest) {
            // A short call is not torn apart if it fits below as a whole.
            if items.len() == 1
                && overflowed.matches('\n').count() == 1
                && let Some(Some(text)) = written.last()
                && !text.contains('\n')
            {
                return Some(text.clone());
            }
            return Some(joined(overflowed));
        }
    }
    let text = written.last()?.as_deref()?;
    if text.contains('\n') {
        return None;
    }
    let alone = items.len() == 1 && !matches!(last, Element::Text(_));
    let limit = if alone { line } else { line.min(ends.widest) };
    let text = joined(text);
    (width(&text) <= limit).then_some(text)
}

/// The room of a last item that may go on below.
fn last_room(
    items: &[Element<'_>],
    written: &[Option<String>],
    room: Room,
    widest: usize,
) -> Option<Room> {
    let is_nested = matches!(items, [Element::Expr(expr)] if is_call(expr));
    if items.len() == 1 && !is_nested {
        return Some(room);
    }
    let before: usize =
        written[..written.len() - 1].iter().flatten().map(|text| width(text) + 2).sum();
    Room { width: room.width.min(widest), ..room }.after(before)
}

fn overflow(last: Element<'_>, items: &[Element<'_>], room: Room, force: bool) -> Option<String> {
    match last {
        Element::Expr(closure @ Expr::Closure(inner)) => {
            let closures = items.iter().filter(|i| matches!(i, Element::Expr(Expr::Closure(_))));
            if closures.count() > 1 {
                return None;
            }
            exprs::last_closure(closure, inner, room)
        }
        Element::Expr(expr) if force => super::chains::forced(expr, room),
        Element::Expr(
            expr @ (Expr::Match(_) | Expr::If(_) | Expr::While(_) | Expr::ForLoop(_)),
        ) => {
            // A condition that takes several lines would be lost in a list.
            let text = exprs::expr(expr, room)?;
            text.lines().next().is_some_and(|line| line.ends_with('{')).then_some(text)
        }
        other => other.write(room),
    }
}

fn is_method_call(item: Element<'_>) -> bool {
    let mut item = item;
    loop {
        match item {
            Element::Expr(Expr::MethodCall(_)) => return true,
            Element::Expr(Expr::Reference(inner)) => item = Element::Expr(&inner.expr),
            Element::Expr(Expr::Unary(inner)) => item = Element::Expr(&inner.expr),
            Element::Expr(Expr::Cast(inner)) => item = Element::Expr(&inner.expr),
            Element::Expr(Expr::Try(inner)) => item = Element::Expr(&inner.expr),
            _ => return false,
        }
    }
}

/// A call, behind operators or not.
fn is_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call(_) | Expr::Macro(_) => true,
        Expr::Reference(inner) => is_call(&inner.expr),
        Expr::Unary(inner) => is_call(&inner.expr),
        Expr::Cast(inner) => is_call(&inner.expr),
        Expr::Try(inner) => is_call(&inner.expr),
        _ => false,
    }
}

/// Whether a last item may go on below: what is a block always, what has parentheses if it is
/// alone.
fn can_overflow(item: Element<'_>, count: usize) -> bool {
    match item {
        Element::Expr(expr) => can_overflow_expr(expr, count),
        Element::Type(Type::Tuple(_))
        | Element::Generic(syn::GenericArgument::Type(Type::Tuple(_))) => count == 1,
        Element::Type(_) | Element::Generic(_) | Element::Pattern(_) | Element::Text(_) => false,
    }
}

fn can_overflow_expr(expr: &Expr, count: usize) -> bool {
    match expr {
        Expr::Block(_) | Expr::Closure(_) | Expr::Unsafe(_) => true,
        Expr::Match(_)
        | Expr::If(_)
        | Expr::ForLoop(_)
        | Expr::Loop(_)
        | Expr::While(_)
        | Expr::Array(_)
        | Expr::Struct(_)
        | Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Tuple(_) => count == 1,
        Expr::Reference(inner) => can_overflow_expr(&inner.expr, count),
        Expr::Unary(inner) => can_overflow_expr(&inner.expr, count),
        Expr::Cast(inner) => can_overflow_expr(&inner.expr, count),
        Expr::Try(inner) => can_overflow_expr(&inner.expr, count),
        _ => false,
    }
}
