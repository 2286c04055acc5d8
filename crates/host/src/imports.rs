//! Which of a component's imports nobody provides: all of them at once, by
//! name. The question is answered from the file alone, because compiling a
//! large component takes seconds and would be for nothing.

use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentEntityType, ComponentInstanceTypeId, ResourceId,
};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{ComponentExternName, Parser, Payload, ValidPayload, Validator, WasmFeatures};
use wasmtime::component::Linker;

use crate::exports::{track, unversioned};
use crate::state::State;

/// How many patch releases of one track are tried when looking for a provider.
const PATCH_RELEASES: u64 = 100;

/// The imports that need something of a host and that the linker does not
/// hold. The error is why the file is invalid: the engine must never see such
/// a file, because its own, older validator panics on some of them.
pub(crate) fn missing(bytes: &[u8], linker: &Linker<State>) -> Result<Vec<Unprovided>, String> {
    let Surface { imports, types, .. } = surface(bytes)?;
    let mut resources = Vec::new();
    let missing = imports
        .into_iter()
        .filter(|import| {
            let item = types.as_ref().component_item_for_import(import.name);
            item.is_some_and(|item| needs_a_host(item.ty, types.as_ref(), &mut resources))
        })
        .filter(|import| !provided(linker, import.name))
        .map(|import| Unprovided {
            name: import.name.to_owned(),
            words: match import.implements {
                Some(interface) => format!("{} (implements {interface})", import.name),
                None => import.name.to_owned(),
            },
        })
        .collect();
    Ok(missing)
}

/// An import that nobody provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unprovided {
    /// Its name in the file.
    pub name: String,
    /// Its name with the interface that it implements, if that is another.
    pub words: String,
}

/// The names of all imports and of all exports, in the order of the file.
pub(crate) fn names(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>), String> {
    let Surface { imports, exports, .. } = surface(bytes)?;
    Ok((imports.into_iter().map(|import| import.name.to_owned()).collect(), exports))
}

/// What a component shows to the outside.
struct Surface<'a> {
    imports: Vec<ComponentExternName<'a>>,
    exports: Vec<String>,
    types: Types,
}

/// The names and the types of the whole. Function bodies are not looked at.
fn surface(bytes: &[u8]) -> Result<Surface<'_>, String> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut imports = Vec::new();
    let mut exports = Vec::new();
    let mut depth = 0_usize;
    let mut whole = None;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|e| e.to_string())?;
        match &payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                imports.extend(section.clone().into_iter().flatten().map(|i| i.name));
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                exports
                    .extend(section.clone().into_iter().flatten().map(|e| e.name.name.to_owned()));
            }
            // Only these matter here. (`Payload` is non-exhaustive.)
            _ => {}
        }
        let checked = validator.payload(&payload).map_err(|e| e.to_string())?;
        if let ValidPayload::End(types) = checked {
            whole = Some(types);
        }
    }
    Ok(Surface { imports, exports, types: whole.ok_or("it has no end")? })
}

/// An interface that holds only types, or only names for resources of other
/// interfaces, needs nothing of a host.
fn needs_a_host(
    item: ComponentEntityType,
    types: TypesRef<'_>,
    resources: &mut Vec<ResourceId>,
) -> bool {
    match item {
        ComponentEntityType::Func(_)
        | ComponentEntityType::Module(_)
        | ComponentEntityType::Component(_)
        | ComponentEntityType::Value(_) => true,
        ComponentEntityType::Instance(instance) => instance_needs(instance, types, resources),
        ComponentEntityType::Type { created, .. } => match created {
            // Met for the first time, it has to come from somewhere; later it is another name.
            ComponentAnyTypeId::Resource(resource) => {
                let new = !resources.contains(&resource.resource());
                resources.push(resource.resource());
                new
            }
            ComponentAnyTypeId::Defined(_)
            | ComponentAnyTypeId::Func(_)
            | ComponentAnyTypeId::Instance(_)
            | ComponentAnyTypeId::Component(_) => false,
        },
    }
}

fn instance_needs(
    instance: ComponentInstanceTypeId,
    types: TypesRef<'_>,
    resources: &mut Vec<ResourceId>,
) -> bool {
    let mut needed = false;
    for item in types[instance].exports.values() {
        // All are visited, so that every resource is met.
        needed |= needs_a_host(item.ty, types, resources);
    }
    needed
}

/// Whether the linker holds the name, or another release of the same track.
///
/// A linker does not say what it holds, but it refuses to define a name twice.
fn provided(linker: &Linker<State>, name: &str) -> bool {
    // Each name gets a copy of its own: what is not refused is defined by the asking.
    let mut copy = linker.clone();
    let mut defined = |name: &str| {
        copy.root().func_new(name, |_, _, _, _| wasmtime::bail!("only a probe")).is_err()
    };
    if defined(name) {
        return true;
    }
    // Only WASI is linked in one version for all of a track, so far of `0.2` and of `0.3`.
    if !name.starts_with("wasi:") {
        return false;
    }
    let Some(track) = track(name).filter(|track| track.starts_with("0.")) else {
        return false;
    };
    let interface = unversioned(name);
    (0..PATCH_RELEASES)
        .map(|patch| format!("{interface}@{track}.{patch}"))
        .filter(|candidate| candidate != name)
        .any(|candidate| defined(&candidate))
}
