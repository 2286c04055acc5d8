//! Everything that a module may import and must export: the worlds it carries, the
//! one that was given, and those of its adapters, put together as the encoder does.
//! Comparing the module with it is left to `check`.

use indexmap::IndexSet;
use wit_component::StringEncoding;
use wit_component::metadata::{self, Bindgen};
use wit_parser::{Resolve, WorldId, WorldKey};

use crate::adapt::Adapter;
use crate::encode::{guarded, said};
use crate::module::Module;
use crate::problem::Problem;
use crate::{Given, Request, adapt};

/// What one `component-type` section says.
pub struct CarriedWorld {
    /// The section's name.
    pub section: String,
    /// The world's full name, or `None` for one in an old form.
    pub world: Option<String>,
    /// Why it cannot be read at all.
    pub damage: Option<String>,
}

/// Everything that a module may import and must export.
pub struct World {
    /// The model. Its world has the imports and exports of all.
    pub resolve: Resolve,
    /// The world in it.
    pub id: WorldId,
    /// Those exports that are the module's business and not an adapter's.
    pub own: IndexSet<WorldKey>,
    /// Where it is from, in words: `example:calc/app (component-type section)`.
    pub origins: Vec<String>,
    /// The worlds of the sections alone, to be printed, if there are sections.
    pub carried: Option<(Resolve, WorldId)>,
}

impl World {
    /// The world's imports and exports.
    pub fn items(&self) -> &wit_parser::World {
        &self.resolve.worlds[self.id]
    }
}

impl CarriedWorld {
    /// Reads a section.
    pub fn of(name: &str, data: &[u8]) -> CarriedWorld {
        let read = guarded(|| {
            // The form before 2023 has no world of its own to name.
            if data.first() == Some(&3) {
                return Ok(None);
            }
            let (resolve, world) = wit_parser::decoding::decode_world(data).map_err(said)?;
            Ok(Some(full_name(&resolve, world)))
        });
        let section = name.to_owned();
        match read {
            Ok(world) => CarriedWorld { section, world, damage: None },
            Err(reason) => CarriedWorld { section, world: None, damage: Some(reason) },
        }
    }
}

/// A world's name with its package.
pub fn full_name(resolve: &Resolve, id: WorldId) -> String {
    let world = &resolve.worlds[id];
    match world.package {
        Some(package) => resolve.id_of_name(package, &world.name),
        None => world.name.clone(),
    }
}

/// Puts the worlds together.
pub fn gather(
    module: &Module<'_>,
    request: &Request<'_>,
    adapters: &[Adapter<'_>],
) -> Result<World, Problem> {
    if let Some((carried, reason)) =
        module.worlds.iter().find_map(|carried| Some((carried, carried.damage.as_ref()?)))
    {
        let (file, section) = (module.name.to_owned(), carried.section.clone());
        return Err(Problem::BadSection { file, section, reason: reason.clone() });
    }
    if module.worlds.is_empty() && request.given.is_none() && !adapt::have_a_world(adapters) {
        let exports: Vec<&str> = module.exports.iter().map(|export| export.name.as_str()).collect();
        return Err(Problem::no_world(module.name, &exports));
    }
    let conflict = |between: String| {
        move |reason: String| {
            let (file, reason) = (module.name.to_owned(), disagreement(&reason));
            Problem::WorldConflict { file, between, reason }
        }
    };
    let section = request.given.map(|given| section_of(&given)).transpose();
    let section = section.map_err(conflict("the WIT that was given".to_owned()))?;
    let bytes = with_section(module.bytes, section.as_deref());
    let own_world = guarded(|| Ok(metadata::decode(&bytes).map_err(said)?.1))
        .map_err(conflict("its worlds".to_owned()))?;
    let carried = (!module.worlds.is_empty()).then(|| (own_world.resolve.clone(), own_world.world));
    let own = own_world.resolve.worlds[own_world.world].exports.keys().cloned().collect();
    let merged = adapters.iter().try_fold(own_world, |world, adapter| {
        let between = format!("its world and that of the adapter `{}`", adapter.name);
        guarded(move || {
            let mut world = world;
            let (_, other) = metadata::decode(&adapter.bytes).map_err(said)?;
            world.merge(other).map_err(said)?;
            Ok(world)
        })
        .map_err(conflict(between))
    })?;
    let Bindgen { resolve, world: id, .. } = merged;
    let resolve = guarded(move || {
        let mut resolve = resolve;
        resolve.merge_world_imports_based_on_semver(id).map_err(said)?;
        Ok(resolve)
    })
    .map_err(conflict("versions of one interface".to_owned()))?;
    Ok(World { resolve, id, own, origins: origins(module, request), carried })
}

/// What does not agree, without what the merging was doing meanwhile.
fn disagreement(reason: &str) -> String {
    const PACKAGE: &str = "failed to merge package ";
    let reason = reason.find(PACKAGE).map_or(reason, |at| &reason[at..]);
    reason
        .replace(PACKAGE, "in the package ")
        .replace(" into existing copy: failed to merge interface ", ", interface ")
        .replace(" into existing copy: failed to merge world ", ", world ")
}

/// The section that says what a given world is.
fn section_of(given: &Given<'_>) -> Result<Vec<u8>, String> {
    let (resolve, world) = (&given.wit.resolve, given.world);
    guarded(|| metadata::encode(resolve, world, StringEncoding::UTF8, None, false).map_err(said))
}

/// The module with one more `component-type` section.
pub fn with_section(module: &[u8], section: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = module.to_vec();
    if let Some(section) = section {
        use wasm_encoder::Section as _;
        // Sections of one name are read one after the other.
        let section = wasm_encoder::CustomSection {
            name: "component-type:joggle".into(),
            data: section.into(),
        };
        section.append_to(&mut bytes);
    }
    bytes
}

/// The module's bytes with everything that it and the command line say about its world.
pub fn embedded(bytes: &[u8], given: Option<Given<'_>>) -> Result<Vec<u8>, String> {
    let section = given.map(|given| section_of(&given)).transpose()?;
    Ok(with_section(bytes, section.as_deref()))
}

fn origins(module: &Module<'_>, request: &Request<'_>) -> Vec<String> {
    let carried = module.worlds.iter().map(|carried| match &carried.world {
        Some(world) => format!("{world}, as the module says"),
        None => "one that has no name, as the module says".to_owned(),
    });
    let given = request.given.map(|given| {
        format!("{}, of {}", full_name(&given.wit.resolve, given.world), given.wit.name)
    });
    let mut origins: Vec<String> = carried.chain(given).collect();
    origins.dedup();
    origins
}
