//! Names that do not exist: types, interfaces and worlds. Says where a type of
//! that name is to be had (this package, WASI), or which name was meant.

use std::ops::Range;

use joggle_diag::{closest, quoted_list};

use crate::bundle::{self, Place};
use crate::wit::declared::{Declared, declared};
use crate::wit::finding::{Finding, drop_statement};
use crate::wit::names::{BUILT_IN, foreign_type};
use crate::wit::problem::ProblemKind;
use crate::wit::text::Edit;
use crate::wit::tokens::{Scope, View, is_word};

/// A file of the package whose names are looked up, and the others beside it.
pub(crate) struct Package<'a> {
    /// The file with the mistake.
    pub view: &'a View<'a>,
    /// All files of the package, this one included.
    pub all: &'a [View<'a>],
}

impl<'a> Package<'a> {
    fn declared(&self) -> Vec<Declared<'a>> {
        self.all.iter().flat_map(declared).collect()
    }
}

/// A type, or a used name, that does not exist.
pub(crate) fn name(package: &Package<'_>, span: Range<usize>, name: &str) -> Finding {
    let view = package.view;
    let index = view.at(span.start);
    if view.scope(index) == Scope::Names {
        return used_name(package, index, name);
    }
    if let Some(finding) = foreign_type(view, index, name) {
        return finding;
    }
    undefined_type(package, index, name)
}

/// A type that is not in scope.
fn undefined_type(package: &Package<'_>, index: usize, name: &str) -> Finding {
    let view = package.view;
    let all = package.declared();
    let here = innermost(view, index);
    let scope = declared(view).into_iter().rfind(|item| Some(item.open) == here);
    let mut finding =
        Finding::new(ProblemKind::UndefinedType, format!("the type `{name}` is not defined"));
    let place = match &scope {
        Some(item) => format!("not in {} `{}`", item.what, item.name),
        None => "not defined here".to_owned(),
    };
    finding = finding.label(view.span(index), place);
    let in_scope: Vec<&str> = scope
        .iter()
        .flat_map(|item| item.types.iter().chain(&item.used).copied())
        .chain(BUILT_IN.iter().copied())
        .collect();
    let elsewhere = all.iter().find(|item| item.what == "interface" && item.types.contains(&name));
    let wasi = bundle::types_named(name);
    let help = if let Some(item) = elsewhere {
        format!("bring it in from its interface: `use {}.{{{name}}};`", item.name)
    } else if !wasi.is_empty() {
        from_wasi(name, &wasi)
    } else if let Some(near) = closest(name, in_scope).filter(|near| *near != name) {
        format!("did you mean `{near}`?")
    } else if name.chars().count() == 1 && name.chars().all(|c| c.is_ascii_uppercase()) {
        "WIT has no type parameters: write a type".to_owned()
    } else {
        format!(
            "define it beside the function: `record {name} {{ … }}`, or `use` it from another interface"
        )
    };
    finding = finding.help(help);
    // Declared as a resource it is good for every other use as well.
    let at = here.map_or(0, |open| view.span(open).end);
    let bare = name.trim_start_matches('%');
    finding.edit(Edit::insert(at, format!(" resource %{bare};")))
}

/// The brace of the innermost interface or world around a token.
fn innermost(view: &View<'_>, index: usize) -> Option<usize> {
    view.enclosing(index)
        .into_iter()
        .rfind(|&open| matches!(view.scope_of(open), Scope::Interface | Scope::World))
}

/// The `use` lines that bring a type of WASI in.
fn from_wasi(name: &str, places: &[Place]) -> String {
    const SHOWN: usize = 4;
    let mut lines = vec![format!("define it, `record {name} {{ … }}`, or use the one of WASI:")];
    for place in places.iter().take(SHOWN) {
        let item =
            if place.name == name { name.to_owned() } else { format!("{} as {name}", place.name) };
        let package = place.package;
        lines.push(format!(
            "    use wasi:{}/{}@{}.{{{item}}};",
            package.package, place.interface, package.version
        ));
    }
    lines.join("\n")
}

/// A name in `use interface.{…}` that the interface does not have.
fn used_name(package: &Package<'_>, index: usize, name: &str) -> Finding {
    let view = package.view;
    let open = view.enclosing(index).last().copied().unwrap_or(0);
    let start = view.statement(open).start;
    let path = view
        .text
        .get(view.span(start).end..view.span(open).start)
        .unwrap_or_default()
        .trim()
        .trim_end_matches('.')
        .to_owned();
    let all = package.declared();
    let local = all.iter().find(|item| item.what == "interface" && item.name == path);
    let types: Vec<&str> = match local {
        Some(item) => item.types.iter().chain(&item.used).copied().collect(),
        None => foreign_types(&path),
    };
    let finding =
        Finding::new(ProblemKind::UndefinedType, format!("`{path}` has no type `{name}`"))
            .label(view.span(index), "not there");
    let longer = format!("-{name}");
    let finding = match closest(name, types.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if types.iter().any(|known| known.ends_with(&longer)) => {
            let longer = types.iter().copied().filter(|known| known.ends_with(&longer));
            finding.help(format!("did you mean one of {}?", quoted_list(longer)))
        }
        None if types.is_empty() => {
            finding.help("only types are used; the functions of an interface come with `import`")
        }
        None => finding.help(format!("it has {}", quoted_list(types.iter().copied().take(8)))),
    };
    without_used_name(finding, view, index, open)
}

/// Takes a name out of a `use` and makes it a resource of its own instead.
fn without_used_name(finding: Finding, view: &View<'_>, index: usize, open: usize) -> Finding {
    let close = view.closing(open).unwrap_or(open);
    let listed = (open + 1..close).filter(|&i| view.word(i) == ",").count();
    let alone = listed == 0 || (listed == 1 && view.before(close) == ",");
    if alone {
        let (edits, lost) = drop_statement(view, index);
        let mut finding = finding;
        finding.edits.extend(edits);
        finding.lost.extend(lost);
        return finding;
    }
    let mut end = index + 1;
    while end < close && view.word(end) != "," {
        end += 1;
    }
    let alias = (index..end).rfind(|&i| is_word(view.word(i))).unwrap_or(index);
    let alias = view.word(alias).trim_start_matches('%');
    let comma = if end < close { view.span(end).end } else { view.end_before(end) };
    let after =
        if view.word(close + 1) == ";" { view.span(close + 1).end } else { view.span(close).end };
    finding
        .edit(Edit::replace(view.span(index).start..comma, ""))
        .edit(Edit::insert(after, format!(" resource %{alias};")))
}

/// The types of `wasi:package/interface@version`.
fn foreign_types(path: &str) -> Vec<&'static str> {
    let parse = || {
        let (package, rest) = path.strip_prefix("wasi:")?.split_once('/')?;
        let (interface, version) = rest.split_once('@')?;
        let bundled = bundle::versions("wasi", package).find(|b| b.version == version)?;
        Some(bundled.types(interface))
    };
    parse().unwrap_or_default()
}

/// An interface or world of the same package that does not exist.
pub(crate) fn item(package: &Package<'_>, span: Range<usize>, name: &str) -> Finding {
    let view = package.view;
    let index = view.at(span.start);
    let all = package.declared();
    if view.before(index) == ":"
        && let Some(finding) = package_as_interface(view, index, name)
    {
        return finding;
    }
    let statement = view.statement(index);
    let wants_world = view.word(statement.start) == "include";
    let what = if wants_world { "world" } else { "interface" };
    let named = all.iter().filter(|item| item.what == what).map(|item| item.name);
    let named: Vec<&str> = named.collect();
    let type_owner = all.iter().find(|item| item.types.contains(&name));
    let in_wasi = crate::bundle::BUNDLE.iter().rfind(|b| {
        if wants_world { b.worlds().contains(&name) } else { b.interfaces().contains(&name) }
    });
    let help = if let Some(near) = closest(name, named.iter().copied()) {
        format!("did you mean `{near}`?")
    } else if let Some(owner) = type_owner {
        format!("it is a type of `{}`: write `use {}.{{{name}}};`", owner.name, owner.name)
    } else if let Some(b) = in_wasi.filter(|_| !matches!(name, "types" | "imports")) {
        format!(
            "define it, or write `wasi:{}/{name}@{}` if that of WASI is meant",
            b.package, b.version
        )
    } else if matches!(view.word(index + 1), "(" | ":") {
        format!("write `{name}: func(…)` if it is a function")
    } else if named.is_empty() {
        format!("define it in this package: `{what} {name} {{ … }}`")
    } else {
        format!("define it, `{what} {name} {{ … }}`; this package has {}", quoted_list(named))
    };
    Finding::new(
        ProblemKind::UndefinedInterface,
        format!("there is no {what} `{name}` in this package"),
    )
    .label(view.span(index), "not defined")
    .help(help)
    .without_statement(view, index)
}

/// `import wasi:http;`, which reads as a label and an interface.
fn package_as_interface(view: &View<'_>, index: usize, name: &str) -> Option<Finding> {
    let namespace = view.word(index.checked_sub(2)?);
    let newest = bundle::versions(namespace, name).last()?;
    let names = newest.interfaces();
    Some(
        Finding::new(
            ProblemKind::UndefinedInterface,
            format!("`{namespace}:{name}` is a package, not an interface"),
        )
        .label(view.span(index - 2).start..view.span(index).end, "the interface is missing")
        .help(format!(
            "write `{}/…@{}` with one of {}",
            format_args!("{namespace}:{name}"),
            newest.version,
            quoted_list(names)
        ))
        .without_statement(view, index),
    )
}
