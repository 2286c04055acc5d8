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

/// What it reads files through; some versions do not find folders of WIT.
const SHIM: &str = "@bytecodealliance/preview2-shim";

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
    let shim = &pins.preview2_shim;
    let wanted = format!("recipe {RECIPE}, {PACKAGE} {version}, {SHIM} {shim}");
    if stamp::fresh(&folder, &wanted).is_none() {
        let dependencies = serde_json::json!({ PACKAGE: version, SHIM: shim });
        js::npm_install(&folder, &format!("componentize-js {version}"), &dependencies, None)?;
        stamp::finish(&folder, &Stamp { wanted, found: BTreeMap::new() })?;
    }
    Ok(Toolchain {
        identity: format!("componentize-js {version}"),
        program: folder.join("node_modules/.bin/componentize-js"),
    })
}
