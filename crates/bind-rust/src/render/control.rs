//! `match`, `if` and loops.

use syn::{Arm, Expr, ExprIf};

use super::attributes;
use super::blocks;
use super::exprs::{expr, flat, prefers_next};
use super::memo;
use super::patterns;
use super::room::{Room, STEP, WIDTH, first_line, fits, line_break, width};

/// The widest `if` with `else` on one line.
const IF_ELSE: usize = 50;

/// A control flow expression; as a statement it is never on one line.
pub(super) fn control(whole: &Expr, room: Room, statement: bool) -> Option<String> {
    match whole {
        Expr::If(condition) => {
            let short = if statement { None } else { short_if(condition, room) };
            short.or_else(|| long_if(condition, room))
        }
        Expr::Match(matching) => {
            // What follows the whole on its last line is none of the condition's concern.
            let used = room.indent + room.offset;
            let room_for = Room { width: WIDTH.saturating_sub(used), ..room }.after(6)?;
            let condition = expr(&matching.expr, room_for)?;
            let is_long = condition.contains('\n') || width(&condition) + 2 > room_for.width;
            let gap = if is_long && !is_extendable(&condition) {
                line_break(room.indent)
            } else {
                " ".to_owned()
            };
            let head = format!("match {condition}{gap}{{");
            if matching.arms.is_empty() {
                return Some(format!("{head}}}"));
            }
            let mut text = head;
            for arm in &matching.arms {
                text.push_str(&line_break(room.indent + STEP));
                text.push_str(&self::arm(arm, Room::line(room.indent + STEP))?);
            }
            text.push_str(&line_break(room.indent));
            text.push('}');
            Some(text)
        }
        Expr::ForLoop(each) => {
            let head = format!("for {} in {} ", patterns::flat(&each.pat)?, flat(&each.expr)?);
            Some(block(&head, &each.body, room))
        }
        Expr::While(each) => {
            Some(block(&format!("while {} ", flat(&each.cond)?), &each.body, room))
        }
        Expr::Loop(each) => Some(block("loop ", &each.body, room)),
        _ => None,
    }
}

/// Whether the last line has closing brackets only, so that a brace can stand on it.
fn is_extendable(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or("");
    last.chars().all(|c| matches!(c, '(' | ')' | ']' | '}' | '?' | '>') || c.is_whitespace())
}

fn block(head: &str, body: &syn::Block, room: Room) -> String {
    if body.stmts.is_empty() { format!("{head}{{}}") } else { blocks::lines(head, body, room) }
}

/// `if a { b } else { c }` on one line.
fn short_if(condition: &ExprIf, room: Room) -> Option<String> {
    let (_, otherwise) = condition.else_branch.as_ref()?;
    let Expr::Block(otherwise) = otherwise.as_ref() else { return None };
    let then = flat(blocks::only_expr(&condition.then_branch)?)?;
    let otherwise = flat(blocks::only_expr(&otherwise.block)?)?;
    let text = format!("if {} {{ {then} }} else {{ {otherwise} }}", flat(&condition.cond)?);
    (!text.contains('\n') && width(&text) <= IF_ELSE && fits(&text, room)).then_some(text)
}

fn long_if(condition: &ExprIf, room: Room) -> Option<String> {
    let head = format!("if {} ", expr(&condition.cond, room.after(3)?.before(2)?)?);
    let mut text = block(&head, &condition.then_branch, room);
    if let Some((_, otherwise)) = &condition.else_branch {
        text.push_str(" else ");
        text.push_str(&match otherwise.as_ref() {
            Expr::If(next) => long_if(next, room)?,
            Expr::Block(last) => block("", &last.block, room),
            other => flat(other)?,
        });
    }
    Some(text)
}

fn arm(arm: &Arm, room: Room) -> Option<String> {
    let attributes = attributes::lines(&arm.attrs, room.indent);
    let pattern = patterns::flat(&arm.pat)?;
    let head = format!("{attributes}{pattern} =>");
    let (body, extend) = flattened(&arm.body);
    if let Expr::Block(inner) = body {
        return Some(format!("{head} {}", blocks::block("", &inner.block, room, false)));
    }
    let beside = room.after(width(&pattern) + 4).and_then(|room| room.before(1));
    let same = beside.and_then(|room| value(body, room));
    if let (Some(text), Some(beside)) = (&same, beside)
        && !text.contains('\n')
        && width(text) <= beside.width
    {
        return Some(format!("{head} {text},"));
    }
    let below = Room::line(room.indent + STEP);
    let next = value(body, below);
    let on_next = |text: &str| {
        format!("{head} {{{}{text}{}}}", line_break(below.indent), line_break(room.indent))
    };
    let budget = beside.map_or(0, |room| room.width);
    match (same, next) {
        (Some(same), Some(next)) if prefers_next(&same, &next) => Some(on_next(&next)),
        (Some(same), _) if extend && first_line(&same) <= budget => Some(format!("{head} {same},")),
        (Some(same), Some(next)) if same.contains('\n') => Some(on_next(&next)),
        (None, Some(next)) => Some(on_next(&next)),
        (Some(same), _) => Some(format!("{head} {same},")),
        (None, None) => None,
    }
}

fn value(body: &Expr, room: Room) -> Option<String> {
    match body {
        Expr::If(_) | Expr::Match(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
            memo::of(body, room, true, || control(body, room, true))
        }
        _ => expr(body, room),
    }
}

/// The body of an arm without braces that it does not need, and whether it may begin beside the
/// pattern and go on below.
fn flattened(body: &Expr) -> (&Expr, bool) {
    if let Expr::Block(block) = body
        && block.attrs.is_empty()
        && let Some(only) = blocks::only_expr(&block.block)
    {
        return match only {
            Expr::Block(_) => flattened(only),
            _ => (only, can_extend(only)),
        };
    }
    (body, can_extend(body))
}

fn can_extend(body: &Expr) -> bool {
    match body {
        Expr::Loop(_)
        | Expr::Match(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Closure(_)
        | Expr::Array(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Macro(_)
        | Expr::Struct(_)
        | Expr::Tuple(_) => true,
        Expr::Reference(inner) => can_extend(&inner.expr),
        Expr::Try(inner) => can_extend(&inner.expr),
        Expr::Unary(inner) => can_extend(&inner.expr),
        Expr::Index(inner) => can_extend(&inner.expr),
        Expr::Cast(inner) => can_extend(&inner.expr),
        _ => false,
    }
}
