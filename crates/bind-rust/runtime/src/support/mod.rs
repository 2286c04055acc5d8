//! What lifting, lowering and native tests are made of. Bindings call it and nobody else does:
//! it changes with the generator.
//!
//! With a `--runtime-path` of one's own, `joggle bindgen` puts a copy of these modules into the
//! bindings, so that any crate with the names of `wit_bindgen::rt` will do.

#[cfg(not(target_arch = "wasm32"))]
mod fakes;
mod handles;
mod lists;
mod memory;
mod scalars;

#[cfg(not(target_arch = "wasm32"))]
pub use fakes::{Installed, Rc, add, current, get, install, keep_rep, missing, remove, rep};
#[cfg(target_arch = "wasm32")]
pub use handles::Kind;
pub use handles::{Handle, Lent, WasmResource, keep};
pub use lists::{
    give_list, give_map, give_slice, give_string, lift_list, lift_map, lift_slice, lift_string,
    lower_list, lower_map, lower_slice,
};
pub use memory::{Area, Scratch, Word, address, free, free_list, free_slice, read, word, write};
pub use scalars::{invalid, lift_char};
