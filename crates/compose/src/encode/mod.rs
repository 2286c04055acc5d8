//! The plan becomes a component: what the host provides is imported, each
//! input is embedded once, instances are made in order and the chosen exports
//! are passed on.

mod sections;
mod types;
mod writer;

use std::collections::HashMap;

use indexmap::IndexMap;
use wasm_encoder::{ComponentExportKind, ComponentExternName, ComponentTypeRef, NameMap};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};

pub(crate) use sections::hex;
pub(crate) use types::{Entry, entries};
pub(crate) use writer::Piece;

use crate::error::{Problem, ResultInvalid, TooLarge, Unsupported};
use crate::exports::OuterExport;
use crate::graph::{ExportRef, Graph, ImportRef, Item, NodeId, Verdict};
use crate::input::Input;
use crate::order::Order;
use crate::resources::Identity;
use crate::share::HostImport;
use types::{Inexpressible, Seen, TypeEncoder};

/// The largest component that readers accept inside of another: 1 GiB.
const LARGEST: u32 = 1 << 30;

/// Everything that is settled about a composition.
pub(crate) struct Plan<'a> {
    pub graph: &'a Graph,
    pub inputs: &'a [Input],
    pub digests: &'a [[u8; 32]],
    pub identity: &'a Identity,
    pub order: &'a Order,
    pub imports: &'a [HostImport],
    pub exports: &'a [OuterExport],
}

/// Encodes the plan. The pieces are not validated here.
pub(crate) fn encode(plan: &Plan<'_>) -> Result<Vec<Piece>, Problem> {
    let types = plan.graph.types.as_ref();
    let encoder = TypeEncoder::new(types, plan.identity, same_types(plan.graph));
    let mut encoding = Encoding {
        plan,
        encoder,
        hosted: HashMap::new(),
        components: HashMap::new(),
        instances: IndexMap::new(),
        aliases: HashMap::new(),
        names: Names::default(),
    };
    for import in plan.imports {
        encoding.import(import)?;
    }
    encoding.embed()?;
    for (_, node) in plan.order.steps() {
        encoding.instantiate(node)?;
    }
    for export in plan.exports {
        encoding.export(export);
    }
    Ok(encoding.finish())
}

/// Across each edge, the consumer's names for types are the provider's.
fn same_types(graph: &Graph) -> HashMap<ComponentAnyTypeId, ComponentAnyTypeId> {
    let mut same = HashMap::new();
    for (wanted, given) in graph.edges() {
        collect_same(graph, graph.import(wanted).ty, graph.export(given).ty, &mut same);
    }
    same
}

fn collect_same(
    graph: &Graph,
    wanted: ComponentEntityType,
    given: ComponentEntityType,
    same: &mut HashMap<ComponentAnyTypeId, ComponentAnyTypeId>,
) {
    if let (
        ComponentEntityType::Type { created: wanted, .. },
        ComponentEntityType::Type { created: given, .. },
    ) = (wanted, given)
    {
        same.insert(wanted, given);
    }
    let given: IndexMap<String, ComponentEntityType> =
        entries(graph.types.as_ref(), given).into_iter().map(|e| (e.name, e.ty)).collect();
    for entry in entries(graph.types.as_ref(), wanted) {
        if let Some(given) = given.get(&entry.name) {
            collect_same(graph, entry.ty, *given, same);
        }
    }
}

#[derive(Default)]
struct Names {
    components: NameMap,
    instances: NameMap,
}

struct Encoding<'a, 'p> {
    plan: &'p Plan<'a>,
    encoder: TypeEncoder<'a>,
    /// What an import of a node is in the result, where the host provides it.
    hosted: HashMap<ImportRef, (ComponentExportKind, u32)>,
    /// Embedded components by digest: equal inputs are embedded once.
    components: HashMap<[u8; 32], u32>,
    instances: IndexMap<NodeId, u32>,
    aliases: HashMap<ExportRef, u32>,
    names: Names,
}

impl Encoding<'_, '_> {
    fn import(&mut self, import: &HostImport) -> Result<(), Problem> {
        let first = import.members[0];
        let item = self.plan.graph.import(first);
        let inexpressible = |_: Inexpressible| unsupported(self.plan.graph, first);
        let ty = match item.ty {
            ComponentEntityType::Instance(_) => {
                let entries: Vec<&Entry> = import.entries.values().collect();
                let ty = self.encoder.instance(&entries).map_err(inexpressible)?;
                ComponentTypeRef::Instance(ty)
            }
            ComponentEntityType::Func(id) => {
                ComponentTypeRef::Func(self.encoder.function(id).map_err(inexpressible)?)
            }
            ComponentEntityType::Type { created, referenced } => {
                let bounds = self.encoder.bounds(created, referenced).map_err(inexpressible)?;
                ComponentTypeRef::Type(bounds)
            }
            ComponentEntityType::Module(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => return Err(unsupported(self.plan.graph, first)),
        };
        let highest = self.plan.graph.import(import.highest);
        let index = self.encoder.writer.import(extern_name(highest, &import.name), ty);
        for member in &import.members {
            let member_ty = self.plan.graph.import(*member).ty;
            match member_ty {
                ComponentEntityType::Instance(_) => {
                    self.encoder.note_instance(index, member_ty, Seen::Outside);
                }
                ComponentEntityType::Type { created, .. } => self.encoder.note_type(created, index),
                ComponentEntityType::Module(_)
                | ComponentEntityType::Func(_)
                | ComponentEntityType::Value(_)
                | ComponentEntityType::Component(_) => {}
            }
            self.hosted.insert(*member, (ty.kind(), index));
        }
        if matches!(ty, ComponentTypeRef::Instance(_)) {
            self.names.instances.append(index, &import.name);
        }
        Ok(())
    }

    /// Embeds every input that takes part, equal ones once, in the order of their names.
    fn embed(&mut self) -> Result<(), Problem> {
        let mut nodes: Vec<NodeId> = self.plan.order.steps().map(|(_, node)| node).collect();
        nodes.sort_unstable();
        for node in nodes {
            let input = self.plan.graph.node(node).input;
            let digest = self.plan.digests[input];
            if self.components.contains_key(&digest) {
                continue;
            }
            let bytes = &self.plan.inputs[input];
            let size = u32::try_from(bytes.bytes.len()).ok().filter(|size| *size <= LARGEST);
            let size = size.ok_or_else(|| TooLarge {
                reason: format!("`{}` is larger than 1 GiB", bytes.shown),
            })?;
            let index = self.encoder.writer.component(input, size);
            self.names.components.append(index, &bytes.name);
            self.components.insert(digest, index);
        }
        Ok(())
    }

    fn instantiate(&mut self, node: NodeId) -> Result<(), Problem> {
        let plan = self.plan;
        let data = plan.graph.node(node);
        let mut args = Vec::new();
        for (import, item) in data.imports.iter().enumerate() {
            let (kind, index) = self.argument(ImportRef { node, import })?;
            args.push((item.name.as_str(), kind, index));
        }
        let component = self.components[&plan.digests[data.input]];
        let instance = self.encoder.writer.instantiate(component, args);
        self.names.instances.append(instance, &data.name);
        self.instances.insert(node, instance);
        Ok(())
    }

    /// What is passed for an import.
    fn argument(&mut self, at: ImportRef) -> Result<(ComponentExportKind, u32), Problem> {
        if let Some(hosted) = self.hosted.get(&at) {
            return Ok(*hosted);
        }
        match *self.plan.graph.verdict(at) {
            Verdict::Wired { provider, .. } => {
                Ok((kind_of(self.plan.graph.export(provider)), self.alias(provider)))
            }
            Verdict::TypesOnly => self
                .types_inside(self.plan.graph.import(at).ty)
                .map_err(|_| unsupported(self.plan.graph, at)),
            Verdict::Host | Verdict::Unknown => {
                let reason = format!("`{}` has no provider", self.plan.graph.spell_import(at));
                Err(ResultInvalid { reason }.into())
            }
        }
    }

    /// Makes what an import of types alone asks for.
    fn types_inside(
        &mut self,
        ty: ComponentEntityType,
    ) -> Result<(ComponentExportKind, u32), Inexpressible> {
        if let ComponentEntityType::Type { created, .. } = ty {
            return Ok((ComponentExportKind::Type, self.encoder.any(created)?));
        }
        let mut items = Vec::new();
        for entry in entries(self.plan.graph.types.as_ref(), ty) {
            let (kind, index) = self.types_inside(entry.ty)?;
            items.push((entry.name, kind, index));
        }
        let index = self.encoder.writer.bundle(&items);
        self.encoder.note_instance(index, ty, Seen::Inside);
        Ok((ComponentExportKind::Instance, index))
    }

    /// An export of a node as an item of the result, made once.
    fn alias(&mut self, at: ExportRef) -> u32 {
        if let Some(index) = self.aliases.get(&at) {
            return *index;
        }
        let item = self.plan.graph.export(at);
        // Steps are in order: the instance is there.
        let instance = self.instances.get(&at.node).copied().unwrap_or(u32::MAX);
        let index = self.encoder.writer.alias(instance, kind_of(item), &item.name);
        if let Some(created) = item.created() {
            self.encoder.note_type(created, index);
        }
        self.encoder.note_instance(index, item.ty, Seen::Inside);
        self.aliases.insert(at, index);
        index
    }

    fn export(&mut self, export: &OuterExport) {
        let item = self.plan.graph.export(export.at);
        let index = self.alias(export.at);
        let types = self.plan.graph.types.as_ref();
        // With its type spelled out the export refers to the result's own names
        // for types; what cannot be spelled is exported as it is.
        let ty = match item.ty {
            ComponentEntityType::Instance(_) => {
                let entries = entries(types, item.ty);
                let entries: Vec<&Entry> = entries.iter().collect();
                self.encoder.instance(&entries).ok().map(ComponentTypeRef::Instance)
            }
            ComponentEntityType::Func(id) => {
                self.encoder.function(id).ok().map(ComponentTypeRef::Func)
            }
            ComponentEntityType::Type { .. }
            | ComponentEntityType::Module(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => None,
        };
        let name = extern_name(item, &export.name);
        let exported = self.encoder.writer.export(name, kind_of(item), index, ty);
        match item.created() {
            Some(created) => self.encoder.note_type(created, exported),
            None => self.encoder.note_instance(exported, item.ty, Seen::Outside),
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        let writer = &mut self.encoder.writer;
        sections::names(writer, &self.names.components, &self.names.instances);
        sections::producers(writer);
        let mut inputs: Vec<usize> =
            self.plan.order.steps().map(|(_, node)| self.plan.graph.node(node).input).collect();
        inputs.sort_unstable();
        inputs.dedup();
        sections::provenance(writer, self.plan.inputs, self.plan.digests, &inputs);
        self.encoder.writer.finish()
    }
}

/// An item's name in the result, with what the item carries beside its name.
fn extern_name<'n>(item: &'n Item, name: &'n str) -> ComponentExternName<'n> {
    ComponentExternName {
        name: name.into(),
        // An interface's own name says what it is.
        implements: item.implements.as_deref().filter(|_| !name.contains(':')).map(Into::into),
        version_suffix: item
            .version_suffix
            .as_deref()
            .filter(|_| name == item.name)
            .map(Into::into),
        external_id: item.external_id.as_deref().map(Into::into),
    }
}

fn kind_of(item: &Item) -> ComponentExportKind {
    match item.ty {
        ComponentEntityType::Module(_) => ComponentExportKind::Module,
        ComponentEntityType::Func(_) => ComponentExportKind::Func,
        ComponentEntityType::Value(_) => ComponentExportKind::Value,
        ComponentEntityType::Type { .. } => ComponentExportKind::Type,
        ComponentEntityType::Instance(_) => ComponentExportKind::Instance,
        ComponentEntityType::Component(_) => ComponentExportKind::Component,
    }
}

fn unsupported(graph: &Graph, at: ImportRef) -> Problem {
    Unsupported {
        consumer: graph.node(at.node).name.clone(),
        import: graph.import(at).name.clone(),
        kind: "an instance with a core module, component or value",
    }
    .into()
}
