//! Writing results: to a temporary file beside the target, then renamed, so
//! that nothing is ever half-written. `-` is standard output.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The output could not be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum OutputError {
    /// There is nowhere to write to.
    #[error("there is no place to write the result to")]
    #[diagnostic(
        code("cli::output-missing"),
        help("say where: -o app.wasm; or look without writing: --dry-run")
    )]
    Nowhere,
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

/// Whether a path is something other than a file that could be replaced: standard
/// output, a pipe or a device. It is written to as it is.
pub fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
        || std::fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Writes `parts` to a stream. A reader that has gone away is no failure.
pub fn stream<'a>(path: &Path, parts: impl Iterator<Item = &'a [u8]>) -> Result<(), OutputError> {
    let failed = |error: &std::io::Error| not_written(path, error);
    let mut out: Box<dyn Write> = if path == Path::new("-") {
        Box::new(std::io::stdout().lock())
    } else {
        let file = std::fs::OpenOptions::new().write(true).open(path);
        Box::new(file.map_err(|e| failed(&e))?)
    };
    let mut parts = parts;
    let written = parts.try_for_each(|part| out.write_all(part)).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(failed(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A file that is written but does not have its name yet; dropped, it is gone.
pub struct Staged {
    file: tempfile::NamedTempFile,
    /// Where it belongs.
    place: PathBuf,
    /// What the user calls that place.
    shown: PathBuf,
}

impl Staged {
    /// Gives the file its name.
    pub fn keep(self) -> Result<(), OutputError> {
        let kept = self.file.persist(&self.place);
        kept.map(drop).map_err(|error| not_written(&self.shown, &error.error))
    }
}

/// Writes `parts` one after the other to a temporary file beside `path`.
pub fn stage<'a>(
    path: &Path,
    parts: impl Iterator<Item = &'a [u8]>,
) -> Result<Staged, OutputError> {
    // A link stays one: what it points to is replaced.
    let place = target_of(path);
    let folder = folder_of(&place);
    if !folder.is_dir() {
        return Err(OutputError::FolderMissing {
            path: path.display().to_string(),
            folder: folder.display().to_string(),
        });
    }
    let failed = |error: &std::io::Error| not_written(path, error);
    let mut file = tempfile::Builder::new()
        .prefix(".joggle-")
        .permissions(permissions())
        .tempfile_in(&folder)
        .map_err(|e| failed(&e))?;
    for part in parts {
        file.write_all(part).map_err(|e| failed(&e))?;
    }
    Ok(Staged { file, place, shown: path.to_owned() })
}

/// Makes the folder that a file is to lie in, and those above it.
pub fn make_folder_of(path: &Path) -> Result<(), OutputError> {
    std::fs::create_dir_all(folder_of(path)).map_err(|error| not_written(path, &error))
}

/// Where a link points to, whether or not there is something; a file's own path.
fn target_of(path: &Path) -> PathBuf {
    match (std::fs::canonicalize(path), std::fs::read_link(path)) {
        (Ok(target), Ok(_)) => target,
        (Err(_), Ok(target)) => folder_of(path).join(target),
        (_, Err(_)) => path.to_owned(),
    }
}

fn not_written(path: &Path, error: &std::io::Error) -> OutputError {
    OutputError::NotWritten { path: path.display().to_string(), reason: plain(error) }
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
