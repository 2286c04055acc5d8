//! What a component would need of this host, without compiling or running it:
//! its imports by what has to be granted for them, what is granted, and what
//! nobody provides. Printing it is left to the command line.

use std::collections::BTreeMap;

use wasmtime::Engine;

use crate::askers::askers;
use crate::engine::{Setup, settings};
use crate::error::HostError;
use crate::exports::unversioned;
use crate::grants::Grants;
use crate::trap::last_words;
use crate::{imports, link};

/// What a component needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What it imports of what this host provides, by what has to be granted.
    pub groups: Vec<Group>,
    /// What it imports and nobody provides.
    pub missing: Vec<Missing>,
    /// The export that starts it as a command, if it is one.
    pub command: Option<String>,
}

/// Imports that one grant is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is, in words: `files`.
    pub what: &'static str,
    /// The imports.
    pub imports: Vec<String>,
    /// What is granted of it; empty if nothing is.
    pub granted: Vec<String>,
    /// The option that grants it; none if every program has it.
    pub option: Option<&'static str>,
}

/// An import that nobody provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The import.
    pub import: String,
    /// The components inside of the composition that it is for.
    pub asked_by: Vec<String>,
}

/// How imports are grouped: what they are, which interfaces, and the option.
/// The first that fits counts.
const GROUPS: [(&str, &[&str], Option<&str>); 9] = [
    ("environment variables", &["wasi:cli/environment"], Some("--env NAME[=VALUE]")),
    ("streams, arguments and the like", &["wasi:cli/", "wasi:io/"], None),
    ("clocks", &["wasi:clocks/"], None),
    ("random numbers", &["wasi:random/"], None),
    ("files", &["wasi:filesystem/"], Some("--dir HOST[::GUEST] or --dir-ro HOST[::GUEST]")),
    ("network", &["wasi:sockets/"], Some("--allow-net HOST[:PORT] or --listen ADDRESS:PORT")),
    ("HTTP requests", &["wasi:http/"], Some("--allow-http HOST[:PORT]")),
    ("configuration", &["wasi:config/"], Some("--config KEY=VALUE")),
    ("key-value store in memory", &["wasi:keyvalue/"], None),
];

/// What the component would need to run with these grants. The error is why
/// the file is no component that could be run at all.
pub fn needs(name: &str, bytes: &[u8], grants: &Grants) -> Result<Needs, HostError> {
    let engine = Engine::new(&settings(&Setup::default()))
        .map_err(|error| HostError::Engine { reason: last_words(&error) })?;
    let linker = link::linker(&engine)?;
    let failed = |reason: String| HostError::NotCompiled { name: name.to_owned(), reason };
    let missing = imports::missing(bytes, &linker).map_err(failed)?;
    let (all, exports) = imports::names(bytes).map_err(failed)?;
    let command = exports.into_iter().find(|export| unversioned(export) == "wasi:cli/run");
    let mut groups: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for import in all {
        let interface = unversioned(&import);
        let group = GROUPS.iter().position(|(_, starts, _)| {
            starts.iter().any(|start| match start.strip_suffix('/') {
                Some(_) => interface.starts_with(start),
                None => interface == *start,
            })
        });
        if let Some(group) = group {
            groups.entry(group).or_default().push(import);
        }
    }
    let groups = groups
        .into_iter()
        .filter_map(|(index, imports)| {
            let (what, _, option) = GROUPS.get(index)?;
            Some(Group { what, imports, granted: granted(what, grants), option: *option })
        })
        .collect();
    Ok(Needs { groups, missing: with_askers(missing, bytes), command })
}

/// The imports with the components that they are for.
pub(crate) fn with_askers(missing: Vec<imports::Unprovided>, bytes: &[u8]) -> Vec<Missing> {
    if missing.is_empty() {
        return Vec::new();
    }
    let askers = askers(bytes);
    missing
        .into_iter()
        .map(|import| Missing {
            asked_by: askers.get(&import.name).cloned().unwrap_or_default(),
            import: import.words,
        })
        .collect()
}

fn granted(what: &str, grants: &Grants) -> Vec<String> {
    match what {
        "environment variables" => {
            grants.env.iter().map(|(name, value)| format!("{name}={value}")).collect()
        }
        "files" => grants
            .dirs
            .iter()
            .map(|dir| {
                let how = if dir.writable { "to read and write" } else { "to read" };
                format!("{} as {}, {how}", dir.host.display(), dir.guest)
            })
            .collect(),
        "network" => {
            let reach = grants.net.iter().map(|to| format!("to reach {to}"));
            reach.chain(grants.listen.iter().map(|at| format!("to listen on {at}"))).collect()
        }
        "HTTP requests" => grants.http.iter().map(|to| format!("to {to}")).collect(),
        "configuration" => {
            grants.config.iter().map(|(key, value)| format!("{key}={value}")).collect()
        }
        "key-value store in memory" => {
            grants.keyvalue.iter().map(|(key, value)| format!("{key}={value}")).collect()
        }
        _ => Vec::new(),
    }
}
