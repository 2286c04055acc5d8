//! Adds to the chosen exports the interfaces whose types they use, from the
//! same providers, and puts each after those it uses.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::{Because, OuterExport};
use crate::error::{DuplicateExport, Problem};
use crate::graph::{ExportRef, Graph, NodeId, Used, Verdict};

/// Adds the interfaces whose types the chosen ones use.
pub(super) struct Closure<'a> {
    graph: &'a Graph,
    /// What was chosen; one export may have several names.
    chosen: IndexMap<ExportRef, Vec<OuterExport>>,
    /// Names that are taken, and by which node.
    names: HashMap<String, NodeId>,
    hidden: &'a HashSet<ExportRef>,
    seen: HashSet<ExportRef>,
    ordered: Vec<OuterExport>,
    problems: Vec<Problem>,
    /// Whether two exports may have one name for now.
    lenient: bool,
}

/// An export whose used interfaces are being visited.
struct Visit {
    exports: Vec<OuterExport>,
    uses: Vec<ExportRef>,
}

impl Closure<'_> {
    pub fn over(
        graph: &Graph,
        chosen: Vec<OuterExport>,
        hidden: &HashSet<ExportRef>,
    ) -> (Vec<OuterExport>, Vec<Problem>) {
        Closure::run(graph, chosen, hidden, false)
    }

    /// The same before anything is hidden or renamed: two may still have one name.
    pub fn candidates(graph: &Graph, chosen: Vec<OuterExport>) -> Vec<OuterExport> {
        Closure::run(graph, chosen, &HashSet::new(), true).0
    }

    fn run(
        graph: &Graph,
        chosen: Vec<OuterExport>,
        hidden: &HashSet<ExportRef>,
        lenient: bool,
    ) -> (Vec<OuterExport>, Vec<Problem>) {
        let names = chosen.iter().map(|e| (e.name.to_ascii_lowercase(), e.at.node)).collect();
        let mut by_export: IndexMap<ExportRef, Vec<OuterExport>> = IndexMap::new();
        for export in chosen {
            by_export.entry(export.at).or_default().push(export);
        }
        let (seen, ordered, problems) = (HashSet::new(), Vec::new(), Vec::new());
        let chosen = by_export;
        let mut closure =
            Closure { graph, chosen, names, hidden, seen, ordered, problems, lenient };
        let wanted: Vec<ExportRef> = closure.chosen.keys().copied().collect();
        for at in wanted {
            closure.visit(at);
        }
        (closure.ordered, closure.problems)
    }

    /// Depth first, with a stack of its own: a chain of uses may be long.
    fn visit(&mut self, at: ExportRef) {
        let mut path: Vec<Visit> = self.enter(at, None).into_iter().collect();
        while let Some(visit) = path.last_mut() {
            if let Some(used) = visit.uses.pop() {
                let by = visit.exports[0].clone();
                path.extend(self.enter(used, Some(&by)));
            } else if let Some(done) = path.pop() {
                self.ordered.extend(done.exports);
            }
        }
    }

    /// Begins a visit, unless the export was visited or is not to be exported.
    fn enter(&mut self, at: ExportRef, by: Option<&OuterExport>) -> Option<Visit> {
        let exports = match (self.chosen.get(&at), by) {
            (Some(chosen), _) => chosen.clone(),
            (None, None) => return None,
            (None, Some(by)) => {
                let name = self.graph.export(at).name.clone();
                if self.hidden.contains(&at) || self.seen.contains(&at) || self.taken(&name, at, by)
                {
                    return None;
                }
                vec![OuterExport { name, at, because: Because::UsedBy(by.name.clone()) }]
            }
        };
        if !self.seen.insert(at) {
            return None;
        }
        self.names.extend(exports.iter().map(|e| (e.name.to_ascii_lowercase(), e.at.node)));
        let uses = sources(self.graph, at).rev().collect();
        Some(Visit { exports, uses })
    }

    /// Whether the name of a used interface is taken. A node that uses an interface
    /// and passes it on under its name already names these types; any other holder
    /// of the name stands in the way.
    fn taken(&mut self, name: &str, at: ExportRef, by: &OuterExport) -> bool {
        let Some(holder) = self.names.get(&name.to_ascii_lowercase()).copied() else {
            return false;
        };
        if holder != by.at.node && self.lenient {
            return false;
        }
        if holder != by.at.node {
            let node = |id: NodeId| self.graph.node(id).name.clone();
            let both = vec![node(holder), node(at.node)];
            self.problems.push(DuplicateExport::new(name.to_owned(), both).into());
        }
        true
    }
}

/// The exports inside the composition whose types an export uses.
pub(crate) fn sources(graph: &Graph, at: ExportRef) -> impl DoubleEndedIterator<Item = ExportRef> {
    let node = at.node;
    graph.node(node).export_uses[at.export].iter().filter_map(move |used| match *used {
        Used::Export(export) => Some(ExportRef { node, export }),
        Used::Import(import) => match graph.verdicts[node.0][import] {
            Verdict::Wired { provider, .. } => Some(provider),
            Verdict::Unknown | Verdict::Host | Verdict::TypesOnly => None,
        },
    })
}
