//! Why a component's imports cannot be satisfied: all that are missing at
//! once, by name, before anything runs.

use wasmtime::Engine;
use wasmtime::component::types::{ComponentInstance, ComponentItem};
use wasmtime::component::{Linker, ResourceType};

use crate::engine::Program;
use crate::error::HostError;
use crate::exports::{track, unversioned};
use crate::state::State;
use crate::trap::last_words;

/// How many patch releases of one track are tried when looking for a provider.
const PATCH_RELEASES: u64 = 100;

/// Turns the engine's refusal, which names the first trouble, into one that names all.
pub(crate) fn explain(
    program: &Program<'_>,
    linker: &Linker<State>,
    refusal: &wasmtime::Error,
) -> HostError {
    let missing = missing(program, linker);
    if missing.is_empty() {
        return HostError::ImportDiffers {
            name: program.name.clone(),
            reason: last_words(refusal),
            chain: refusal
                .chain()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(": "),
        };
    }
    HostError::import_not_provided(&program.name, missing)
}

/// The imports that need something of a host and that nothing here provides.
fn missing(program: &Program<'_>, linker: &Linker<State>) -> Vec<String> {
    let mut resources = Vec::new();
    let ty = program.component.component_type();
    let mut missing = Vec::new();
    for (name, import) in ty.imports(&program.engine) {
        let needed = match &import.ty {
            ComponentItem::ComponentInstance(instance) => {
                needs_a_host(instance, &program.engine, &mut resources)
            }
            ComponentItem::Resource(resource) => is_new(*resource, &mut resources),
            ComponentItem::Type(_) => false,
            ComponentItem::ComponentFunc(_)
            | ComponentItem::CoreFunc(_)
            | ComponentItem::Module(_)
            | ComponentItem::Component(_) => true,
        };
        if needed && !provided(linker, name) {
            missing.push(name.to_owned());
        }
    }
    missing
}

/// An interface that holds only types, or only names for resources of other
/// interfaces, needs nothing of a host.
fn needs_a_host(
    instance: &ComponentInstance,
    engine: &Engine,
    resources: &mut Vec<ResourceType>,
) -> bool {
    let mut needed = false;
    for (_, export) in instance.exports(engine) {
        needed |= match &export.ty {
            ComponentItem::ComponentInstance(inner) => needs_a_host(inner, engine, resources),
            ComponentItem::Resource(resource) => is_new(*resource, resources),
            ComponentItem::Type(_) => false,
            ComponentItem::ComponentFunc(_)
            | ComponentItem::CoreFunc(_)
            | ComponentItem::Module(_)
            | ComponentItem::Component(_) => true,
        };
    }
    needed
}

/// Whether a resource is met for the first time: later mentions are other names for it.
fn is_new(resource: ResourceType, resources: &mut Vec<ResourceType>) -> bool {
    let new = !resources.contains(&resource);
    if new {
        resources.push(resource);
    }
    new
}

/// Whether the linker holds the name, or another release of the same track.
///
/// A linker does not say what it holds, but it refuses to define a name twice.
fn provided(linker: &Linker<State>, name: &str) -> bool {
    // Each name gets a copy of its own: what is not refused is defined by the asking.
    let mut copy = linker.clone();
    let mut defined = |name: &str| {
        copy.root()
            .func_new(name, |_, _, _, _| wasmtime::bail!("only a probe"))
            .is_err()
    };
    if defined(name) {
        return true;
    }
    // Everything that is linked here is WASI, whose tracks so far are `0.2` and `0.3`.
    let Some(track) = track(name).filter(|track| track.starts_with("0.")) else {
        return false;
    };
    let interface = unversioned(name);
    (0..PATCH_RELEASES)
        .map(|patch| format!("{interface}@{track}.{patch}"))
        .filter(|candidate| candidate != name)
        .any(|candidate| defined(&candidate))
}
