//! The table of features: the field's names for the validator's flags.
//! Reading lists of names is left to the parent module.

use wasmparser::WasmFeatures;

use super::Stage;

/// One feature.
pub(super) struct Row {
    pub name: &'static str,
    /// Other spellings that tools take.
    pub aliases: &'static [&'static str],
    pub title: &'static str,
    pub stage: Stage,
    pub bits: WasmFeatures,
}

/// A set that goes by a name.
pub(super) struct Set {
    pub name: &'static str,
    /// Everything up to this stage, unless `core` says it exactly.
    pub stage: Stage,
    /// An edition of the core specification. Components are allowed with each:
    /// the edition says what their core modules may use.
    pub core: Option<WasmFeatures>,
}

/// Flags that stand for no proposal: they only exist to be turned off by
/// engines without floats or a collector, or are halves of a proposal.
pub(super) const ALWAYS: WasmFeatures = WasmFeatures::FLOATS.union(WasmFeatures::GC_TYPES);

pub(super) static SETS: &[Set] = &[
    Set { name: "all", stage: Stage::Proposal, core: None },
    Set { name: "shipped", stage: Stage::Shipped, core: None },
    Set { name: "base", stage: Stage::Base, core: None },
    Set { name: "mvp", stage: Stage::Base, core: Some(WasmFeatures::MVP) },
    Set { name: "wasm1", stage: Stage::Base, core: Some(WasmFeatures::WASM1) },
    Set { name: "wasm2", stage: Stage::Base, core: Some(WasmFeatures::WASM2) },
    Set { name: "wasm3", stage: Stage::Shipped, core: Some(WasmFeatures::WASM3) },
    Set { name: "lime1", stage: Stage::Base, core: Some(WasmFeatures::LIME1) },
];

macro_rules! features {
    ($($stage:ident $flag:ident $name:literal $([$($alias:literal),*])? $title:literal;)*) => {
        pub(super) static FEATURES: &[Row] = &[$(Row {
            name: $name,
            aliases: &[$($($alias),*)?],
            title: $title,
            stage: Stage::$stage,
            bits: WasmFeatures::$flag,
        }),*];
    };
}

features! {
    Base COMPONENT_MODEL "component-model" "components";
    Base MUTABLE_GLOBAL "mutable-global" "mutable globals in imports and exports";
    Base SATURATING_FLOAT_TO_INT "saturating-float-to-int" ["nontrapping-fptoint"]
        "conversions of floats that saturate";
    Base SIGN_EXTENSION "sign-extension" ["sign-ext"] "sign-extending operators";
    Base MULTI_VALUE "multi-value" ["multivalue"] "several results";
    Base BULK_MEMORY "bulk-memory" "copying and filling memory";
    Base REFERENCE_TYPES "reference-types" "references and several tables";
    Base SIMD "simd" ["simd128"] "128-bit vectors";

    Shipped CM_ASYNC "async" ["cm-async", "component-model-async"]
        "async functions, streams and futures";
    Shipped CM_MAP "map" ["cm-map", "component-model-map"] "`map` types";
    Shipped CM_IMPLEMENTS "implements" ["cm-implements", "component-model-implements"]
        "one interface under several names";
    Shipped TAIL_CALL "tail-call" ["tail-calls"] "tail calls";
    Shipped EXTENDED_CONST "extended-const" "arithmetic in constant expressions";
    Shipped FUNCTION_REFERENCES "function-references" ["typed-function-references"]
        "typed function references";
    Shipped GC "gc" "structs and arrays under a collector";
    Shipped MULTI_MEMORY "multi-memory" ["multimemory"] "several memories in one module";
    Shipped RELAXED_SIMD "relaxed-simd" "vector operators that may differ between machines";
    Shipped THREADS "threads" ["atomics"] "shared memory and atomic operators";
    Shipped EXCEPTIONS "exceptions" ["exception-handling"] "exceptions with `exnref`";
    Shipped MEMORY64 "memory64" "64-bit memories and tables";
    Shipped WIDE_ARITHMETIC "wide-arithmetic" "128-bit integer arithmetic";
    Shipped COMPACT_IMPORTS "compact-imports" "imports grouped by module";

    Gated CM_ASYNC_STACKFUL "async-stackful"
        ["stackful", "cm-async-stackful", "component-model-async-stackful"]
        "async exports without a callback";
    Gated CM_MORE_ASYNC_BUILTINS "more-async-builtins"
        ["async-builtins", "cm-more-async-builtins", "component-model-more-async-builtins"]
        "further built-ins for async";
    Gated CM_THREADING "component-threading"
        ["cm-threading", "component-model-threading"] "threads of the component model";
    Gated CM_ERROR_CONTEXT "error-context" ["cm-error-context", "component-model-error-context"]
        "`error-context` values";
    Gated CM_FIXED_LENGTH_LISTS "fixed-length-lists"
        ["fixed-size-list", "cm-fixed-length-lists", "component-model-fixed-length-lists"]
        "lists of a fixed length";
    Gated CM_NESTED_NAMES "nested-names" ["cm-nested-names"] "nested namespaces and packages";
    Gated CM_CANON_NAMES "canon-names" ["cm-canon-names", "version-suffix"]
        "names with a version suffix";
    Gated CM_FORWARD "forward" ["cm-forward"] "forwarding streams and futures";
    Gated CM_ACCESSORS "accessors" ["cm-accessors"] "getters and setters";
    Gated CM64 "cm64" ["component-model-memory64"] "64-bit memories at component boundaries";
    Gated CM_GC "cm-gc" ["component-model-gc"] "collected values at component boundaries";
    Gated CM_VALUES "cm-values" ["component-model-values", "values"] "component values";

    Proposal SHARED_EVERYTHING_THREADS "shared-everything-threads" "threads that share all";
    Proposal CUSTOM_PAGE_SIZES "custom-page-sizes" "pages of another size";
    Proposal STACK_SWITCHING "stack-switching" "continuations";
    Proposal MEMORY_CONTROL "memory-control" "discarding memory";
    Proposal LEGACY_EXCEPTIONS "legacy-exceptions" "exceptions as they were before `exnref`";
    Proposal CUSTOM_DESCRIPTORS "custom-descriptors" "custom type descriptors";
    Proposal ACQUIRE_RELEASE_ATOMICS "acquire-release-atomics" "weaker atomic orderings";
    Proposal MULTIBYTE_ARRAY_ACCESS "multibyte-array-access" "wide access to byte arrays";
}
