//! Modules that fit random worlds are accepted, and what is made of them has the WIT
//! that `wit-component` alone would give it. With one thing broken, this crate refuses
//! where the encoder refuses, before it, and names the symbol.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use joggle_componentize::{Adapters, Given, Problem, Request, componentize};
use joggle_load::{Artifact, Binary, Bytes, Wit, load_bytes};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, WorldId};

/// Bytes that look random and are the same on each run.
fn entropy(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..count).map(|_| next()).collect()
}

fn smithed(seed: u64, shipped: bool) -> Option<Wit> {
    let config = wit_smith::Config {
        max_packages: 2,
        max_type_size: 40,
        max_interface_items: 5,
        max_world_items: 5,
        max_pkg_items: 5,
        max_type_parts: 4,
        max_files_per_package: 2,
        max_resource_items: 3,
        async_: !shipped,
        futures: !shipped,
        streams: !shipped,
        fixed_length_lists: !shipped,
        ..wit_smith::Config::default()
    };
    let bytes = entropy(seed, 2000);
    let wasm = wit_smith::smith(&config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    match load_bytes("random.wasm", Bytes::from(wasm)) {
        Ok(Artifact::Wit(wit)) => Some(*wit),
        Ok(_) | Err(_) => None,
    }
}

/// What the encoder alone makes of a module.
fn encoded(wit: &Wit, world: WorldId, module: &[u8]) -> Option<Vec<u8>> {
    let work = || {
        let mut module = module.to_vec();
        let utf8 = StringEncoding::UTF8;
        wit_component::embed_component_metadata(&mut module, &wit.resolve, world, utf8, false)
            .ok()?;
        ComponentEncoder::default().validate(true).module(&module).ok()?.encode().ok()
    };
    // What makes the encoder panic is nothing that it accepts.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok().flatten()
}

fn binary(bytes: &[u8]) -> Binary {
    let name = "core.wasm".to_owned();
    let bytes = Bytes::from(bytes.to_vec());
    Binary { stem: "core".to_owned(), file_name: name.clone(), name, bytes }
}

fn ours(wit: &Wit, world: WorldId, module: &[u8]) -> Result<Vec<u8>, Vec<Problem>> {
    let request = Request {
        module: &binary(module),
        given: Some(Given { wit, world }),
        adapters: &Adapters::default(),
        strip: false,
        version: "0.0.0",
    };
    componentize(&request).map(|component| component.bytes)
}

fn wit_of(component: &[u8]) -> String {
    let Ok(DecodedWasm::Component(resolve, world)) = wit_component::decode(component) else {
        panic!("this is no component");
    };
    let mut printer = wit_component::WitPrinter::default();
    printer.print(&resolve, resolve.worlds[world].package.unwrap(), &[]).unwrap();
    printer.output.to_string()
}

/// One thing to break.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// The export of this index is gone.
    Drop(u32),
    /// The export of this index is the function of another type.
    Retype(u32),
    /// The import of this index has another name.
    Rename(u32),
}

/// The module with something broken, and the name of what that is.
fn damaged(module: &[u8], damage: Damage) -> Option<(Vec<u8>, String)> {
    let mut broken = None;
    let mut result = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.unwrap();
        if let Payload::ExportSection(section) = &payload {
            let all: Vec<_> = section.clone().into_iter().map(Result::unwrap).collect();
            result.section(&damaged_exports(module, &all, damage, &mut broken)?);
        } else if let Payload::ImportSection(section) = &payload {
            let all: Vec<_> = section.clone().into_imports().map(Result::unwrap).collect();
            result.section(&damaged_imports(&all, damage, &mut broken));
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
            result.section(&wasm_encoder::RawSection { id, data: &module[range] });
        }
    }
    Some((result.finish(), broken?))
}

fn damaged_exports(
    module: &[u8],
    all: &[wasmparser::Export<'_>],
    damage: Damage,
    broken: &mut Option<String>,
) -> Option<wasm_encoder::ExportSection> {
    let types = types(module);
    let functions = || all.iter().filter(|e| e.kind == wasmparser::ExternalKind::Func);
    let mut exports = wasm_encoder::ExportSection::new();
    for (at, export) in (0..).zip(all) {
        let mut index = export.index;
        match damage {
            Damage::Drop(dropped) if dropped == at => {
                *broken = Some(export.name.to_owned());
                continue;
            }
            Damage::Retype(wanted)
                if wanted == at && export.kind == wasmparser::ExternalKind::Func =>
            {
                index = functions().find(|other| types(other.index) != types(index))?.index;
                *broken = Some(export.name.to_owned());
            }
            Damage::Drop(_) | Damage::Retype(_) | Damage::Rename(_) => {}
        }
        exports.export(export.name, export.kind.into(), index);
    }
    Some(exports)
}

fn damaged_imports(
    all: &[wasmparser::Import<'_>],
    damage: Damage,
    broken: &mut Option<String>,
) -> wasm_encoder::ImportSection {
    let mut imports = wasm_encoder::ImportSection::new();
    for (at, import) in (0..).zip(all) {
        let ty = RoundtripReencoder.entity_type(import.ty).unwrap();
        let mut name = import.name.to_owned();
        if let Damage::Rename(renamed) = damage
            && renamed == at
        {
            name.push('x');
            *broken = Some(name.clone());
        }
        imports.import(import.module, &name, ty);
    }
    imports
}

/// The types of a module's functions, by index.
fn types(module: &[u8]) -> impl Fn(u32) -> wasmparser::FuncType {
    let types = wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
        .validate_all(module)
        .unwrap();
    move |index| {
        let types = types.as_ref();
        types[types.core_function_at(index)].unwrap_func().clone()
    }
}

const MANGLINGS: [ManglingAndAbi; 4] = [
    ManglingAndAbi::Legacy(LiftLowerAbi::Sync),
    ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback),
    ManglingAndAbi::Legacy(LiftLowerAbi::AsyncStackful),
    ManglingAndAbi::Standard32,
];

/// The random worlds of which the encoder can make a component, with their modules.
fn each(seeds: std::ops::Range<u64>, mut act: impl FnMut(&Wit, WorldId, &[u8], &[u8])) -> usize {
    let mut count = 0;
    for seed in seeds {
        let Some(wit) = smithed(seed, seed % 2 == 0) else { continue };
        for world in wit.resolve.packages[wit.package].worlds.values() {
            for mangling in MANGLINGS {
                let dummy = || wit_component::dummy_module(&wit.resolve, *world, mangling);
                let Ok(module) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(dummy))
                else {
                    continue;
                };
                let Some(component) = encoded(&wit, *world, &module) else { continue };
                count += 1;
                act(&wit, *world, &module, &component);
            }
        }
    }
    count
}

#[test]
fn what_fits_is_accepted_and_has_the_encoders_wit() {
    let count = each(0..200, |wit, world, module, component| {
        let made = ours(wit, world, module).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(wit_of(&made), wit_of(component));
        assert_eq!(Ok(made), ours(wit, world, module).map_err(drop), "twice is the same");
    });
    assert!(count > 300, "{count} worlds are too few");
}

#[test]
fn what_is_broken_is_refused_with_its_symbol() {
    let (mut refused, mut accepted) = (0, 0);
    each(1000..1080, |wit, world, module, _| {
        for at in 0..60 {
            for damage in [Damage::Drop(at), Damage::Retype(at), Damage::Rename(at)] {
                let Some((broken, symbol)) = damaged(module, damage) else { continue };
                let theirs = encoded(wit, world, &broken);
                let ours = ours(wit, world, &broken);
                let context = || format!("{damage:?} of `{symbol}`: {ours:#?}");
                assert_eq!(ours.is_ok(), theirs.is_some(), "{}", context());
                let Err(problems) = &ours else {
                    accepted += 1;
                    continue;
                };
                refused += 1;
                let said = |problem: &Problem| {
                    let early =
                        !matches!(problem, Problem::Refused { .. } | Problem::ResultInvalid { .. });
                    // Of the ways to export a function, one is named.
                    let plain = symbol.trim_start_matches("[async-lift-stackful]");
                    early && problem.to_string().contains(plain)
                };
                // A memory is told by its absence, and intrinsics are the encoder's business.
                let memory = symbol.ends_with("memory")
                    && problems.iter().any(|p| matches!(p, Problem::MissingMemory { .. }));
                let left = matches!(damage, Damage::Rename(_)) && symbol.starts_with('[');
                assert!(left || memory || problems.iter().any(said), "{}", context());
            }
        }
    });
    assert!(refused > 500 && accepted > 20, "{refused} refused, {accepted} accepted");
}
