//! Chains of method calls and fields: on one line, with a last call that goes on below, or one
//! call a line. The rules are rustfmt's.

use syn::{Expr, Member};

use super::exprs::{self, expr};
use super::lists::{Element, PARENTHESES, list};
use super::room::{Room, STEP, first_line, fits, last_line, line_break, width};
use super::types;

/// The widest chain on one line.
const CHAIN: usize = 60;

/// What follows a dot.
enum Link<'a> {
    Call(&'a syn::ExprMethodCall),
    Field(&'a Member),
}

struct Child<'a> {
    link: Link<'a>,
    /// How many `?` follow.
    tries: usize,
}

impl Child<'_> {
    fn write(&self, room: Room) -> Option<String> {
        let text = match self.link {
            Link::Field(Member::Named(name)) => format!(".{name}"),
            Link::Field(Member::Unnamed(index)) => format!(".{}", index.index),
            Link::Call(call) => {
                let turbofish = match &call.turbofish {
                    Some(generics) => format!("::{}", types::flat_generics(generics)?),
                    None => String::new(),
                };
                let head = format!(".{}{turbofish}", call.method);
                let arguments: Vec<_> = call.args.iter().map(Element::Expr).collect();
                list(&head, &arguments, PARENTHESES, room.before(self.tries)?)?
            }
        };
        let text = text + &"?".repeat(self.tries);
        (first_line(&text) <= room.width).then_some(text)
    }
}

/// A method call or a field, with all that it is called on.
pub(super) fn chain(whole: &Expr, room: Room) -> Option<String> {
    written(whole, room, false)
}

/// A chain that must not become one call a line.
pub(super) fn forced(whole: &Expr, room: Room) -> Option<String> {
    match whole {
        Expr::MethodCall(_) | Expr::Field(_) => written(whole, room, true),
        _ => expr(whole, room),
    }
}

fn written(whole: &Expr, room: Room, one_line: bool) -> Option<String> {
    let (parent, children) = links(whole);
    let mut children = children.as_slice();
    let mut start = expr(parent, room)?;
    while let [first, rest @ ..] = children
        && start.len() <= STEP.saturating_sub(room.offset)
        && !start.contains('\n')
    {
        start.push_str(&first.write(room.after(width(&start))?)?);
        children = rest;
    }
    let Some((last, middle)) = children.split_last() else {
        return fits(&start, room).then_some(start);
    };
    let block_like = start.contains('\n') && start.ends_with(['}', ')', ']']);
    let child_room = Room::line(room.indent + if block_like { 0 } else { STEP });
    let mut parts = vec![start];
    for child in middle {
        parts.push(child.write(child_room)?);
    }
    let (text, fits_line) = last_child(last, children.len(), &parts, room, child_room)?;
    parts.push(text);
    let connector = if fits_line && !parts[0].contains('\n') {
        String::new()
    } else if one_line {
        return None;
    } else {
        line_break(child_room.indent)
    };
    // A block is followed by its first call on the same line.
    let joined = if parts[0].contains('\n') && block_like {
        let rest = parts[1..].join(&line_break(child_room.indent));
        format!("{}{rest}", parts[0])
    } else {
        parts.join(&connector)
    };
    fits(&joined, room).then_some(joined)
}

/// The last call of a chain, and whether the chain stays on one line up to it.
fn last_child(
    last: &Child<'_>,
    count: usize,
    parts: &[String],
    room: Room,
    child_room: Room,
) -> Option<(String, bool)> {
    let extendable = parts[0].contains('\n') && count == 1;
    let so_far =
        if extendable { last_line(&parts[0]) } else { parts.iter().map(|part| width(part)).sum() }
            + last.tries;
    let budget = if count == 1 { room.width } else { room.width.min(CHAIN) };
    let budget = budget.saturating_sub(so_far);
    let on_line = parts.iter().all(|part| !part.contains('\n')) && budget > 0;
    let below = child_room.before(room.tail() + last.tries)?;
    if on_line || extendable {
        let beside = room.before(last.tries).and_then(|room| room.after(so_far - last.tries));
        if let Some(text) = beside.and_then(|room| last.write(room)) {
            let lines = text.lines().count();
            let could = first_line(&text) <= budget;
            if could && lines >= 5 {
                return Some((text, on_line));
            }
            return match last.write(below) {
                Some(other) if !could => Some((other, false)),
                Some(other) if other.lines().count() >= lines => Some((text, could && on_line)),
                Some(other) => Some((other, false)),
                None => Some((text, could && on_line)),
            };
        }
    }
    last.write(below).map(|text| (text, false))
}

/// What a chain begins with, and its links in order.
fn links(whole: &Expr) -> (&Expr, Vec<Child<'_>>) {
    let mut children = Vec::new();
    let mut at = whole;
    let mut tries = 0;
    loop {
        match at {
            Expr::Try(inner) if exprs::is_chain(&inner.expr) => {
                tries += 1;
                at = &inner.expr;
            }
            Expr::MethodCall(call) => {
                children.push(Child { link: Link::Call(call), tries: std::mem::take(&mut tries) });
                at = &call.receiver;
            }
            Expr::Field(field) => {
                let link = Link::Field(&field.member);
                children.push(Child { link, tries: std::mem::take(&mut tries) });
                at = &field.base;
            }
            _ => break,
        }
    }
    children.reverse();
    (at, children)
}
