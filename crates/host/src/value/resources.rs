//! The names of a component's resources, by their types. A binary tells them
//! only where a resource is exported or imported.

use wasmtime::Engine;
use wasmtime::component::ResourceType;
use wasmtime::component::types::{Component, ComponentExtern, ComponentItem};

/// What a resource is called that is neither exported nor imported by name.
pub(crate) const NAMELESS: &str = "resource";

/// All resources that a component exports or imports.
#[derive(Debug, Default)]
pub(crate) struct Resources(Vec<(ResourceType, String)>);

impl Resources {
    /// Reads the names out of a component's type. What a component defines
    /// itself is called by the name that it exports it under first.
    pub(crate) fn of(component: &Component, engine: &Engine) -> Resources {
        let mut found = Resources::default();
        for (name, item) in component.exports(engine).chain(component.imports(engine)) {
            found.add(name, &item, engine);
        }
        found
    }

    fn add(&mut self, name: &str, item: &ComponentExtern<'_>, engine: &Engine) {
        match &item.ty {
            ComponentItem::Resource(ty) => {
                if !self.0.iter().any(|(known, _)| known == ty) {
                    self.0.push((*ty, name.to_owned()));
                }
            }
            ComponentItem::ComponentInstance(instance) => {
                for (name, item) in instance.exports(engine) {
                    self.add(name, &item, engine);
                }
            }
            ComponentItem::ComponentFunc(_)
            | ComponentItem::CoreFunc(_)
            | ComponentItem::Module(_)
            | ComponentItem::Component(_)
            | ComponentItem::Type(_) => {}
        }
    }

    pub(crate) fn name(&self, ty: &ResourceType) -> &str {
        let found = self.0.iter().find(|(known, _)| known == ty);
        found.map_or(NAMELESS, |(_, name)| name.as_str())
    }
}
