//! Draws up the report from what the passes settled.

use std::collections::HashMap;

use joggle_relate::name::ExternName;
use wasmparser::component_types::ComponentEntityType;

use crate::encode::hex;
use crate::exports::{Because, OuterExport, sources};
use crate::graph::{Graph, ImportRef, NodeId, Reason, Verdict};
use crate::input::Input;
use crate::report::{
    ExportReport, ImportReport, InstanceReport, Matched, Outcome, Report, VerdictReport,
};
use crate::share::HostImport;

/// What the report is drawn up from.
pub(crate) struct Facts<'a> {
    pub graph: &'a Graph,
    pub inputs: &'a [Input],
    pub digests: &'a [[u8; 32]],
    pub taking_part: &'a [NodeId],
    pub left_out: &'a [NodeId],
    pub imports: &'a [HostImport],
    pub exports: &'a [OuterExport],
    pub size: u64,
}

pub(crate) fn report(facts: &Facts<'_>) -> Report {
    let graph = facts.graph;
    let name = |node: &NodeId| graph.node(*node).name.clone();
    Report {
        schema_version: 1,
        instances: facts.taking_part.iter().map(|node| instance(facts, *node)).collect(),
        verdicts: verdicts(facts),
        imports: facts
            .imports
            .iter()
            .map(|import| {
                let mut needed_by: Vec<String> =
                    import.members.iter().map(|at| name(&at.node)).collect();
                needed_by.dedup();
                ImportReport { name: import.name.clone(), needed_by, types_only: import.types_only }
            })
            .collect(),
        exports: facts
            .exports
            .iter()
            .map(|export| ExportReport {
                name: export.name.clone(),
                from: name(&export.at.node),
                export: graph.export(export.at).name.clone(),
                used_by: match &export.because {
                    Because::UsedBy(by) => Some(by.clone()),
                    Because::Root | Because::Chosen => None,
                },
            })
            .collect(),
        left_out: facts.left_out.iter().map(name).collect(),
        notes: notes(facts),
        size: facts.size,
    }
}

fn instance(facts: &Facts<'_>, node: NodeId) -> InstanceReport {
    let node = facts.graph.node(node);
    let input = &facts.inputs[node.input];
    InstanceReport {
        name: node.name.clone(),
        file: input.file_name.clone(),
        size: input.bytes.len(),
        sha256: hex(&facts.digests[node.input]),
    }
}

fn verdicts(facts: &Facts<'_>) -> Vec<VerdictReport> {
    let graph = facts.graph;
    let taking_part = |at: &ImportRef| facts.left_out.binary_search(&at.node).is_err();
    let hosted: HashMap<ImportRef, &HostImport> =
        facts.imports.iter().flat_map(|i| i.members.iter().map(move |at| (*at, i))).collect();
    graph
        .imports()
        .into_iter()
        .filter(taking_part)
        .map(|at| VerdictReport {
            consumer: graph.node(at.node).name.clone(),
            import: graph.import(at).name.clone(),
            outcome: outcome(facts, &hosted, at),
        })
        .collect()
}

fn outcome(facts: &Facts<'_>, hosted: &HashMap<ImportRef, &HostImport>, at: ImportRef) -> Outcome {
    let graph = facts.graph;
    if let Some(import) = hosted.get(&at) {
        let name = import.name.clone();
        return if import.types_only {
            Outcome::TypesKept { name }
        } else {
            Outcome::Host { name }
        };
    }
    match *graph.verdict(at) {
        Verdict::Wired { provider, reason } => Outcome::Wired {
            provider: graph.node(provider.node).name.clone(),
            export: graph.export(provider).name.clone(),
            matched: match reason {
                Reason::Exact => Matched::Exact,
                Reason::Track => Matched::Track,
                Reason::Implements => Matched::Implements,
                Reason::Link => Matched::Link,
            },
        },
        Verdict::Host | Verdict::TypesOnly | Verdict::Unknown => Outcome::TypesOnly,
    }
}

fn notes(facts: &Facts<'_>) -> Vec<String> {
    let graph = facts.graph;
    let mut notes = Vec::new();
    for (at, passed) in &graph.passed_over {
        for other in passed {
            notes.push(format!(
                "`{}` also exports `{}`, but it does not fit what `{}` imports",
                graph.node(other.node).name,
                graph.export(*other).name,
                graph.node(at.node).name,
            ));
        }
    }
    for import in facts.imports {
        if let Some(other) = &import.apart_from {
            notes.push(format!(
                "`{}` and `{other}` stay two imports: they are of one version track, but their \
                 types cannot be merged",
                import.name
            ));
        }
    }
    for export in facts.exports {
        let plain = matches!(ExternName::parse(&export.name), ExternName::Label(_));
        let interface = matches!(graph.export(export.at).parsed, ExternName::Interface { .. });
        let user = facts.exports.iter().find(|user| {
            user.at != export.at && sources(graph, user.at).any(|used| used == export.at)
        });
        if let Some(user) = user.filter(|_| plain && interface) {
            notes.push(format!(
                "`{}` uses types of `{}`, which has a plain name now: WIT cannot say that, and \
                 tools that read WIT may refuse the result; keep an interface's name",
                user.name, export.name
            ));
        }
        if export.because == Because::Root
            && let Some(packager) = left_by_packager(graph, export)
        {
            notes.push(format!(
                "`{}` is an internal export that {packager} leaves behind; hide it: --hide {}",
                export.name, export.name
            ));
        }
    }
    notes
}

/// The packager that leaves an export behind which nobody outside can want.
fn left_by_packager(graph: &Graph, export: &OuterExport) -> Option<&'static str> {
    let item = graph.export(export.at);
    let (instance, function) = match item.ty {
        ComponentEntityType::Instance(_) => (true, false),
        ComponentEntityType::Func(_) => (false, true),
        ComponentEntityType::Module(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Component(_)
        | ComponentEntityType::Type { .. } => (false, false),
    };
    match item.name.as_str() {
        "exports" if instance => Some("componentize-py"),
        "init" if function => Some("a QuickJS or Python packager"),
        _ => None,
    }
}
