//! How deep types are nested. Printing goes down into them, so there has to be an end.

use joggle_bind::World;
use joggle_bind::model::{DefKind, Type, TypeId};

/// The most levels of types. The text of WIT has no more of them in one type that is written out.
pub const MOST: usize = 100;

/// Whether a type has more levels than that, of each type by its index.
#[must_use]
pub fn too_deep(world: &World) -> Vec<bool> {
    let mut levels: Vec<usize> = Vec::with_capacity(world.types.len());
    // Parts come before wholes, so this never goes down itself.
    for ty in world.types.values() {
        let below = |id: &TypeId| levels.get(id.index()).copied().unwrap_or_default();
        levels.push(1 + deepest(world, ty, below));
    }
    levels.into_iter().map(|levels| levels > MOST).collect()
}

fn deepest(world: &World, ty: &Type, below: impl Fn(&TypeId) -> usize) -> usize {
    match ty {
        Type::List(part)
        | Type::FixedLengthList(part, _)
        | Type::Option(part)
        | Type::Stream(Some(part))
        | Type::Future(Some(part)) => below(part),
        Type::Map(key, value) => below(key).max(below(value)),
        Type::Tuple(parts) => parts.iter().map(below).max().unwrap_or_default(),
        Type::Result { ok, err } => ok.iter().chain(err).map(below).max().unwrap_or_default(),
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Record(fields) => {
                fields.iter().map(|field| below(&field.ty)).max().unwrap_or_default()
            }
            DefKind::Variant(cases) => cases
                .iter()
                .filter_map(|case| case.ty.as_ref())
                .map(below)
                .max()
                .unwrap_or_default(),
            DefKind::Alias(target) => below(target),
            DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => 0,
        },
        Type::Stream(None)
        | Type::Future(None)
        | Type::Bool
        | Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::S8
        | Type::S16
        | Type::S32
        | Type::S64
        | Type::F32
        | Type::F64
        | Type::Char
        | Type::String
        | Type::ErrorContext
        | Type::Own(_)
        | Type::Borrow(_) => 0,
    }
}
