//! The editable graph: nodes are instances of inputs, and each import of each
//! node has a verdict. Nodes are in the order of their names, which says nothing
//! about instantiation; that order is the plan's.

use indexmap::IndexMap;
use joggle_relate::name::ExternName;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::types::Types;

/// An instance of an input, numbered by name. Says nothing about the order of instantiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub usize);

/// An import or export of a component.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub name: String,
    pub parsed: ExternName,
    pub ty: ComponentEntityType,
    /// The interface that a plainly named instance implements.
    pub implements: Option<String>,
    pub version_suffix: Option<String>,
    pub external_id: Option<String>,
    /// It holds types alone, none of them a resource that it introduces: a host supplies nothing.
    pub types_only: bool,
}

/// One instance of one input.
pub(crate) struct Node {
    pub name: String,
    /// Index of its input.
    pub input: usize,
    pub imports: Vec<Item>,
    pub exports: Vec<Item>,
    /// For each import, those other imports whose types it mentions.
    pub import_uses: Vec<Vec<usize>>,
    /// For each import, those other imports whose resources it mentions.
    pub import_ties: Vec<Vec<usize>>,
    /// For each export, the imports and exports whose types it mentions.
    pub export_uses: Vec<Vec<Used>>,
}

/// Where an export's types come from, besides itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    Import(usize),
    Export(usize),
}

/// An import of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ImportRef {
    pub node: NodeId,
    pub import: usize,
}

/// An export of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ExportRef {
    pub node: NodeId,
    pub export: usize,
}

/// Why an export was matched with an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The names are the same.
    Exact,
    /// The names differ in version, within one semver track.
    Track,
    /// One side's name is a label that implements the other side's interface.
    Implements,
    /// The user said so.
    Link,
}

/// What became of an import.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Not looked at yet.
    Unknown,
    /// An export of another node provides it.
    Wired { provider: ExportRef, reason: Reason },
    /// The host is to provide it.
    Host,
    /// It holds only types. Whether it stays an import is settled with the exports.
    TypesOnly,
}

/// Everything that is known about the composition so far.
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    pub verdicts: Vec<Vec<Verdict>>,
    /// Candidates of the right name that were passed over because their types differ.
    pub passed_over: IndexMap<ImportRef, Vec<ExportRef>>,
    /// The types of all nodes, in one list: types of different nodes can be compared.
    pub types: Types,
}

impl Graph {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    pub fn import(&self, at: ImportRef) -> &Item {
        &self.nodes[at.node.0].imports[at.import]
    }

    pub fn export(&self, at: ExportRef) -> &Item {
        &self.nodes[at.node.0].exports[at.export]
    }

    pub fn verdict(&self, at: ImportRef) -> &Verdict {
        &self.verdicts[at.node.0][at.import]
    }

    pub fn set(&mut self, at: ImportRef, verdict: Verdict) {
        self.verdicts[at.node.0][at.import] = verdict;
    }

    /// All imports of all nodes, in the order of the nodes.
    pub fn imports(&self) -> Vec<ImportRef> {
        self.ids()
            .flat_map(|node| {
                (0..self.node(node).imports.len()).map(move |import| ImportRef { node, import })
            })
            .collect()
    }

    /// All edges, in the order of their consumers.
    pub fn edges(&self) -> Vec<(ImportRef, ExportRef)> {
        self.imports()
            .into_iter()
            .filter_map(|at| match *self.verdict(at) {
                Verdict::Wired { provider, .. } => Some((at, provider)),
                Verdict::Unknown | Verdict::Host | Verdict::TypesOnly => None,
            })
            .collect()
    }

    /// `node:import`, as options spell it.
    pub fn spell_import(&self, at: ImportRef) -> String {
        format!("{}:{}", self.node(at.node).name, self.import(at).name)
    }

    /// `node:export`, as options spell it.
    pub fn spell_export(&self, at: ExportRef) -> String {
        format!("{}:{}", self.node(at.node).name, self.export(at).name)
    }
}

impl Item {
    /// The item's type where it is a type: what was referred to and what was created.
    pub fn created(&self) -> Option<ComponentAnyTypeId> {
        match self.ty {
            ComponentEntityType::Type { created, .. } => Some(created),
            ComponentEntityType::Module(_)
            | ComponentEntityType::Func(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Instance(_)
            | ComponentEntityType::Component(_) => None,
        }
    }
}
