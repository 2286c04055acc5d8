//! The only road from the graph to the plan: an order of instantiation, or the
//! circle that rules one out.

use std::collections::HashSet;

use crate::error::{Cycle, Problem};
use crate::graph::{ExportRef, Graph, ImportRef, NodeId};

/// A node's place in the order of instantiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StepIndex(pub usize);

/// Nodes so that each comes after those it imports from. Among nodes that do
/// not depend on each other the order is that of the graph.
pub(crate) struct Order {
    steps: Vec<NodeId>,
}

/// Edges, the provider of each being the consumer of the next.
type Circle = Vec<(ImportRef, ExportRef)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Orders the nodes that take part; each circle that the search meets is reported once.
pub(crate) fn order(graph: &Graph, taking_part: &[NodeId]) -> Result<Order, Vec<Problem>> {
    let mut edges: Vec<Vec<(ImportRef, ExportRef)>> = vec![Vec::new(); graph.nodes.len()];
    for edge in graph.edges() {
        edges[edge.0.node.0].push(edge);
    }
    let mut search = Search {
        edges: &edges,
        marks: vec![Mark::New; graph.nodes.len()],
        steps: Vec::new(),
        circles: Vec::new(),
    };
    for node in taking_part {
        search.visit(*node);
    }
    let mut met = HashSet::new();
    let members = |circle: &Circle| {
        let mut nodes: Vec<NodeId> = circle.iter().map(|(wanted, _)| wanted.node).collect();
        nodes.sort_unstable();
        nodes
    };
    search.circles.retain(|circle| met.insert(members(circle)));
    if !search.circles.is_empty() {
        return Err(search.circles.iter().map(|c| Cycle::new(graph, c).into()).collect());
    }
    Ok(Order { steps: search.steps })
}

impl Order {
    /// The steps, each with its place.
    pub fn steps(&self) -> impl Iterator<Item = (StepIndex, NodeId)> + '_ {
        self.steps.iter().enumerate().map(|(at, node)| (StepIndex(at), *node))
    }
}

struct Search<'a> {
    edges: &'a [Vec<(ImportRef, ExportRef)>],
    marks: Vec<Mark>,
    steps: Vec<NodeId>,
    circles: Vec<Circle>,
}

impl Search<'_> {
    /// Depth first, with a stack of its own: a chain of components may be long.
    fn visit(&mut self, start: NodeId) {
        if self.marks[start.0] != Mark::New {
            return;
        }
        self.marks[start.0] = Mark::Open;
        // Each entry is a node and the next of its edges to follow.
        let mut path: Vec<(NodeId, usize)> = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(&(_, given)) = self.edges[node.0].get(*next) else {
                self.marks[node.0] = Mark::Done;
                self.steps.push(*node);
                path.pop();
                continue;
            };
            *next += 1;
            match self.marks[given.node.0] {
                Mark::Done => {}
                Mark::New => {
                    self.marks[given.node.0] = Mark::Open;
                    path.push((given.node, 0));
                }
                Mark::Open => self.circles.push(circle(&path, given.node, self.edges)),
            }
        }
    }
}

/// The edges along the path from `to` back to `to`.
fn circle(path: &[(NodeId, usize)], to: NodeId, edges: &[Vec<(ImportRef, ExportRef)>]) -> Circle {
    path.iter()
        .skip_while(|(node, _)| *node != to)
        .map(|(node, next)| edges[node.0][next - 1])
        .collect()
}
