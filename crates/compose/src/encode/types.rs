//! Types of the inputs, written anew in the scope of the outer component.
//!
//! A type that the outer component already has a name for is referred to by
//! that name, however many aliases and edges lie between; so the result keeps
//! the `use` relations of its parts. Everything else is spelled out.

use std::collections::{HashMap, HashSet};

use wasm_encoder::{
    Alias, ComponentExportKind, ComponentOuterAliasKind, ComponentTypeEncoder, ComponentTypeRef,
    InstanceType, TypeBounds,
};
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId, ComponentEntityType,
    ComponentFuncTypeId, ComponentValType, ResourceId,
};
use wasmparser::names::KebabString;
use wasmparser::types::TypesRef;

use super::writer::Writer;
use crate::resources::Identity;

/// Something in a type that cannot be written here: core modules, components or values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inexpressible;

type Encoded<T> = Result<T, Inexpressible>;

/// A type by its identity: value types by id, resources by what they really are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Type(ComponentAnyTypeId),
    Resource(ResourceId),
}

/// The names of one scope: the outer component, or an instance type within it.
#[derive(Default)]
struct Scope {
    /// Types that have an index.
    known: HashMap<Key, u32>,
    /// Types that an instance exports: an alias is made when one is first needed.
    exported: HashMap<Key, Exported>,
    /// Resources that an item of this scope names.
    named: HashSet<Key>,
    /// The instance type that is being built; none for the outer component.
    body: Option<InstanceType>,
}

/// A type that an instance exports.
#[derive(Clone)]
struct Exported {
    instance: u32,
    name: String,
    seen: Seen,
}

/// Whether a name for a type is seen from outside the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// An import or export of the result: its names win over those noted before.
    Outside,
    /// An instance inside.
    Inside,
}

/// Item of an instance type that is to be written, with the types of other
/// inputs that are the same item.
pub(crate) struct Entry {
    pub name: String,
    pub ty: ComponentEntityType,
    pub twins: Vec<ComponentEntityType>,
}

/// Writes types into the outer component.
pub(crate) struct TypeEncoder<'a> {
    types: TypesRef<'a>,
    identity: &'a Identity,
    /// Across edges: a consumer's imported type is its provider's exported one.
    same: HashMap<ComponentAnyTypeId, ComponentAnyTypeId>,
    /// The outer component first, then the instance types that are being built.
    scopes: Vec<Scope>,
    pub writer: Writer,
}

impl<'a> TypeEncoder<'a> {
    pub fn new(
        types: TypesRef<'a>,
        identity: &'a Identity,
        same: HashMap<ComponentAnyTypeId, ComponentAnyTypeId>,
    ) -> TypeEncoder<'a> {
        let scopes = vec![Scope::default()];
        TypeEncoder { types, identity, same, scopes, writer: Writer::new() }
    }

    /// What a type is known by: its own name first, then what a resource really is.
    fn keys(&self, id: ComponentAnyTypeId) -> Vec<Key> {
        std::iter::once(Key::Type(id)).chain(self.resource_key(id)).collect()
    }

    fn resource_key(&self, id: ComponentAnyTypeId) -> Option<Key> {
        match id {
            ComponentAnyTypeId::Resource(id) => {
                Some(Key::Resource(self.identity.root(id.resource())))
            }
            ComponentAnyTypeId::Defined(_)
            | ComponentAnyTypeId::Func(_)
            | ComponentAnyTypeId::Instance(_)
            | ComponentAnyTypeId::Component(_) => None,
        }
    }

    /// Notes that an instance of the outer component exports types.
    pub fn note_instance(&mut self, instance: u32, ty: ComponentEntityType, seen: Seen) {
        let ComponentEntityType::Instance(id) = ty else { return };
        let Some(exports) = self.types.get(id).map(|ty| &ty.exports) else { return };
        for (name, item) in exports {
            match item.ty {
                ComponentEntityType::Type { created, .. } => {
                    for key in self.keys(created) {
                        self.note_exported(key, instance, name, seen);
                    }
                }
                ComponentEntityType::Instance(_) => {
                    let kind = ComponentExportKind::Instance;
                    let nested = self.writer.alias(instance, kind, name);
                    self.note_instance(nested, item.ty, seen);
                }
                ComponentEntityType::Module(_)
                | ComponentEntityType::Func(_)
                | ComponentEntityType::Value(_)
                | ComponentEntityType::Component(_) => {}
            }
        }
    }

    fn note_exported(&mut self, key: Key, instance: u32, name: &str, seen: Seen) {
        let outer = &mut self.scopes[0];
        // A value type that nobody outside has a name for is spelled out; a
        // resource cannot be.
        let wanted = seen == Seen::Outside || matches!(key, Key::Resource(_));
        let taken = match outer.exported.get(&key) {
            Some(other) => other.seen == Seen::Outside || seen == Seen::Inside,
            None => seen == Seen::Inside && outer.known.contains_key(&key),
        };
        if wanted && !taken {
            outer.known.remove(&key);
            outer.exported.insert(key, Exported { instance, name: name.to_owned(), seen });
        }
    }

    /// Notes that a type has an index in the outer component.
    pub fn note_type(&mut self, created: ComponentAnyTypeId, index: u32) {
        self.scopes[0].known.insert(Key::Type(created), index);
        if let Some(key) = self.resource_key(created) {
            self.scopes[0].known.entry(key).or_insert(index);
        }
    }

    /// The index of a type in the current scope, if any scope has a name for it.
    fn find(&mut self, id: ComponentAnyTypeId) -> Option<u32> {
        let mut seen = HashSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some(index) = self.find_key(Key::Type(id)) {
                return Some(index);
            }
            next.extend(self.types.peel_alias(id));
            next.extend(self.same.get(&id));
        }
        self.find_key(self.resource_key(id)?)
    }

    fn find_key(&mut self, key: Key) -> Option<u32> {
        for depth in (0..self.scopes.len()).rev() {
            let scope = &self.scopes[depth];
            let index = match scope.known.get(&key) {
                Some(index) => *index,
                None => match scope.exported.get(&key).cloned() {
                    Some(export) => self.alias_export(depth, key, export.instance, &export.name),
                    None => continue,
                },
            };
            return Some(self.bring_inside(depth, key, index));
        }
        None
    }

    /// Gives an exported type of an instance an index in the scope of the instance.
    fn alias_export(&mut self, depth: usize, key: Key, instance: u32, name: &str) -> u32 {
        let kind = ComponentExportKind::Type;
        let scope = &mut self.scopes[depth];
        let index = match &mut scope.body {
            None => self.writer.alias(instance, kind, name),
            Some(body) => {
                body.alias(Alias::InstanceExport { instance, kind, name });
                body.type_count() - 1
            }
        };
        scope.known.insert(key, index);
        index
    }

    /// Makes a type of an enclosing scope one of the current scope.
    fn bring_inside(&mut self, depth: usize, key: Key, index: u32) -> u32 {
        let count = self.scopes.len() - 1 - depth;
        if count == 0 {
            return index;
        }
        let Some(scope) = self.scopes.last_mut() else { return index };
        let Some(body) = &mut scope.body else { return index };
        let kind = ComponentOuterAliasKind::Type;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        body.alias(Alias::Outer { kind, count, index });
        let index = body.type_count() - 1;
        scope.known.insert(key, index);
        index
    }

    /// Defines a type in the current scope.
    fn define(&mut self, define: impl FnOnce(ComponentTypeEncoder<'_>)) -> u32 {
        match self.scopes.last_mut().and_then(|scope| scope.body.as_mut()) {
            None => self.writer.ty(define),
            Some(body) => {
                define(body.ty());
                body.type_count() - 1
            }
        }
    }

    /// The index of any type: found by name, or spelled out.
    pub fn any(&mut self, id: ComponentAnyTypeId) -> Encoded<u32> {
        if let Some(index) = self.find(id) {
            return Ok(index);
        }
        match id {
            ComponentAnyTypeId::Defined(id) => self.spell(id),
            ComponentAnyTypeId::Func(id) => self.function(id),
            ComponentAnyTypeId::Instance(id) => self.instance_of(ComponentEntityType::Instance(id)),
            // A resource without a name cannot be spelled out, and a component type is closed.
            ComponentAnyTypeId::Resource(_) | ComponentAnyTypeId::Component(_) => {
                Err(Inexpressible)
            }
        }
    }

    fn value(&mut self, ty: ComponentValType) -> Encoded<wasm_encoder::ComponentValType> {
        Ok(match ty {
            ComponentValType::Primitive(ty) => wasm_encoder::ComponentValType::Primitive(ty.into()),
            ComponentValType::Type(id) => {
                wasm_encoder::ComponentValType::Type(self.any(ComponentAnyTypeId::Defined(id))?)
            }
        })
    }

    fn optional(
        &mut self,
        ty: Option<ComponentValType>,
    ) -> Encoded<Option<wasm_encoder::ComponentValType>> {
        ty.map(|ty| self.value(ty)).transpose()
    }

    fn spell(&mut self, id: ComponentDefinedTypeId) -> Encoded<u32> {
        let types = self.types;
        let Some(ty) = types.get(id) else { return Err(Inexpressible) };
        let index = self.spell_defined(ty)?;
        if let Some(scope) = self.scopes.last_mut() {
            scope.known.insert(Key::Type(ComponentAnyTypeId::Defined(id)), index);
        }
        Ok(index)
    }

    fn spell_defined(&mut self, ty: &ComponentDefinedType) -> Encoded<u32> {
        Ok(match ty {
            ComponentDefinedType::Primitive(ty) => {
                let ty = (*ty).into();
                self.define(|t| t.defined_type().primitive(ty))
            }
            ComponentDefinedType::Record(_) | ComponentDefinedType::Variant(_) => {
                self.spell_named_parts(ty)?
            }
            ComponentDefinedType::Flags(names) => {
                self.define(|t| t.defined_type().flags(names.iter().map(KebabString::as_str)))
            }
            ComponentDefinedType::Enum(names) => {
                self.define(|t| t.defined_type().enum_type(names.iter().map(KebabString::as_str)))
            }
            ComponentDefinedType::List { element, .. } => {
                let element = self.value(*element)?;
                self.define(|t| t.defined_type().list(element))
            }
            ComponentDefinedType::FixedLengthList { element, length, .. } => {
                let element = self.value(*element)?;
                self.define(|t| t.defined_type().fixed_length_list(element, *length))
            }
            ComponentDefinedType::Map { key, value, .. } => {
                let (key, value) = (self.value(*key)?, self.value(*value)?);
                self.define(|t| t.defined_type().map(key, value))
            }
            ComponentDefinedType::Tuple(tuple) => {
                let parts =
                    tuple.types.iter().map(|t| self.value(*t)).collect::<Encoded<Vec<_>>>()?;
                self.define(|t| t.defined_type().tuple(parts))
            }
            ComponentDefinedType::Option { ty, .. } => {
                let ty = self.value(*ty)?;
                self.define(|t| t.defined_type().option(ty))
            }
            ComponentDefinedType::Result { ok, err, .. } => {
                let (ok, err) = (self.optional(*ok)?, self.optional(*err)?);
                self.define(|t| t.defined_type().result(ok, err))
            }
            ComponentDefinedType::Own(id) => {
                let index = self.any(ComponentAnyTypeId::Resource(*id))?;
                self.define(|t| t.defined_type().own(index))
            }
            ComponentDefinedType::Borrow(id) => {
                let index = self.any(ComponentAnyTypeId::Resource(*id))?;
                self.define(|t| t.defined_type().borrow(index))
            }
            ComponentDefinedType::Future { ty, .. } => {
                let ty = self.optional(*ty)?;
                self.define(|t| t.defined_type().future(ty))
            }
            ComponentDefinedType::Stream { ty, .. } => {
                let ty = self.optional(*ty)?;
                self.define(|t| t.defined_type().stream(ty))
            }
        })
    }

    fn spell_named_parts(&mut self, ty: &ComponentDefinedType) -> Encoded<u32> {
        if let ComponentDefinedType::Record(record) = ty {
            let mut fields = Vec::new();
            for (name, ty) in &record.fields {
                fields.push((name.as_str(), self.value(*ty)?));
            }
            return Ok(self.define(|t| t.defined_type().record(fields)));
        }
        let ComponentDefinedType::Variant(variant) = ty else { return Err(Inexpressible) };
        let mut cases = Vec::new();
        for (name, case) in &variant.cases {
            cases.push((name.as_str(), self.optional(case.ty)?));
        }
        Ok(self.define(|t| t.defined_type().variant(cases)))
    }

    pub fn function(&mut self, id: ComponentFuncTypeId) -> Encoded<u32> {
        let types = self.types;
        let Some(ty) = types.get(id) else { return Err(Inexpressible) };
        let mut params = Vec::new();
        for (name, ty) in &ty.params {
            params.push((name.as_str(), self.value(*ty)?));
        }
        let result = self.optional(ty.result)?;
        Ok(self.define(|t| {
            let mut function = t.function();
            function.async_(ty.async_).params(params).result(result);
        }))
    }

    fn instance_of(&mut self, ty: ComponentEntityType) -> Encoded<u32> {
        let entries = entries(self.types, ty);
        self.instance(&entries.iter().collect::<Vec<_>>())
    }

    /// An instance type with these items.
    pub fn instance(&mut self, entries: &[&Entry]) -> Encoded<u32> {
        self.scopes.push(Scope { body: Some(InstanceType::new()), ..Scope::default() });
        let written = entries.iter().try_for_each(|entry| self.entry(entry));
        let body = self.scopes.pop().and_then(|scope| scope.body);
        written?;
        let body = body.ok_or(Inexpressible)?;
        Ok(self.define(|t| t.instance(&body)))
    }

    fn entry(&mut self, entry: &Entry) -> Encoded<()> {
        let ty = match entry.ty {
            ComponentEntityType::Type { created, referenced } => {
                return self.type_entry(entry, created, referenced);
            }
            ComponentEntityType::Func(id) => ComponentTypeRef::Func(self.function(id)?),
            ComponentEntityType::Instance(_) => {
                ComponentTypeRef::Instance(self.instance_of(entry.ty)?)
            }
            ComponentEntityType::Module(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => return Err(Inexpressible),
        };
        let Some(body) = self.scopes.last_mut().and_then(|s| s.body.as_mut()) else {
            return Err(Inexpressible);
        };
        body.export(entry.name.as_str(), ty);
        if let ComponentTypeRef::Instance(_) = ty {
            let instance = body.instance_count() - 1;
            self.note_nested(instance, entry.ty);
        }
        Ok(())
    }

    /// How a type that is imported or exported is bounded: it is one that has a
    /// name already, or a new resource, or a value type that is spelled out.
    pub fn bounds(
        &mut self,
        created: ComponentAnyTypeId,
        referenced: ComponentAnyTypeId,
    ) -> Encoded<TypeBounds> {
        Ok(match (self.find(created), created) {
            (Some(index), _) => TypeBounds::Eq(index),
            (None, ComponentAnyTypeId::Resource(_)) => TypeBounds::SubResource,
            (
                None,
                ComponentAnyTypeId::Defined(_)
                | ComponentAnyTypeId::Func(_)
                | ComponentAnyTypeId::Instance(_)
                | ComponentAnyTypeId::Component(_),
            ) => TypeBounds::Eq(self.any(referenced)?),
        })
    }

    fn type_entry(
        &mut self,
        entry: &Entry,
        created: ComponentAnyTypeId,
        referenced: ComponentAnyTypeId,
    ) -> Encoded<()> {
        let bounds = self.bounds(created, referenced)?;
        let twins = entry.twins.iter().filter_map(|ty| match ty {
            ComponentEntityType::Type { created, .. } => Some(*created),
            ComponentEntityType::Module(_)
            | ComponentEntityType::Func(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Instance(_)
            | ComponentEntityType::Component(_) => None,
        });
        let names: Vec<ComponentAnyTypeId> = std::iter::once(created).chain(twins).collect();
        let resource = self.resource_key(created);
        let Some(scope) = self.scopes.last_mut() else { return Err(Inexpressible) };
        let Some(body) = &mut scope.body else { return Err(Inexpressible) };
        body.export(entry.name.as_str(), ComponentTypeRef::Type(bounds));
        let index = body.type_count() - 1;
        for name in names {
            scope.known.insert(Key::Type(name), index);
        }
        // Of several names for one resource, the first stands for it.
        if let Some(key) = resource
            && scope.named.insert(key)
        {
            scope.known.insert(key, index);
        }
        Ok(())
    }

    /// Notes the types of an instance that the instance type being built exports.
    fn note_nested(&mut self, instance: u32, ty: ComponentEntityType) {
        for entry in entries(self.types, ty) {
            match entry.ty {
                ComponentEntityType::Type { created, .. } => {
                    let keys = self.keys(created);
                    let Some(scope) = self.scopes.last_mut() else { return };
                    for key in keys {
                        let export =
                            Exported { instance, name: entry.name.clone(), seen: Seen::Inside };
                        scope.exported.entry(key).or_insert(export);
                    }
                }
                ComponentEntityType::Instance(_) => {
                    let kind = ComponentExportKind::Instance;
                    let scope = self.scopes.last_mut().and_then(|scope| scope.body.as_mut());
                    let Some(body) = scope else { return };
                    body.alias(Alias::InstanceExport { instance, kind, name: &entry.name });
                    let nested = body.instance_count() - 1;
                    self.note_nested(nested, entry.ty);
                }
                ComponentEntityType::Module(_)
                | ComponentEntityType::Func(_)
                | ComponentEntityType::Value(_)
                | ComponentEntityType::Component(_) => {}
            }
        }
    }
}

/// The items of an instance type.
pub(crate) fn entries(types: TypesRef<'_>, ty: ComponentEntityType) -> Vec<Entry> {
    let ComponentEntityType::Instance(id) = ty else { return Vec::new() };
    let Some(instance) = types.get(id) else { return Vec::new() };
    instance
        .exports
        .iter()
        .map(|(name, item)| Entry { name: name.clone(), ty: item.ty, twins: Vec::new() })
        .collect()
}
