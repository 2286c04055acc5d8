//! One difference between two ends, as data and as a sentence.
//!
//! What it means for a version number is left to `diff`.

use serde::Serialize;

use crate::path::Path;
use crate::place::Place;

/// One difference between what is wanted and what is given.
///
/// On an edge the consumer wants and the provider gives; in a diff the old
/// version wants and the new one gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The first place where the difference shows.
    pub path: Path,
    /// What differs.
    #[serde(flatten)]
    pub kind: ChangeKind,
    /// Which side of a guest the interface is on.
    pub variance: Variance,
    /// The declaration on the side that wants, to put a label under.
    pub wanted: Option<Place>,
    /// The declaration on the side that gives, to put a label under.
    pub given: Option<Place>,
    /// The named type whose part this is, if the path ends inside one.
    pub within: Option<Within>,
    /// Other functions that reach the same difference, in order of declaration.
    pub also: Vec<String>,
}

/// The named type that a difference lies in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Within {
    /// The type with its kind: `record image`.
    pub name: String,
    /// How many steps of the path lead to that type.
    pub depth: usize,
}

/// Which side of a guest an interface is on, and so who may have more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variance {
    /// The guest calls it: whoever gives may have more. Every edge is of this kind.
    Import,
    /// The guest implements it: the new version may want less.
    Export,
}

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A function, also of a resource.
    Function,
    /// A named value type.
    Type,
    /// A resource type.
    Resource,
    /// An interface in a world.
    Interface,
}

/// What a named type is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// A field of a record.
    Field,
    /// A case of a variant or an enum.
    Case,
    /// A flag.
    Flag,
}

/// The kind of a function, apart from its resource and from being async.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A plain function.
    Freestanding,
    /// Called on a borrowed resource.
    Method,
    /// Belongs to a resource, called without one.
    Static,
    /// Makes a resource.
    Constructor,
    /// Reads a property, of an interface or a borrowed resource.
    Getter,
    /// Writes a property, of an interface or a borrowed resource.
    Setter,
    /// Reads a property of the resource type itself.
    StaticGetter,
    /// Writes a property of the resource type itself.
    StaticSetter,
}

/// What differs. Types are spelled as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Wanted and not there.
    Missing {
        /// What kind of thing it is.
        item: ItemKind,
        /// Its name.
        name: String,
        /// A name over there that may be meant.
        instead: Option<String>,
    },
    /// There and not wanted.
    Added {
        /// What kind of thing it is.
        item: ItemKind,
        /// Its name.
        name: String,
    },
    /// One name stands for two kinds of thing.
    ItemKind {
        /// The name.
        name: String,
        /// What it is where it is wanted.
        #[serde(rename = "wanted-kind")]
        wanted: ItemKind,
        /// What it is where it is given.
        #[serde(rename = "given-kind")]
        given: ItemKind,
    },
    /// The same interface in another version: of the same track, or of the
    /// package that is compared with itself. Fits as far as types go.
    Version {
        /// The full name that is wanted.
        #[serde(rename = "wanted-name")]
        wanted: String,
        /// The full name that is given.
        #[serde(rename = "given-name")]
        given: String,
        /// Whether the versions promise to be compatible.
        #[serde(rename = "same-track")]
        same_track: bool,
    },
    /// A function of the same name, but called in another way.
    FunctionKind {
        /// How the wanted one is called.
        #[serde(rename = "wanted-shape")]
        wanted: Shape,
        /// How the given one is called.
        #[serde(rename = "given-shape")]
        given: Shape,
    },
    /// One function is async and the other is not.
    Async {
        /// Whether the given one is the async one.
        became_async: bool,
    },
    /// Another number of parameters.
    ParameterCount {
        /// Names of the wanted parameters.
        #[serde(rename = "wanted-names")]
        wanted: Vec<String>,
        /// Names of the given parameters.
        #[serde(rename = "given-names")]
        given: Vec<String>,
    },
    /// The same parameters in another order.
    ParametersReordered {
        /// Names of the wanted parameters.
        #[serde(rename = "wanted-names")]
        wanted: Vec<String>,
        /// Names of the given parameters.
        #[serde(rename = "given-names")]
        given: Vec<String>,
    },
    /// A parameter of another name in the same place.
    ParameterRenamed {
        /// The wanted name.
        #[serde(rename = "wanted-name")]
        wanted: String,
        /// The given name.
        #[serde(rename = "given-name")]
        given: String,
    },
    /// Only one of the two functions has a result.
    Result {
        /// The wanted result type.
        #[serde(rename = "wanted-type")]
        wanted: Option<String>,
        /// The given result type.
        #[serde(rename = "given-type")]
        given: Option<String>,
    },
    /// A part of a named type: a field, a case or a flag.
    Part {
        /// The type: `enum image-format`.
        of: String,
        /// What kind of part it is.
        part: PartKind,
        /// What differs about it.
        #[serde(flatten)]
        change: PartChange,
    },
    /// Two types of different structure.
    Type {
        /// The wanted type.
        #[serde(rename = "wanted-type")]
        wanted: String,
        /// The given type.
        #[serde(rename = "given-type")]
        given: String,
    },
    /// Owned here, borrowed there.
    Handle {
        /// The wanted handle.
        #[serde(rename = "wanted-type")]
        wanted: String,
        /// The given handle.
        #[serde(rename = "given-type")]
        given: String,
    },
    /// A resource here, a value type there.
    ResourceOrValue {
        /// The wanted type.
        #[serde(rename = "wanted-type")]
        wanted: String,
        /// The given type.
        #[serde(rename = "given-type")]
        given: String,
    },
    /// Two resources of one name that different interfaces own.
    ResourceOwner {
        /// The resource.
        resource: String,
        /// The interface or world that owns the wanted one.
        #[serde(rename = "wanted-owner")]
        wanted: String,
        /// The interface or world that owns the given one.
        #[serde(rename = "given-owner")]
        given: String,
    },
    /// The given interface passes on another one's resource where it should
    /// have one of its own. That fits; whoever shares it should know.
    ResourceMoved {
        /// The resource.
        resource: String,
        /// The interface or world that now owns it.
        #[serde(rename = "given-owner")]
        given: String,
    },
    /// Types nested too deeply to be compared.
    TooDeep,
}

/// What differs about the parts of a named type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum PartChange {
    /// Wanted and not there.
    Missing {
        /// Its name.
        name: String,
    },
    /// There and not wanted.
    Added {
        /// Its name.
        name: String,
    },
    /// Another name in the same place.
    Renamed {
        /// The wanted name.
        #[serde(rename = "wanted-name")]
        wanted: String,
        /// The given name.
        #[serde(rename = "given-name")]
        given: String,
    },
    /// Another order of the parts that both have.
    Reordered {
        /// The wanted order.
        #[serde(rename = "wanted-names")]
        wanted: Vec<String>,
        /// The given order.
        #[serde(rename = "given-names")]
        given: Vec<String>,
    },
    /// Only one of two cases carries a payload.
    Payload {
        /// The case.
        name: String,
        /// The wanted payload type.
        #[serde(rename = "wanted-type")]
        wanted: Option<String>,
        /// The given payload type.
        #[serde(rename = "given-type")]
        given: Option<String>,
    },
}

/// What a change does to those who rely on an item staying as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Matters only where the item is called.
    Less,
    /// Matters only where the item must be implemented.
    More,
    /// Matters on both sides.
    Other,
    /// Fits anyway.
    None,
}

impl ChangeKind {
    fn effect(&self) -> Effect {
        match self {
            ChangeKind::Missing { .. } => Effect::Less,
            ChangeKind::Added { .. } => Effect::More,
            ChangeKind::Version { .. } | ChangeKind::ResourceMoved { .. } => Effect::None,
            ChangeKind::ItemKind { .. }
            | ChangeKind::FunctionKind { .. }
            | ChangeKind::Async { .. }
            | ChangeKind::ParameterCount { .. }
            | ChangeKind::ParametersReordered { .. }
            | ChangeKind::ParameterRenamed { .. }
            | ChangeKind::Result { .. }
            | ChangeKind::Part { .. }
            | ChangeKind::Type { .. }
            | ChangeKind::Handle { .. }
            | ChangeKind::ResourceOrValue { .. }
            | ChangeKind::ResourceOwner { .. }
            | ChangeKind::TooDeep => Effect::Other,
        }
    }
}

impl Change {
    /// Whether the edge does not fit, or an old guest does not fit the new contract.
    ///
    /// This is the relation of wasmparser, which composition must satisfy:
    /// everything is exact, but whoever gives may give more. Versions do not
    /// count: see [`ChangeKind::Version`].
    #[must_use]
    pub fn breaks(&self) -> bool {
        match self.kind.effect() {
            Effect::Less => self.variance == Variance::Import,
            Effect::More => self.variance == Variance::Export,
            Effect::Other => true,
            Effect::None => false,
        }
    }

    /// Whether an old host does not fit guests of the new contract.
    #[must_use]
    pub fn breaks_host(&self) -> bool {
        match self.kind.effect() {
            Effect::Less => self.variance == Variance::Export,
            Effect::More => self.variance == Variance::Import,
            Effect::Other => true,
            Effect::None => false,
        }
    }
}
