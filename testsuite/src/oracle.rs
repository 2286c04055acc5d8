//! Other composers, asked the same question: `wasm-compose` and `wac-graph`.
//!
//! Both get their edges told, so that they answer for typing and encoding
//! alone; which import is matched with which export is not theirs to say.
//! Bytes go in and bytes come out: their own types stay in here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wac_graph::types::Package;
use wasmparser::{Validator, WasmFeatures};

/// A component with the name it goes by.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name, in kebab case.
    pub name: String,
    /// The component.
    pub bytes: Vec<u8>,
}

/// An import that is satisfied by an export of another part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The part that imports.
    pub consumer: usize,
    /// What it imports.
    pub import: String,
    /// The part that exports.
    pub provider: usize,
    /// What it exports.
    pub export: String,
}

/// Parts, how they are linked, and the one whose exports the result has.
#[derive(Clone, Debug)]
pub struct Wiring {
    /// The parts.
    pub parts: Vec<Part>,
    /// The edges, at most one for each import.
    pub edges: Vec<Edge>,
    /// The part that is exported whole.
    pub root: usize,
}

/// What `wasm_compose::graph::CompositionGraph` makes of it, or why it refuses.
pub fn oracle_wasm_compose(wiring: &Wiring) -> Result<Vec<u8>, String> {
    guarded(|| wasm_compose(wiring))
}

/// What `wac_graph::CompositionGraph` makes of it, or why it refuses.
pub fn oracle_wac(wiring: &Wiring) -> Result<Vec<u8>, String> {
    guarded(|| wac(wiring))
}

fn wasm_compose(wiring: &Wiring) -> anyhow::Result<Vec<u8>> {
    use wasm_compose::graph::{Component, CompositionGraph, EncodeOptions};
    let mut graph = CompositionGraph::new();
    // Resources are told apart by the ids of one validator.
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut instances = Vec::new();
    for part in &wiring.parts {
        let name = part.name.clone();
        let component = Component::from_bytes(&mut validator, name, part.bytes.as_slice())?;
        let id = graph.add_component(component)?;
        instances.push((id, graph.instantiate(id)?));
    }
    for edge in &wiring.edges {
        let (provider, source) = instances[edge.provider];
        let (consumer, target) = instances[edge.consumer];
        let export = graph
            .get_component(provider)
            .and_then(|component| component.export_by_name(&edge.export))
            .map(|(index, ..)| index);
        let import = graph
            .get_component(consumer)
            .and_then(|component| component.import_by_name(&edge.import))
            .map(|(index, ..)| index);
        let (Some(export), Some(import)) = (export, import) else {
            anyhow::bail!("no such edge: {edge:?}");
        };
        graph.connect(source, Some(export), target, import)?;
    }
    let (_, root) = instances[wiring.root];
    let options = EncodeOptions { define_components: true, export: Some(root), validate: false };
    let bytes = graph.encode(options)?;
    crate::components::validate(&bytes)?;
    Ok(bytes)
}

fn wac(wiring: &Wiring) -> anyhow::Result<Vec<u8>> {
    use wac_graph::{CompositionGraph, EncodeOptions};
    let mut graph = CompositionGraph::new();
    let mut packages = Vec::new();
    for part in &wiring.parts {
        let name = format!("test:{}", part.name);
        let package = Package::from_bytes(&name, None, part.bytes.clone(), graph.types_mut())?;
        packages.push(graph.register_package(package)?);
    }
    let nodes: Vec<_> = packages.iter().map(|package| graph.instantiate(*package)).collect();
    for edge in &wiring.edges {
        let export = graph.alias_instance_export(nodes[edge.provider], &edge.export)?;
        graph.set_instantiation_argument(nodes[edge.consumer], &edge.import, export)?;
    }
    let root = graph[packages[wiring.root]].ty();
    let names: Vec<String> = graph.types()[root].exports.keys().cloned().collect();
    for name in names {
        let export = graph.alias_instance_export(nodes[wiring.root], &name)?;
        graph.export(export, &name)?;
    }
    let options = EncodeOptions { validate: false, ..EncodeOptions::default() };
    let bytes = graph.encode(options)?;
    crate::components::validate(&bytes)?;
    Ok(bytes)
}

/// An oracle that panics has refused: its bugs are not ours to fall over.
fn guarded(ask: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => answer.map_err(|error| format!("{error:#}")),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panicked: {}", text.unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Set, families};

    fn set(name: &str) -> Set {
        let all = families().expect("they are built");
        all.into_iter().find(|set| set.name == name).expect("there is such a family")
    }

    #[test]
    fn both_oracles_link_a_chain_and_agree_on_its_outside() {
        let chain = set("chain of three");
        let outsides = [oracle_wasm_compose(&chain.wiring), oracle_wac(&chain.wiring)].map(|all| {
            let bytes = all.expect("a chain can be linked");
            crate::outer::sorted_wit(&bytes).expect("it is a component")
        });
        assert_eq!(outsides[0], outsides[1]);
        assert!(outsides[0].contains("export run: func() -> u32;"), "{}", outsides[0]);
        assert!(!outsides[0].contains("import"), "{}", outsides[0]);
    }

    #[test]
    fn both_oracles_refuse_a_wrong_parameter() {
        let wrong = set("wrong parameter type");
        assert!(!wrong.fits);
        assert!(oracle_wasm_compose(&wrong.wiring).is_err());
        assert!(oracle_wac(&wrong.wiring).is_err());
    }

    #[test]
    fn an_edge_that_is_not_there_is_refused_and_no_panic() {
        let mut chain = set("chain of three");
        chain.wiring.edges[0].export = "no:such/thing".to_owned();
        assert!(oracle_wasm_compose(&chain.wiring).is_err());
        assert!(oracle_wac(&chain.wiring).is_err());
    }
}
