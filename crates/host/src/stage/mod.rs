//! A stage for scripts of the specification's kind: core modules and components
//! side by side in one store, instances that import from one another by name.
//! The directives of a script are left to `joggle-harness`, values of core
//! WebAssembly to `values`, what is there to be imported to `names`.

mod names;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use wasmparser::{Parser, Validator, WasmFeatures};
use wasmtime::component::{self, Component};
use wasmtime::{Config, Engine, Linker, Module, Store, ThrownException, UpdateDeadline};

use self::names::{publish, spectest};
pub use self::values::{Any, CoreValue};
use self::values::{from_core, to_core};
use crate::error::HostError;
use crate::executor::{Executor, Ticker};
use crate::limits::{Deadline, Limits, TimeIsOver};
use crate::trap::last_words;
use crate::value::Value;
use crate::value::convert::to_engine;
use crate::value::handles::Handles;
use crate::value::resources::Resources;

/// The data of a stage's store: when its time is over.
pub(crate) struct Clock(Option<Deadline>);

/// Modules, components and their instances, which may import from one another.
pub struct Stage {
    engine: Engine,
    // Dropped in this order: what waits in the stores belongs to the executor.
    /// Of core instances.
    store: Store<Clock>,
    /// Of component instances. After a trap nothing of a store can be entered any
    /// more, so the next instance gets a new one.
    stores: Vec<Store<Clock>>,
    trapped: bool,
    executor: Executor,
    modules: Linker<Clock>,
    /// What components of the newest store import from one another.
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
    Component {
        component: Component,
        instance: component::Instance,
        /// Its store's index.
        store: usize,
    },
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
        let mut store = clocked(&engine, deadline);
        let mut modules = Linker::new(&engine);
        modules.allow_shadowing(true);
        spectest(&mut modules, &mut store).map_err(failed)?;
        Ok(Stage {
            _ticker: Ticker::start(&engine, None)?,
            components: shadowing(&engine),
            engine,
            store,
            stores: Vec::new(),
            trapped: true,
            executor: Executor::new()?,
            modules,
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
            Instance::Component { component, instance, store } => {
                self.publish(name, &component, instance, store)
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
            Instance::Component { instance, store, .. } => {
                self.invoke_lifted((instance, store), function, arguments)
            }
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
        let made = catch_unwind(AssertUnwindSafe(|| {
            if Parser::is_component(bytes) {
                Component::from_binary(&self.engine, bytes).map(Definition::Component)
            } else {
                Module::from_binary(&self.engine, bytes).map(Definition::Module)
            }
        }));
        match made {
            Ok(made) => made.map_err(|error| Fault::NotTaken(without_place(&last_words(&error)))),
            Err(_) => Err(Fault::NotTaken("it panics".to_owned())),
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
        let instance = match definition {
            Definition::Module(module) => self.enter_module(&module)?,
            Definition::Component(component) => self.enter_component(component)?,
        };
        if let Some(name) = name {
            self.instances.insert(name.to_owned(), instance.clone());
            // Later components import a named instance by its name.
            if let Instance::Component { component, instance, store } = &instance {
                self.publish(name, component, *instance, *store)?;
            }
        }
        self.current = Some(instance);
        Ok(())
    }

    fn enter_module(&mut self, module: &Module) -> Result<Instance, Fault> {
        let Stage { store, executor, modules, .. } = self;
        let made = executor.block_on(store.data().0, async {
            modules.instantiate_async(&mut *store, module).await
        });
        match made {
            Ok(instance) => Ok(Instance::Module(instance)),
            Err(error) => Err(self.fault(&error, None, Fault::Unlinkable)),
        }
    }

    fn enter_component(&mut self, component: Component) -> Result<Instance, Fault> {
        if self.trapped {
            self.stores.push(clocked(&self.engine, self.store.data().0));
            self.components = shadowing(&self.engine);
            self.trapped = false;
        }
        let index = self.stores.len().saturating_sub(1);
        let Stage { stores, executor, components, .. } = self;
        let store = stores.get_mut(index).ok_or_else(|| missing("store", None))?;
        let deadline = store.data().0;
        let made = executor.block_on(deadline, async {
            components.instantiate_async(&mut *store, &component).await
        });
        match made {
            Ok(instance) => Ok(Instance::Component { component, instance, store: index }),
            Err(error) => Err(self.fault(&error, Some(index), Fault::Unlinkable)),
        }
    }

    fn publish(
        &mut self,
        name: &str,
        component: &Component,
        instance: component::Instance,
        store: usize,
    ) -> Result<(), Fault> {
        // What lies in another store cannot be imported.
        if store + 1 != self.stores.len() {
            return Ok(());
        }
        let Some(store) = self.stores.get_mut(store) else { return Ok(()) };
        let done = self
            .components
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
        done.map_err(|error| self.fault(&error, None, Fault::Misfit))?;
        Ok(results.iter().map(|val| Item::Core(from_core(val, &mut self.store))).collect())
    }

    fn invoke_lifted(
        &mut self,
        (instance, index): (component::Instance, usize),
        function: &str,
        arguments: &[Item],
    ) -> Result<Vec<Item>, Fault> {
        let Stage { stores, executor, .. } = self;
        let store = stores.get_mut(index).ok_or_else(|| missing("store", None))?;
        let func = instance.get_func(&mut *store, function).or_else(|| {
            let (interface, function) = function.rsplit_once('#')?;
            let scope = instance.get_export_index(&mut *store, None, interface)?;
            let index = instance.get_export_index(&mut *store, Some(&scope), function)?;
            instance.get_func(&mut *store, index)
        });
        let func = func.ok_or_else(|| missing("function", Some(function)))?;
        let ty = func.ty(&*store);
        let params: Vec<component::Type> = ty.params().map(|(_, ty)| ty).collect();
        if params.len() != arguments.len() {
            return Err(Fault::Misfit(format!("it takes {} arguments", params.len())));
        }
        let mut vals = Vec::with_capacity(arguments.len());
        for (argument, ty) in arguments.iter().zip(&params) {
            let lifted = match argument {
                Item::Component(value) => value.clone(),
                // Scripts write floats of both kinds the same way.
                Item::Core(CoreValue::F32(bits)) => Value::F32(f32::from_bits(*bits)),
                Item::Core(CoreValue::F64(bits)) => Value::F64(f64::from_bits(*bits)),
                Item::Core(_) => {
                    let reason = "a component's function takes no core values";
                    return Err(Fault::Misfit(reason.to_owned()));
                }
            };
            let made =
                to_engine(&lifted, ty, &mut |_, _| Err("scripts hold no handles".to_owned()));
            vals.push(made.map_err(Fault::Misfit)?);
        }
        let mut results = vec![component::Val::Bool(false); ty.results().len()];
        let deadline = store.data().0;
        let done = executor
            .block_on(deadline, async { func.call_async(&mut *store, &vals, &mut results).await });
        // The arguments are of the right types: what goes wrong now does so while
        // values pass the seam, which is a trap, though no code of the guest runs then.
        done.map_err(|error| self.fault(&error, Some(index), Fault::Trap))?;
        let nameless = Resources::default();
        let values = results.iter().zip(ty.results());
        Ok(values
            .map(|(val, ty)| Item::Component(self.handles.receive(val, &ty, &nameless)))
            .collect())
    }

    /// What the engine's error means; `otherwise` if nothing was run. `of` is the
    /// store of a component.
    fn fault(
        &mut self,
        error: &wasmtime::Error,
        of: Option<usize>,
        otherwise: fn(String) -> Fault,
    ) -> Fault {
        if let Some(TimeIsOver { allowed }) = error.downcast_ref::<TimeIsOver>() {
            return Fault::TimeIsOver(*allowed);
        }
        let ran = error.is::<wasmtime::Trap>() || error.is::<wasmtime::WasmBacktrace>();
        if ran && of.is_some_and(|store| store + 1 == self.stores.len()) {
            self.trapped = true;
        }
        if error.is::<ThrownException>() {
            // The exception must not be pending when the next call begins.
            let _ = self.store.take_pending_exception();
            return Fault::Exception;
        }
        let words = if ran {
            last_words(error)
        } else {
            // What does not fit, and then how.
            error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
        };
        let reason = words.strip_prefix("wasm trap: ").unwrap_or(&words).to_owned();
        if ran { Fault::Trap(reason) } else { otherwise(reason) }
    }
}

/// The engine's words without an offset in the binary, which nobody wrote.
fn without_place(words: &str) -> String {
    words.split(" (at offset ").next().unwrap_or(words).to_owned()
}

fn missing(what: &str, name: Option<&str>) -> Fault {
    Fault::Misfit(match name {
        Some(name) => format!("there is no {what} `{name}`"),
        None => format!("there is no {what}"),
    })
}

/// A store whose programs are stopped when their time is over.
fn clocked(engine: &Engine, deadline: Option<Deadline>) -> Store<Clock> {
    let mut store = Store::new(engine, Clock(deadline));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|context| match context.data().0 {
        Some(deadline) if deadline.passed() => Err(TimeIsOver { allowed: deadline.allowed }.into()),
        _ => Ok(UpdateDeadline::Yield(1)),
    });
    store
}

/// A linker in which a later instance takes the name of an earlier one.
fn shadowing(engine: &Engine) -> component::Linker<Clock> {
    let mut linker = component::Linker::new(engine);
    linker.allow_shadowing(true);
    linker
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
        // Scripts run side by side; and a panic of the compiler stays on its thread.
        .parallel_compilation(false)
        .epoch_interruption(true);
    config
}
