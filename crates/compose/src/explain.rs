//! Says why two ends of an edge do not fit, in the terms of their WIT.

use std::collections::HashMap;
use std::rc::Rc;

use joggle_diag::source;
use joggle_relate::{Change, ChangeKind, ItemKind, PartKind, Place, Text, Words};
use miette::LabeledSpan;
use wit_component::DecodedWasm;
use wit_parser::{Function, InterfaceId, Resolve, WorldId, WorldItem};

use crate::error::{Facing, Mismatch, MismatchKind};
use crate::graph::{ExportRef, Graph, ImportRef};
use crate::input::Input;

/// Decodes the WIT of inputs, each at most once, and only when something is wrong.
pub(crate) struct Explainer<'a> {
    graph: &'a Graph,
    inputs: &'a [Input],
    decoded: HashMap<usize, Option<Rc<(Resolve, WorldId)>>>,
}

/// What a world has under a name.
enum Found<'a> {
    Interface(InterfaceId),
    Function(&'a Function),
}

impl<'a> Explainer<'a> {
    pub fn new(graph: &'a Graph, inputs: &'a [Input]) -> Explainer<'a> {
        Explainer { graph, inputs, decoded: HashMap::new() }
    }

    /// The differences between two ends, if their WIT shows any that matter.
    pub fn mismatch(&mut self, wanted: ImportRef, given: ExportRef) -> Option<Mismatch> {
        let consumer = self.wit(self.graph.node(wanted.node).input)?;
        let provider = self.wit(self.graph.node(given.node).input)?;
        let import = find(&consumer, &self.graph.import(wanted).name, Side::Imports)?;
        let export = find(&provider, &self.graph.export(given).name, Side::Exports)?;
        let changes = match (&import, &export) {
            (Found::Interface(import), Found::Interface(export)) => {
                joggle_relate::interfaces((&consumer.0, *import), (&provider.0, *export))
            }
            (Found::Function(import), Found::Function(export)) => {
                joggle_relate::functions((&consumer.0, import), (&provider.0, export))
            }
            (Found::Interface(_), Found::Function(_))
            | (Found::Function(_), Found::Interface(_)) => Vec::new(),
        };
        let breaking: Vec<Change> = changes
            .into_iter()
            .filter(|c| c.breaks() && !matches!(c.kind, ChangeKind::ResourceOwner { .. }))
            .collect();
        if breaking.is_empty() {
            return None;
        }
        let mut sides = Vec::new();
        sides.extend(self.side(
            "the consumer wants",
            wanted.node,
            &consumer,
            &import,
            |c| (c.wanted.as_ref(), c),
            &breaking,
        ));
        sides.extend(self.side(
            "the provider has",
            given.node,
            &provider,
            &export,
            |c| (c.given.as_ref(), c),
            &breaking,
        ));
        let lines: Vec<String> = breaking.iter().flat_map(lines).collect();
        Some(self.build(wanted, given, kind(&breaking), lines.join("\n"), sides))
    }

    /// A mismatch that the WIT does not show; the validator's words must do.
    pub fn unexplained(&self, wanted: ImportRef, given: ExportRef, words: &str) -> Mismatch {
        let findings = format!("  {}", plain(words));
        self.build(wanted, given, MismatchKind::Type, findings, Vec::new())
    }

    fn wit(&mut self, input: usize) -> Option<Rc<(Resolve, WorldId)>> {
        let bytes = &self.inputs.get(input)?.bytes;
        self.decoded
            .entry(input)
            .or_insert_with(|| match joggle_load::decode(bytes) {
                Some(DecodedWasm::Component(resolve, world)) => Some(Rc::new((resolve, world))),
                // A component of a shape that WIT cannot say is left to `unexplained`.
                Some(DecodedWasm::WitPackage(..)) | None => None,
            })
            .clone()
    }

    fn side<'c>(
        &self,
        role: &str,
        node: crate::graph::NodeId,
        wit: &(Resolve, WorldId),
        found: &Found<'_>,
        place: impl Fn(&'c Change) -> (Option<&'c Place>, &'c Change),
        changes: &'c [Change],
    ) -> Option<Facing> {
        let input = &self.inputs[self.graph.node(node).input];
        let text = match found {
            Found::Interface(id) => Text::of_interface(&wit.0, *id)?,
            Found::Function(_) => Text::of_world(&wit.0, wit.1)?,
        };
        let mut labels: Vec<LabeledSpan> = Vec::new();
        for (place, change) in changes.iter().map(place) {
            let Some(span) = place.and_then(|place| text.span(place)) else { continue };
            if labels.iter().all(|l| l.offset() != span.start) {
                let label = change.kind.describe(Words::Edge);
                labels.push(LabeledSpan::new(Some(label), span.start, span.len()));
            }
        }
        if labels.is_empty() {
            return None;
        }
        Some(Facing {
            role: format!("{role}:"),
            text: source(format!("{} (as WIT)", input.shown), text.text),
            labels,
        })
    }

    fn build(
        &self,
        wanted: ImportRef,
        given: ExportRef,
        kind: MismatchKind,
        findings: String,
        sides: Vec<Facing>,
    ) -> Mismatch {
        let consumer = &self.graph.node(wanted.node).name;
        let provider = &self.graph.node(given.node).name;
        let import = &self.graph.import(wanted).name;
        let export = &self.graph.export(given).name;
        let as_export =
            if import == export { String::new() } else { format!(", exported as `{export}`") };
        let headline = format!("`{consumer}` cannot take `{import}` from `{provider}`{as_export}:");
        let advice = format!(
            "rebuild `{consumer}` or `{provider}` so that both are made from one version of the \
             WIT,\nor leave the import to the host: --leave {consumer}:{import}\n(and take \
             `{provider}` out of the command, if nothing else needs it)"
        );
        Mismatch { kind, headline, findings, advice, sides }
    }
}

/// The kind of a mismatch: what all its differences have in common.
fn kind(changes: &[Change]) -> MismatchKind {
    let of = |change: &Change| match &change.kind {
        ChangeKind::Missing { item: ItemKind::Function, .. } => MismatchKind::Function,
        ChangeKind::Async { .. } => MismatchKind::Async,
        ChangeKind::Part { part: PartKind::Case | PartKind::Flag, .. } => MismatchKind::Cases,
        ChangeKind::Missing { .. }
        | ChangeKind::Added { .. }
        | ChangeKind::ItemKind { .. }
        | ChangeKind::Version { .. }
        | ChangeKind::FunctionKind { .. }
        | ChangeKind::ParameterCount { .. }
        | ChangeKind::ParametersReordered { .. }
        | ChangeKind::ParameterRenamed { .. }
        | ChangeKind::Result { .. }
        | ChangeKind::Part { .. }
        | ChangeKind::Type { .. }
        | ChangeKind::Handle { .. }
        | ChangeKind::ResourceOrValue { .. }
        | ChangeKind::ResourceOwner { .. }
        | ChangeKind::ResourceMoved { .. }
        | ChangeKind::TooDeep => MismatchKind::Type,
    };
    let first = changes.first().map_or(MismatchKind::Type, of);
    if changes.iter().all(|c| of(c) == first) { first } else { MismatchKind::Type }
}

fn lines(change: &Change) -> Vec<String> {
    let mut lines = vec![format!("  {}", change.describe(Words::Edge))];
    lines.extend(change.also_reached().map(|also| format!("    {also}")));
    lines
}

#[derive(Clone, Copy)]
enum Side {
    Imports,
    Exports,
}

fn find<'w>(wit: &'w (Resolve, WorldId), name: &str, side: Side) -> Option<Found<'w>> {
    let world = &wit.0.worlds[wit.1];
    let items = match side {
        Side::Imports => &world.imports,
        Side::Exports => &world.exports,
    };
    let (_, item) = items.iter().find(|(key, _)| wit.0.name_world_key(key) == name)?;
    match item {
        WorldItem::Interface { id, .. } => Some(Found::Interface(*id)),
        WorldItem::Function(function) => Some(Found::Function(function)),
        WorldItem::Type { .. } => None,
    }
}

/// The validator's words on one line, without its numbers for resources.
fn plain(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.find(" (ResourceId") {
        Some(at) => words[..at].to_owned(),
        None => words,
    }
}
