//! Where the instances and functions that a component works with come from,
//! and what they are called there.

use std::collections::BTreeMap;

/// An instance or function of a component.
#[derive(Clone, Debug)]
pub(crate) struct Provided {
    /// The interface, or `interface#function`; empty for what has no name.
    pub name: String,
    pub origin: Origin,
}

/// Who provides something.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The host.
    Host,
    /// An instance in the file, by its name.
    Component(String),
    /// The component itself.
    Own,
    /// An instance that was put together from items.
    Several(BTreeMap<String, Provided>),
}

impl Provided {
    pub fn own() -> Provided {
        Provided { name: String::new(), origin: Origin::Own }
    }

    /// An instance that this one exports.
    pub fn instance(&self, name: &str) -> Provided {
        Provided { name: name.to_owned(), origin: self.item_origin(name) }
    }

    /// A function that this instance exports.
    pub fn function(&self, name: &str) -> Provided {
        let full =
            if self.name.is_empty() { name.to_owned() } else { format!("{}#{name}", self.name) };
        Provided { name: full, origin: self.item_origin(name) }
    }

    fn item_origin(&self, name: &str) -> Origin {
        match &self.origin {
            Origin::Several(items) => {
                items.get(name).map_or(Origin::Own, |item| item.origin.clone())
            }
            Origin::Host | Origin::Component(_) | Origin::Own => self.origin.clone(),
        }
    }
}
