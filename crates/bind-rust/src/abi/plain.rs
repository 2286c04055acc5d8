//! Which values lie in Rust's memory as they lie in the ABI's, so that lists of them go over as
//! they are.

use joggle_bind::model::{DefId, DefKind, TypeId};

use super::shape::Shape;
use crate::shape::Context;

/// How a value in Rust's memory relates to the same value in the ABI's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plain {
    /// The layouts differ.
    No,
    /// The layouts are one, but not all bits are a value: it can be read in place.
    Layout,
    /// And any bits are a value: what the host wrote can be taken as it is.
    Bits,
}

/// How a type's values relate.
///
/// Tuples differ, because Rust orders their fields as it likes, and so does what `with` names,
/// because nobody knows its layout.
pub fn plain(cx: &Context<'_>, ty: TypeId) -> Plain {
    let ty = cx.world.canonical(ty);
    if let Some(known) = cx.helpers.plain(ty) {
        return known;
    }
    let answer = match Shape::of(cx, ty) {
        Shape::Number(_) => Plain::Bits,
        Shape::Bool | Shape::Char => Plain::Layout,
        Shape::Enum(def, _) if !cx.is_remapped(def) => Plain::Layout,
        Shape::Fixed(element, _) => plain(cx, element),
        Shape::Record(def, fields) if !cx.is_remapped(def) => {
            fields.iter().map(|field| plain(cx, field.ty)).min().unwrap_or(Plain::No)
        }
        Shape::Enum(..)
        | Shape::Record(..)
        | Shape::String
        | Shape::List(_)
        | Shape::Map(..)
        | Shape::Tuple(_)
        | Shape::Option(_)
        | Shape::Result(..)
        | Shape::Own(_)
        | Shape::Borrow(_)
        | Shape::Variant(..)
        | Shape::Flags(_)
        | Shape::Refused => Plain::No,
    };
    cx.helpers.remember_plain(ty, answer);
    answer
}

/// Whether a record has to be `#[repr(C)]`, because lists of it go over as they are.
pub fn is_plain_def(cx: &Context<'_>, def: DefId) -> bool {
    match &cx.world.defs[def].kind {
        DefKind::Record(fields) => fields.iter().all(|field| plain(cx, field.ty) != Plain::No),
        DefKind::Variant(_)
        | DefKind::Enum(_)
        | DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_)
        | DefKind::Resource(_) => false,
    }
}
