//! Gathers the error pages, `docs/errors/AREA/NAME.md`, into a table that
//! `joggle explain` prints from.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../docs/errors");
    writeln!(std::io::stdout(), "cargo:rerun-if-changed={}", folder.display())?;
    let mut table = String::from("&[\n");
    for area in sorted(&folder)?.into_iter().filter(|path| path.is_dir()) {
        // A page that is added or removed changes its folder, not the folder above.
        writeln!(std::io::stdout(), "cargo:rerun-if-changed={}", area.display())?;
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
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("pages.rs"), table)?;
    Ok(())
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
