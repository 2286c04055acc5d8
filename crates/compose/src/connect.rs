//! Satisfies imports: by the user's links, then by exact name, then within a
//! semver track, then through `implements`; among several of one name, by type.
//!
//! A wire that is made here may still turn out not to fit: that is `check`'s
//! question, and its answer explains more than "no candidate" could.

use joggle_relate::name::{ExternName, Match};

use crate::choose::Chosen;
use crate::error::{Ambiguous, Problem};
use crate::fit::Fit;
use crate::graph::{ExportRef, Graph, ImportRef, NodeId, Reason, Verdict};
use crate::resources::{Identity, pairs};

/// Gives every import a verdict.
pub(crate) fn connect(graph: &mut Graph, chosen: &Chosen) -> Vec<Problem> {
    let mut open: Vec<(ImportRef, Vec<ExportRef>, Reason)> = Vec::new();
    for at in graph.imports() {
        if chosen.left.contains(&at) {
            graph.set(at, host_or_types(graph, at));
        } else if let Some(provider) = chosen.links.get(&at) {
            graph.set(at, Verdict::Wired { provider: *provider, reason: Reason::Link });
        } else {
            match candidates(graph, at) {
                Some((found, reason)) => open.push((at, found, reason)),
                None => graph.set(at, host_or_types(graph, at)),
            }
        }
    }
    let (soft, hard): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|(at, ..)| graph.import(*at).types_only);
    let problems = settle(graph, hard);
    for (at, found, reason) in soft {
        settle_types_only(graph, at, &found, reason);
    }
    problems
}

fn host_or_types(graph: &Graph, at: ImportRef) -> Verdict {
    if graph.import(at).types_only { Verdict::TypesOnly } else { Verdict::Host }
}

/// The exports of other nodes that match an import by name, of the best kind of match there is.
fn candidates(graph: &Graph, at: ImportRef) -> Option<(Vec<ExportRef>, Reason)> {
    let mut by_reason: [Vec<ExportRef>; 3] = Default::default();
    for node in graph.ids().filter(|node| *node != at.node) {
        for (rank, found) in by_reason.iter_mut().enumerate() {
            found.extend(best_export(graph, at, node, rank));
        }
    }
    let reasons = [Reason::Exact, Reason::Track, Reason::Implements];
    by_reason.into_iter().zip(reasons).find(|(found, _)| !found.is_empty())
}

/// A node may export several versions of one track: the newest is offered.
fn best_export(graph: &Graph, at: ImportRef, node: NodeId, rank: usize) -> Option<ExportRef> {
    let import = graph.import(at);
    (0..graph.node(node).exports.len())
        .map(|export| ExportRef { node, export })
        .filter(|e| {
            let export = graph.export(*e);
            if std::mem::discriminant(&export.ty) != std::mem::discriminant(&import.ty) {
                return false;
            }
            match rank {
                0 => import.parsed.matches(&export.parsed) == Some(Match::Exact),
                1 => import.parsed.matches(&export.parsed) == Some(Match::Track),
                _ => implements(import, export),
            }
        })
        .max_by(|a, b| {
            let version = |e: &ExportRef| graph.export(*e).parsed.version().cloned();
            version(a).cmp(&version(b))
        })
}

fn implements(import: &crate::graph::Item, export: &crate::graph::Item) -> bool {
    let interface = |item: &crate::graph::Item| match &item.implements {
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
    for (wanted, given) in graph.wires() {
        identity.learn(&resource_pairs(graph, wanted, given));
    }
    loop {
        let before = open.len();
        open.retain(|(at, found, reason)| {
            let Some((provider, rest)) = undisputed(graph, &identity, *at, found) else {
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
        .map(|(at, found, _)| Problem::from(Ambiguous::new(graph, at, &found)))
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
    identity: &Identity,
    at: ImportRef,
    found: &[ExportRef],
) -> Option<(ExportRef, Vec<ExportRef>)> {
    if let [only] = found {
        return Some((*only, Vec::new()));
    }
    let fitting: Vec<ExportRef> =
        found.iter().copied().filter(|given| fits(graph, identity, at, *given)).collect();
    match fitting[..] {
        [only] => Some((only, found.iter().copied().filter(|f| *f != only).collect())),
        _ => None,
    }
}

/// Whether an edge would fit, given what is known about resources so far.
fn fits(graph: &Graph, identity: &Identity, at: ImportRef, given: ExportRef) -> bool {
    let pairs = resource_pairs(graph, at, given);
    let mut tried = identity.clone();
    tried.learn(&pairs);
    tried.conflict(&pairs).is_none()
        && Fit::between(graph.types.as_ref(), &tried, graph.export(given).ty, graph.import(at).ty)
            .check(graph.export(given).ty, graph.import(at).ty)
            .is_ok()
}

/// An import of types alone is wired if that joins it to a provider without
/// closing a cycle; it can also be satisfied inside, so nothing here is an error.
fn settle_types_only(graph: &mut Graph, at: ImportRef, found: &[ExportRef], reason: Reason) {
    let nothing = Identity::default();
    let usable: Vec<ExportRef> = found
        .iter()
        .copied()
        .filter(|given| found.len() == 1 || fits(graph, &nothing, at, *given))
        .filter(|given| !reaches(graph, given.node, at.node))
        .collect();
    let provides_more = |given: &&ExportRef| {
        graph.wires().iter().any(|(w, g)| w.node == at.node && g.node == given.node)
    };
    let provider = usable.iter().find(provides_more).or(usable.first()).copied();
    let verdict = match provider {
        Some(provider) => Verdict::Wired { provider, reason },
        None => Verdict::TypesOnly,
    };
    graph.set(at, verdict);
}

/// Whether `from` needs `to`, directly or through others.
fn reaches(graph: &Graph, from: NodeId, to: NodeId) -> bool {
    let wires = graph.wires();
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(&node) = seen.get(next) {
        if node == to {
            return true;
        }
        for (wanted, given) in &wires {
            if wanted.node == node && !seen.contains(&given.node) {
                seen.push(given.node);
            }
        }
        next += 1;
    }
    false
}
