//! What a core module imports and exports for a function or a resource: names
//! and signatures, all of them wit-parser's, in the mangling that every
//! generator emits ("legacy").

use wit_parser::abi::{AbiVariant, WasmSignature};
use wit_parser::{
    Function, LiftLowerAbi, Mangling, ManglingAndAbi, Resolve, ResourceIntrinsic, TypeId,
    WasmExport, WasmExportKind, WasmImport, WorldKey,
};

use super::{CoreType, Flattened};
use crate::model::Side;

/// The two names of a core import.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Symbol {
    /// The first, which is the interface's.
    pub module: String,
    /// The second, which is the function's.
    pub field: String,
}

/// How a core module imports or exports a function, synchronously.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Core {
    /// What a module imports to call the function when its component imports it.
    pub import: Symbol,
    /// What a module exports to implement the function when its component exports it.
    pub export: String,
    /// The export that frees what the result holds. `None` on the import side and when there is
    /// nothing to free: `CanonicalABI.md`, "`canon lift`", `post-return` is optional.
    pub post_return: Option<String>,
    /// The core parameters on the function's own side.
    pub params: Vec<CoreType>,
    /// The core results on the function's own side.
    pub results: Vec<CoreType>,
    /// All parameters lie in memory, and `params` starts with a pointer to them.
    pub indirect_params: bool,
    /// The result lies in memory. An import has a last parameter that points to room for it; an
    /// export returns a pointer to it.
    pub return_pointer: bool,
    /// How the same function is imported or exported asynchronously; of `async` functions only.
    pub concurrent: Option<Async>,
}

/// The asynchronous form of an `async` function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Async {
    /// On the import side: returns a status, and writes the result through a pointer.
    Lower(Task),
    /// On the export side, with a callback.
    Lift(Lift),
}

/// An export that starts a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// The export that starts a task.
    pub export: String,
    /// The export that is called with its events: `(i32 i32 i32) -> i32`.
    pub callback: String,
    /// The core parameters.
    pub params: Vec<CoreType>,
    /// The core results: what the task waits for.
    pub results: Vec<CoreType>,
    /// All parameters lie in memory.
    pub indirect_params: bool,
    /// The import that takes the result.
    pub task_return: Task,
}

/// A core import with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its names.
    pub symbol: Symbol,
    /// Its core parameters.
    pub params: Vec<CoreType>,
    /// Its core results.
    pub results: Vec<CoreType>,
    /// All parameters lie in memory.
    pub indirect_params: bool,
    /// The last parameter points to room for the result.
    pub return_pointer: bool,
}

/// What a core module imports and exports for a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceCore {
    /// `(i32)`: drops a handle.
    pub drop: Symbol,
    /// `(i32) -> i32`: a handle for a representation; on the export side.
    pub new: Option<Symbol>,
    /// `(i32) -> i32`: the representation behind a handle; on the export side.
    pub rep: Option<Symbol>,
    /// The export that is called with the representation when the last handle is gone: `(i32)`;
    /// on the export side. It is optional.
    pub dtor: Option<String>,
}

const SYNC: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
const ASYNC: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback);

/// How a core module imports or exports `func` of the world's item `key`; `None` is the world.
#[must_use]
pub fn core(flattened: &Flattened, key: Option<&WorldKey>, func: &Function, side: Side) -> Core {
    let resolve = flattened.resolve();
    let variant = match side {
        Side::Import => AbiVariant::GuestImport,
        Side::Export => AbiVariant::GuestExport,
    };
    let signature = resolve.wasm_signature(variant, func);
    // Whether there is anything to free is known once all types are: `measure` takes it back.
    let post_return = side == Side::Export && func.result.is_some();
    Core {
        import: import(resolve, SYNC, key, func),
        export: export(resolve, SYNC, key, func, WasmExportKind::Normal),
        post_return: post_return
            .then(|| export(resolve, SYNC, key, func, WasmExportKind::PostReturn)),
        params: types(&signature.params),
        results: types(&signature.results),
        indirect_params: signature.indirect_params,
        return_pointer: signature.retptr,
        concurrent: func.kind.is_async().then(|| concurrent(resolve, key, func, side)),
    }
}

/// What a core module imports and exports for `resource` of the world's item `key`.
#[must_use]
pub fn resource(
    resolve: &Resolve,
    key: Option<&WorldKey>,
    resource: TypeId,
    side: Side,
) -> ResourceCore {
    let named = |intrinsic| {
        let import = WasmImport::ResourceIntrinsic { interface: key, resource, intrinsic };
        let (module, field) = resolve.wasm_import_name(SYNC, import);
        Symbol { module, field }
    };
    // A resource of the world itself has no interface and is always imported.
    match (side, key) {
        (Side::Import, _) | (Side::Export, None) => ResourceCore {
            drop: named(ResourceIntrinsic::ImportedDrop),
            new: None,
            rep: None,
            dtor: None,
        },
        (Side::Export, Some(interface)) => ResourceCore {
            drop: named(ResourceIntrinsic::ExportedDrop),
            new: Some(named(ResourceIntrinsic::ExportedNew)),
            rep: Some(named(ResourceIntrinsic::ExportedRep)),
            dtor: Some(
                resolve.wasm_export_name(SYNC, WasmExport::ResourceDtor { interface, resource }),
            ),
        },
    }
}

fn import(
    resolve: &Resolve,
    mangling: ManglingAndAbi,
    interface: Option<&WorldKey>,
    func: &Function,
) -> Symbol {
    let (module, field) = resolve.wasm_import_name(mangling, WasmImport::Func { interface, func });
    Symbol { module, field }
}

fn export(
    resolve: &Resolve,
    mangling: ManglingAndAbi,
    interface: Option<&WorldKey>,
    func: &Function,
    kind: WasmExportKind,
) -> String {
    resolve.wasm_export_name(mangling, WasmExport::Func { interface, func, kind })
}

fn concurrent(resolve: &Resolve, key: Option<&WorldKey>, func: &Function, side: Side) -> Async {
    match side {
        Side::Import => {
            let signature = resolve.wasm_signature(AbiVariant::GuestImportAsync, func);
            Async::Lower(Task::new(import(resolve, ASYNC, key, func), &signature))
        }
        Side::Export => {
            let signature = resolve.wasm_signature(AbiVariant::GuestExportAsync, func);
            let (module, field, task_return) =
                func.task_return_import(resolve, key, Mangling::Legacy);
            Async::Lift(Lift {
                export: export(resolve, ASYNC, key, func, WasmExportKind::Normal),
                callback: export(resolve, ASYNC, key, func, WasmExportKind::Callback),
                params: types(&signature.params),
                results: types(&signature.results),
                indirect_params: signature.indirect_params,
                task_return: Task::new(Symbol { module, field }, &task_return),
            })
        }
    }
}

impl Task {
    fn new(symbol: Symbol, signature: &WasmSignature) -> Task {
        Task {
            symbol,
            params: types(&signature.params),
            results: types(&signature.results),
            indirect_params: signature.indirect_params,
            return_pointer: signature.retptr,
        }
    }
}

fn types(types: &[wit_parser::abi::WasmType]) -> Vec<CoreType> {
    types.iter().map(|ty| CoreType::of(*ty)).collect()
}
