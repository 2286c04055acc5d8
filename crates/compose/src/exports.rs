//! Chooses what the result exports, and what it must export besides so that
//! the chosen interfaces keep the types they use.

use std::collections::HashSet;

use indexmap::IndexMap;

mod closure;
mod explicit;
mod naming;

use crate::choose::{find_export, find_node, meant};
use crate::error::{DuplicateExport, NoSuchExport, NothingToExport, Problem, SeveralMeant};
use crate::graph::{ExportRef, Graph, NodeId, Reason, Verdict};
use crate::options::{ExportSpec, Options};
use closure::Closure;
pub(crate) use closure::sources;
pub(crate) use explicit::spelled_out;

/// Why something is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Because {
    /// It is an export of a root.
    Root,
    /// The user named it.
    Chosen,
    /// An exported interface, of this name, uses its types.
    UsedBy(String),
}

/// An export of the result.
#[derive(Clone, Debug)]
pub(crate) struct OuterExport {
    pub name: String,
    pub at: ExportRef,
    pub because: Because,
}

/// The exports of the result: each comes after those whose types it uses.
pub(crate) fn select(
    graph: &Graph,
    options: &Options,
    taking_part: &[NodeId],
) -> (Vec<OuterExport>, Vec<Problem>) {
    let mut problems = Vec::new();
    let roots = roots(graph, options, taking_part, &mut problems);
    let mut chosen: Vec<OuterExport> = if options.exports.is_empty() {
        all_of(graph, &roots)
    } else {
        named(graph, options, &roots, taking_part, &mut problems)
    };
    // Without all that was wanted, the other options cannot be judged.
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    dedup(&mut chosen);
    // What would be exported because of its types can be hidden and renamed, too.
    let mut chosen = Closure::candidates(graph, chosen);
    let hidden: HashSet<usize> =
        apply(graph, &options.hide, &chosen, &mut problems).keys().copied().collect();
    for (position, to) in apply(graph, &options.renames, &chosen, &mut problems) {
        if let Some(to) = to {
            chosen[position].name = to;
            chosen[position].because = Because::Chosen;
        }
    }
    let (hidden, mut chosen) = split(chosen, &hidden);
    chosen.retain(|export| !matches!(export.because, Because::UsedBy(_)));
    problems.extend(naming::problems(graph, &chosen, &hidden));
    duplicates(graph, &chosen, &mut problems);
    if chosen.is_empty() && problems.is_empty() {
        problems.push(nothing(options, taking_part).into());
    }
    let (closed, found) = Closure::over(graph, chosen, &hidden);
    problems.extend(found);
    (closed, problems)
}

/// One export that is chosen twice under one name is chosen once.
fn dedup(chosen: &mut Vec<OuterExport>) {
    let mut seen = HashSet::new();
    chosen.retain(|export| seen.insert((export.at, export.name.clone())));
}

/// The exports to hide, and the others.
fn split(
    chosen: Vec<OuterExport>,
    hidden: &HashSet<usize>,
) -> (HashSet<ExportRef>, Vec<OuterExport>) {
    let (out, rest): (Vec<_>, Vec<_>) =
        chosen.into_iter().enumerate().partition(|(position, _)| hidden.contains(position));
    (out.into_iter().map(|(_, e)| e.at).collect(), rest.into_iter().map(|(_, e)| e).collect())
}

fn nothing(options: &Options, taking_part: &[NodeId]) -> NothingToExport {
    let advice = if taking_part.is_empty() {
        "no input joins another, so all were left out: name those to keep with --root NAME"
    } else if options.hide.is_empty() {
        "every export is consumed by another input, or there is none: say what to export with \
         --root NAME or --export NAME:EXPORT"
    } else {
        "every export is hidden: leave one of the --hide out"
    };
    NothingToExport { advice: advice.to_owned() }
}

/// The inputs whose exports are the result's.
fn roots(
    graph: &Graph,
    options: &Options,
    taking_part: &[NodeId],
    problems: &mut Vec<Problem>,
) -> Vec<NodeId> {
    if !options.roots.is_empty() {
        let mut roots = Vec::new();
        for name in &options.roots {
            match find_node(graph, name) {
                Ok(node) => roots.push(node),
                Err(problem) => problems.push(problem),
            }
        }
        roots.sort_unstable();
        roots.dedup();
        return roots;
    }
    let consumed = consumed(graph);
    taking_part.iter().copied().filter(|node| !consumed[node.0]).collect()
}

/// Which nodes another one consumes. Borrowing the names of types is no consumption.
pub(crate) fn consumed(graph: &Graph) -> Vec<bool> {
    let mut consumed = vec![false; graph.nodes.len()];
    for at in graph.imports() {
        if let Verdict::Wired { provider, reason } = graph.verdict(at)
            && (!graph.import(at).types_only || *reason == Reason::Link)
        {
            consumed[provider.node.0] = true;
        }
    }
    // If only types are borrowed all round, whoever lends them is consumed after all.
    if consumed.iter().all(|c| !c) {
        for (_, given) in graph.edges() {
            consumed[given.node.0] = true;
        }
    }
    consumed
}

fn all_of(graph: &Graph, roots: &[NodeId]) -> Vec<OuterExport> {
    let mut all = Vec::new();
    for &node in roots {
        for export in 0..graph.node(node).exports.len() {
            let at = ExportRef { node, export };
            let name = graph.export(at).name.clone();
            all.push(OuterExport { name, at, because: Because::Root });
        }
    }
    all
}

fn named(
    graph: &Graph,
    options: &Options,
    roots: &[NodeId],
    taking_part: &[NodeId],
    problems: &mut Vec<Problem>,
) -> Vec<OuterExport> {
    let mut all = Vec::new();
    for spec in &options.exports {
        match locate(graph, spec, roots, taking_part) {
            Ok(at) => {
                let name = spec.to.clone().unwrap_or_else(|| graph.export(at).name.clone());
                all.push(OuterExport { name, at, because: Because::Chosen });
            }
            Err(problem) => problems.push(problem),
        }
    }
    all
}

/// An export by name: in the input that was named, else in a root, else anywhere.
fn locate(
    graph: &Graph,
    spec: &ExportSpec,
    roots: &[NodeId],
    taking_part: &[NodeId],
) -> Result<ExportRef, Problem> {
    let named = |name: &str| [roots, taking_part].map(|nodes| exports_named(graph, nodes, name));
    // `demo:app/x` is an interface, even if an input is called `demo`.
    let whole = spec.from.as_ref().map(|from| format!("{from}:{}", spec.export));
    if let Some([only]) =
        whole.and_then(|w| named(&w).into_iter().find(|f| f.len() == 1)).as_deref()
    {
        return Ok(*only);
    }
    if let Some(from) = &spec.from {
        return find_export(graph, find_node(graph, from)?, &spec.export, false);
    }
    match named(&spec.export).into_iter().find(|found| !found.is_empty()).unwrap_or_default()[..] {
        [] => Err(no_such(graph, &spec.export, taking_part)),
        [only] => Ok(only),
        ref several => Err(several_meant(graph, &spec.export, several)),
    }
}

fn exports_named(graph: &Graph, nodes: &[NodeId], name: &str) -> Vec<ExportRef> {
    let of = |node: &NodeId| {
        let (node, found) = (*node, meant(&graph.node(*node).exports, name));
        found.into_iter().map(move |export| ExportRef { node, export })
    };
    nodes.iter().flat_map(of).collect()
}

fn no_such(graph: &Graph, name: &str, nodes: &[NodeId]) -> Problem {
    let names: Vec<&str> = nodes
        .iter()
        .flat_map(|node| graph.node(*node).exports.iter().map(|e| e.name.as_str()))
        .collect();
    NoSuchExport::new(None, name, &names).into()
}

fn several_meant(graph: &Graph, name: &str, several: &[ExportRef]) -> Problem {
    let meant = several.iter().map(|e| graph.spell_export(*e)).collect();
    SeveralMeant { name: name.to_owned(), meant }.into()
}

/// Positions of the exports that `specs` name among those chosen, each with its
/// new name if it has one. The name in the result counts first, then the one in the input.
fn apply(
    graph: &Graph,
    specs: &[ExportSpec],
    chosen: &[OuterExport],
    problems: &mut Vec<Problem>,
) -> IndexMap<usize, Option<String>> {
    let mut found: IndexMap<usize, Option<String>> = IndexMap::new();
    for spec in specs {
        match matching(graph, spec, chosen)[..] {
            [] => {
                let names: Vec<&str> = chosen.iter().map(|e| e.name.as_str()).collect();
                problems.push(NoSuchExport::new(None, &spec.export, &names).into());
            }
            [only] => {
                let before = found.insert(only, spec.to.clone()).flatten();
                if let (Some(before), Some(to)) = (before, &spec.to)
                    && before != *to
                {
                    let (name, meant) = (spec.export.clone(), vec![before, to.clone()]);
                    problems.push(SeveralMeant { name, meant }.into());
                }
            }
            ref several => {
                let several: Vec<ExportRef> = several.iter().map(|at| chosen[*at].at).collect();
                problems.push(several_meant(graph, &spec.export, &several));
            }
        }
    }
    found
}

/// Whether an export is meant.
type Rule<'r> = &'r dyn Fn(&OuterExport) -> bool;

fn matching(graph: &Graph, spec: &ExportSpec, chosen: &[OuterExport]) -> Vec<usize> {
    let whole = spec.from.as_ref().map(|from| format!("{from}:{}", spec.export));
    let from_fits = |export: &OuterExport| {
        spec.from.as_ref().is_none_or(|from| *from == graph.node(export.at.node).name)
    };
    let rules: [Rule<'_>; 5] = [
        // `demo:app/x` is an interface, even if an input is called `demo`.
        &|e| whole.as_ref() == Some(&e.name),
        &|e| whole.as_deref() == Some(graph.export(e.at).parsed.base()),
        &|e| from_fits(e) && e.name == spec.export,
        &|e| from_fits(e) && graph.export(e.at).name == spec.export,
        &|e| from_fits(e) && graph.export(e.at).parsed.base() == spec.export,
    ];
    let positions =
        |rule: Rule<'_>| (0..chosen.len()).filter(|at| rule(&chosen[*at])).collect::<Vec<_>>();
    rules.into_iter().map(positions).find(|found| !found.is_empty()).unwrap_or_default()
}

fn duplicates(graph: &Graph, chosen: &[OuterExport], problems: &mut Vec<Problem>) {
    // Names that differ only in case count as one.
    let mut by_name: IndexMap<String, Vec<&OuterExport>> = IndexMap::new();
    for export in chosen {
        by_name.entry(export.name.to_ascii_lowercase()).or_default().push(export);
    }
    for same in by_name.values().filter(|same| same.len() > 1) {
        let by = same.iter().map(|e| graph.node(e.at.node).name.clone()).collect();
        problems.push(DuplicateExport::new(same[0].name.clone(), by).into());
    }
}
