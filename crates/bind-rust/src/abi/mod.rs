//! Lifting, lowering and freeing: what crosses between Rust values and the core values or the
//! memory of the canonical ABI. All of it is for `wasm32` alone, where pointers have four bytes.
//!
//! A recursion on types writes the code where it is needed ([`writer::Writer`]); what would be
//! written twice is a helper, and [`module`] prints those that were called. Functions that are
//! imported and exported are left to `imports` and `exports`.

mod cast;
mod free;
mod lift;
mod lower;
mod module;
mod plain;
mod shape;
mod shared;
mod temps;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use cast::rust as core_type;
pub(crate) use lift::From;
pub(crate) use lower::To;
pub use module::module;
pub use plain::is_plain_def;
pub use shared::Helpers;
pub(crate) use temps::Temps;
pub(crate) use writer::{Hold, Memory, Value, Writer, support};
