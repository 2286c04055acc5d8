//! Why a pass gave up, and how that is told.

use std::collections::HashSet;

use joggle_load::{Wit, guarded};
use wit_component::{StringEncoding, metadata};
use wit_parser::{
    LiftLowerAbi, ManglingAndAbi, Resolve, Type, TypeId, WasmExport, WorldId, WorldItem,
};

use super::intern::{Foreign, parts};
use crate::abi::{Unfit, Why};
use crate::problem::{Problem, place};

/// Why a pass gave up, in wit-parser's ids.
pub(super) enum Failed {
    /// The world is in no package.
    NoPackage,
    /// The world uses a type that it does not hold.
    Foreign(Foreign),
    /// Types have no layout.
    Unfit(Vec<Unfit>),
}

impl From<Foreign> for Failed {
    fn from(foreign: Foreign) -> Failed {
        Failed::Foreign(foreign)
    }
}

impl From<Vec<Unfit>> for Failed {
    fn from(unfit: Vec<Unfit>) -> Failed {
        Failed::Unfit(unfit)
    }
}

impl Failed {
    /// The same for people.
    pub(super) fn explain(self, wit: &Wit, resolve: &Resolve, world: WorldId) -> Vec<Problem> {
        let world = || resolve.worlds[world].name.clone();
        match self {
            Failed::NoPackage => {
                let reason = "it is in no package".to_owned();
                vec![Problem::NotEncoded { world: world(), reason }]
            }
            Failed::Foreign(Foreign(id)) => {
                vec![Problem::ForeignType { world: world(), ty: words(resolve, id) }]
            }
            Failed::Unfit(unfit) => {
                let found: HashSet<TypeId> = unfit.iter().map(|unfit| unfit.ty).collect();
                let mut told = HashSet::new();
                // What holds a type without a layout has none either: the innermost is at fault.
                let mut whole = |ty: TypeId| {
                    let parts = parts(&resolve.types[ty].kind);
                    let inner = |part: &Type| matches!(part, Type::Id(id) if found.contains(id));
                    parts.iter().any(inner) || !told.insert(ty)
                };
                let inner = unfit.iter().filter(|unfit| !whole(unfit.ty));
                inner.map(|unfit| no_layout(wit, resolve, *unfit)).collect()
            }
        }
    }
}

fn no_layout(wit: &Wit, resolve: &Resolve, unfit: Unfit) -> Problem {
    let (source_text, span) = place(wit, resolve.types[unfit.ty].span);
    let (why, help) = match unfit.why {
        Why::TooLarge => (
            "takes 4 GiB or more, and the memory of a component has no room for it",
            "shorten its fixed-length lists, or take `list<…>`, whose elements lie elsewhere",
        ),
        Why::Empty => (
            "has no part at all",
            "give it one, or leave it out: the specification has no empty types",
        ),
    };
    Problem::NoLayout { what: words(resolve, unfit.ty), why, source_text, span, help }
}

/// A type by its name, or else by its kind.
fn words(resolve: &Resolve, id: TypeId) -> String {
    let ty = &resolve.types[id];
    match &ty.name {
        Some(name) => format!("the type `{name}`"),
        None => format!("this {}", ty.kind.as_str()),
    }
}

/// The payload of the section that tells a componentizer the type of a module.
pub(super) fn encode(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>, Vec<Problem>> {
    if resolve.worlds[world].package.is_none() {
        return Err(not_encoded(resolve, world, "it is in no package".to_owned()));
    }
    let encode = || metadata::encode(resolve, world, StringEncoding::UTF8, None, false);
    match guarded(encode) {
        Some(Ok(section)) => Ok(section),
        Some(Err(error)) => Err(not_encoded(resolve, world, error.to_string())),
        None => Err(not_encoded(resolve, world, STRANGE.to_owned())),
    }
}

/// Gives each interface of the world types of its own.
pub(super) fn nominal(
    wit: &Wit,
    resolve: &mut Resolve,
    world: WorldId,
) -> Result<(), Vec<Problem>> {
    // wit-parser makes sure of it where debug assertions are on; what came from elsewhere is held
    // against the same rules in every build.
    if !wit.has_text() && guarded(|| resolve.assert_valid()).is_none() {
        return Err(not_encoded(resolve, world, STRANGE.to_owned()));
    }
    match guarded(|| resolve.generate_nominal_type_ids(world)) {
        Some(()) => Ok(()),
        None => Err(not_encoded(resolve, world, STRANGE.to_owned())),
    }
}

const STRANGE: &str = "its shape is none that WIT text has";

fn not_encoded(resolve: &Resolve, world: WorldId, reason: String) -> Vec<Problem> {
    vec![Problem::NotEncoded { world: resolve.worlds[world].name.clone(), reason }]
}

/// A core module exports its memory under a name that a function of the world can have: exports
/// of the world itself are called in it as they are in WIT.
pub(super) fn reserved_exports(wit: &Wit, world: WorldId) -> Result<(), Vec<Problem>> {
    let memory = wit
        .resolve
        .wasm_export_name(ManglingAndAbi::Legacy(LiftLowerAbi::Sync), WasmExport::Memory);
    let mut problems = Vec::new();
    for item in wit.resolve.worlds[world].exports.values() {
        if let WorldItem::Function(function) = item
            && function.name == memory
        {
            let (source_text, span) = place(wit, function.span);
            problems.push(Problem::ReservedExport { name: memory.clone(), source_text, span });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
