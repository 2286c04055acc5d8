//! What wit-parser says about each type of a world, kept by type id.

use std::fmt;
use std::sync::Arc;

use wit_parser::{FlagsRepr, Int, Resolve, SizeAlign, TypeDefKind};

use super::canonical::canonical;
use super::{
    CoreType, Facts, FlagsLayout, Flattened, Layout, RecordLayout, VariantLayout, bounds, facts,
};
use crate::model::{TypeId, World};

/// The facts of each type of a world.
#[derive(Clone, Default)]
pub struct Tables {
    rows: Vec<Row>,
    sizes: Arc<SizeAlign>,
}

/// What is known of one type.
#[derive(Debug, Clone)]
struct Row {
    /// The same type in wit-parser's words.
    wit: wit_parser::Type,
    canonical: TypeId,
    facts: Facts,
    layout: Layout,
    flat: Option<Vec<CoreType>>,
    variant: Option<VariantLayout>,
    flags: Option<FlagsLayout>,
}

/// A type of which no value can lie in a 32-bit memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit {
    /// The type, in the `Resolve` that it was built out of.
    pub ty: wit_parser::TypeId,
    /// What is wrong with it.
    pub why: Why,
}

/// Why a type does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It takes 4 GiB or more.
    TooLarge,
    /// It takes no bytes at all: it has no field, no flag or no element.
    Empty,
}

/// Measures all types of `world`, which were built out of `resolve`; `wit` has, by the index of
/// each type id, a type of that structure. Takes back the post-return of every function whose
/// result has nothing to free.
pub fn measure(
    world: &mut World,
    resolve: &Resolve,
    flattened: &Flattened,
    wit: &[wit_parser::Type],
) -> Result<(), Vec<Unfit>> {
    let sizes = bounds::sizes(resolve, wit)?;
    let canonical = canonical(&world.types, &world.defs);
    let facts = facts::all(&world.types, &world.defs);
    let rows = wit.iter().zip(canonical).zip(facts);
    let rows = rows.map(|((wit, canonical), facts)| {
        let flat = flattened.flat(wit);
        Row {
            wit: *wit,
            canonical,
            facts,
            layout: layout(sizes.size(wit), sizes.align(wit)),
            variant: variant(resolve, &sizes, wit, flat.as_deref()),
            flags: flags(resolve, wit),
            flat,
        }
    });
    world.abi = Tables { rows: rows.collect(), sizes: Arc::new(sizes) };
    for id in world.functions.ids() {
        let function = &mut world.functions[id];
        if !function.result.is_some_and(|ty| world.abi.facts(ty).has_heap()) {
            function.core.post_return = None;
        }
    }
    Ok(())
}

impl Tables {
    /// The most core types that a flat value has: `MAX_FLAT_PARAMS` of `CanonicalABI.md`,
    /// "Flattening".
    pub const MAX_FLAT: usize = Resolve::MAX_FLAT_PARAMS;

    pub(super) fn canonical(&self, ty: TypeId) -> TypeId {
        self.rows[ty.index()].canonical
    }

    pub(super) fn facts(&self, ty: TypeId) -> Facts {
        self.rows[ty.index()].facts
    }

    pub(super) fn layout(&self, ty: TypeId) -> Layout {
        self.rows[ty.index()].layout
    }

    pub(super) fn flat(&self, ty: TypeId) -> Option<&[CoreType]> {
        self.rows[ty.index()].flat.as_deref()
    }

    pub(super) fn variant(&self, ty: TypeId) -> Option<&VariantLayout> {
        self.rows[ty.index()].variant.as_ref()
    }

    pub(super) fn flags(&self, ty: TypeId) -> Option<FlagsLayout> {
        self.rows[ty.index()].flags
    }

    pub(super) fn record(&self, types: &[TypeId]) -> RecordLayout {
        let wit: Vec<_> = types.iter().map(|ty| self.rows[ty.index()].wit).collect();
        let whole = self.sizes.record(&wit);
        let offsets = self.sizes.field_offsets(&wit);
        RecordLayout {
            layout: layout(whole.size, whole.align),
            offsets: offsets.iter().map(|(offset, _)| narrow(offset.size_wasm32())).collect(),
        }
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.rows).finish()
    }
}

/// A number of bytes. Whatever does not fit was refused by [`bounds::sizes`], except for the offsets of
/// parameters that nobody can pass.
fn narrow(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn layout(size: wit_parser::ArchitectureSize, align: wit_parser::Alignment) -> Layout {
    Layout { size: narrow(size.size_wasm32()), align: narrow(align.align_wasm32()) }
}

/// The kind of a type, behind its aliases.
fn kind<'a>(resolve: &'a Resolve, ty: &wit_parser::Type) -> Option<&'a TypeDefKind> {
    let mut ty = *ty;
    loop {
        let wit_parser::Type::Id(id) = ty else { return None };
        let kind = &resolve.types[id].kind;
        let TypeDefKind::Type(target) = kind else { return Some(kind) };
        ty = *target;
    }
}

fn variant(
    resolve: &Resolve,
    sizes: &SizeAlign,
    ty: &wit_parser::Type,
    flat: Option<&[CoreType]>,
) -> Option<VariantLayout> {
    let new = |tag: Int, payloads: &[Option<&wit_parser::Type>]| {
        let offset = sizes.payload_offset(tag, payloads.iter().copied());
        Some(VariantLayout {
            tag_size: match tag {
                Int::U8 => 1,
                Int::U16 => 2,
                Int::U32 => 4,
                Int::U64 => 8,
            },
            payload_offset: narrow(offset.size_wasm32()),
            payload_flat: flat.map(|types| types.get(1..).unwrap_or_default().to_vec()),
        })
    };
    match kind(resolve, ty)? {
        TypeDefKind::Variant(variant) => {
            let payloads: Vec<_> = variant.cases.iter().map(|case| case.ty.as_ref()).collect();
            new(variant.tag(), &payloads)
        }
        TypeDefKind::Enum(cases) => new(cases.tag(), &[]),
        TypeDefKind::Option(some) => new(Int::U8, &[None, Some(some)]),
        TypeDefKind::Result(result) => new(Int::U8, &[result.ok.as_ref(), result.err.as_ref()]),
        TypeDefKind::Record(_)
        | TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(_, _)
        | TypeDefKind::FixedLengthList(_, _)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => None,
    }
}

fn flags(resolve: &Resolve, ty: &wit_parser::Type) -> Option<FlagsLayout> {
    match kind(resolve, ty)? {
        TypeDefKind::Flags(flags) => Some(match flags.repr() {
            FlagsRepr::U8 => FlagsLayout { word_size: 1, words: 1 },
            FlagsRepr::U16 => FlagsLayout { word_size: 2, words: 1 },
            FlagsRepr::U32(words) => FlagsLayout { word_size: 4, words: narrow(words) },
        }),
        TypeDefKind::Record(_)
        | TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::Variant(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(_, _)
        | TypeDefKind::FixedLengthList(_, _)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => None,
    }
}
