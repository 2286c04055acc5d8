//! One file per subcommand.

pub mod bindgen;
pub mod completions;
pub mod componentize;
pub mod compose;
pub mod docs;
pub mod explain;
pub mod explain_abi;
pub mod run;
pub mod serve;
mod stdin;
pub mod test;
pub mod validate;
mod wit;
