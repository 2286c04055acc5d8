//! Attributes, docs among them.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

use super::exprs;
use super::lists::{Element, Ends, PARENTHESES, list};
use super::room::{Room, line_break};
use super::types;

/// The widest arguments of an attribute on one line.
const ARGUMENTS: usize = 70;

/// Attributes in lines of their own, with the indentation of what follows.
pub(super) fn lines(attributes: &[Attribute], indent: usize) -> String {
    let mut text = String::new();
    for attribute in attributes {
        text.push_str(&line(attribute, indent));
        text.push_str(&line_break(indent));
    }
    text
}

/// Attributes that stand inside of a line.
pub(super) fn inline(attributes: &[Attribute]) -> String {
    attributes.iter().map(|attribute| line(attribute, 0) + " ").collect()
}

fn line(attribute: &Attribute, indent: usize) -> String {
    if let Meta::NameValue(pair) = &attribute.meta
        && pair.path.is_ident("doc")
        && let Expr::Lit(lit) = &pair.value
        && let Lit::Str(text) = &lit.lit
    {
        return format!("///{}", text.value());
    }
    let room = Room::line(indent).after(2).and_then(|room| room.before(1));
    let inner = room.and_then(|room| meta(&attribute.meta, room));
    format!("#[{}]", inner.unwrap_or_else(|| super::tokens(&attribute.meta)))
}

fn meta(whole: &Meta, room: Room) -> Option<String> {
    match whole {
        Meta::Path(path) => types::path(None, path, false, types::wide()),
        Meta::NameValue(pair) => {
            let name = types::path(None, &pair.path, false, types::wide())?;
            Some(format!("{name} = {}", exprs::flat(&pair.value)?))
        }
        Meta::List(inner) => {
            let name = types::path(None, &inner.path, false, types::wide())?;
            let parts =
                Punctuated::<Meta, Token![,]>::parse_terminated.parse2(inner.tokens.clone());
            let Ok(parts) = parts else {
                return Some(format!("{name}({})", super::spaced(&inner.tokens)));
            };
            let parts: Option<Vec<String>> =
                parts.iter().map(|part| meta(part, types::wide())).collect();
            let parts = parts?;
            let items: Vec<_> = parts.iter().map(|part| Element::Text(part)).collect();
            // rustfmt does not look into `unsafe(…)`.
            if let ("unsafe", [only]) = (name.as_str(), parts.as_slice()) {
                return Some(format!("{name}({only})"));
            }
            let widest = if name == "derive" { room.width } else { ARGUMENTS };
            let text = list(&name, &items, Ends { widest, ..PARENTHESES }, room)?;
            // Only derives have a comma at the end of a list that takes several lines.
            let end = format!(",{})", line_break(room.indent));
            Some(match text.strip_suffix(&end) {
                Some(start) if name != "derive" => format!("{start}{})", line_break(room.indent)),
                Some(_) | None => text,
            })
        }
    }
}

/// The attributes of an expression that stands as a statement.
pub(super) fn of_expr(expr: &Expr) -> &[Attribute] {
    match expr {
        Expr::Block(inner) => &inner.attrs,
        Expr::Unsafe(inner) => &inner.attrs,
        Expr::Call(inner) => &inner.attrs,
        Expr::MethodCall(inner) => &inner.attrs,
        Expr::If(inner) => &inner.attrs,
        Expr::Match(inner) => &inner.attrs,
        Expr::ForLoop(inner) => &inner.attrs,
        Expr::While(inner) => &inner.attrs,
        Expr::Loop(inner) => &inner.attrs,
        Expr::Assign(inner) => &inner.attrs,
        Expr::Macro(inner) => &inner.attrs,
        Expr::Path(inner) => &inner.attrs,
        Expr::Field(inner) => &inner.attrs,
        Expr::Struct(inner) => &inner.attrs,
        Expr::Return(inner) => &inner.attrs,
        Expr::Unary(inner) => &inner.attrs,
        Expr::Cast(inner) => &inner.attrs,
        _ => &[],
    }
}
