//! Where in an interface something is: `process.resize(img: image).format`.

use std::fmt;

use serde::{Serialize, Serializer};

/// The way from an interface or world down to a part of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An interface by its short name, or a world.
    Root(String),
    /// A function as people call it: `resize`, `image.width`.
    Function(String),
    /// A parameter, with its type as text.
    Parameter {
        /// The parameter's name.
        name: String,
        /// Its type, as [`crate::spell`] writes it.
        ty: String,
    },
    /// The result of a function.
    Result,
    /// A named type that was not reached through a function.
    Type(String),
    /// A field of a record.
    Field(String),
    /// The payload of a variant's case.
    Case(String),
    /// The element of a list, of fixed length or not.
    Element,
    /// An element of a tuple, counted from 0.
    Item(usize),
    /// The payload of an option.
    Some,
    /// The payload of a result's `ok`.
    Ok,
    /// The payload of a result's `err`.
    Err,
    /// The key of a map.
    Key,
    /// The value of a map.
    Value,
    /// What a stream carries.
    Stream,
    /// What a future carries.
    Future,
}

impl Path {
    /// The steps as text, from the start up to `depth` steps.
    pub(crate) fn shown(&self, depth: usize) -> String {
        let text: String = self.0.iter().take(depth).map(Step::to_string).collect();
        // The root has no name when two functions are compared by themselves.
        text.trim_start_matches(['.', ' ']).to_owned()
    }

    /// The steps behind the first `depth` as text.
    pub(crate) fn rest(&self, depth: usize) -> String {
        self.0.iter().skip(depth).map(Step::to_string).collect()
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Root(name) => f.write_str(name),
            Step::Function(name) | Step::Type(name) | Step::Field(name) => write!(f, ".{name}"),
            Step::Parameter { name, ty } => write!(f, "({name}: {ty})"),
            Step::Result => f.write_str(" -> result"),
            Step::Case(name) => write!(f, ".case({name})"),
            Step::Element => f.write_str("[]"),
            Step::Item(index) => write!(f, ".{index}"),
            Step::Some => f.write_str(".some"),
            Step::Ok => f.write_str(".ok"),
            Step::Err => f.write_str(".err"),
            Step::Key => f.write_str("[key]"),
            Step::Value => f.write_str("[value]"),
            Step::Stream => f.write_str(".stream"),
            Step::Future => f.write_str(".future"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(self.0.len()))
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
