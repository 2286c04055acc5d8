//! WIT paths: how a user names one item of a world, in `joggle.toml` and on the command line.
//!
//! ```text
//! path    = [ "import " | "export " ] target
//! target  = ns ":"                                    a namespace
//!         | ns ":" pkg [ "@" version ]                a package
//!         | interface                                 an interface
//!         | interface "#" item                        what stands in it
//!         | "#" item                                  what stands in the world itself
//! interface = ns ":" pkg "/" name [ "@" version ] | name
//! item    = [ kind ] name [ "." member ] [ "(" parameter ")" ]
//! kind    = "[constructor]" | "[get]" | "[set]"       needed only where names are the same
//! ```
//!
//! A member is the field of a record, the case of a variant or enum, the flag of flags, or a
//! function of a resource. What a path leaves out fits anything: the side, the version, and the
//! package of an interface. So `process#resize` is `resize` in every interface `process`.
//! Which items there are is left to the model.

use std::fmt;

use semver::Version;

use crate::model::{DefId, FunctionId, InterfaceId, Key, Owner, Package, Side, World};

/// The name of an item, or a pattern for several.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    side: Option<Side>,
    holder: Holder,
    member: Option<Member>,
}

/// What holds an item, or is named itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The world itself.
    World,
    /// All packages of a namespace.
    Namespace(String),
    /// A package.
    Package(Package),
    /// An interface; without a package it is one of the world's own, or of any package.
    Interface {
        /// The package that declares it.
        package: Option<Package>,
        /// Its name.
        name: String,
    },
}

/// An item of an interface or of a world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    kind: Option<Kind>,
    /// A type, a function, or the resource that has the function.
    name: String,
    /// What stands in the type.
    inner: Option<String>,
    parameter: Option<String>,
}

/// What tells functions of one name apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Constructor,
    Get,
    Set,
}

/// Text that is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct PathError {
    /// What is wrong, in one line.
    pub what: String,
    /// Offset in the text, in bytes.
    pub offset: usize,
    /// Length of what is wrong, in bytes.
    pub length: usize,
}

/// How paths are written, for whoever reports a [`PathError`].
pub const FORMS: &str = "write `ns:pkg/interface#item`, `interface#item`, or `#item` for an item of the world itself; \
     `#record.field`, `#resource.method` and `#function(parameter)` go deeper";

impl Path {
    /// A namespace of packages on one side of a world.
    #[must_use]
    pub fn namespace(side: Side, namespace: &str) -> Path {
        Path { side: Some(side), holder: Holder::Namespace(namespace.to_owned()), member: None }
    }

    /// A package on one side of a world.
    #[must_use]
    pub fn package(side: Side, package: &Package) -> Path {
        Path { side: Some(side), holder: Holder::Package(package.clone()), member: None }
    }

    /// An interface of a world.
    #[must_use]
    pub fn interface(world: &World, id: InterfaceId) -> Path {
        let interface = &world.interfaces[id];
        let holder = match &interface.key {
            Key::Id { package, name } => {
                Holder::Interface { package: Some(package.clone()), name: name.clone() }
            }
            Key::Inline(name) => Holder::Interface { package: None, name: name.clone() },
        };
        Path { side: Some(interface.side), holder, member: None }
    }

    /// A named type.
    #[must_use]
    pub fn def(world: &World, id: DefId) -> Path {
        let def = &world.defs[id];
        let path = match def.owner {
            Owner::Interface(interface) => Path::interface(world, interface),
            Owner::World => Path { side: None, holder: Holder::World, member: None },
        };
        Path { member: Some(Member::named(&def.name)), ..path }
    }

    /// A function.
    #[must_use]
    pub fn function(world: &World, id: FunctionId) -> Path {
        let function = &world.functions[id];
        let path = match function.interface {
            Some(interface) => Path::interface(world, interface),
            None => Path { side: Some(function.side), holder: Holder::World, member: None },
        };
        Path { member: Some(Member::of_binary(&function.wit_name)), ..path }
    }

    /// The field, case, flag or function `name` of this type.
    #[must_use]
    pub fn member(mut self, name: &str) -> Path {
        if let Some(member) = &mut self.member {
            member.inner = Some(name.to_owned());
        }
        self
    }

    /// The parameter `name` of this function.
    #[must_use]
    pub fn parameter(mut self, name: &str) -> Path {
        if let Some(member) = &mut self.member {
            member.parameter = Some(name.to_owned());
        }
        self
    }

    /// The side on which the item stands, if that is said.
    #[must_use]
    pub fn side(&self) -> Option<Side> {
        self.side
    }

    /// What holds the item.
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Whether this pattern fits `item`, which is the path of one item.
    #[must_use]
    pub fn covers(&self, item: &Path) -> bool {
        if self.side.is_some() && self.side != item.side {
            return false;
        }
        let holder = match (&self.holder, &item.holder) {
            (Holder::World, Holder::World) => true,
            (Holder::Namespace(a), Holder::Namespace(b)) => a == b,
            (Holder::Package(a), Holder::Package(b)) => same_package(a, b),
            (
                Holder::Interface { package, name },
                Holder::Interface { package: of, name: other },
            ) => {
                name == other
                    && package.as_ref().is_none_or(|package| {
                        of.as_ref().is_some_and(|of| same_package(package, of))
                    })
            }
            (
                Holder::World
                | Holder::Namespace(_)
                | Holder::Package(_)
                | Holder::Interface { .. },
                _,
            ) => false,
        };
        holder
            && match (&self.member, &item.member) {
                (None, None) => true,
                (Some(a), Some(b)) => a.covers(b),
                (None, Some(_)) | (Some(_), None) => false,
            }
    }

    /// The package, if it is said.
    fn package_said(&self) -> Option<&Package> {
        match &self.holder {
            Holder::World | Holder::Namespace(_) => None,
            Holder::Package(package) => Some(package),
            Holder::Interface { package, .. } => package.as_ref(),
        }
    }

    /// How much this pattern says; of two that fit, the one that says more counts.
    #[must_use]
    pub(super) fn precision(&self) -> u8 {
        let package = self.package_said();
        let version = package.is_some_and(|package| package.version.is_some());
        let kind = self.member.as_ref().is_some_and(|member| member.kind.is_some());
        u8::from(kind)
            + 2 * u8::from(package.is_some())
            + 4 * u8::from(version)
            + 8 * u8::from(self.side.is_some())
    }

    /// The path without what `pattern` leaves out, too: as whoever wrote that would write it.
    #[must_use]
    pub fn as_brief_as(&self, pattern: &Path) -> Path {
        let wanted = pattern.package_said();
        let mut brief = self.clone();
        if pattern.side.is_none() {
            brief.side = None;
        }
        match &mut brief.holder {
            Holder::World | Holder::Namespace(_) => {}
            Holder::Package(package) => {
                if wanted.is_none_or(|wanted| wanted.version.is_none()) {
                    package.version = None;
                }
            }
            Holder::Interface { package, .. } => match (wanted, package.as_mut()) {
                (None, _) => *package = None,
                (Some(wanted), Some(package)) if wanted.version.is_none() => package.version = None,
                (Some(_), _) => {}
            },
        }
        brief
    }

    /// The last name of the path; a pattern and an item that it covers agree in it.
    #[must_use]
    pub(super) fn leaf(&self) -> &str {
        match (&self.member, &self.holder) {
            (Some(member), _) => {
                let Member { name, inner, parameter, .. } = member;
                parameter.as_ref().or(inner.as_ref()).unwrap_or(name)
            }
            (None, Holder::World) => "",
            (None, Holder::Package(package)) => &package.name,
            (None, Holder::Namespace(name) | Holder::Interface { name, .. }) => name,
        }
    }

    /// Reads a path.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        let (side, start) = if text.starts_with("import ") {
            (Some(Side::Import), "import ".len())
        } else if text.starts_with("export ") {
            (Some(Side::Export), "export ".len())
        } else {
            (None, 0)
        };
        let mut parser = Parser { text, at: start };
        let holder = parser.holder()?;
        let member = parser.eat('#').then(|| parser.member()).transpose()?;
        if let Some(next) = parser.rest().chars().next() {
            let what = match (next, &member) {
                ('/' | '.', None) => "an item stands behind its interface and a `#`",
                (_, _) => "this is more than a path",
            };
            return Err(parser.error(what, text.len() - parser.at));
        }
        match (&holder, &member) {
            (Holder::World, None) => Err(parser.error("a path names something", 0)),
            (Holder::Namespace(_) | Holder::Package(_), Some(_)) => Err(PathError {
                what: "items stand in interfaces, and this is a package".to_owned(),
                offset: start,
                length: text.find('#').unwrap_or(text.len()) - start,
            }),
            (Holder::World, Some(_))
            | (Holder::Interface { .. }, _)
            | (Holder::Namespace(_) | Holder::Package(_), None) => {
                Ok(Path { side, holder, member })
            }
        }
    }
}

/// Whether a package, with or without a version, fits one of a world.
fn same_package(pattern: &Package, package: &Package) -> bool {
    pattern.namespace == package.namespace
        && pattern.name == package.name
        && (pattern.version.is_none() || pattern.version == package.version)
}

impl Member {
    fn named(name: &str) -> Member {
        Member { kind: None, name: name.to_owned(), inner: None, parameter: None }
    }

    /// Out of a name in a binary, such as `[method]file.read`.
    fn of_binary(name: &str) -> Member {
        let mut kind = None;
        let mut rest = name;
        while let Some((marker, behind)) =
            rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            kind = Kind::of(marker).or(kind);
            rest = behind;
        }
        let (name, inner) = match rest.split_once('.') {
            Some((resource, function)) => (resource, Some(function.to_owned())),
            None => (rest, None),
        };
        Member { kind, name: name.to_owned(), inner, parameter: None }
    }

    fn covers(&self, item: &Member) -> bool {
        // A constructor has the resource's name and nothing behind it, so it is never left out.
        let constructor = |kind: Option<Kind>| kind == Some(Kind::Constructor);
        let kind = self.kind == item.kind || self.kind.is_none() && !constructor(item.kind);
        kind && self.name == item.name
            && self.inner == item.inner
            && self.parameter == item.parameter
    }
}

impl Kind {
    fn of(marker: &str) -> Option<Kind> {
        match marker {
            "constructor" => Some(Kind::Constructor),
            "get" => Some(Kind::Get),
            "set" => Some(Kind::Set),
            _ => None,
        }
    }
}

/// A place in the text of a path.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error(&self, what: impl Into<String>, length: usize) -> PathError {
        PathError { what: what.into(), offset: self.at, length }
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn holder(&mut self) -> Result<Holder, PathError> {
        if self.rest().starts_with('#') {
            return Ok(Holder::World);
        }
        let first = self.label("an interface or a package")?;
        if !self.eat(':') {
            return Ok(Holder::Interface { package: None, name: first });
        }
        let namespace = first;
        if self.rest().is_empty() {
            return Ok(Holder::Namespace(namespace));
        }
        let package = self.label("a package")?;
        let interface = self.eat('/').then(|| self.label("an interface")).transpose()?;
        let version = self.eat('@').then(|| self.version()).transpose()?;
        let package = Package { namespace, name: package, version };
        Ok(match interface {
            Some(name) => Holder::Interface { package: Some(package), name },
            None => Holder::Package(package),
        })
    }

    fn member(&mut self) -> Result<Member, PathError> {
        let kind = self.kind()?;
        let name = self.label("an item")?;
        let inner = self.eat('.').then(|| self.label("a member")).transpose()?;
        let mut parameter = None;
        if self.eat('(') {
            parameter = Some(self.label("a parameter")?);
            if !self.eat(')') {
                return Err(self.error("a `)` is missing here", 0));
            }
        }
        Ok(Member { kind, name, inner, parameter })
    }

    /// Markers as in a binary; those that only say what the rest says, too, are passed over.
    fn kind(&mut self) -> Result<Option<Kind>, PathError> {
        let mut kind = None;
        while let Some((marker, _)) =
            self.rest().strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            let length = marker.len() + 2;
            kind = match (Kind::of(marker), marker) {
                (Some(found), _) => Some(found),
                (None, "method" | "static") => kind,
                (None, other) => {
                    let what = format!("`[{other}]` is no kind of function");
                    return Err(self.error(what, length));
                }
            };
            self.at += length;
        }
        Ok(kind)
    }

    fn label(&mut self, what: &str) -> Result<String, PathError> {
        let rest = self.rest();
        let length =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let label = &rest[..length];
        if label.is_empty() {
            let (found, length) = match rest.chars().next() {
                Some(character) => (format!("found `{character}`"), character.len_utf8()),
                None => ("the path ends".to_owned(), 0),
            };
            return Err(
                self.error(format!("the name of {what} should stand here, but {found}"), length)
            );
        }
        if wit_parser::validate_id(label).is_err() {
            let what =
                format!("`{label}` is no name in WIT: words of letters and digits, joined by `-`");
            return Err(self.error(what, length));
        }
        let label = label.to_owned();
        self.at += length;
        Ok(label)
    }

    fn version(&mut self) -> Result<Version, PathError> {
        let rest = self.rest();
        let length = rest.find('#').unwrap_or(rest.len());
        let version = Version::parse(&rest[..length]).map_err(|_| {
            self.error(
                format!("`{}` is no version; write it whole, as in `@0.2.0`", &rest[..length]),
                length,
            )
        })?;
        self.at += length;
        Ok(version)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.side {
            Some(Side::Import) => f.write_str("import ")?,
            Some(Side::Export) => f.write_str("export ")?,
            None => {}
        }
        write!(f, "{}", self.holder)?;
        match &self.member {
            Some(member) => write!(f, "#{member}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = |package: &Package| match &package.version {
            Some(version) => format!("@{version}"),
            None => String::new(),
        };
        match self {
            Holder::World => Ok(()),
            Holder::Namespace(namespace) => write!(f, "{namespace}:"),
            Holder::Package(package) => {
                write!(f, "{}:{}{}", package.namespace, package.name, version(package))
            }
            Holder::Interface { package: Some(package), name } => {
                let Package { namespace, name: of, .. } = package;
                write!(f, "{namespace}:{of}/{name}{}", version(package))
            }
            Holder::Interface { package: None, name } => f.write_str(name),
        }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Some(Kind::Constructor) => f.write_str("[constructor]")?,
            Some(Kind::Get) => f.write_str("[get]")?,
            Some(Kind::Set) => f.write_str("[set]")?,
            None => {}
        }
        f.write_str(&self.name)?;
        if let Some(inner) = &self.inner {
            write!(f, ".{inner}")?;
        }
        match &self.parameter {
            Some(parameter) => write!(f, "({parameter})"),
            None => Ok(()),
        }
    }
}
