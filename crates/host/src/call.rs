//! One instance, one call: what `run` and `invoke` have in common.

use std::future::poll_fn;
use std::time::{Duration, Instant};

use wasmtime::Store;
use wasmtime::component::Val;
use wasmtime_wasi::I32Exit;

use crate::denied::{Denied, denied};
use crate::engine::Program;
use crate::error::HostError;
use crate::executor::Executor;
use crate::exports::Callable;
use crate::grants::Grants;
use crate::limits::{TimeIsOver, bytes_in_words};
use crate::link::link;
use crate::state::{State, Stdio, store};
use crate::trap::Trap;

/// The instruction that asks for memory.
const MEMORY: &str = "memory.grow";

/// How a call ended.
pub(crate) struct Ended {
    pub how: How,
    pub denied: Vec<Denied>,
    pub took: Took,
}

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Making the instances and running what they do when they begin.
    pub instantiate: Duration,
    /// The call itself.
    pub call: Duration,
}

pub(crate) enum How {
    /// The function returned.
    Returned(Option<Val>),
    /// The program ended itself with this status.
    Exited(u8),
}

/// Instantiates the program with its grants and calls one of its exports.
pub(crate) fn call(
    program: &Program,
    grants: &Grants,
    args: &[String],
    function: &Callable,
    values: &[Val],
) -> Result<Ended, HostError> {
    let linked = link(program)?;
    let mut store = store(program, grants, args, Stdio::inherited())?;
    let executor = Executor::new()?;
    let mut took = Took::default();
    let deadline = store.data().deadline;
    let result = executor.block_on(deadline, async {
        let began = Instant::now();
        let instance = linked.instantiate_async(&mut store).await?;
        took.instantiate = began.elapsed();
        let began = Instant::now();
        let mut scope = None;
        if let Some(interface) = &function.interface {
            scope = instance.get_export_index(&mut store, None, interface);
        }
        let func = instance
            .get_export_index(&mut store, scope.as_ref(), &function.name)
            .and_then(|index| instance.get_func(&mut store, index))
            .ok_or_else(|| wasmtime::format_err!("the export `{}` is gone", function.label()))?;
        let mut results = vec![Val::Bool(false); function.ty.results().len()];
        let watch = program.watch.as_ref();
        watch.inspect(|watch| watch.entered(function, values));
        func.call_async(&mut store, values, &mut results).await?;
        watch.inspect(|watch| watch.left(function, &results));
        // A task may go on after it has returned: its output is wanted too.
        store
            .run_concurrent(async |accessor| {
                poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
            })
            .await?;
        took.call = began.elapsed();
        Ok(results.pop())
    });
    drop(executor);
    let denied = refusals(program, grants, &store);
    match result {
        Ok(value) => Ok(Ended { how: How::Returned(value), denied, took }),
        Err(error) => {
            let status = failed(program, &store, &error, &denied)?;
            Ok(Ended { how: How::Exited(status), denied, took })
        }
    }
}

/// What the program in this store asked for and was not granted.
pub(crate) fn refusals(program: &Program, grants: &Grants, store: &Store<State>) -> Vec<Denied> {
    let component = program.component.component_type();
    let mut all = denied(&store.data().gate.asked(), grants, &component, &program.engine);
    if let (Some(limit), Some(wanted)) = (program.limits.memory, store.data().budget.wanted) {
        all.push(Denied {
            what: format!("{} of memory", bytes_in_words(wanted as u64)),
            import: MEMORY.to_owned(),
            remedy: format!("the limit is {}: raise --max-memory", bytes_in_words(limit)),
            refused: true,
        });
    }
    all
}

/// What the engine's error means: the program ended itself with a status, or it
/// passed a limit, or it trapped.
pub(crate) fn failed(
    program: &Program,
    store: &Store<State>,
    error: &wasmtime::Error,
    denied: &[Denied],
) -> Result<u8, HostError> {
    if let Some(I32Exit(status)) = error.downcast_ref::<I32Exit>() {
        // Only the low eight bits reach the system, as with any program; a
        // failure must not become a success that way.
        let low = u8::try_from(status & 0xff).unwrap_or(1);
        return Ok(if *status != 0 && low == 0 { 1 } else { low });
    }
    let name = &program.name;
    // What was only found to be empty is too weak a reason for a trap, and memory has words of
    // its own.
    let refused = denied.iter().filter(|denied| denied.refused && denied.import != MEMORY);
    let trap = Trap::new(program, error, refused.cloned().collect());
    if let Some(TimeIsOver { allowed }) = error.downcast_ref::<TimeIsOver>() {
        return Err(HostError::time_is_over(name, *allowed, &trap));
    }
    if let Some(fuel) = program.limits.fuel
        && matches!(error.downcast_ref::<wasmtime::Trap>(), Some(wasmtime::Trap::OutOfFuel))
    {
        return Err(HostError::out_of_fuel(name, fuel, &trap));
    }
    // A program may live with memory that it did not get; one that ends in a trap did not.
    if let (Some(limit), Some(wanted)) = (program.limits.memory, store.data().budget.wanted) {
        return Err(HostError::out_of_memory(name, limit, wanted as u64, &trap));
    }
    Err(HostError::trap(name, trap))
}
