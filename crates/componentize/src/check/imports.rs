//! The imports of a module against what its world and its adapters offer.

use indexmap::IndexMap;
use joggle_diag::closest;
use joggle_relate::name::ExternName;
use wit_parser::WorldKey;

use super::Need;
use super::exports::OTHER_WIT;
use crate::adapt::Adapter;
use crate::advice;
use crate::module::{Import, Kind, Module};
use crate::places::{Places, Shown};
use crate::problem::Problem;
use crate::signature::Signature;
use crate::symbols::{Needs, Offer, Offers};

/// Checks all imports; returns what those of the world need.
pub fn check(
    module: &Module<'_>,
    offers: &Offers,
    adapters: &[Adapter<'_>],
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut groups: IndexMap<&str, Vec<(&Import, &Signature)>> = IndexMap::new();
    for import in &module.imports {
        match &import.kind {
            Kind::Function(signature) => {
                groups.entry(&import.module).or_default().push((import, signature));
            }
            Kind::Other(_) if import.is_memory() => {}
            Kind::Other(what) => problems.push(Problem::ImportKind {
                file: module.name.to_owned(),
                what,
                module: import.module.clone(),
                field: import.field.clone(),
            }),
        }
    }
    for (name, imports) in groups {
        if let Some(adapter) = adapters.iter().find(|adapter| adapter.name == name) {
            of_adapter(module, adapter, &imports, problems);
        } else if let Some(offer) = offers.find(name) {
            of_offer(module, name, offer, &imports, places, problems, &mut needs);
        } else {
            let all = imports.iter().map(|(import, _)| *import);
            let (left, unknown): (Vec<&Import>, Vec<&Import>) =
                all.partition(|import| is_left(import));
            needs.extend(left.into_iter().filter_map(of_intrinsic));
            if !unknown.is_empty() {
                problems.push(of_nobody(module, name, &unknown, offers, places));
            }
        }
    }
    needs
}

/// Intrinsics that the encoder knows and no function of a world stands behind, or
/// that are made of one: streams, futures, tasks, threads. They are left to it.
fn is_left(import: &Import) -> bool {
    if import.module == "env" {
        // The stack and the thread-local storage of threads that cooperate.
        let ends = ["_stack_pointer", "_tls_base"];
        return import.field.starts_with("__wasm_")
            && ends.iter().any(|end| import.field.ends_with(end));
    }
    let of_component = import.module == "$root" || import.module.starts_with("[export]");
    of_component && is_intrinsic(&import.field)
}

/// Whether a name in brackets is neither a function's nor a resource's.
fn is_intrinsic(field: &str) -> bool {
    let field = field.strip_prefix("[async-lower]").unwrap_or(field);
    let named = ["[method]", "[static]", "[constructor]", "[resource-", "[get]", "[set]"];
    field.starts_with('[') && !named.iter().any(|prefix| field.starts_with(prefix))
}

/// What an intrinsic needs of the module: whatever moves values moves them through memory.
fn of_intrinsic(import: &Import) -> Option<Need> {
    let name = import.field.strip_prefix("[async-lower]").unwrap_or(&import.field);
    let moving = [
        "[stream-read-",
        "[stream-write-",
        "[future-read-",
        "[future-write-",
        "[waitable-set-wait",
        "[waitable-set-poll",
        "[error-context-new-",
        "[error-context-debug-message-",
    ];
    let memory = moving.iter().any(|prefix| name.starts_with(prefix));
    let needs = Needs { memory, realloc: false };
    let (path, function) = (import.field.clone(), import.field.clone());
    memory.then_some(Need { needs, path, key: None, function, side: "imports" })
}

/// Imports that an adapter stands in for.
fn of_adapter(
    module: &Module<'_>,
    adapter: &Adapter<'_>,
    imports: &[(&Import, &Signature)],
    problems: &mut Vec<Problem>,
) {
    for (import, signature) in imports {
        let known = adapter.functions.iter();
        let found = known.clone().find(|(name, _)| *name == import.field);
        match found {
            Some((_, expected)) if expected == *signature => {}
            Some((_, expected)) => problems.push(Problem::ImportType {
                message: message_of_type(module, import, expected, signature, "its adapter has"),
                help: "the library that imports it is of another version of that interface"
                    .to_owned(),
                text: None,
                labels: Vec::new(),
            }),
            None => {
                let names = known.map(|(name, _)| name.as_str());
                let help = match closest(&import.field, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "give an adapter that has it: --adapt {}=adapter.wasm",
                        adapter.name
                    ),
                };
                problems.push(Problem::UnknownImport {
                    message: format!(
                        "`{}` imports `{}` of `{}`, which the adapter does not have",
                        module.name, import.field, import.module
                    ),
                    help,
                    text: None,
                    labels: Vec::new(),
                });
            }
        }
    }
}

/// Imports of an interface that the world has, or of the world itself.
fn of_offer(
    module: &Module<'_>,
    name: &str,
    offer: &Offer,
    imports: &[(&Import, &Signature)],
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
    needs: &mut Vec<Need>,
) {
    let mut unknown = Vec::new();
    for (import, signature) in imports {
        let Some(offered) = offer.fields.get(&import.field) else {
            if is_intrinsic(&import.field) {
                needs.extend(of_intrinsic(import));
            } else {
                unknown.push(*import);
            }
            continue;
        };
        if offered.signature != **signature {
            let functions = offered.function.as_deref();
            let Shown { text, labels } =
                places.show(offer.key.as_ref(), functions, "this is what it has");
            problems.push(Problem::ImportType {
                message: message_of_type(
                    module,
                    import,
                    &offered.signature,
                    signature,
                    "its world has",
                ),
                help: OTHER_WIT.to_owned(),
                text,
                labels,
            });
        }
        if let Some(function) = &offered.function {
            let path = match &offer.key {
                Some(_) => format!("{name}#{function}"),
                None => function.clone(),
            };
            let (key, function) = (offer.key.clone(), function.clone());
            needs.push(Need { needs: offered.needs, path, key, function, side: "imports" });
        }
    }
    if !unknown.is_empty() {
        problems.push(not_in_offer(module, name, offer, &unknown, places));
    }
}

/// Imports that an interface does not have.
fn not_in_offer(
    module: &Module<'_>,
    name: &str,
    offer: &Offer,
    unknown: &[&Import],
    places: &Places<'_>,
) -> Problem {
    let fields: Vec<&str> = unknown.iter().map(|import| import.field.as_str()).collect();
    let known = || offer.fields.keys().map(String::as_str);
    let near = fields.iter().find_map(|field| closest(field, known()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if name == "$root" => "import it in the world, and build the bindings anew".to_owned(),
        None => format!(
            "bindings that were made of other WIT look like this: add it to `{name}`, or generate \
             them anew"
        ),
    };
    let says = "it is not in here";
    let Shown { text, labels } = places.show(offer.key.as_ref(), [], says);
    let whose = if name == "$root" { "its world" } else { "that interface" };
    let message = format!("{}, which {whose} does not have", imported(module, name, &fields));
    Problem::UnknownImport { message, help, text, labels }
}

/// Imports whose first name nobody knows.
fn of_nobody(
    module: &Module<'_>,
    name: &str,
    imports: &[&Import],
    offers: &Offers,
    places: &Places<'_>,
) -> Problem {
    let fields: Vec<&str> = imports.iter().map(|import| import.field.as_str()).collect();
    let parsed = ExternName::parse(name);
    let version = offers.iter().find(|(other, _)| {
        matches!(parsed, ExternName::Interface { .. })
            && ExternName::parse(other).base() == parsed.base()
    });
    let near = version.or_else(|| {
        let near = closest(name, offers.iter().map(|(name, _)| name))?;
        offers.iter().find(|(name, _)| *name == near)
    });
    let key: Option<&WorldKey> = near.and_then(|(_, offer)| offer.key.as_ref());
    let Shown { text, labels } = match key {
        Some(key) => places.show(Some(key), [], "this is what there is"),
        None => Shown::default(),
    };
    let help = match (version, near) {
        (Some((other, _)), _) => format!(
            "the world has `{other}`: generate the bindings anew, or import `{name}` in the world"
        ),
        (None, Some((near, _))) => format!("did you mean `{near}`?"),
        (None, None) => advice::stray(name, &fields, module.name),
    };
    let message = format!("{}, which its world does not import", imported(module, name, &fields));
    Problem::UnknownImport { message, help, text, labels }
}

/// `core.wasm` imports `f` of `i`; or a list.
fn imported(module: &Module<'_>, name: &str, fields: &[&str]) -> String {
    const SHOWN: usize = 5;
    let file = module.name;
    if let [field] = fields {
        return format!("`{file}` imports `{field}` of `{name}`");
    }
    let shown = fields.iter().take(SHOWN).map(|field| format!("`{field}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = match fields.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("`{file}` imports {} functions of `{name}` ({shown}{more})", fields.len())
}

fn message_of_type(
    module: &Module<'_>,
    import: &Import,
    expected: &Signature,
    found: &Signature,
    who: &str,
) -> String {
    format!(
        "`{}` imports `{}` of `{}` with another type than {who}\n\
         expected: {expected}\n   found: {found}",
        module.name, import.field, import.module
    )
}
