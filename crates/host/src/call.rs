//! One instance, one call: what `run` and `invoke` have in common.

use std::future::poll_fn;

use wasmtime::Store;
use wasmtime::component::Val;
use wasmtime_wasi::I32Exit;

use crate::denied::{Denied, denied};
use crate::engine::Program;
use crate::error::HostError;
use crate::exports::Callable;
use crate::grants::Grants;
use crate::link::link;
use crate::state::State;
use crate::trap::Trap;

/// How a call ended.
pub(crate) struct Ended {
    pub how: How,
    pub denied: Vec<Denied>,
}

pub(crate) enum How {
    /// The function returned.
    Returned(Option<Val>),
    /// The program ended itself with this status.
    Exited(u8),
}

/// Instantiates the program with its grants and calls one of its exports.
pub(crate) fn call(
    program: &Program<'_>,
    grants: &Grants,
    args: &[String],
    function: &Callable,
    values: &[Val],
) -> Result<Ended, HostError> {
    let mut all = vec![own_name(&program.name).to_owned()];
    all.extend_from_slice(args);
    let linked = link(program)?;
    let mut store = Store::new(&program.engine, State::new(grants.context(&all)?));

    // WASI's files, clocks and streams live on this executor.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| HostError::Engine { reason: error.to_string() })?;
    let result = runtime.block_on(async {
        let instance = linked.instantiate_async(&mut store).await?;
        let mut scope = None;
        if let Some(interface) = &function.interface {
            scope = instance.get_export_index(&mut store, None, interface);
        }
        let func = instance
            .get_export_index(&mut store, scope.as_ref(), &function.name)
            .and_then(|index| instance.get_func(&mut store, index))
            .ok_or_else(|| wasmtime::format_err!("the export `{}` is gone", function.label()))?;
        let mut results = vec![Val::Bool(false); function.ty.results().len()];
        func.call_async(&mut store, values, &mut results).await?;
        // A task may go on after it has returned: its output is wanted too.
        store
            .run_concurrent(async |accessor| {
                poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
            })
            .await?;
        Ok(results.pop())
    });
    // A read of standard input that nobody waits for any more must not hold the program up.
    runtime.shutdown_background();

    let component = program.component.component_type();
    let denied = denied(store.data().asked, grants, &component, &program.engine);
    how(program, result, &denied).map(|how| Ended { how, denied })
}

fn how(
    program: &Program<'_>,
    result: wasmtime::Result<Option<Val>>,
    denied: &[Denied],
) -> Result<How, HostError> {
    let error = match result {
        Ok(value) => return Ok(How::Returned(value)),
        Err(error) => error,
    };
    if let Some(I32Exit(status)) = error.downcast_ref::<I32Exit>() {
        // Only the low eight bits reach the system, as with any program; a
        // failure must not become a success that way.
        let low = u8::try_from(status & 0xff).unwrap_or(1);
        return Ok(How::Exited(if *status != 0 && low == 0 { 1 } else { low }));
    }
    Err(HostError::trap(&program.name, Trap::new(program, &error, denied.to_vec())))
}

/// The last part of a path: programs call themselves by it.
fn own_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
