//! Satisfies imports: by the user's links, then by exact name, then within a
//! semver track, then through `implements`; among several of one name, by type.
//!
//! A edge that is made here may still turn out not to fit: that is `check`'s
//! question, and its answer explains more than "no candidate" could.

use std::collections::HashMap;

use joggle_relate::name::{ExternName, Match};

use crate::choose::Chosen;
use crate::error::{Ambiguous, Problem};
use crate::fit::Fit;
use crate::graph::{ExportRef, Graph, ImportRef, Item, NodeId, Reason, Verdict};
use crate::resources::{Identity, pairs};

/// Gives every import a verdict.
pub(crate) fn connect(graph: &mut Graph, chosen: &Chosen) -> Vec<Problem> {
    let offers = Offers::of(graph);
    let mut open: Vec<(ImportRef, Vec<ExportRef>, Reason)> = Vec::new();
    for at in graph.imports() {
        if chosen.left.contains(&at) {
            graph.set(at, host_or_types(graph, at));
        } else if let Some(provider) = chosen.links.get(&at) {
            graph.set(at, Verdict::Wired { provider: *provider, reason: Reason::Link });
        } else {
            match candidates(graph, &offers, at) {
                Some((found, reason)) => open.push((at, found, reason)),
                None => graph.set(at, host_or_types(graph, at)),
            }
        }
    }
    let (soft, hard): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|(at, ..)| graph.import(*at).types_only);
    let problems = settle(graph, hard);
    let mut needs = Needs::of(graph);
    for (at, found, reason) in soft {
        settle_types_only(graph, &mut needs, at, &found, reason);
    }
    problems
}

fn host_or_types(graph: &Graph, at: ImportRef) -> Verdict {
    if graph.import(at).types_only { Verdict::TypesOnly } else { Verdict::Host }
}

/// Exports of all nodes by name without version: their own, and the one they implement.
pub(crate) struct Offers(HashMap<String, Vec<ExportRef>>);

impl Offers {
    pub fn of(graph: &Graph) -> Offers {
        let mut offers: HashMap<String, Vec<ExportRef>> = HashMap::new();
        for node in graph.ids() {
            for (export, item) in graph.node(node).exports.iter().enumerate() {
                for base in bases(item) {
                    offers.entry(base).or_default().push(ExportRef { node, export });
                }
            }
        }
        Offers(offers)
    }

    /// Exports of other nodes that share a name with an import, in the order of the nodes.
    pub fn to(&self, graph: &Graph, at: ImportRef) -> Vec<ExportRef> {
        let bases = bases(graph.import(at));
        let mut found: Vec<ExportRef> =
            bases.iter().filter_map(|base| self.0.get(base)).flatten().copied().collect();
        found.retain(|given| given.node != at.node);
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn bases(item: &Item) -> Vec<String> {
    let implemented = item.implements.as_deref().map(ExternName::parse);
    let names = std::iter::once(&item.parsed).chain(&implemented);
    names.map(|name| name.base().to_owned()).collect()
}

/// The exports of other nodes that match an import by name, of the best kind of match there is.
fn candidates(graph: &Graph, offers: &Offers, at: ImportRef) -> Option<(Vec<ExportRef>, Reason)> {
    let import = graph.import(at);
    let offers = offers.to(graph, at);
    let is = |given: &ExportRef, reason: Reason| {
        let export = graph.export(*given);
        std::mem::discriminant(&export.ty) == std::mem::discriminant(&import.ty)
            && match reason {
                Reason::Exact => import.parsed.matches(&export.parsed) == Some(Match::Exact),
                Reason::Track => import.parsed.matches(&export.parsed) == Some(Match::Track),
                Reason::Implements => implements(import, export),
                Reason::Link => false,
            }
    };
    [Reason::Exact, Reason::Track, Reason::Implements].into_iter().find_map(|reason| {
        let mut found: Vec<ExportRef> =
            offers.iter().copied().filter(|given| is(given, reason)).collect();
        found.sort_by(|a, b| newest_first(graph, *a, *b));
        (!found.is_empty()).then_some((found, reason))
    })
}

/// A node may export several versions of one track: the newest comes first.
fn newest_first(graph: &Graph, a: ExportRef, b: ExportRef) -> std::cmp::Ordering {
    let version = |given: ExportRef| graph.export(given).parsed.version();
    a.node.cmp(&b.node).then(version(b).cmp(&version(a))).then(a.cmp(&b))
}

/// Of several versions that one node offers, only the newest; two exports of one
/// version stay two.
fn newest_of_each(graph: &Graph, found: &[ExportRef]) -> Vec<ExportRef> {
    let version = |given: ExportRef| graph.export(given).parsed.version();
    let newest = |given: &ExportRef| {
        let first = found.iter().find(|other| other.node == given.node);
        first.is_none_or(|first| version(*first) == version(*given))
    };
    found.iter().copied().filter(newest).collect()
}

fn implements(import: &Item, export: &Item) -> bool {
    let interface = |item: &Item| match &item.implements {
        Some(name) => ExternName::parse(name),
        None => item.parsed.clone(),
    };
    (import.implements.is_some() || export.implements.is_some())
        && interface(import).matches(&interface(export)).is_some()
}

/// Decides between candidates, the undisputed imports first: what they settle
/// about resources decides between the candidates of others.
fn settle(graph: &mut Graph, mut open: Vec<(ImportRef, Vec<ExportRef>, Reason)>) -> Vec<Problem> {
    let mut identity = Identity::default();
    for (wanted, given) in graph.edges() {
        identity.learn(&resource_pairs(graph, wanted, given));
    }
    loop {
        let before = open.len();
        open.retain(|(at, found, reason)| {
            let Some((provider, rest)) = undisputed(graph, &mut identity, *at, found) else {
                return true;
            };
            identity.learn(&resource_pairs(graph, *at, provider));
            graph.set(*at, Verdict::Wired { provider, reason: *reason });
            if !rest.is_empty() {
                graph.passed_over.insert(*at, rest);
            }
            false
        });
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    open.into_iter()
        .map(|(at, found, _)| {
            Problem::from(Ambiguous::new(graph, at, &newest_of_each(graph, &found)))
        })
        .collect()
}

fn resource_pairs(
    graph: &Graph,
    wanted: ImportRef,
    given: ExportRef,
) -> Vec<crate::resources::Pair> {
    pairs(graph.types.as_ref(), graph.import(wanted).ty, graph.export(given).ty)
}

/// The one candidate that can be meant, and those that were passed over.
fn undisputed(
    graph: &Graph,
    identity: &mut Identity,
    at: ImportRef,
    found: &[ExportRef],
) -> Option<(ExportRef, Vec<ExportRef>)> {
    if let [only] = found {
        return Some((*only, Vec::new()));
    }
    let fitting: Vec<ExportRef> =
        found.iter().copied().filter(|given| fits(graph, identity, at, *given)).collect();
    // What fits nowhere is a mismatch with the first rather than a choice between failures.
    let choice = if fitting.is_empty() && !may_fit_later(graph, at) { found } else { &fitting };
    match newest_of_each(graph, choice)[..] {
        [only] => Some((only, passed_over(graph, only, found, &fitting))),
        [first, ..] if fitting.is_empty() => Some((first, Vec::new())),
        _ => None,
    }
}

/// Whether what is still to be learnt about resources can make a type fit.
fn may_fit_later(graph: &Graph, at: ImportRef) -> bool {
    let node = graph.node(at.node);
    node.import_ties[at.import].iter().any(|import| {
        let tied = ImportRef { node: at.node, import: *import };
        matches!(graph.verdict(tied), Verdict::Unknown)
    })
}

/// Candidates whose types are not those that are asked for.
fn passed_over(
    graph: &Graph,
    chosen: ExportRef,
    found: &[ExportRef],
    fitting: &[ExportRef],
) -> Vec<ExportRef> {
    let unfit = |given: &&ExportRef| !fitting.contains(given) && **given != chosen;
    let newest = newest_of_each(graph, found);
    newest.iter().filter(unfit).copied().collect()
}

/// Whether an edge would fit, given what is known about resources so far.
fn fits(graph: &Graph, identity: &mut Identity, at: ImportRef, given: ExportRef) -> bool {
    let pairs = resource_pairs(graph, at, given);
    let before = identity.len();
    identity.learn(&pairs);
    let fits = identity.conflict(&pairs).is_none()
        && Fit::between(
            graph.types.as_ref(),
            identity,
            graph.export(given).ty,
            graph.import(at).ty,
        )
        .check(graph.export(given).ty, graph.import(at).ty)
        .is_ok();
    identity.forget(before);
    fits
}

/// An import of types alone is wired if that joins it to a provider without
/// closing a cycle; it can also be satisfied inside, so nothing here is an error.
fn settle_types_only(
    graph: &mut Graph,
    needs: &mut Needs,
    at: ImportRef,
    found: &[ExportRef],
    reason: Reason,
) {
    let mut nothing = Identity::default();
    let usable: Vec<ExportRef> = found
        .iter()
        .copied()
        .filter(|given| found.len() == 1 || fits(graph, &mut nothing, at, *given))
        .filter(|given| !needs.reach(given.node, at.node))
        .collect();
    let provides_more = |given: &&ExportRef| needs.0[at.node.0].contains(&given.node);
    let provider = usable.iter().find(provides_more).or(usable.first()).copied();
    let verdict = match provider {
        Some(provider) => {
            needs.0[at.node.0].push(provider.node);
            Verdict::Wired { provider, reason }
        }
        None => Verdict::TypesOnly,
    };
    graph.set(at, verdict);
}

/// For each node, those it is wired to.
struct Needs(Vec<Vec<NodeId>>);

impl Needs {
    fn of(graph: &Graph) -> Needs {
        let mut needs = vec![Vec::new(); graph.nodes.len()];
        for (wanted, given) in graph.edges() {
            needs[wanted.node.0].push(given.node);
        }
        Needs(needs)
    }

    /// Whether `from` needs `to`, directly or through others.
    fn reach(&self, from: NodeId, to: NodeId) -> bool {
        let mut seen = vec![false; self.0.len()];
        let mut next = vec![from];
        while let Some(node) = next.pop() {
            if node == to {
                return true;
            }
            if !std::mem::replace(&mut seen[node.0], true) {
                next.extend(&self.0[node.0]);
            }
        }
        false
    }
}
