//! `ComponentizeJS` from npm: JavaScript on `SpiderMonkey`, in components of twelve
//! megabytes. Only `cargo xtask bench` needs it; the tests' JavaScript is `QuickJS`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Cache, Language, js};
use crate::stamp::{self, Stamp};
use crate::{pins, process};

/// Counts changes of the steps below that a finished folder cannot show.
const RECIPE: u32 = 1;

const PACKAGE: &str = "@bytecodealliance/componentize-js";

/// `ComponentizeJS`, ready to run.
#[derive(Debug)]
pub struct Toolchain {
    /// Its name and version.
    pub identity: String,
    program: PathBuf,
}

impl Toolchain {
    /// A componentize-js command.
    pub fn componentize(&self) -> Command {
        process::program(&self.program)
    }
}

/// Prepares `ComponentizeJS`.
pub fn prepare(cache: &Cache, pins: &pins::Starling) -> Result<Toolchain> {
    let folder = cache.language(Language::Starling);
    let version = &pins.componentize_js;
    let wanted = format!("recipe {RECIPE}, {PACKAGE} {version}");
    if stamp::fresh(&folder, &wanted).is_none() {
        js::npm_install(&folder, PACKAGE, version, None)?;
        stamp::finish(&folder, &Stamp { wanted, found: BTreeMap::new() })?;
    }
    Ok(Toolchain {
        identity: format!("componentize-js {version}"),
        program: folder.join("node_modules/.bin/componentize-js"),
    })
}
