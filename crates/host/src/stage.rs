//! A stage for scripts of the specification's kind: core modules and components
//! side by side in one store, instances that import from one another by name.
//! The directives of a script are left to `joggle-harness`, values of core
//! WebAssembly to `stage_values`, what is there to be imported to `stage_names`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use wasmparser::{Parser, Validator, WasmFeatures};
use wasmtime::component::{self, Component};
use wasmtime::{Config, Engine, Linker, Module, Store, ThrownException, UpdateDeadline};

use crate::error::HostError;
use crate::executor::{Executor, Ticker};
use crate::limits::{Deadline, Limits, TimeIsOver};
use crate::stage_names::{publish, spectest};
use crate::stage_values::{CoreValue, from_core, to_core};
use crate::trap::last_words;
use crate::value::Value;
use crate::value_convert::to_engine;
use crate::value_handles::Handles;
use crate::value_resources::Resources;

/// The data of a stage's store: when its time is over.
pub(crate) struct Clock(Option<Deadline>);

/// Modules, components and their instances, which may import from one another.
pub struct Stage {
    engine: Engine,
    // Dropped in this order: what waits in the store belongs to the executor.
    store: Store<Clock>,
    executor: Executor,
    modules: Linker<Clock>,
    components: component::Linker<Clock>,
    definitions: BTreeMap<String, Definition>,
    /// The definition that came last, named or not.
    defined: Option<Definition>,
    instances: BTreeMap<String, Instance>,
    /// The instance that came last, named or not.
    current: Option<Instance>,
    handles: Handles,
    _ticker: Ticker,
}

/// A module or component that both validators took.
#[derive(Clone)]
enum Definition {
    Module(Module),
    Component(Component),
}

#[derive(Clone)]
enum Instance {
    Module(wasmtime::Instance),
    Component(Component, component::Instance),
}

/// A value that goes into a call or comes out of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Of core WebAssembly.
    Core(CoreValue),
    /// Of the component model.
    Component(Value),
}

/// Why something on the stage did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not valid, by the validator of this toolchain.
    Invalid(String),
    /// It is valid, but the engine does not take it.
    NotTaken(String),
    /// Its imports do not fit what there is.
    Unlinkable(String),
    /// It trapped.
    Trap(String),
    /// It threw an exception that nothing caught.
    Exception,
    /// There is no such definition, instance or export, or a value is of another type.
    Misfit(String),
    /// It ran longer than the stage's time.
    TimeIsOver(Duration),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Invalid(reason) => write!(f, "it is not valid: {reason}"),
            Fault::NotTaken(reason) => {
                write!(f, "it is valid, but the engine does not take it: {reason}")
            }
            Fault::Unlinkable(reason) => write!(f, "it cannot be linked: {reason}"),
            Fault::Trap(reason) => write!(f, "it trapped: {reason}"),
            Fault::Exception => f.write_str("it threw an exception"),
            Fault::Misfit(reason) => f.write_str(reason),
            Fault::TimeIsOver(allowed) => write!(f, "it did not end within {allowed:?}"),
        }
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}

impl Stage {
    /// An empty stage, whose time begins now.
    pub fn new(timeout: Option<Duration>) -> Result<Stage, HostError> {
        let failed = |error: wasmtime::Error| HostError::Engine { reason: last_words(&error) };
        let engine = Engine::new(&settings()).map_err(failed)?;
        let deadline = Deadline::start(&Limits { timeout, ..Limits::default() });
        let mut store = Store::new(&engine, Clock(deadline));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|context| match context.data().0 {
            Some(deadline) if deadline.passed() => {
                Err(TimeIsOver { allowed: deadline.allowed }.into())
            }
            _ => Ok(UpdateDeadline::Yield(1)),
        });
        let mut modules = Linker::new(&engine);
        modules.allow_shadowing(true);
        spectest(&mut modules, &mut store).map_err(failed)?;
        let mut components = component::Linker::new(&engine);
        components.allow_shadowing(true);
        Ok(Stage {
            _ticker: Ticker::start(&engine)?,
            engine,
            store,
            executor: Executor::new()?,
            modules,
            components,
            definitions: BTreeMap::new(),
            defined: None,
            instances: BTreeMap::new(),
            current: None,
            handles: Handles::default(),
        })
    }

    /// Whether the bytes are valid: by the validator of this toolchain with all
    /// features on, then by the engine with those that it has.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Fault> {
        self.compile(bytes).map(drop)
    }

    /// Keeps a module or component under a name, to be instantiated later.
    pub fn define(&mut self, name: Option<&str>, bytes: &[u8]) -> Result<(), Fault> {
        self.defined = None;
        if let Some(name) = name {
            self.definitions.remove(name);
        }
        let definition = self.compile(bytes)?;
        if let Some(name) = name {
            self.definitions.insert(name.to_owned(), definition.clone());
        }
        self.defined = Some(definition);
        Ok(())
    }

    /// Makes an instance of bytes, under a name or none.
    pub fn instantiate(&mut self, name: Option<&str>, bytes: &[u8]) -> Result<(), Fault> {
        // After a failure the names mean nothing, not what they meant before.
        self.forget(name);
        let definition = self.compile(bytes)?;
        self.enter(name, definition)
    }

    /// Makes an instance that nothing refers to later.
    pub fn try_instantiate(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let definition = self.compile(bytes)?;
        let current = self.current.take();
        let entered = self.enter(None, definition);
        self.current = current;
        entered
    }

    /// Makes an instance of a definition.
    pub fn instantiate_defined(
        &mut self,
        name: Option<&str>,
        definition: Option<&str>,
    ) -> Result<(), Fault> {
        self.forget(name);
        let found = match definition {
            Some(name) => self.definitions.get(name),
            None => self.defined.as_ref(),
        };
        let found = found.cloned().ok_or_else(|| missing("definition", definition))?;
        self.enter(name, found)
    }

    /// Makes the exports of an instance importable under a name.
    pub fn register(&mut self, instance: Option<&str>, name: &str) -> Result<(), Fault> {
        match self.instance(instance)? {
            Instance::Module(instance) => {
                let done = self.modules.instance(&mut self.store, name, instance).map(drop);
                done.map_err(|error| Fault::Misfit(last_words(&error)))
            }
            Instance::Component(component, instance) => {
                self.publish(name, &component, instance)
            }
        }
    }

    /// Calls an export. Of a component, `interface#function` calls one inside.
    pub fn invoke(
        &mut self,
        instance: Option<&str>,
        function: &str,
        arguments: &[Item],
    ) -> Result<Vec<Item>, Fault> {
        match self.instance(instance)? {
            Instance::Module(instance) => self.invoke_core(instance, function, arguments),
            Instance::Component(_, instance) => self.invoke_lifted(instance, function, arguments),
        }
    }

    /// The value of an exported global.
    pub fn global(&mut self, instance: Option<&str>, name: &str) -> Result<Item, Fault> {
        let Instance::Module(instance) = self.instance(instance)? else {
            return Err(Fault::Misfit("a component exports no globals".to_owned()));
        };
        let global = instance.get_global(&mut self.store, name);
        let global = global.ok_or_else(|| missing("global", Some(name)))?;
        let val = global.get(&mut self.store);
        Ok(Item::Core(from_core(&val, &mut self.store)))
    }

    fn compile(&self, bytes: &[u8]) -> Result<Definition, Fault> {
        // First ours, which is newer: the engine's panics on some invalid files.
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(bytes)
            .map_err(|error| Fault::Invalid(error.message().to_owned()))?;
        let not_taken = |error: wasmtime::Error| Fault::NotTaken(last_words(&error));
        if Parser::is_component(bytes) {
            let component = Component::from_binary(&self.engine, bytes).map_err(not_taken)?;
            Ok(Definition::Component(component))
        } else {
            Ok(Definition::Module(Module::from_binary(&self.engine, bytes).map_err(not_taken)?))
        }
    }

    fn forget(&mut self, name: Option<&str>) {
        self.current = None;
        if let Some(name) = name {
            self.instances.remove(name);
        }
    }

    fn instance(&self, name: Option<&str>) -> Result<Instance, Fault> {
        let found = match name {
            Some(name) => self.instances.get(name),
            None => self.current.as_ref(),
        };
        found.cloned().ok_or_else(|| missing("instance", name))
    }

    fn enter(&mut self, name: Option<&str>, definition: Definition) -> Result<(), Fault> {
        let Stage { store, executor, modules, components, .. } = self;
        let deadline = store.data().0;
        let made = executor.block_on(deadline, async {
            match definition {
                Definition::Module(module) => {
                    let instance = modules.instantiate_async(&mut *store, &module).await?;
                    Ok(Instance::Module(instance))
                }
                Definition::Component(component) => {
                    let instance = components.instantiate_async(&mut *store, &component).await?;
                    Ok(Instance::Component(component, instance))
                }
            }
        });
        let instance = made.map_err(|error| self.fault(&error, Fault::Unlinkable))?;
        if let Some(name) = name {
            self.instances.insert(name.to_owned(), instance.clone());
            // Later components import a named instance by its name.
            if let Instance::Component(component, instance) = &instance {
                self.publish(name, component, *instance)?;
            }
        }
        self.current = Some(instance);
        Ok(())
    }

    fn publish(
        &mut self,
        name: &str,
        component: &Component,
        instance: component::Instance,
    ) -> Result<(), Fault> {
        let Stage { store, components, .. } = self;
        let done = components
            .instance(name)
            .and_then(|mut linker| publish(&mut linker, store, component, instance));
        done.map_err(|error| Fault::Misfit(last_words(&error)))
    }

    fn invoke_core(
        &mut self,
        instance: wasmtime::Instance,
        function: &str,
        arguments: &[Item],
    ) -> Result<Vec<Item>, Fault> {
        let func = instance.get_func(&mut self.store, function);
        let func = func.ok_or_else(|| missing("function", Some(function)))?;
        let mut vals = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let Item::Core(value) = argument else {
                return Err(Fault::Misfit("a core function takes core values".to_owned()));
            };
            let val = to_core(value, &mut self.store);
            vals.push(val.map_err(Fault::Misfit)?);
        }
        let mut results = vec![wasmtime::Val::I32(0); func.ty(&self.store).results().len()];
        let Stage { store, executor, .. } = self;
        let deadline = store.data().0;
        let done = executor
            .block_on(deadline, async { func.call_async(&mut *store, &vals, &mut results).await });
        done.map_err(|error| self.fault(&error, Fault::Misfit))?;
        Ok(results.iter().map(|val| Item::Core(from_core(val, &mut self.store))).collect())
    }

    fn invoke_lifted(
        &mut self,
        instance: component::Instance,
        function: &str,
        arguments: &[Item],
    ) -> Result<Vec<Item>, Fault> {
        let func = instance.get_func(&mut self.store, function).or_else(|| {
            let (interface, function) = function.rsplit_once('#')?;
            let scope = instance.get_export_index(&mut self.store, None, interface)?;
            let index = instance.get_export_index(&mut self.store, Some(&scope), function)?;
            instance.get_func(&mut self.store, index)
        });
        let func = func.ok_or_else(|| missing("function", Some(function)))?;
        let ty = func.ty(&self.store);
        let params: Vec<component::Type> = ty.params().map(|(_, ty)| ty).collect();
        if params.len() != arguments.len() {
            return Err(Fault::Misfit(format!("it takes {} arguments", params.len())));
        }
        let mut vals = Vec::with_capacity(arguments.len());
        for (argument, ty) in arguments.iter().zip(&params) {
            let Item::Component(value) = argument else {
                return Err(Fault::Misfit("a component's function takes no core values".to_owned()));
            };
            let made = to_engine(value, ty, &mut |_, _| Err("scripts hold no handles".to_owned()));
            vals.push(made.map_err(Fault::Misfit)?);
        }
        let mut results = vec![component::Val::Bool(false); ty.results().len()];
        let Stage { store, executor, .. } = self;
        let deadline = store.data().0;
        let done = executor
            .block_on(deadline, async { func.call_async(&mut *store, &vals, &mut results).await });
        done.map_err(|error| self.fault(&error, Fault::Misfit))?;
        let nameless = Resources::default();
        let values = results.iter().zip(ty.results());
        Ok(values
            .map(|(val, ty)| Item::Component(self.handles.receive(val, &ty, &nameless)))
            .collect())
    }

    /// What the engine's error means; `otherwise` if nothing was run.
    fn fault(&mut self, error: &wasmtime::Error, otherwise: fn(String) -> Fault) -> Fault {
        if let Some(TimeIsOver { allowed }) = error.downcast_ref::<TimeIsOver>() {
            return Fault::TimeIsOver(*allowed);
        }
        if error.is::<ThrownException>() {
            // The exception must not be pending when the next call begins.
            let _ = self.store.take_pending_exception();
            return Fault::Exception;
        }
        let words = last_words(error);
        let reason = words.strip_prefix("wasm trap: ").unwrap_or(&words).to_owned();
        if error.is::<wasmtime::Trap>() || error.is::<wasmtime::WasmBacktrace>() {
            Fault::Trap(reason)
        } else {
            otherwise(reason)
        }
    }
}

fn missing(what: &str, name: Option<&str>) -> Fault {
    Fault::Misfit(match name {
        Some(name) => format!("there is no {what} `{name}`"),
        None => format!("there is no {what}"),
    })
}

/// Everything that the engine can do with what it was built with.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .wasm_tail_call(true)
        .wasm_custom_page_sizes(true)
        .wasm_function_references(true)
        .wasm_wide_arithmetic(true)
        .wasm_gc(true)
        .wasm_exceptions(true)
        .wasm_relaxed_simd(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_extended_const(true)
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_async_stackful(true)
        .wasm_component_model_threading(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_map(true)
        .wasm_component_model_memory64(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_implements(true)
        // A call that goes too deep is to end soon, on whichever thread it runs.
        .max_wasm_stack(512 * 1024)
        .epoch_interruption(true);
    config
}
