//! Which components of a composition an import is for: the outer component
//! imports it once, and hands it to those that asked. Read from the file, one
//! level deep, because compositions are made flat.

use std::collections::BTreeMap;

use wasmparser::{
    ComponentAlias, ComponentExternalKind as Kind, ComponentInstance, ComponentName,
    ComponentOuterAliasKind as Outer, KnownCustom, Parser, Payload,
};

/// What stands in the outer component, by the indices that it has there.
#[derive(Default)]
struct Outside {
    /// Which import an instance or a function is, by its index.
    instances: Vec<Option<String>>,
    functions: Vec<Option<String>>,
    components: u32,
    component_names: BTreeMap<u32, String>,
    instance_names: BTreeMap<u32, String>,
    /// Who was handed which imports.
    handed: Vec<Handed>,
}

struct Handed {
    instance: u32,
    component: u32,
    imports: Vec<String>,
}

/// The names of the components that an import is handed to, for each import
/// that is handed on. What cannot be read is left out: names are never needed.
pub(crate) fn askers(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    let outside = read(bytes);
    let mut askers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Handed { instance, component, imports } in &outside.handed {
        let name = outside
            .component_names
            .get(component)
            .or_else(|| outside.instance_names.get(instance))
            .cloned()
            .unwrap_or_else(|| format!("#{component}"));
        for import in imports {
            let names = askers.entry(import.clone()).or_default();
            if !names.contains(&name) {
                names.push(name.clone());
            }
        }
    }
    askers
}

fn read(bytes: &[u8]) -> Outside {
    let mut outside = Outside::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(payload) = payload else { break };
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentSection { .. } if depth == 1 => outside.components += 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section.into_iter().flatten() {
                    outside.add(import.ty.kind(), Some(import.name.name.to_owned()));
                }
            }
            Payload::ComponentAliasSection(section) if depth == 1 => {
                for alias in section.into_iter().flatten() {
                    outside.alias(&alias);
                }
            }
            Payload::ComponentCanonicalSection(section) if depth == 1 => {
                for function in section.into_iter().flatten() {
                    if matches!(function, wasmparser::CanonicalFunction::Lift { .. }) {
                        outside.functions.push(None);
                    }
                }
            }
            Payload::ComponentInstanceSection(section) if depth == 1 => {
                for instance in section.into_iter().flatten() {
                    outside.instantiate(&instance);
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section.into_iter().flatten() {
                    outside.export(export.kind, export.index);
                }
            }
            Payload::CustomSection(section) if depth == 1 => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    names.into_iter().flatten().for_each(|name| outside.name(name));
                }
            }
            // No other section makes an instance or hands one on. (`Payload` is non-exhaustive.)
            _ => {}
        }
    }
    outside
}

impl Outside {
    fn add(&mut self, kind: Kind, import: Option<String>) {
        match kind {
            Kind::Instance => self.instances.push(import),
            Kind::Func => self.functions.push(import),
            Kind::Component => self.components += 1,
            Kind::Module | Kind::Value | Kind::Type => {}
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            // A part of an imported instance is still that import.
            ComponentAlias::InstanceExport { kind, instance_index, .. } => {
                let import = self.imported(Kind::Instance, *instance_index);
                self.add(*kind, import);
            }
            ComponentAlias::Outer { kind: Outer::Component, .. } => self.components += 1,
            ComponentAlias::Outer {
                kind: Outer::CoreModule | Outer::CoreType | Outer::Type,
                ..
            }
            | ComponentAlias::CoreInstanceExport { .. } => {}
        }
    }

    /// An exported item gets a second index.
    fn export(&mut self, kind: Kind, index: u32) {
        let import = self.imported(kind, index);
        self.add(kind, import);
    }

    fn instantiate(&mut self, instance: &ComponentInstance<'_>) {
        if let ComponentInstance::Instantiate { component_index, args } = instance {
            let imports =
                args.iter().filter_map(|arg| self.imported(arg.kind, arg.index)).collect();
            let instance = u32::try_from(self.instances.len()).unwrap_or(u32::MAX);
            self.handed.push(Handed { instance, component: *component_index, imports });
        }
        self.instances.push(None);
    }

    fn imported(&self, kind: Kind, index: u32) -> Option<String> {
        let index = usize::try_from(index).ok()?;
        match kind {
            Kind::Instance => self.instances.get(index)?.clone(),
            Kind::Func => self.functions.get(index)?.clone(),
            Kind::Component | Kind::Module | Kind::Value | Kind::Type => None,
        }
    }

    fn name(&mut self, name: ComponentName<'_>) {
        let collect = |map: wasmparser::NameMap<'_>| {
            map.into_iter().flatten().map(|naming| (naming.index, naming.name.to_owned())).collect()
        };
        match name {
            ComponentName::Components(map) => self.component_names = collect(map),
            ComponentName::Instances(map) => self.instance_names = collect(map),
            ComponentName::Component { .. }
            | ComponentName::CoreFuncs(_)
            | ComponentName::CoreGlobals(_)
            | ComponentName::CoreMemories(_)
            | ComponentName::CoreTables(_)
            | ComponentName::CoreTags(_)
            | ComponentName::CoreInstances(_)
            | ComponentName::CoreTypes(_)
            | ComponentName::CoreModules(_)
            | ComponentName::Types(_)
            | ComponentName::Funcs(_)
            | ComponentName::Values(_)
            | ComponentName::Unknown { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_for_those_that_it_is_handed_to() {
        let wat = r#"(component $app
            (import "a:b/one" (instance $one (export "f" (func))))
            (import "two" (func $two))
            (import "idle" (func))
            (component $auth (import "x" (instance (export "f" (func)))))
            (component $log (import "f" (func)) (import "g" (func)))
            (instance $first (instantiate $auth (with "x" (instance $one))))
            (alias export $one "f" (func $f))
            (instance $second (instantiate $log (with "f" (func $f)) (with "g" (func $two))))
        )"#;
        let bytes = wat::parse_str(wat).expect("the test's WAT is well-formed");
        let found: Vec<(String, Vec<String>)> = askers(&bytes).into_iter().collect();
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            found,
            [("a:b/one".to_owned(), names(&["auth", "log"])), ("two".to_owned(), names(&["log"])),]
        );
    }

    #[test]
    fn bytes_that_are_no_component_have_no_askers() {
        assert!(askers(b"").is_empty());
        assert!(askers(b"\0asm\x0d\0\x01\0\xff").is_empty());
    }
}
