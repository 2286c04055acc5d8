//! What to write so that a module has what its world wants: in the terms of the
//! language that the module was written in. Finding out what is missing is left to
//! `check`.

use joggle_load::bundled_packages;
use joggle_relate::name::ExternName;
use wasmparser::ValType;

use crate::adapt::PREVIEW1;
use crate::module::Language;
use crate::signature::Signature;
use crate::symbols::{Spelling, Wanted};

/// How to export a function: by bindings, then by hand.
pub fn implement(language: Language, wanted: &Wanted, spelling: &Spelling, path: &str) -> String {
    let item = &wanted.item;
    let symbol = &spelling.symbol;
    match language {
        Language::Rust => {
            let name = if wanted.constructor { "new".to_owned() } else { item.replace('-', "_") };
            let of = match &wanted.resource {
                Some(resource) => format!("Guest{}", camel(resource)),
                None => "Guest".to_owned(),
            };
            let parameters = spelling.signature.params();
            let names = parameters.iter().enumerate().map(|(at, ty)| format!("p{at}: {ty}"));
            let names = names.collect::<Vec<_>>().join(", ");
            let result = spelling.signature.results().first();
            let result = result.map(|ty| format!(" -> {ty}")).unwrap_or_default();
            format!(
                "with the bindings of `joggle bindgen --lang rust`: implement `{of}::{name}` for \
                 `{path}` and call `export!`\n\
                 by hand: #[unsafe(export_name = \"{symbol}\")] extern \"C\" fn \
                 {name}({names}){result}"
            )
        }
        Language::C => {
            let name = item.replace('-', "_");
            format!(
                "by hand: __attribute__((export_name(\"{symbol}\")))\n{}",
                c_declaration(&name, &spelling.signature)
            )
        }
        Language::Go => {
            let parameters = spelling.signature.params().iter().enumerate();
            let names = parameters.map(|(at, ty)| format!("p{at} {}", go_type(*ty)));
            let result = spelling.signature.results().first();
            let result = result.map(|ty| format!(" {}", go_type(*ty))).unwrap_or_default();
            format!(
                "by hand: //go:wasmexport {symbol}\nfunc {}({}){result}",
                small_camel(item),
                names.collect::<Vec<_>>().join(", ")
            )
        }
        Language::Unknown => {
            format!("export a function named `{symbol}` of the type {}", spelling.signature)
        }
    }
}

/// How to export the function that allocates.
pub fn allocate(language: Language) -> String {
    let what = "the bindings of a generator bring it along: check that they are linked, and that \
                the linker keeps the symbol";
    let by_hand = match language {
        Language::Rust => {
            "\nby hand: #[unsafe(export_name = \"cabi_realloc\")] extern \"C\" fn \
             realloc(old: *mut u8, old_size: usize, align: usize, new_size: usize) -> *mut u8"
        }
        Language::C => {
            "\nby hand: __attribute__((export_name(\"cabi_realloc\")))\n\
             void *cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size);"
        }
        Language::Go => {
            "\nby hand: //go:wasmexport cabi_realloc\n\
             func realloc(old, oldSize, align, newSize uint32) uint32"
        }
        Language::Unknown => {
            "\nby hand: export a function `cabi_realloc` of the type \
             (param i32 i32 i32 i32) (result i32): the old block, its size, the alignment, the \
             new size; it returns the new block"
        }
    };
    format!("{what}{by_hand}")
}

/// How to export the memory.
pub fn memory(language: Language) -> &'static str {
    match language {
        Language::Rust | Language::C => {
            "the linker exports it as `memory` unless it is told otherwise: see the options that \
             it was given"
        }
        Language::Go | Language::Unknown => "export it under the name `memory`",
    }
}

/// What to do about imports that no world has, by their first name.
pub fn stray(module: &str, fields: &[&str], file: &str) -> String {
    let first = fields.first().copied().unwrap_or_default();
    match module {
        PREVIEW1 => "WASI preview 1 is adapted unless it is told otherwise: leave `--adapt none` \
                     away"
            .to_owned(),
        "wasi_unstable" => {
            "that is WASI before preview 1: build with a newer toolchain, for wasm32-wasip1"
                .to_owned()
        }
        "env" => format!(
            "`env` is where a linker puts what it did not find: define `{first}`, or link the \
             library that does; without `--allow-undefined` the linker says where it is used"
        ),
        "wbg" | "__wbindgen_placeholder__" | "__wbindgen_externref_xform__" => {
            "that is wasm-bindgen, whose modules run in JavaScript only: build without it"
                .to_owned()
        }
        "go" | "gojs" => "that is Go for browsers: build with GOOS=wasip1 GOARCH=wasm".to_owned(),
        other => match ExternName::parse(other) {
            ExternName::Interface { base, .. } => {
                let wasi = bundled_packages().any(|(package, _)| {
                    base.strip_prefix(&package).is_some_and(|rest| rest.starts_with('/'))
                });
                let whose = if wasi { " (it is of WASI)" } else { "" };
                format!(
                    "import it in the world{whose}: `import {other};`, and build the bindings anew"
                )
            }
            ExternName::Label(_) => format!(
                "import it in the world; or if a core module stands in for it: \
                 joggle componentize {file} --adapt {other}=adapter.wasm -o app.wasm"
            ),
        },
    }
}

fn c_declaration(name: &str, signature: &Signature) -> String {
    let c = |ty: &ValType| match ty {
        ValType::I32 => "int32_t",
        ValType::I64 => "int64_t",
        ValType::F32 => "float",
        ValType::F64 => "double",
        ValType::V128 | ValType::Ref(_) => "void *",
    };
    let result = signature.results().first().map_or("void", c);
    let parameters = signature.params().iter().map(c).collect::<Vec<_>>();
    let parameters = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
    format!("{result} {name}({parameters});")
}

fn go_type(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "int32",
        ValType::I64 => "int64",
        ValType::F32 => "float32",
        ValType::F64 => "float64",
        ValType::V128 | ValType::Ref(_) => "uintptr",
    }
}

fn camel(name: &str) -> String {
    name.split('-').map(capital).collect()
}

fn small_camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capital(word))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
