//! What a program is given beyond its standard streams. Nothing, unless said here.
//! Reading the host's environment is left to the command line, what an address
//! or a host name means to `net`, and keeping to it to `gate`.

mod net;

use std::path::PathBuf;
use std::sync::Arc;

use wasmtime_wasi::{FsPerms, WasiCtx};

pub use net::{GrantSyntax, HttpGrant, NetGrant};

use crate::error::HostError;
use crate::gate::Gate;
use crate::state::Stdio;

/// What a program is given. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Environment variables, name and value. The last of one name counts.
    pub env: Vec<(String, String)>,
    /// Folders that the program may read, or read and write.
    pub dirs: Vec<Dir>,
    /// The folder, as the program sees it, that relative paths begin at.
    pub cwd: Option<String>,
    /// Where it may connect to and send to.
    pub net: Vec<NetGrant>,
    /// The addresses of this machine that it may listen on.
    pub listen: Vec<std::net::SocketAddr>,
    /// The servers that it may send HTTP requests to.
    pub http: Vec<HttpGrant>,
    /// What `wasi:config` answers, key and value. The last of one key counts.
    pub config: Vec<(String, String)>,
    /// What each store of `wasi:keyvalue` holds when it is first opened.
    pub keyvalue: Vec<(String, String)>,
}

/// A folder of the host, under the path by which the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dir {
    /// The folder on this machine.
    pub host: PathBuf,
    /// Its path inside the program.
    pub guest: String,
    /// Whether the program may change what is in it.
    pub writable: bool,
}

impl Grants {
    /// The grants as WASI knows them, with the program's arguments (its own name first).
    pub(crate) fn context(
        &self,
        arguments: &[String],
        stdio: Stdio,
        gate: &Arc<Gate>,
    ) -> Result<WasiCtx, HostError> {
        let mut context = WasiCtx::builder();
        stdio.connect(&mut context);
        context.args(arguments);
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
            let permissions = if dir.writable { FsPerms::ReadWrite } else { FsPerms::ReadOnly };
            context
                .preopened_dir(&dir.host, &dir.guest, permissions)
                .map_err(|e| failed(e.to_string()))?;
        }
        if let Some(cwd) = &self.cwd {
            context.initial_cwd(cwd);
        }
        // Making a socket is harmless: what it is used for is checked by address.
        let gate = Arc::clone(gate);
        context
            .allow_tcp(true)
            .allow_udp(true)
            .allow_ip_name_lookup(true)
            .socket_addr_check(move |address, purpose| gate.allows_socket(address, purpose));
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
