//! Who takes part, and what nearly did: inputs that no link joins to another,
//! and imports whose only providers are of another version track.

use std::collections::HashSet;

use joggle_diag::closest;

use crate::choose::Chosen;
use crate::connect::Offers;
use crate::error::{Problem, Unused, VersionTrack};
use crate::graph::{ExportRef, Graph, ImportRef, NodeId, Verdict};
use crate::options::Options;

/// The nodes that take part, in the order of the graph.
pub(crate) fn taking_part(graph: &Graph, options: &Options) -> (Vec<NodeId>, Vec<NodeId>) {
    let mut joined = vec![graph.nodes.len() == 1; graph.nodes.len()];
    for (wanted, given) in graph.edges() {
        joined[wanted.node.0] = true;
        joined[given.node.0] = true;
    }
    for node in graph.ids() {
        let name = &graph.node(node).name;
        if options.roots.contains(name)
            || options.exports.iter().any(|spec| spec.from.as_ref() == Some(name))
        {
            joined[node.0] = true;
        }
    }
    graph.ids().partition(|node| joined[node.0])
}

/// What is wrong with who takes part. Where edges are missing for other
/// reasons, in `known`, an input that takes no part is no news.
pub(crate) fn problems(
    graph: &Graph,
    options: &Options,
    chosen: &Chosen,
    left_out: &[NodeId],
    known: &[Problem],
) -> Vec<Problem> {
    let tracks = other_tracks(graph, chosen);
    let mut problems: Vec<Problem> =
        tracks.iter().map(|(at, given)| version_track(graph, *at, *given)).collect();
    if !options.allow_unused && known.is_empty() {
        let explained =
            |node: &&NodeId| tracks.iter().any(|(at, e)| at.node == **node || e.node == **node);
        problems.extend(left_out.iter().filter(|n| !explained(n)).map(|n| unused(graph, *n)));
    }
    problems
}

/// Imports left to the host although another input has the interface in another track.
fn other_tracks(graph: &Graph, chosen: &Chosen) -> Vec<(ImportRef, ExportRef)> {
    let consumed: HashSet<ExportRef> = graph.edges().into_iter().map(|(_, given)| given).collect();
    let offers = Offers::of(graph);
    let mut found = Vec::new();
    for at in graph.imports() {
        let import = graph.import(at);
        let open = matches!(graph.verdict(at), Verdict::Host | Verdict::TypesOnly);
        if !open || chosen.left.contains(&at) || import.parsed.version().is_none() {
            continue;
        }
        found.extend(offers.to(graph, at).into_iter().find_map(|given| {
            let export = graph.export(given);
            let same_base = export.parsed.base() == import.parsed.base();
            let versioned = export.parsed.version().is_some();
            (same_base && versioned && !consumed.contains(&given)).then_some((at, given))
        }));
    }
    found
}

fn version_track(graph: &Graph, at: ImportRef, given: ExportRef) -> Problem {
    VersionTrack {
        consumer: graph.node(at.node).name.clone(),
        import: graph.import(at).name.clone(),
        provider: graph.node(given.node).name.clone(),
        export: graph.export(given).name.clone(),
        rule: "1.x, 0.2.x, or exactly 0.0.x and pre-releases",
    }
    .into()
}

/// The problem of an input that takes no part, with what it may have been meant for.
fn unused(graph: &Graph, node: NodeId) -> Problem {
    let name = graph.node(node).name.clone();
    let near = near_miss(graph, node).unwrap_or_default();
    let advice = format!(
        "{near}leave it out of the command, or let it be left out of the result with --allow-unused;\n\
         to export what it exports beside the rest, name it as a root: --root {name} --root …"
    );
    Unused { name, advice }.into()
}

/// A name here that is almost a name over there.
fn near_miss(graph: &Graph, node: NodeId) -> Option<String> {
    let others = |exports: bool| -> Vec<&str> {
        graph
            .ids()
            .filter(|other| *other != node)
            .flat_map(|other| {
                let other = graph.node(other);
                let items = if exports { &other.exports } else { &other.imports };
                items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>()
            })
            .collect()
    };
    let own = graph.node(node);
    let (imports, exports) = (others(false), others(true));
    for export in &own.exports {
        let name = &export.name;
        if imports.contains(&name.as_str()) {
            return Some(format!(
                "it exports `{name}`, but the input that imports it has another provider, or \
                 leaves it to the host\n"
            ));
        }
        if let Some(import) = closest(name, imports.iter().copied()) {
            return Some(format!("it exports `{name}`; another input imports `{import}`\n"));
        }
    }
    for import in &own.imports {
        let name = &import.name;
        if exports.contains(&name.as_str()) {
            return Some(format!(
                "it leaves `{name}` to the host, though another input exports it\n"
            ));
        }
        if let Some(export) = closest(name, exports.iter().copied()) {
            return Some(format!("it imports `{name}`; another input exports `{export}`\n"));
        }
    }
    None
}
