//! What every builder of items looks up: the world, the options, the names, and the paths between
//! modules. What is built with it is left to the builders.

use std::collections::BTreeMap;

use joggle_bind::World;
use joggle_bind::abi::Facts;
use joggle_bind::model::{DefId, DefKind, FunctionId, InterfaceId, Owner, Side};
use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, rust};
use super::usage::Usage;
use super::with::With;
use crate::chain::Chain;
use crate::options::Options;
use crate::spell::Style;
use crate::types::Attributes;

/// A place in the generated file from which paths start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The module of this interface, or the root.
    pub interface: Option<InterfaceId>,
    /// How many modules further in.
    pub depth: usize,
}

impl Site {
    /// The root of the file.
    pub const ROOT: Site = Site { interface: None, depth: 0 };

    /// The module of an interface, or the root.
    #[must_use]
    pub fn of(interface: Option<InterfaceId>) -> Self {
        Self { interface, depth: 0 }
    }

    /// A module inside of this one.
    #[must_use]
    pub fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

/// Everything that is settled before items are built.
#[derive(Debug)]
pub struct Context<'a> {
    pub world: &'a World,
    /// The payload of the section with the component's type.
    pub section: &'a [u8],
    /// The same without exports, if another crate may call the macro that exports.
    pub imports_section: Option<Vec<u8>>,
    pub options: &'a Options,
    pub names: Names,
    /// The path of the runtime crate.
    pub rt: TokenStream,
    /// The path of the bitflags crate.
    pub bitflags: TokenStream,
    /// The path of the type for maps.
    pub map_type: TokenStream,
    /// Which helpers were used, for `abi::module` to print.
    pub helpers: crate::abi::Helpers,
    pub(crate) with: With,
    pub(crate) attributes: Attributes,
    /// Which types serde can write, by the index of their id.
    pub(crate) serializable: Vec<bool>,
    pub(crate) usage: Vec<Usage>,
    /// What a resource is called in a module, or the root, that gives it a name of its own.
    pub(crate) aliases: BTreeMap<(Option<InterfaceId>, DefId), DefId>,
    /// Methods that give back the resource that they were called on.
    pub(crate) chains: BTreeMap<FunctionId, Chain>,
}

impl Context<'_> {
    /// How the functions of the world use a definition.
    #[must_use]
    pub fn usage(&self, def: DefId) -> Usage {
        self.usage[def.index()]
    }

    /// What a value of a definition holds.
    #[must_use]
    pub fn facts(&self, def: DefId) -> Facts {
        self.world.def_type(def).map(|ty| self.world.facts(ty)).unwrap_or_default()
    }

    /// The module in which a definition stands.
    #[must_use]
    pub fn home(&self, def: DefId) -> Site {
        Site::of(self.owner(def))
    }

    pub(crate) fn owner(&self, def: DefId) -> Option<InterfaceId> {
        match self.world.defs[def].owner {
            Owner::Interface(id) => Some(id),
            Owner::World => None,
        }
    }

    /// Whether a resource is the component's own.
    #[must_use]
    pub fn is_exported_resource(&self, def: DefId) -> bool {
        match self.world.defs[def].kind {
            DefKind::Resource(_) => self.world.def_side(def) == Side::Export,
            DefKind::ResourceAlias(target) => self.is_exported_resource(target),
            DefKind::Record(_)
            | DefKind::Variant(_)
            | DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::Alias(_) => false,
        }
    }

    /// The functions of a resource.
    #[must_use]
    pub fn methods(&self, resource: DefId) -> &[FunctionId] {
        match &self.world.defs[resource].kind {
            DefKind::Resource(resource) => &resource.functions,
            DefKind::ResourceAlias(target) => self.methods(*target),
            DefKind::Record(_)
            | DefKind::Variant(_)
            | DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::Alias(_) => &[],
        }
    }

    /// Whether a definition is a Rust type of the user's, named alone or with its interface.
    #[must_use]
    pub fn is_remapped(&self, def: DefId) -> bool {
        self.with.def(def).is_some()
            || self.owner(def).is_some_and(|id| self.with.interface(id).is_some())
    }

    /// Whether a function is left out by the user.
    #[must_use]
    pub fn is_skipped(&self, function: FunctionId) -> bool {
        let name = &self.world.functions[function].wit_name;
        self.options.skip.iter().any(|skip| skip == name)
    }

    /// The path from one module to another, with `::` behind it unless it is empty.
    #[must_use]
    pub fn path(&self, from: Site, to: Option<InterfaceId>) -> TokenStream {
        let from_module = from.interface.map_or(&[][..], |id| self.names.module(id));
        let up = rust("super");
        if let Some(to) = to
            && self.with.interface(to).is_some()
        {
            let supers = std::iter::repeat_n(&up, from_module.len() + from.depth);
            let name = self.names.elsewhere(to);
            return quote!(#(#supers::)* #name::);
        }
        let to_module = to.map_or(&[][..], |id| self.names.module(id));
        let same = from_module.iter().zip(to_module).take_while(|(a, b)| a == b).count();
        let supers = std::iter::repeat_n(&up, from_module.len() - same + from.depth);
        let below = &to_module[same..];
        quote!(#(#supers::)* #(#below::)*)
    }

    /// The path of a definition in its owned form.
    #[must_use]
    pub fn def_path(&self, at: Site, def: DefId) -> TokenStream {
        self.form_path(at, def, Style::Owned)
    }

    /// The path of a definition in the form of a style.
    #[must_use]
    pub fn form_path(&self, at: Site, def: DefId, style: Style) -> TokenStream {
        let def = self.nearest(at, def);
        let path = self.path(at, self.owner(def));
        let ident = self.form_ident(def, style);
        quote!(#path #ident)
    }

    /// The path of `XBorrow` of an exported resource.
    #[must_use]
    pub fn borrow_path(&self, at: Site, def: DefId) -> TokenStream {
        let def = self.nearest(at, def);
        let path = self.path(at, self.owner(def));
        let ident = self.names.borrow(def);
        quote!(#path #ident)
    }

    /// What a resource is called in this module, if it has another name there.
    fn nearest(&self, at: Site, def: DefId) -> DefId {
        self.aliases.get(&(at.interface, def)).copied().unwrap_or(def)
    }

    /// A type of the prelude: its short name, unless the module has one of that name itself.
    #[must_use]
    pub fn prelude(&self, at: Site, name: &'static str) -> TokenStream {
        let ident = rust(name);
        let hidden = at.depth == 0 && self.names.declares(at.interface, name);
        if !hidden {
            return quote!(#ident);
        }
        let up = rust("super");
        let depth = at.interface.map_or(0, |id| self.names.module(id).len()) + at.depth;
        let supers = std::iter::repeat_n(&up, depth);
        let alloc = match (self.options.std_feature, depth) {
            (true, 0) => {
                let alloc = self.names.alloc();
                quote!(self::#alloc)
            }
            (true, _) => {
                let alloc = self.names.alloc();
                quote!(#(#supers::)* #alloc)
            }
            (false, _) => quote!(::std),
        };
        match name {
            "Vec" => quote!(#alloc::vec::Vec),
            "String" => quote!(#alloc::string::String),
            "Box" => quote!(#alloc::boxed::Box),
            "Option" => quote!(::core::option::Option),
            "Result" => quote!(::core::result::Result),
            "Drop" => quote!(::core::ops::Drop),
            "Default" => quote!(::core::default::Default),
            "Clone" => quote!(::core::clone::Clone),
            "From" => quote!(::core::convert::From),
            "Into" => quote!(::core::convert::Into),
            "Iterator" => quote!(::core::iter::Iterator),
            "Send" => quote!(::core::marker::Send),
            "Sync" => quote!(::core::marker::Sync),
            "Sized" => quote!(::core::marker::Sized),
            "Fn" => quote!(::core::ops::Fn),
            "FnMut" => quote!(::core::ops::FnMut),
            "FnOnce" => quote!(::core::ops::FnOnce),
            _ => quote!(#ident),
        }
    }

    /// A primitive type: its short name, unless the module has a module of that name.
    #[must_use]
    pub fn primitive(&self, at: Site, name: &'static str) -> TokenStream {
        let ident = rust(name);
        if at.depth == 0 && self.names.declares(at.interface, name) {
            quote!(::core::primitive::#ident)
        } else {
            quote!(#ident)
        }
    }

    /// What a definition is elsewhere, if the user says so.
    #[must_use]
    pub fn elsewhere(&self, def: DefId) -> Option<&syn::Path> {
        self.with.def(def)
    }

    /// Whether the module of an interface is generated.
    #[must_use]
    pub fn is_generated(&self, interface: InterfaceId) -> bool {
        self.with.interface(interface).is_none()
    }
}
