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
#![expect(clippy::disallowed_methods, reason = "compiled code is kept on disk")]

mod askers;
mod cache;
mod call;
mod denied;
mod engine;
mod error;
mod executor;
mod exports;
mod gate;
mod grants;
mod imports;
mod invoke;
mod keyvalue;
mod limits;
mod link;
mod needs;
mod origins;
mod run;
mod script;
mod serve;
mod session;
mod signature;
mod stage;
mod state;
mod trap;
mod value;
mod watch;
mod wave;

pub use cache::Cache;
pub use call::Took;
pub use denied::Denied;
pub use engine::{Compiled, Program, Setup};
pub use error::HostError;
pub use grants::{Dir, GrantSyntax, Grants, HttpGrant, NetGrant};
pub use invoke::{InvokeError, Invoked};
pub use limits::Limits;
pub use needs::{Group, Missing, Needs, needs};
pub use run::Exit;
pub use script::Played;
pub use serve::{
    Access, Ending, Event, Pool, Prepared, RequestError, ServeError, ServeOptions, Server, Stopper,
    Stream, prepare,
};
pub use session::{Called, Session};
pub use stage::{Any, CoreValue, Fault, Item, Stage};
pub use trap::{Frame, Trap};
pub use value::Value;
pub use watch::{Entry, Watch};
