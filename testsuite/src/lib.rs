//! Engines for the tests that cross crates.
//!
//! Adding a test is adding a file: a case under `fixtures/cli`, a page under
//! `docs/errors`. The tests themselves stand in `tests/`; the `joggle` binary
//! is run as a process, so that what is tested is what is shipped.

pub mod binary;
pub mod case;
pub mod components;
pub mod expect;
pub mod files;
pub mod generate;
pub mod guests;
pub mod guide;
pub mod input;
pub mod manual;
pub mod oracle;
pub mod outer;
pub mod page;
pub mod play;
pub mod scratch;
pub mod server;
pub mod toolchain;
pub mod worlds;
