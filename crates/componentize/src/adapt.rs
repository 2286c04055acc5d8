//! Who stands in for imports that are older than the component model: the adapters
//! from WASI preview 1, chosen by what the module exports, and those that were given.
//! Whether an adapter has what the module imports is left to `check`.

use std::borrow::Cow;

use joggle_load::{Artifact, Binary, bundled_package, bundled_packages};
use joggle_relate::name::ExternName;
use serde::Serialize;
use wasi_preview1_component_adapter_provider as provider;
use wit_component::metadata;

use crate::encode::{guarded, said};
use crate::module::{Import, Kind, Module};
use crate::problem::Problem;
use crate::signature::Signature;
use crate::{Request, module};

/// The first name of the imports of WASI preview 1.
pub const PREVIEW1: &str = provider::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;

/// What a program of preview 1 is entered by.
pub const START: &str = "_start";

/// Which adapters are wanted.
#[derive(Debug, Default)]
pub struct Adapters {
    /// For WASI preview 1; `None` chooses by the module.
    pub preview1: Option<Preview1>,
    /// Others, or another one for preview 1.
    pub custom: Vec<Custom>,
}

/// What is done about WASI preview 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview1 {
    /// One of those that are built in.
    Builtin(Builtin),
    /// Nothing.
    Nothing,
}

/// The adapters that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Builtin {
    /// For programs: `_start` becomes `wasi:cli/run`.
    Command,
    /// For everything else.
    Reactor,
    /// For HTTP handlers: it has no files, no environment and no terminal.
    Proxy,
}

/// An adapter that was given.
#[derive(Debug)]
pub struct Custom {
    /// The first name of the imports that it stands in for.
    pub name: String,
    /// The core module.
    pub binary: Binary,
}

impl Adapters {
    /// Takes one more option: `command`, `reactor`, `proxy`, `none`, or `NAME=FILE`,
    /// whose file `load` reads.
    pub fn add<E: From<Problem>>(
        &mut self,
        option: &str,
        load: impl FnOnce(&str) -> Result<Artifact, E>,
    ) -> Result<(), E> {
        let form = || Problem::adapter_form(option);
        let chosen = match option {
            "command" => Preview1::Builtin(Builtin::Command),
            "reactor" => Preview1::Builtin(Builtin::Reactor),
            "proxy" => Preview1::Builtin(Builtin::Proxy),
            "none" => Preview1::Nothing,
            other => {
                let (name, path) = other.split_once('=').ok_or_else(form)?;
                if name.is_empty() || path.is_empty() {
                    return Err(form().into());
                }
                return match load(path)? {
                    Artifact::Module(binary) => {
                        self.custom.push(Custom { name: name.to_owned(), binary });
                        Ok(())
                    }
                    Artifact::Component(binary) => {
                        let what = "a component".to_owned();
                        Err(Problem::NotAnAdapter { file: binary.name, what }.into())
                    }
                    Artifact::Wit(wit) => {
                        let what = "WIT".to_owned();
                        Err(Problem::NotAnAdapter { file: wit.name, what }.into())
                    }
                };
            }
        };
        match self.preview1.replace(chosen) {
            Some(before) if before != chosen => Err(Problem::adapter_twice(option).into()),
            Some(_) | None => Ok(()),
        }
    }
}

/// An adapter that takes part.
pub struct Adapter<'a> {
    /// The first name of the imports that it stands in for.
    pub name: String,
    /// The core module.
    pub bytes: Cow<'a, [u8]>,
    /// Which of the built-in ones it is.
    pub builtin: Option<Builtin>,
    /// Why it was chosen, after "because"; not said of what was asked for.
    pub reason: Option<&'static str>,
    /// The functions that it has, by name.
    pub functions: Vec<(String, Signature)>,
}

impl Builtin {
    /// As it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Builtin::Command => "command",
            Builtin::Reactor => "reactor",
            Builtin::Proxy => "proxy",
        }
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Builtin::Command => provider::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
            Builtin::Reactor => provider::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
            Builtin::Proxy => provider::WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
        }
    }
}

/// Whether a module is a program of preview 1 and asks for nothing else: its world
/// is that of the adapter.
pub fn is_plain_command(module: &Module<'_>) -> bool {
    module.exports_function(START)
        && uses_preview1(module)
        && module.imports.iter().all(|import| import.module == PREVIEW1 || import.is_memory())
}

/// Whether the exports of one of the adapters are world enough for a module.
pub fn have_a_world(adapters: &[Adapter<'_>]) -> bool {
    adapters.iter().any(|adapter| matches!(adapter.builtin, Some(Builtin::Command) | None))
}

/// Chooses the adapters.
pub fn choose<'a>(module: &Module<'_>, request: &Request<'a>) -> Result<Vec<Adapter<'a>>, Problem> {
    let mut adapters = Vec::new();
    for custom in &request.adapters.custom {
        adapters.push(Adapter {
            name: custom.name.clone(),
            bytes: Cow::Borrowed(&custom.binary.bytes),
            builtin: None,
            reason: None,
            functions: functions(&custom.binary)?,
        });
    }
    let replaced = request.adapters.custom.iter().any(|custom| custom.name == PREVIEW1);
    let chosen = match request.adapters.preview1 {
        Some(Preview1::Builtin(builtin)) if !replaced => Some((builtin, None)),
        None if !replaced && uses_preview1(module) => {
            let (builtin, reason) = fitting(module, request);
            Some((builtin, Some(reason)))
        }
        // Nothing is wanted, or needed, or there is another adapter for it.
        Some(Preview1::Nothing | Preview1::Builtin(_)) | None => None,
    };
    if let Some((builtin, reason)) = chosen {
        let name = format!("{PREVIEW1}.{}", builtin.name());
        let bytes = joggle_load::Bytes::from(builtin.bytes().to_vec());
        let binary =
            Binary { stem: name.clone(), file_name: name.clone(), name: name.clone(), bytes };
        adapters.push(Adapter {
            name: PREVIEW1.to_owned(),
            bytes: Cow::Borrowed(builtin.bytes()),
            builtin: Some(builtin),
            reason,
            functions: functions(&binary)?,
        });
    }
    Ok(adapters)
}

fn uses_preview1(module: &Module<'_>) -> bool {
    module.imports.iter().any(|import| import.module == PREVIEW1)
}

/// The functions that a module exports.
fn functions(binary: &Binary) -> Result<Vec<(String, Signature)>, Problem> {
    let exports = module::read(binary)?.exports.into_iter();
    let function = |export: module::Export| match export.kind {
        Kind::Function(signature) => Some((export.name, signature)),
        Kind::Other(_) => None,
    };
    Ok(exports.filter_map(function).collect())
}

/// The adapter that fits a module, and why.
fn fitting(module: &Module<'_>, request: &Request<'_>) -> (Builtin, &'static str) {
    let outside = Outside::of(module, request);
    if module.exports_function(START) {
        return if outside.exports("wasi:cli/run") {
            (Builtin::Reactor, "the world exports `wasi:cli/run` itself")
        } else {
            (Builtin::Command, "the module exports `_start`")
        };
    }
    if !outside.exports("wasi:http/incoming-handler") {
        return (Builtin::Reactor, "the module does not export `_start`");
    }
    // The proxy's functions for files and sockets only fail.
    let files = |import: &Import| {
        import.module == PREVIEW1
            && (import.field.starts_with("path_") || import.field.starts_with("sock_"))
    };
    if module.imports.iter().any(files) {
        (Builtin::Reactor, "the module handles HTTP, and uses files or sockets")
    } else if outside.stays_in_the_proxy() {
        (Builtin::Proxy, "the world handles HTTP and imports nothing that a proxy lacks")
    } else {
        (Builtin::Reactor, "the world handles HTTP, and imports what a proxy lacks")
    }
}

/// The names that the module's own worlds import and export.
struct Outside {
    imports: Vec<ExternName>,
    exports: Vec<ExternName>,
}

impl Outside {
    fn of(module: &Module<'_>, request: &Request<'_>) -> Outside {
        let mut outside = Outside { imports: Vec::new(), exports: Vec::new() };
        // What cannot be read is refused later, with its reason.
        if let Ok(carried) = guarded(|| Ok(metadata::decode(module.bytes).map_err(said)?.1)) {
            outside.add(&carried.resolve, carried.world);
        }
        if let Some(given) = request.given {
            outside.add(&given.wit.resolve, given.world);
        }
        outside
    }

    fn add(&mut self, resolve: &wit_parser::Resolve, id: wit_parser::WorldId) {
        let world = &resolve.worlds[id];
        let name = |key| ExternName::parse(&resolve.name_world_key(key));
        self.imports.extend(world.imports.keys().map(name));
        self.exports.extend(world.exports.keys().map(name));
    }

    fn exports(&self, wanted: &str) -> bool {
        self.exports.iter().any(|name| name.base() == wanted)
    }

    /// Whether everything of WASI that is imported is in `wasi:http/proxy` as well.
    fn stays_in_the_proxy(&self) -> bool {
        let versions = bundled_packages().filter(|(package, _)| package == "wasi:http");
        let proxy = versions
            .filter_map(|(package, version)| bundled_package(&package, version))
            .find_map(|wit| {
                let package = &wit.resolve.packages[wit.package];
                let proxy = *package.worlds.get("proxy")?;
                let keys = wit.resolve.worlds[proxy].imports.keys();
                let name = |key| ExternName::parse(&wit.resolve.name_world_key(key));
                Some(keys.map(name).collect::<Vec<ExternName>>())
            });
        let Some(proxy) = proxy else { return false };
        self.imports
            .iter()
            .filter(|name| name.base().starts_with("wasi:"))
            .all(|name| proxy.iter().any(|offered| offered.base() == name.base()))
    }
}
