//! Does a module fit its world? Everything that it must export is there, it imports
//! nothing else than it may, and the types agree. All findings are collected; what
//! the encoder finds beyond that is left to `encode`.

mod exports;
mod imports;
mod memory;

use wit_parser::{WasmExport, WorldKey};

use crate::Given;
use crate::adapt::Adapter;
use crate::module::Module;
use crate::places::Places;
use crate::problem::Problem;
use crate::symbols::{Needs, Offers, destructors, own_names, wanted};
use crate::world::World;

/// A function and what it needs beside itself.
struct Need {
    needs: Needs,
    /// As it is called in a message.
    path: String,
    key: Option<WorldKey>,
    function: String,
    /// Which side of the world it is on, as a verb: `imports`.
    side: &'static str,
}

/// Compares a module with its world.
pub fn check(
    module: &Module<'_>,
    world: &World,
    adapters: &[Adapter<'_>],
    given: Option<Given<'_>>,
) -> Result<(), Vec<Problem>> {
    let places = Places::of(module.name, world, given);
    let mut problems = Vec::new();
    let standard = is_standard(module);
    let functions = wanted(world, standard);
    let mut needs = exports::functions(module, world, &functions, &places, &mut problems);
    exports::own(module, &destructors(world), adapters, &places, &mut problems);
    let offers = Offers::of(world);
    needs.extend(imports::check(module, &offers, adapters, &places, &mut problems));
    let own_names = memory::OwnNames::of(standard);
    memory::check(module, &own_names, &needs, adapters, &places, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Function exports that look as if a world wanted them, and none does.
pub fn idle(module: &Module<'_>, world: &World) -> Vec<String> {
    let functions = wanted(world, is_standard(module));
    let destructors = destructors(world);
    let known = exports::known(&functions, &destructors);
    exports::strays(module, &known).map(str::to_owned).collect()
}

/// Whether a module spells its symbols as the component model's build target has them.
fn is_standard(module: &Module<'_>) -> bool {
    let [_, memory] = own_names(|| WasmExport::Memory);
    let prefix = memory.trim_end_matches("_memory");
    module.exports.iter().any(|export| export.name.starts_with(prefix))
}
