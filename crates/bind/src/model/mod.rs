//! The world that backends print: what WIT says, without a language and without
//! an opinion on spelling.
//!
//! A [`World`] owns everything; the rest refers to it by id. Ids are dense and
//! follow the order of the WIT, so that the same input gives the same output.
//! How a world comes out of resolved WIT is left to `build`, how its values lie
//! in memory to `abi`, and what things are called to `name`.

mod defs;
mod functions;
mod ids;
mod interfaces;
mod types;

pub use defs::{Case, Def, DefKind, Field, Flag, Owner, Resource, Stability};
pub use functions::{Accessor, Function, FunctionKind, Param};
pub use ids::{Arena, DefId, FunctionId, Id, InterfaceId, TypeId};
pub use interfaces::{Implements, Interface, Item, Key, Package, Side};
pub use types::Type;

/// A world: what a component asks for and what it gives.
#[derive(Debug, Clone)]
pub struct World {
    /// The world's own name, in kebab case.
    pub name: String,
    /// The package that holds it.
    pub package: Package,
    /// Text of the `///` comments above it, lines joined by `\n`; empty when there is none.
    pub docs: String,
    /// Since when it is there, and whether it is on its way out.
    pub stability: Stability,
    /// Where its name stands in the WIT.
    pub span: wit_parser::Span,
    /// What is imported, in the order of the WIT: interfaces, functions and types.
    pub imports: Vec<Item>,
    /// What is exported, in the order of the WIT.
    pub exports: Vec<Item>,
    /// Interfaces, once for each side on which they occur.
    pub interfaces: Arena<Interface>,
    /// Named types, once for each nominal type: an interface that is imported and exported has
    /// two definitions of each, and `same_as` says whether a language may unite them.
    pub defs: Arena<Def>,
    /// Every type that occurs, one id for each structure. A type comes after those that it is
    /// made of, through names too: one walk in order, and what it needs is there.
    pub types: Arena<Type>,
    /// Functions, once for each side on which they occur.
    pub functions: Arena<Function>,
    /// The type that is the value of a definition, for all but resources and their aliases.
    pub(crate) def_types: Vec<Option<TypeId>>,
    /// How values of each type lie in memory, and what they hold.
    pub(crate) abi: crate::abi::Tables,
}

impl World {
    /// The definition that stands for this one: another that means the same, or itself.
    #[must_use]
    pub fn representative(&self, def: DefId) -> DefId {
        self.defs[def].same_as.unwrap_or(def)
    }

    /// The type of a definition's values; a resource and an alias of one have none, because only
    /// handles to it are passed.
    #[must_use]
    pub fn def_type(&self, def: DefId) -> Option<TypeId> {
        self.def_types.get(def.index()).copied().flatten()
    }

    /// On which side a definition stands. Types of the world itself are imported, unless the
    /// world exports them.
    #[must_use]
    pub fn def_side(&self, def: DefId) -> Side {
        match self.defs[def].owner {
            Owner::Interface(interface) => self.interfaces[interface].side,
            Owner::World if self.exports.contains(&Item::Def(def)) => Side::Export,
            Owner::World => Side::Import,
        }
    }

    /// The world's full name: `ns:pkg/world@1.2.3`.
    #[must_use]
    pub fn id(&self) -> String {
        let Package { namespace, name, version } = &self.package;
        match version {
            Some(version) => format!("{namespace}:{name}/{}@{version}", self.name),
            None => format!("{namespace}:{name}/{}", self.name),
        }
    }
}
