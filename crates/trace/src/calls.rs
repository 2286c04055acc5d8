//! Functions that core code is given: calls across a boundary get a
//! pass-through, everything else is copied.

use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, ComponentAliasSection, ComponentExportKind,
    ComponentSectionId, ExportKind, InstanceSection, ModuleArg,
};
use wasmparser::CanonicalFunction;
use wasmparser::component_types::ComponentAnyTypeId;

use crate::declare::{Interface, Told, after, before};
use crate::error::Fault;
use crate::layout::signature;
use crate::pass::{AFTER, BEFORE, REAL, SOURCE, TRACED, module};
use crate::provided::{Origin, Provided};
use crate::rewrite::{Copying, at, found, one};
use crate::shape::{Shape, Shapes};
use crate::{Call, Callee, Kind, Reason, Untraced, Which};

/// The instance that tells the host: the import that was added comes first.
const TRACE: u32 = 0;

/// The function that a pass-through stands in front of.
enum Real {
    Lowered { function: u32, options: Vec<CanonicalOption> },
    Dropping { resource: u32 },
}

impl Copying<'_, '_, '_> {
    /// A definition of the canonical ABI.
    pub fn canonical(&mut self, function: CanonicalFunction) -> Result<(), Fault> {
        let traced = self.around.traced;
        match function {
            CanonicalFunction::Lower { func_index, options } if traced => {
                self.lower(func_index, &options)
            }
            CanonicalFunction::ResourceDrop { resource } if traced => self.drop_of(resource),
            CanonicalFunction::Lift { .. } => {
                self.copy_canonical(function)?;
                self.maps.functions.keep();
                self.functions.push(Provided::own());
                Ok(())
            }
            other => {
                self.copy_canonical(other)?;
                self.maps.core_functions.keep();
                Ok(())
            }
        }
    }

    fn copy_canonical(&mut self, function: CanonicalFunction) -> Result<(), Fault> {
        let mut section = CanonicalFunctionSection::new();
        let mut remap = self.remap();
        remap.parse_component_canonical(&mut section, function)?;
        found(&remap)?;
        self.writer.section(&section);
        Ok(())
    }

    fn lower(&mut self, index: u32, options: &[wasmparser::CanonicalOption]) -> Result<(), Fault> {
        let provided = at(&self.functions, index);
        let wanted = self.wanted(&provided.origin);
        let reason = wanted.then(|| hindrance(options)).flatten();
        if let Some(reason) = reason {
            self.job.untraced.push(Untraced {
                caller: self.around.label.clone(),
                callee: self.callee(&provided.origin),
                function: plain(&provided.name),
                reason,
            });
        }
        if !wanted || reason.is_some() {
            let options = options.to_vec().into_boxed_slice();
            self.copy_canonical(CanonicalFunction::Lower { func_index: index, options })?;
            self.maps.core_functions.keep();
            return Ok(());
        }
        let mut remap = self.remap();
        let function = remap.component_func_index(index);
        let mut encoded = Vec::new();
        for option in options {
            encoded.push(remap.canonical_option(*option)?);
        }
        let id = self.inside.types.as_ref().component_function_at(index);
        let interface = Interface::of(self.job.survey.types()?, id);
        let real = Real::Lowered { function, options: encoded };
        self.trace(&provided, interface, Kind::Call, &real)
    }

    /// Dropping a handle runs the destructor of whoever has the resource.
    fn drop_of(&mut self, resource: u32) -> Result<(), Fault> {
        let types = self.inside.types.as_ref();
        let known = match types.component_any_type_at(resource) {
            ComponentAnyTypeId::Resource(id) => self.inside.resources.get(&id.resource()),
            ComponentAnyTypeId::Defined(_)
            | ComponentAnyTypeId::Func(_)
            | ComponentAnyTypeId::Instance(_)
            | ComponentAnyTypeId::Component(_) => None,
        };
        let import = known.and_then(|known| known.import.clone());
        let resource_name = known.map_or("resource", |known| known.name.as_str()).to_owned();
        let origin = match &import {
            Some(import) => self.around.imports.get(import).cloned().unwrap_or(Origin::Host),
            None => Origin::Own,
        };
        let from = Provided { name: import.clone().unwrap_or_default(), origin };
        let provided = from.function(&format!("[resource-drop]{resource_name}"));
        if !self.wanted(&provided.origin) {
            self.copy_canonical(CanonicalFunction::ResourceDrop { resource })?;
            self.maps.core_functions.keep();
            return Ok(());
        }
        // Dropping a resource of its own crosses no boundary, but frees the handle's number.
        let kind = if import.is_some() {
            Kind::Drop { resource: resource_name }
        } else {
            Kind::OwnDrop { resource: resource_name }
        };
        let real = Real::Dropping { resource: self.remap().component_type_index(resource) };
        self.trace(&provided, Interface::of_drop(), kind, &real)
    }

    fn wanted(&self, origin: &Origin) -> bool {
        match self.job.which {
            Which::All => true,
            Which::Components => !matches!(origin, Origin::Host),
            Which::Host => matches!(origin, Origin::Host),
        }
    }

    pub fn callee(&self, origin: &Origin) -> Callee {
        match origin {
            Origin::Host => Callee::Host,
            Origin::Component(label) => Callee::Component(label.clone()),
            Origin::Own | Origin::Several(_) => Callee::Component(self.around.label.clone()),
        }
    }

    /// Puts a pass-through in front of a function, and notes it.
    fn trace(
        &mut self,
        provided: &Provided,
        interface: Interface,
        kind: Kind,
        real: &Real,
    ) -> Result<(), Fault> {
        let types = self.job.survey.types()?;
        let signature = signature(types, &interface);
        let written = self.passes.get(&signature).copied();
        let pass = written.unwrap_or_else(|| {
            self.writer.nested(ComponentSectionId::CoreModule, &module(&signature));
            let index = self.maps.modules.add();
            self.passes.insert(signature.clone(), index);
            index
        });
        let number = self.job.calls.len();
        self.pass_through(number, pass, real);
        let names =
            self.inside.resources.iter().map(|(id, known)| (*id, known.name.clone())).collect();
        let shapes = Shapes { types, names: &names };
        let params = interface.params.iter();
        self.job.calls.push(Call {
            caller: self.around.label.clone(),
            callee: self.callee(&provided.origin),
            function: plain(&provided.name),
            kind,
            params: params.map(|(name, ty)| (name.clone(), shapes.of(*ty))).collect(),
            result: interface.result.map_or(Shape::Plain, |ty| shapes.of(ty)),
            in_list: signature.place,
        });
        self.told.push(Told { number, interface, place: signature.place });
        Ok(())
    }

    /// Writes a function, the two that tell of it, and what stands for it.
    fn pass_through(&mut self, number: usize, pass: u32, real: &Real) {
        let mut aliases = ComponentAliasSection::new();
        let mut tell = |name: &str| {
            let kind = ComponentExportKind::Func;
            aliases.alias(Alias::InstanceExport { instance: TRACE, kind, name });
            self.maps.functions.add()
        };
        let (ask, answer) = (tell(&before(number)), tell(&after(number)));
        self.writer.section(&aliases);
        let options = match real {
            Real::Lowered { options, .. } => options.clone(),
            Real::Dropping { .. } => Vec::new(),
        };
        self.writer.section(&one(|section| {
            match real {
                Real::Lowered { function, options } => {
                    section.lower(*function, options.iter().copied())
                }
                Real::Dropping { resource } => section.resource_drop(*resource),
            };
            section.lower(ask, options.iter().copied());
            section.lower(answer, options.iter().copied());
        }));
        let core = &mut self.maps.core_functions;
        let items = [(REAL, core.add()), (BEFORE, core.add()), (AFTER, core.add())];
        let mut instances = InstanceSection::new();
        instances.export_items(items.map(|(name, index)| (name, ExportKind::Func, index)));
        let bundle = self.maps.core_instances.add();
        instances.instantiate(pass, [(SOURCE, ModuleArg::Instance(bundle))]);
        let instance = self.maps.core_instances.add();
        self.writer.section(&instances);
        let mut aliases = ComponentAliasSection::new();
        let kind = ExportKind::Func;
        aliases.alias(Alias::CoreInstanceExport { instance, kind, name: TRACED });
        self.writer.section(&aliases);
        let traced = self.maps.core_functions.add();
        self.maps.core_functions.stands_for(traced);
    }
}

/// A function's full name without the mark that says what kind it is.
fn plain(name: &str) -> String {
    let (interface, function) = name.rsplit_once('#').unwrap_or(("", name));
    let marks = ["[constructor]", "[method]", "[static]"];
    let function = marks.iter().find_map(|mark| function.strip_prefix(mark)).unwrap_or(function);
    if interface.is_empty() { function.to_owned() } else { format!("{interface}#{function}") }
}

/// Why a function that is called in this way cannot be traced.
fn hindrance(options: &[wasmparser::CanonicalOption]) -> Option<Reason> {
    options.iter().find_map(|option| match option {
        wasmparser::CanonicalOption::Async => Some(Reason::Async),
        wasmparser::CanonicalOption::Gc | wasmparser::CanonicalOption::CoreType(_) => {
            Some(Reason::Gc)
        }
        wasmparser::CanonicalOption::UTF8
        | wasmparser::CanonicalOption::UTF16
        | wasmparser::CanonicalOption::CompactUTF16
        | wasmparser::CanonicalOption::Memory(_)
        | wasmparser::CanonicalOption::Realloc(_)
        | wasmparser::CanonicalOption::PostReturn(_)
        | wasmparser::CanonicalOption::Callback(_) => None,
    })
}
