//! Functions as a core module sees them.

use std::collections::HashMap;

use super::find::Found;
use super::slots::Names;
use super::{Block, Form, FunctionAbi, Part, Slot, TaskReturn, owned, spell, types, unsided, wat};
use crate::abi::{Async, CoreType, Layout, Lift, Task};
use crate::model::{Function, Side, World};
use crate::name::Path;

/// The functions that were found, each with the sides on which it stands.
pub(super) fn all(worlds: &[World], found: &Found) -> Vec<FunctionAbi> {
    let mut all: Vec<FunctionAbi> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let names: Vec<Names<'_>> = worlds.iter().map(Names::new).collect();
    for (index, id) in found.functions() {
        let (world, names) = (&worlds[index], &names[index]);
        let function = &world.functions[id];
        let path = unsided(&Path::function(world, id));
        let place = *places.entry(path.clone()).or_insert(all.len());
        if place == all.len() {
            let wit = spell::function(world, function);
            all.push(FunctionAbi { path, wit, forms: Vec::new() });
        }
        all[place].forms.extend(Seen { world, names, function }.forms());
    }
    all
}

/// A function, and what its world calls the core types of values.
#[derive(Clone, Copy)]
struct Seen<'a> {
    world: &'a World,
    names: &'a Names<'a>,
    function: &'a Function,
}

impl Seen<'_> {
    fn forms(self) -> Vec<Form> {
        let mut forms = vec![self.synchronous()];
        match &self.function.core.concurrent {
            Some(Async::Lower(task)) => forms.push(self.lowered(task)),
            Some(Async::Lift(lift)) => forms.push(self.lifted(lift)),
            None => {}
        }
        forms
    }

    fn synchronous(self) -> Form {
        let core = &self.function.core;
        let on_import = self.function.side == Side::Import;
        let form = self.form(false, core.indirect_params, core.return_pointer);
        let names = self.params(core.indirect_params, core.return_pointer && on_import);
        Form {
            import: on_import.then(|| (&core.import).into()),
            export: (!on_import).then(|| core.export.clone()),
            params: slots(names, &core.params),
            results: wat(&core.results),
            post_return: core.post_return.clone(),
            ..form
        }
    }

    fn lowered(self, task: &Task) -> Form {
        Form {
            import: Some((&task.symbol).into()),
            params: slots(self.params(task.indirect_params, task.return_pointer), &task.params),
            results: wat(&task.results),
            ..self.form(true, task.indirect_params, task.return_pointer)
        }
    }

    fn lifted(self, lift: &Lift) -> Form {
        let task_return = &lift.task_return;
        let result = match self.function.result {
            Some(_) if task_return.indirect_params => vec!["*result".to_owned()],
            Some(ty) => self.names.of("result", ty),
            None => Vec::new(),
        };
        Form {
            export: Some(lift.export.clone()),
            params: slots(self.params(lift.indirect_params, false), &lift.params),
            results: wat(&lift.results),
            callback: Some(lift.callback.clone()),
            task_return: Some(TaskReturn {
                import: (&task_return.symbol).into(),
                params: slots(result, &task_return.params),
            }),
            ..self.form(true, lift.indirect_params, task_return.indirect_params)
        }
    }

    /// What all forms have.
    fn form(self, is_async: bool, params_in_memory: bool, result_in_memory: bool) -> Form {
        Form {
            side: self.function.side.into(),
            is_async,
            import: None,
            export: None,
            params: Vec::new(),
            results: Vec::new(),
            params_block: params_in_memory.then(|| self.params_block()),
            result_block: self.result_block(result_in_memory),
            post_return: None,
            callback: None,
            task_return: None,
            ownership: owned::of(self.world, self.function, is_async, params_in_memory),
        }
    }

    /// Names of the core parameters. Those with `*` are no values of the WIT, but point to them.
    fn params(self, indirect: bool, return_pointer: bool) -> Vec<String> {
        let mut names = Vec::new();
        if indirect {
            names.push("*params".to_owned());
        } else {
            for param in &self.function.params {
                names.extend(self.names.of(&param.name, param.ty));
            }
        }
        if return_pointer {
            names.push("*result".to_owned());
        }
        names
    }

    fn params_block(self) -> Block {
        let params = &self.function.params;
        let ids: Vec<_> = params.iter().map(|param| param.ty).collect();
        let record = self.world.record(&ids);
        let parts = params.iter().zip(&record.offsets).map(|(param, offset)| {
            let layout = self.world.layout(param.ty);
            Part {
                offset: *offset,
                size: layout.size,
                align: layout.align,
                name: param.name.clone(),
                ty: Some(spell::ty(self.world, param.ty)),
            }
        });
        let Layout { size, align } = record.layout;
        Block { ty: None, size, align, parts: parts.collect() }
    }

    fn result_block(self, in_memory: bool) -> Option<Block> {
        let ty = self.function.result.filter(|_| in_memory)?;
        let Layout { size, align } = self.world.layout(ty);
        let parts = types::parts(self.world, ty);
        Some(Block { ty: Some(spell::ty(self.world, ty)), size, align, parts })
    }
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
