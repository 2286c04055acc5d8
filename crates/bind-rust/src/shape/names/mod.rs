//! What everything is called in Rust: every identifier that comes from WIT is settled here, once.
//! How paths lead from one module to another is left to `context`.

mod namer;

use std::collections::BTreeSet;

use joggle_bind::model::{DefId, FunctionId, InterfaceId};
use proc_macro2::{Ident, Span};

pub use namer::names;

/// The identifiers of one generated file.
#[derive(Debug)]
pub struct Names {
    defs: Vec<Ident>,
    members: Vec<Vec<Ident>>,
    forms: Vec<Option<(Ident, Ident)>>,
    borrows: Vec<Option<Ident>>,
    guest_resources: Vec<Option<Ident>>,
    functions: Vec<Ident>,
    params: Vec<Vec<Ident>>,
    /// From the root, one list for each interface.
    modules: Vec<Vec<Ident>>,
    /// Names of interfaces that live elsewhere, in the root.
    elsewhere: Vec<Ident>,
    guest: Ident,
    fakes: Vec<Ident>,
    world_fake: Ident,
    /// `FakeX` of an imported resource.
    fake_traits: Vec<Option<Ident>>,
    /// What makes a handle on a fake resource.
    fake_makers: Vec<Option<Ident>>,
    /// The method of a fake that stands in for a function.
    fake_methods: Vec<Option<Ident>>,
    export_macro: Ident,
    stub: Ident,
    alloc: Ident,
    /// What types and modules are declared in each interface, and in the root.
    declared: Vec<BTreeSet<String>>,
    declared_in_root: BTreeSet<String>,
}

impl Names {
    /// A named type, in its own module.
    #[must_use]
    pub fn def(&self, id: DefId) -> &Ident {
        &self.defs[id.index()]
    }

    /// A field of a record, a case of a variant or enum, a flag: by its place.
    #[must_use]
    pub fn member(&self, id: DefId, index: usize) -> &Ident {
        &self.members[id.index()][index]
    }

    /// The owned and the borrowed form of a type that has both.
    #[must_use]
    pub fn forms(&self, id: DefId) -> Option<&(Ident, Ident)> {
        self.forms[id.index()].as_ref()
    }

    /// `XBorrow` of an exported resource, or of an alias of one.
    #[must_use]
    pub fn borrow(&self, id: DefId) -> Option<&Ident> {
        self.borrows[id.index()].as_ref()
    }

    /// `GuestX` of an exported resource.
    #[must_use]
    pub fn guest_resource(&self, id: DefId) -> Option<&Ident> {
        self.guest_resources[id.index()].as_ref()
    }

    /// A function; for a method its name in the `impl` or the trait.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Ident {
        &self.functions[id.index()]
    }

    /// A parameter, by its place. The first of a method is `self`.
    #[must_use]
    pub fn param(&self, id: FunctionId, index: usize) -> &Ident {
        &self.params[id.index()][index]
    }

    /// The path of an interface's module from the root.
    #[must_use]
    pub fn module(&self, id: InterfaceId) -> &[Ident] {
        &self.modules[id.index()]
    }

    /// What an interface that is not generated is called in the root.
    #[must_use]
    pub fn elsewhere(&self, id: InterfaceId) -> &Ident {
        &self.elsewhere[id.index()]
    }

    /// The trait of the functions that an interface or the world exports.
    #[must_use]
    pub fn guest(&self) -> &Ident {
        &self.guest
    }

    /// The module with the native fake of an interface, or of the world's own imports.
    #[must_use]
    pub fn fake(&self, interface: Option<InterfaceId>) -> &Ident {
        interface.map_or(&self.world_fake, |id| &self.fakes[id.index()])
    }

    /// In a fake module: the trait of a resource.
    #[must_use]
    pub fn fake_trait(&self, resource: DefId) -> Option<&Ident> {
        self.fake_traits[resource.index()].as_ref()
    }

    /// In a fake module: the function that makes a handle on a fake resource.
    #[must_use]
    pub fn fake_maker(&self, resource: DefId) -> Option<&Ident> {
        self.fake_makers[resource.index()].as_ref()
    }

    /// The method of the trait `Fake` for a free function, a constructor or a static function.
    #[must_use]
    pub fn fake_method(&self, function: FunctionId) -> Option<&Ident> {
        self.fake_methods[function.index()].as_ref()
    }

    /// The name under which `export!` is defined before it gets its own.
    #[must_use]
    pub fn export_macro(&self) -> &Ident {
        &self.export_macro
    }

    /// The implementation that `--stubs` writes.
    #[must_use]
    pub fn stub(&self) -> &Ident {
        &self.stub
    }

    /// The crate `alloc`, for guests without `std`.
    #[must_use]
    pub fn alloc(&self) -> &Ident {
        &self.alloc
    }

    /// Whether the module of this interface, or the root, has a type or module of this name.
    #[must_use]
    pub fn declares(&self, interface: Option<InterfaceId>, name: &str) -> bool {
        interface.map_or(&self.declared_in_root, |id| &self.declared[id.index()]).contains(name)
    }
}

/// An identifier as a token. The text comes from a scope, or is part of the generated shape.
pub(crate) fn rust(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(text) => Ident::new_raw(text, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}
