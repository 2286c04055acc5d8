//! Types that no 32-bit memory holds, found before anything is measured: the
//! arithmetic of `SizeAlign` expects sizes that a `usize` holds, and flattening
//! expects that every type has a part.

use wit_parser::{Resolve, SizeAlign, Type, TypeDefKind};

use super::{Unfit, Why};

/// Sizes up to here can be added and aligned without a thought.
const SAFE: u64 = 1 << 60;

/// Sizes of all types of `resolve`, once each of `values` is known to have one.
pub(super) fn sizes(resolve: &Resolve, values: &[Type]) -> Result<SizeAlign, Vec<Unfit>> {
    let rough = rough(resolve);
    let mut unfit: Vec<Unfit> = Vec::new();
    for ((ty, def), size) in resolve.types.iter().zip(&rough) {
        if is_empty(&def.kind) {
            unfit.push(Unfit { ty, why: Why::Empty });
        } else if *size > SAFE {
            unfit.push(Unfit { ty, why: Why::TooLarge });
        }
    }
    let mut sizes = SizeAlign::default();
    if unfit.is_empty() && sizes.fill(resolve).is_ok() {
        // A resource and an alias of one are no values, and have no size.
        for ty in values {
            if let Type::Id(ty) = *ty
                && u32::try_from(sizes.size(&Type::Id(ty)).size_wasm32()).is_err()
            {
                unfit.push(Unfit { ty, why: Why::TooLarge });
            }
        }
    }
    if unfit.is_empty() { Ok(sizes) } else { Err(unfit) }
}

/// Whether the specification asks for a part where there is none.
fn is_empty(kind: &TypeDefKind) -> bool {
    match kind {
        TypeDefKind::Record(record) => record.fields.is_empty(),
        TypeDefKind::Tuple(tuple) => tuple.types.is_empty(),
        TypeDefKind::Flags(flags) => flags.flags.is_empty(),
        TypeDefKind::Variant(variant) => variant.cases.is_empty(),
        TypeDefKind::Enum(cases) => cases.cases.is_empty(),
        TypeDefKind::FixedLengthList(_, length) => *length == 0,
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(_, _)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => false,
    }
}

/// A size that no type exceeds, of each type by its index; parts come before the whole.
fn rough(resolve: &Resolve) -> Vec<u64> {
    let mut known: Vec<u64> = Vec::with_capacity(resolve.types.len());
    for (_, def) in &resolve.types {
        let of = |ty: &Type| match ty {
            Type::Id(id) => known.get(id.index()).copied().unwrap_or(u64::MAX),
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
            | Type::ErrorContext => 16,
        };
        // Every part may need up to eight bytes of padding.
        let padded = |ty: &Type| of(ty).saturating_add(8);
        let sum = |parts: &mut dyn Iterator<Item = &Type>| {
            parts.fold(8u64, |sum, ty| sum.saturating_add(padded(ty)))
        };
        // Cases share their room, behind a discriminant.
        let most = |cases: &mut dyn Iterator<Item = &Type>| {
            cases.map(padded).max().unwrap_or(0).saturating_add(8)
        };
        known.push(match &def.kind {
            TypeDefKind::Record(record) => sum(&mut record.fields.iter().map(|field| &field.ty)),
            TypeDefKind::Tuple(tuple) => sum(&mut tuple.types.iter()),
            TypeDefKind::Variant(variant) => {
                most(&mut variant.cases.iter().filter_map(|case| case.ty.as_ref()))
            }
            TypeDefKind::Result(result) => most(&mut result.ok.iter().chain(&result.err)),
            TypeDefKind::Option(ty) | TypeDefKind::Type(ty) => most(&mut std::iter::once(ty)),
            TypeDefKind::FixedLengthList(ty, length) => of(ty).saturating_mul(u64::from(*length)),
            TypeDefKind::Flags(flags) => 8u64.saturating_add(flags.flags.len() as u64),
            TypeDefKind::Resource
            | TypeDefKind::Handle(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(_, _)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => 16,
        });
    }
    known
}
