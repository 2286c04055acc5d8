//! From resolved WIT to a [`World`]: one call and one sentence a pass. What the
//! numbers of the ABI are is left to `abi`.

mod declare;
mod failed;
mod fill;
mod interfaces;
mod intern;
mod select;
mod tables;
#[cfg(test)]
mod tests;
mod unify;

use joggle_load::Wit;
use wit_parser::{IndexMap, Resolve, WorldId};

use crate::abi;
use crate::model::World;
use crate::problem::Problem;

use failed::{Failed, encode, nominal, reserved_exports};
pub use select::select_world;

/// Which definitions are one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Types {
    /// Those of equal structure that mean the same: an interface on both sides, and two versions
    /// of a package.
    #[default]
    Unified,
    /// Each is its own.
    Apart,
}

/// What is decided before a world is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Which definitions are one type.
    pub types: Types,
}

/// A world, and what a core module says of it.
#[derive(Debug, Clone)]
pub struct Built {
    /// The world.
    pub world: World,
    /// The payload of the custom section `component-type…`, which tells a componentizer the type
    /// of the module; strings are UTF-8.
    pub section: Vec<u8>,
    /// The world in the WIT that it was built of.
    origin: WorldId,
}

impl Built {
    /// The payload of the same section for bindings that may be linked by a component that does
    /// not implement their exports: it has the imports alone. An import that is not called may be
    /// named in it, an export that is not there may not.
    ///
    /// # Errors
    ///
    /// The world cannot be encoded without its exports.
    pub fn imports_section(&self, wit: &Wit) -> Result<Vec<u8>, Vec<Problem>> {
        let mut resolve = wit.resolve.clone();
        let whole = &resolve.worlds[self.origin];
        let name = format!("{}-without-exports", whole.name);
        let imports = wit_parser::World { name, exports: IndexMap::default(), ..whole.clone() };
        let imports = resolve.worlds.alloc(imports);
        encode(&resolve, imports)
    }
}

/// Builds the model of one world.
///
/// # Errors
///
/// Everything of the world that cannot be modelled, with the place in the WIT.
pub fn build(wit: &Wit, world: WorldId, options: &Options) -> Result<Built, Vec<Problem>> {
    // The world as it was written is what a componentizer has to know.
    let section = encode(&wit.resolve, world)?;
    // A core module for it has to be possible.
    reserved_exports(wit, world)?;
    let origin = world;
    let world = without_section(wit, wit.resolve.clone(), origin, *options)?;
    Ok(Built { world, section, origin })
}

/// Builds the model of a world of `resolve`, which may have more worlds than `wit`.
pub(crate) fn without_section(
    wit: &Wit,
    mut resolve: Resolve,
    world: WorldId,
    options: Options,
) -> Result<World, Vec<Problem>> {
    // An interface on both sides becomes two: then each id is one nominal type.
    nominal(wit, &mut resolve, world)?;
    model(&resolve, world, options).map_err(|failed| failed.explain(wit, &resolve, world))
}

/// The passes over a model of wit-parser's in which each id is one nominal type.
fn model(resolve: &Resolve, world: WorldId, options: Options) -> Result<World, Failed> {
    let origin = &resolve.worlds[world];
    let package = origin.package.ok_or(Failed::NoPackage)?;
    // Interfaces get their ids in the order of the world.
    let (interfaces, sites) = interfaces::list(resolve, origin);
    // So do named types, in the order of their interfaces.
    let declared = declare::defs(resolve, &sites);
    // Beyond this point every name of a type has an id, and types can refer to it.
    let types = intern::types(resolve, &declared, &sites)?;
    // Definitions get their fields, and functions their parameters.
    let flattened = &abi::Flattened::of(resolve);
    let (sites, declared) = (&sites, &declared);
    let parts = fill::Parts { resolve, flattened, sites, declared, types: &types };
    let mut world = fill::world(origin, &resolve.packages[package].name, interfaces, &parts)?;
    // Definitions that mean the same are one, unless they are wanted apart.
    if options.types == Types::Unified {
        unify::defs(&mut world);
    }
    // Sizes, offsets and flat types of every type that occurs.
    abi::measure(&mut world, resolve, flattened, &types.origins)?;
    Ok(world)
}
