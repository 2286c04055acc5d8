//! The WIT of WASI that comes with the program, and what is known about it:
//! which versions there are, where a type is defined, and what an interface of
//! 0.2 became in 0.3. Deciding which package an input needs is left to `wit`.

use std::sync::OnceLock;

use wit_parser::{PackageId, PackageName, Resolve, Type, TypeDefKind, UnresolvedPackageGroup};

use crate::artifact::Wit;
use crate::features::Features;

/// One bundled package.
#[derive(Debug)]
pub(crate) struct Bundled {
    /// The version of WASI, which is the version of each of its packages.
    pub version: &'static str,
    /// The name after `wasi:`.
    pub package: &'static str,
    /// The WIT.
    pub text: &'static str,
}

macro_rules! bundle {
    ($($version:literal: $($package:literal)*;)*) => {
        &[$($(Bundled {
            version: $version,
            package: $package,
            text: include_str!(concat!("../wit/", $version, "/", $package, "/", $package, ".wit")),
        },)*)*]
    };
}

/// Every bundled package, older versions first.
pub(crate) const BUNDLE: &[Bundled] = bundle! {
    "0.2.12": "cli" "clocks" "filesystem" "http" "io" "random" "sockets";
    "0.3.2": "cli" "clocks" "filesystem" "http" "random" "sockets";
};

/// What the interfaces of WASI 0.2 are called in 0.3, where the name changed.
///
/// `wasi:io` is gone: its streams and pollables are types of the language now.
const RENAMED: &[(&str, &str, &str)] = &[
    ("http", "outgoing-handler", "client"),
    ("http", "incoming-handler", "handler"),
    ("http", "proxy", "service"),
    ("clocks", "wall-clock", "system-clock"),
    ("sockets", "network", "types"),
    ("sockets", "instance-network", "types"),
    ("sockets", "tcp", "types"),
    ("sockets", "tcp-create-socket", "types"),
    ("sockets", "udp", "types"),
    ("sockets", "udp-create-socket", "types"),
];

impl Bundled {
    /// The name under which its text is shown.
    pub(crate) fn source_name(&self) -> String {
        format!("wasi:{}@{} (bundled)", self.package, self.version)
    }

    /// Its full name.
    #[cfg(test)]
    fn name(&self) -> String {
        format!("wasi:{}@{}", self.package, self.version)
    }

    /// Parses it; the bundle is tested, so nothing is left out in practice.
    pub(crate) fn parse(&self) -> Option<UnresolvedPackageGroup> {
        UnresolvedPackageGroup::parse(self.source_name(), self.text).ok()
    }

    /// The package in the resolved bundle.
    fn resolved(&self) -> Option<(&'static Resolve, PackageId)> {
        let resolve = resolved();
        let name = PackageName {
            namespace: "wasi".to_owned(),
            name: self.package.to_owned(),
            version: self.version.parse().ok(),
        };
        Some((resolve, *resolve.package_names.get(&name)?))
    }

    /// The interfaces, in the order of the file.
    pub(crate) fn interfaces(&self) -> Vec<&'static str> {
        self.resolved().map_or_else(Vec::new, |(resolve, id)| {
            resolve.packages[id].interfaces.keys().map(String::as_str).collect()
        })
    }

    /// The worlds, in the order of the file.
    pub(crate) fn worlds(&self) -> Vec<&'static str> {
        self.resolved().map_or_else(Vec::new, |(resolve, id)| {
            resolve.packages[id].worlds.keys().map(String::as_str).collect()
        })
    }

    /// The types that an interface defines or uses.
    pub(crate) fn types(&self, interface: &str) -> Vec<&'static str> {
        let find = || {
            let (resolve, id) = self.resolved()?;
            let id = *resolve.packages[id].interfaces.get(interface)?;
            Some(resolve.interfaces[id].types.keys().map(String::as_str).collect())
        };
        find().unwrap_or_default()
    }

    /// Whether an interface or a world has this name.
    pub(crate) fn has(&self, item: &str) -> bool {
        self.interfaces().contains(&item) || self.worlds().contains(&item)
    }
}

/// Name and version of every bundled package, as in `("wasi:cli", "0.2.12")`;
/// older versions come first.
pub fn bundled_packages() -> impl Iterator<Item = (String, &'static str)> {
    BUNDLE.iter().map(|bundled| (format!("wasi:{}", bundled.package), bundled.version))
}

/// A bundled package with everything that it needs, without what is not stable yet.
#[must_use]
pub fn bundled_package(name: &str, version: &str) -> Option<Wit> {
    let package = name.strip_prefix("wasi:")?;
    let bundled = versions("wasi", package).find(|bundled| bundled.version == version)?;
    crate::wit::load_text(&bundled.source_name(), bundled.text, &Features::default()).ok()
}

/// The text of a bundled package, by the name under which it is shown.
pub(crate) fn text_of(source_name: &str) -> Option<&'static str> {
    let bundled = source_name.strip_suffix(" (bundled)")?;
    let (name, version) = bundled.strip_prefix("wasi:")?.split_once('@')?;
    versions("wasi", name).find(|bundled| bundled.version == version).map(|b| b.text)
}

/// The bundled package of exactly this name and version.
pub(crate) fn exact(name: &PackageName) -> Option<&'static Bundled> {
    let version = name.version.as_ref()?.to_string();
    versions(&name.namespace, &name.name).find(|bundled| bundled.version == version)
}

/// All versions of a package, older ones first.
pub(crate) fn versions(namespace: &str, package: &str) -> impl Iterator<Item = &'static Bundled> {
    let found: Vec<_> =
        BUNDLE.iter().filter(|bundled| namespace == "wasi" && bundled.package == package).collect();
    found.into_iter()
}

/// What an interface or world of 0.2 is called in 0.3, if it is there.
pub(crate) fn successor(package: &str, item: &str) -> Option<(&'static Bundled, &'static str)> {
    let newest = versions("wasi", package).filter(|b| b.version.starts_with("0.3.")).last()?;
    let renamed =
        RENAMED.iter().find(|(p, old, _)| *p == package && *old == item).map(|(_, _, new)| *new);
    let name = renamed.unwrap_or(item);
    let known = newest.interfaces().into_iter().chain(newest.worlds()).find(|n| *n == name)?;
    Some((newest, known))
}

/// What an interface or world of 0.3 was called in 0.2, if it was there.
pub(crate) fn predecessor(package: &str, item: &str) -> Option<(&'static Bundled, &'static str)> {
    let older = versions("wasi", package).find(|b| b.version.starts_with("0.2."))?;
    let (_, old, _) = RENAMED.iter().find(|(p, _, new)| *p == package && *new == item)?;
    older.has(old).then_some((older, *old))
}

/// A type of the bundle.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The package.
    pub package: &'static Bundled,
    /// The interface that defines the type.
    pub interface: &'static str,
    /// The name of the type.
    pub name: &'static str,
}

/// The types of this name, newer versions of WASI first, and those with one word
/// more before it (`request`: `incoming-request`) where that is all there is.
pub(crate) fn types_named(name: &str) -> Vec<Place> {
    let suffix = format!("-{name}");
    let longer = |known: &str| {
        known.strip_suffix(&suffix).is_some_and(|word| !word.is_empty() && !word.contains('-'))
    };
    let mut versions: Vec<&str> = BUNDLE.iter().map(|b| b.version).collect();
    versions.dedup();
    let exact = places(&versions, |known| known == name);
    let mut found = Vec::new();
    for version in versions.into_iter().rev() {
        let before = found.len();
        found.extend(exact.iter().filter(|place| place.package.version == version).cloned());
        if found.len() == before {
            let same = |place: &Place| {
                exact.is_empty()
                    || exact.iter().any(|e| {
                        e.package.package == place.package.package && e.interface == place.interface
                    })
            };
            found.extend(places(&[version], longer).into_iter().filter(same));
        }
    }
    found
}

fn places(versions: &[&str], wanted: impl Fn(&str) -> bool) -> Vec<Place> {
    let mut found = Vec::new();
    for package in BUNDLE.iter().filter(|b| versions.contains(&b.version)) {
        let Some((resolve, id)) = package.resolved() else {
            continue;
        };
        for (interface, id) in &resolve.packages[id].interfaces {
            for (name, id) in &resolve.interfaces[*id].types {
                // A `use`d type is only an alias; the definition is elsewhere.
                let alias = matches!(resolve.types[*id].kind, TypeDefKind::Type(Type::Id(_)));
                if !alias && wanted(name) {
                    found.push(Place { package, interface, name });
                }
            }
        }
    }
    found
}

/// The whole bundle, resolved once and only when something went wrong.
fn resolved() -> &'static Resolve {
    static RESOLVED: OnceLock<Resolve> = OnceLock::new();
    RESOLVED.get_or_init(|| {
        let mut resolve = Resolve { all_features: true, ..Resolve::default() };
        let mut groups = BUNDLE.iter().filter_map(Bundled::parse);
        if let Some(main) = groups.next() {
            // A failure leaves what was pushed; a test watches that there is none.
            let _ = resolve.push_groups(main, groups.collect());
        }
        resolve
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_and_resolves() -> std::io::Result<()> {
        let mut on_disk = Vec::new();
        // Tests run in the folder of their crate.
        for version in std::fs::read_dir("wit")? {
            let version = version?;
            if version.file_type()?.is_dir() {
                for package in std::fs::read_dir(version.path())? {
                    on_disk.push(format!(
                        "wasi:{}@{}",
                        package?.file_name().to_string_lossy(),
                        version.file_name().to_string_lossy()
                    ));
                }
            }
        }
        on_disk.sort();
        let mut listed: Vec<String> = BUNDLE.iter().map(Bundled::name).collect();
        listed.sort();
        assert_eq!(on_disk, listed);
        let mut known: Vec<String> =
            resolved().package_names.keys().map(ToString::to_string).collect();
        known.sort();
        assert_eq!(known, listed);
        Ok(())
    }

    #[test]
    fn every_package_can_be_had_alone() {
        for (name, version) in bundled_packages() {
            let wit = bundled_package(&name, version).unwrap_or_else(|| panic!("{name}"));
            let package = &wit.resolve.packages[wit.package].name;
            assert_eq!(package.to_string(), format!("{name}@{version}"));
        }
        assert!(bundled_package("wasi:cli", "0.1.0").is_none());
    }

    #[test]
    fn renamed_interfaces_exist_on_both_sides() {
        for (package, old, new) in RENAMED {
            let (newest, name) = successor(package, old).unwrap_or_else(|| panic!("{old}"));
            assert_eq!((name, newest.version), (*new, "0.3.2"));
            assert!(versions("wasi", package).next().is_some_and(|b| b.has(old)), "{old}");
        }
        assert!(successor("http", "no-such").is_none());
        assert!(successor("io", "streams").is_none());
    }

    #[test]
    fn a_type_is_found_where_it_is_defined() {
        let show = |name| -> Vec<String> {
            types_named(name)
                .iter()
                .map(|p| format!("{} {} {}", p.package.name(), p.interface, p.name))
                .collect()
        };
        assert_eq!(
            show("request"),
            [
                "wasi:http@0.3.2 types request",
                "wasi:http@0.2.12 types incoming-request",
                "wasi:http@0.2.12 types outgoing-request",
            ]
        );
        assert_eq!(show("pollable"), ["wasi:io@0.2.12 poll pollable"]);
        assert!(show("go-business-logic").is_empty());
    }
}
