//! The only road from the graph to the plan: an order of instantiation, or the
//! circle that rules one out.

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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Orders the nodes that take part; every circle there is is reported once.
pub(crate) fn order(graph: &Graph, taking_part: &[NodeId]) -> Result<Order, Vec<Problem>> {
    let mut wires: Vec<Vec<(ImportRef, ExportRef)>> = vec![Vec::new(); graph.nodes.len()];
    for wire in graph.wires() {
        wires[wire.0.node.0].push(wire);
    }
    let mut search = Search {
        wires: &wires,
        marks: vec![Mark::New; graph.nodes.len()],
        steps: Vec::new(),
        circles: Vec::new(),
    };
    for node in taking_part {
        search.visit(*node);
    }
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
    wires: &'a [Vec<(ImportRef, ExportRef)>],
    marks: Vec<Mark>,
    steps: Vec<NodeId>,
    circles: Vec<Vec<(ImportRef, ExportRef)>>,
}

impl Search<'_> {
    /// Depth first, with a stack of its own: a chain of components may be long.
    fn visit(&mut self, start: NodeId) {
        if self.marks[start.0] != Mark::New {
            return;
        }
        self.marks[start.0] = Mark::Open;
        // Each entry is a node and the next of its wires to follow.
        let mut path: Vec<(NodeId, usize)> = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(&(_, given)) = self.wires[node.0].get(*next) else {
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
                Mark::Open => self.circles.push(circle(&path, given.node, self.wires)),
            }
        }
    }
}

/// The wires along the path from `to` back to `to`.
fn circle(
    path: &[(NodeId, usize)],
    to: NodeId,
    wires: &[Vec<(ImportRef, ExportRef)>],
) -> Vec<(ImportRef, ExportRef)> {
    path.iter()
        .skip_while(|(node, _)| *node != to)
        .map(|(node, next)| wires[node.0][next - 1])
        .collect()
}
