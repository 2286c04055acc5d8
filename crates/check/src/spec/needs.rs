//! The least features with which something is valid, by asking the validator:
//! it mostly says which feature it misses, so that one try per feature is enough.
//! Where it does not say, features are tried. What is to be checked is left to the caller.

use wasmparser::WasmFeatures;

use super::structure::{Fault, Task, follow};
use crate::features::Feature;

/// The least of the `wanted` features with which the file is valid but for
/// function bodies, those of the `floor` included; none when it is not valid
/// with all of them.
pub(super) fn of_structure(
    bytes: &[u8],
    floor: WasmFeatures,
    wanted: WasmFeatures,
) -> Option<WasmFeatures> {
    let task = Task::whole(bytes);
    let check = |features| {
        let mut faults = Vec::new();
        let broken = follow(bytes, &task, features, None, &mut faults);
        match broken.and_then(|broken| broken.fault).into_iter().chain(faults).next() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    };
    least(floor, wanted, check).ok()
}

/// The least features between `start` and `wanted` that satisfy `check`; what is
/// wrong with all that are wanted when they do not satisfy it.
pub(super) fn least(
    start: WasmFeatures,
    wanted: WasmFeatures,
    mut check: impl FnMut(WasmFeatures) -> Result<(), Fault>,
) -> Result<WasmFeatures, Fault> {
    let mut have = start;
    let mut satisfiable = false;
    loop {
        let Err(fault) = check(have) else { return Ok(have) };
        have |= match fault.missing {
            Some(missing) if wanted.contains(missing) && !have.contains(missing) => missing,
            _ => {
                if !satisfiable {
                    check(wanted)?;
                    satisfiable = true;
                }
                match helpful(have, wanted, &fault, &mut check) {
                    Some(feature) => feature,
                    None => return Ok(shrink(have, wanted, check)),
                }
            }
        };
    }
}

/// A feature that mends the fault, or at least brings the next one.
fn helpful(
    have: WasmFeatures,
    wanted: WasmFeatures,
    fault: &Fault,
    check: &mut impl FnMut(WasmFeatures) -> Result<(), Fault>,
) -> Option<WasmFeatures> {
    candidates(have, wanted).find(|&feature| match check(have | feature) {
        Ok(()) => true,
        Err(next) => next.offset > fault.offset || next.missing.is_some(),
    })
}

/// Takes away from the wanted features what is not needed, one after the other.
fn shrink(
    have: WasmFeatures,
    wanted: WasmFeatures,
    mut check: impl FnMut(WasmFeatures) -> Result<(), Fault>,
) -> WasmFeatures {
    let mut least = wanted;
    for feature in candidates(have, wanted) {
        if check(least.difference(feature)).is_ok() {
            least = least.difference(feature);
        }
    }
    least
}

fn candidates(have: WasmFeatures, wanted: WasmFeatures) -> impl Iterator<Item = WasmFeatures> {
    Feature::all()
        .map(Feature::bits)
        .filter(move |&bits| wanted.contains(bits) && !have.contains(bits))
}
