//! Room for instances that is kept ready: making one is then a matter of
//! microseconds. How many there may be at one time follows from the component.

use wasmtime::{InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::engine::{Program, Setup};
use crate::error::HostError;

/// How much room is kept ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Instances of the component at one time.
    pub instances: u32,
}

/// Core instances, memories and tables that there is room for with each instance of
/// the component. A composition of many components has fewer instances at a time.
const CORE_INSTANCES: u32 = 64;
const MEMORIES: u32 = 8;
const TABLES: u32 = 16;

/// Stacks with each instance: a program of WASI 0.3 may have several tasks.
const STACKS: u32 = 4;

/// Memories altogether: each has 4 GiB of addresses, of which a process has 128 TiB.
const MOST_MEMORIES: u32 = 8192;

/// Elements of a table. Interpreters have tens of thousands of functions.
const TABLE_ELEMENTS: usize = 1 << 17;

/// Bytes of the engine's own account of an instance.
const ACCOUNT: usize = 16 << 20;

/// What stays in memory between two instances: to clear so much by hand is faster
/// than to give it back to the system and to get it anew.
const KEPT_OF_A_MEMORY: usize = 256 << 10;
const KEPT_OF_A_TABLE: usize = 64 << 10;
const KEPT_OF_A_STACK: usize = 32 << 10;

/// A program to be served, and how many instances of it there may be.
#[derive(Debug)]
pub struct Prepared {
    /// The program.
    pub program: Program,
    /// Requests at one time: as wanted, or as many as there is room for.
    pub concurrent: usize,
    /// Why nothing is kept ready, if so. Instances then take a little longer to make.
    pub without_pool: Option<String>,
}

impl Pool {
    /// The engine's settings.
    pub(crate) fn strategy(self) -> InstanceAllocationStrategy {
        let each = |count: u32| self.instances.saturating_mul(count);
        let mut config = PoolingAllocationConfig::new();
        config
            .total_component_instances(self.instances)
            .total_core_instances(each(CORE_INSTANCES))
            .total_memories(self.memories())
            .total_tables(each(TABLES))
            .total_stacks(each(STACKS))
            .max_component_instance_size(ACCOUNT)
            .max_core_instance_size(ACCOUNT)
            .max_memories_per_module(MEMORIES)
            .max_tables_per_module(TABLES)
            .table_elements(TABLE_ELEMENTS)
            .linear_memory_keep_resident(KEPT_OF_A_MEMORY)
            .table_keep_resident(KEPT_OF_A_TABLE)
            .async_stack_keep_resident(KEPT_OF_A_STACK);
        InstanceAllocationStrategy::Pooling(config)
    }

    fn memories(self) -> u32 {
        self.instances.saturating_mul(MEMORIES).min(MOST_MEMORIES)
    }

    /// How many instances of the program there is room for.
    fn room(self, program: &Program) -> u32 {
        // A component that imports core modules cannot be served anyway.
        let Some(needed) = program.component.resources_required() else { return 0 };
        let within = |total: u32, each: u32| total.checked_div(each).unwrap_or(u32::MAX);
        let memories = within(self.memories(), needed.num_memories);
        let tables = within(self.instances.saturating_mul(TABLES), needed.num_tables);
        memories.min(tables).min(self.instances)
    }
}

/// Compiles a component for a server, with room for `concurrent` instances kept
/// ready where the system gives it and the component fits.
pub fn prepare<B>(
    name: &str,
    bytes: &B,
    setup: &Setup,
    concurrent: usize,
) -> Result<Prepared, HostError>
where
    B: AsRef<[u8]> + Clone + Send + Sync + 'static,
{
    let setup = Setup { shared: true, ..setup.clone() };
    let pool = Pool { instances: u32::try_from(concurrent).unwrap_or(u32::MAX) };
    let pooled = Setup { pool: Some(pool), ..setup.clone() };
    let reason = match Program::compile(name, bytes.clone(), &pooled) {
        Ok(program) => match usize::try_from(pool.room(&program)) {
            Ok(room @ 1..) => {
                let concurrent = concurrent.min(room);
                return Ok(Prepared { program, concurrent, without_pool: None });
            }
            _ => "one instance of it has too many memories or tables".to_owned(),
        },
        Err(HostError::Engine { reason } | HostError::NotCompiled { reason, .. }) => reason,
        Err(other) => return Err(other),
    };
    let program = Program::compile(name, bytes.clone(), &setup)?;
    Ok(Prepared { program, concurrent, without_pool: Some(reason) })
}
