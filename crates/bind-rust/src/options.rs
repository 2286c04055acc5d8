//! What a user can choose about Rust bindings. The command line and `joggle.toml` fill it in.

use serde::{Deserialize, Serialize};

/// Choices for Rust bindings. The defaults give what most guests want.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Options {
    /// Whether types hold what they are made of or borrow it.
    pub ownership: Ownership,
    /// Interfaces and types that exist elsewhere: `wasi:io/streams@0.2.0` or
    /// `wasi:io/streams@0.2.0/input-stream`, and the Rust path, or `generate`.
    #[serde(deserialize_with = "joggle_bind::config::pairs")]
    pub with: Vec<(String, String)>,
    /// Generate imported interfaces of other packages as well.
    pub generate_all: bool,
    /// Derives for all records, variants and enums.
    pub additional_derive_attributes: Vec<String>,
    /// Types, in kebab case, that do not get them.
    pub additional_derive_ignore: Vec<String>,
    /// A type (`ns:pkg/iface/type`) and an attribute for it.
    #[serde(deserialize_with = "joggle_bind::config::pairs_of_lists")]
    pub additional_type_attributes: Vec<(String, String)>,
    /// A field or case (`ns:pkg/iface/type.member`) and an attribute for it.
    #[serde(deserialize_with = "joggle_bind::config::pairs_of_lists")]
    pub additional_member_attributes: Vec<(String, String)>,
    /// Derive serde's traits on types that hold no resource.
    pub serde: bool,
    /// Write a `Stub` that implements every export by `todo!()`.
    pub stubs: bool,
    /// Works without `std`: what needs it is behind the feature `std`.
    pub std_feature: bool,
    /// Strings as bytes: `&[u8]` and `Vec<u8>`.
    pub raw_strings: bool,
    /// Path of the runtime crate; `joggle_rt` when not set.
    pub runtime_path: Option<String>,
    /// Path of the bitflags crate; the runtime's when not set.
    pub bitflags_path: Option<String>,
    /// Path of the type for `map<k, v>`; the runtime's `Map` when not set.
    pub map_type: Option<String>,
    /// Functions to leave out, by their WIT name.
    pub skip: Vec<String>,
    /// In front of each exported symbol, for tests that link several.
    pub export_prefix: Option<String>,
    /// Behind the name of the custom section with the component's type.
    pub type_section_suffix: Option<String>,
    /// Leave out what keeps the linker from dropping that section.
    pub disable_custom_section_link_helpers: bool,
    /// Leave out the call that runs constructors of libc once.
    pub disable_run_ctors_once_workaround: bool,
    /// The module that `export!` takes when none is named; `self` when not set.
    pub default_bindings_module: Option<String>,
    /// The name of `export!`.
    pub export_macro_name: Option<String>,
    /// `export!` can be used by other crates.
    pub pub_export_macro: bool,
    /// Generate types that no function uses.
    pub generate_unused_types: bool,
    /// Async functions to bind as functions that block: `all`, or paths such as
    /// `ns:pkg/interface#function`, `import:` or `export:` before them for one side.
    pub sync: Vec<String>,
    /// Methods of imported resources that give the resource back: `all`, a resource, or one of its
    /// methods. A `&` before it lends the resource, a `-` leaves methods as they are.
    pub chainable_methods: Vec<String>,
}

/// Whether the parameters of imports borrow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// Types own what they hold; a call borrows the outermost value.
    #[default]
    Owning,
    /// Types that only go into imports hold references.
    Borrowing,
    /// Likewise, and types that go both ways come in two forms.
    BorrowingDuplicateIfNecessary,
}
