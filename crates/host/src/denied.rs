//! What a program asked for and was not granted, by name, with the option that
//! grants it. Only what it really called counts, not all that it imports; but
//! many runtimes list folders and variables when they start, needed or not, so
//! asking for those proves no need.

use std::fmt;

use wasmtime::Engine;
use wasmtime::component::types::{Component, ComponentItem};

use crate::exports::{track, unversioned};
use crate::gate::{Asked, Refusal, Refused};
use crate::grants::Grants;

/// Something that the program asked for and was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What, in words: "the filesystem".
    pub what: String,
    /// The import through which it asked, or the imports through which it may have.
    pub import: String,
    /// What to do.
    pub remedy: String,
    /// Whether it was refused. Else it was only found to be empty, as folders
    /// are that nobody granted, which need not be why a program failed.
    pub refused: bool,
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

/// Compares what was asked with what was granted: the refusals, in the order of
/// asking; if there are none, what was listed and found empty.
pub(crate) fn denied(
    asked: &Asked,
    grants: &Grants,
    component: &Component,
    engine: &Engine,
) -> Vec<Denied> {
    // Where the version that asked is not known, every import that may have is named.
    let import = |interfaces: &[&str], asked: Option<&str>| {
        let same = |name: &str| asked.is_none() || track(name).as_deref() == asked;
        let imports = component.imports(engine).map(|(name, _)| name);
        let fitting = imports.filter(|name| interfaces.contains(&unversioned(name)) && same(name));
        let mut tracks = Vec::new();
        let of_new_track = fitting.filter(|name| {
            let new = !tracks.contains(&track(name));
            tracks.push(track(name));
            new
        });
        Some(of_new_track.collect::<Vec<_>>().join("` or `")).filter(|names| !names.is_empty())
    };
    let mut all: Vec<Denied> = asked
        .refused
        .iter()
        .filter_map(|Refusal { what, track }| {
            refused(what, grants, &|interfaces| import(interfaces, *track))
        })
        .collect();
    // A refusal is the better explanation; what was empty is only worth a guess.
    let guess = all.is_empty();
    let mut idle = |missing: bool, what: &str, interface: &str, remedy: &str| {
        if let Some(import) = import(&[interface], None).filter(|_| missing && guess) {
            let (what, remedy) = (what.to_owned(), remedy.to_owned());
            all.push(Denied { what, import, remedy, refused: false });
        }
    };
    idle(
        asked.folders && grants.dirs.is_empty() && opens_files(component, engine),
        "the filesystem",
        "wasi:filesystem/preopens",
        "if it needs files, grant a folder with --dir HOST[::GUEST]",
    );
    idle(
        asked.environment && grants.env.is_empty(),
        "environment variables",
        "wasi:cli/environment",
        "if it needs one, pass it with --env NAME[=VALUE]",
    );
    idle(
        asked.configuration && grants.config.is_empty(),
        "configuration",
        "wasi:config/store",
        "if it needs a value, pass it with --config KEY=VALUE",
    );
    all
}

fn refused(
    refused: &Refused,
    grants: &Grants,
    import: &dyn Fn(&[&str]) -> Option<String>,
) -> Option<Denied> {
    let over = |udp: bool| if udp { "UDP" } else { "TCP" };
    let sockets = |udp: bool| {
        let of_0_2 = if udp { "wasi:sockets/udp" } else { "wasi:sockets/tcp" };
        import(&[of_0_2, "wasi:sockets/types"])
    };
    let (what, import, remedy) = match refused {
        Refused::Connect { to, udp } => (
            format!("to reach {to} over {}", over(*udp)),
            sockets(*udp)?,
            format!("grant it with --allow-net {to}"),
        ),
        Refused::Listen { at, udp } => (
            format!("to listen on {at} over {}", over(*udp)),
            sockets(*udp)?,
            format!("grant it with --listen {at}"),
        ),
        Refused::Lookup { name } => (
            format!("to look up `{name}`"),
            import(&["wasi:sockets/ip-name-lookup"])?,
            format!("grant the host with --allow-net {name}, or with its port only"),
        ),
        Refused::Http { host, port } => (
            format!("a request to {host}:{port}"),
            import(&["wasi:http/outgoing-handler", "wasi:http/client", "wasi:http/handler"])?,
            format!("grant it with --allow-http {host}:{port}"),
        ),
        Refused::Write { path } => (
            format!("to change `{path}`"),
            import(&["wasi:filesystem/types"])?,
            unchangeable(grants),
        ),
        Refused::Move { from, to } => (
            format!("to name `{from}` as `{to}`"),
            import(&["wasi:filesystem/types"])?,
            unchangeable(grants),
        ),
        Refused::Path { path } => {
            (format!("to open `{path}`"), import(&["wasi:filesystem/types"])?, LEADS_OUT.to_owned())
        }
    };
    Some(Denied { what, import, remedy, refused: true })
}

const LEADS_OUT: &str = "it leads out of the folder: grant the one that it leads to";

/// Why something could not be changed: where all may be changed, it lies elsewhere.
fn unchangeable(grants: &Grants) -> String {
    let why = if grants.dirs.iter().all(|dir| dir.writable) {
        LEADS_OUT
    } else {
        "a folder granted with --dir may be changed, one granted with --dir-ro may not"
    };
    why.to_owned()
}

/// Whether the component has a way to open a file. Programs without one list
/// the folders all the same, because their runtime does when it starts.
fn opens_files(component: &Component, engine: &Engine) -> bool {
    component.imports(engine).any(|(name, item)| {
        unversioned(name) == "wasi:filesystem/types"
            && match item.ty {
                ComponentItem::ComponentInstance(instance) => instance
                    .exports(engine)
                    .any(|(function, _)| function == "[method]descriptor.open-at"),
                ComponentItem::ComponentFunc(_)
                | ComponentItem::CoreFunc(_)
                | ComponentItem::Module(_)
                | ComponentItem::Component(_)
                | ComponentItem::Type(_)
                | ComponentItem::Resource(_) => false,
            }
    })
}
