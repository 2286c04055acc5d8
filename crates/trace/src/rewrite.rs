//! Copies a component, item by item, with a pass-through in place of each
//! function that core code calls across a boundary.
//!
//! Nested components are written where they are instantiated, once for each
//! instance, because an instance is what calls and is called. Everything that
//! calls in them reaches the host through one import that is passed down.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{
    CanonicalFunctionSection, ComponentAliasSection, ComponentExportKind, ComponentExportSection,
    ComponentImportSection, ComponentInstanceSection, ComponentNameSection, ComponentSectionId,
    ComponentTypeRef, ComponentTypeSection, InstanceSection, InstanceType, NameMap,
};
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentName, ExternalKind,
    KnownCustom, Parser, Payload,
};

use crate::declare::{INTERFACE, Told, declare};
use crate::error::Fault;
use crate::layout::Signature;
use crate::maps::{Maps, Remap, outer_kind};
use crate::provided::{Origin, Provided};
use crate::survey::{Inside, Survey, slice};
use crate::writer::Writer;
use crate::{Call, Untraced, Which};

/// What all components of a file have in common.
pub(crate) struct Job<'a> {
    pub bytes: &'a [u8],
    pub survey: &'a Survey,
    pub which: Which,
    pub calls: Vec<Call>,
    pub untraced: Vec<Untraced>,
    /// Who provides what the file exports, by its name.
    pub exports: BTreeMap<String, String>,
    /// What instances are called so far.
    pub labels: BTreeSet<String>,
}

/// What a component that is being copied is given from around it.
pub(crate) struct Around<'m> {
    /// What it is called in a trace.
    pub label: String,
    /// Whether it is the file itself.
    pub outermost: bool,
    /// Who provides its imports; what is not listed is the host's.
    pub imports: BTreeMap<String, Origin>,
    /// The components around it, from the inside out.
    pub maps: Vec<&'m Maps>,
    /// Whether its calls are traced.
    pub traced: bool,
}

/// A copy.
pub(crate) struct Copy {
    pub bytes: Vec<u8>,
    /// What the host is to be told from within it.
    pub told: Vec<Told>,
}

/// The copying of one component.
pub(crate) struct Copying<'j, 'a, 'm> {
    pub job: &'j mut Job<'a>,
    pub around: &'j Around<'m>,
    pub inside: &'a Inside,
    pub maps: Maps,
    pub writer: Writer,
    pub instances: Vec<Provided>,
    pub functions: Vec<Provided>,
    pub told: Vec<Told>,
    /// The pass-through modules that were written, by what they pass through.
    pub passes: HashMap<Signature, u32>,
    /// Components in it, by original index; none for one that is imported or aliased.
    nested: Vec<Option<Range<u64>>>,
    /// Names of the copies of components.
    copies: BTreeMap<u32, String>,
    names: Vec<ComponentName<'a>>,
}

/// Copies the component that lies at `range` of the file.
pub(crate) fn copy(
    job: &mut Job<'_>,
    around: &Around<'_>,
    range: Range<u64>,
) -> Result<Copy, Fault> {
    let survey = job.survey;
    let bytes = job.bytes;
    let inside = survey.at(range.start)?;
    let mut maps = Maps::default();
    if around.traced {
        // The type and the instance of the import that is added.
        maps.types.add();
        maps.instances.add();
    }
    let mut copying = Copying {
        job,
        around,
        inside,
        maps,
        writer: Writer::default(),
        instances: Vec::new(),
        functions: Vec::new(),
        told: Vec::new(),
        passes: HashMap::new(),
        nested: Vec::new(),
        copies: BTreeMap::new(),
        names: Vec::new(),
    };
    let mut depth = 0_usize;
    let place = slice(bytes, &range)?;
    for payload in Parser::new(range.start).parse_all(&bytes[place]) {
        let payload = payload?;
        match &payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            // What is inside of something inside is copied with it.
            _ if depth > 1 => {}
            _ => copying.section(payload)?,
        }
    }
    copying.finish()
}

impl<'a> Copying<'_, 'a, '_> {
    pub fn remap(&self) -> Remap<'_> {
        Remap::new(&self.maps, &self.around.maps)
    }

    fn section(&mut self, payload: Payload<'a>) -> Result<(), Fault> {
        match payload {
            Payload::ComponentTypeSection(section) => {
                for ty in section {
                    self.define(ty?)?;
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.import(import?)?;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(&alias?)?;
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    self.instance(instance?)?;
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section {
                    let mut instances = InstanceSection::new();
                    self.remap().parse_instance(&mut instances, instance?)?;
                    self.writer.section(&instances);
                    self.maps.core_instances.keep();
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    self.canonical(function?)?;
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    self.export(&export?)?;
                }
            }
            Payload::ModuleSection { unchecked_range, .. } => {
                let place = slice(self.job.bytes, &unchecked_range)?;
                self.writer.nested(ComponentSectionId::CoreModule, &self.job.bytes[place]);
                self.maps.modules.keep();
            }
            Payload::ComponentSection { unchecked_range, .. } => {
                self.maps.components.push(None);
                self.nested.push(Some(unchecked_range));
            }
            Payload::ComponentStartSection { .. } => {
                return Err(Fault::Unsupported("a start function"));
            }
            other => return self.whole(&other),
        }
        Ok(())
    }

    fn define(&mut self, ty: wasmparser::ComponentType<'_>) -> Result<(), Fault> {
        let mut types = ComponentTypeSection::new();
        let mut remap = self.remap();
        remap.parse_component_type(types.ty(), ty)?;
        found(&remap)?;
        self.writer.section(&types);
        self.maps.types.keep();
        Ok(())
    }

    /// A section without an index that may shift; names are written at the end.
    fn whole(&mut self, payload: &Payload<'a>) -> Result<(), Fault> {
        if let Payload::CustomSection(section) = payload
            && let KnownCustom::ComponentName(names) = section.as_known()
        {
            self.names.extend(names.into_iter().flatten());
            return Ok(());
        }
        let Some((id, range)) = payload.as_section() else { return Ok(()) };
        let place = slice(self.job.bytes, &range)?;
        self.writer.raw(id, &self.job.bytes[place]);
        Ok(())
    }

    fn import(&mut self, import: wasmparser::ComponentImport<'_>) -> Result<(), Fault> {
        let mut imports = ComponentImportSection::new();
        let mut remap = self.remap();
        imports.import(import.name, remap.component_type_ref(import.ty)?);
        found(&remap)?;
        self.writer.section(&imports);
        let name = import.name.name.to_owned();
        let origin = self.around.imports.get(&name).cloned().unwrap_or(Origin::Host);
        self.keep(import.ty.kind(), Provided { name, origin });
        Ok(())
    }

    /// Notes an item that the original has and that was written.
    fn keep(&mut self, kind: ComponentExternalKind, item: Provided) {
        self.maps.keep(kind);
        match kind {
            ComponentExternalKind::Func => self.functions.push(item),
            ComponentExternalKind::Instance => self.instances.push(item),
            ComponentExternalKind::Component => self.nested.push(None),
            ComponentExternalKind::Module
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type => {}
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) -> Result<(), Fault> {
        if let ComponentAlias::Outer { kind, count: 0, index } = *alias
            && outer_kind(kind) == Some(ComponentExternalKind::Component)
        {
            self.plain(index)?;
        }
        let mut remap = self.remap();
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(remap.component_alias(alias.clone())?);
        found(&remap)?;
        self.writer.section(&aliases);
        match *alias {
            ComponentAlias::InstanceExport { kind, instance_index, name } => {
                let from = at(&self.instances, instance_index);
                let item = match kind {
                    ComponentExternalKind::Func => from.function(name),
                    ComponentExternalKind::Module
                    | ComponentExternalKind::Value
                    | ComponentExternalKind::Type
                    | ComponentExternalKind::Instance
                    | ComponentExternalKind::Component => from.instance(name),
                };
                self.keep(kind, item);
            }
            ComponentAlias::CoreInstanceExport { kind: ExternalKind::Func, .. } => {
                self.maps.core_functions.keep();
            }
            ComponentAlias::CoreInstanceExport { .. } => {}
            ComponentAlias::Outer { kind, .. } => {
                if let Some(kind) = outer_kind(kind) {
                    self.keep(kind, Provided::own());
                }
            }
        }
        Ok(())
    }

    fn export(&mut self, export: &wasmparser::ComponentExport<'_>) -> Result<(), Fault> {
        if export.kind == ComponentExternalKind::Component {
            self.plain(export.index)?;
        }
        let item = self.item(export.kind, export.index);
        if self.around.outermost {
            let provider = self.callee(&item.origin).to_string();
            self.job.exports.insert(export.name.name.to_owned(), provider);
        }
        let mut exports = ComponentExportSection::new();
        let mut remap = self.remap();
        remap.parse_component_export(&mut exports, export.clone())?;
        found(&remap)?;
        self.writer.section(&exports);
        self.keep(export.kind, item);
        Ok(())
    }

    fn item(&self, kind: ComponentExternalKind, index: u32) -> Provided {
        match kind {
            ComponentExternalKind::Func => at(&self.functions, index),
            ComponentExternalKind::Instance => at(&self.instances, index),
            ComponentExternalKind::Module
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Component => Provided::own(),
        }
    }

    fn instance(&mut self, instance: ComponentInstance<'_>) -> Result<(), Fault> {
        let mut instances = ComponentInstanceSection::new();
        match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                let mut origins = BTreeMap::new();
                for arg in &args {
                    if arg.kind == ComponentExternalKind::Component {
                        self.plain(arg.index)?;
                    }
                    let item = self.item(arg.kind, arg.index);
                    origins.insert(arg.name.to_owned(), item.origin);
                }
                let label = self.label(component_index);
                let origin = self.made_of(component_index, &label);
                let (component, traced) = self.nested(component_index, &label, origins)?;
                let mut remap = self.remap();
                let mut given = Vec::new();
                for arg in &args {
                    let index = remap.component_external_index(arg.kind, arg.index);
                    given.push((arg.name, arg.kind.into(), index));
                }
                found(&remap)?;
                if traced {
                    given.push((INTERFACE, ComponentExportKind::Instance, 0));
                }
                instances.instantiate(component, given);
                let provided = Provided { name: String::new(), origin };
                self.writer.section(&instances);
                self.keep(ComponentExternalKind::Instance, provided);
            }
            ComponentInstance::FromExports(exports) => {
                let mut items = BTreeMap::new();
                for export in &exports {
                    if export.kind == ComponentExternalKind::Component {
                        self.plain(export.index)?;
                    }
                    let item = self.item(export.kind, export.index);
                    items.insert(export.name.name.to_owned(), item);
                }
                let mut remap = self.remap();
                let instance = ComponentInstance::FromExports(exports);
                remap.parse_component_instance(&mut instances, instance)?;
                found(&remap)?;
                let provided = Provided { name: String::new(), origin: Origin::Several(items) };
                self.writer.section(&instances);
                self.keep(ComponentExternalKind::Instance, provided);
            }
        }
        Ok(())
    }

    /// What the next instance, of this component, is called in a trace: no other
    /// instance is called the same.
    fn label(&mut self, component: u32) -> String {
        let index = u32::try_from(self.maps.instances.met()).unwrap_or(u32::MAX);
        let range = self.nested_range(component);
        let own = range.and_then(|range| self.job.survey.at(range.start).ok());
        let given = self.inside.instance_names.get(&index);
        let name = given
            .or_else(|| self.inside.component_names.get(&component))
            .or_else(|| own.and_then(|inside| inside.own_name.as_ref()))
            .cloned()
            .or_else(|| Some(format!("{} #{component}", own?.purpose.as_ref()?)))
            .unwrap_or_else(|| format!("component #{component}"));
        let name =
            if self.around.outermost { name } else { format!("{}/{name}", self.around.label) };
        if !self.around.traced {
            return name;
        }
        let again = (2_u32..).map(|count| format!("{name} ({count})"));
        let mut names = std::iter::once(name.clone()).chain(again);
        let name = names.find(|name| !self.job.labels.contains(name)).unwrap_or(name);
        self.job.labels.insert(name.clone());
        name
    }

    /// Who answers for an instance. What has no code of its own is a wrapping of
    /// functions of this component.
    fn made_of(&self, component: u32, label: &str) -> Origin {
        let range = self.nested_range(component);
        let inside = range.and_then(|range| self.job.survey.at(range.start).ok());
        match inside {
            Some(inside) if !inside.code => Origin::Own,
            Some(_) | None => Origin::Component(label.to_owned()),
        }
    }

    fn nested_range(&self, component: u32) -> Option<Range<u64>> {
        self.nested.get(usize::try_from(component).ok()?).cloned().flatten()
    }

    /// Writes a component for one instance of it; whether it takes the import for tracing.
    fn nested(
        &mut self,
        component: u32,
        label: &str,
        imports: BTreeMap<String, Origin>,
    ) -> Result<(u32, bool), Fault> {
        let range = self.nested_range(component).filter(|_| self.around.traced);
        let calls = match &range {
            Some(range) => self.job.survey.at(range.start)?.calls,
            None => false,
        };
        let Some(range) = range.filter(|_| calls) else {
            return self.plain(component).map(|index| (index, false));
        };
        let copy = self.copy_nested(label, imports, range, true)?;
        self.told.extend(copy.told);
        let index = self.write_component(&copy.bytes);
        if let Some(name) = self.inside.component_names.get(&component) {
            self.copies.insert(index, name.clone());
        }
        Ok((index, true))
    }

    fn copy_nested(
        &mut self,
        label: &str,
        imports: BTreeMap<String, Origin>,
        range: Range<u64>,
        traced: bool,
    ) -> Result<Copy, Fault> {
        let mut maps = vec![&self.maps];
        maps.extend(self.around.maps.iter().copied());
        let around = Around { label: label.to_owned(), outermost: false, imports, maps, traced };
        copy(self.job, &around, range)
    }

    fn write_component(&mut self, bytes: &[u8]) -> u32 {
        self.writer.nested(ComponentSectionId::Component, bytes);
        self.maps.component_count += 1;
        self.maps.component_count - 1
    }

    /// Writes a component as it is, once.
    fn plain(&mut self, component: u32) -> Result<u32, Fault> {
        let slot = usize::try_from(component).unwrap_or(usize::MAX);
        if let Some(Some(index)) = self.maps.components.get(slot) {
            return Ok(*index);
        }
        let Some(range) = self.nested_range(component) else {
            return Err(Fault::Unreadable(format!("there is no component #{component}")));
        };
        let copy = self.copy_nested("", BTreeMap::new(), range, false)?;
        let index = self.write_component(&copy.bytes);
        if let Some(written) = self.maps.components.get_mut(slot) {
            *written = Some(index);
        }
        Ok(index)
    }

    fn finish(mut self) -> Result<Copy, Fault> {
        self.write_names()?;
        let mut beginning = Writer::default();
        if self.around.traced {
            let types = self.job.survey.types()?;
            let mut body = InstanceType::new();
            for told in &self.told {
                declare(&mut body, types, told);
            }
            let mut section = ComponentTypeSection::new();
            section.instance(&body);
            beginning.section(&section);
            let mut imports = ComponentImportSection::new();
            imports.import(INTERFACE, ComponentTypeRef::Instance(0));
            beginning.section(&imports);
        }
        Ok(Copy { bytes: self.writer.finish(&beginning), told: self.told })
    }

    fn write_names(&mut self) -> Result<(), Fault> {
        let mut section = ComponentNameSection::new();
        let mut components = self.copies.clone();
        let names = std::mem::take(&mut self.names);
        for name in names {
            if let ComponentName::Components(map) = name {
                for naming in map.into_iter().flatten() {
                    let slot = usize::try_from(naming.index).unwrap_or(usize::MAX);
                    if let Some(Some(index)) = self.maps.components.get(slot) {
                        components.insert(*index, naming.name.to_owned());
                    }
                }
            } else {
                self.remap().parse_custom_component_name_subsection(&mut section, name)?;
            }
        }
        let mut map = NameMap::new();
        for (index, name) in &components {
            map.append(*index, name);
        }
        if !components.is_empty() {
            section.components(&map);
        }
        if !section.is_empty() {
            self.writer.section(&section.as_custom());
        }
        Ok(())
    }
}

/// An item by its index; the validator has seen to it that there is one.
pub(crate) fn at(items: &[Provided], index: u32) -> Provided {
    let item = usize::try_from(index).ok().and_then(|index| items.get(index));
    item.cloned().unwrap_or_else(Provided::own)
}

/// A component that is only named, and not made an instance of, may not have been written.
pub(crate) fn found(remap: &Remap<'_>) -> Result<(), Fault> {
    if remap.missing {
        return Err(Fault::Unsupported("a component that refers to a component around it"));
    }
    Ok(())
}

/// A section of one definition.
pub(crate) fn one(define: impl FnOnce(&mut CanonicalFunctionSection)) -> CanonicalFunctionSection {
    let mut section = CanonicalFunctionSection::new();
    define(&mut section);
    section
}
