//! Strings, lists and whatever is too large for the stack pass through a module's
//! memory, and the other side allocates in it: both must be exported where a function
//! needs them.

use joggle_diag::quoted_list;
use wit_parser::WasmExport;

use super::Need;
use crate::adapt::Adapter;
use crate::advice;
use crate::module::{MEMORY, Module};
use crate::places::{Places, Shown};
use crate::problem::Problem;
use crate::symbols::own_names;

/// More functions than these are not named.
const NAMED: usize = 3;

/// How a module exports what is its own.
pub struct OwnNames {
    memory: [String; 2],
    realloc: [String; 2],
    /// Which of the two is advised.
    usual: usize,
}

impl OwnNames {
    /// Both spellings; `standard` says which one the module has.
    pub fn of(standard: bool) -> OwnNames {
        OwnNames {
            memory: own_names(|| WasmExport::Memory),
            realloc: own_names(|| WasmExport::Realloc),
            usual: usize::from(standard),
        }
    }
}

/// Checks that the memory and the allocator are there.
pub fn check(
    module: &Module<'_>,
    own: &OwnNames,
    needs: &[Need],
    adapters: &[Adapter<'_>],
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) {
    let is_memory = |name: &String| module.export(name).is_some_and(|e| e.kind == MEMORY);
    let has_memory = module.imports_memory() || own.memory.iter().any(is_memory);
    let for_memory: Vec<&Need> = needs.iter().filter(|need| need.needs.memory).collect();
    // Adapters keep their state in the module's memory.
    let adapter = adapters
        .iter()
        .find(|adapter| module.imports.iter().any(|import| import.module == adapter.name));
    if !has_memory && (!for_memory.is_empty() || adapter.is_some()) {
        let Shown { text, labels } = show(places, &for_memory, "passes values through memory");
        let why = match (for_memory.is_empty(), adapter) {
            (true, Some(adapter)) => format!("the adapter `{}` needs it", adapter.name),
            (_, _) => format!("{} needs it", named(&for_memory)),
        };
        problems.push(Problem::MissingMemory {
            message: format!("`{}` does not export its memory, and {why}", module.name),
            help: advice::memory(module.language).to_owned(),
            text,
            labels,
        });
    }
    for (side, special) in [("exports", "cabi_export_realloc"), ("imports", "cabi_import_realloc")]
    {
        let for_realloc: Vec<&Need> =
            needs.iter().filter(|need| need.needs.realloc && need.side == side).collect();
        let usual = own.realloc.iter().map(String::as_str);
        let mut names = usual.chain(["canonical_abi_realloc", special]);
        if for_realloc.is_empty() || names.any(|name| module.exports_function(name)) {
            continue;
        }
        let what = if side == "exports" {
            "whoever calls it has to put strings or lists into the memory"
        } else {
            "its result has strings or lists to be put into the memory"
        };
        let Shown { text, labels } = show(places, &for_realloc, "needs memory to be allocated");
        problems.push(Problem::MissingRealloc {
            message: format!(
                "`{}` {side} {}, and does not export `{}`: {what}",
                module.name,
                named(&for_realloc),
                own.realloc.get(own.usual).map(String::as_str).unwrap_or_default()
            ),
            help: advice::allocate(module.language),
            text,
            labels,
        });
    }
}

fn named(needs: &[&Need]) -> String {
    let names = needs.iter().take(NAMED).map(|need| need.path.as_str());
    match needs.len().saturating_sub(NAMED) {
        0 => quoted_list(names),
        more => {
            let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("{names} and {more} more")
        }
    }
}

/// Points at the first of the functions, and at those beside it.
fn show(places: &Places<'_>, needs: &[&Need], says: &str) -> Shown {
    let Some(first) = needs.first() else { return Shown::default() };
    let beside = needs.iter().filter(|need| need.key == first.key).take(NAMED);
    places.show(first.key.as_ref(), beside.map(|need| need.function.as_str()), says)
}
