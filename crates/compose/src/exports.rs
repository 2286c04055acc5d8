//! Chooses what the result exports, and what it must export besides so that
//! the chosen interfaces keep the types they use.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::choose::{find_export, find_node, meant};
use crate::error::{DuplicateExport, NoSuchExport, NothingToExport, Problem, SeveralMeant};
use crate::graph::{ExportRef, Graph, NodeId, Reason, Used, Verdict};
use crate::options::{ExportSpec, Options};

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
    let mut chosen = if options.exports.is_empty() {
        all_of(graph, &roots)
    } else {
        named(graph, options, &roots, taking_part, &mut problems)
    };
    let hidden = apply(graph, &options.hide, &chosen, &mut problems);
    chosen.retain(|export| !hidden.contains_key(&export.at));
    for (at, to) in apply(graph, &options.renames, &chosen, &mut problems) {
        if let (Some(export), Some(to)) = (chosen.iter_mut().find(|e| e.at == at), to) {
            export.name = to;
        }
    }
    duplicates(graph, &chosen, &mut problems);
    if chosen.is_empty() && problems.is_empty() {
        problems.push(nothing(options, taking_part).into());
    }
    let closed = Closure::over(graph, chosen, &hidden);
    (closed, problems)
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
        for (_, given) in graph.wires() {
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
    if let Some(from) = &spec.from {
        return find_export(graph, find_node(graph, from)?, &spec.export, false);
    }
    for nodes in [roots, taking_part] {
        let found: Vec<ExportRef> = nodes
            .iter()
            .flat_map(|&node| {
                let found = meant(&graph.node(node).exports, &spec.export);
                found.into_iter().map(move |export| ExportRef { node, export })
            })
            .collect();
        match found[..] {
            [] => {}
            [only] => return Ok(only),
            ref several => return Err(several_meant(graph, &spec.export, several)),
        }
    }
    Err(no_such(graph, &spec.export, taking_part))
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

/// The exports that `specs` name among those chosen, each with its new name if it has one.
fn apply(
    graph: &Graph,
    specs: &[ExportSpec],
    chosen: &[OuterExport],
    problems: &mut Vec<Problem>,
) -> IndexMap<ExportRef, Option<String>> {
    let mut found = IndexMap::new();
    for spec in specs {
        let fits = |export: &&OuterExport| {
            let item = graph.export(export.at);
            (item.name == spec.export || item.parsed.base() == spec.export)
                && spec.from.as_ref().is_none_or(|from| *from == graph.node(export.at.node).name)
        };
        let matching: Vec<ExportRef> = chosen.iter().filter(fits).map(|e| e.at).collect();
        match matching[..] {
            [] => {
                let names: Vec<&str> = chosen.iter().map(|e| e.name.as_str()).collect();
                problems.push(NoSuchExport::new(None, &spec.export, &names).into());
            }
            [only] => {
                found.insert(only, spec.to.clone());
            }
            ref several => problems.push(several_meant(graph, &spec.export, several)),
        }
    }
    found
}

fn duplicates(graph: &Graph, chosen: &[OuterExport], problems: &mut Vec<Problem>) {
    let mut by_name: IndexMap<&str, Vec<String>> = IndexMap::new();
    for export in chosen {
        let node = graph.node(export.at.node).name.clone();
        by_name.entry(&export.name).or_default().push(node);
    }
    for (name, by) in by_name {
        if by.len() > 1 {
            problems.push(DuplicateExport::new(name.to_owned(), by).into());
        }
    }
}

/// Adds the interfaces whose types the chosen ones use.
struct Closure<'a> {
    graph: &'a Graph,
    /// What was chosen; one export may have several names.
    chosen: IndexMap<ExportRef, Vec<OuterExport>>,
    names: HashSet<String>,
    hidden: &'a IndexMap<ExportRef, Option<String>>,
    seen: HashSet<ExportRef>,
    ordered: Vec<OuterExport>,
}

/// An export whose used interfaces are being visited.
struct Visit {
    exports: Vec<OuterExport>,
    uses: Vec<ExportRef>,
}

impl Closure<'_> {
    fn over(
        graph: &Graph,
        chosen: Vec<OuterExport>,
        hidden: &IndexMap<ExportRef, Option<String>>,
    ) -> Vec<OuterExport> {
        let names = chosen.iter().map(|e| e.name.clone()).collect();
        let mut by_export: IndexMap<ExportRef, Vec<OuterExport>> = IndexMap::new();
        for export in chosen {
            by_export.entry(export.at).or_default().push(export);
        }
        let (seen, ordered) = (HashSet::new(), Vec::new());
        let mut closure = Closure { graph, chosen: by_export, names, hidden, seen, ordered };
        let wanted: Vec<ExportRef> = closure.chosen.keys().copied().collect();
        for at in wanted {
            closure.visit(at);
        }
        closure.ordered
    }

    /// Depth first, with a stack of its own: a chain of uses may be long.
    fn visit(&mut self, at: ExportRef) {
        let mut path: Vec<Visit> = self.enter(at, None).into_iter().collect();
        while let Some(visit) = path.last_mut() {
            if let Some(used) = visit.uses.pop() {
                let by = visit.exports[0].name.clone();
                path.extend(self.enter(used, Some(&by)));
            } else if let Some(done) = path.pop() {
                self.ordered.extend(done.exports);
            }
        }
    }

    /// Begins a visit, unless the export was visited or is not to be exported.
    fn enter(&mut self, at: ExportRef, by: Option<&str>) -> Option<Visit> {
        let exports = match (self.chosen.get(&at), by) {
            (Some(chosen), _) => chosen.clone(),
            (None, None) => return None,
            (None, Some(by)) => {
                let name = self.graph.export(at).name.clone();
                // A root that passes the interface on already names these types.
                if self.hidden.contains_key(&at) || self.names.contains(&name) {
                    return None;
                }
                vec![OuterExport { name, at, because: Because::UsedBy(by.to_owned()) }]
            }
        };
        if !self.seen.insert(at) {
            return None;
        }
        self.names.extend(exports.iter().map(|e| e.name.clone()));
        let uses = self.graph.node(at.node).export_uses[at.export].iter().rev();
        let uses = uses.filter_map(|used| self.source(at.node, *used)).collect();
        Some(Visit { exports, uses })
    }

    /// The export inside the composition that a type comes from.
    fn source(&self, node: NodeId, used: Used) -> Option<ExportRef> {
        match used {
            Used::Export(export) => Some(ExportRef { node, export }),
            Used::Import(import) => match self.graph.verdicts[node.0][import] {
                Verdict::Wired { provider, .. } => Some(provider),
                Verdict::Unknown | Verdict::Host | Verdict::TypesOnly => None,
            },
        }
    }
}
