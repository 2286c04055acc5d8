//! The same choice of exports with nothing left to be found out: roots are named,
//! and so is the instance of each export that was chosen.

use super::{Closure, OuterExport, dedup, matching, named, roots};
use crate::graph::{Graph, NodeId};
use crate::options::{ExportSpec, Options};

/// The options about exports, spelled out. They are those of a selection that succeeded.
pub(crate) fn spelled_out(graph: &Graph, options: &Options, taking_part: &[NodeId]) -> Options {
    let mut out = options.clone();
    let mut known = Vec::new();
    let roots = roots(graph, options, taking_part, &mut known);
    if options.exports.is_empty() {
        out.roots = roots.iter().map(|node| graph.node(*node).name.clone()).collect();
        return out;
    }
    let mut chosen = named(graph, options, &roots, taking_part, &mut known);
    dedup(&mut chosen);
    let candidates = Closure::candidates(graph, chosen.clone());
    // Two exports of one name can be chosen if one of them is renamed, and a manifest
    // has one line for each name: it takes the new name.
    out.renames.retain(|spec| match matching(graph, spec, &candidates)[..] {
        [position] => !rename(&mut chosen, &candidates[position], spec.to.as_ref()),
        _ => true,
    });
    let spec = |export: OuterExport| ExportSpec {
        from: Some(graph.node(export.at.node).name.clone()),
        export: graph.export(export.at).name.clone(),
        to: Some(export.name),
    };
    out.exports = chosen.into_iter().map(spec).collect();
    out
}

/// Renames an export that was chosen by name; says whether it was.
fn rename(chosen: &mut [OuterExport], found: &OuterExport, to: Option<&String>) -> bool {
    let same = |export: &&mut OuterExport| export.at == found.at && export.name == found.name;
    match (chosen.iter_mut().find(same), to) {
        (Some(export), Some(to)) => {
            export.name.clone_from(to);
            true
        }
        _ => false,
    }
}
