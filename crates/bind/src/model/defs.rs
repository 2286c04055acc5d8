//! Named types. What they look like in memory is left to `abi`, and what they
//! are called in a language to `name`.

use wit_parser::Span;

use super::{DefId, FunctionId, InterfaceId, TypeId};
use crate::abi::ResourceCore;

/// A named type, as it stands in one interface on one side, or in the world itself.
#[derive(Debug, Clone)]
pub struct Def {
    /// Its name in kebab case.
    pub name: String,
    /// Where it stands.
    pub owner: Owner,
    /// What it is.
    pub kind: DefKind,
    /// Text of its `///` comments, lines joined by `\n`; empty when there is none.
    pub docs: String,
    /// Since when it is there, and whether it is on its way out.
    pub stability: Stability,
    /// Where its name stands in the WIT.
    pub span: Span,
    /// An earlier definition of equal structure that means the same: the import of an exported
    /// interface, or another version of the package. Never set for what holds a resource, because
    /// those are nominal; never a chain: the definition that this names has none itself.
    pub same_as: Option<DefId>,
}

/// Who holds a named type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// An interface on one side.
    Interface(InterfaceId),
    /// The world itself.
    World,
}

/// What kind of type has a name.
#[derive(Debug, Clone)]
pub enum DefKind {
    /// Fields in their order.
    Record(Vec<Field>),
    /// Cases with or without payload.
    Variant(Vec<Case>),
    /// Cases without payload.
    Enum(Vec<Case>),
    /// Bits, the lowest first.
    Flags(Vec<Flag>),
    /// `type a = b` of a value type, or `use` of one.
    Alias(TypeId),
    /// `use` or alias of a resource: the definition, which is a [`DefKind::Resource`].
    ResourceAlias(DefId),
    /// Something with identity, of which only handles are passed.
    Resource(Resource),
}

/// What belongs to a resource.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its constructor, methods, statics and accessors, in the order of the WIT. They stand in
    /// [`super::Interface::functions`] or in the world's items too.
    pub functions: Vec<FunctionId>,
    /// What a core module imports and exports for it.
    pub core: ResourceCore,
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in kebab case.
    pub name: String,
    /// The type of its value.
    pub ty: TypeId,
    /// Text of its `///` comments.
    pub docs: String,
    /// Where its name stands in the WIT.
    pub span: Span,
}

/// A case of a variant or an enum; an enum's have no payload.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name in kebab case.
    pub name: String,
    /// The type of its payload.
    pub ty: Option<TypeId>,
    /// Text of its `///` comments.
    pub docs: String,
    /// Where its name stands in the WIT.
    pub span: Span,
}

/// A bit of flags.
#[derive(Debug, Clone)]
pub struct Flag {
    /// Its name in kebab case.
    pub name: String,
    /// Text of its `///` comments.
    pub docs: String,
    /// Where its name stands in the WIT.
    pub span: Span,
}

/// `@since`, `@unstable` and `@deprecated`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stability {
    /// The version of the package that brought it.
    pub since: Option<semver::Version>,
    /// The version of the package that advises against it.
    pub deprecated: Option<semver::Version>,
    /// The feature that an `@unstable` item belongs to.
    pub feature: Option<String>,
}
