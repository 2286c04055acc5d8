//! One file per subcommand.

pub mod compose;
pub mod explain;
pub mod run;
mod stdin;
pub mod validate;
