//! One file per subcommand.

pub mod completions;
pub mod compose;
pub mod docs;
pub mod explain;
pub mod run;
pub mod serve;
mod stdin;
pub mod test;
pub mod validate;
