//! Running a component: what it is granted, its command entry point, and
//! calls to any export with values as text (WAVE). The engine is wasmtime,
//! and no type of it leaves this crate.
//!
//! Nothing is granted by default except the three standard streams, which are
//! the program's output and input. What a program asked for and did not get is
//! reported by name ([`Denied`]).
//!
//! Left to others: reading the file (`joggle-load`), the environment of the
//! process and everything on the terminal (the command line).

mod call;
mod denied;
mod engine;
mod error;
mod exports;
mod grants;
mod imports;
mod invoke;
mod invoke_error;
mod link;
mod origins;
mod run;
mod signature;
mod state;
mod trap;
mod wave;

pub use denied::Denied;
pub use engine::Program;
pub use error::HostError;
pub use grants::{Dir, Grants};
pub use invoke::Invoked;
pub use invoke_error::InvokeError;
pub use run::Exit;
pub use trap::{Frame, Trap};
