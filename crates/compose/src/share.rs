//! Imports that stay the host's: those of one name and semver track become one
//! import of the result, under the highest version, if their types agree.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use joggle_relate::name::{ExternName, same_track};
use wasmparser::component_types::{ComponentEntityType, ResourceId};

use crate::encode::{Entry, entries};
use crate::error::{ImportConflict, Problem, ResourceOwners};
use crate::exports::OuterExport;
use crate::fit::Fit;
use crate::graph::{Graph, ImportRef, Item, NodeId, Used, Verdict};
use crate::resources::{Identity, Pair, pairs};
use crate::walk::{mentions_unnamed, named};

/// An import of the result.
pub(crate) struct HostImport {
    /// Its name: the highest version that is asked for.
    pub name: String,
    /// The imports it stands for; never empty.
    pub members: Vec<ImportRef>,
    /// The member that asks for the highest version.
    pub highest: ImportRef,
    /// For an instance: the union of what the members ask for.
    pub entries: IndexMap<String, Entry>,
    /// Nothing but types: the host supplies nothing.
    pub types_only: bool,
    /// Another import of the same track that this one could not be merged with.
    pub apart_from: Option<String>,
    /// Positions of the imports whose types it uses.
    uses: Vec<usize>,
}

/// Imports of types alone that must stay imports, because an open import or an
/// export of the result mentions their types.
pub(crate) fn staying(graph: &Graph, exports: &[OuterExport]) -> HashSet<ImportRef> {
    let mut stay: HashSet<ImportRef> = HashSet::new();
    let mut next: Vec<ImportRef> = Vec::new();
    for export in exports {
        let node = export.at.node;
        for used in &graph.node(node).export_uses[export.at.export] {
            if let Used::Import(import) = *used {
                let at = ImportRef { node, import };
                if matches!(graph.verdict(at), Verdict::TypesOnly)
                    && !names_inner_resource(graph, at)
                {
                    next.push(at);
                }
            }
        }
    }
    for at in graph.imports() {
        if matches!(graph.verdict(at), Verdict::Host) {
            next.extend(used_types(graph, at));
        }
    }
    while let Some(at) = next.pop() {
        if stay.insert(at) {
            next.extend(used_types(graph, at));
        }
    }
    stay
}

/// Imports of types alone that an import uses, wired or not.
fn used_types(graph: &Graph, at: ImportRef) -> Vec<ImportRef> {
    graph.node(at.node).import_uses[at.import]
        .iter()
        .map(|import| ImportRef { node: at.node, import: *import })
        .filter(|used| {
            graph.import(*used).types_only
                && !matches!(graph.verdict(*used), Verdict::Host)
                && !names_inner_resource(graph, *used)
        })
        .collect()
}

/// Whether an import of types alone names a resource that is provided inside.
fn names_inner_resource(graph: &Graph, at: ImportRef) -> bool {
    graph.node(at.node).import_ties[at.import].iter().any(|import| {
        let tied = ImportRef { node: at.node, import: *import };
        matches!(graph.verdict(tied), Verdict::Wired { .. })
    })
}

/// Merges the open imports. `identity` knows the edges already and learns what merging makes one.
pub(crate) fn share(
    graph: &Graph,
    taking_part: &[NodeId],
    stay: &HashSet<ImportRef>,
    identity: &mut Identity,
) -> (Vec<HostImport>, Vec<Problem>) {
    let mut sharing = Sharing {
        graph,
        identity,
        imports: Vec::new(),
        by_base: IndexMap::new(),
        settled: HashSet::new(),
        position: HashMap::new(),
        problems: Vec::new(),
    };
    // A component imports an interface after those whose types it uses: in this
    // order it is known which resources are the same.
    for at in graph.imports() {
        let open = stay.contains(&at) || matches!(graph.verdict(at), Verdict::Host);
        if open && taking_part.binary_search(&at.node).is_ok() {
            sharing.refuse_inside(at, stay);
            sharing.attach(at);
            let item = graph.import(at).ty;
            let named = pairs(graph.types.as_ref(), item, item);
            sharing.settled.extend(named.iter().map(|pair| pair.wanted));
        }
    }
    sharing.finish()
}

struct Sharing<'a> {
    graph: &'a Graph,
    identity: &'a mut Identity,
    imports: Vec<HostImport>,
    /// Positions in `imports` by name without version.
    by_base: IndexMap<String, Vec<usize>>,
    /// Resources that were met before: their identity is settled.
    settled: HashSet<ResourceId>,
    /// Where in `imports` an import went.
    position: HashMap<ImportRef, usize>,
    problems: Vec<Problem>,
}

impl Sharing<'_> {
    /// The host cannot provide what uses a resource that is provided inside.
    fn refuse_inside(&mut self, at: ImportRef, stay: &HashSet<ImportRef>) {
        let node = self.graph.node(at.node);
        let unnamed = self.needs_names(at);
        for import in &node.import_uses[at.import] {
            let used = ImportRef { node: at.node, import: *import };
            let tied = unnamed || node.import_ties[at.import].contains(import);
            if let Verdict::Wired { provider, .. } = *self.graph.verdict(used)
                && !stay.contains(&used)
                && tied
            {
                self.problems.push(host_needs_inside(self.graph, at, used, provider).into());
            }
        }
    }

    /// Whether an import mentions types that neither it nor an import attached before names.
    fn needs_names(&self, at: ImportRef) -> bool {
        let types = self.graph.types.as_ref();
        let mut names = HashSet::new();
        let used = self.graph.node(at.node).import_uses[at.import].iter();
        let used = used.map(|&import| ImportRef { node: at.node, import });
        let attached = used.filter(|used| self.position.contains_key(used));
        for import in attached.chain([at]) {
            named(types, self.graph.import(import).ty, &mut names);
        }
        mentions_unnamed(types, self.graph.import(at).ty, &names)
    }

    fn attach(&mut self, at: ImportRef) {
        let item = self.graph.import(at);
        let base = item.parsed.base().to_owned();
        let groups = self.by_base.get(&base).cloned().unwrap_or_default();
        let mut apart_from = None;
        for group in groups {
            if !on_one_track(self.graph, &self.imports[group], at) {
                continue;
            }
            if self.merge(group, at) {
                self.position.insert(at, group);
                return;
            }
            apart_from = Some(self.imports[group].name.clone());
        }
        let entries =
            entries(self.graph.types.as_ref(), item.ty).into_iter().map(|e| (e.name.clone(), e));
        let uses = self.uses(at);
        self.position.insert(at, self.imports.len());
        self.by_base.entry(base).or_default().push(self.imports.len());
        self.imports.push(HostImport {
            name: item.name.clone(),
            members: vec![at],
            highest: at,
            entries: entries.collect(),
            types_only: item.types_only,
            apart_from,
            uses,
        });
    }

    /// Where the imports went whose types an import uses.
    fn uses(&self, at: ImportRef) -> Vec<usize> {
        let node = at.node;
        let used = self.graph.node(node).import_uses[at.import].iter();
        used.filter_map(|&import| self.position.get(&ImportRef { node, import }).copied()).collect()
    }

    /// Whether the import at one position uses types of that at another, however indirectly.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![from];
        let mut next = 0;
        while let Some(&at) = seen.get(next) {
            if at == to {
                return true;
            }
            for used in &self.imports[at].uses {
                if !seen.contains(used) {
                    seen.push(*used);
                }
            }
            next += 1;
        }
        false
    }

    /// Adds an import to a group if every item that both have is of one type, and
    /// if the group would not come to need itself.
    fn merge(&mut self, group: usize, at: ImportRef) -> bool {
        let uses = self.uses(at);
        if uses.iter().any(|used| self.reaches(*used, group)) {
            return false;
        }
        let types = self.graph.types.as_ref();
        let item = self.graph.import(at);
        let group = &mut self.imports[group];
        let first = self.graph.import(group.members[0]);
        if std::mem::discriminant(&first.ty) != std::mem::discriminant(&item.ty)
            || !implement_alike(first, item)
        {
            return false;
        }
        let both: Vec<(ComponentEntityType, ComponentEntityType)> = match item.ty {
            ComponentEntityType::Instance(_) => entries(types, item.ty)
                .iter()
                .filter_map(|entry| Some((entry.ty, group.entries.get(&entry.name)?.ty)))
                .collect(),
            ComponentEntityType::Func(_)
            | ComponentEntityType::Type { .. }
            | ComponentEntityType::Module(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => vec![(item.ty, first.ty)],
        };
        let alike: Vec<Pair> = both.iter().flat_map(|(a, b)| pairs(types, *a, *b)).collect();
        let mut tried = Identity::default();
        std::mem::swap(&mut tried, self.identity);
        let mark = tried.len();
        // A resource that is only used here belongs to another interface, which
        // decided whether it is the same.
        let own: Vec<Pair> =
            alike.iter().filter(|p| !self.settled.contains(&p.wanted)).cloned().collect();
        tried.learn(&own);
        let same = tried.conflict(&alike).is_none()
            && both.iter().all(|(a, b)| Fit::between(types, &tried, *a, *b).same(*a, *b));
        if !same {
            tried.forget(mark);
        }
        std::mem::swap(&mut tried, self.identity);
        if same {
            add_member(self.graph, group, at);
            group.uses.extend(uses);
        }
        same
    }

    fn finish(mut self) -> (Vec<HostImport>, Vec<Problem>) {
        // Names that differ only in case count as one.
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, import) in self.imports.iter().enumerate() {
            if let Some(other) = by_name.insert(import.name.to_ascii_lowercase(), at) {
                let other = &self.imports[other];
                self.problems.push(conflict(self.graph, other, import).into());
            }
        }
        (in_order(self.imports), self.problems)
    }
}

/// Sorts imports by name, each after those whose types it uses: a later member
/// may have brought uses along that an earlier one did not have.
fn in_order(imports: Vec<HostImport>) -> Vec<HostImport> {
    let uses: Vec<Vec<usize>> = imports.iter().map(|import| import.uses.clone()).collect();
    let mut starts: Vec<usize> = (0..imports.len()).collect();
    starts.sort_by(|a, b| imports[*a].name.cmp(&imports[*b].name));
    let mut rest: Vec<Option<HostImport>> = imports.into_iter().map(Some).collect();
    let mut open = vec![false; rest.len()];
    let mut ordered = Vec::new();
    for start in starts {
        // Depth first; merging never lets an import come to need itself.
        let mut path = Vec::new();
        if !std::mem::replace(&mut open[start], true) {
            path.push((start, 0));
        }
        while let Some((at, next)) = path.last_mut() {
            if let Some(&used) = uses[*at].get(*next) {
                *next += 1;
                if !std::mem::replace(&mut open[used], true) {
                    path.push((used, 0));
                }
            } else {
                ordered.extend(rest[*at].take());
                path.pop();
            }
        }
    }
    ordered
}

fn add_member(graph: &Graph, group: &mut HostImport, at: ImportRef) {
    let item = graph.import(at);
    for entry in entries(graph.types.as_ref(), item.ty) {
        match group.entries.get_mut(&entry.name) {
            Some(known) => known.twins.push(entry.ty),
            None => {
                group.entries.insert(entry.name.clone(), entry);
            }
        }
    }
    let highest = graph.import(group.highest);
    if (item.parsed.version(), implemented(item)) > (highest.parsed.version(), implemented(highest))
    {
        group.name.clone_from(&item.name);
        group.highest = at;
    }
    group.types_only &= item.types_only;
    group.members.push(at);
}

/// Whether two items implement the same interface, in versions of one track, or none.
fn implement_alike(one: &Item, other: &Item) -> bool {
    match (implemented(one), implemented(other)) {
        (None, None) => true,
        (Some(one), Some(other)) => one.matches(&other).is_some(),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn implemented(item: &Item) -> Option<ExternName> {
    item.implements.as_deref().map(ExternName::parse)
}

fn on_one_track(graph: &Graph, group: &HostImport, at: ImportRef) -> bool {
    let versions =
        (graph.import(group.members[0]).parsed.version(), graph.import(at).parsed.version());
    match versions {
        (None, None) => true,
        (Some(a), Some(b)) => same_track(a, b),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn conflict(graph: &Graph, one: &HostImport, other: &HostImport) -> ImportConflict {
    let node = |import: &HostImport| graph.node(import.members[0].node).name.clone();
    let types = graph.types.as_ref();
    let differing: Vec<String> = other
        .entries
        .values()
        .filter(|entry| {
            one.entries.get(&entry.name).is_some_and(|known| {
                let nothing = Identity::default();
                !Fit::between(types, &nothing, known.ty, entry.ty).same(known.ty, entry.ty)
            })
        })
        .map(|entry| format!("\n  `{}` differs", entry.name))
        .collect();
    ImportConflict {
        first: node(one),
        second: node(other),
        name: one.name.clone(),
        findings: differing.concat(),
    }
}

/// An interface of the host uses a resource that is provided inside.
fn host_needs_inside(
    graph: &Graph,
    at: ImportRef,
    used: ImportRef,
    provider: crate::graph::ExportRef,
) -> ResourceOwners {
    let consumer = &graph.node(at.node).name;
    let (interface, tied) = (&graph.import(at).name, &graph.import(used).name);
    let inside = &graph.node(provider.node).name;
    ResourceOwners {
        message: format!(
            "`{consumer}` cannot take `{interface}` from the host: it uses types of `{tied}`, \
             which `{inside}` provides inside"
        ),
        advice: format!(
            "`{tied}` and `{interface}` are tied by these types and must come from one provider:\n\
             add a component that exports both, or leave both to the host: --leave {consumer}:{tied}"
        ),
    }
}
