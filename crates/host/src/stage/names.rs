//! What instances on a stage import: the module `spectest` that scripts of the
//! specification count on, and the exports of components that came before.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Func, Instance, LinkerInstance};
use wasmtime::{
    Extern, Global, GlobalType, Linker, Memory, MemoryType, Mutability, Ref, RefType, Store, Table,
    TableType, Val, ValType,
};

use crate::stage::Clock;

/// The module `spectest` of the specification's interpreter. Its printing
/// functions print nothing.
pub(crate) fn spectest(
    linker: &mut Linker<Clock>,
    store: &mut Store<Clock>,
) -> wasmtime::Result<()> {
    const NAME: &str = "spectest";
    linker.func_wrap(NAME, "print", || {})?;
    linker.func_wrap(NAME, "print_i32", |_: i32| {})?;
    linker.func_wrap(NAME, "print_i64", |_: i64| {})?;
    linker.func_wrap(NAME, "print_f32", |_: f32| {})?;
    linker.func_wrap(NAME, "print_f64", |_: f64| {})?;
    linker.func_wrap(NAME, "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func_wrap(NAME, "print_f64_f64", |_: f64, _: f64| {})?;
    for (name, ty, value) in [
        ("global_i32", ValType::I32, Val::I32(666)),
        ("global_i64", ValType::I64, Val::I64(666)),
        ("global_f32", ValType::F32, Val::F32(666.6_f32.to_bits())),
        ("global_f64", ValType::F64, Val::F64(666.6_f64.to_bits())),
    ] {
        let global = Global::new(&mut *store, GlobalType::new(ty, Mutability::Const), value)?;
        linker.define(&mut *store, NAME, name, Extern::Global(global))?;
    }
    let table = TableType::new(RefType::FUNCREF, 10, Some(20));
    let table = Table::new(&mut *store, table, Ref::Func(None))?;
    linker.define(&mut *store, NAME, "table", Extern::Table(table))?;
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
    linker.define(&mut *store, NAME, "memory", Extern::Memory(memory))?;
    Ok(())
}

/// Makes the exports of a component's instance importable. Its functions are
/// called through the host, so that each keeps to its own instance.
pub(crate) fn publish(
    linker: &mut LinkerInstance<'_, Clock>,
    store: &mut Store<Clock>,
    component: &Component,
    instance: Instance,
) -> wasmtime::Result<()> {
    let engine = component.engine().clone();
    let ty = component.component_type();
    for (name, item) in ty.exports(&engine) {
        match item.ty {
            ComponentItem::ComponentFunc(_) => {
                if let Some(func) = instance.get_func(&mut *store, name) {
                    pass_on(linker, name, func)?;
                }
            }
            ComponentItem::Module(_) => {
                if let Some(module) = instance.get_module(&mut *store, name) {
                    linker.module(name, &module)?;
                }
            }
            ComponentItem::Resource(_) => {
                if let Some(resource) = instance.get_resource(&mut *store, name) {
                    // The instance that defines a resource runs its destructor itself.
                    linker.resource(name, resource, |_, _| Ok(()))?;
                }
            }
            ComponentItem::ComponentInstance(inner) => {
                let Some(scope) = instance.get_export_index(&mut *store, None, name) else {
                    continue;
                };
                let mut linker = linker.instance(name)?;
                for (name, item) in inner.exports(&engine) {
                    let Some(index) = instance.get_export_index(&mut *store, Some(&scope), name)
                    else {
                        continue;
                    };
                    if let ComponentItem::ComponentFunc(_) = item.ty
                        && let Some(func) = instance.get_func(&mut *store, index)
                    {
                        pass_on(&mut linker, name, func)?;
                    } else if let ComponentItem::Resource(_) = item.ty
                        && let Some(resource) = instance.get_resource(&mut *store, index)
                    {
                        linker.resource(name, resource, |_, _| Ok(()))?;
                    }
                }
            }
            // Components cannot be taken out of an instance, and types need not be.
            ComponentItem::CoreFunc(_) | ComponentItem::Component(_) | ComponentItem::Type(_) => {}
        }
    }
    Ok(())
}

fn pass_on(linker: &mut LinkerInstance<'_, Clock>, name: &str, func: Func) -> wasmtime::Result<()> {
    linker.func_new_async(name, move |context, _, params, results| {
        Box::new(async move { func.call_async(context, params, results).await })
    })
}
