//! What a program asked for and was not granted, by name, with the option that
//! grants it. Only what it really called counts, not all that it imports; but
//! many runtimes list folders and variables when they start, needed or not, so
//! asking for those proves no need.

use std::fmt;

use wasmtime::Engine;
use wasmtime::component::types::Component;

use crate::exports::unversioned;
use crate::grants::Grants;
use crate::state::Asked;

/// Something that the program asked for and was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What, in words: "the filesystem".
    pub what: String,
    /// The import through which it asked.
    pub import: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not granted: {} (asked for through `{}`): {}",
            self.what, self.import, self.remedy
        )
    }
}

/// Compares what was asked with what was granted.
pub(crate) fn denied(
    asked: Asked,
    grants: &Grants,
    component: &Component,
    engine: &Engine,
) -> Vec<Denied> {
    const NO_NETWORK: &str = "`joggle run` has no grant for the network yet";
    let kinds: [(bool, &str, &[&str], &str); 4] = [
        (
            asked.folders && grants.dirs.is_empty(),
            "the filesystem",
            &["wasi:filesystem/preopens"],
            "if it needs files, grant a folder with --dir HOST[::GUEST]",
        ),
        (
            asked.environment && grants.env.is_empty(),
            "environment variables",
            &["wasi:cli/environment"],
            "if it needs one, pass it with --env NAME[=VALUE]",
        ),
        (
            asked.sockets,
            "the network",
            &[
                "wasi:sockets/tcp-create-socket",
                "wasi:sockets/udp-create-socket",
                "wasi:sockets/types",
            ],
            NO_NETWORK,
        ),
        (asked.addresses, "looking up host names", &["wasi:sockets/ip-name-lookup"], NO_NETWORK),
    ];
    kinds
        .into_iter()
        .filter(|(missing, ..)| *missing)
        .filter_map(|(_, what, interfaces, remedy)| {
            let import = component
                .imports(engine)
                .map(|(name, _)| name)
                .find(|name| interfaces.contains(&unversioned(name)))?;
            Some(Denied {
                what: what.to_owned(),
                import: import.to_owned(),
                remedy: remedy.to_owned(),
            })
        })
        .collect()
}
