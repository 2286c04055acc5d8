//! Walking the types of a component: which types an item mentions, and where
//! each of them was introduced.

use std::collections::{HashMap, HashSet};

use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentEntityType, ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;

/// Calls `see` once for every type that `entity` mentions, aliases peeled one by one.
pub(crate) fn mentioned(
    types: TypesRef<'_>,
    entity: ComponentEntityType,
    see: &mut dyn FnMut(ComponentAnyTypeId),
) {
    let mut walk = Walk { types, seen: HashSet::new(), see };
    walk.entity(entity);
}

struct Walk<'a, 's> {
    types: TypesRef<'a>,
    seen: HashSet<ComponentAnyTypeId>,
    see: &'s mut dyn FnMut(ComponentAnyTypeId),
}

impl Walk<'_, '_> {
    fn entity(&mut self, entity: ComponentEntityType) {
        match entity {
            ComponentEntityType::Module(_) => {}
            ComponentEntityType::Func(id) => self.any(ComponentAnyTypeId::Func(id)),
            ComponentEntityType::Value(ty) => self.value(ty),
            ComponentEntityType::Type { referenced, created } => {
                self.any(created);
                self.any(referenced);
            }
            ComponentEntityType::Instance(id) => self.any(ComponentAnyTypeId::Instance(id)),
            ComponentEntityType::Component(id) => self.any(ComponentAnyTypeId::Component(id)),
        }
    }

    fn any(&mut self, id: ComponentAnyTypeId) {
        let mut next = Some(id);
        while let Some(id) = next {
            if !self.seen.insert(id) {
                return;
            }
            (self.see)(id);
            next = self.types.peel_alias(id);
        }
        self.inside(id);
    }

    fn inside(&mut self, id: ComponentAnyTypeId) {
        let types = self.types;
        match id {
            // A component type is closed: nothing in it refers to the outside.
            ComponentAnyTypeId::Resource(_) | ComponentAnyTypeId::Component(_) => {}
            ComponentAnyTypeId::Defined(id) => {
                if let Some(ty) = types.get(id) {
                    self.defined(ty);
                }
            }
            ComponentAnyTypeId::Func(id) => {
                if let Some(ty) = types.get(id) {
                    for (_, param) in &ty.params {
                        self.value(*param);
                    }
                    self.optional(ty.result);
                }
            }
            ComponentAnyTypeId::Instance(id) => {
                if let Some(ty) = types.get(id) {
                    for item in ty.exports.values() {
                        self.entity(item.ty);
                    }
                }
            }
        }
    }

    fn value(&mut self, ty: ComponentValType) {
        match ty {
            ComponentValType::Primitive(_) => {}
            ComponentValType::Type(id) => self.any(ComponentAnyTypeId::Defined(id)),
        }
    }

    fn optional(&mut self, ty: Option<ComponentValType>) {
        if let Some(ty) = ty {
            self.value(ty);
        }
    }

    fn defined(&mut self, ty: &ComponentDefinedType) {
        match ty {
            ComponentDefinedType::Primitive(_)
            | ComponentDefinedType::Flags(_)
            | ComponentDefinedType::Enum(_) => {}
            ComponentDefinedType::Record(record) => {
                record.fields.values().for_each(|ty| self.value(*ty));
            }
            ComponentDefinedType::Variant(variant) => {
                variant.cases.values().for_each(|case| self.optional(case.ty));
            }
            ComponentDefinedType::Tuple(tuple) => tuple.types.iter().for_each(|t| self.value(*t)),
            ComponentDefinedType::List { element, .. }
            | ComponentDefinedType::FixedLengthList { element, .. } => self.value(*element),
            ComponentDefinedType::Map { key, value, .. } => {
                self.value(*key);
                self.value(*value);
            }
            ComponentDefinedType::Option { ty, .. } => self.value(*ty),
            ComponentDefinedType::Result { ok, err, .. } => {
                self.optional(*ok);
                self.optional(*err);
            }
            ComponentDefinedType::Own(id) | ComponentDefinedType::Borrow(id) => {
                self.any(ComponentAnyTypeId::Resource(*id));
            }
            ComponentDefinedType::Future { ty, .. } | ComponentDefinedType::Stream { ty, .. } => {
                self.optional(*ty);
            }
        }
    }
}

/// The types that an item names, with everything that they are aliases of.
pub(crate) fn named(
    types: TypesRef<'_>,
    entity: ComponentEntityType,
    found: &mut HashSet<ComponentAnyTypeId>,
) {
    match entity {
        ComponentEntityType::Type { created, referenced } => {
            for start in [created, referenced] {
                let mut next = Some(start);
                while let Some(id) = next.filter(|id| found.insert(*id)) {
                    next = types.peel_alias(id);
                }
            }
        }
        ComponentEntityType::Instance(id) => {
            for export in types.get(id).into_iter().flat_map(|ty| ty.exports.values()) {
                named(types, export.ty, found);
            }
        }
        ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Component(_) => {}
    }
}

/// Whether an item mentions a record, variant, enum or flags type that is not `named`.
pub(crate) fn mentions_unnamed(
    types: TypesRef<'_>,
    entity: ComponentEntityType,
    named: &HashSet<ComponentAnyTypeId>,
) -> bool {
    let mut unnamed = false;
    mentioned(types, entity, &mut |id| {
        let ComponentAnyTypeId::Defined(defined) = id else { return };
        let nominal = types.get(defined).is_some_and(|ty| match ty {
            ComponentDefinedType::Record(_)
            | ComponentDefinedType::Variant(_)
            | ComponentDefinedType::Enum(_)
            | ComponentDefinedType::Flags(_) => true,
            ComponentDefinedType::Primitive(_)
            | ComponentDefinedType::List { .. }
            | ComponentDefinedType::Map { .. }
            | ComponentDefinedType::FixedLengthList { .. }
            | ComponentDefinedType::Tuple(_)
            | ComponentDefinedType::Option { .. }
            | ComponentDefinedType::Result { .. }
            | ComponentDefinedType::Own(_)
            | ComponentDefinedType::Borrow(_)
            | ComponentDefinedType::Future { .. }
            | ComponentDefinedType::Stream { .. } => false,
        });
        unnamed |= nominal && !named.contains(&id);
    });
    unnamed
}

/// Which item introduced a type. `T` says what an item is to the caller.
pub(crate) struct Origins<T> {
    types: HashMap<ComponentAnyTypeId, T>,
    resources: HashMap<ResourceId, T>,
}

impl<T: Copy> Origins<T> {
    pub fn new() -> Origins<T> {
        Origins { types: HashMap::new(), resources: HashMap::new() }
    }

    /// Notes the types that `entity` names; the first item that names a resource owns it.
    pub fn add(&mut self, types: TypesRef<'_>, entity: ComponentEntityType, item: T) {
        match entity {
            ComponentEntityType::Type { created, .. } => {
                if let ComponentAnyTypeId::Resource(id) = created {
                    self.resources.entry(id.resource()).or_insert(item);
                }
                self.types.entry(created).or_insert(item);
            }
            ComponentEntityType::Instance(id) => {
                if let Some(instance) = types.get(id) {
                    for export in instance.exports.values() {
                        self.add(types, export.ty, item);
                    }
                }
            }
            ComponentEntityType::Module(_)
            | ComponentEntityType::Func(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => {}
        }
    }

    /// The item that introduced a type; for a resource, the one that owns it.
    pub fn of(&self, id: ComponentAnyTypeId) -> Option<T> {
        match id {
            ComponentAnyTypeId::Resource(resource) => {
                self.resources.get(&resource.resource()).copied()
            }
            ComponentAnyTypeId::Defined(_)
            | ComponentAnyTypeId::Func(_)
            | ComponentAnyTypeId::Instance(_)
            | ComponentAnyTypeId::Component(_) => self.types.get(&id).copied(),
        }
    }

    /// The item that owns a resource.
    pub fn of_resource(&self, id: ResourceId) -> Option<T> {
        self.resources.get(&id).copied()
    }
}
