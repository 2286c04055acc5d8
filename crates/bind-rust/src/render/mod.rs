//! From items to text: tokens, a tree, and lines as rustfmt lays them out. Names and order are
//! settled before.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "these are trees of Rust, not of WIT; what is not known is printed as its tokens"
)]

mod attributes;
mod blocks;
mod chains;
mod control;
mod exprs;
mod functions;
mod items;
mod lints;
mod lists;
mod macros;
mod memo;
mod patterns;
mod room;
mod types;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};

use crate::ir::{self, File, Item, Module};

use items::Kind;
use room::STEP;

/// Tokens that are no Rust, and why.
#[derive(Debug)]
pub struct NotRust(pub String);

/// The text of a file, formatted as rustfmt does.
pub fn text(file: File) -> Result<String, NotRust> {
    let mut items = Vec::new();
    let File { items: first, modules, last } = file;
    for item in first {
        add_item(&item, 0, &mut items)?;
    }
    for module in modules {
        items.push(self::module(module, 0)?);
    }
    for item in last {
        add_item(&item, 0, &mut items)?;
    }
    Ok(items::join(items.into_iter(), 0) + "\n")
}

fn parse(tokens: &TokenStream) -> Result<syn::File, NotRust> {
    syn::parse2(tokens.clone()).map_err(|error| {
        let text = tokens.to_string();
        let mut shown: String = text.chars().take(400).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        NotRust(format!("{error} in `{shown}`"))
    })
}

/// Appends the text of an item, under its comment. Its tree is gone before the next one is made.
fn add_item(item: &Item, indent: usize, to: &mut Vec<(Kind, String)>) -> Result<(), NotRust> {
    if !item.comment.is_empty() {
        print(&parse(&ir::comment(&item.comment))?.items, indent, to);
    }
    let mut parsed = parse(&item.tokens)?.items;
    if !item.allow.is_empty() {
        let allow = parse(&{
            let allow = &item.allow;
            quote!(#allow mod allow {})
        })?;
        let allow = allow.items.into_iter().next().and_then(|item| match item {
            syn::Item::Mod(module) => Some(module.attrs),
            _ => None,
        });
        for item in &mut parsed {
            lints::allow(item, allow.as_deref().unwrap_or_default());
        }
    }
    print(&parsed, indent, to);
    Ok(())
}

fn print(items: &[syn::Item], indent: usize, to: &mut Vec<(Kind, String)>) {
    to.extend(items.iter().map(|next| items::text(next, indent)));
}

/// A module with all that stands in it.
fn module(module: Module, indent: usize) -> Result<(Kind, String), NotRust> {
    let Module { ident, docs, attributes, visibility, items, modules } = module;
    let mut content = Vec::new();
    for item in items {
        add_item(&item, indent + STEP, &mut content)?;
    }
    for module in modules {
        content.push(self::module(module, indent + STEP)?);
    }
    let inside = items::join(content.into_iter(), indent + STEP);
    let head = parse(&quote!(#docs #attributes #visibility mod #ident {}))?;
    match head.items.first() {
        Some(syn::Item::Mod(item)) => Ok((Kind::Block, items::module(item, &inside, indent))),
        _ => Err(NotRust(format!("`{ident}` is no module"))),
    }
}

/// The tokens of a small piece, in the spacing of the language.
fn tokens(piece: &impl ToTokens) -> String {
    spaced(&piece.to_token_stream())
}

fn tokens_of_type(ty: &impl ToTokens) -> Option<String> {
    let ty = syn::parse2(ty.to_token_stream()).ok()?;
    types::flat(&ty)
}

/// Tokens with spaces as people write them, for what is not looked into.
fn spaced(tokens: &TokenStream) -> String {
    let mut text = String::new();
    let mut glued = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Brace => ("{ ", " }"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                if !glued && open == "{ " {
                    text.push(' ');
                }
                text.push_str(open);
                text.push_str(&spaced(&group.stream()));
                text.push_str(close);
                glued = false;
            }
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                let binds = matches!(sign, ',' | ';' | ':' | '.' | '?' | '!' | '<' | '>');
                if !glued && !binds {
                    text.push(' ');
                }
                text.push(sign);
                let opens = matches!(sign, '&' | '.' | '\'' | '<' | '$' | '#' | '!' | '*');
                let path = sign == ':' && text.ends_with("::");
                glued = punct.spacing() == Spacing::Joint || opens || path;
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if !glued {
                    text.push(' ');
                }
                text.push_str(&token.to_string());
                glued = false;
            }
        }
    }
    text
}

/// A statement that cannot be laid out, as its tokens.
fn raw(statement: &syn::Stmt) -> String {
    let mut statement = statement.clone();
    Uncommented.visit_stmt_mut(&mut statement);
    tokens(&statement)
}

/// Takes the marks of comments out of code that is printed without being looked into.
struct Uncommented;

impl VisitMut for Uncommented {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain(|statement| match statement {
            syn::Stmt::Macro(call) => macros::comment(&call.mac, 0).is_none(),
            syn::Stmt::Local(_) | syn::Stmt::Item(_) | syn::Stmt::Expr(..) => true,
        });
        visit_mut::visit_block_mut(self, block);
    }
}

/// An item that is not looked into, as the printer of trees lays it out.
fn printed(item: &syn::Item, indent: usize) -> String {
    let mut item = item.clone();
    Uncommented.visit_item_mut(&mut item);
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
    let text = prettyplease::unparse(&file);
    let lines = text.trim_end().lines();
    let shifted = lines.enumerate().map(|(index, line)| {
        if index == 0 || line.is_empty() {
            return line.to_owned();
        }
        format!("{}{line}", " ".repeat(indent))
    });
    shifted.collect::<Vec<_>>().join("\n")
}
