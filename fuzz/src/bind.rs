//! The model of bindings, out of WIT as text or in binary form, and the ABI of
//! everything in it.

use joggle_bind::abi::Layout;
use joggle_bind::explain::{Explained, Form, Part, everything, explain};
use joggle_bind::{Options, World, build};
use joggle_load::{Artifact, Bytes, Wit, load_bytes};

use crate::targets::show;

/// A few items are asked for by name as well.
const ASKED: usize = 20;

/// Every world has a model, always the same, or a reason why not. Whatever is in it can be
/// explained, and what is explained adds up.
pub fn of_bytes(bytes: &[u8]) {
    let wit = match load_bytes("fuzzed.wit", Bytes::from(bytes.to_vec())) {
        Ok(Artifact::Wit(wit)) => wit.with_text(),
        Ok(Artifact::Component(binary)) => match Wit::of_component(&binary) {
            Some(wit) => wit,
            None => return,
        },
        Ok(Artifact::Module(_)) | Err(_) => return,
    };
    for (name, id) in &wit.resolve.packages[wit.package].worlds {
        match build(&wit, *id, &Options::default()) {
            Ok(built) => examine(&wit, name, &built.world),
            Err(problems) => {
                assert!(!problems.is_empty(), "it is refused without a reason");
                problems.iter().for_each(show);
            }
        }
    }
    for name in wit.resolve.packages[wit.package].interfaces.keys().take(ASKED) {
        match explain(&wit, None, name, None) {
            Ok(explained) => check(&explained),
            Err(errors) => {
                assert!(!errors.is_empty(), "it is refused without a reason");
                errors.iter().for_each(show);
            }
        }
    }
}

fn examine(wit: &Wit, name: &str, world: &World) {
    let explained = everything(world);
    check(&explained);
    for (id, _) in world.types.iter() {
        let Layout { size, align } = world.layout(id);
        assert!(size > 0 && align.is_power_of_two() && size % align == 0);
        assert!(world.layout(world.canonical(id)) == world.layout(id));
        assert!(world.facts(world.canonical(id)) == world.facts(id));
    }
    let functions = explained.functions.iter().map(|function| &function.path);
    let types = explained.types.iter().filter_map(|ty| ty.path.as_ref());
    for path in functions.chain(types).take(ASKED) {
        let asked = explain(wit, Some(name), path, None);
        assert!(asked.is_ok(), "`{path}` is there, and is not found: {asked:?}");
    }
}

fn check(explained: &Explained) {
    for form in explained.functions.iter().flat_map(|function| &function.forms) {
        check_form(form);
    }
    for ty in &explained.types {
        fills(&ty.parts, ty.size);
        assert!(ty.flat.as_ref().is_none_or(|flat| !flat.is_empty() && flat.len() <= 16));
    }
}

/// Every core parameter has a name of its own, and none more than there may be.
fn check_form(form: &Form) {
    let mut names: Vec<&str> = form.params.iter().map(|slot| slot.name.as_str()).collect();
    assert!(names.len() <= 17 && form.results.len() <= 1);
    assert!(names.iter().all(|name| !name.starts_with(|c: char| c.is_ascii_digit())));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), form.params.len(), "{:?}", form.params);
    for block in form.params_block.iter().chain(&form.result_block) {
        fills(&block.parts, block.size);
    }
}

/// Parts follow one another inside of the whole.
fn fills(parts: &[Part], size: u32) {
    let mut end = 0;
    for part in parts {
        assert!(part.offset >= end && part.offset % part.align == 0, "{part:?} in {parts:?}");
        end = part.offset.saturating_add(part.size);
    }
    assert!(end <= size, "{size} {parts:?}");
}
