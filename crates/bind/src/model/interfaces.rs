//! Interfaces, each on one side of a world.

use std::fmt;

use wit_parser::Span;

use super::{DefId, FunctionId, InterfaceId, Stability};

/// Which way something faces, seen from the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The component asks for it.
    Import,
    /// The component gives it.
    Export,
}

/// Something that a world imports or exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// An interface.
    Interface(InterfaceId),
    /// A function of the world itself.
    Function(FunctionId),
    /// A type of the world itself.
    Def(DefId),
}

/// The name of a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Package {
    /// `wasi` in `wasi:io@0.2.12`.
    pub namespace: String,
    /// `io` in `wasi:io@0.2.12`.
    pub name: String,
    /// `0.2.12` in `wasi:io@0.2.12`.
    pub version: Option<semver::Version>,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.namespace, self.name)?;
        match &self.version {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}

/// What an interface is called in a world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// An interface of a package.
    Id {
        /// The package.
        package: Package,
        /// The interface's name in it.
        name: String,
    },
    /// `import name: interface { … }`, or `import name: id` when [`Interface::implements`] is set.
    Inline(String),
}

/// The interface that `import name: id` names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Implements {
    /// The package.
    pub package: Package,
    /// The interface's name in it.
    pub name: String,
}

/// An interface on one side.
#[derive(Debug, Clone)]
pub struct Interface {
    /// What it is called in the world.
    pub key: Key,
    /// Whether it is asked for or given.
    pub side: Side,
    /// The interface that an inline name stands for.
    pub implements: Option<Implements>,
    /// The name under which the component imports or exports it: `ns:pkg/name@1.2.3`, or the
    /// inline name. The core module of its functions, out of wit-parser.
    pub import_module: String,
    /// Text of its `///` comments, lines joined by `\n`; empty when there is none.
    pub docs: String,
    /// Since when it is there, and whether it is on its way out.
    pub stability: Stability,
    /// Where its name stands in the WIT, or the `import` or `export` of an inline interface.
    pub span: Span,
    /// Its types, in the order of the WIT.
    pub defs: Vec<DefId>,
    /// Its functions, in the order of the WIT, those of resources among them.
    pub functions: Vec<FunctionId>,
    /// Imported only because types of it are used: it has no function and no resource of its own.
    pub types_only: bool,
}
