//! A path, bytes or standard input becomes an [`Artifact`]: a WIT package, a
//! component or a core module. This crate alone decides what a file is, by its
//! content, and is the only library that reads the disk for input. It carries
//! the WIT of WASI, and reports every mistake of a WIT file at once.
//!
//! What an artifact is good for is left to others: it is not linked, run or
//! inspected here. A binary is only recognised by [`load`]; whether it obeys
//! the specification is a question of its own.
#![expect(clippy::disallowed_methods, reason = "this is the library that reads input")]

mod artifact;
mod bundle;
mod bytes;
mod decode;
mod detect;
mod error;
mod features;
mod printed;
mod text;
pub mod verify;
mod wit;

pub use artifact::{Artifact, Binary, Wit, component, load, load_bytes, load_with, shown};
pub use bundle::{bundled_package, bundled_packages};
pub use bytes::Bytes;
pub use decode::{DECODER_THREAD, decode, guarded};
pub use error::{Kind, LoadError};
pub use features::Features;
pub use text::{Text, text};
pub use wit::{ProblemKind, WitError, WitProblem};
