//! Whether exports can have the names that they are to have.

use joggle_relate::name::ExternName;
use std::collections::HashSet;

use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::names::ComponentName;

use super::OuterExport;
use crate::error::{BadExport, Problem};
use crate::graph::{ExportRef, Graph, Item};

/// What is wrong with names: they are not names, are those of another kind of
/// thing, or separate a resource from its members.
pub(super) fn problems(
    graph: &Graph,
    chosen: &[OuterExport],
    hidden: &HashSet<ExportRef>,
) -> Vec<Problem> {
    let renamed = chosen.iter().filter(|e| e.name != graph.export(e.at).name);
    let mut problems: Vec<Problem> =
        renamed.filter_map(|export| bad_name(graph, export)).map(Problem::from).collect();
    problems.extend(hidden.iter().filter_map(|at| left_alone(graph, *at, chosen)));
    problems.sort_by_key(ToString::to_string);
    problems
}

fn bad_name(graph: &Graph, export: &OuterExport) -> Option<BadExport> {
    let item = graph.export(export.at);
    let bad = |reason: &str, advice| {
        let (export, name) = (item.name.clone(), export.name.clone());
        Some(BadExport { export, name, reason: reason.to_owned(), advice })
    };
    let interface = matches!(ExternName::parse(&export.name), ExternName::Interface { .. });
    let instance = matches!(item.ty, ComponentEntityType::Instance(_));
    if ComponentName::new(&export.name, 0).is_err() {
        return bad(
            "that is not a name of the component model",
            "names are words of lower-case letters and digits joined by `-`, as in \
             `run-fast`,\nor those of interfaces, as in `my-team:my-app/api@1.0.0`",
        );
    }
    if interface && !instance {
        return bad(
            "that is the name of an interface, which a function or type is not",
            "take a plain name, such as `run-fast`",
        );
    }
    if item.name.starts_with('[') || is_resource(item) {
        return bad(
            "a resource and its members are found by their names",
            "leave the name as it is",
        );
    }
    None
}

/// A resource of the world cannot be hidden while its members are exported.
fn left_alone(graph: &Graph, hidden: ExportRef, chosen: &[OuterExport]) -> Option<Problem> {
    let item = graph.export(hidden);
    if !is_resource(item) {
        return None;
    }
    let member = chosen.iter().find(|export| {
        export.at.node == hidden.node && resource_of(&export.name) == Some(&item.name)
    })?;
    let bad = BadExport {
        export: member.name.clone(),
        name: member.name.clone(),
        reason: format!("its resource `{}` is hidden", item.name),
        advice: "hide the resource together with its constructor, methods and static functions",
    };
    Some(bad.into())
}

/// `r` of `[constructor]r`, `[method]r.f` and the like.
fn resource_of(name: &str) -> Option<&str> {
    let member = name.strip_prefix('[')?.split_once(']')?.1;
    Some(member.split_once('.').map_or(member, |(resource, _)| resource))
}

fn is_resource(item: &Item) -> bool {
    matches!(item.created(), Some(ComponentAnyTypeId::Resource(_)))
}
