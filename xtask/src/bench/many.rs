//! Composing many small components: the time for each must not grow with their number.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use wasm_encoder::{
    ComponentBuilder, ComponentExportKind, ComponentTypeRef, ComponentValType, InstanceType,
    Module, PrimitiveValType,
};

use super::contest::{measure, milliseconds, ratio, summarize};
use super::{joggle, words};
use crate::screen;

/// wasmparser takes no file with more core modules and components than this, all together.
const LIMIT: usize = 1_000;

/// Components that hold no core module; the result is one more.
const PLAIN: [usize; 4] = [125, 250, 500, LIMIT - 1];

/// Components that hold one each.
const WITH_MODULE: [usize; 4] = [62, 125, 250, (LIMIT - 1) / 2];

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    screen::result("");
    for (title, counts, with_module) in [
        ("a chain of components without code", PLAIN, false),
        ("a chain of components with a core module each", WITH_MODULE, true),
    ] {
        screen::result(&format!("{title}, {runs} runs"));
        series(program, scratch, runs, &counts, with_module)?;
        screen::result("");
    }
    screen::result(&format!(
        "÷ first: time for each, by that of the first row; 1 is linear. No file may hold more than\n\
         {LIMIT} core modules and components: beyond, compose says `compose::too-large`."
    ));
    Ok(())
}

fn series(
    program: &Path,
    scratch: &Path,
    runs: u32,
    counts: &[usize],
    with_module: bool,
) -> Result<()> {
    screen::result(
        &row(["components", "wall", "for each", "÷ first", "memory"].map(str::to_owned)),
    );
    // What it costs to start at all is no part of the growth.
    let start = time(program, scratch, runs, 1, with_module)?.0;
    let mut first = None;
    for &count in counts {
        let (wall, memory) = time(program, scratch, runs, count, with_module)?;
        let each = wall.saturating_sub(start) / u32::try_from(count)?;
        let first = *first.get_or_insert(each);
        screen::result(&row([
            count.to_string(),
            milliseconds(wall),
            format!("{} µs", each.as_micros()),
            ratio(each.as_secs_f64(), first.as_secs_f64()),
            screen::size(memory),
        ]));
    }
    Ok(())
}

/// The median time and memory of composing so many.
fn time(
    program: &Path,
    scratch: &Path,
    runs: u32,
    count: usize,
    with_module: bool,
) -> Result<(Duration, u64)> {
    let folder = scratch.join(format!("many-{count}-{with_module}"));
    fs::create_dir_all(&folder)?;
    let mut arguments = words(&["compose", "-q", "-o"]);
    arguments.push(scratch.join("many.wasm").into());
    for number in 0..count {
        let path = folder.join(format!("c{number:04}.wasm"));
        fs::write(&path, component(number, with_module))?;
        arguments.push(path.into());
    }
    let contender = joggle("joggle compose", program, arguments);
    measure(&contender).with_context(|| format!("composing {count} components"))?;
    let usages = (0..runs).map(|_| measure(&contender)).collect::<Result<Vec<_>>>()?;
    let summary = summarize(&usages);
    Ok((summary.wall, summary.memory))
}

/// A link of the chain: it exports under the next name what it imports, and all of
/// them share one import that is left to the host.
fn component(number: usize, with_module: bool) -> Vec<u8> {
    let mut builder = ComponentBuilder::default();
    let link = instance(&mut builder, "get", PrimitiveValType::U32);
    let log = instance(&mut builder, "log", PrimitiveValType::String);
    builder.import("bench:many/log@0.2.0", ComponentTypeRef::Instance(log));
    let name = |number: usize| format!("bench:many/link{number}@0.2.0");
    let imported = builder.import(name(number), ComponentTypeRef::Instance(link));
    if with_module {
        builder.core_module(None, &Module::new());
    }
    builder.export(name(number + 1), ComponentExportKind::Instance, imported, None);
    builder.finish()
}

/// The type of an interface with one function.
fn instance(builder: &mut ComponentBuilder, function: &str, result: PrimitiveValType) -> u32 {
    let mut ty = InstanceType::new();
    let parameters: [(&str, ComponentValType); 0] = [];
    ty.ty().function().params(parameters).result(Some(ComponentValType::Primitive(result)));
    ty.export(function, ComponentTypeRef::Func(0));
    builder.type_instance(None, &ty)
}

fn row([count, wall, each, growth, memory]: [String; 5]) -> String {
    format!("  {count:<12}{wall:>10}{each:>12}{growth:>10}{memory:>12}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_are_components() {
        for with_module in [false, true] {
            let bytes = component(3, with_module);
            wasmparser::Validator::new().validate_all(&bytes).expect("it is a sound component");
        }
    }
}
