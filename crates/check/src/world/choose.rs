//! From a name to a [`World`]: of WIT, of a component, or of the bundled WASI
//! packages. Versions may be partial, `@0.2` or none; the newest is taken.

use joggle_diag::{closest, quoted_list};
use joggle_load::{Artifact, Binary, Wit, bundled_package, bundled_packages};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{Package, PackageId, Resolve, WorldId};

use crate::world::{Nature, World, WorldError};

/// `ns:pkg/world@version`, taken apart.
struct FullName<'a> {
    package: &'a str,
    world: &'a str,
    /// As it was written; perhaps only the beginning of a version.
    version: Option<&'a str>,
}

impl<'a> FullName<'a> {
    fn parse(name: &'a str) -> Option<FullName<'a>> {
        let (package, rest) = name.split_once('/')?;
        let (world, version) = match rest.split_once('@') {
            Some((world, version)) => (world, Some(version)),
            None => (rest, None),
        };
        (package.contains(':') && !world.is_empty()).then_some(FullName { package, world, version })
    }
}

impl World {
    /// A world of a bundled WASI package by its full name: `wasi:cli/command@0.2`.
    pub fn bundled(name: &str) -> Result<World, WorldError> {
        let Some(full) = FullName::parse(name) else {
            return Err(WorldError::WithoutPackage { name: name.to_owned() });
        };
        let known: Vec<(String, &str)> = bundled_packages().collect();
        let versions = known.iter().filter(|(package, _)| package == full.package);
        let versions: Vec<&str> = versions.map(|(_, version)| *version).collect();
        if versions.is_empty() {
            return Err(unknown_package(full.package, known.iter().map(|(name, _)| name.as_str())));
        }
        let version = choose_version(&full, &versions)?;
        match bundled_package(full.package, &version) {
            Some(wit) => of_package(&wit, wit.package, full.world),
            None => Err(unknown_version(&full, &versions)),
        }
    }

    /// The world of an input: of WIT by its name, short or full, or the only one
    /// there is; of a component the one that it has.
    pub fn of(artifact: &Artifact, name: Option<&str>) -> Result<World, WorldError> {
        match (artifact, name) {
            (Artifact::Wit(wit), Some(name)) => of_wit(wit, name),
            (Artifact::Wit(wit), None) => only_world(wit),
            (Artifact::Component(binary), None) => World::of_component(binary),
            (Artifact::Component(binary), Some(name)) => {
                Err(WorldError::OneWorld { component: binary.name.clone(), name: name.to_owned() })
            }
            (Artifact::Module(binary), _) => {
                Err(WorldError::NotAComponent { module: binary.name.clone() })
            }
        }
    }

    /// What is compared with a world: the outside of a component, or the world
    /// of WIT that has only one.
    pub fn of_subject(artifact: &Artifact) -> Result<World, WorldError> {
        match World::of(artifact, None) {
            Err(WorldError::WhichWorld { package, worlds, .. }) => Err(WorldError::NotOneWorld {
                input: package,
                worlds: format!("the worlds {worlds}"),
            }),
            Err(WorldError::NoWorld { package }) => {
                Err(WorldError::NotOneWorld { input: package, worlds: "no world".to_owned() })
            }
            other => other,
        }
    }

    /// What a component imports and exports.
    pub fn of_component(binary: &Binary) -> Result<World, WorldError> {
        match joggle_load::decode(&binary.bytes) {
            Some(DecodedWasm::Component(resolve, world)) => {
                let text_name = format!("{} (as WIT)", binary.name);
                Ok(World::new(binary.name.clone(), text_name, Nature::Component, (resolve, world)))
            }
            Some(DecodedWasm::WitPackage(..)) | None => {
                Err(WorldError::NoWit { component: binary.name.clone() })
            }
        }
    }
}

fn of_wit(wit: &Wit, name: &str) -> Result<World, WorldError> {
    let Some(full) = FullName::parse(name) else {
        return of_package(wit, wit.package, name);
    };
    let packages: Vec<(PackageId, &Package)> = wit
        .resolve
        .packages
        .iter()
        .filter(|(_, p)| format!("{}:{}", p.name.namespace, p.name.name) == full.package)
        .collect();
    let version_of = |package: &Package| package.name.version.as_ref().map(ToString::to_string);
    let versions: Vec<String> = packages.iter().filter_map(|(_, p)| version_of(p)).collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let found = match (packages.as_slice(), full.version) {
        // WASI is at hand even where the input does not use it.
        ([], _) => return elsewhere(wit, name, full.package),
        ([(id, package)], None) if package.name.version.is_none() => Some(*id),
        _ => {
            let version = choose_version(&full, &versions)?;
            let mut packages = packages.iter();
            packages.find(|(_, p)| version_of(p).as_ref() == Some(&version)).map(|(id, _)| *id)
        }
    };
    match found {
        Some(id) => of_package(wit, id, full.world),
        None => Err(unknown_version(&full, &versions)),
    }
}

fn elsewhere(wit: &Wit, name: &str, package: &str) -> Result<World, WorldError> {
    if bundled_packages().any(|(bundled, _)| bundled == package) {
        return World::bundled(name);
    }
    let known = wit.resolve.packages.iter();
    let known = known.map(|(_, p)| format!("{}:{}", p.name.namespace, p.name.name));
    let known: Vec<String> = known.collect();
    Err(unknown_package(package, known.iter().map(String::as_str)))
}

/// A world of one package, by its short name.
fn of_package(wit: &Wit, id: PackageId, name: &str) -> Result<World, WorldError> {
    let package = &wit.resolve.packages[id];
    if let Some(world) = package.worlds.get(name) {
        return Ok(of_model(wit, *world));
    }
    let worlds: Vec<&str> = package.worlds.keys().map(String::as_str).collect();
    let list = match worlds.as_slice() {
        [] => format!("`{}` has no world; name another package", package.name),
        [world] => format!("the world of `{}` is `{world}`", package.name),
        worlds => {
            format!("the worlds of `{}` are {}", package.name, quoted_list(worlds.iter().copied()))
        }
    };
    if package.interfaces.contains_key(name) {
        let name = wit.resolve.id_of_name(id, name);
        return Err(WorldError::InterfaceGiven { name, help: list });
    }
    let help = match closest(name, worlds.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => list,
    };
    let package = package.name.to_string();
    Err(WorldError::NoSuchWorld { package, name: name.to_owned(), help })
}

fn only_world(wit: &Wit) -> Result<World, WorldError> {
    let package = &wit.resolve.packages[wit.package];
    let names: Vec<&str> = package.worlds.keys().map(String::as_str).collect();
    match (names.as_slice(), package.worlds.values().next()) {
        ([_], Some(world)) => Ok(of_model(wit, *world)),
        ([first, ..], Some(_)) => Err(WorldError::WhichWorld {
            package: wit.name.clone(),
            worlds: quoted_list(names.iter().copied()),
            first: (*first).to_owned(),
        }),
        _ => Err(WorldError::NoWorld { package: wit.name.clone() }),
    }
}

fn of_model(wit: &Wit, id: WorldId) -> World {
    let shown = full_name(&wit.resolve, id);
    // A bundled package says already where it is from.
    let text_name =
        if wit.name.ends_with(')') { wit.name.clone() } else { format!("{} (printed)", wit.name) };
    World::new(shown, text_name, Nature::Wit, (wit.resolve.clone(), id))
}

fn full_name(resolve: &Resolve, id: WorldId) -> String {
    let world = &resolve.worlds[id];
    match world.package {
        Some(package) => resolve.id_of_name(package, &world.name),
        None => world.name.clone(),
    }
}

/// The newest version that begins as it was asked for.
///
/// A version in full is that one only; without any, all must be on one track.
fn choose_version(full: &FullName<'_>, versions: &[&str]) -> Result<String, WorldError> {
    let mut known: Vec<semver::Version> =
        versions.iter().filter_map(|version| version.parse().ok()).collect();
    known.sort();
    let chosen = match full.version {
        None => {
            let mut tracks: Vec<_> = known.iter().map(joggle_relate::name::track).collect();
            tracks.dedup();
            (tracks.len() == 1).then(|| known.last()).flatten()
        }
        Some(wanted) => known.iter().rev().find(|version| {
            let text = version.to_string();
            // `0.2` is the beginning of `0.2.12`, and not of `0.20.1`.
            let partial = wanted.split('.').count() < 3 && version.pre.is_empty();
            text == wanted || (partial && text.starts_with(&format!("{wanted}.")))
        }),
    };
    chosen.map(ToString::to_string).ok_or_else(|| unknown_version(full, versions))
}

/// No version, or not the one that was asked for, can be chosen.
fn unknown_version(full: &FullName<'_>, versions: &[&str]) -> WorldError {
    let (package, world) = (full.package, full.world);
    let name = format!("{package}/{world}");
    let Some(last) = versions.last() else {
        let help = format!("it has no version here: --world {name}");
        let version = full.version.unwrap_or_default().to_owned();
        return WorldError::UnknownVersion { package: package.to_owned(), version, help };
    };
    let track_of = |version: &str| version.parse().ok().map(|v| joggle_relate::name::track(&v));
    let Some(wanted) = full.version else {
        let track = track_of(last).map(|track| track.to_string()).unwrap_or_default();
        return WorldError::WhichVersion { name, versions: versions.join(" and "), track };
    };
    // Another version of the track is as good for a linker.
    let same = versions.iter().find(|version| track_of(wanted) == track_of(version));
    let help = match same {
        Some(same) => format!("{same} is compatible with it: --world {name}@{same}"),
        None if versions.len() == 1 => format!("there is {last}: --world {name}@{last}"),
        None => format!("there are {}: --world {name}@{last}", versions.join(" and ")),
    };
    let (package, version) = (package.to_owned(), wanted.to_owned());
    WorldError::UnknownVersion { package, version, help }
}

fn unknown_package<'a>(package: &str, known: impl Iterator<Item = &'a str>) -> WorldError {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let help = match closest(package, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give the WIT that has it, with its `deps`: --wit wit/".to_owned(),
    };
    WorldError::UnknownPackage { package: package.to_owned(), help }
}
