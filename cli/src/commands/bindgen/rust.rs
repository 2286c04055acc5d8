//! Options of Rust bindings on the command line, over those of `joggle.toml`. Their names and
//! meanings are those of wit-bindgen's, so that what people know goes on working. What they do is
//! left to `joggle-bind-rust`.

use std::path::PathBuf;

use joggle_bind::config::Item;
use joggle_bind::name::{RUST, Renames};
use joggle_bind::{Built, Types};
use joggle_bind_rust::{ItemOptions, Options, Ownership, Problem, generate as bindings_of};
use joggle_load::Wit;

use super::project::{Project, refused};
use super::{Bindings, Failure, Lang};
use crate::exit::Outcome;

/// Options that only Rust has.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Rust")]
pub struct RustArgs {
    /// Where an imported interface or type comes from: a Rust path, or `generate`. Repeatable.
    #[arg(long, value_name = "ITEM=PATH", value_parser = pair, value_delimiter = ',')]
    with: Vec<(String, String)>,

    /// Generate imported interfaces of other packages, too, unless --with names them.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    generate_all: Option<bool>,

    /// Whether types that only go into imports hold references.
    #[arg(long, value_enum, value_name = "OWNERSHIP")]
    ownership: Option<OwnershipArg>,

    /// Derive this on every record, variant and enum. Repeatable.
    #[arg(
        short = 'd',
        long,
        value_name = "DERIVE",
        value_delimiter = ',',
        visible_alias = "additional-derive-attribute"
    )]
    additional_derive_attributes: Vec<String>,

    /// Leave a type, by its name in WIT, without these derives. Repeatable.
    #[arg(long, value_name = "NAME")]
    additional_derive_ignore: Vec<String>,

    /// Give a type an attribute, as in `my:pkg/types/point=#[must_use]`. Repeatable.
    #[arg(long, value_name = "TYPE=ATTR", value_parser = pair, alias = "additional-type-attribute")]
    additional_type_attributes: Vec<(String, String)>,

    /// Give a field or case an attribute, as in my:pkg/types/point.x=#[serde(skip)]. Repeatable.
    #[arg(long, value_name = "MEMBER=ATTR", value_parser = pair, alias = "additional-member-attribute")]
    additional_member_attributes: Vec<(String, String)>,

    /// Derive serde's traits on every type that holds no resource.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    serde: Option<bool>,

    /// Also write an implementation of every export, to be copied and filled in elsewhere.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    stubs: Option<bool>,

    /// Put what needs the standard library behind the feature `std` of the crate.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    std_feature: Option<bool>,

    /// Pass strings as bytes.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    raw_strings: Option<bool>,

    /// The type for `map<k, v>`, instead of a `BTreeMap`.
    #[arg(long, value_name = "PATH")]
    map_type: Option<String>,

    /// Bind an async function as one that blocks: `all`, or ns:pkg/interface#function. Repeatable.
    #[arg(long, value_name = "FILTER", value_delimiter = ',')]
    sync: Vec<String>,

    /// Have methods without a result give the resource back: `all`, ns:pkg/interface#resource or
    /// one of its methods; `&` before it lends the resource, `-` leaves it. Repeatable.
    #[arg(long, value_name = "FILTER", value_delimiter = ',', allow_hyphen_values = true)]
    chainable_methods: Vec<String>,

    /// Leave out a function, by its name in WIT. Repeatable.
    #[arg(long, value_name = "NAME")]
    skip: Vec<String>,

    /// Also generate types that no function uses.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    generate_unused_types: Option<bool>,

    /// The name of the macro `export!`.
    #[arg(long, value_name = "NAME")]
    export_macro_name: Option<String>,

    /// Make `export!` public, for other crates.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    pub_export_macro: Option<bool>,

    /// The module that `export!` takes when none is named, instead of `self`.
    #[arg(long, value_name = "NAME")]
    default_bindings_module: Option<String>,

    /// Put this in front of every exported symbol, to link several in one test.
    #[arg(long, value_name = "STRING")]
    export_prefix: Option<String>,

    /// The path of the runtime crate, instead of `joggle_rt`.
    #[arg(long, value_name = "PATH")]
    runtime_path: Option<String>,

    /// The path of the crate bitflags, instead of the runtime's.
    #[arg(long, value_name = "PATH")]
    bitflags_path: Option<String>,

    /// The name that `--types` has in wit-bindgen.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", hide = true, conflicts_with = "types")]
    merge_structurally_equal_types: Option<bool>,

    /// Put this behind the name of the section that has the component's type.
    #[arg(long, value_name = "STRING")]
    type_section_suffix: Option<String>,

    /// Leave out what keeps the linker from dropping that section.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    disable_custom_section_link_helpers: Option<bool>,

    /// Leave out the call that runs constructors of libc no more than once.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(hide_possible_values = true)]
    disable_run_ctors_once_workaround: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum OwnershipArg {
    /// No: a call borrows the outermost value.
    Owning,
    /// Yes, all the way down.
    Borrowing,
    /// Yes, and a type that goes both ways comes in two forms.
    BorrowingDuplicateIfNecessary,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
            Ok((key.to_owned(), value.to_owned()))
        }
        Some(_) | None => Err("write it as KEY=VALUE".to_owned()),
    }
}

/// What the command line and `joggle.toml` say together.
pub struct Settings {
    options: Options,
    items: Vec<Item<ItemOptions>>,
    renames: Renames,
}

impl Settings {
    /// Reads the table of Rust, and tells all that is wrong with the file.
    pub fn read(args: &RustArgs, project: &Project) -> Result<Settings, Failure> {
        let mut errors = project.errors.clone();
        let mut settings = match project.config() {
            Some(config) => Settings {
                options: config.options(&RUST, &mut errors),
                items: config.items(&RUST, &mut errors),
                renames: config.renames(&RUST),
            },
            None => Settings {
                options: Options::default(),
                items: Vec::new(),
                renames: Renames::default(),
            },
        };
        if !errors.is_empty() {
            return Err(refused(errors));
        }
        args.over(&mut settings.options);
        Ok(settings)
    }

    /// Generates the bindings.
    pub fn generate(
        mut self,
        wit: &Wit,
        built: &Built,
        folder: PathBuf,
    ) -> Result<Bindings, Failure> {
        let mut errors = Vec::new();
        self.options.add_items(&built.world, &self.items, &mut errors);
        if !errors.is_empty() {
            return Err(refused(errors));
        }
        let generated = bindings_of(wit, built, &self.options, self.renames).map_err(refuse)?;
        let mut bindings =
            Bindings::new(Lang::Rust, built, generated.files, generated.names, folder);
        bindings.next = next(&bindings, self.options.runtime_path.as_deref());
        Ok(bindings)
    }
}

/// Whether the answer is no, or the question was wrong.
fn refuse(problems: Vec<Problem>) -> Failure {
    let no = problems.iter().any(|problem| match problem {
        Problem::Bind(_) => true,
        Problem::Name(_)
        | Problem::MissingWith { .. }
        | Problem::UnusedWith { .. }
        | Problem::UnusedAttribute { .. }
        | Problem::UnusedSync { .. }
        | Problem::UnusedChainable { .. }
        | Problem::NotRust { .. }
        | Problem::NotPrinted { .. } => false,
    });
    Failure::all(if no { Outcome::No } else { Outcome::Unknown }, problems)
}

/// What to do with files that are new.
fn next(bindings: &Bindings, runtime: Option<&str>) -> String {
    let modules: Vec<String> = bindings
        .files
        .iter()
        .filter_map(|(path, _)| path.strip_suffix(".rs"))
        .map(|module| format!("`mod {};`", RUST.quote(module).unwrap_or(module)))
        .collect();
    let runtime = if runtime.is_none() { " and the crate joggle-rt" } else { "" };
    format!("add {}{runtime}: docs/languages/rust.md", modules.join(" "))
}

impl RustArgs {
    /// Whether types of equal structure are one, if that was said by its other name.
    pub fn types(&self) -> Option<Types> {
        self.merge_structurally_equal_types
            .map(|merge| if merge { Types::Unified } else { Types::Apart })
    }

    /// What is said here goes before what `joggle.toml` says; lists grow.
    fn over(&self, options: &mut Options) {
        let switches = [
            (self.generate_all, &mut options.generate_all),
            (self.serde, &mut options.serde),
            (self.stubs, &mut options.stubs),
            (self.std_feature, &mut options.std_feature),
            (self.raw_strings, &mut options.raw_strings),
            (self.generate_unused_types, &mut options.generate_unused_types),
            (self.pub_export_macro, &mut options.pub_export_macro),
            (
                self.disable_custom_section_link_helpers,
                &mut options.disable_custom_section_link_helpers,
            ),
            (
                self.disable_run_ctors_once_workaround,
                &mut options.disable_run_ctors_once_workaround,
            ),
        ];
        for (said, option) in switches {
            *option = said.unwrap_or(*option);
        }
        self.texts_over(options);
        let lists = [
            (&self.additional_derive_attributes, &mut options.additional_derive_attributes),
            (&self.additional_derive_ignore, &mut options.additional_derive_ignore),
            (&self.skip, &mut options.skip),
            (&self.sync, &mut options.sync),
            (&self.chainable_methods, &mut options.chainable_methods),
        ];
        for (said, option) in lists {
            option.extend(said.iter().cloned());
        }
        // Of two lines for one item the one of the command line counts.
        options.with.retain(|(key, _)| self.with.iter().all(|(said, _)| said != key));
        options.with.extend(self.with.iter().cloned());
        options.additional_type_attributes.extend(self.additional_type_attributes.iter().cloned());
        options
            .additional_member_attributes
            .extend(self.additional_member_attributes.iter().cloned());
        if let Some(ownership) = self.ownership {
            options.ownership = match ownership {
                OwnershipArg::Owning => Ownership::Owning,
                OwnershipArg::Borrowing => Ownership::Borrowing,
                OwnershipArg::BorrowingDuplicateIfNecessary => {
                    Ownership::BorrowingDuplicateIfNecessary
                }
            };
        }
    }

    fn texts_over(&self, options: &mut Options) {
        let texts = [
            (&self.map_type, &mut options.map_type),
            (&self.export_macro_name, &mut options.export_macro_name),
            (&self.default_bindings_module, &mut options.default_bindings_module),
            (&self.export_prefix, &mut options.export_prefix),
            (&self.runtime_path, &mut options.runtime_path),
            (&self.bitflags_path, &mut options.bitflags_path),
            (&self.type_section_suffix, &mut options.type_section_suffix),
        ];
        for (said, option) in texts {
            if said.is_some() {
                option.clone_from(said);
            }
        }
    }
}
