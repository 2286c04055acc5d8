//! Derives and attributes: those that follow from a type, and those that the user adds.

use std::collections::{BTreeMap, BTreeSet};

use joggle_bind::World;
use joggle_bind::model::{DefId, DefKind, Owner};
use joggle_diag::closest;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;

use crate::options::Options;
use crate::problem::Problem;
use crate::shape::Context;
use crate::spell::Form;

/// What the user adds to definitions.
#[derive(Debug, Default)]
pub struct Attributes {
    /// Derives for all, as tokens.
    derives: Vec<String>,
    ignored: BTreeSet<String>,
    types: BTreeMap<DefId, Vec<TokenStream>>,
    members: BTreeMap<(DefId, String), Vec<TokenStream>>,
}

impl Attributes {
    /// Reads the options, and says what of them is no Rust or fits nothing.
    pub fn new(world: &World, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let mut attributes = Attributes::default();
        for derive in &options.additional_derive_attributes {
            match syn::parse_str::<syn::Path>(derive) {
                Ok(path) => attributes.derives.push(path.into_token_stream().to_string()),
                Err(_) => problems.push(Problem::not_rust(
                    "additional-derive-attributes",
                    derive,
                    "the path of a derive",
                )),
            }
        }
        attributes.ignored =
            options.additional_derive_ignore.iter().map(|name| name.to_lowercase()).collect();
        let targets = targets(world);
        attributes.types(options, &targets, problems);
        attributes.members(world, options, &targets, problems);
        attributes
    }

    fn types(
        &mut self,
        options: &Options,
        targets: &BTreeMap<String, Vec<DefId>>,
        problems: &mut Vec<Problem>,
    ) {
        const OPTION: &str = "additional-type-attributes";
        for (selector, attribute) in &options.additional_type_attributes {
            let Some(defs) = targets.get(&selector.replace('#', "/")) else {
                let near = closest(selector, targets.keys().map(String::as_str));
                problems.push(Problem::unused_attribute(OPTION, "type", selector, near));
                continue;
            };
            let Some(attribute) = parse(OPTION, attribute, problems) else { continue };
            for def in defs {
                push(self.types.entry(*def).or_default(), &attribute);
            }
        }
    }

    fn members(
        &mut self,
        world: &World,
        options: &Options,
        targets: &BTreeMap<String, Vec<DefId>>,
        problems: &mut Vec<Problem>,
    ) {
        const OPTION: &str = "additional-member-attributes";
        for (selector, attribute) in &options.additional_member_attributes {
            let key = selector.replace('#', "/");
            let found = key.rsplit_once('.').and_then(|(ty, member)| {
                let defs = targets.get(ty)?;
                let has = defs.iter().any(|def| members(world, *def).contains(&member));
                has.then_some((defs, member))
            });
            let Some((defs, member)) = found else {
                let all = all_members(world, targets);
                let near = closest(&key, all.iter().map(String::as_str));
                problems.push(Problem::unused_attribute(OPTION, "member", selector, near));
                continue;
            };
            let Some(attribute) = parse(OPTION, attribute, problems) else { continue };
            for def in defs {
                push(self.members.entry((*def, member.to_owned())).or_default(), &attribute);
            }
        }
    }

    /// The user's attributes of a record, variant or enum.
    pub(super) fn of_type(&self, id: DefId) -> &[TokenStream] {
        self.types.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The user's attributes of a field or case.
    pub(super) fn of_member(&self, id: DefId, name: &str) -> &[TokenStream] {
        self.members.get(&(id, name.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// `#[derive(…)]` of a record or variant.
    pub(super) fn derives(
        &self,
        cx: &Context<'_>,
        id: DefId,
        form: &Form,
        without_debug: bool,
    ) -> TokenStream {
        let facts = cx.facts(id);
        let mut derives = Vec::new();
        if !without_debug {
            derives.push("Debug");
        }
        if !facts.has_resource() {
            derives.push("Clone");
            if !facts.has_heap() {
                derives.push("Copy");
            }
        }
        self.derive(cx, id, &derives, super::serde::derives(cx, id, form))
    }

    /// `#[derive(…)]` of an enum.
    pub(super) fn enum_derives(&self, cx: &Context<'_>, id: DefId) -> TokenStream {
        let derives = ["Debug", "Clone", "Copy", "PartialEq", "Eq", "PartialOrd", "Ord"];
        self.derive(cx, id, &derives, cx.options.serde)
    }

    fn derive(&self, cx: &Context<'_>, id: DefId, own: &[&str], serde: bool) -> TokenStream {
        let mut all: Vec<String> = own.iter().map(|&name| name.to_owned()).collect();
        if serde {
            all.extend(["::serde::Serialize", "::serde::Deserialize"].map(str::to_owned));
        }
        let plain = |path: &str| path.replace(' ', "").trim_start_matches("::").to_owned();
        if !self.ignored.contains(&cx.world.defs[id].name.to_lowercase()) {
            for derive in &self.derives {
                if !all.iter().any(|known| plain(known) == plain(derive)) {
                    all.push(derive.clone());
                }
            }
        }
        if all.is_empty() {
            return TokenStream::new();
        }
        let all = all.iter().filter_map(|path| syn::parse_str::<syn::Path>(path).ok());
        quote!(#[derive(#(#all),*)])
    }
}

fn push(list: &mut Vec<TokenStream>, attribute: &TokenStream) {
    if !list.iter().any(|known| known.to_string() == attribute.to_string()) {
        list.push(attribute.clone());
    }
}

fn parse(option: &'static str, text: &str, problems: &mut Vec<Problem>) -> Option<TokenStream> {
    match syn::Attribute::parse_outer.parse_str(text) {
        Ok(attributes) if !attributes.is_empty() => Some(quote!(#(#attributes)*)),
        Ok(_) | Err(_) => {
            problems.push(Problem::not_rust(option, text, "an attribute, `#[…]`"));
            None
        }
    }
}

/// Records, variants and enums by the names that selectors have. An interface on both sides has
/// two definitions of one name, and the types that are united with them get the same.
fn targets(world: &World) -> BTreeMap<String, Vec<DefId>> {
    let mut targets: BTreeMap<String, Vec<DefId>> = BTreeMap::new();
    for (id, def) in world.defs.iter() {
        match def.kind {
            DefKind::Record(_) | DefKind::Variant(_) | DefKind::Enum(_) => {}
            DefKind::Flags(_)
            | DefKind::Alias(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => continue,
        }
        let holder = match def.owner {
            Owner::Interface(interface) => &world.interfaces[interface].import_module,
            Owner::World => &world.name,
        };
        let defs = targets.entry(format!("{holder}/{}", def.name)).or_default();
        for id in [id, world.representative(id)] {
            if !defs.contains(&id) {
                defs.push(id);
            }
        }
    }
    targets
}

fn members(world: &World, id: DefId) -> Vec<&str> {
    match &world.defs[id].kind {
        DefKind::Record(fields) => fields.iter().map(|field| field.name.as_str()).collect(),
        DefKind::Variant(cases) | DefKind::Enum(cases) => {
            cases.iter().map(|case| case.name.as_str()).collect()
        }
        DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_)
        | DefKind::Resource(_) => Vec::new(),
    }
}

fn all_members(world: &World, targets: &BTreeMap<String, Vec<DefId>>) -> Vec<String> {
    let first = targets.iter().filter_map(|(name, defs)| Some((name, *defs.first()?)));
    first
        .flat_map(|(name, id)| members(world, id).into_iter().map(move |m| format!("{name}.{m}")))
        .collect()
}
