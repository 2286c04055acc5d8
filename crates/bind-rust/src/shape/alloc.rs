//! For guests without `std`: what its prelude would have brought is imported from `alloc`, in
//! each module that names it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::rust;
use crate::ir::{File, Item, Module};

/// Types of the prelude that live in `alloc`, and their modules there.
const TYPES: [(&str, &str); 3] = [("Box", "boxed"), ("String", "string"), ("Vec", "vec")];

/// Adds `extern crate alloc` to the root, and a `use` to each module that needs one.
pub(super) fn import(file: &mut File, alloc: &Ident) {
    let mut tokens: TokenStream = file.items.iter().map(|item| item.tokens.clone()).collect();
    tokens.extend(file.last.iter().map(|item| item.tokens.clone()));
    let declared = declared(&tokens);
    let mut items = vec![Item::new(quote!(extern crate alloc as #alloc;))];
    items.extend(imports(&tokens, &declared, alloc, 0));
    items.append(&mut file.items);
    file.items = items;
    for module in &mut file.modules {
        import_module(module, alloc, 1);
    }
}

fn import_module(module: &mut Module, alloc: &Ident, depth: usize) {
    let tokens: TokenStream = module.items.iter().map(|item| item.tokens.clone()).collect();
    let declared = declared(&tokens);
    if let Some(imports) = imports(&tokens, &declared, alloc, depth) {
        module.items.insert(0, imports);
    }
    for module in &mut module.modules {
        import_module(module, alloc, depth + 1);
    }
}

fn imports(tokens: &TokenStream, declared: &[String], alloc: &Ident, depth: usize) -> Option<Item> {
    let used = |name: &str| !declared.iter().any(|own| own == name) && names(tokens, name);
    let paths: Vec<TokenStream> = TYPES
        .iter()
        .filter(|(name, _)| used(name))
        .map(|(name, module)| {
            let (name, module) = (rust(name), rust(module));
            quote!(#module::#name)
        })
        .collect();
    let up = if depth == 0 { vec![rust("self")] } else { vec![rust("super"); depth] };
    let path = quote!(#(#up::)* #alloc);
    match paths.as_slice() {
        [] => None,
        [one] => Some(Item::new(quote!(use #path::#one;))),
        _ => Some(Item::new(quote!(use #path::{#(#paths),*};))),
    }
}

/// Whether tokens name this type without a path. Modules inside of them have imports of their own.
fn names(tokens: &TokenStream, name: &str) -> bool {
    let mut colons = 0;
    let mut module = 0;
    tokens.clone().into_iter().any(|token| {
        let before = std::mem::take(&mut colons);
        let inside = std::mem::take(&mut module);
        match token {
            TokenTree::Ident(ident) if ident == "mod" => {
                module = 1;
                false
            }
            TokenTree::Ident(ident) => {
                // The name of a module, whose body is next.
                module = if inside == 1 { 2 } else { 0 };
                before < 2 && ident == name
            }
            TokenTree::Group(group) => inside != 2 && names(&group.stream(), name),
            TokenTree::Punct(punct) => {
                colons = if punct.as_char() == ':' { before + 1 } else { 0 };
                false
            }
            TokenTree::Literal(_) => false,
        }
    })
}

/// The types that a module declares itself.
fn declared(tokens: &TokenStream) -> Vec<String> {
    let mut declares = false;
    let mut found = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(ident) if declares => {
                found.push(ident.to_string());
                declares = false;
            }
            TokenTree::Ident(ident) => {
                declares = ident == "struct" || ident == "enum" || ident == "type";
            }
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => declares = false,
        }
    }
    found
}
