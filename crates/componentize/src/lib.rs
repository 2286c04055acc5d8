//! A core module becomes a component.
//!
//! The world that the module was built for is read out of its `component-type`
//! sections, or embedded; WASI preview 1 is adapted; the module is checked against
//! the world, and everything that is missing or of the wrong type is reported with
//! the symbol that a linker would look for. Then `wit-component` encodes, and
//! wasmparser has the last word. Reading files and choosing a world is left to the
//! caller, writing the result as well.
//!
//! The passes:
//! 1. `module` reads what the module imports and exports;
//! 2. `adapt` chooses the adapter;
//! 3. `world` puts the worlds of the module, of the WIT and of adapters together;
//! 4. `check` compares the module with that world;
//! 5. `strip` drops names and debug information, if asked to;
//! 6. `encode` makes the component.
#![deny(clippy::wildcard_enum_match_arm)]

mod adapt;
mod advice;
mod check;
mod encode;
mod module;
mod places;
mod problem;
mod report;
mod signature;
mod strip;
mod symbols;
mod world;

use joggle_load::{Binary, Wit};
use wit_parser::WorldId;

pub use adapt::{Adapters, Builtin, Custom};
pub use encode::ENCODER_THREAD;
pub use problem::{Answer, Problem};
pub use report::{AdapterReport, Report, Stripped};

/// What is to be made a component, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The core module.
    pub module: &'a Binary,
    /// The world it implements, where its own sections do not say so.
    pub given: Option<Given<'a>>,
    /// Who stands in for what is not of the component model.
    pub adapters: &'a Adapters,
    /// Whether names and debug information are dropped.
    pub strip: bool,
    /// The version of this program, for the list of producers.
    pub version: &'a str,
}

/// A world that was given beside the module.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The WIT that has it.
    pub wit: &'a Wit,
    /// The world in it.
    pub world: WorldId,
}

/// A component that is valid.
#[derive(Debug)]
pub struct Component {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What was done.
    pub report: Report,
}

/// Makes a component of a core module; or says everything that stands in the way.
///
/// The same request gives the same bytes.
pub fn componentize(request: &Request<'_>) -> Result<Component, Vec<Problem>> {
    // What the module has, and whether it obeys the rules at all.
    let module = module::read(request.module).map_err(alone)?;
    // Who stands in for imports that are older than the component model.
    let adapters = adapt::choose(&module, request).map_err(alone)?;
    // Everything that the module may import and must export.
    let world = world::gather(&module, request, &adapters).map_err(alone)?;
    // Beyond this point the module fits its world.
    check::check(&module, &world, &adapters, request.given)?;
    let (kept, stripped) = strip::strip(&module, request.strip);
    let bytes = encode::encode(&module, &kept, request, &adapters).map_err(alone)?;
    let report = report::report(&module, &bytes, world, adapters, stripped, request);
    Ok(Component { bytes, report })
}

/// Whether a module carries a world of its own, or is a WASI program that needs none:
/// then WIT has to be given only to add to it.
pub fn needs_world(module: &Binary) -> Result<bool, Problem> {
    let module = module::read(module)?;
    Ok(module.worlds.is_empty() && !adapt::is_plain_command(&module))
}

fn alone(problem: Problem) -> Vec<Problem> {
    vec![problem]
}
