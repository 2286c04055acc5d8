//! Marks for what the printer of trees drops: `//` comments and blank lines between items. They
//! are macros in the tree, each on a line of its own once it is printed, and `lines` puts the
//! comment or the blank line there.

use syn::visit_mut::{self, VisitMut};
use syn::{ImplItem, Item, Macro, TraitItem};

#[cfg(test)]
use crate::ir;

/// The name of the mark of a comment. Its argument becomes a place in the table.
pub(super) const COMMENT: &str = "__comment";
/// The name of the mark of a blank line.
pub(super) const BLANK: &str = "__blank";

/// The comments of a file, in the order in which their marks were met.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) comments: Vec<String>,
}

impl VisitMut for Marks {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        visit_mut::visit_file_mut(self, file);
        part(&mut file.items);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        visit_mut::visit_item_mod_mut(self, module);
        if let Some((_, items)) = &mut module.content {
            part(items);
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        visit_mut::visit_item_impl_mut(self, item);
        let items = std::mem::take(&mut item.items);
        let mut above: Option<Kind> = None;
        for next in items {
            let kind = match &next {
                ImplItem::Macro(item) if is_comment(&item.mac) => Kind::Comment,
                ImplItem::Type(_) | ImplItem::Const(_) => Kind::Line,
                _ => Kind::Block,
            };
            if above.is_some_and(|above| above.is_apart_from(kind)) {
                item.items.extend(syn::parse2(blank()).ok());
            }
            above = Some(kind);
            item.items.push(next);
        }
    }

    fn visit_item_trait_mut(&mut self, item: &mut syn::ItemTrait) {
        visit_mut::visit_item_trait_mut(self, item);
        let items = std::mem::take(&mut item.items);
        let mut above: Option<Kind> = None;
        for next in items {
            let kind = match &next {
                TraitItem::Macro(item) if is_comment(&item.mac) => Kind::Comment,
                TraitItem::Type(item) if item.attrs.is_empty() => Kind::Line,
                TraitItem::Fn(item) if item.attrs.is_empty() && item.default.is_none() => {
                    Kind::Line
                }
                _ => Kind::Block,
            };
            if above.is_some_and(|above| above.is_apart_from(kind)) {
                item.items.extend(syn::parse2(blank()).ok());
            }
            above = Some(kind);
            item.items.push(next);
        }
    }

    fn visit_macro_mut(&mut self, mark: &mut Macro) {
        if is_comment(mark)
            && let Ok(text) = syn::parse2::<syn::LitStr>(mark.tokens.clone())
        {
            let place = proc_macro2::Literal::usize_unsuffixed(self.comments.len());
            self.comments.push(text.value());
            mark.tokens = quote::quote!(#place);
        }
    }
}

/// How an item stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It belongs to what follows.
    Comment,
    /// A line, which may follow another.
    Line,
    /// An `use`, likewise.
    Use,
    /// Several lines, with blank lines around.
    Block,
}

impl Kind {
    /// Whether there is a blank line between an item of this kind and the next.
    fn is_apart_from(self, next: Kind) -> bool {
        self != Kind::Comment && (self != next || self == Kind::Block)
    }
}

fn is_comment(mark: &Macro) -> bool {
    mark.path.is_ident(COMMENT)
}

fn blank() -> proc_macro2::TokenStream {
    let name = proc_macro2::Ident::new(BLANK, proc_macro2::Span::call_site());
    quote::quote!(#name!();)
}

/// Puts blank lines between items.
fn part(items: &mut Vec<Item>) {
    let mut above: Option<Kind> = None;
    for next in std::mem::take(items) {
        let kind = match &next {
            Item::Macro(item) if is_comment(&item.mac) => Kind::Comment,
            Item::Use(item) if item.attrs.is_empty() => Kind::Use,
            Item::ExternCrate(item) if item.attrs.is_empty() => Kind::Use,
            Item::Type(item) if item.attrs.is_empty() => Kind::Line,
            _ => Kind::Block,
        };
        if above.is_some_and(|above| above.is_apart_from(kind)) {
            items.extend(syn::parse2(blank()).ok());
        }
        above = Some(kind);
        items.push(next);
    }
}

/// Puts attributes on an item that can be unused.
pub(super) fn allow(item: &mut Item, attributes: &[syn::Attribute]) {
    let own = match item {
        Item::Const(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Static(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Trait(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        // The rest is no item that anybody uses, or says itself what is allowed.
        _ => return,
    };
    let docs = own.iter().take_while(|attribute| attribute.path().is_ident("doc")).count();
    own.splice(docs..docs, attributes.iter().cloned());
}

/// What a mark of a comment looks like before it is numbered: `ir::comment` makes it.
#[cfg(test)]
#[test]
fn comments_have_this_mark() {
    let item: syn::ItemMacro = syn::parse2(ir::comment("why")).expect("a macro");
    assert!(is_comment(&item.mac));
}
