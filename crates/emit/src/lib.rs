//! What a backend hands back: a set of files, each with a line at its head that says where it
//! came from. Writing the text of a file is left to the backends, writing files to a disk to the
//! command line.

mod files;
mod header;

pub use files::{FileError, Files};
pub use header::{Comment, header};
