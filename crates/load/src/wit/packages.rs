//! Packages, versions and foreign interfaces that are not there: says which
//! version to write, and what an interface is called in the other WASI.

use std::ops::Range;

use joggle_diag::{closest, quoted_list};
use wit_parser::PackageName;

use crate::bundle;
use crate::wit::finding::Finding;
use crate::wit::problem::ProblemKind;
use crate::wit::text::Edit;
use crate::wit::tokens::{View, is_word};

/// A package that could be used: of the bundle, of `deps`, or nested.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Its name.
    pub name: PackageName,
    /// Its interfaces and worlds.
    pub items: Vec<String>,
}

/// A package that is not there by the name and version asked for.
pub(crate) fn not_found(
    view: &View<'_>,
    span: Range<usize>,
    requested: &PackageName,
    known: &[Known],
) -> Finding {
    let path = Path::at(view, span);
    let same: Vec<&Known> = known
        .iter()
        .filter(|k| k.name.namespace == requested.namespace && k.name.name == requested.name)
        .collect();
    if same.is_empty() {
        return unknown(view, &path, requested, known);
    }
    match &requested.version {
        None => unversioned(view, &path, requested, &same),
        Some(_) => unknown_version(view, &path, requested, &same),
    }
}

/// `namespace:package/item@version` as written.
struct Path<'a> {
    index: usize,
    item: &'a str,
    /// After the item, where a version goes.
    end: usize,
    /// The `@` and the version.
    version: Option<Range<usize>>,
    whole: Range<usize>,
}

impl<'a> Path<'a> {
    fn at(view: &View<'a>, span: Range<usize>) -> Path<'a> {
        let index = view.at(span.start);
        let mut last = index + 2;
        let item = if view.word(index + 3) == "/" {
            last = index + 4;
            view.word(index + 4)
        } else {
            ""
        };
        let end = view.span(last).end;
        let mut after = last + 1;
        let mut version = None;
        if view.word(after) == "@" {
            let start = view.span(after).start;
            after += 1;
            // The parts of a version touch each other; `.{` after it does not belong.
            while after < view.tokens.len()
                && view.span(after).start == view.end_before(after)
                && !matches!(view.word(after), ";" | "{")
                && !(view.word(after) == "." && view.word(after + 1) == "{")
            {
                after += 1;
            }
            version = Some(start..view.end_before(after));
        }
        let whole = view.span(index).start..version.as_ref().map_or(end, |v| v.end);
        Path { index, item, end, version, whole }
    }
}

fn full(name: &PackageName, item: &str) -> String {
    if item.is_empty() { name.to_string() } else { name.interface_id(item) }
}

/// The version to use: one that has the item, an older WASI before a newer one.
fn best<'a>(same: &[&'a Known], item: &str) -> Option<&'a Known> {
    same.iter().find(|k| k.items.iter().any(|i| i == item)).or(same.last()).copied()
}

fn unversioned(
    view: &View<'_>,
    path: &Path<'_>,
    requested: &PackageName,
    same: &[&Known],
) -> Finding {
    let base = Finding::new(ProblemKind::UnversionedPackage, format!("`{requested}` is versioned"))
        .label(path.whole.clone(), "no version is given");
    let wanted = wanted_types(view, path.index);
    let complete = same.iter().find(|k| {
        let version = k.name.version.as_ref().map(ToString::to_string).unwrap_or_default();
        bundle::versions(&k.name.namespace, &k.name.name).any(|bundled| {
            let types = bundled.types(path.item);
            bundled.version == version && wanted.iter().all(|name| types.contains(name))
        })
    });
    let complete = complete.copied().filter(|_| !wanted.is_empty());
    let Some(best) = complete.or_else(|| best(same, path.item)) else {
        return base.without_statement(view, path.index);
    };
    let version = best.name.version.as_ref().map(|v| format!("@{v}")).unwrap_or_default();
    let mut help = format!("write `{}`", full(&best.name, path.item));
    if let Some(other) = in_wasi_03(best, path.item) {
        help = format!("{help}; in WASI 0.3 this is `{other}`");
    }
    if !best.items.iter().any(|i| i == path.item) {
        help = format!(
            "write a version, as in `{}`; the interfaces there are {}",
            full(&best.name, best.items.first().map_or("", String::as_str)),
            quoted_list(best.items.iter().map(String::as_str))
        );
    }
    base.help(help).edit(Edit::insert(path.end, version))
}

/// The types that the `use` around a token asks for, by their names there.
fn wanted_types<'a>(view: &View<'a>, index: usize) -> Vec<&'a str> {
    let statement = view.statement(index);
    if !statement.clone().any(|i| view.word(i) == "use") {
        return Vec::new();
    }
    let names = statement.skip_while(|&i| view.word(i) != "{").skip(1);
    names
        .take_while(|&i| view.word(i) != "}")
        .filter(|&i| is_word(view.word(i)) && view.word(i) != "as" && view.before(i) != "as")
        .map(|i| view.word(i))
        .collect()
}

/// What an interface of the bundled 0.2 is called in 0.3.
fn in_wasi_03(known: &Known, item: &str) -> Option<String> {
    let is_02 = known.name.namespace == "wasi"
        && known.name.version.as_ref().is_some_and(|v| v.major == 0 && v.minor == 2);
    let (newest, name) = bundle::successor(&known.name.name, item).filter(|_| is_02)?;
    Some(format!("wasi:{}/{name}@{}", newest.package, newest.version))
}

fn unknown_version(
    view: &View<'_>,
    path: &Path<'_>,
    requested: &PackageName,
    same: &[&Known],
) -> Finding {
    let package = format!("{}:{}", requested.namespace, requested.name);
    let track =
        |name: &PackageName| name.version.as_ref().map(|v| PackageName::version_compat_track(v).0);
    let compatible = same.iter().find(|k| track(&k.name) == track(requested));
    let chosen = compatible.copied().or_else(|| best(same, path.item));
    let at = path.version.clone().unwrap_or_else(|| path.whole.clone());
    let finding = Finding::new(
        ProblemKind::UnknownVersion,
        format!("`{requested}` is not there, but another version of `{package}` is"),
    )
    .label(at.clone(), "not this version");
    let Some(chosen) = chosen else {
        return finding.without_statement(view, path.index);
    };
    let versions: Vec<String> =
        same.iter().filter_map(|k| Some(k.name.version.as_ref()?.to_string())).collect();
    let version = chosen.name.version.as_ref().map(|v| format!("@{v}")).unwrap_or_default();
    let mut help = format!("write `{}`", full(&chosen.name, path.item));
    if compatible.is_some() {
        help.push_str(", which is compatible");
    } else if version.is_empty() {
        help.push_str(", without a version");
    }
    if versions.len() > 1 {
        let listed = quoted_list(versions.iter().map(String::as_str));
        help = format!("{help} (there are {listed})");
    }
    help = format!("{help}, or put the WIT of `{requested}` into the folder `deps`");
    finding.help(help).edit(Edit::replace(at, version))
}

fn unknown(view: &View<'_>, path: &Path<'_>, requested: &PackageName, known: &[Known]) -> Finding {
    // The namespace is right or wrong as a whole; a name is misspelt by letters.
    let mut names: Vec<&str> = known
        .iter()
        .filter(|k| k.name.namespace == requested.namespace)
        .map(|k| k.name.name.as_str())
        .collect();
    names.sort_unstable();
    let near =
        closest(&requested.name, names).map(|name| format!("{}:{name}", requested.namespace));
    let near = near.or_else(|| {
        let same = known.iter().find(|k| k.name.name == requested.name)?;
        Some(format!("{}:{}", same.name.namespace, same.name.name))
    });
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "put its WIT into the folder `deps` beside this package, as `deps/{}/*.wit` or \
             `deps/{}.wit`, and name the folder of the package",
            requested.name, requested.name
        ),
    };
    Finding::new(ProblemKind::UnknownPackage, format!("there is no package `{requested}`"))
        .label(path.whole.clone(), "not found")
        .help(help)
        .without_statement(view, path.index)
}

/// A package that is there, but without this interface or world.
pub(crate) fn no_such_item(
    view: &View<'_>,
    span: Range<usize>,
    what: &str,
    requested: &str,
    package: &PackageName,
    known: &[Known],
) -> Finding {
    let index = view.at(span.start);
    let items: Vec<&str> = known
        .iter()
        .filter(|k| k.name == *package)
        .flat_map(|k| k.items.iter().map(String::as_str))
        .collect();
    let finding = Finding::new(
        ProblemKind::UndefinedInterface,
        format!("`{package}` has no {what} `{requested}`"),
    )
    .label(view.span(index), "not there");
    let minor = package.version.as_ref().filter(|v| v.major == 0).map(|v| v.minor);
    let moved = match (package.namespace.as_str(), minor) {
        ("wasi", Some(3)) => bundle::successor(&package.name, requested),
        ("wasi", Some(2)) => bundle::predecessor(&package.name, requested),
        _ => None,
    };
    let help = if items.contains(&requested) {
        format!(
            "it is there, but not as a {what}: a world is included, an interface imported or exported"
        )
    } else if let Some((bundled, name)) = moved {
        let version = if minor == Some(3) { "0.3" } else { "0.2" };
        format!("in WASI {version} it is `wasi:{}/{name}@{}`", bundled.package, bundled.version)
    } else if let Some(near) = closest(requested, items.iter().copied()) {
        format!("did you mean `{near}`?")
    } else {
        format!("it has {}", quoted_list(items))
    };
    finding.help(help).without_statement(view, index)
}
