//! The engine's settings, and compiling a component for it.
//! Instantiating and calling are left to `run` and `invoke`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, WasmBacktraceDetails};

use crate::cache::{Cache, Key};
use crate::error::HostError;
use crate::executor::Ticker;
use crate::limits::Limits;
use crate::needs::with_askers;
use crate::serve::Pool;
use crate::state::State;
use crate::trap::last_words;
use crate::watch::Watch;
use crate::{imports, link};

/// How a component is to be compiled, and within which limits it will run.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// What it may use.
    pub limits: Limits,
    /// Where compiled code is kept; nowhere, if there is none.
    pub cache: Option<Cache>,
    /// Whether several programs share a thread, so that one that computes has
    /// to give way to the others now and then.
    pub shared: bool,
    /// Room for instances that is kept ready, for a program that has many.
    pub pool: Option<Pool>,
    /// Functions by which the program reports what it does.
    pub watch: Option<Watch>,
}

/// A compiled component, ready to be run any number of times.
pub struct Program {
    pub(crate) name: String,
    /// The file itself: a backtrace looks up in it which component an address belongs to.
    image: Arc<dyn AsRef<[u8]> + Send + Sync>,
    pub(crate) engine: Engine,
    pub(crate) component: Component,
    pub(crate) linker: Linker<State>,
    pub(crate) limits: Limits,
    pub(crate) watch: Option<Watch>,
    compiled: Compiled,
    /// The clock over computing programs, where one is needed.
    _ticker: Option<Ticker>,
}

/// How a program came to its machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// Whether the code was found on disk.
    pub cached: bool,
    /// How long it took to have it.
    pub took: Duration,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Program {
    /// Compiles a component to machine code, unless it imports what nobody
    /// provides. `name` is its path, as messages show it; the last part of it
    /// is what the program sees as its own name.
    pub fn compile(
        name: &str,
        bytes: impl AsRef<[u8]> + Send + Sync + 'static,
        setup: &Setup,
    ) -> Result<Program, HostError> {
        let began = Instant::now();
        let engine = Engine::new(&settings(setup))
            .map_err(|error| HostError::Engine { reason: last_words(&error) })?;
        let mut linker = link::linker(&engine)?;
        if let Some(watch) = &setup.watch {
            watch
                .add_to_linker(&mut linker)
                .map_err(|error| HostError::Engine { reason: last_words(&error) })?;
        }
        let (component, cached) = match &setup.cache {
            Some(cache) => through(cache, name, bytes.as_ref(), &engine, &linker)?,
            None => (fresh(name, bytes.as_ref(), &engine, &linker)?, false),
        };
        let clock = setup.shared || setup.limits.timeout.is_some();
        Ok(Program {
            name: name.to_owned(),
            image: Arc::new(bytes),
            component,
            linker,
            limits: setup.limits,
            watch: setup.watch.clone(),
            compiled: Compiled { cached, took: began.elapsed() },
            _ticker: clock.then(|| Ticker::start(&engine, setup.limits.timeout)).transpose()?,
            engine,
        })
    }

    /// Where the machine code came from, and how long that took.
    #[must_use]
    pub fn compiled(&self) -> Compiled {
        self.compiled
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.image).as_ref()
    }
}

/// The component's code out of the cache, or compiled and put there. Only what
/// could be linked is ever put there, so what is found lacks no import.
fn through(
    cache: &Cache,
    name: &str,
    bytes: &[u8],
    engine: &Engine,
    linker: &Linker<State>,
) -> Result<(Component, bool), HostError> {
    let key = Key::new(engine, bytes);
    if let Some(component) = cache.find(engine, &key) {
        return Ok((component, true));
    }
    let began = Instant::now();
    let component = fresh(name, bytes, engine, linker)?;
    cache.keep(&key, &component, began.elapsed());
    Ok((component, false))
}

/// The component, compiled, unless it lacks an import.
fn fresh(
    name: &str,
    bytes: &[u8],
    engine: &Engine,
    linker: &Linker<State>,
) -> Result<Component, HostError> {
    let failed = |reason: String| HostError::NotCompiled { name: name.to_owned(), reason };
    let missing = imports::missing(bytes, linker).map_err(failed)?;
    if !missing.is_empty() {
        return Err(HostError::import_not_provided(name, with_askers(missing, bytes)));
    }
    Component::from_binary(engine, bytes).map_err(|error| failed(last_words(&error)))
}

/// Everything that the component model has shipped or gated and this engine can do.
pub(crate) fn settings(setup: &Setup) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_map(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_implements(true)
        // File and line in backtraces, where the component carries them.
        .wasm_backtrace_details(WasmBacktraceDetails::Enable)
        // Always on, so that one compiled code serves with a time-out and without.
        .epoch_interruption(true)
        .consume_fuel(setup.limits.fuel.is_some());
    if let Some(pool) = setup.pool {
        config.allocation_strategy(pool.strategy());
    }
    config
}
