//! Types that the standard library implements traits for up to a size only.

use joggle_bind::World;
use joggle_bind::model::{DefKind, Type, TypeId};

/// The most elements of a tuple that has `Debug`.
const DEBUG_TUPLE: usize = 12;

/// Whether a type has no `Debug` of its own because of a tuple in it. What lies behind a name
/// has one, by hand if need be.
pub(super) fn is_wide(world: &World, ty: TypeId) -> bool {
    match &world.types[ty] {
        Type::Tuple(parts) => {
            parts.len() > DEBUG_TUPLE || parts.iter().any(|part| is_wide(world, *part))
        }
        Type::List(inner) | Type::FixedLengthList(inner, _) | Type::Option(inner) => {
            is_wide(world, *inner)
        }
        Type::Map(key, value) => is_wide(world, *key) || is_wide(world, *value),
        Type::Result { ok, err } => ok.iter().chain(err).any(|part| is_wide(world, *part)),
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Alias(target) => is_wide(world, *target),
            DefKind::Record(_)
            | DefKind::Variant(_)
            | DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => false,
        },
        Type::Bool
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
        | Type::Borrow(_)
        | Type::Stream(_)
        | Type::Future(_) => false,
    }
}
