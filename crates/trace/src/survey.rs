//! What there is to know of the components in a file before they are rewritten:
//! their types, their names, and which of them call anything at all.

use std::collections::HashMap;
use std::ops::Range;

use joggle_load::verify::Level;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ResourceId};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{
    CanonicalFunction, ComponentName, Encoding, KnownCustom, Parser, Payload, ValidPayload,
    Validator,
};

use crate::error::Fault;

/// What is known of one component.
pub(crate) struct Inside {
    /// Its index spaces.
    pub types: Types,
    /// Whether core code in it, or in a component in it, can call out.
    pub calls: bool,
    /// Whether there is core code in it, or in a component in it.
    pub code: bool,
    /// The name that it has for itself.
    pub own_name: Option<String>,
    /// What it is for, in a word: the first interface that it exports, or function.
    pub purpose: Option<String>,
    /// Its names for instances and components in it, by index.
    pub instance_names: HashMap<u32, String>,
    pub component_names: HashMap<u32, String>,
    /// What its resources are called, and the import that each comes from.
    pub resources: HashMap<ResourceId, Resource>,
}

/// A resource that a component knows.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub name: String,
    /// The import that has it first; none for one of its own.
    pub import: Option<String>,
}

/// All components of a file, by the offset at which they begin.
pub(crate) struct Survey {
    components: HashMap<u64, Inside>,
}

impl Survey {
    pub fn at(&self, start: u64) -> Result<&Inside, Fault> {
        self.components.get(&start).ok_or_else(|| Fault::Unreadable("it has no end".to_owned()))
    }

    /// The types of all components: those of the outermost were settled last.
    pub fn types(&self) -> Result<TypesRef<'_>, Fault> {
        self.at(0).map(|inside| inside.types.as_ref())
    }
}

/// A module or component that is being read.
#[derive(Default)]
struct Reading {
    start: u64,
    is_component: bool,
    calls: bool,
    code: bool,
    imports: Vec<String>,
    exports: Vec<String>,
    own_name: Option<String>,
    instance_names: HashMap<u32, String>,
    component_names: HashMap<u32, String>,
}

/// Reads and validates the file; function bodies are not looked at.
pub(crate) fn survey(bytes: &[u8]) -> Result<Survey, Fault> {
    let mut validator = Validator::new_with_features(Level::Proposals.features());
    let mut components = HashMap::new();
    let mut open: Vec<Reading> = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if let Payload::Version { encoding, range, .. } = &payload {
            let is_component = *encoding == Encoding::Component;
            open.push(Reading { start: range.start, is_component, ..Reading::default() });
        } else if let Some(reading) = open.last_mut() {
            reading.see(&payload);
        }
        if let ValidPayload::End(types) = validator.payload(&payload)? {
            let Some(reading) = open.pop() else { continue };
            if let Some(around) = open.last_mut() {
                around.calls |= reading.calls;
                around.code |= reading.code || !reading.is_component;
            }
            if reading.is_component {
                components.insert(reading.start, reading.finish(types));
            }
        }
    }
    Ok(Survey { components })
}

impl Reading {
    /// What does not parse is for the validator to say.
    fn see(&mut self, payload: &Payload<'_>) {
        match payload {
            Payload::ComponentCanonicalSection(section) => {
                self.calls |= section.clone().into_iter().flatten().any(|f| is_call(&f));
            }
            Payload::ComponentImportSection(section) => {
                let names = section.clone().into_iter().flatten();
                self.imports.extend(names.map(|import| import.name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) => {
                let names = section.clone().into_iter().flatten();
                self.exports.extend(names.map(|export| export.name.name.to_owned()));
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    names.into_iter().flatten().for_each(|name| self.name(name));
                }
            }
            // Nothing else is of interest. (`Payload` is non-exhaustive.)
            _ => {}
        }
    }

    fn name(&mut self, name: ComponentName<'_>) {
        let collect = |map: wasmparser::NameMap<'_>| {
            map.into_iter().flatten().map(|n| (n.index, n.name.to_owned())).collect()
        };
        match name {
            ComponentName::Component { name, .. } => self.own_name = Some(name.to_owned()),
            ComponentName::Components(map) => self.component_names = collect(map),
            ComponentName::Instances(map) => self.instance_names = collect(map),
            ComponentName::CoreModules(_)
            | ComponentName::CoreFuncs(_)
            | ComponentName::CoreGlobals(_)
            | ComponentName::CoreMemories(_)
            | ComponentName::CoreTables(_)
            | ComponentName::CoreTags(_)
            | ComponentName::CoreInstances(_)
            | ComponentName::CoreTypes(_)
            | ComponentName::Types(_)
            | ComponentName::Funcs(_)
            | ComponentName::Values(_)
            | ComponentName::Unknown { .. } => {}
        }
    }

    fn finish(self, types: Types) -> Inside {
        let mut resources = HashMap::new();
        let view = types.as_ref();
        for name in &self.imports {
            if let Some(item) = view.component_item_for_import(name) {
                note(view, item.ty, name, Some(name), &mut resources);
            }
        }
        for name in &self.exports {
            if let Some(item) = view.component_item_for_export(name) {
                note(view, item.ty, name, None, &mut resources);
            }
        }
        let interface = self.exports.iter().find(|name| name.contains('/'));
        let purpose = interface.or(self.exports.first()).map(|name| short(name).to_owned());
        Inside {
            types,
            purpose,
            calls: self.calls,
            code: self.code,
            own_name: self.own_name,
            instance_names: self.instance_names,
            component_names: self.component_names,
            resources,
        }
    }
}

/// The last word of an interface's name: `store` of `wasi:keyvalue/store@0.2.0`.
fn short(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name);
    name.rsplit('/').next().unwrap_or(name)
}

/// Notes the resources of an item that no item before it has.
fn note(
    types: TypesRef<'_>,
    ty: ComponentEntityType,
    name: &str,
    import: Option<&String>,
    found: &mut HashMap<ResourceId, Resource>,
) {
    match ty {
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
            let known = Resource { name: name.to_owned(), import: import.cloned() };
            found.entry(id.resource()).or_insert(known);
        }
        ComponentEntityType::Instance(id) => {
            for (name, item) in &types[id].exports {
                note(types, item.ty, name, import, found);
            }
        }
        ComponentEntityType::Type { .. }
        | ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Component(_) => {}
    }
}

/// Whether a definition is one that tracing replaces.
fn is_call(function: &CanonicalFunction) -> bool {
    matches!(function, CanonicalFunction::Lower { .. } | CanonicalFunction::ResourceDrop { .. })
}

/// A range of the file as places in memory.
pub(crate) fn slice(bytes: &[u8], range: &Range<u64>) -> Result<Range<usize>, Fault> {
    let start = usize::try_from(range.start).ok();
    let end = usize::try_from(range.end).ok();
    match (start, end) {
        (Some(start), Some(end)) if start <= end && end <= bytes.len() => Ok(start..end),
        _ => Err(Fault::Unreadable("it ends too early".to_owned())),
    }
}
