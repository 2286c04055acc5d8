//! A C compiler for wasm: zig's, from Python's registry. Only the quickstart's
//! recipe needs it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Cache, Language, python};
use crate::{pins, process};

/// zig's C compiler, ready to run.
#[derive(Debug)]
pub struct Toolchain {
    /// Its name and version.
    pub identity: String,
    folder: PathBuf,
}

impl Toolchain {
    /// A `zig cc` command; what zig caches stays in the cache folder.
    pub fn cc(&self) -> Command {
        let mut command = process::program(&self.folder.join("bin/python"));
        command.args(["-m", "ziglang", "cc"]);
        command.env("ZIG_GLOBAL_CACHE_DIR", self.folder.join("zig-cache"));
        command.env("ZIG_LOCAL_CACHE_DIR", self.folder.join("zig-cache"));
        command
    }
}

/// Prepares the compiler.
pub fn prepare(cache: &Cache, pins: &pins::C) -> Result<Toolchain> {
    let folder = cache.language(Language::C);
    let identity = python::install(&folder, "ziglang", &pins.ziglang)?;
    Ok(Toolchain { identity, folder })
}
