//! What a program is given beyond its standard streams. Nothing, unless said here.
//! Reading the host's environment is left to the command line.

use std::path::PathBuf;

use wasmtime_wasi::{FsPerms, WasiCtx};

use crate::error::HostError;

/// What a program is given. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Environment variables, name and value. The last of one name counts.
    pub env: Vec<(String, String)>,
    /// Folders that the program may read and write.
    pub dirs: Vec<Dir>,
}

/// A folder of the host, under the path by which the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dir {
    /// The folder on this machine.
    pub host: PathBuf,
    /// Its path inside the program.
    pub guest: String,
}

impl Grants {
    /// The grants as WASI knows them, with the program's arguments (its own name first).
    pub(crate) fn context(&self, arguments: &[String]) -> Result<WasiCtx, HostError> {
        let mut context = WasiCtx::builder();
        context.inherit_stdio().args(arguments);
        for (index, (name, value)) in self.env.iter().enumerate() {
            let overridden = self.env.iter().skip(index + 1).any(|(later, _)| later == name);
            if !overridden {
                context.env(name, value);
            }
        }
        for dir in &self.dirs {
            let failed = |reason: String| HostError::FolderNotGranted {
                folder: dir.host.display().to_string(),
                reason,
            };
            let found = std::fs::metadata(&dir.host).map_err(|e| failed(plain(&e)))?;
            if !found.is_dir() {
                return Err(failed("it is not a folder".to_owned()));
            }
            context
                .preopened_dir(&dir.host, &dir.guest, FsPerms::ReadWrite)
                .map_err(|e| failed(e.to_string()))?;
        }
        Ok(context.build())
    }
}

/// The system's words without "(os error 2)".
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "you may not open it".to_owned(),
        _ => error.to_string(),
    }
}
