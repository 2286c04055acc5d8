//! Functions as a core module sees them.

use std::collections::HashMap;

use super::find::Found;
use super::slots::Names;
use super::{Block, Form, FunctionAbi, Part, Slot, TaskReturn, owned, spell, types, unsided, wat};
use crate::abi::{Async, CoreType, Task};
use crate::model::{Function, Side, World};
use crate::name::Path;

/// The functions that were found, each with the sides on which it stands.
pub(super) fn all(worlds: &[World], found: &Found) -> Vec<FunctionAbi> {
    let mut all: Vec<FunctionAbi> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (world, id) in found.functions(worlds) {
        let function = &world.functions[id];
        let path = unsided(&Path::function(world, id));
        let place = *places.entry(path.clone()).or_insert(all.len());
        if place == all.len() {
            let wit = spell::function(world, function);
            all.push(FunctionAbi { path, wit, forms: Vec::new() });
        }
        all[place].forms.extend(forms(world, function));
    }
    all
}

fn forms(world: &World, function: &Function) -> Vec<Form> {
    let mut forms = vec![synchronous(world, function)];
    match &function.core.concurrent {
        Some(Async::Lower(task)) => forms.push(lowered(world, function, task)),
        Some(Async::Lift { .. }) => forms.extend(lifted(world, function)),
        None => {}
    }
    forms
}

fn synchronous(world: &World, function: &Function) -> Form {
    let core = &function.core;
    let on_import = function.side == Side::Import;
    let names = params(world, function, core.indirect_params, core.return_pointer && on_import);
    Form {
        side: function.side.into(),
        is_async: false,
        import: on_import.then(|| (&core.import).into()),
        export: (!on_import).then(|| core.export.clone()),
        params: slots(names, &core.params),
        results: wat(&core.results),
        params_block: core.indirect_params.then(|| params_block(world, function)),
        result_block: result_block(world, function, core.return_pointer),
        post_return: core.post_return.clone(),
        callback: None,
        task_return: None,
        ownership: owned::of(world, function, false),
    }
}

fn lowered(world: &World, function: &Function, task: &Task) -> Form {
    let names = params(world, function, task.indirect_params, task.return_pointer);
    Form {
        side: function.side.into(),
        is_async: true,
        import: Some((&task.symbol).into()),
        export: None,
        params: slots(names, &task.params),
        results: wat(&task.results),
        params_block: task.indirect_params.then(|| params_block(world, function)),
        result_block: result_block(world, function, task.return_pointer),
        post_return: None,
        callback: None,
        task_return: None,
        ownership: owned::of(world, function, true),
    }
}

fn lifted(world: &World, function: &Function) -> Option<Form> {
    let Some(Async::Lift { export, callback, params: core, results, indirect_params, task_return }) =
        &function.core.concurrent
    else {
        return None;
    };
    let names = params(world, function, *indirect_params, false);
    let result = match function.result {
        Some(_) if task_return.indirect_params => vec!["*result".to_owned()],
        Some(ty) => Names::new(world).of("result", ty),
        None => Vec::new(),
    };
    Some(Form {
        side: function.side.into(),
        is_async: true,
        import: None,
        export: Some(export.clone()),
        params: slots(names, core),
        results: wat(results),
        params_block: indirect_params.then(|| params_block(world, function)),
        result_block: result_block(world, function, task_return.indirect_params),
        post_return: None,
        callback: Some(callback.clone()),
        task_return: Some(TaskReturn {
            import: (&task_return.symbol).into(),
            params: slots(result, &task_return.params),
        }),
        ownership: owned::of(world, function, true),
    })
}

/// Names of the core parameters. Those with `*` are no values of the WIT, but point to them.
fn params(world: &World, function: &Function, indirect: bool, return_pointer: bool) -> Vec<String> {
    let mut names = Vec::new();
    if indirect {
        names.push("*params".to_owned());
    } else {
        let mut of = Names::new(world);
        for param in &function.params {
            names.extend(of.of(&param.name, param.ty));
        }
    }
    if return_pointer {
        names.push("*result".to_owned());
    }
    names
}

/// Core types are the truth; a name that is missing would be a bug of [`Names`].
fn slots(names: Vec<String>, types: &[CoreType]) -> Vec<Slot> {
    let mut names = names.into_iter();
    let slot = |(index, ty): (usize, &CoreType)| Slot {
        name: names.next().unwrap_or_else(|| index.to_string()),
        ty: ty.wat(),
    };
    types.iter().enumerate().map(slot).collect()
}

fn params_block(world: &World, function: &Function) -> Block {
    let ids: Vec<_> = function.params.iter().map(|param| param.ty).collect();
    let record = world.record(&ids);
    let parts = function.params.iter().zip(&record.offsets).map(|(param, offset)| {
        let layout = world.layout(param.ty);
        Part {
            offset: *offset,
            size: layout.size,
            align: layout.align,
            name: param.name.clone(),
            ty: Some(spell::ty(world, param.ty)),
        }
    });
    Block { size: record.layout.size, align: record.layout.align, parts: parts.collect() }
}

fn result_block(world: &World, function: &Function, in_memory: bool) -> Option<Block> {
    let ty = function.result.filter(|_| in_memory)?;
    let layout = world.layout(ty);
    Some(Block { size: layout.size, align: layout.align, parts: types::parts(world, ty) })
}
