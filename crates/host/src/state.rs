//! What a running program carries: its WASI context, and a record of what it
//! asked for. Turning the record into words is left to `denied`.

use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::WasiCliView as _;
use wasmtime_wasi::filesystem::{WasiFilesystemCtxView, WasiFilesystemView as _};
use wasmtime_wasi::sockets::{WasiSocketsCtxView, WasiSocketsView as _};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, p2, p3};

/// What the program called, whether or not it was granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, not a state machine")]
pub(crate) struct Asked {
    /// It read its environment variables.
    pub environment: bool,
    /// It listed the folders that it was given.
    pub folders: bool,
    /// It made a socket.
    pub sockets: bool,
    /// It looked up the address of a host name.
    pub addresses: bool,
}

/// The data of a store.
pub(crate) struct State {
    context: WasiCtx,
    table: ResourceTable,
    /// What was asked for so far.
    pub asked: Asked,
}

impl State {
    pub(crate) fn new(context: WasiCtx) -> State {
        State { context, table: ResourceTable::new(), asked: Asked::default() }
    }

    /// The way in for `wasi:filesystem/preopens`, whose one function lists the folders.
    pub(crate) fn folders(&mut self) -> WasiFilesystemCtxView<'_> {
        self.asked.folders = true;
        self.filesystem()
    }

    /// The way in for interfaces that make sockets.
    pub(crate) fn making_sockets(&mut self) -> WasiSocketsCtxView<'_> {
        self.asked.sockets = true;
        self.sockets()
    }

    /// The way in for `wasi:sockets/ip-name-lookup`.
    pub(crate) fn looking_up(&mut self) -> WasiSocketsCtxView<'_> {
        self.asked.addresses = true;
        self.sockets()
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.context, table: &mut self.table }
    }
}

impl p2::bindings::cli::environment::Host for State {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.asked.environment = true;
        p2::bindings::cli::environment::Host::get_environment(&mut self.cli())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        p2::bindings::cli::environment::Host::get_arguments(&mut self.cli())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        p2::bindings::cli::environment::Host::initial_cwd(&mut self.cli())
    }
}

impl p3::bindings::cli::environment::Host for State {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.asked.environment = true;
        p3::bindings::cli::environment::Host::get_environment(&mut self.cli())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        p3::bindings::cli::environment::Host::get_arguments(&mut self.cli())
    }

    fn get_initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        p3::bindings::cli::environment::Host::get_initial_cwd(&mut self.cli())
    }
}
