//! From the differences between two worlds to findings, one for each import or
//! export. What differs is found by `joggle_relate`; the words of the findings
//! stand in `misfit`.

use joggle_diag::{Source, closest, source};
use joggle_relate::name::{ExternName, InterfaceName};
use joggle_relate::{Change, ChangeKind, Item, Place, Scope, Step, Variance, Words};
use miette::LabeledSpan;
use wit_parser::{InterfaceId, World as WitWorld, WorldItem, WorldKey};

use crate::world::misfit::{Misfit, Mismatch, MissingExport, Side, Unoffered, UnofferedImports};
use crate::world::{Nature, World};

/// Differences in one import or export.
struct Group {
    variance: Variance,
    name: String,
    changes: Vec<Change>,
}

/// Everything that keeps `component` from fitting `world`; nothing if it fits.
///
/// A component may import less than the world offers, and export more than it wants.
#[must_use]
pub fn fit(component: &World, world: &World) -> Vec<Misfit> {
    let changes = joggle_relate::worlds(component.model(), world.model());
    let mut versions = Vec::new();
    let mut misfits = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for change in changes {
        if let ChangeKind::Version { wanted, given, .. } = &change.kind {
            versions.push((wanted.clone(), given.clone()));
        }
        if !change.breaks() {
            continue;
        }
        if let ChangeKind::Missing { item, name, instead } = &change.kind
            && is_entry(change.wanted.as_ref())
        {
            let item = item.to_string();
            misfits.push(unoffered(component, world, item, name, instead.as_deref()));
        } else if let ChangeKind::Added { item, name } = &change.kind
            && is_entry(change.given.as_ref())
        {
            misfits.push(missing(component, world, item.to_string(), name));
        } else {
            add(&mut groups, component, change);
        }
    }
    let both = groups.iter().map(|group| mismatch(component, world, group, &versions));
    misfits.extend(both);
    misfits
}

/// Whether a place is an import or export as a whole.
fn is_entry(place: Option<&Place>) -> bool {
    place.is_some_and(|place| matches!(place.item, Item::Entry(_)))
}

fn add(groups: &mut Vec<Group>, component: &World, change: Change) {
    let name = entry_of(component, &change);
    let same = |group: &&mut Group| group.variance == change.variance && group.name == name;
    match groups.iter_mut().find(same) {
        Some(group) => group.changes.push(change),
        None => groups.push(Group { variance: change.variance, name, changes: vec![change] }),
    }
}

/// The full name of the import or export that a difference lies in.
fn entry_of(component: &World, change: &Change) -> String {
    let (resolve, id) = component.model();
    if let Some(Place { item: Item::Entry(name), .. }) = &change.wanted {
        return name.clone();
    }
    let world = &resolve.worlds[id];
    let short = match change.path.0.as_slice() {
        [Step::Root(root), Step::Function(name) | Step::Type(name), ..] if *root == world.name => {
            return name.clone();
        }
        [Step::Root(root), ..] => root.as_str(),
        _ => return world.name.clone(),
    };
    let named = interfaces(world, change.variance).filter(|(key, id)| match key {
        WorldKey::Name(name) => name == short,
        WorldKey::Interface(_) => resolve.interfaces[*id].name.as_deref() == Some(short),
    });
    let named: Vec<(&WorldKey, InterfaceId)> = named.collect();
    // Two packages may have an interface of one name; the place tells them apart.
    let exact = named.iter().find(|(_, id)| {
        let package = resolve.interfaces[*id].package.map(|id| &resolve.packages[id].name);
        let place = change.wanted.as_ref().map(|place| &place.scope);
        matches!((place, package), (Some(Scope::Interface { package: p, name }), Some(package))
            if *p == package.to_string() && name == short)
    });
    match exact.or(named.first()) {
        Some((key, _)) => resolve.name_world_key(key),
        None => short.to_owned(),
    }
}

fn interfaces(
    world: &WitWorld,
    variance: Variance,
) -> impl Iterator<Item = (&WorldKey, InterfaceId)> {
    let items = match variance {
        Variance::Import => &world.imports,
        Variance::Export => &world.exports,
    };
    items.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((key, *id)),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    })
}

/// The names of a world's imports or exports.
fn names(world: &World, variance: Variance) -> Vec<String> {
    let (resolve, id) = world.model();
    let world = &resolve.worlds[id];
    let items = match variance {
        Variance::Import => &world.imports,
        Variance::Export => &world.exports,
    };
    items.keys().map(|key| resolve.name_world_key(key)).collect()
}

fn unoffered(
    component: &World,
    world: &World,
    item: String,
    name: &str,
    instead: Option<&str>,
) -> Misfit {
    let offered = names(world, Variance::Import);
    let near = instead.map(str::to_owned).or_else(|| like(name, &offered));
    let other_version = near.clone().filter(|near| same_base(name, near));
    let misspelt = near.is_some() && other_version.is_none();
    let shown = component.shown();
    let help = match near {
        Some(near) if same_base(name, &near) => format!(
            "the world offers `{near}`, whose version is not compatible: build `{shown}` against \
             that version"
        ),
        Some(near) => format!("the world offers `{near}`: is that what is meant?"),
        // Nobody writes a component that exports WASI just to be linked.
        None if name.starts_with("wasi:") => format!(
            "build `{shown}` without what needs it, often a part of the language's standard \
             library;\nor import it in the world too, if the host has it"
        ),
        None if component.nature == Nature::Component => format!(
            "link a component that has it: joggle compose {shown} PROVIDER.wasm -o fitted.wasm\n\
             or import it in the world, if the host has it"
        ),
        None => "take it out, or import it in the world too, if the host has it".to_owned(),
    };
    let (text, labels) = marked(component, name, "not offered by the world");
    Misfit::UnofferedImports(UnofferedImports {
        component: shown.to_owned(),
        world: world.phrase(),
        imports: vec![Unoffered { item, name: name.to_owned(), other_version }],
        alone: misspelt || !labels.is_empty(),
        help,
        text,
        labels,
    })
}

fn missing(component: &World, world: &World, item: String, name: &str) -> Misfit {
    let shown = component.shown();
    let exported = names(component, Variance::Export);
    let help = match like(name, &exported) {
        Some(near) if same_base(name, &near) => format!(
            "it exports `{near}`, whose version is not compatible: build it against `{name}`"
        ),
        Some(near) => format!("it exports `{near}`: is that what is meant?"),
        None if component.nature == Nature::Component => format!(
            "export it in the world that `{shown}` is built from, and implement it;\n\
             or link a component that exports it: \
             joggle compose {shown} PROVIDER.wasm --export {name} -o fitted.wasm"
        ),
        None => format!("add it to `{shown}`: export {name};"),
    };
    let (text, labels) = marked(world, name, "wanted here");
    Misfit::MissingExport(MissingExport {
        component: shown.to_owned(),
        world: world.phrase(),
        item,
        name: name.to_owned(),
        help,
        text,
        labels,
    })
}

/// The same interface in another version, or a name that is nearly this one.
fn like(name: &str, others: &[String]) -> Option<String> {
    if let Some(same) = others.iter().find(|other| same_base(name, other)) {
        return Some(same.clone());
    }
    let Some(wanted) = InterfaceName::parse(name) else {
        return closest(name, others.iter().map(String::as_str)).map(str::to_owned);
    };
    // Full names are all alike: one part must be the same, and the other nearly so.
    let parsed = others.iter().filter_map(|other| Some((other, InterfaceName::parse(other)?)));
    let parsed: Vec<(&String, InterfaceName<'_>)> = parsed.collect();
    let owner = |name: &InterfaceName<'_>| format!("{}:{}", name.namespace, name.package);
    let in_package = parsed.iter().filter(|(_, other)| owner(other) == owner(&wanted));
    let near = closest(wanted.interface, in_package.map(|(_, other)| other.interface));
    let found = match near {
        Some(near) => parsed
            .iter()
            .find(|(_, other)| other.interface == near && owner(other) == owner(&wanted)),
        None => parsed.iter().find(|(_, other)| {
            let near = closest(&owner(&wanted), [owner(other).as_str()]).is_some();
            near && other.interface == wanted.interface
        }),
    };
    found.map(|(name, _)| (*name).clone())
}

fn same_base(one: &str, other: &str) -> bool {
    ExternName::parse(one).base() == ExternName::parse(other).base()
}

/// The WIT of a world with one of its imports or exports marked.
fn marked(world: &World, name: &str, said: &str) -> (Option<Source>, Vec<LabeledSpan>) {
    let (resolve, id) = world.model();
    let of = &resolve.worlds[id];
    let mark = || {
        let package = resolve.packages[of.package?].name.to_string();
        let scope = Scope::World { package, name: of.name.clone() };
        let text = world.text()?;
        let span = text.span(&Place { scope, item: Item::Entry(name.to_owned()) })?;
        let label = LabeledSpan::new(Some(said.to_owned()), span.start, span.len());
        Some((source(&world.text_name, text.text.as_str()), label))
    };
    match mark() {
        Some((text, label)) => (Some(text), vec![label]),
        None => (None, Vec::new()),
    }
}

fn mismatch(
    component: &World,
    world: &World,
    group: &Group,
    versions: &[(String, String)],
) -> Misfit {
    let (shown, of, name) = (component.shown(), world.phrase(), &group.name);
    // The world may have it under another version.
    let theirs = versions.iter().find(|(ours, _)| ours == name).map(|(_, theirs)| theirs);
    let theirs = theirs.map(|theirs| format!(" (there `{theirs}`)")).unwrap_or_default();
    let (side, has) = match group.variance {
        Variance::Import => ("import", "has it"),
        Variance::Export => ("export", "wants it"),
    };
    let headline = format!("`{shown}` {side}s `{name}` otherwise than {of} {has}{theirs}:");
    let root = &component.resolve.worlds[component.id].name;
    let lines = group.changes.iter().flat_map(|change| {
        let change = without_root(change, root);
        let also = change.also_reached().map(|also| format!("    {also}"));
        [Some(format!("  {}", change.describe(Words::World))), also].into_iter().flatten()
    });
    let differences: Vec<String> = lines.collect();
    let sides = [
        facing("the component has:", component, &group.changes, |change| change.wanted.as_ref()),
        facing("the world has:", world, &group.changes, |change| change.given.as_ref()),
    ];
    Misfit::Mismatch(Mismatch {
        headline,
        differences: differences.join("\n"),
        place: format!("{side} {name}"),
        help: match (component.nature, world.nature) {
            (Nature::Component, Nature::Component | Nature::Wit) => {
                format!("build `{shown}` from the WIT that the world is made of")
            }
            (Nature::Component, Nature::Platform) => {
                format!("build `{shown}` from the WIT of WASI, unchanged")
            }
            (Nature::Wit | Nature::Platform, _) => {
                "take both from one version of the WIT".to_owned()
            }
        },
        sides: sides.into_iter().flatten().collect(),
    })
}

/// The same difference with a path that does not begin with the name of the
/// component's world: that name is made up, it says nothing.
fn without_root(change: &Change, root: &str) -> Change {
    let mut change = change.clone();
    if let [Step::Root(first), Step::Function(_) | Step::Type(_), ..] = change.path.0.as_slice()
        && first == root
    {
        change.path.0.remove(0);
        if let Some(within) = &mut change.within {
            within.depth = within.depth.saturating_sub(1);
        }
    }
    for also in &mut change.also {
        if let Some(rest) = also.strip_prefix(&format!("{root}.")) {
            *also = rest.to_owned();
        }
    }
    change
}

fn facing<'c>(
    role: &str,
    world: &World,
    changes: &'c [Change],
    place: impl Fn(&'c Change) -> Option<&'c Place>,
) -> Option<Side> {
    let text = world.text()?;
    let mut labels: Vec<LabeledSpan> = Vec::new();
    for change in changes {
        let Some(span) = place(change).and_then(|place| text.span(place)) else { continue };
        if labels.iter().all(|label| label.offset() != span.start) {
            let said = change.kind.describe(Words::World);
            labels.push(LabeledSpan::new(Some(said), span.start, span.len()));
        }
    }
    (!labels.is_empty()).then(|| Side {
        role: role.to_owned(),
        text: source(&world.text_name, text.text.as_str()),
        labels,
    })
}
