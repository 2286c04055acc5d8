//! Rust for wasm without rustup: Debian's `rustc-web` and the standard library
//! built from its source. Packages are unpacked into the cache, not installed.
//! Leaves linking to the active toolchain's linkers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::{apt, rust};
use crate::stamp::{self, Stamp};
use crate::{pins, process, screen};

/// Counts changes of the steps below that a finished folder cannot show.
const RECIPE: u32 = 2;

/// The way that needs none of this.
const ADVICE: &str =
    "run `rustup target add wasm32-unknown-unknown wasm32-wasip1 wasm32-wasip2` instead";

/// Builds the toolchain, or finds it; says which compiler it is.
pub fn prepare(folder: &Path, pins: &pins::Rust) -> Result<String> {
    if let Some(identity) = found(folder, pins)? {
        return Ok(identity);
    }
    let stamp = Stamp { wanted: wanted(pins)?, found: install(folder, pins)? };
    stamp::finish(folder, &stamp)?;
    identity(&stamp)
}

/// Which compiler lies there, if the folder is finished and of these pins.
pub fn found(folder: &Path, pins: &pins::Rust) -> Result<Option<String>> {
    stamp::fresh(folder, &wanted(pins)?).as_ref().map(identity).transpose()
}

fn wanted(pins: &pins::Rust) -> Result<String> {
    Ok(format!("recipe {RECIPE}, {}", serde_json::to_string(pins)?))
}

fn identity(stamp: &Stamp) -> Result<String> {
    let version = stamp.found.get("rustc-web").context("the stamp names no compiler")?;
    Ok(format!("rustc-web {version} (recipe {RECIPE})"))
}

/// The compiler of a prepared folder.
pub fn compiler(folder: &Path) -> PathBuf {
    folder.join("rustc")
}

/// Where its guests are built: they go when the standard library goes, which cargo
/// would not notice.
pub fn target_folder(folder: &Path) -> PathBuf {
    folder.join("guests")
}

/// Does all the work; returns the packages' versions.
fn install(folder: &Path, pins: &pins::Rust) -> Result<BTreeMap<String, String>> {
    apt::require(ADVICE)?;
    process::require("tar", ADVICE)?;
    stamp::start(folder)?;
    let archives = folder.join("archives");
    fs::create_dir(&archives)?;
    let found = screen::step("download Debian's Rust packages", || {
        apt::with_fresh_lists(|| apt::download(&archives, &look_up(&pins.debian.packages)?))
            .with_context(|| format!("if Debian has no Rust for wasm here, {ADVICE}"))
    })?;
    let prefix = folder.join("root");
    fs::create_dir(&prefix)?;
    screen::step("unpack them", || unpack(&archives, &prefix))?;
    fs::remove_dir_all(&archives)?;
    write_compiler(folder, &prefix)?;
    let what = format!("build the standard library for {}", pins.targets.join(", "));
    screen::step(&what, || build_standard_library(folder, &prefix, &pins.targets))?;
    fs::remove_dir_all(prefix.join("usr/src"))?;
    Ok(found)
}

/// The packages and the two whose names hold a version: the host's standard
/// library and LLVM.
fn look_up(packages: &[String]) -> Result<Vec<String>> {
    let standard = apt::dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    let llvm = apt::dependency(&standard, "libllvm")?;
    Ok(packages.iter().cloned().chain([standard, llvm]).collect())
}

fn unpack(archives: &Path, prefix: &Path) -> Result<()> {
    for archive in apt::list(archives)? {
        let is_source = archive
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"rust-web-src_"));
        if is_source {
            unpack_library(&archive, prefix)?;
        } else {
            apt::unpack(&archive, prefix)?;
        }
    }
    Ok(())
}

/// Of the compiler's source only the library is wanted, a small part of it.
fn unpack_library(archive: &Path, prefix: &Path) -> Result<()> {
    let mut reader = Command::new("dpkg")
        .arg("--fsys-tarfile")
        .arg(archive)
        .stdout(Stdio::piped())
        .spawn()
        .context("starting `dpkg`")?;
    let stream = reader.stdout.take().context("`dpkg` has no output")?;
    let unpacked = Command::new("tar")
        .arg("-x")
        .arg("-C")
        .arg(prefix)
        .args(["--wildcards", "./usr/src/rustc-*/library"])
        .stdin(stream)
        .status()
        .context("starting `tar`")?;
    let read = reader.wait().context("waiting for `dpkg`")?;
    ensure!(read.success() && unpacked.success(), "unpacking {} failed", archive.display());
    Ok(())
}

/// Writes a script that starts the compiler with the libraries it was linked to.
fn write_compiler(folder: &Path, prefix: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let usr = prefix.join("usr");
    let libraries = apt::one(&usr.join("lib"), |name| name.ends_with("-linux-gnu"))?;
    let quote = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let script = format!(
        "#!/bin/sh\nexport LD_LIBRARY_PATH={}\nexec {} \"$@\"\n",
        quote(&libraries),
        quote(&usr.join("bin/rustc")),
    );
    let path = compiler(folder);
    fs::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    process::quiet(process::program(&path).arg("--version"))
}

fn build_standard_library(folder: &Path, prefix: &Path, targets: &[String]) -> Result<()> {
    let source =
        apt::one(&prefix.join("usr/src"), |name| name.starts_with("rustc-"))?.join("library");
    let target_folder = folder.join("build");
    rust::fetch(&source, &[("RUSTC_BOOTSTRAP", "1")])?;
    let mut flags = rust::remap_registries()?;
    flags.push(rust::remap(&source, "/rust/library")?);
    flags.push("-Zforce-unstable-if-unmarked".into());
    // Guests that ask for link-time optimization need it.
    flags.push("-Cembed-bitcode=yes".into());
    let mut command = process::cargo();
    rust::forget_outer_flags(&mut command);
    command
        .current_dir(&source)
        .env("RUSTC", compiler(folder))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target_folder)
        .env("CARGO_ENCODED_RUSTFLAGS", rust::join_flags(&flags))
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .args(["build", "--release", "--locked", "--quiet", "--package", "sysroot"])
        .args(["--no-default-features", "--features", "compiler-builtins-mem"]);
    for target in targets {
        command.args(["--target", target]);
    }
    process::quiet(&mut command)?;
    for target in targets {
        place(prefix, &target_folder, target)?;
    }
    fs::remove_dir_all(&target_folder)?;
    Ok(())
}

/// Puts the libraries of one target where the compiler looks for them.
fn place(prefix: &Path, target_folder: &Path, target: &str) -> Result<()> {
    let usr = prefix.join("usr");
    let libraries = usr.join("lib/rustlib").join(target).join("lib");
    let from_libc = libraries.join("self-contained");
    fs::create_dir_all(&from_libc)?;
    for file in apt::list(&target_folder.join(target).join("release/deps"))? {
        if let Some(name) =
            file.file_name().filter(|_| file.extension().is_some_and(|e| e == "rlib"))
        {
            fs::copy(&file, libraries.join(name))?;
        }
    }
    if target.contains("wasip") {
        for name in ["libc.a", "crt1-command.o", "crt1-reactor.o"] {
            fs::copy(usr.join("lib/wasm32-wasi").join(name), from_libc.join(name))
                .with_context(|| format!("`wasi-libc` has no `{name}`"))?;
        }
    }
    Ok(())
}
