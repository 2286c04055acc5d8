//! Reading inputs into the graph: one pass over each for its structure and
//! types, then all function bodies in parallel.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use joggle_load::verify::{self, Invalid, Level};
use joggle_relate::name::ExternName;
use sha2::{Digest, Sha256};
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentEntityType, ComponentInstanceTypeId, ComponentItem,
};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{ComponentTypeRef, Payload, Validator};

use crate::error::{InputProblem, Problem, Unsupported};
use crate::graph::{Graph, Item, Node, Used, Verdict};
use crate::input::Input;
use crate::walk::{Origins, mentioned};

/// The graph without any edges, and what was learned of the inputs on the way.
pub(crate) struct Read {
    pub graph: Graph,
    pub level: Level,
    /// SHA-256 of each input.
    pub digests: Vec<[u8; 32]>,
}

/// An instance to make: its name and the index of its input.
pub(crate) struct Instance {
    pub name: String,
    pub input: usize,
}

/// Reads every instance; the verdict of each import is still unknown.
pub(crate) fn read(inputs: &[Input], instances: &[Instance]) -> Result<Read, Vec<Problem>> {
    let mut problems = Vec::new();
    for level in Level::ALL {
        match read_at(level, inputs, instances) {
            Ok(read) => return Ok(read),
            Err(found) => problems = found,
        }
    }
    Err(problems)
}

fn read_at(level: Level, inputs: &[Input], instances: &[Instance]) -> Result<Read, Vec<Problem>> {
    let mut validator = Validator::new_with_features(level.features());
    let mut nodes = Vec::new();
    let mut problems = Vec::new();
    let mut latest: Option<Types> = None;
    let mut read_before: HashSet<usize> = HashSet::new();
    let faults: Mutex<Vec<(usize, Invalid)>> = Mutex::default();
    let mut digests: Vec<[u8; 32]> = vec![[0; 32]; inputs.len()];
    let mut unusable: HashSet<usize> = HashSet::new();
    // Bodies and digests are worked on while the reading goes on.
    rayon::in_place_scope(|scope| {
        for (digest, input) in digests.iter_mut().zip(inputs) {
            scope.spawn(|_| *digest = Sha256::digest(&input.bytes).into());
        }
        for instance in instances {
            let (at, input) = (instance.input, &inputs[instance.input]);
            if unusable.contains(&at) {
                continue;
            }
            // Each instance is read anew, so that its resources are its own; its
            // bodies are those of the first.
            let first = read_before.insert(at);
            let mut names = Names::default();
            let see = |depth: usize, payload: &Payload<'_>| names.see(depth, payload);
            let faults = &faults;
            let take = |bodies| {
                if first {
                    scope.spawn(move |_| add(faults, at, verify::bodies(bodies)));
                }
            };
            let read = verify::structure(&mut validator, &[&input.bytes], see, take);
            let refused = names.unsupported.iter();
            problems.extend(refused.map(|(name, kind)| unsupported(instance, name, kind)));
            match read {
                Ok(types) => {
                    nodes.push(node(instance, &names, &types));
                    latest = Some(types);
                }
                Err(invalid) => {
                    unusable.insert(at);
                    if names.unsupported.is_empty() {
                        problems.push(InputProblem::new(input, &invalid).into());
                    }
                    // A validator that has failed cannot be used again. What the others
                    // are found to be is still reported.
                    validator = Validator::new_with_features(level.features());
                }
            }
        }
    });
    let mut faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
    faults.sort_by_key(|(input, invalid)| (*input, invalid.offset));
    let faults = faults.iter().map(|(input, invalid)| InputProblem::new(&inputs[*input], invalid));
    problems.extend(faults.map(Problem::from));
    let Some(types) = latest.filter(|_| problems.is_empty()) else { return Err(problems) };
    let verdicts = nodes.iter().map(|node| vec![Verdict::Unknown; node.imports.len()]).collect();
    let graph = Graph { nodes, verdicts, passed_over: IndexMap::new(), types };
    Ok(Read { graph, level, digests })
}

fn add(faults: &Mutex<Vec<(usize, Invalid)>>, input: usize, found: Vec<Invalid>) {
    // A list is whole after every push, so a poisoned one can be used.
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    faults.extend(found.into_iter().map(|invalid| (input, invalid)));
}

fn unsupported(instance: &Instance, import: &str, kind: &'static str) -> Problem {
    Unsupported { consumer: instance.name.clone(), import: import.to_owned(), kind }.into()
}

/// Names of the outermost imports and exports, in order.
#[derive(Default)]
struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
    /// Imports of a kind that cannot be linked.
    unsupported: Vec<(String, &'static str)>,
}

impl Names {
    fn see(&mut self, depth: usize, payload: &Payload<'_>) {
        if depth > 0 {
            return;
        }
        // An item that does not parse is reported by the validator.
        if let Payload::ComponentImportSection(section) = payload {
            for import in section.clone().into_iter().flatten() {
                let name = import.name.name.to_owned();
                match import.ty {
                    ComponentTypeRef::Module(_) => self.unsupported.push((name, "a core module")),
                    ComponentTypeRef::Component(_) => self.unsupported.push((name, "a component")),
                    ComponentTypeRef::Value(_) => self.unsupported.push((name, "a value")),
                    ComponentTypeRef::Func(_)
                    | ComponentTypeRef::Type(_)
                    | ComponentTypeRef::Instance(_) => self.imports.push(name),
                }
            }
        } else if let Payload::ComponentExportSection(section) = payload {
            let names = section.clone().into_iter().flatten().map(|e| e.name.name.to_owned());
            self.exports.extend(names);
        }
    }
}

fn node(instance: &Instance, names: &Names, types: &Types) -> Node {
    let types = types.as_ref();
    let mut items: Origins<Used> = Origins::new();
    let imports: Vec<Item> = names
        .imports
        .iter()
        .filter_map(|name| Some(item(name, types.component_item_for_import(name)?)))
        .collect();
    for (at, import) in imports.iter().enumerate() {
        items.add(types, import.ty, Used::Import(at));
    }
    let exports: Vec<Item> = names
        .exports
        .iter()
        .filter_map(|name| Some(item(name, types.component_item_for_export(name)?)))
        .collect();
    for (at, export) in exports.iter().enumerate() {
        items.add(types, export.ty, Used::Export(at));
    }
    let import_uses: Vec<Vec<usize>> = imports
        .iter()
        .enumerate()
        .map(|(at, import)| imports_only(uses(types, &items, import.ty, Used::Import(at))))
        .collect();
    let import_ties: Vec<Vec<usize>> = imports
        .iter()
        .enumerate()
        .map(|(at, import)| imports_only(ties(types, &items, import.ty, Used::Import(at))))
        .collect();
    let export_uses = exports
        .iter()
        .enumerate()
        .map(|(at, export)| uses(types, &items, export.ty, Used::Export(at)))
        .collect();
    let mut node = Node {
        name: instance.name.clone(),
        input: instance.input,
        imports,
        exports,
        import_uses,
        import_ties,
        export_uses,
    };
    for at in 0..node.imports.len() {
        node.imports[at].types_only = types_only(types, &items, node.imports[at].ty, at);
    }
    node
}

fn item(name: &str, item: &ComponentItem) -> Item {
    Item {
        name: name.to_owned(),
        parsed: ExternName::parse(&item.full_name(name)),
        ty: item.ty,
        implements: item.full_implements().map(std::borrow::Cow::into_owned),
        version_suffix: item.version_suffix.clone(),
        external_id: item.external_id.clone(),
        types_only: false,
    }
}

/// Items whose resources an item mentions.
fn ties(
    types: TypesRef<'_>,
    items: &Origins<Used>,
    entity: ComponentEntityType,
    own: Used,
) -> Vec<Used> {
    origins(types, items, entity, own, |id| matches!(id, ComponentAnyTypeId::Resource(_)))
}

/// Items whose types, of any kind, an item mentions.
fn uses(
    types: TypesRef<'_>,
    items: &Origins<Used>,
    entity: ComponentEntityType,
    own: Used,
) -> Vec<Used> {
    origins(types, items, entity, own, |_| true)
}

fn origins(
    types: TypesRef<'_>,
    items: &Origins<Used>,
    entity: ComponentEntityType,
    own: Used,
    counts: impl Fn(ComponentAnyTypeId) -> bool,
) -> Vec<Used> {
    let mut found = Vec::new();
    mentioned(types, entity, &mut |id| {
        if counts(id)
            && let Some(used) = items.of(id)
            && used != own
            && !found.contains(&used)
        {
            found.push(used);
        }
    });
    found
}

fn imports_only(uses: Vec<Used>) -> Vec<usize> {
    uses.into_iter()
        .filter_map(|used| match used {
            Used::Import(at) => Some(at),
            Used::Export(_) => None,
        })
        .collect()
}

/// Whether an import introduces nothing but value types and names for types of other imports.
fn types_only(
    types: TypesRef<'_>,
    items: &Origins<Used>,
    entity: ComponentEntityType,
    at: usize,
) -> bool {
    match entity {
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
            items.of_resource(id.resource()) != Some(Used::Import(at))
        }
        ComponentEntityType::Type { .. } => true,
        ComponentEntityType::Instance(id) => instance_types_only(types, items, id, at),
        ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Component(_) => false,
    }
}

fn instance_types_only(
    types: TypesRef<'_>,
    items: &Origins<Used>,
    id: ComponentInstanceTypeId,
    at: usize,
) -> bool {
    types.get(id).is_some_and(|instance| {
        instance.exports.values().all(|export| types_only(types, items, export.ty, at))
    })
}
