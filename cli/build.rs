//! Gathers what the binary knows about its own sources: the error pages,
//! `docs/errors/AREA/NAME.md`, that `joggle explain` prints, and the versions of
//! what it stands on, out of `Cargo.lock` and the folders of the bundled WIT.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the version tells about, each with one of our crates that uses it: the
/// lock may hold other versions of it, for others.
const FOUNDATIONS: [(&str, &str); 4] = [
    ("wasmparser", "joggle-load"),
    ("wit-parser", "joggle-load"),
    ("wasm-encoder", "joggle-compose"),
    ("wasmtime", "joggle-host"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("pages.rs"), pages(&here.join("../docs/errors"))?)?;
    std::fs::write(out.join("version.rs"), format!("{:?}", version(&here.join(".."))?))?;
    Ok(())
}

/// The table of error pages, as Rust.
fn pages(folder: &Path) -> Result<String, Box<dyn Error>> {
    watch(folder)?;
    let mut table = String::from("&[\n");
    for area in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        // A page that is added or removed changes its folder, not the folder above.
        watch(&area)?;
        for page in sorted(&area)? {
            if page.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            let code = format!("{}::{}", stem(&area), stem(&page));
            let path = page.canonicalize()?;
            writeln!(table, "    ({code:?}, include_str!({:?})),", path.display().to_string())?;
        }
    }
    table.push_str("]\n");
    Ok(table)
}

/// Our version, then one line for each thing that it stands on.
fn version(root: &Path) -> Result<String, Box<dyn Error>> {
    let path = root.join("Cargo.lock");
    watch(&path)?;
    let lock: toml::Table = std::fs::read_to_string(&path)?.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let packages = packages.ok_or("Cargo.lock lists no packages")?;
    let mut text = std::env::var("CARGO_PKG_VERSION")?;
    for (name, user) in FOUNDATIONS {
        let version = used_version(packages, name, user);
        let version = version.ok_or_else(|| format!("{user} does not use {name}"))?;
        write!(text, "\n{name} {version}")?;
    }
    let bundled = root.join("crates/load/wit");
    watch(&bundled)?;
    let folders = sorted(&bundled)?.into_iter().filter(|path| path.is_dir());
    let versions: Vec<String> = folders.map(|path| name_of(&path)).collect();
    write!(text, "\nWASI {}", versions.join(" and "))?;
    Ok(text)
}

/// The version of `name` that `user` depends on.
fn used_version(packages: &[toml::Value], name: &str, user: &str) -> Option<String> {
    let is = |package: &&toml::Value, name: &str| package.get("name")?.as_str().map(|n| n == name);
    let user = packages.iter().find(|package| is(package, user) == Some(true))?;
    let dependencies = user.get("dependencies")?.as_array()?.iter().filter_map(|d| d.as_str());
    // `name`, or `name version` where the lock holds several.
    let mut words = dependencies.map(str::split_whitespace).find_map(|mut words| {
        let first = words.next()?;
        (first == name).then_some(words)
    })?;
    if let Some(version) = words.next() {
        return Some(version.to_owned());
    }
    let package = packages.iter().find(|package| is(package, name) == Some(true))?;
    Some(package.get("version")?.as_str()?.to_owned())
}

fn watch(path: &Path) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo:rerun-if-changed={}", path.display())
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
