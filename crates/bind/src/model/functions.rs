//! Functions, each on one side of a world. How their values cross the boundary
//! is left to `abi`.

use wit_parser::Span;

use super::{DefId, InterfaceId, Side, Stability, TypeId};
use crate::abi::Core;

/// A function that a component imports or exports.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its own name in kebab case, without resource and brackets: `read` of `[method]file.read`.
    /// Empty for a constructor.
    pub name: String,
    /// Its name in the binary: `[method]file.read`.
    pub wit_name: String,
    /// What it belongs to.
    pub kind: FunctionKind,
    /// Whether it is a getter or a setter.
    pub accessor: Option<Accessor>,
    /// Whether it was declared `async`.
    pub is_async: bool,
    /// The interface that holds it; a function of the world itself has none.
    pub interface: Option<InterfaceId>,
    /// Whether it is called or implemented.
    pub side: Side,
    /// For a method the first is the borrowed `self`.
    pub params: Vec<Param>,
    /// What it returns.
    pub result: Option<TypeId>,
    /// Text of its `///` comments, lines joined by `\n`; empty when there is none.
    pub docs: String,
    /// Since when it is there, and whether it is on its way out.
    pub stability: Stability,
    /// Where its name stands in the WIT.
    pub span: Span,
    /// How a core module imports or exports it.
    pub core: Core,
}

/// What a function belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The interface or the world.
    Free,
    /// A resource, of which it borrows one.
    Method(DefId),
    /// A resource.
    Static(DefId),
    /// A resource, which is the result, or a `result` of it when the constructor can fail.
    Constructor(DefId),
}

impl FunctionKind {
    /// The resource it belongs to.
    #[must_use]
    pub fn resource(self) -> Option<DefId> {
        match self {
            FunctionKind::Free => None,
            FunctionKind::Method(def)
            | FunctionKind::Static(def)
            | FunctionKind::Constructor(def) => Some(def),
        }
    }
}

/// A property, not a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accessor {
    /// `the-prop: get() -> t`.
    Get,
    /// `the-prop: set(value: t)`.
    Set,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name in kebab case.
    pub name: String,
    /// The type of its value.
    pub ty: TypeId,
    /// Where its name stands in the WIT.
    pub span: Span,
}
