//! A program that stays: one instance, calls in sequence, and the handles that
//! came out of them. The text of calls is left to `invoke` and `script`.

use std::future::poll_fn;
use std::time::Instant;

use wasmtime::Store;
use wasmtime::component::{Instance, Val};

use crate::call::{Took, failed, refusals};
use crate::denied::Denied;
use crate::engine::Program;
use crate::error::HostError;
use crate::executor::Executor;
use crate::exports::{Callable, callables};
use crate::grants::Grants;
use crate::link::link;
use crate::state::{State, Stdio, store};
use crate::value::Value;
use crate::value::handles::{Dropped, Handles};

/// A running program whose exports are called one after the other.
///
/// Nothing of it runs before the first call, which also makes its instance.
pub struct Session<'p> {
    pub(crate) program: &'p Program,
    grants: &'p Grants,
    // Dropped in this order: what waits in the store belongs to the executor.
    store: Store<State>,
    executor: Executor,
    instance: Option<Instance>,
    pub(crate) callables: Vec<Callable>,
    pub(crate) handles: Handles,
    took: Took,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Called {
    /// The function returned, with a result or without.
    Returned(Option<Value>),
    /// The program ended itself with this status; the session is over.
    Exited(u8),
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("program", self.program).finish_non_exhaustive()
    }
}

impl<'p> Session<'p> {
    /// A session with these grants, and `args` after the program's own name.
    /// Its time-out begins now.
    pub fn open(
        program: &'p Program,
        grants: &'p Grants,
        args: &[String],
    ) -> Result<Session<'p>, HostError> {
        Ok(Session {
            program,
            grants,
            store: store(program, grants, args, Stdio::inherited())?,
            executor: Executor::new()?,
            instance: None,
            callables: callables(&program.component.component_type(), &program.engine),
            handles: Handles::default(),
            took: Took::default(),
        })
    }

    /// What the program asked for so far and was not granted.
    #[must_use]
    pub fn denied(&self) -> Vec<Denied> {
        refusals(self.program, self.grants, &self.store)
    }

    /// How long it took so far.
    #[must_use]
    pub fn took(&self) -> Took {
        self.took
    }

    /// Calls a function with values that were made for it.
    pub(crate) fn perform(
        &mut self,
        function: &Callable,
        vals: &[Val],
    ) -> Result<Called, HostError> {
        let linked = match self.instance {
            Some(_) => None,
            None => Some(link(self.program)?),
        };
        let watch = self.program.watch.as_ref();
        let Session { store, executor, instance, handles, took, .. } = self;
        let deadline = store.data().deadline;
        let result = executor.block_on(deadline, async {
            if let Some(linked) = linked {
                let began = Instant::now();
                *instance = Some(linked.instantiate_async(&mut *store).await?);
                took.instantiate = began.elapsed();
            }
            let began = Instant::now();
            let gone = || wasmtime::format_err!("the export `{}` is gone", function.label());
            let instance = instance.as_ref().ok_or_else(gone)?;
            let scope = match &function.interface {
                Some(name) => instance.get_export_index(&mut *store, None, name),
                None => None,
            };
            let func = instance
                .get_export_index(&mut *store, scope.as_ref(), &function.name)
                .and_then(|index| instance.get_func(&mut *store, index))
                .ok_or_else(gone)?;
            let mut results = vec![Val::Bool(false); function.ty.results().len()];
            watch.inspect(|watch| watch.entered(function, vals));
            func.call_async(&mut *store, vals, &mut results).await?;
            watch.inspect(|watch| watch.left(function, &results));
            // Numbered at once: whether tasks can end depends on what is held here.
            let mut types = function.ty.results();
            let value = results
                .pop()
                .zip(types.next())
                .map(|(val, ty)| handles.receive(&val, &ty, &function.resources));
            settle(store, handles).await?;
            took.call += began.elapsed();
            Ok(value)
        });
        self.ended(result)
    }

    /// Drops a handle, or closes a stream or future.
    pub(crate) fn dismiss(&mut self, dropped: Dropped) -> Result<Called, HostError> {
        let Session { store, executor, handles, took, .. } = self;
        let deadline = store.data().deadline;
        let result = executor.block_on(deadline, async {
            let began = Instant::now();
            match dropped {
                Dropped::Resource(any) => any.resource_drop_async(&mut *store).await?,
                Dropped::Stream(mut stream) => stream.close(&mut *store)?,
                Dropped::Future(mut future) => future.close(&mut *store)?,
            }
            settle(store, handles).await?;
            took.call += began.elapsed();
            Ok(None)
        });
        self.ended(result)
    }

    fn ended(&self, result: wasmtime::Result<Option<Value>>) -> Result<Called, HostError> {
        match result {
            Ok(value) => Ok(Called::Returned(value)),
            Err(error) => {
                failed(self.program, &self.store, &error, &self.denied()).map(Called::Exited)
            }
        }
    }
}

/// A task may go on after it has returned: its output is wanted too. But one that
/// writes to a stream that is kept here cannot end before the stream is used.
async fn settle(store: &mut Store<State>, handles: &Handles) -> wasmtime::Result<()> {
    if handles.holds_ends() {
        return Ok(());
    }
    store
        .run_concurrent(async |accessor| {
            poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
        })
        .await
}
