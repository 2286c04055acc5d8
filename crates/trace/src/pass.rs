//! The core module that stands between a component and a function that it
//! calls: it tells the host of the call, calls, tells the host of the result.
//!
//! It runs inside of the caller, on the caller's memory and with the caller's
//! handles: nothing is copied, nothing is owned, and nothing is left behind.

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Module, NameMap, NameSection, TypeSection, ValType,
};

use crate::layout::Signature;

/// The module's own name, for backtraces.
pub(crate) const MODULE: &str = "joggle-trace";
/// Where its imports come from.
pub(crate) const SOURCE: &str = "t";
/// The function itself.
pub(crate) const REAL: &str = "real";
/// The host's ear for calls.
pub(crate) const BEFORE: &str = "before";
/// The host's ear for results.
pub(crate) const AFTER: &str = "after";
/// What stands in place of the function.
pub(crate) const TRACED: &str = "traced";

/// Writes the module for functions of one signature.
pub(crate) fn module(signature: &Signature) -> Vec<u8> {
    let mut params = signature.params.clone();
    let place = u32::try_from(params.len()).unwrap_or(u32::MAX);
    if signature.place {
        params.push(ValType::I32);
    }
    let told: Vec<ValType> = match (signature.place, signature.result) {
        // A list of one element: where it is, and how many there are.
        (true, _) => vec![ValType::I32, ValType::I32],
        (false, result) => result.into_iter().collect(),
    };
    let mut types = TypeSection::new();
    types.ty().function(params.iter().copied(), signature.result);
    types.ty().function(signature.params.iter().copied(), []);
    types.ty().function(told, []);
    let mut imports = ImportSection::new();
    imports.import(SOURCE, REAL, EntityType::Function(0));
    imports.import(SOURCE, BEFORE, EntityType::Function(1));
    imports.import(SOURCE, AFTER, EntityType::Function(2));
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export(TRACED, ExportKind::Func, 3);
    let mut code = CodeSection::new();
    code.function(&body(signature, place));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
    module.section(&names());
    module.finish()
}

fn body(signature: &Signature, place: u32) -> Function {
    // The result waits in a local of its own, behind the parameters.
    let mut function = Function::new(signature.result.map(|ty| (1, ty)));
    let mut code = function.instructions();
    for param in 0..place {
        code.local_get(param);
    }
    code.call(1);
    for param in 0..place {
        code.local_get(param);
    }
    if signature.place {
        code.local_get(place).call(0).local_get(place).i32_const(1).call(2);
    } else if signature.result.is_some() {
        code.call(0).local_tee(place).call(2).local_get(place);
    } else {
        code.call(0).call(2);
    }
    code.end();
    function
}

fn names() -> NameSection {
    let mut functions = NameMap::new();
    for (index, name) in [REAL, BEFORE, AFTER, TRACED].into_iter().enumerate() {
        functions.append(u32::try_from(index).unwrap_or(u32::MAX), name);
    }
    let mut names = NameSection::new();
    names.module(MODULE);
    names.functions(&functions);
    names
}
