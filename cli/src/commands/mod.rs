//! One file per subcommand.

pub mod compose;
pub mod explain;
pub mod run;
pub mod validate;
