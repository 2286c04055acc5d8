//! Checking function bodies, in parallel and in batches, each with the least
//! features that will do. Finding the bodies is left to `structure`.

use rayon::prelude::*;
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources, WasmFeatures,
};

use super::MOST_FINDINGS;
use super::needs::least;
use super::structure::Fault;

/// A body that is still to be checked.
struct Body<'a> {
    /// First byte of its module.
    module: usize,
    function: FuncToValidate<ValidatorResources>,
    code: FunctionBody<'a>,
}

/// The first batch is small: it mostly shows what the later ones need.
const FIRST: usize = 256;
/// Bounds the memory for bodies that wait.
const BATCH: usize = 16_384;

/// Bodies on their way, and what was found in those that were checked.
pub(super) struct Bodies<'a> {
    wanted: WasmFeatures,
    waiting: Vec<Body<'a>>,
    room: usize,
    /// The features with which checking began, and those that bodies turned out to need.
    pub used: WasmFeatures,
    /// No more than a batch beyond the limit.
    pub faults: Vec<Fault>,
}

impl<'a> Bodies<'a> {
    /// No bodies so far. Those to come may use the `wanted` features, and are first
    /// tried with those of `start`.
    pub fn new(wanted: WasmFeatures, start: WasmFeatures) -> Bodies<'a> {
        let (waiting, faults) = (Vec::new(), Vec::new());
        Bodies { wanted, waiting, room: FIRST, used: start, faults }
    }

    /// Takes a body of the module that begins at this byte.
    pub fn add(
        &mut self,
        module: usize,
        function: FuncToValidate<ValidatorResources>,
        code: FunctionBody<'a>,
    ) {
        if self.faults.len() > MOST_FINDINGS {
            return;
        }
        self.waiting.push(Body { module, function, code });
        if self.waiting.len() >= self.room {
            self.room = BATCH;
            self.flush();
        }
    }

    /// Checks the bodies that wait.
    pub fn flush(&mut self) {
        let (start, wanted) = (self.used, self.wanted);
        let empty = || (FuncValidatorAllocations::default(), start, Vec::new());
        let (used, mut faults) = std::mem::take(&mut self.waiting)
            .into_par_iter()
            .fold(empty, |(mut allocations, used, mut faults), body| {
                // Each body begins with the same features, whatever thread it is on, so
                // that the answer is always the same.
                let least =
                    least(start, wanted, |features| check(&body, features, &mut allocations));
                match least {
                    Ok(needed) => (allocations, used | needed, faults),
                    Err(fault) => {
                        faults.push(fault);
                        (allocations, used, faults)
                    }
                }
            })
            .map(|(_, used, faults)| (used, faults))
            .reduce(
                || (start, Vec::new()),
                |(one, mut faults), (other, mut more)| {
                    faults.append(&mut more);
                    (one | other, faults)
                },
            );
        self.used = used;
        self.faults.append(&mut faults);
    }
}

fn check(
    Body { module, function, code }: &Body<'_>,
    features: WasmFeatures,
    allocations: &mut FuncValidatorAllocations,
) -> Result<(), Fault> {
    let function = FuncToValidate {
        resources: function.resources.clone(),
        index: function.index,
        ty: function.ty,
        features,
    };
    let index = function.index;
    let mut validator = function.into_validator(std::mem::take(allocations));
    let result = validator.validate(code);
    *allocations = validator.into_allocations();
    result.map_err(|error| Fault { function: Some(index), ..Fault::of(*module, &error) })
}
