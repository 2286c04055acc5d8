//! Core values in the joined slots of a variant: each case has core types of its own, and the
//! slot has one that can hold them all (`CanonicalABI.md`, `lower_flat_variant`).

use joggle_bind::abi::CoreType;
use proc_macro2::TokenStream;
use quote::quote;

/// Puts a value of type `own` into a slot of type `slot`.
pub fn widen(value: &TokenStream, own: CoreType, slot: CoreType) -> TokenStream {
    match (own, slot) {
        (CoreType::I32, CoreType::I64) => quote!(i64::from(#value as u32)),
        (CoreType::F32, CoreType::I32) => quote!(f32::to_bits(#value) as i32),
        (CoreType::F32, CoreType::I64) => quote!(i64::from(f32::to_bits(#value))),
        (CoreType::F64, CoreType::I64) => quote!(f64::to_bits(#value) as i64),
        // Equal types; no others are joined.
        (CoreType::I32 | CoreType::I64 | CoreType::F32 | CoreType::F64, _) => value.clone(),
    }
}

/// Takes a value of type `own` out of a slot of type `slot`.
pub fn narrow(value: &TokenStream, slot: CoreType, own: CoreType) -> TokenStream {
    match (slot, own) {
        (CoreType::I64, CoreType::I32) => quote!(#value as i32),
        (CoreType::I32 | CoreType::I64, CoreType::F32) => quote!(f32::from_bits(#value as u32)),
        (CoreType::I64, CoreType::F64) => quote!(f64::from_bits(#value as u64)),
        (CoreType::I32 | CoreType::I64 | CoreType::F32 | CoreType::F64, _) => value.clone(),
    }
}

/// What fills a slot that a case does not use.
pub fn zero(slot: CoreType) -> TokenStream {
    match slot {
        CoreType::I32 | CoreType::I64 => quote!(0),
        CoreType::F32 | CoreType::F64 => quote!(0.0),
    }
}

/// The Rust type of a core type.
pub fn rust(ty: CoreType) -> TokenStream {
    match ty {
        CoreType::I32 => quote!(i32),
        CoreType::I64 => quote!(i64),
        CoreType::F32 => quote!(f32),
        CoreType::F64 => quote!(f64),
    }
}
