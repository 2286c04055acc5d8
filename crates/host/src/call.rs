//! What a call came to: how long it took, what was refused to it, and what the
//! engine's error means if it did not return. Making it is left to `session`
//! and to `serve`.

use std::time::Duration;

use wasmtime::Store;
use wasmtime_wasi::I32Exit;

use crate::denied::{Denied, denied};
use crate::engine::Program;
use crate::error::HostError;
use crate::grants::Grants;
use crate::limits::{TimeIsOver, bytes_in_words};
use crate::state::State;
use crate::trap::Trap;

/// The instruction that asks for memory.
const MEMORY: &str = "memory.grow";

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Making the instances and running what they do when they begin.
    pub instantiate: Duration,
    /// The call itself.
    pub call: Duration,
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
