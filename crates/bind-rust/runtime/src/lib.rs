//! What Rust bindings made by `joggle bindgen` need at run time.
//!
//! It is `no_std`, has no dependency but `bitflags`, and does three things: it gives the host an
//! allocator (`cabi_realloc`), it says how an exported resource is held, and it has the small
//! functions ([`support`]) that lifting and lowering are made of. Its root has the names that
//! `wit_bindgen::rt` has, so that bindings work with either. What a world's types and functions
//! look like is left to the bindings.

#![no_std]
#![expect(
    unsafe_code,
    reason = "lifting and lowering read and write memory by address, as the canonical ABI wants"
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod map;
mod realloc;
mod resource;
pub mod support;

pub use map::{Map, WitMap};
#[cfg(target_arch = "wasm32")]
pub use realloc::run_ctors_once;
pub use realloc::{cabi_realloc, maybe_link_cabi_realloc};
pub use resource::{Resource, ResourceRep};

/// Flags of WIT are types of this crate.
#[cfg(feature = "bitflags")]
pub use bitflags;
