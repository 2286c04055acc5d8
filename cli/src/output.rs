//! Writing results: to a temporary file beside the target, then renamed, so
//! that nothing is ever half-written. `-` is standard output.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The output could not be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum OutputError {
    /// The folder of the target is missing.
    #[error("cannot write `{path}`: the folder `{folder}` does not exist")]
    #[diagnostic(code("cli::output-folder-missing"), help("create it first: mkdir -p {folder}"))]
    FolderMissing {
        /// The target.
        path: String,
        /// Its folder.
        folder: String,
    },
    /// Anything else the system says.
    #[error("cannot write `{path}`: {reason}")]
    #[diagnostic(
        code("cli::output-not-written"),
        help("check that the place exists, is writable and has room; nothing was changed there")
    )]
    NotWritten {
        /// The target.
        path: String,
        /// The system's words.
        reason: String,
    },
}

/// Writes `parts` one after the other to `path`.
pub fn write<'a>(path: &Path, parts: impl Iterator<Item = &'a [u8]>) -> Result<(), OutputError> {
    let failed = |error: &std::io::Error| OutputError::NotWritten {
        path: path.display().to_string(),
        reason: plain(error),
    };
    if path == Path::new("-") {
        let mut stdout = std::io::stdout().lock();
        for part in parts {
            stdout.write_all(part).map_err(|e| failed(&e))?;
        }
        return stdout.flush().map_err(|e| failed(&e));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(OutputError::FolderMissing {
            path: path.display().to_string(),
            folder: folder.display().to_string(),
        });
    }
    let mut file = tempfile::Builder::new()
        .prefix(".joggle-")
        .permissions(permissions())
        .tempfile_in(&folder)
        .map_err(|e| failed(&e))?;
    for part in parts {
        file.write_all(part).map_err(|e| failed(&e))?;
    }
    file.persist(path).map_err(|e| failed(&e.error))?;
    Ok(())
}

/// The mode an ordinary new file gets; the process's umask narrows it.
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The system's words without "(os error 13)".
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}
