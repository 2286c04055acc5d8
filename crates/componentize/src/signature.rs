//! Core function types: out of wit-parser's, and as people read them in WAT.

use std::fmt;

use wasmparser::{FuncType, ValType};
use wit_parser::abi::{WasmSignature, WasmType};

/// A core function type, shown as `(param i32 i32) (result i32)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(FuncType);

impl Signature {
    /// A type out of its parts.
    pub fn new(
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Signature {
        Signature(FuncType::new(params, results))
    }

    /// The type of a core function that lifts or lowers a function of WIT.
    pub fn of(signature: &WasmSignature) -> Signature {
        let types = |types: &[WasmType]| types.iter().copied().map(value_type).collect::<Vec<_>>();
        Signature::new(types(&signature.params), types(&signature.results))
    }

    /// The type of the function that frees what another one returned.
    pub fn of_post_return(signature: &WasmSignature) -> Signature {
        Signature::new(signature.results.iter().copied().map(value_type), [])
    }

    /// The parameters.
    pub fn params(&self) -> &[ValType] {
        self.0.params()
    }

    /// The results.
    pub fn results(&self) -> &[ValType] {
        self.0.results()
    }
}

impl From<&FuncType> for Signature {
    fn from(ty: &FuncType) -> Signature {
        Signature(ty.clone())
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[ValType]| {
            types.iter().map(|ty| format!(" {ty}")).collect::<Vec<_>>().concat()
        };
        match (self.params(), self.results()) {
            ([], []) => f.write_str("(no parameters, no result)"),
            (params, []) => write!(f, "(param{})", list(params)),
            ([], results) => write!(f, "(result{})", list(results)),
            (params, results) => write!(f, "(param{}) (result{})", list(params), list(results)),
        }
    }
}

/// Memories are 32 bits wide: pointers and lengths are `i32`.
fn value_type(ty: WasmType) -> ValType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    }
}
