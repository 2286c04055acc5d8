//! Prints what stands after a pass, for people who want to see how a result
//! comes about, and draws the finished graph for other tools.

use std::fmt::Write;

use serde_json::json;

use crate::exports::OuterExport;
use crate::graph::{Graph, Verdict};
use crate::order::Order;
use crate::report::{Outcome, Report};
use crate::share::HostImport;

/// A pass after which one can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Every import has a provider that fits, is the host's, or holds only types.
    Connect,
    /// Instances are in order.
    Order,
    /// Imports and exports of the result are settled.
    Share,
    /// The result is encoded: its WAT without what is embedded.
    Encode,
}

pub(crate) fn connected(graph: &Graph) -> String {
    let mut text = String::new();
    for at in graph.imports() {
        let to = match *graph.verdict(at) {
            Verdict::Wired { provider, .. } => graph.spell_export(provider),
            Verdict::Host => "host".to_owned(),
            Verdict::TypesOnly => "types only".to_owned(),
            Verdict::Unknown => "nobody".to_owned(),
        };
        line(&mut text, &format!("{} <- {to}", graph.spell_import(at)));
    }
    text
}

pub(crate) fn ordered(graph: &Graph, order: &Order) -> String {
    let mut text = String::new();
    for (step, node) in order.steps() {
        line(&mut text, &format!("{}: {}", step.0, graph.node(node).name));
    }
    text
}

pub(crate) fn shared(graph: &Graph, imports: &[HostImport], exports: &[OuterExport]) -> String {
    let mut text = String::new();
    for import in imports {
        let members: Vec<String> =
            import.members.iter().map(|at| graph.spell_import(*at)).collect();
        line(&mut text, &format!("import {} for {}", import.name, members.join(", ")));
    }
    for export in exports {
        line(&mut text, &format!("export {} = {}", export.name, graph.spell_export(export.at)));
    }
    text
}

/// The result as WAT, its embedded modules and long bodies left out.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut config = wasmprinter::Config::new();
    config.print_skeleton(true);
    match config.print(bytes, &mut wasmprinter::PrintFmtWrite(&mut text)) {
        Ok(()) => text,
        Err(error) => format!(";; not printable: {error}\n"),
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

/// A format in which other tools draw graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Nodes and edges as JSON.
    Json,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
}

impl Picture {
    /// The format that a file's extension asks for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Picture> {
        match extension {
            "json" => Some(Picture::Json),
            "dot" | "gv" => Some(Picture::Dot),
            "mmd" | "mermaid" => Some(Picture::Mermaid),
            _ => None,
        }
    }

    /// Draws a composition: instances, the host, and what flows between them.
    #[must_use]
    pub fn draw(self, report: &Report) -> String {
        let edges = edges(report);
        match self {
            Picture::Json => json_of(report, &edges),
            Picture::Dot => dot(report, &edges),
            Picture::Mermaid => mermaid(report, &edges),
        }
    }
}

/// From provider to consumer, with the name of what is provided.
struct Edge {
    from: String,
    to: String,
    label: String,
}

const HOST: &str = "(host)";
const RESULT: &str = "(exports)";

fn edges(report: &Report) -> Vec<Edge> {
    let mut edges = Vec::new();
    for verdict in &report.verdicts {
        let from = match &verdict.outcome {
            Outcome::Wired { provider, .. } => provider.clone(),
            Outcome::Host { .. } => HOST.to_owned(),
            Outcome::TypesOnly | Outcome::TypesKept { .. } => continue,
        };
        let (to, label) = (verdict.consumer.clone(), verdict.import.clone());
        edges.push(Edge { from, to, label });
    }
    for export in &report.exports {
        let (from, label) = (export.from.clone(), export.name.clone());
        edges.push(Edge { from, to: RESULT.to_owned(), label });
    }
    edges
}

fn json_of(report: &Report, edges: &[Edge]) -> String {
    let nodes: Vec<_> =
        report.instances.iter().map(|i| json!({"name": i.name, "file": i.file})).collect();
    let edges: Vec<_> = edges
        .iter()
        .map(|e| json!({"provider": e.from, "consumer": e.to, "name": e.label}))
        .collect();
    let graph = json!({"schema_version": 1, "nodes": nodes, "edges": edges});
    format!("{graph:#}\n")
}

fn dot(report: &Report, edges: &[Edge]) -> String {
    let quote = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = String::from("digraph composition {\n  rankdir=RL;\n  node [shape=box];\n");
    for special in [HOST, RESULT] {
        line(&mut text, &format!("  {} [shape=plaintext];", quote(special)));
    }
    for instance in &report.instances {
        line(&mut text, &format!("  {};", quote(&instance.name)));
    }
    for Edge { from, to, label } in edges {
        line(&mut text, &format!("  {} -> {} [label={}];", quote(from), quote(to), quote(label)));
    }
    text.push_str("}\n");
    text
}

fn mermaid(report: &Report, edges: &[Edge]) -> String {
    let quote = |name: &str| name.replace('"', "#quot;");
    let mut names = vec![HOST, RESULT];
    names.extend(report.instances.iter().map(|i| i.name.as_str()));
    let id = |name: &str| {
        let at = names.iter().position(|n| *n == name).unwrap_or_default();
        format!("n{at}")
    };
    let mut text = String::from("flowchart RL\n");
    for name in &names {
        line(&mut text, &format!("  {}[\"{}\"]", id(name), quote(name)));
    }
    for Edge { from, to, label } in edges {
        line(&mut text, &format!("  {} -- \"{}\" --> {}", id(from), quote(label), id(to)));
    }
    text
}
