//! The interfaces of a world, once for each side. What they hold is left to the
//! passes that follow.

use wit_parser::{InterfaceId, Resolve, Span, TypeDefKind, TypeId, World, WorldItem, WorldKey};

use super::tables::{docs, package, stability};
use crate::model::{self, Arena, Implements, Interface, Key, Side};

/// Where an item of the world stands, in both models.
pub(super) struct Site<'a> {
    pub(super) side: Side,
    pub(super) key: &'a WorldKey,
    pub(super) item: &'a WorldItem,
    /// The interface in the model, if the item is one.
    pub(super) interface: Option<model::InterfaceId>,
}

impl Site<'_> {
    /// The interface in wit-parser's model, if the item is one.
    pub(super) fn origin(&self) -> Option<InterfaceId> {
        match self.item {
            WorldItem::Interface { id, .. } => Some(*id),
            WorldItem::Function(_) | WorldItem::Type { .. } => None,
        }
    }
}

/// All interfaces, and all items of the world in order: imports, then exports.
pub(super) fn list<'a>(
    resolve: &'a Resolve,
    world: &'a World,
) -> (Arena<Interface>, Vec<Site<'a>>) {
    let mut interfaces = Arena::new();
    let imports = world.imports.iter().map(|item| (Side::Import, item));
    let exports = world.exports.iter().map(|item| (Side::Export, item));
    let sites = imports.chain(exports).map(|(side, (key, item))| {
        let interface = match item {
            WorldItem::Interface { .. } => {
                interface(resolve, side, key, item).map(|found| interfaces.push(found))
            }
            WorldItem::Function(_) | WorldItem::Type { .. } => None,
        };
        Site { side, key, item, interface }
    });
    let sites = sites.collect();
    (interfaces, sites)
}

/// An interface without what it holds.
fn interface(resolve: &Resolve, side: Side, key: &WorldKey, item: &WorldItem) -> Option<Interface> {
    let WorldItem::Interface { id, stability: of_item, docs: of_statement, span, .. } = item else {
        return None;
    };
    let found = &resolve.interfaces[*id];
    let named = || {
        let name = found.name.clone()?;
        Some((package(&resolve.packages[found.package?].name), name))
    };
    let (key_, implements) = match key {
        WorldKey::Interface(_) => {
            let (package, name) = named()?;
            (Key::Id { package, name }, None)
        }
        WorldKey::Name(name) => {
            let implements = named().map(|(package, name)| Implements { package, name });
            (Key::Inline(name.clone()), implements)
        }
    };
    // An inline interface is documented where it is imported or exported.
    let own = docs(&found.docs);
    let text = if own.is_empty() { docs(of_statement) } else { own };
    let own = stability(&found.stability);
    let since = if own == model::Stability::default() { stability(of_item) } else { own };
    Some(Interface {
        key: key_,
        side,
        implements,
        import_module: resolve.name_world_key(key),
        docs: text,
        stability: since,
        span: known(found.span, *span),
        defs: Vec::new(),
        functions: Vec::new(),
        types_only: side == Side::Import && types_only(resolve, found),
    })
}

/// Whether nothing of an interface can be called: a resource has at least its destructor.
fn types_only(resolve: &Resolve, interface: &wit_parser::Interface) -> bool {
    let resource = |id: &TypeId| matches!(resolve.types[*id].kind, TypeDefKind::Resource);
    interface.functions.is_empty() && !interface.types.values().any(resource)
}

/// The first of two places that is one.
fn known(span: Span, otherwise: Span) -> Span {
    if span.is_known() { span } else { otherwise }
}
