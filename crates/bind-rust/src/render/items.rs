//! Items: modules, types, traits, implementations and what stands in them.

use syn::{
    Fields, ForeignItem, ImplItem, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, ItemTrait,
    TraitItem, Variant, Visibility,
};

use super::attributes;
use super::exprs;
use super::functions::{self, generics, where_clause};
use super::macros;
use super::room::{Room, STEP, fits, line_break, width};
use super::types;

/// How an item stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It belongs to what follows.
    Comment,
    /// A line, which may follow another of its kind.
    Line,
    /// A `use`, likewise.
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

/// Items in lines of their own, with blank lines between them where they belong.
pub(super) fn all(items: &[Item], indent: usize) -> String {
    join(items.iter().map(|next| text(next, indent)), indent)
}

/// An item, and how it stands.
pub(super) fn text(item: &Item, indent: usize) -> (Kind, String) {
    (kind(item), self::item(item, indent))
}

/// Texts with the blank lines between them.
pub(super) fn join(items: impl Iterator<Item = (Kind, String)>, indent: usize) -> String {
    let mut text = String::new();
    let mut above: Option<Kind> = None;
    for (kind, next) in items {
        if let Some(above) = above {
            if above.is_apart_from(kind) {
                text.push('\n');
            }
            text.push_str(&line_break(indent));
        }
        above = Some(kind);
        text.push_str(&next);
    }
    text
}

fn kind(item: &Item) -> Kind {
    match item {
        Item::Macro(item) if macros::comment(&item.mac, 0).is_some() => Kind::Comment,
        Item::Use(item) if item.attrs.is_empty() => Kind::Use,
        Item::ExternCrate(item) if item.attrs.is_empty() => Kind::Use,
        Item::Type(item) if item.attrs.is_empty() => Kind::Line,
        _ => Kind::Block,
    }
}

/// An item, without the indentation of its first line.
pub(super) fn item(item: &Item, indent: usize) -> String {
    let text = match item {
        Item::Mod(module) => Some(match &module.content {
            Some((_, items)) => self::module(module, &all(items, indent + STEP), indent),
            None => module_head(module, indent) + ";",
        }),
        Item::Struct(item) => structure(item, indent),
        Item::Enum(item) => enumeration(item, indent),
        Item::Impl(item) => implementation(item, indent),
        Item::Trait(item) => self::trait_(item, indent),
        Item::Fn(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            functions::function(&head, &item.sig, Some(&item.block), indent)
        }
        Item::Type(item) => {
            let attributes = attributes::lines(&item.attrs, indent);
            let head =
                format!("{}type {}{}", visibility(&item.vis), item.ident, generics(&item.generics));
            types_beside(&(head + " ="), &item.ty, ';', indent).map(|text| attributes + &text)
        }
        Item::Use(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            Some(format!("{head}use {};", use_tree(&item.tree)))
        }
        Item::Const(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            let ty = types::flat(&item.ty);
            ty.and_then(|ty| {
                let head = format!("{head}const {}: {ty} =", item.ident);
                value(&head, &item.expr, indent)
            })
        }
        Item::Static(item) => {
            let attributes = attributes::lines(&item.attrs, indent);
            let ty = types::flat(&item.ty);
            ty.and_then(|ty| {
                let vis = visibility(&item.vis);
                let is_mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                let mutable = if is_mutable { "mut " } else { "" };
                value(&format!("{vis}static {mutable}{}: {ty} =", item.ident), &item.expr, indent)
            })
            .map(|text| attributes + &text)
        }
        Item::ForeignMod(item) => {
            let items = item.items.iter().map(|next| (Kind::Line, foreign(next, indent + STEP)));
            let unsafety = if item.unsafety.is_some() { "unsafe " } else { "" };
            let head = attributes::lines(&item.attrs, indent);
            let abi = super::tokens(&item.abi);
            Some(braces(&format!("{head}{unsafety}{abi} {{"), &join(items, indent + STEP), indent))
        }
        Item::Macro(call) => {
            macros::comment(&call.mac, indent).or_else(|| macros::item(call, indent))
        }
        other => Some(super::printed(other, indent)),
    };
    text.unwrap_or_else(|| super::printed(item, indent))
}

fn value(head: &str, value: &syn::Expr, indent: usize) -> Option<String> {
    let room = Room::line(indent).before(1)?;
    if let syn::Expr::Unary(inner) = value
        && let syn::Expr::Lit(_) = inner.expr.as_ref()
    {
        // A literal of many lines stays where it is.
        return Some(format!("{head} {};", exprs::flat(value)?));
    }
    Some(exprs::beside(head, value, room)? + ";")
}

/// `head type` and an end, on two lines if it has to be.
fn types_beside(head: &str, ty: &syn::Type, end: char, indent: usize) -> Option<String> {
    let room = Room::line(indent).before(1)?;
    let same = room.after(width(head) + 1).and_then(|room| {
        let text = types::ty(ty, room)?;
        fits(&text, room).then_some(text)
    });
    if let Some(text) = &same
        && !text.contains('\n')
    {
        return Some(format!("{head} {text}{end}"));
    }
    let below = Room::line(indent + STEP).before(1)?;
    let next = types::ty(ty, below).filter(|text| fits(text, below));
    let on_next = |text: &str| format!("{head}{}{text}{end}", line_break(below.indent));
    match (same, next) {
        (Some(same), Some(next)) if exprs::prefers_next(&same, &next) => Some(on_next(&next)),
        (Some(same), _) => Some(format!("{head} {same}{end}")),
        (None, Some(next)) => Some(on_next(&next)),
        (None, None) => Some(format!("{head} {}{end}", types::flat(ty)?)),
    }
}

/// `head`, what stands in braces, and the end.
fn braces(head: &str, inside: &str, indent: usize) -> String {
    if inside.is_empty() {
        return format!("{head}}}");
    }
    format!("{head}{}{inside}{}}}", line_break(indent + STEP), line_break(indent))
}

pub(super) fn visibility(visibility: &Visibility) -> String {
    match visibility {
        Visibility::Public(_) => "pub ".to_owned(),
        Visibility::Restricted(inner) => {
            let path = super::tokens(&inner.path).replace(' ', "");
            let within = if inner.in_token.is_some() { "in " } else { "" };
            format!("pub({within}{path}) ")
        }
        Visibility::Inherited => String::new(),
    }
}

/// A module around the text of its items.
pub(super) fn module(module: &ItemMod, inside: &str, indent: usize) -> String {
    braces(&format!("{} {{", module_head(module, indent)), inside, indent)
}

fn module_head(module: &ItemMod, indent: usize) -> String {
    let attributes = attributes::lines(&module.attrs, indent);
    format!("{attributes}{}mod {}", visibility(&module.vis), module.ident)
}

fn structure(item: &ItemStruct, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&item.attrs, indent);
    let vis = visibility(&item.vis);
    let head = format!("{attributes}{vis}struct {}{}", item.ident, generics(&item.generics));
    match &item.fields {
        Fields::Unit => Some(format!("{head};")),
        Fields::Unnamed(fields) => {
            let fields: Option<Vec<String>> = fields
                .unnamed
                .iter()
                .map(|field| Some(visibility(&field.vis) + &types::flat(&field.ty)?))
                .collect();
            Some(format!("{head}({});", fields?.join(", ")))
        }
        Fields::Named(fields) => {
            let fields: Option<Vec<String>> =
                fields.named.iter().map(|next| field(next, indent + STEP)).collect();
            let inside = fields?.join(&line_break(indent + STEP));
            Some(braces(&format!("{head} {{"), &inside, indent))
        }
    }
}

fn field(field: &syn::Field, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&field.attrs, indent);
    let name = field.ident.as_ref()?;
    let head = format!("{}{name}:", visibility(&field.vis));
    Some(attributes + &types_beside(&head, &field.ty, ',', indent)?)
}

fn enumeration(item: &ItemEnum, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&item.attrs, indent);
    let vis = visibility(&item.vis);
    let head = format!("{attributes}{vis}enum {}{} {{", item.ident, generics(&item.generics));
    let variants: Option<Vec<String>> =
        item.variants.iter().map(|next| variant(next, indent + STEP)).collect();
    Some(braces(&head, &variants?.join(&line_break(indent + STEP)), indent))
}

fn variant(variant: &Variant, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&variant.attrs, indent);
    let payload = match &variant.fields {
        Fields::Unnamed(fields) => {
            let items: Vec<_> =
                fields.unnamed.iter().map(|field| super::lists::Element::Type(&field.ty)).collect();
            let head = variant.ident.to_string();
            let room = Room::line(indent).before(1)?;
            super::lists::list(&head, &items, super::lists::PARENTHESES, room)?
        }
        Fields::Unit | Fields::Named(_) => variant.ident.to_string(),
    };
    Some(format!("{attributes}{payload},"))
}

fn implementation(item: &ItemImpl, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&item.attrs, indent);
    let unsafety = if item.unsafety.is_some() { "unsafe " } else { "" };
    let ty = types::flat(&item.self_ty)?;
    let start = format!("{unsafety}impl{}", generics(&item.generics));
    let clause = where_clause(&item.generics, indent)?;
    let end = if clause.is_empty() {
        " {".to_owned()
    } else {
        format!("{clause}{}{{", line_break(indent))
    };
    let head = match &item.trait_ {
        None => format!("{start} {ty}{end}"),
        Some((path, _)) => {
            let path = types::path(None, path, false, types::wide())?;
            let line = format!("{start} {path} for {ty}{end}");
            if indent + width(&line) <= super::room::WIDTH || !clause.is_empty() {
                line
            } else {
                let below = line_break(indent + STEP);
                format!("{start} {path}{below}for {ty}{}{{", line_break(indent))
            }
        }
    };
    let inner = indent + STEP;
    let items = item.items.iter().map(|next| (impl_kind(next), impl_item(next, inner)));
    Some(attributes + &braces(&head, &join(items, inner), indent))
}

fn impl_kind(item: &ImplItem) -> Kind {
    match item {
        ImplItem::Macro(item) if macros::comment(&item.mac, 0).is_some() => Kind::Comment,
        ImplItem::Type(_) | ImplItem::Const(_) => Kind::Line,
        _ => Kind::Block,
    }
}

fn impl_item(item: &ImplItem, indent: usize) -> String {
    let text = match item {
        ImplItem::Fn(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            functions::function(&head, &item.sig, Some(&item.block), indent)
        }
        ImplItem::Type(item) => {
            let attributes = attributes::lines(&item.attrs, indent);
            types_beside(&format!("type {} =", item.ident), &item.ty, ';', indent)
                .map(|text| attributes + &text)
        }
        ImplItem::Const(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            let ty = types::flat(&item.ty);
            ty.and_then(|ty| {
                value(&format!("{head}const {}: {ty} =", item.ident), &item.expr, indent)
            })
        }
        ImplItem::Macro(item) => macros::comment(&item.mac, indent),
        other => Some(super::tokens(other)),
    };
    text.unwrap_or_else(|| super::tokens(item))
}

fn trait_(item: &ItemTrait, indent: usize) -> Option<String> {
    let attributes = attributes::lines(&item.attrs, indent);
    let unsafety = if item.unsafety.is_some() { "unsafe " } else { "" };
    let bounds = bounds(&item.supertraits)?;
    let vis = visibility(&item.vis);
    let name = &item.ident;
    let head = format!("{vis}{unsafety}trait {name}{}{bounds} {{", generics(&item.generics));
    let inner = indent + STEP;
    let items = item.items.iter().map(|next| (trait_kind(next), trait_item(next, inner)));
    Some(attributes + &braces(&head, &join(items, inner), indent))
}

/// `: A + B`, or nothing.
fn bounds(
    bounds: &syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>,
) -> Option<String> {
    if bounds.is_empty() {
        return Some(String::new());
    }
    Some(format!(": {}", types::bounds(bounds.iter())?))
}

fn trait_kind(item: &TraitItem) -> Kind {
    match item {
        TraitItem::Macro(item) if macros::comment(&item.mac, 0).is_some() => Kind::Comment,
        TraitItem::Type(item) if item.attrs.is_empty() => Kind::Line,
        TraitItem::Fn(item) if item.attrs.is_empty() && item.default.is_none() => Kind::Line,
        _ => Kind::Block,
    }
}

fn trait_item(item: &TraitItem, indent: usize) -> String {
    let text = match item {
        TraitItem::Fn(item) => {
            let head = attributes::lines(&item.attrs, indent);
            functions::function(&head, &item.sig, item.default.as_ref(), indent)
        }
        TraitItem::Type(item) => {
            let head = attributes::lines(&item.attrs, indent);
            bounds(&item.bounds).map(|bounds| format!("{head}type {}{bounds};", item.ident))
        }
        TraitItem::Macro(item) => macros::comment(&item.mac, indent),
        other => Some(super::tokens(other)),
    };
    text.unwrap_or_else(|| super::tokens(item))
}

fn foreign(item: &ForeignItem, indent: usize) -> String {
    match item {
        ForeignItem::Fn(item) => {
            let head = attributes::lines(&item.attrs, indent) + &visibility(&item.vis);
            functions::function(&head, &item.sig, None, indent)
                .unwrap_or_else(|| super::tokens(item))
        }
        other => super::tokens(other),
    }
}

fn use_tree(tree: &syn::UseTree) -> String {
    match tree {
        syn::UseTree::Path(path) => format!("{}::{}", path.ident, use_tree(&path.tree)),
        syn::UseTree::Name(name) => name.ident.to_string(),
        syn::UseTree::Rename(rename) => format!("{} as {}", rename.ident, rename.rename),
        syn::UseTree::Glob(_) => "*".to_owned(),
        syn::UseTree::Group(group) => {
            let items: Vec<String> = group.items.iter().map(use_tree).collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}
