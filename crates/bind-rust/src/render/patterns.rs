//! Patterns.

use syn::Pat;

use super::exprs;
use super::lists::{Element, Ends, PARENTHESES, list};
use super::room::{Room, WIDTH};
use super::types;

/// A pattern.
pub(super) fn pattern(pattern: &Pat, room: Room) -> Option<String> {
    let items =
        |elems: &syn::punctuated::Punctuated<Pat, syn::Token![,]>, head: &str, one: bool| {
            let items: Vec<_> = elems.iter().map(Element::Pattern).collect();
            let comma = one && items.len() == 1 && !matches!(elems.first(), Some(Pat::Rest(_)));
            list(head, &items, Ends { comma, widest: WIDTH, ..PARENTHESES }, room)
        };
    match pattern {
        Pat::Ident(name) => {
            let by_ref = if name.by_ref.is_some() { "ref " } else { "" };
            let mutable = if name.mutability.is_some() { "mut " } else { "" };
            let sub = match &name.subpat {
                Some((_, sub)) => format!(" @ {}", flat(sub)?),
                None => String::new(),
            };
            Some(format!("{by_ref}{mutable}{}{sub}", name.ident))
        }
        Pat::Tuple(tuple) => items(&tuple.elems, "", true),
        Pat::TupleStruct(tuple) => {
            let head = types::path(tuple.qself.as_ref(), &tuple.path, true, types::wide())?;
            items(&tuple.elems, &head, false)
        }
        Pat::Struct(value) => structure(value),
        Pat::Path(path) => types::path(path.qself.as_ref(), &path.path, true, types::wide()),
        Pat::Reference(inner) => {
            let mutable = if inner.mutability.is_some() { "mut " } else { "" };
            Some(format!("&{mutable}{}", flat(&inner.pat)?))
        }
        Pat::Slice(slice) => {
            let items: Option<Vec<String>> = slice.elems.iter().map(flat).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Pat::Type(typed) => Some(format!("{}: {}", flat(&typed.pat)?, types::flat(&typed.ty)?)),
        Pat::Or(or) => {
            let cases: Option<Vec<String>> = or.cases.iter().map(flat).collect();
            Some(cases?.join(" | "))
        }
        Pat::Lit(lit) => Some(super::tokens(&lit.lit)),
        Pat::Wild(_) => Some("_".to_owned()),
        Pat::Rest(_) => Some("..".to_owned()),
        Pat::Paren(inner) => Some(format!("({})", flat(&inner.pat)?)),
        Pat::Range(range) => exprs::flat(&syn::Expr::Range(range.clone())),
        other => Some(super::tokens(other)),
    }
}

/// A pattern on one line, however long.
pub(super) fn flat(pattern: &Pat) -> Option<String> {
    self::pattern(pattern, types::wide())
}

fn structure(value: &syn::PatStruct) -> Option<String> {
    let head = types::path(value.qself.as_ref(), &value.path, true, types::wide())?;
    let mut fields = Vec::new();
    for field in &value.fields {
        let inner = flat(&field.pat)?;
        fields.push(match field.colon_token {
            Some(_) => format!("{}: {inner}", super::tokens(&field.member)),
            None => inner,
        });
    }
    if value.rest.is_some() {
        fields.push("..".to_owned());
    }
    Some(format!("{head} {{ {} }}", fields.join(", ")))
}
