//! What every crate needs to say that something is wrong: a named [`Source`],
//! spans into it, and a [`Report`] as plain data.
//!
//! Libraries define their own error enums (`thiserror` and `miette::Diagnostic`)
//! with one stable code per variant. This crate turns any of them into data;
//! drawing them on a terminal is left to the command line.

mod report;
mod source;
mod suggest;
mod visible;

pub use report::{Label, Report, Severity};
pub use source::{Source, source};
pub use suggest::{closest, quoted_list};
pub use visible::{visible, visible_name};
