//! Rust for wasm: the active toolchain where rustup has given it the targets,
//! otherwise the one that `debian.rs` builds. Either way guests are linked by the
//! active toolchain's linkers and built into a folder of their own.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Cache, Language, debian};
use crate::{paths, pins, process};

/// Between two compiler flags in cargo's environment.
const FLAG_SEPARATOR: &str = "\x1f";

/// rustc with standard libraries for wasm.
#[derive(Debug)]
pub struct Toolchain {
    /// The compiler's version.
    pub identity: String,
    /// The compiler, where it is not the active one.
    compiler: Option<PathBuf>,
    linkers: Linkers,
    target_folder: PathBuf,
}

/// The active toolchain, as far as guests are concerned.
#[derive(Debug)]
pub struct Active {
    version: String,
    libraries: PathBuf,
    linkers: Linkers,
}

#[derive(Clone, Debug)]
struct Linkers {
    folder: PathBuf,
}

/// Prepares rustc for the pinned targets.
pub fn prepare(cache: &Cache, pins: &pins::Rust) -> Result<Toolchain> {
    if let Some(ready) = ready(cache, pins)? {
        return Ok(ready);
    }
    let active = Active::find()?;
    active.linkers.check()?;
    let folder = cache.language(Language::Rust);
    let identity = debian::prepare(&folder, pins)?;
    Ok(Toolchain::of_debian(identity, &folder, active.linkers))
}

/// The toolchain, if nothing has to be prepared.
pub fn ready(cache: &Cache, pins: &pins::Rust) -> Result<Option<Toolchain>> {
    let active = Active::find()?;
    let folder = cache.language(Language::Rust);
    if pins.targets.iter().all(|target| active.has(target)) {
        return Ok(Some(Toolchain {
            identity: active.version,
            compiler: None,
            linkers: active.linkers,
            target_folder: cache.folder().join("rust-guests"),
        }));
    }
    let found = debian::found(&folder, pins)?;
    Ok(found.map(|identity| Toolchain::of_debian(identity, &folder, active.linkers)))
}

impl Toolchain {
    fn of_debian(identity: String, folder: &Path, linkers: Linkers) -> Self {
        Self {
            identity,
            compiler: Some(debian::compiler(folder)),
            linkers,
            target_folder: debian::target_folder(folder),
        }
    }

    /// A `cargo build` command for one guest package, and the folder its output
    /// lies in. No path of this machine gets into what it builds.
    pub fn build(
        &self,
        workspace: &Path,
        package: &str,
        target: &str,
    ) -> Result<(Command, PathBuf)> {
        let mut command = process::cargo();
        command.current_dir(workspace).args(["build", "--release", "--locked", "--quiet"]);
        command.args(["--package", package, "--target", target]);
        command.env("CARGO_TARGET_DIR", &self.target_folder);
        forget_outer_flags(&mut command);
        command.envs(self.environment()?);
        fetch(workspace, &[])?;
        let mut flags = remap_registries()?;
        flags.push(remap(workspace, "/guests")?);
        command.env("CARGO_ENCODED_RUSTFLAGS", join_flags(&flags));
        Ok((command, self.target_folder.join(target).join("release")))
    }

    /// The variables that make cargo build for wasm; none where rustup has the targets.
    pub fn environment(&self) -> Result<Vec<(&'static str, OsString)>> {
        let Some(compiler) = &self.compiler else { return Ok(Vec::new()) };
        let mut all = vec![("RUSTC", compiler.clone().into_os_string())];
        all.extend(self.linkers.environment()?);
        Ok(all)
    }

    /// Where guests are built.
    pub fn target_folder(&self) -> &Path {
        &self.target_folder
    }
}

impl Active {
    fn find() -> Result<Self> {
        let advice = "install Rust with rustup";
        let rustc = process::require("rustc", advice)?;
        let ask = |arguments: &[&str]| process::output(Command::new(&rustc).args(arguments));
        let places = ask(&["--print", "sysroot", "--print", "host-tuple"])?;
        let mut lines = places.lines();
        let (sysroot, host) = lines.next().zip(lines.next()).context("rustc names no sysroot")?;
        let libraries = Path::new(sysroot).join("lib/rustlib");
        Ok(Self {
            version: ask(&["--version"])?.trim().to_owned(),
            linkers: Linkers { folder: libraries.join(host).join("bin") },
            libraries,
        })
    }

    fn has(&self, target: &str) -> bool {
        self.libraries.join(target).join("lib").is_dir()
    }
}

impl Linkers {
    fn check(&self) -> Result<()> {
        for linker in ["rust-lld", "wasm-component-ld"] {
            ensure!(
                self.folder.join(linker).is_file(),
                "the active Rust toolchain has no `{linker}`: install Rust with rustup"
            );
        }
        Ok(())
    }

    fn environment(&self) -> Result<[(&'static str, OsString); 4]> {
        let lld = self.folder.join("rust-lld").into_os_string();
        let component_linker = self.folder.join("wasm-component-ld").into_os_string();
        // `wasm-component-ld` starts `wasm-ld`, which lies in a folder below.
        let outer = env::var_os("PATH").unwrap_or_default();
        let path = env::split_paths(&outer).chain([self.folder.join("gcc-ld")]);
        Ok([
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", lld.clone()),
            ("CARGO_TARGET_WASM32_WASIP1_LINKER", lld),
            ("CARGO_TARGET_WASM32_WASIP2_LINKER", component_linker),
            ("PATH", env::join_paths(path)?),
        ])
    }
}

/// Settings for the project's own build must not reach another compiler's.
pub fn forget_outer_flags(command: &mut Command) {
    for variable in ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"]
    {
        command.env_remove(variable);
    }
}

/// The compiler flag that writes one path in place of another.
pub fn remap(from: &Path, to: &str) -> Result<OsString> {
    let from = from.to_str().context("a path that is not UTF-8 cannot be remapped")?;
    Ok(format!("--remap-path-prefix={from}={to}").into())
}

/// Several compiler flags as one environment variable.
pub fn join_flags(flags: &[OsString]) -> OsString {
    flags.join(FLAG_SEPARATOR.as_ref())
}

/// Downloads the dependencies of a workspace.
pub fn fetch(workspace: &Path, environment: &[(&str, &str)]) -> Result<()> {
    let mut command = process::cargo();
    command.envs(environment.iter().copied());
    process::quiet(command.current_dir(workspace).args(["fetch", "--locked", "--quiet"]))
}

/// The flags that take the folders of downloaded sources out of what is built: they
/// name a person's home and a registry's host. They exist once `fetch` is done.
pub fn remap_registries() -> Result<Vec<OsString>> {
    let sources = cargo_home()?.join("registry/src");
    let mut registries: Vec<PathBuf> = match fs::read_dir(&sources) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?,
        // Nothing was ever downloaded.
        Err(_) => Vec::new(),
    };
    registries.sort();
    registries.iter().map(|registry| remap(registry, "/crates")).collect()
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Result<PathBuf> {
    if let Some(path) = paths::set("CARGO_HOME") {
        return Ok(path.into());
    }
    let home = paths::set("HOME").context("neither CARGO_HOME nor HOME is set")?;
    Ok(PathBuf::from(home).join(".cargo"))
}
