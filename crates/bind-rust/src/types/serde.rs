//! Traits of serde, for those who ask for them: on every type that owns plain values.

use joggle_bind::World;
use joggle_bind::model::{DefId, DefKind, Type, TypeId};
use proc_macro2::Ident;
use quote::quote;

use crate::ir::Item;
use crate::shape::Context;
use crate::spell::Form;

/// The longest tuple and the longest array that serde knows.
const TUPLE: usize = 16;
const ARRAY: u32 = 32;

/// Which types serde can write, by the index of their id. Parts stand before wholes.
pub(crate) fn serializable(world: &World) -> Vec<bool> {
    let mut known = Vec::with_capacity(world.types.len());
    for (_, ty) in world.types.iter() {
        let fits = fits(world, ty, &known);
        known.push(fits);
    }
    known
}

fn fits(world: &World, ty: &Type, known: &[bool]) -> bool {
    let all = |parts: &[TypeId]| parts.iter().all(|part| known[part.index()]);
    match ty {
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
        | Type::String => true,
        Type::List(inner) | Type::Option(inner) => all(&[*inner]),
        Type::FixedLengthList(inner, length) => *length <= ARRAY && all(&[*inner]),
        Type::Map(key, value) => all(&[*key, *value]),
        Type::Tuple(parts) => parts.len() <= TUPLE && all(parts),
        Type::Result { ok, err } => ok.iter().chain(err).all(|part| known[part.index()]),
        Type::Own(_) | Type::Borrow(_) | Type::Stream(_) | Type::Future(_) | Type::ErrorContext => {
            false
        }
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Record(fields) => fields.iter().all(|field| known[field.ty.index()]),
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                cases.iter().filter_map(|case| case.ty).all(|ty| known[ty.index()])
            }
            DefKind::Alias(target) => known[target.index()],
            DefKind::Flags(_) => true,
            DefKind::ResourceAlias(_) | DefKind::Resource(_) => false,
        },
    }
}

/// Whether a definition derives them.
pub(super) fn derives(cx: &Context<'_>, id: DefId, form: &Form) -> bool {
    let fits = cx.world.def_type(id).is_some_and(|ty| cx.serializable[ty.index()]);
    cx.options.serde && fits && form.mode.lifetime.is_none()
}

/// Flags are their bits.
pub(super) fn flags(cx: &Context<'_>, ident: &Ident, bits: &Ident) -> Vec<Item> {
    if !cx.options.serde {
        return Vec::new();
    }
    let refusal = format!("unknown bits of `{ident}`");
    vec![
        Item::new(quote! {
            impl ::serde::Serialize for #ident {
                fn serialize<S: ::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    ::serde::Serialize::serialize(&self.bits(), serializer)
                }
            }
        }),
        Item::new(quote! {
            impl<'de> ::serde::Deserialize<'de> for #ident {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let bits = <#bits as ::serde::Deserialize>::deserialize(deserializer)?;
                    let unknown = || ::serde::de::Error::custom(#refusal);
                    Self::from_bits(bits).ok_or_else(unknown)
                }
            }
        }),
    ]
}
