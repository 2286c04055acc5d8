//! Finds what the options name: inputs, imports and exports.

use indexmap::{IndexMap, IndexSet};
use joggle_relate::name::ExternName;

use crate::error::{Contradiction, NoSuchExport, NoSuchImport, NoSuchInput, Problem, SeveralMeant};
use crate::graph::{ExportRef, Graph, ImportRef, Item, NodeId};
use crate::options::{ImportSpec, Options};

/// The options about edges, in terms of the graph.
#[derive(Default)]
pub(crate) struct Chosen {
    pub links: IndexMap<ImportRef, ExportRef>,
    pub left: IndexSet<ImportRef>,
}

/// Looks up every link; what cannot be found is a problem each.
pub(crate) fn choose(graph: &Graph, options: &Options) -> (Chosen, Vec<Problem>) {
    let mut chosen = Chosen::default();
    let mut problems = Vec::new();
    for link in &options.links {
        let found = find_import(graph, &link.import).and_then(|import| {
            let node = find_node(graph, &link.provider)?;
            let export = match &link.export {
                Some(export) => find_export(graph, node, export, true),
                None => find_counterpart(graph, node, graph.import(import)),
            };
            Ok((import, export?))
        });
        match found {
            Ok((import, export)) => {
                let other = chosen.links.insert(import, export).filter(|other| *other != export);
                problems.extend(other.map(|other| twice(graph, import, &[other, export])));
            }
            Err(problem) => problems.push(problem),
        }
    }
    for spec in &options.leave {
        match find_import(graph, spec) {
            Ok(import) => {
                chosen.left.insert(import);
                let link = chosen.links.get(&import);
                problems.extend(link.map(|export| twice(graph, import, &[*export])));
            }
            Err(problem) => problems.push(problem),
        }
    }
    (chosen, problems)
}

/// Two options say different things about one import.
fn twice(graph: &Graph, import: ImportRef, exports: &[ExportRef]) -> Problem {
    let mut meant: Vec<String> = exports.iter().map(|e| graph.spell_export(*e)).collect();
    if exports.len() == 1 {
        meant.push("the host".to_owned());
    }
    Contradiction { import: graph.spell_import(import), meant }.into()
}

/// The node of a name.
pub(crate) fn find_node(graph: &Graph, name: &str) -> Result<NodeId, Problem> {
    graph.ids().find(|id| graph.node(*id).name == name).ok_or_else(|| {
        let names: Vec<&str> = graph.nodes.iter().map(|n| n.name.as_str()).collect();
        NoSuchInput::new(name, &names).into()
    })
}

fn find_import(graph: &Graph, spec: &ImportSpec) -> Result<ImportRef, Problem> {
    let node = find_node(graph, &spec.consumer)?;
    let items = &graph.node(node).imports;
    match meant(items, &spec.import)[..] {
        [import] => Ok(ImportRef { node, import }),
        [] => Err(NoSuchImport::new(&spec.consumer, &spec.import, &names(items)).into()),
        ref several => Err(several_meant(items, &spec.import, several)),
    }
}

/// The export of a node that an import is linked to without naming it: of the
/// import's name, or else of the interface that it implements.
fn find_counterpart(graph: &Graph, node: NodeId, import: &Item) -> Result<ExportRef, Problem> {
    let by_name = find_export(graph, node, &import.name, false);
    match &import.implements {
        Some(interface) => by_name.or_else(|_| find_export(graph, node, interface, false)),
        None => by_name,
    }
}

/// The export of a node that a name means. Unless `exact`, another version of
/// the same track, or the only version there is, will do.
pub(crate) fn find_export(
    graph: &Graph,
    node: NodeId,
    name: &str,
    exact: bool,
) -> Result<ExportRef, Problem> {
    let items = &graph.node(node).exports;
    let mut found = meant(items, name);
    if found.is_empty() && !exact {
        let wanted = ExternName::parse(name);
        let same = |item: &Item| wanted.matches(&item.parsed).is_some();
        found = positions(items, same);
        if found.is_empty() {
            found = positions(items, |item| item.parsed.base() == wanted.base());
        }
    }
    match found[..] {
        [export] => Ok(ExportRef { node, export }),
        [] => {
            let of = Some(graph.node(node).name.as_str());
            Err(NoSuchExport::new(of, name, &names(items)).into())
        }
        ref several => Err(several_meant(items, name, several)),
    }
}

/// Positions of the items that `name` means: exactly, or with its version left out.
pub(crate) fn meant(items: &[Item], name: &str) -> Vec<usize> {
    let exact = positions(items, |item| item.name == name);
    if exact.is_empty() { positions(items, |item| item.parsed.base() == name) } else { exact }
}

fn positions(items: &[Item], fits: impl Fn(&Item) -> bool) -> Vec<usize> {
    (0..items.len()).filter(|at| fits(&items[*at])).collect()
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

fn several_meant(items: &[Item], name: &str, several: &[usize]) -> Problem {
    let meant = several.iter().map(|at| items[*at].name.clone()).collect();
    SeveralMeant { name: name.to_owned(), meant }.into()
}
