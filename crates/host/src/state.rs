//! What a running program carries: its WASI contexts, its limits, and a record
//! of what it asked for. Turning the record into words is left to `denied`,
//! deciding what is allowed to `gate`.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store};
use wasmtime_wasi::cli::WasiCliView as _;
use wasmtime_wasi::filesystem::{WasiFilesystemCtxView, WasiFilesystemView as _};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView, p2, p3};
use wasmtime_wasi_config::{WasiConfig, WasiConfigVariables};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::engine::Program;
use crate::error::HostError;
use crate::executor::watch_the_clock;
use crate::gate::{Gate, HttpGate};
use crate::grants::Grants;
use crate::keyvalue::KeyValue;
use crate::limits::{Budget, Deadline, Limits};

/// Where a program's standard streams lead.
pub(crate) struct Stdio(Box<dyn FnOnce(&mut WasiCtxBuilder) + Send>);

impl Stdio {
    /// Streams that `connect` gives to the context.
    pub(crate) fn new(connect: impl FnOnce(&mut WasiCtxBuilder) + Send + 'static) -> Stdio {
        Stdio(Box::new(connect))
    }

    /// The streams of this process.
    pub(crate) fn inherited() -> Stdio {
        Stdio::new(|context| {
            context.inherit_stdio();
        })
    }

    pub(crate) fn connect(self, context: &mut WasiCtxBuilder) {
        (self.0)(context);
    }
}

/// The data of a store.
pub(crate) struct State {
    context: WasiCtx,
    table: ResourceTable,
    http: WasiHttpCtx,
    http_gate: HttpGate,
    config: WasiConfigVariables,
    /// The stores of `wasi:keyvalue`.
    pub keyvalue: KeyValue,
    /// What was asked for so far, and what of it is allowed.
    pub gate: Arc<Gate>,
    /// The account of its memory.
    pub budget: Budget,
    /// When its time is over.
    pub deadline: Option<Deadline>,
}

impl State {
    /// The state of a program with these grants, whose `arguments` begin with its own name.
    pub(crate) fn new(
        grants: &Grants,
        limits: &Limits,
        arguments: &[String],
        stdio: Stdio,
    ) -> Result<State, HostError> {
        let gate = Arc::new(Gate::new(grants));
        Ok(State {
            context: grants.context(arguments, stdio, &gate)?,
            table: ResourceTable::new(),
            http: WasiHttpCtx::new(),
            http_gate: HttpGate::new(&gate),
            config: grants.config.iter().cloned().collect(),
            keyvalue: KeyValue::new(grants.keyvalue.clone()),
            gate,
            budget: Budget::new(limits),
            deadline: Deadline::start(limits),
        })
    }

    /// The way in for `wasi:filesystem/preopens`, whose one function lists the folders.
    pub(crate) fn folders(&mut self) -> WasiFilesystemCtxView<'_> {
        self.gate.asked_for_folders();
        self.filesystem()
    }

    /// The way in for `wasi:config`.
    pub(crate) fn configuration(&mut self) -> WasiConfig<'_> {
        self.gate.asked_for_configuration();
        WasiConfig::new(&self.config)
    }
}

/// How much a call into the host may bring along when it is watched. The engine
/// counts what it makes of a value, and of a byte it makes far more for the one who
/// watches than for WASI: without this, a program would fail for being watched.
const WATCHED: usize = 4 << 30;

/// A store for one run of the program. Its time begins now.
pub(crate) fn store(
    program: &Program,
    grants: &Grants,
    args: &[String],
    stdio: Stdio,
) -> Result<Store<State>, HostError> {
    let mut arguments = vec![own_name(&program.name).to_owned()];
    arguments.extend_from_slice(args);
    let state = State::new(grants, &program.limits, &arguments, stdio)?;
    let mut store = store_with(&program.engine, &program.limits, state)?;
    if program.watch.is_some() {
        store.set_hostcall_fuel(WATCHED);
    }
    Ok(store)
}

/// A store around a state, under the limits that the state was made for.
pub(crate) fn store_with(
    engine: &Engine,
    limits: &Limits,
    state: State,
) -> Result<Store<State>, HostError> {
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.budget);
    watch_the_clock(&mut store);
    if let Some(fuel) = limits.fuel {
        store.set_fuel(fuel).map_err(|error| HostError::Engine { reason: error.to_string() })?;
    }
    Ok(store)
}

/// The last part of a path: programs call themselves by it.
fn own_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.context, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.http_gate, table: &mut self.table, ctx: &mut self.http }
    }
}

impl p2::bindings::cli::environment::Host for State {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.gate.asked_for_environment();
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
        self.gate.asked_for_environment();
        p3::bindings::cli::environment::Host::get_environment(&mut self.cli())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        p3::bindings::cli::environment::Host::get_arguments(&mut self.cli())
    }

    fn get_initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        p3::bindings::cli::environment::Host::get_initial_cwd(&mut self.cli())
    }
}
