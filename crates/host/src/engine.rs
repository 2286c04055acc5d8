//! The engine's settings, and compiling a component for it.
//! Instantiating and calling are left to `run` and `invoke`.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine};

use crate::error::HostError;
use crate::state::State;
use crate::trap::last_words;
use crate::{imports, link};

/// A compiled component, ready to be run any number of times.
pub struct Program<'a> {
    pub(crate) name: String,
    /// The file itself: a backtrace looks up in it which component an address belongs to.
    pub(crate) bytes: &'a [u8],
    pub(crate) engine: Engine,
    pub(crate) component: Component,
    pub(crate) linker: Linker<State>,
}

impl std::fmt::Debug for Program<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Program<'a> {
    /// Compiles a component to machine code, unless it imports what nobody
    /// provides. `name` is its path, as messages show it; the last part of it
    /// is what the program sees as its own name.
    pub fn compile(name: &str, bytes: &'a [u8]) -> Result<Program<'a>, HostError> {
        let failed = |reason: String| HostError::NotCompiled { name: name.to_owned(), reason };
        let engine = Engine::new(&settings())
            .map_err(|error| HostError::Engine { reason: last_words(&error) })?;
        let linker = link::linker(&engine)?;
        let missing = imports::missing(bytes, &linker).map_err(failed)?;
        if !missing.is_empty() {
            return Err(HostError::import_not_provided(name, missing));
        }
        let component =
            Component::from_binary(&engine, bytes).map_err(|error| failed(last_words(&error)))?;
        Ok(Program { name: name.to_owned(), bytes, engine, component, linker })
    }
}

/// Everything that the component model has shipped or gated and this engine can do.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_map(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_implements(true);
    config
}
