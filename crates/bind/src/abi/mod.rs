//! How the values and functions of a world look to a core module: sizes, flat
//! types, offsets, signatures, the names of imports and exports, and who frees
//! what. Every number and every name comes out of wit-parser; this folder only
//! puts them where a backend finds them.
//!
//! Code that lifts and lowers is left to the backends, and drawing these facts
//! for people to [`crate::explain`].

mod bounds;
mod canonical;
mod core;
mod facts;
mod flattened;
mod layout;
mod ownership;
mod tables;
#[cfg(test)]
mod tests;

pub use core::{Async, Core, Lift, ResourceCore, Symbol, Task, core, resource};
pub use facts::Facts;
pub use flattened::Flattened;
pub use layout::{FlagsLayout, Layout, RecordLayout, VariantLayout};
pub use ownership::{Memory, Ownership, Passing};
pub use tables::{Tables, Unfit, Why, measure};

use wit_parser::abi::WasmType;

/// A type of core WebAssembly. Memories are 32 bits wide, so pointers and lengths are `I32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CoreType {
    /// Integers up to 32 bits, and every handle, pointer and length.
    I32,
    /// Integers of 64 bits.
    I64,
    /// Floating-point numbers of 32 bits.
    F32,
    /// Floating-point numbers of 64 bits.
    F64,
}

impl CoreType {
    /// As WAT writes it.
    #[must_use]
    pub fn wat(self) -> &'static str {
        match self {
            CoreType::I32 => "i32",
            CoreType::I64 => "i64",
            CoreType::F32 => "f32",
            CoreType::F64 => "f64",
        }
    }

    fn of(ty: WasmType) -> CoreType {
        match ty {
            WasmType::I32 | WasmType::Pointer | WasmType::Length => CoreType::I32,
            WasmType::I64 | WasmType::PointerOrI64 => CoreType::I64,
            WasmType::F32 => CoreType::F32,
            WasmType::F64 => CoreType::F64,
        }
    }
}
