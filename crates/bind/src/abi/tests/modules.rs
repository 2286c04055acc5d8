//! Every name and signature beside the core module that wit-component makes of
//! the same world, for worlds at random.

use std::collections::BTreeMap;

use joggle_load::{Artifact, Bytes, Wit, load_bytes};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValType};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, WorldId};

use crate::abi::{Async, CoreType, Lift, ResourceCore, Symbol};
use crate::build::{Options, build};
use crate::explain::{Explained, Part, everything};
use crate::model::{DefKind, Side, World};

/// Parameters and results.
type Signature = (Vec<CoreType>, Vec<CoreType>);

/// What a module imports and exports, functions only.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outside {
    imports: BTreeMap<(String, String), Signature>,
    exports: BTreeMap<String, Signature>,
}

#[test]
fn the_abi_is_that_of_the_module_that_fits_a_random_world() {
    let mut count = Count::default();
    for seed in 1..3000 {
        if let Some(wit) = random(seed) {
            count.compare(&wit, &format!("seed {seed}"));
        }
    }
    assert!(count.worlds > 3000, "only {} worlds were compared", count.worlds);
    assert!(count.functions > 800, "only {} functions were compared", count.functions);
    assert!(count.tasks > 300, "only {} async functions were compared", count.tasks);
}

/// WASI has resources and asynchronous functions of every kind.
#[test]
fn the_abi_is_that_of_the_module_that_fits_a_world_of_wasi() {
    let mut count = Count::default();
    for (name, version) in joggle_load::bundled_packages() {
        let wit = joggle_load::bundled_package(&name, version).expect("it is bundled");
        count.compare(&wit, &format!("{name}@{version}"));
    }
    assert!(count.functions > 900, "only {} functions were compared", count.functions);
    assert!(count.tasks > 20, "only {} async functions were compared", count.tasks);
}

/// What wit-smith and WASI have not.
#[test]
fn the_abi_is_that_of_the_module_that_fits_a_world_of_the_newest_types() {
    let mut count = Count::default();
    let wit = super::wit(
        "package a:b@1.2.3;
         interface i {
             resource r {
                 constructor(a: map<string, list<u8>>) -> result<r, string>;
                 size: get() -> map<u8, u64>;
                 size: set(value: map<u8, u64>);
                 limit: static get() -> u32;
                 take: static func(r: r) -> option<r>;
             }
             volume: get() -> f32;
             g: func(x: list<tuple<u8, u32>, 3>, y: list<string, 9>) -> result<list<u8, 2>>;
         }
         world w {
             resource local;
             import take: func(o: local) -> pair;
             type pair = tuple<u64, string>;
             import i;
             import inline: interface { h: func(); }
             import first: i;
             export i;
             export second: i;
             export f: async func(s: stream<u8>) -> future<string>;
         }",
    );
    count.compare(&wit, "the newest types");
    assert_eq!((count.worlds, count.tasks), (1, 1));
}

/// What was compared.
#[derive(Debug, Default)]
struct Count {
    worlds: usize,
    functions: usize,
    tasks: usize,
}

impl Count {
    /// Compares every world of a package with its module.
    fn compare(&mut self, wit: &Wit, name: &str) {
        for (id, _) in &wit.resolve.worlds {
            let world = build(wit, id, &Options::default())
                .unwrap_or_else(|problems| panic!("{name} has no model: {problems:?}"))
                .world;
            let said = outside(&world);
            let made = module(wit, id, LiftLowerAbi::Sync);
            assert_eq!(said.imports, made.imports, "{name}");
            compare_exports(&world, &said, made, name);
            compare_tasks(&world, &module(wit, id, LiftLowerAbi::AsyncCallback), name);
            check(&everything(&world), name);
            self.worlds += 1;
            self.functions += world.functions.len();
            self.tasks += world.functions.values().filter(|function| function.is_async).count();
        }
    }
}

fn random(seed: u64) -> Option<Wit> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let bytes: Vec<u8> = (0..4000).map(|_| next()).collect();
    let config = wit_smith::Config {
        max_packages: 2,
        max_interface_items: 20,
        max_world_items: 20,
        max_type_size: 60,
        async_: true,
        futures: true,
        streams: true,
        error_context: true,
        fixed_length_lists: true,
        ..wit_smith::Config::default()
    };
    let wasm = wit_smith::smith(&config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    match load_bytes("random.wasm", Bytes::from(wasm)) {
        Ok(Artifact::Wit(wit)) => Some(*wit),
        Ok(_) | Err(_) => None,
    }
}

/// What the model says of the module, in the synchronous ABI.
fn outside(world: &World) -> Outside {
    let mut outside = Outside::default();
    for function in world.functions.values() {
        let core = &function.core;
        let signature = (core.params.clone(), core.results.clone());
        match function.side {
            Side::Import => outside.import(&core.import, signature),
            Side::Export => outside.export(&core.export, signature),
        }
        if let Some(post_return) = &core.post_return {
            outside.export(post_return, (core.results.clone(), Vec::new()));
        }
    }
    for def in world.defs.values() {
        if let DefKind::Resource(resource) = &def.kind {
            outside.resource(&resource.core);
        }
    }
    outside
}

impl Outside {
    fn import(&mut self, symbol: &Symbol, signature: Signature) {
        let names = (symbol.module.clone(), symbol.field.clone());
        assert!(self.imports.insert(names, signature).is_none(), "{symbol:?} is there twice");
    }

    fn export(&mut self, name: &str, signature: Signature) {
        let known = self.exports.insert(name.to_owned(), signature);
        assert!(known.is_none(), "{name} is there twice");
    }

    fn resource(&mut self, core: &ResourceCore) {
        let one = || vec![CoreType::I32];
        self.import(&core.drop, (one(), Vec::new()));
        for symbol in core.new.iter().chain(&core.rep) {
            self.import(symbol, (one(), one()));
        }
        if let Some(dtor) = &core.dtor {
            self.export(dtor, (one(), Vec::new()));
        }
    }
}

/// wit-component also gives what every module has, and a post-return for each function.
fn compare_exports(world: &World, said: &Outside, mut made: Outside, name: &str) {
    for function in world.functions.values().filter(|function| function.side == Side::Export) {
        let post_return = format!("cabi_post_{}", function.core.export);
        if function.core.post_return.is_none() {
            assert!(made.exports.remove(&post_return).is_some(), "{name}: {post_return}");
        }
    }
    for always in ["cabi_realloc", "_initialize"] {
        made.exports.remove(always);
    }
    assert_eq!(said.exports, made.exports, "{name}");
}

/// The asynchronous forms are those of the module that is made for them.
fn compare_tasks(world: &World, made: &Outside, name: &str) {
    for function in world.functions.values() {
        let import = |symbol: &Symbol, params: &[CoreType], results: &[CoreType]| {
            let names = (symbol.module.clone(), symbol.field.clone());
            let signature = (params.to_vec(), results.to_vec());
            assert_eq!(made.imports.get(&names), Some(&signature), "{name}: {names:?}");
        };
        match &function.core.concurrent {
            None => assert!(!function.is_async),
            Some(Async::Lower(task)) => import(&task.symbol, &task.params, &task.results),
            Some(Async::Lift(lift)) => {
                let Lift { export, callback, params, results, indirect_params: _, task_return } =
                    lift;
                import(&task_return.symbol, &task_return.params, &task_return.results);
                let signature = (params.clone(), results.clone());
                assert_eq!(made.exports.get(export), Some(&signature), "{name}");
                let events = (vec![CoreType::I32; 3], vec![CoreType::I32]);
                assert_eq!(made.exports.get(callback), Some(&events), "{name}");
            }
        }
    }
}

/// Every core parameter has a name of its own, and the parts of a type fill it.
fn check(explained: &Explained, name: &str) {
    for form in explained.functions.iter().flat_map(|function| &function.forms) {
        let mut names: Vec<&str> = form.params.iter().map(|slot| slot.name.as_str()).collect();
        assert!(names.iter().all(|name| !name.starts_with(|c: char| c.is_ascii_digit())));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), form.params.len(), "{name}: {:?}", form.params);
        for block in form.params_block.iter().chain(&form.result_block) {
            fills(&block.parts, block.size, block.align);
        }
    }
    for ty in &explained.types {
        fills(&ty.parts, ty.size, ty.align);
    }
}

/// Parts follow one another with less than an alignment between, and end with the whole.
fn fills(parts: &[Part], size: u32, align: u32) {
    let mut end = 0;
    for part in parts {
        assert!(part.offset >= end && part.offset - end < part.align, "{part:?} in {parts:?}");
        assert!(part.offset.is_multiple_of(part.align) && align.is_multiple_of(part.align));
        end = part.offset + part.size;
    }
    assert!(parts.is_empty() || end <= size && size - end < align, "{size} {parts:?}");
}

/// What the module of wit-component imports and exports.
fn module(wit: &Wit, world: WorldId, abi: LiftLowerAbi) -> Outside {
    let mangling = ManglingAndAbi::Legacy(abi);
    let bytes = wit_component::dummy_module(&wit.resolve, world, mangling);
    let (mut types, mut functions) = (Vec::new(), Vec::new());
    let mut outside = Outside::default();
    for payload in Parser::new(0).parse_all(&bytes) {
        let payload = payload.expect("the module is well-formed");
        if let Payload::TypeSection(section) = payload {
            for ty in section.into_iter_err_on_gc_types() {
                let ty = ty.expect("the type is well-formed");
                types.push((core(ty.params()), core(ty.results())));
            }
        } else if let Payload::ImportSection(section) = payload {
            for import in section.into_imports() {
                let import = import.expect("the import is well-formed");
                let TypeRef::Func(ty) = import.ty else { continue };
                functions.push(ty);
                let names = (import.module.to_owned(), import.name.to_owned());
                outside.imports.insert(names, types[ty as usize].clone());
            }
        } else if let Payload::FunctionSection(section) = payload {
            functions.extend(section.into_iter().map(|ty| ty.expect("it is well-formed")));
        } else if let Payload::ExportSection(section) = payload {
            for export in section {
                let export = export.expect("the export is well-formed");
                if export.kind == ExternalKind::Func {
                    let ty = functions[export.index as usize];
                    outside.exports.insert(export.name.to_owned(), types[ty as usize].clone());
                }
            }
        }
    }
    outside
}

fn core(types: &[ValType]) -> Vec<CoreType> {
    let core = |ty: &ValType| match ty {
        ValType::I32 => CoreType::I32,
        ValType::I64 => CoreType::I64,
        ValType::F32 => CoreType::F32,
        ValType::F64 => CoreType::F64,
        ValType::V128 | ValType::Ref(_) => panic!("the canonical ABI has no {ty}"),
    };
    types.iter().map(core).collect()
}
