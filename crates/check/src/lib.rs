//! Valid by the specification; fits a world or a platform.
//!
//! Four questions, one module each, and each answers with everything that it
//! found: [`spec`] asks whether a binary obeys the specification, [`features`]
//! which proposals it may use or needs and what runs them, [`world`] whether a
//! component fits a world, [`profile`] whether a platform takes a file. Reading
//! inputs is left to `joggle_load`, showing findings to the command line.

pub mod features;
pub mod profile;
pub mod spec;
pub mod world;
