//! The support modules inside of the bindings, for a runtime crate of somebody else: it has the
//! names of `wit_bindgen::rt` and no others.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

use crate::ir::Item;
use crate::shape::Context;

const ROOT: &str = include_str!("../../runtime/src/support/mod.rs");
const MODULES: [(&str, &str); 5] = [
    ("fakes", include_str!("../../runtime/src/support/fakes.rs")),
    ("handles", include_str!("../../runtime/src/support/handles.rs")),
    ("lists", include_str!("../../runtime/src/support/lists.rs")),
    ("memory", include_str!("../../runtime/src/support/memory.rs")),
    ("scalars", include_str!("../../runtime/src/support/scalars.rs")),
];

/// The module `_rt`, if a runtime was named.
#[must_use]
pub fn rt_items(cx: &Context<'_>) -> Vec<Item> {
    if cx.options.runtime_path.is_none() {
        return Vec::new();
    }
    let mut items = parsed(ROOT);
    for item in &mut items {
        if let syn::Item::Mod(module) = item
            && let Some((_, text)) = MODULES.iter().find(|(name, _)| module.ident == *name)
        {
            module.content = Some((syn::token::Brace::default(), parsed(text)));
            module.semi = None;
        }
    }
    let items: TokenStream = items.iter().map(ToTokens::to_token_stream).collect();
    let reason = "bindings use what they need of it";
    vec![Item::with_comment(
        "What lifting, lowering and native tests are made of.",
        quote! {
            #[allow(dead_code, unused_imports, clippy::all, reason = #reason)]
            mod _rt { #items }
        },
    )]
}

/// The items of a source, without docs and tests. It is a file of ours that this crate was built
/// with; one that does not parse would give an empty module, which no test would let pass.
fn parsed(text: &str) -> Vec<syn::Item> {
    let mut file = syn::parse_file(text).unwrap_or_else(|_| syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: Vec::new(),
    });
    Bare.visit_file_mut(&mut file);
    file.items
}

/// Takes away what is said to people who read the runtime itself.
struct Bare;

impl VisitMut for Bare {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| {
            !["doc", "expect", "must_use"].iter().any(|name| attribute.path().is_ident(name))
        });
    }

    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test(item));
        syn::visit_mut::visit_file_mut(self, file);
    }
}

fn is_test(item: &syn::Item) -> bool {
    matches!(item, syn::Item::Mod(module) if module.ident == "tests")
}
