//! The pinned versions, read from `xtask/toolchains.toml`.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::paths;

/// Every pinned version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    pub rust: Rust,
    pub python: Python,
    pub js: Js,
    pub starling: Starling,
    pub c: C,
}

/// Compiling Rust for wasm.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rust {
    pub targets: Vec<String>,
    pub debian: Debian,
}

/// The way without rustup.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Debian {
    pub packages: Vec<String>,
}

/// Packaging Python.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Python {
    pub componentize_py: String,
}

/// Packaging JavaScript.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Js {
    pub componentize_qjs: String,
}

/// Packaging JavaScript with the other engine.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Starling {
    pub componentize_js: String,
    pub preview2_shim: String,
}

/// Compiling C for wasm.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct C {
    pub ziglang: String,
}

/// Reads the pins of this checkout.
pub fn read() -> Result<Pins> {
    let path = paths::root().join("xtask/toolchains.toml");
    let text = fs::read_to_string(&path).context("reading xtask/toolchains.toml")?;
    toml::from_str(&text).context("reading xtask/toolchains.toml")
}
