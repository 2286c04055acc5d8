//! The language-neutral binding model: what a component asks for and gives,
//! dealiased and interned, with who owns what, how it lies in memory, and what
//! things are called.
//!
//! `build` turns resolved WIT into a [`World`], `abi` holds what wit-parser says
//! of its layout and of its core imports and exports, `explain` tells people the
//! same, and `name` turns names of WIT into identifiers. Printing a language is
//! left to the backends, which take a [`Built`] and read.
#![deny(clippy::wildcard_enum_match_arm)]

pub mod abi;
mod build;
pub mod config;
pub mod explain;
pub mod model;
pub mod name;
mod problem;

pub use build::{Built, Options, Types, build, select_world};
pub use model::World;
pub use problem::Problem;
