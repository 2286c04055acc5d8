//! Where the parts of a value lie in linear memory, asked by type id. The
//! numbers are wit-parser's (`SizeAlign`), narrowed to a 32-bit memory.

use super::CoreType;
use crate::model::{TypeId, World};

/// Size and alignment of a value in linear memory, in bytes.
///
/// `CanonicalABI.md`, "Alignment" and "Element Size".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// How many bytes there are; a multiple of the alignment.
    pub size: u32,
    /// 1, 2, 4 or 8.
    pub align: u32,
}

/// Values one after another, as the fields of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLayout {
    /// Of all together.
    pub layout: Layout,
    /// Of each value, from the start.
    pub offsets: Vec<u32>,
}

/// A discriminant, and the payload behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantLayout {
    /// Bytes of the discriminant: 1, 2 or 4.
    pub tag_size: u32,
    /// Where every payload starts.
    pub payload_offset: u32,
    /// The core types of the payload when the value is flat: those of all cases joined. Each case
    /// uses a prefix, and its own core types may be narrower than these: see `lift_flat_variant`
    /// in `CanonicalABI.md`. `None` when the value never is flat, because it takes more than
    /// [`super::Tables::MAX_FLAT`].
    pub payload_flat: Option<Vec<CoreType>>,
}

/// How many bytes hold flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlagsLayout {
    /// Bytes of one word in memory: 1, 2 or 4.
    pub word_size: u32,
    /// How many words there are, and how many `i32` when the value is flat: 1, or more for more
    /// than 32 flags, which the specification no longer has.
    pub words: u32,
}

impl World {
    /// The type that stands for all that are equal once aliases are followed and united
    /// definitions are one. Whatever is generated once for each structure is keyed by it.
    #[must_use]
    pub fn canonical(&self, ty: TypeId) -> TypeId {
        self.abi.canonical(ty)
    }

    /// Size and alignment of a value of the type.
    #[must_use]
    pub fn layout(&self, ty: TypeId) -> Layout {
        self.abi.layout(ty)
    }

    /// The core types that a value of the type flattens to, when they are at most
    /// [`super::Tables::MAX_FLAT`]; else it only ever lies in memory.
    #[must_use]
    pub fn flat(&self, ty: TypeId) -> Option<&[CoreType]> {
        self.abi.flat(ty)
    }

    /// Where values lie one after another: the fields of a record or a tuple, the key and the
    /// value of a map's entry, parameters that are passed in memory.
    #[must_use]
    pub fn record(&self, types: &[TypeId]) -> RecordLayout {
        self.abi.record(types)
    }

    /// The offsets of [`Self::record`] alone.
    #[must_use]
    pub fn offsets(&self, types: &[TypeId]) -> Vec<u32> {
        self.record(types).offsets
    }

    /// Discriminant and payload of a variant, an enum, an option or a result, also behind
    /// aliases; `None` for other types.
    #[must_use]
    pub fn variant(&self, ty: TypeId) -> Option<&VariantLayout> {
        self.abi.variant(ty)
    }

    /// The words of flags, also behind aliases; `None` for other types.
    #[must_use]
    pub fn flags(&self, ty: TypeId) -> Option<FlagsLayout> {
        self.abi.flags(ty)
    }
}
