//! The executor that a program's waiting happens on, and the clock over it.
//! A program that computes is stopped by the engine's epochs, one that waits
//! by the executor's timer. What it is that runs is left to the callers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::error::HostError;
use crate::limits::{Deadline, TimeIsOver};
use crate::state::State;

/// How often a computing program is asked whether its time is over, unless
/// its time is shorter.
const TICK: Duration = Duration::from_millis(10);
const SHORTEST_TICK: Duration = Duration::from_millis(1);

/// Everything asynchronous of one program happens here.
pub(crate) struct Executor(Option<Runtime>);

impl Executor {
    /// An executor on the current thread.
    pub(crate) fn new() -> Result<Executor, HostError> {
        // WASI's files, clocks and streams live on this executor.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| HostError::Engine { reason: error.to_string() })?;
        Ok(Executor(Some(runtime)))
    }

    /// Runs a future to its end, but not beyond the deadline.
    pub(crate) fn block_on<T>(
        &self,
        deadline: Option<Deadline>,
        future: impl Future<Output = wasmtime::Result<T>>,
    ) -> wasmtime::Result<T> {
        match &self.0 {
            Some(runtime) => {
                let result = runtime.block_on(within(deadline, future));
                // It may have ended between two ticks of the clock, but too late.
                match deadline {
                    Some(deadline) if result.is_ok() && deadline.passed() => {
                        Err(TimeIsOver { allowed: deadline.allowed }.into())
                    }
                    _ => result,
                }
            }
            None => Err(wasmtime::format_err!("the executor has ended")),
        }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // A read of standard input that nobody waits for any more must not hold the program up.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A future that ends in [`TimeIsOver`] when the deadline has passed.
pub(crate) async fn within<T>(
    deadline: Option<Deadline>,
    future: impl Future<Output = wasmtime::Result<T>>,
) -> wasmtime::Result<T> {
    let Some(Deadline { at, allowed }) = deadline else { return future.await };
    match tokio::time::timeout_at(at.into(), future).await {
        Ok(result) => result,
        Err(_) => Err(TimeIsOver { allowed }.into()),
    }
}

/// Makes the store's program give way at each tick, and end when its deadline has passed.
pub(crate) fn watch_the_clock(store: &mut Store<State>) {
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|context| match context.data().deadline {
        Some(deadline) if deadline.passed() => Err(TimeIsOver { allowed: deadline.allowed }.into()),
        _ => Ok(UpdateDeadline::Yield(1)),
    });
}

/// A thread that advances the engine's epoch for as long as this lives.
pub(crate) struct Ticker(Arc<AtomicBool>);

impl Ticker {
    /// A clock for programs of which none is given less than the `shortest` time, if any.
    pub(crate) fn start(engine: &Engine, shortest: Option<Duration>) -> Result<Ticker, HostError> {
        let tick = shortest.map_or(TICK, |time| time.clamp(SHORTEST_TICK, TICK));
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let engine = engine.weak();
        std::thread::Builder::new()
            .name("joggle clock".to_owned())
            .spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    std::thread::sleep(tick);
                    let Some(engine) = engine.upgrade() else { break };
                    engine.increment_epoch();
                }
            })
            .map_err(|error| HostError::Engine { reason: error.to_string() })?;
        Ok(Ticker(over))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn what_ends_too_late_was_stopped_too_late_and_is_late_all_the_same() {
        let executor = Executor::new().expect("an executor");
        let allowed = Duration::from_millis(1);
        let ends = |deadline| executor.block_on(deadline, std::future::ready(Ok(())));
        let later = Instant::now() + Duration::from_hours(1);
        assert!(ends(None).is_ok());
        assert!(ends(Some(Deadline { at: later, allowed })).is_ok());
        let error = ends(Some(Deadline { at: Instant::now(), allowed })).expect_err("it is late");
        assert_eq!(error.downcast_ref::<TimeIsOver>(), Some(&TimeIsOver { allowed }));
    }
}
