//! The exports of a module against what its world wants.

use std::collections::BTreeSet;

use joggle_diag::closest;
use joggle_relate::name::ExternName;
use wasmparser::ValType;
use wit_parser::{WasmExport, WorldKey};

use super::Need;
use crate::adapt::{Adapter, Builtin, START};
use crate::advice;
use crate::module::{Kind, Module};
use crate::places::{Places, Shown};
use crate::problem::Problem;
use crate::signature::Signature;
use crate::symbols::{Spelling, Wanted, own_names};
use crate::world::World;

/// What to do about types that do not agree.
pub const OTHER_WIT: &str =
    "bindings that were made of other WIT look like this: generate them anew, and build again";

/// Checks the functions that the world wants; returns what those that are there need.
pub fn functions(
    module: &Module<'_>,
    world: &World,
    functions: &[Wanted],
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Need> {
    let known = known(functions, &[]);
    let mut needs = Vec::new();
    for group in functions.chunk_by(|a, b| a.key.is_some() && a.key == b.key) {
        let (present, missing): (Vec<&Wanted>, Vec<&Wanted>) =
            group.iter().partition(|wanted| spelled(module, wanted).next().is_some());
        for wanted in &present {
            for spelling in spelled(module, wanted) {
                one(module, wanted, spelling, places, problems);
                needs.push(Need {
                    needs: spelling.needs,
                    path: full_path(world, wanted),
                    key: wanted.key.clone(),
                    function: wanted.function.clone(),
                    side: "exports",
                });
            }
        }
        if let ([], [first, _, ..]) = (present.as_slice(), missing.as_slice()) {
            problems.push(none_of(module, world, first, &missing, &known, places));
        } else {
            let alone = |wanted: &&Wanted| missing_one(module, world, wanted, &known, places);
            problems.extend(missing.iter().filter_map(alone));
        }
    }
    needs
}

/// The spellings of a function that a module exports.
fn spelled<'w>(module: &Module<'_>, wanted: &'w Wanted) -> impl Iterator<Item = &'w Spelling> {
    wanted.spellings.iter().filter(|spelling| module.export(&spelling.symbol).is_some())
}

/// A function that is there: its type, and what goes with it.
fn one(
    module: &Module<'_>,
    wanted: &Wanted,
    spelling: &Spelling,
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) {
    let shown = || places.show(wanted.key.as_ref(), [wanted.function.as_str()], "this function");
    let mut typed = |symbol: &str, signature: &Signature| {
        problems.extend(wrong_type(module, symbol, signature, OTHER_WIT, shown));
    };
    typed(&spelling.symbol, &spelling.signature);
    if let Some((symbol, signature)) = &spelling.post_return {
        typed(symbol, signature);
    }
    if let Some((symbol, signature)) = &spelling.callback {
        typed(symbol, signature);
        if module.export(symbol).is_none() {
            let Shown { text, labels } = shown();
            problems.push(Problem::MissingExport {
                message: format!(
                    "`{}` exports `{}` without the function that takes up its calls again, \
                     `{symbol}`",
                    module.name, spelling.symbol
                ),
                help: format!("export a function of that name and the type {signature}"),
                text,
                labels,
            });
        }
    }
}

/// An export that is there, and not of the type it should have.
fn wrong_type(
    module: &Module<'_>,
    symbol: &str,
    expected: &Signature,
    help: &str,
    shown: impl Fn() -> Shown,
) -> Option<Problem> {
    let found = match &module.export(symbol)?.kind {
        Kind::Function(signature) if signature == expected => return None,
        Kind::Function(signature) => signature.to_string(),
        Kind::Other(what) => format!("{what}, not a function"),
    };
    let Shown { text, labels } = shown();
    Some(Problem::ExportType {
        message: format!(
            "`{}` exports `{symbol}` with another type than its world wants\n\
             expected: {expected}\n   found: {found}",
            module.name
        ),
        help: help.to_owned(),
        text,
        labels,
    })
}

/// A function that is missing.
fn missing_one(
    module: &Module<'_>,
    world: &World,
    wanted: &Wanted,
    known: &BTreeSet<&str>,
    places: &Places<'_>,
) -> Option<Problem> {
    let expected = wanted.expected()?;
    let symbol = &expected.symbol;
    let functions = [wanted.function.as_str()];
    let Shown { text, labels } = places.show(wanted.key.as_ref(), functions, "wanted here");
    let advice = advice::implement(module.language, wanted, expected, &path(world, wanted));
    let help = match near(module, symbol, known) {
        Some(near) => format!("{near}\n{advice}"),
        None => advice,
    };
    let message = format!(
        "`{}` does not export `{symbol}` {}, which its world wants",
        module.name, expected.signature
    );
    Some(Problem::MissingExport { message, help, text, labels })
}

/// An interface of which nothing is there.
fn none_of(
    module: &Module<'_>,
    world: &World,
    first: &Wanted,
    missing: &[&Wanted],
    known: &BTreeSet<&str>,
    places: &Places<'_>,
) -> Problem {
    let expected = || missing.iter().filter_map(|wanted| Some((wanted, wanted.expected()?)));
    let width = expected().map(|(_, spelling)| spelling.symbol.len()).max().unwrap_or(0);
    let line = |(_, spelling): (_, &Spelling)| {
        format!("\n  {:width$}  {}", spelling.symbol, spelling.signature)
    };
    let message = format!(
        "`{}` exports none of the {} functions of `{}`, which its world wants:{}",
        module.name,
        missing.len(),
        path(world, first),
        expected().map(line).collect::<String>()
    );
    let Shown { text, labels } = places.show(first.key.as_ref(), [], "wanted here");
    let near = expected().find_map(|(_, spelling)| near(module, &spelling.symbol, known));
    let mut help = near.map(|near| near + "\n").unwrap_or_default();
    if let Some((wanted, spelling)) = expected().next() {
        help += &advice::implement(module.language, wanted, spelling, &path(world, first));
    }
    help += "\nand so on for the others";
    Problem::MissingExport { message, help, text, labels }
}

/// An export that may have been meant: of the same interface nearly the same function,
/// or nearly the same interface.
fn near(module: &Module<'_>, symbol: &str, known: &BTreeSet<&str>) -> Option<String> {
    let functions = module.exports.iter().filter(|export| matches!(export.kind, Kind::Function(_)));
    let names = functions.map(|export| export.name.as_str());
    let names: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
    let meant = |name: &str| format!("did you mean `{name}`, which is exported?");
    let Some((interface, function)) = symbol.split_once('#') else {
        let plain = names.iter().copied().filter(|name| !name.contains('#'));
        return closest(symbol, plain).map(meant);
    };
    let parts = || names.iter().filter_map(|name| name.split_once('#'));
    let base = |name: &str| ExternName::parse(name).base().to_owned();
    let mut versions = parts().filter(|(_, other)| *other == function);
    if let Some((other, _)) = versions.find(|(other, _)| base(other) == base(interface)) {
        return Some(format!(
            "there is `{other}#{function}`: the bindings are of another version of the WIT; \
             generate them anew"
        ));
    }
    let beside = parts().filter(|(other, _)| *other == interface);
    let beside = closest(function, beside.map(|(_, other)| other));
    let elsewhere = parts().filter(|(_, other)| *other == function);
    let elsewhere = || closest(interface, elsewhere.map(|(other, _)| other));
    beside
        .map(|other| meant(&format!("{interface}#{other}")))
        .or_else(|| elsewhere().map(|other| meant(&format!("{other}#{function}"))))
}

/// The symbols that the world knows.
pub fn known<'w>(
    functions: &'w [Wanted],
    destructors: &'w [(String, WorldKey, String)],
) -> BTreeSet<&'w str> {
    let spellings = functions.iter().flat_map(|wanted| &wanted.spellings);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for spelling in spellings {
        known.insert(&spelling.symbol);
        let beside = [&spelling.post_return, &spelling.callback];
        known.extend(beside.into_iter().flatten().map(|(symbol, _)| symbol.as_str()));
    }
    known.extend(destructors.iter().map(|(symbol, _, _)| symbol.as_str()));
    known
}

/// Functions that are exported as if a world wanted them, and that it does not know.
pub fn strays<'m>(
    module: &'m Module<'_>,
    known: &'m BTreeSet<&str>,
) -> impl Iterator<Item = &'m str> {
    let exports = module.exports.iter();
    let functions = exports.filter(|export| matches!(export.kind, Kind::Function(_)));
    functions.map(|export| export.name.as_str()).filter(|name| {
        let meant = name.contains('#') || name.starts_with("cabi_post_") || name.starts_with('[');
        meant && !known.contains(name)
    })
}

/// A function with its interface.
fn full_path(world: &World, wanted: &Wanted) -> String {
    match &wanted.key {
        Some(key) => format!("{}#{}", world.resolve.name_world_key(key), wanted.function),
        None => wanted.function.clone(),
    }
}

/// The interface of a function, or the world for its own.
fn path(world: &World, wanted: &Wanted) -> String {
    match &wanted.key {
        Some(key) => world.resolve.name_world_key(key),
        None => world.items().name.clone(),
    }
}

/// What a module exports for the component's own use.
pub fn own(
    module: &Module<'_>,
    destructors: &[(String, WorldKey, String)],
    adapters: &[Adapter<'_>],
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) {
    let (drops, nothing) = (Signature::new([ValType::I32], []), Signature::new([], []));
    for (symbol, key, _) in destructors {
        let shown = || places.show(Some(key), [], "its resource is of this interface");
        problems.extend(wrong_type(module, symbol, &drops, OTHER_WIT, shown));
    }
    let allocates = Signature::new([ValType::I32; 4], [ValType::I32]);
    let help = advice::allocate(module.language);
    for symbol in own_names(|| WasmExport::Realloc) {
        problems.extend(wrong_type(module, &symbol, &allocates, &help, Shown::default));
    }
    let help = "it is called before everything else, with nothing: it is for the linker to make it";
    for symbol in own_names(|| WasmExport::Initialize) {
        problems.extend(wrong_type(module, &symbol, &nothing, help, Shown::default));
    }
    if !adapters.iter().any(|adapter| adapter.builtin == Some(Builtin::Command)) {
        return;
    }
    if module.export(START).is_some() {
        problems.extend(wrong_type(module, START, &nothing, help, Shown::default));
    } else {
        problems.push(Problem::MissingExport {
            message: format!(
                "`{}` does not export `{START}`, which the adapter for commands calls",
                module.name
            ),
            help: "a library has the other adapter: --adapt reactor".to_owned(),
            text: None,
            labels: Vec::new(),
        });
    }
}
