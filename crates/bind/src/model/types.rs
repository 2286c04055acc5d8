//! What a value can be.

use super::{DefId, TypeId};

/// The type of a value. Named types are [`Type::Def`]; all other types are their structure, so
/// that equal structures have one [`TypeId`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `s8`
    S8,
    /// `s16`
    S16,
    /// `s32`
    S32,
    /// `s64`
    S64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`
    Char,
    /// `string`
    String,
    /// `error-context`
    ErrorContext,
    /// `list<t>`
    List(TypeId),
    /// `list<t, n>`
    FixedLengthList(TypeId, u32),
    /// `map<k, v>`. In the ABI it is a list of pairs, and the last of equal keys wins.
    Map(TypeId, TypeId),
    /// `tuple<…>`, of any size.
    Tuple(Vec<TypeId>),
    /// `option<t>`
    Option(TypeId),
    /// `result<ok, err>`; each payload may be missing.
    Result {
        /// The payload of success.
        ok: Option<TypeId>,
        /// The payload of failure.
        err: Option<TypeId>,
    },
    /// A handle that is handed over. The definition is a [`super::DefKind::Resource`], never an
    /// alias of one.
    Own(DefId),
    /// A handle for the time of a call.
    Borrow(DefId),
    /// `stream<t>`, or `stream`.
    Stream(Option<TypeId>),
    /// `future<t>`, or `future`.
    Future(Option<TypeId>),
    /// A record, variant, enum, flags or alias. (A resource occurs in handles only.)
    Def(DefId),
}
