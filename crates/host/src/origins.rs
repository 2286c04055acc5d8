//! Which component of a composition an address belongs to, and what its
//! author called it. Read from the file itself, because the engine forgets
//! the components that modules came from.

use std::ops::Range;

use wasmparser::{ComponentName, KnownCustom, Parser, Payload};

/// Where a core module lies in a composition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The components around the module, outermost first, without the file
    /// itself. A component without a name is called by its index.
    pub components: Vec<String>,
    /// The name by which the component around it calls the module.
    pub module: String,
}

/// A component or core module, in the order in which they begin.
struct Item {
    parent: Option<usize>,
    is_module: bool,
    range: Range<u64>,
    /// Its place in the parent's index space of components or modules.
    index: u32,
    own_name: Option<String>,
    /// The names that it gives to the modules and components inside it.
    module_names: Vec<(u32, String)>,
    component_names: Vec<(u32, String)>,
    /// How many modules and components it has so far.
    modules: u32,
    components: u32,
}

impl Item {
    fn new(parent: Option<usize>, is_module: bool, range: Range<u64>, index: u32) -> Item {
        Item {
            parent,
            is_module,
            range,
            index,
            own_name: None,
            module_names: Vec::new(),
            component_names: Vec::new(),
            modules: 0,
            components: 0,
        }
    }
}

/// The core module that the byte at `offset` of the file belongs to.
pub(crate) fn origin(bytes: &[u8], offset: usize) -> Option<Origin> {
    let items = survey(bytes);
    let offset = u64::try_from(offset).ok()?;
    let module = items.iter().find(|i| i.is_module && i.range.contains(&offset))?;
    let mut origin = Origin { components: Vec::new(), module: name_of(&items, module) };
    let mut around = module.parent.and_then(|p| items.get(p));
    while let Some(component) = around {
        // The file itself has no parent: everybody knows its name.
        if component.parent.is_some() {
            origin.components.insert(0, name_of(&items, component));
        }
        around = component.parent.and_then(|p| items.get(p));
    }
    Some(origin)
}

/// The name that the component around an item gave it, else its own, else its index.
fn name_of(items: &[Item], item: &Item) -> String {
    let given = item.parent.and_then(|p| items.get(p)).and_then(|parent| {
        let names = if item.is_module { &parent.module_names } else { &parent.component_names };
        names.iter().find(|(index, _)| *index == item.index).map(|(_, name)| name)
    });
    match given.or(item.own_name.as_ref()) {
        Some(name) => name.clone(),
        None if item.is_module => format!("#{}", item.index),
        None => format!("component #{}", item.index),
    }
}

/// All components and modules of the file. What cannot be read is left out:
/// the engine has accepted the file already, and names are never needed.
fn survey(bytes: &[u8]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut next = Item::new(None, false, 0..bytes.len() as u64, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(payload) = payload else { break };
        match payload {
            Payload::Version { .. } => {
                open.push(items.len());
                let begun = std::mem::replace(&mut next, Item::new(None, false, 0..0, 0));
                items.push(begun);
            }
            Payload::End(_) => {
                open.pop();
            }
            Payload::ModuleSection { unchecked_range, .. } => {
                next = child(&mut items, &open, true, unchecked_range);
            }
            Payload::ComponentSection { unchecked_range, .. } => {
                next = child(&mut items, &open, false, unchecked_range);
            }
            Payload::ComponentImportSection(section) => {
                let Some(item) = current(&mut items, &open) else {
                    continue;
                };
                for import in section.into_iter().flatten() {
                    count_outside(item, import.ty.kind());
                }
            }
            Payload::ComponentAliasSection(section) => {
                let Some(item) = current(&mut items, &open) else {
                    continue;
                };
                for alias in section.into_iter().flatten() {
                    count_alias(item, &alias);
                }
            }
            Payload::CustomSection(section) => {
                let Some(item) = current(&mut items, &open) else {
                    continue;
                };
                read_names(item, section.as_known());
            }
            // No other section holds names or modules. (`Payload` is non-exhaustive.)
            _ => {}
        }
    }
    items
}

fn current<'a>(items: &'a mut [Item], open: &[usize]) -> Option<&'a mut Item> {
    open.last().and_then(|index| items.get_mut(*index))
}

/// Imported modules and components take indices of their own.
fn count_outside(item: &mut Item, kind: wasmparser::ComponentExternalKind) {
    use wasmparser::ComponentExternalKind as Kind;
    match kind {
        Kind::Module => item.modules += 1,
        Kind::Component => item.components += 1,
        Kind::Func | Kind::Value | Kind::Type | Kind::Instance => {}
    }
}

/// So do aliased ones.
fn count_alias(item: &mut Item, alias: &wasmparser::ComponentAlias<'_>) {
    use wasmparser::{ComponentAlias, ComponentOuterAliasKind as Outer};
    match alias {
        ComponentAlias::InstanceExport { kind, .. } => count_outside(item, *kind),
        ComponentAlias::Outer { kind: Outer::CoreModule, .. } => item.modules += 1,
        ComponentAlias::Outer { kind: Outer::Component, .. } => item.components += 1,
        ComponentAlias::Outer { kind: Outer::CoreType | Outer::Type, .. }
        | ComponentAlias::CoreInstanceExport { .. } => {}
    }
}

fn child(items: &mut [Item], open: &[usize], is_module: bool, range: Range<u64>) -> Item {
    let parent = open.last().copied();
    let index = match current(items, open) {
        None => 0,
        Some(item) => {
            let count = if is_module { &mut item.modules } else { &mut item.components };
            *count += 1;
            *count - 1
        }
    };
    Item::new(parent, is_module, range, index)
}

fn read_names(item: &mut Item, section: KnownCustom<'_>) {
    match section {
        KnownCustom::Name(names) => {
            for name in names.into_iter().flatten() {
                if let wasmparser::Name::Module { name, .. } = name {
                    item.own_name = Some(name.to_owned());
                }
            }
        }
        KnownCustom::ComponentName(names) => {
            for name in names.into_iter().flatten() {
                read_component_name(item, name);
            }
        }
        // Debug information, producers and the like name no modules. (Non-exhaustive.)
        _ => {}
    }
}

fn read_component_name(item: &mut Item, name: ComponentName<'_>) {
    match name {
        ComponentName::Component { name, .. } => item.own_name = Some(name.to_owned()),
        ComponentName::CoreModules(map) => item.module_names = collect(map),
        ComponentName::Components(map) => item.component_names = collect(map),
        ComponentName::CoreFuncs(_)
        | ComponentName::CoreGlobals(_)
        | ComponentName::CoreMemories(_)
        | ComponentName::CoreTables(_)
        | ComponentName::CoreTags(_)
        | ComponentName::CoreInstances(_)
        | ComponentName::CoreTypes(_)
        | ComponentName::Types(_)
        | ComponentName::Instances(_)
        | ComponentName::Funcs(_)
        | ComponentName::Values(_)
        | ComponentName::Unknown { .. } => {}
    }
}

fn collect(map: wasmparser::NameMap<'_>) -> Vec<(u32, String)> {
    map.into_iter().flatten().map(|naming| (naming.index, naming.name.to_owned())).collect()
}
