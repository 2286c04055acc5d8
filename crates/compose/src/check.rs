//! Checks both ends of every edge: first whether they speak of the same
//! resources, then whether their types fit.

use std::cell::OnceCell;

use indexmap::IndexMap;
use wasmparser::component_types::{ComponentAnyTypeId, ResourceId};

use crate::error::{Problem, ResourceOwners};
use crate::explain::Explainer;
use crate::fit::Fit;
use crate::graph::{ExportRef, Graph, ImportRef, NodeId};
use crate::input::Input;
use crate::resources::{Identity, Pair, pairs};
use crate::walk::mentioned;

/// Everything that is wrong with the edges.
pub(crate) fn check(graph: &Graph, identity: &Identity, inputs: &[Input]) -> Vec<Problem> {
    let types = graph.types.as_ref();
    let mut explainer = Explainer::new(graph, inputs);
    let mut problems = Vec::new();
    let all_owners = OnceCell::new();
    for (wanted, given) in graph.edges() {
        let (import, export) = (graph.import(wanted), graph.export(given));
        let pairs = pairs(types, import.ty, export.ty);
        let fit = Fit::between(types, identity, export.ty, import.ty).check(export.ty, import.ty);
        let Err(words) = fit else { continue };
        // Types of another shape explain more than the resources that come with them.
        if let Some(mismatch) = explainer.mismatch(wanted, given) {
            problems.push(mismatch.into());
        } else if let Some(pair) = identity.conflict(&pairs) {
            let owners = all_owners.get_or_init(|| owners(graph));
            problems.push(two_owners(graph, identity, owners, (wanted, given), pair).into());
        } else {
            problems.push(explainer.unexplained(wanted, given, &words).into());
        }
    }
    problems
}

/// What identity the edges give to resources, before anything is merged.
pub(crate) fn identity_of_edges(graph: &Graph) -> Identity {
    let types = graph.types.as_ref();
    let mut identity = Identity::default();
    for (wanted, given) in graph.edges() {
        identity.learn(&pairs(types, graph.import(wanted).ty, graph.export(given).ty));
    }
    identity
}

fn two_owners(
    graph: &Graph,
    identity: &Identity,
    owners: &Owners,
    (wanted, given): (ImportRef, ExportRef),
    pair: &Pair,
) -> ResourceOwners {
    let owner = |id: ResourceId| match owners.get(&identity.root(id)) {
        Some((node, interface)) => format!("`{interface}` of `{}`", graph.node(*node).name),
        None => "another component".to_owned(),
    };
    let consumer = graph.node(wanted.node).name.clone();
    let interface = graph.import(wanted).name.clone();
    // The consumer's own import that introduces the resource must move along.
    let tied = graph.node(wanted.node).import_uses[wanted.import]
        .iter()
        .map(|import| ImportRef { node: wanted.node, import: *import })
        .filter(|at| *at != wanted)
        .map(|at| graph.import(at).name.clone())
        .collect::<Vec<_>>();
    let provider = graph.node(given.node).name.clone();
    let (resource, theirs, own) = (&pair.name, owner(pair.given), owner(pair.wanted));
    let message = format!(
        "`{consumer}` cannot take `{interface}` from `{provider}`: its resource `{resource}` is \
         that of {theirs}, but `{consumer}` has that of {own}"
    );
    // Whoever the provider itself has the resource from may be the one to ask.
    let origin = owners.get(&identity.root(pair.given)).map(|(node, _)| &graph.node(*node).name);
    let origin = origin.unwrap_or(&provider);
    ResourceOwners { message, advice: advice(&consumer, &interface, &provider, origin, &tied) }
}

fn advice(
    consumer: &str,
    interface: &str,
    provider: &str,
    origin: &str,
    tied: &[String],
) -> String {
    let mut together: Vec<&str> = tied.iter().map(String::as_str).collect();
    together.push(interface);
    let list = joggle_diag::quoted_list(together.iter().copied());
    if tied.is_empty() {
        return format!(
            "the resource must come from one provider: link every import of `{consumer}` that uses \
             it to `{provider}`"
        );
    }
    let options: Vec<String> =
        tied.iter().map(|name| format!("  --link {consumer}:{name}={origin}")).collect();
    format!(
        "{list} are tied by this resource and must come from one provider:\n{}\n  --link \
         {consumer}:{interface}={provider}",
        options.join("\n")
    )
}

/// The node and interface that introduce each resource.
type Owners = IndexMap<ResourceId, (NodeId, String)>;

/// Who introduces each resource: where it is defined, or
/// imported from the host.
fn owners(graph: &Graph) -> Owners {
    let mut owners = IndexMap::new();
    for node in graph.ids() {
        let items = graph.node(node).imports.iter().chain(&graph.node(node).exports);
        for item in items {
            mentioned(graph.types.as_ref(), item.ty, &mut |id| {
                if let ComponentAnyTypeId::Resource(id) = id {
                    owners.entry(id.resource()).or_insert_with(|| (node, item.name.clone()));
                }
            });
        }
    }
    owners
}
