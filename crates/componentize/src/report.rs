//! What was done, as plain data. Showing it is left to the command line.

use joggle_load::decode;
use serde::Serialize;
use wit_component::DecodedWasm;

use crate::adapt::{Adapter, Builtin};
use crate::module::Module;
use crate::world::World;
use crate::{Request, check};

/// What was done.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of this document's form.
    pub schema_version: u32,
    /// The core module, as it is called.
    pub module: String,
    /// Its size in bytes.
    pub module_size: u64,
    /// The component's size in bytes.
    pub size: u64,
    /// The worlds that the module implements, with their origins.
    pub worlds: Vec<String>,
    /// Who stands in for imports that are not of the component model.
    pub adapters: Vec<AdapterReport>,
    /// What the component imports.
    pub imports: Vec<String>,
    /// What the component exports.
    pub exports: Vec<String>,
    /// What was dropped, if that was wanted.
    pub stripped: Option<Stripped>,
    /// What is odd, and no obstacle.
    pub notes: Vec<String>,
}

/// An adapter.
#[derive(Debug, Serialize)]
pub struct AdapterReport {
    /// The first name of the imports that it stands in for.
    pub name: String,
    /// Which of the built-in ones it is.
    pub builtin: Option<Builtin>,
    /// Why it was chosen, if nobody asked for it.
    pub reason: Option<&'static str>,
}

/// What was dropped of a module.
#[derive(Debug, Serialize)]
pub struct Stripped {
    /// How many bytes less.
    pub bytes: u64,
    /// The names of the sections.
    pub sections: Vec<String>,
}

/// Puts the report together.
pub fn report(
    module: &Module<'_>,
    bytes: &[u8],
    world: World,
    adapters: Vec<Adapter<'_>>,
    stripped: Option<Stripped>,
    request: &Request<'_>,
) -> Report {
    let (imports, exports) = outside(bytes);
    let mut notes: Vec<String> = check::idle(module, &world)
        .into_iter()
        .map(|name| format!("the export `{name}` is of no use: no world has a place for it"))
        .collect();
    let unused = adapters.iter().filter(|adapter| {
        adapter.builtin != Some(Builtin::Command)
            && !module.imports.iter().any(|import| import.module == adapter.name)
    });
    notes.extend(unused.map(|adapter| {
        format!("the module imports nothing of `{}`, for which there is an adapter", adapter.name)
    }));
    let reported = |adapter: Adapter<'_>| AdapterReport {
        name: adapter.name,
        builtin: adapter.builtin,
        reason: adapter.reason,
    };
    Report {
        schema_version: 1,
        module: request.module.name.clone(),
        module_size: module.bytes.len() as u64,
        size: bytes.len() as u64,
        worlds: world.origins,
        adapters: adapters.into_iter().map(reported).collect(),
        imports,
        exports,
        stripped,
        notes,
    }
}

/// What a component imports and exports.
fn outside(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let Some(DecodedWasm::Component(resolve, world)) = decode(bytes) else {
        return (Vec::new(), Vec::new());
    };
    let world = &resolve.worlds[world];
    let names = |items: &indexmap::IndexMap<wit_parser::WorldKey, wit_parser::WorldItem>| {
        items.keys().map(|key| resolve.name_world_key(key)).collect()
    };
    (names(&world.imports), names(&world.exports))
}
