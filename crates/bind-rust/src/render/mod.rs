//! From items to text: tokens, a tree, formatted lines. Names and order are settled before.

mod lines;
mod marks;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;

use crate::ir::{self, File, Item, Module};
use crate::problem::Problem;
use marks::Marks;

/// The text of a file, formatted as rustfmt does.
pub fn text(file: File) -> Result<String, Problem> {
    let mut items = Vec::new();
    let File { items: first, modules, last } = file;
    for item in &first {
        add_item(item, &mut items)?;
    }
    for module in modules {
        items.push(module_item(module)?);
    }
    for item in &last {
        add_item(item, &mut items)?;
    }
    let mut file = syn::File { shebang: None, attrs: Vec::new(), items, ..empty()? };
    let mut marks = Marks::default();
    marks.visit_file_mut(&mut file);
    Ok(lines::finish(&prettyplease::unparse(&file), &marks))
}

fn empty() -> Result<syn::File, Problem> {
    parse(TokenStream::new())
}

fn parse(tokens: TokenStream) -> Result<syn::File, Problem> {
    let text = tokens.to_string();
    syn::parse2(tokens).map_err(|error| {
        let mut shown: String = text.chars().take(400).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Problem::NotPrinted { reason: format!("{error} in `{shown}`") }
    })
}

/// Appends an item, under its comment.
fn add_item(item: &Item, to: &mut Vec<syn::Item>) -> Result<(), Problem> {
    if !item.comment.is_empty() {
        to.extend(parse(ir::comment(&item.comment))?.items);
    }
    let mut parsed = parse(item.tokens.clone())?.items;
    if !item.allow.is_empty() {
        let allow = parse({
            let allow = &item.allow;
            quote!(#allow mod allow {})
        })?;
        let allow = allow.items.into_iter().next().and_then(|item| match item {
            syn::Item::Mod(module) => Some(module.attrs),
            _ => None,
        });
        for item in &mut parsed {
            marks::allow(item, allow.as_deref().unwrap_or_default());
        }
    }
    to.extend(parsed);
    Ok(())
}

/// A module with all that stands in it.
fn module_item(module: Module) -> Result<syn::Item, Problem> {
    let Module { ident, docs, attributes, visibility, items, modules } = module;
    let mut content = Vec::new();
    for item in &items {
        add_item(item, &mut content)?;
    }
    for module in modules {
        content.push(module_item(module)?);
    }
    let head = parse(quote!(#docs #attributes #visibility mod #ident {}))?;
    let head = head.items.into_iter().next();
    let Some(syn::Item::Mod(mut item)) = head else {
        return Err(Problem::NotPrinted { reason: format!("`{ident}` is no module") });
    };
    if let Some((_, inside)) = &mut item.content {
        *inside = content;
    }
    Ok(syn::Item::Mod(item))
}
