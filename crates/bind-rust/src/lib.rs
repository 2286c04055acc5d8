//! Rust bindings of a world: one file, of the shape that wit-bindgen documents.
//!
//! [`generate`] is the table of contents. Reading WIT is left to `load`, the model and the ABI to
//! `bind`, and writing files to the command line.
#![deny(clippy::wildcard_enum_match_arm)]

mod abi;
mod chain;
mod depth;
mod docs;
mod exports;
mod imports;
mod ir;
mod items;
mod native;
mod options;
mod problem;
mod refuse;
mod render;
mod resources;
mod section;
mod shape;
mod spell;
mod stubs;
mod sync;
#[cfg(test)]
mod tests;
mod types;

pub use items::ItemOptions;
pub use options::{Options, Ownership};
pub use problem::Problem;

use joggle_bind::Built;
use joggle_bind::name::{Case, Name, NameMap, RUST, Renames, Scope};
use joggle_emit::{Comment, Files, header};
use joggle_load::Wit;

/// Bindings, ready to be written.
#[derive(Debug, Clone)]
pub struct Generated {
    /// One file, named like the world.
    pub files: Files,
    /// What every item of the world is called.
    pub names: NameMap,
}

/// Generates the bindings of a world.
///
/// # Errors
///
/// Everything that cannot be expressed, and all that is wrong with the options.
pub fn generate(
    wit: &Wit,
    built: &Built,
    options: &Options,
    renames: Renames,
) -> Result<Generated, Vec<Problem>> {
    let mut problems = Vec::new();
    // Whatever Rust cannot express is found before anything is built.
    refuse::refuse(wit, &built.world, options, &mut problems);
    // Names and options are settled, once.
    let (context, names) = shape::context(wit, built, options, renames, &mut problems);
    // Beyond this point nothing can be wrong.
    if !problems.is_empty() {
        return Err(problems);
    }
    // Items, in their modules.
    let file = shape::file(&context);
    // Tokens, then text.
    let text = render::text(file)
        .map_err(|render::NotRust(reason)| vec![Problem::NotPrinted { reason }])?;
    let header = header(Comment::Slashes, env!("CARGO_PKG_VERSION"), &built.world.id());
    let mut files = Files::default();
    // The file is a module, so its name is an identifier.
    let module = Scope::root(&RUST).generated(&Name::new(&built.world.name), Case::Snake);
    let name = format!("{}.rs", RUST.unquote(module.as_str()));
    // One file cannot be there twice.
    let _ = files.add(&name, format!("{header}\n{text}"));
    Ok(Generated { files, names })
}
