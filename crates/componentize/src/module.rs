//! A core module as far as componentizing goes: its imports and exports with their
//! types, the worlds it carries, and the language it was written in. Whether that
//! fits anything is left to `check`.

use std::sync::Mutex;

use joggle_load::Binary;
use joggle_load::verify::{self, Invalid, Level};
use wasmparser::types::Types;
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, Validator};

use crate::problem::Problem;
use crate::signature::Signature;
use crate::world::CarriedWorld;

/// What was read of a core module.
pub struct Module<'a> {
    /// As shown to people.
    pub name: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Imports, in their order.
    pub imports: Vec<Import>,
    /// Exports, in their order.
    pub exports: Vec<Export>,
    /// The worlds of its `component-type` sections.
    pub worlds: Vec<CarriedWorld>,
    /// What it was written in.
    pub language: Language,
}

/// An import.
pub struct Import {
    /// The first name.
    pub module: String,
    /// The second name.
    pub field: String,
    /// What it is.
    pub kind: Kind,
}

/// An export.
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What is imported or exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function of this type.
    Function(Signature),
    /// Something else, by its name in a sentence: `a memory`.
    Other(&'static str),
}

/// The kind of a memory.
pub const MEMORY: Kind = Kind::Other("a memory");

/// The language of a module, for advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// C or C++.
    C,
    /// Go, by whichever compiler.
    Go,
    /// Something else, or nobody says.
    Unknown,
}

impl Import {
    /// Whether this is the memory that a linker makes an import.
    pub fn is_memory(&self) -> bool {
        self.module == "env" && self.field == "memory" && self.kind == MEMORY
    }
}

impl Module<'_> {
    /// An export by its name.
    pub fn export(&self, name: &str) -> Option<&Export> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// Whether the encoder gives the module its memory, as for one that was linked with
    /// `--import-memory`.
    pub fn imports_memory(&self) -> bool {
        self.imports.iter().any(Import::is_memory)
    }

    /// Whether there is a function of this name among the exports.
    pub fn exports_function(&self, name: &str) -> bool {
        self.export(name).is_some_and(|export| matches!(export.kind, Kind::Function(_)))
    }
}

/// Reads a core module and checks that it is valid.
pub fn read(binary: &Binary) -> Result<Module<'_>, Problem> {
    let invalid = |invalid: Invalid| {
        let file = binary.name.clone();
        Problem::InvalidModule { file, reason: invalid.message, offset: invalid.offset }
    };
    let bytes: &[u8] = &binary.bytes;
    let mut worlds = Vec::new();
    let mut shared = false;
    let (types, imports, exports) = check_rules(bytes, |payload| {
        if let Payload::CustomSection(section) = payload {
            shared |= matches!(section.name(), "dylink.0" | "dylink");
            if section.name().starts_with("component-type") {
                worlds.push(CarriedWorld::of(section.name(), section.data()));
            }
        }
    })
    .map_err(invalid)?;
    if shared {
        return Err(Problem::SharedLibrary { file: binary.name.clone() });
    }
    let types = types.as_ref();
    let import = |import: wasmparser::Import<'_>| Import {
        module: import.module.to_owned(),
        field: import.name.to_owned(),
        kind: match import.ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                let ty = types[types.core_type_at_in_module(index)].unwrap_func();
                Kind::Function(Signature::from(ty))
            }
            TypeRef::Table(_) => Kind::Other("a table"),
            TypeRef::Memory(_) => MEMORY,
            TypeRef::Global(_) => Kind::Other("a global"),
            TypeRef::Tag(_) => Kind::Other("a tag"),
        },
    };
    let export = |export: wasmparser::Export<'_>| Export {
        name: export.name.to_owned(),
        kind: match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                let ty = types[types.core_function_at(export.index)].unwrap_func();
                Kind::Function(Signature::from(ty))
            }
            ExternalKind::Table => Kind::Other("a table"),
            ExternalKind::Memory => MEMORY,
            ExternalKind::Global => Kind::Other("a global"),
            ExternalKind::Tag => Kind::Other("a tag"),
        },
    };
    Ok(Module {
        name: &binary.name,
        bytes,
        imports: imports.into_iter().map(import).collect(),
        exports: exports.into_iter().map(export).collect(),
        worlds,
        language: language(bytes),
    })
}

type Checked<'a> = (Types, Vec<wasmparser::Import<'a>>, Vec<wasmparser::Export<'a>>);

/// Checks all rules, function bodies in parallel; `see` is shown each section.
fn check_rules<'a>(
    bytes: &'a [u8],
    mut see: impl FnMut(&Payload<'a>) + Send,
) -> Result<Checked<'a>, Invalid> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let faults: Mutex<Vec<Invalid>> = Mutex::new(Vec::new());
    let checked = rayon::scope(|scope| {
        let mut validator = Validator::new_with_features(Level::Proposals.features());
        let look = |_, payload: &Payload<'a>| {
            if let Payload::ImportSection(section) = payload {
                imports.extend(section.clone().into_imports().flatten());
            }
            if let Payload::ExportSection(section) = payload {
                exports.extend(section.clone().into_iter().flatten());
            }
            see(payload);
        };
        let faults = &faults;
        let collect = |batch| {
            scope.spawn(move |_| {
                let mut faults = faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                faults.extend(verify::bodies(batch));
            });
        };
        verify::structure(&mut validator, &[bytes], look, collect)
    });
    let types = checked?;
    let faults = faults.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match faults.into_iter().min_by_key(|fault| fault.offset) {
        Some(fault) => Err(fault),
        None => Ok((types, imports, exports)),
    }
}

/// What the producers section says.
fn language(bytes: &[u8]) -> Language {
    let Ok(Some(producers)) = wasm_metadata::Producers::from_wasm(bytes) else {
        return by_sections(bytes);
    };
    let names = |field: &str| -> Vec<String> {
        let field = producers.get(field);
        field
            .iter()
            .flat_map(wasm_metadata::ProducersField::iter)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let (languages, tools) = (names("language"), names("processed-by"));
    let written = |wanted: &str| languages.iter().any(|name| name == wanted);
    let made = |wanted: &str| tools.iter().any(|name| name == wanted);
    // Every language brings the C of its standard library along, so C comes last.
    let c = |name: &String| {
        let mut letters = name.chars();
        letters.next() == Some('C') && !letters.next().is_some_and(char::is_alphabetic)
    };
    match () {
        () if written("Rust") || made("rustc") => Language::Rust,
        () if written("Go") || made("TinyGo") || made("Go cmd/compile") => Language::Go,
        () if languages.iter().any(c) || made("clang") => Language::C,
        () => Language::Unknown,
    }
}

/// Go's own compiler leaves a section of its own.
fn by_sections(bytes: &[u8]) -> Language {
    let go = |payload: Payload<'_>| matches!(payload, Payload::CustomSection(section) if section.name() == "go:buildid");
    let mut sections = Parser::new(0).parse_all(bytes).map_while(Result::ok);
    if sections.any(go) { Language::Go } else { Language::Unknown }
}
