//! From the name of a world to the world: `world`, `pkg/world` or
//! `ns:pkg/world@version`, or the only one there is.

use joggle_diag::{closest, quoted_list};
use joggle_load::Wit;
use wit_parser::{Package, PackageName, WorldId};

use crate::problem::Problem;

/// A name of a world, taken apart.
struct Wanted<'a> {
    namespace: Option<&'a str>,
    package: Option<&'a str>,
    world: &'a str,
    /// As it was written; perhaps only the beginning of a version.
    version: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn parse(name: &'a str) -> Wanted<'a> {
        let (package, rest) = match name.rsplit_once('/') {
            Some((package, rest)) => (Some(package), rest),
            None => (None, name),
        };
        let (world, version) = match rest.split_once('@') {
            Some((world, version)) => (world, Some(version)),
            None => (rest, None),
        };
        let (namespace, package) = match package.and_then(|package| package.split_once(':')) {
            Some((namespace, package)) => (Some(namespace), Some(package)),
            None => (None, package),
        };
        Wanted { namespace, package, world, version }
    }

    /// Whether the package may be the one that is meant.
    fn fits(&self, name: &PackageName) -> bool {
        let version = name.version.as_ref().map(ToString::to_string);
        self.namespace.is_none_or(|wanted| wanted == name.namespace)
            && self.package.is_none_or(|wanted| wanted == name.name)
            && self.version.is_none_or(|wanted| {
                version.is_some_and(|version| {
                    // `0.2` is the beginning of `0.2.12`, and not of `0.20.1`.
                    let rest = version.strip_prefix(wanted);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            })
    }
}

/// The world that is meant, or the only one of the package.
///
/// A name without a package is looked up in the package that was given, one with a package also
/// in those that it depends on; of several versions the newest is taken.
///
/// # Errors
///
/// [`Problem::NoWorld`], [`Problem::WhichWorld`] or [`Problem::UnknownWorld`].
pub fn select_world(wit: &Wit, name: Option<&str>) -> Result<WorldId, Problem> {
    let main = &wit.resolve.packages[wit.package];
    let Some(name) = name else {
        return only_world(wit, main);
    };
    let wanted = Wanted::parse(name);
    if wanted.fits(&main.name)
        && let Some(world) = main.worlds.get(wanted.world)
    {
        return Ok(*world);
    }
    let packages = wit.resolve.packages.iter().map(|(_, package)| package);
    let found = packages
        .filter(|package| wanted.package.is_some() && wanted.fits(&package.name))
        .filter_map(|package| Some((&package.name.version, package.worlds.get(wanted.world)?)))
        .max_by_key(|(version, _)| *version);
    match found {
        Some((_, world)) => Ok(*world),
        None => Err(unknown(wit, main, name, &wanted)),
    }
}

fn only_world(wit: &Wit, main: &Package) -> Result<WorldId, Problem> {
    let names = main.worlds.keys().map(String::as_str);
    let mut worlds = main.worlds.iter();
    match (worlds.next(), worlds.next()) {
        (None, _) => Err(Problem::NoWorld { input: wit.name.clone() }),
        (Some((_, world)), None) => Ok(*world),
        (Some((first, _)), Some(_)) => Err(Problem::WhichWorld {
            input: wit.name.clone(),
            worlds: quoted_list(names),
            first: first.clone(),
        }),
    }
}

/// Says which worlds there are: in the package that was meant, if it is there.
fn unknown(wit: &Wit, main: &Package, name: &str, wanted: &Wanted<'_>) -> Problem {
    let packages = || wit.resolve.packages.iter().map(|(_, package)| package);
    let meant = match wanted.package {
        None => Some(main),
        Some(_) => packages().rfind(|package| wanted.fits(&package.name)),
    };
    let Some(package) = meant else {
        let all = packages().flat_map(|package| {
            package.worlds.keys().map(|world| package.name.interface_id(world))
        });
        let all: Vec<String> = all.collect();
        return Problem::UnknownWorld {
            package: wit.name.clone(),
            name: name.to_owned(),
            help: instead(name, &all),
        };
    };
    let help = if package.interfaces.contains_key(wanted.world) {
        format!("`{0}` is an interface: write a world that imports or exports it", wanted.world)
    } else {
        instead(wanted.world, &package.worlds.keys().cloned().collect::<Vec<_>>())
    };
    Problem::UnknownWorld { package: package.name.to_string(), name: wanted.world.to_owned(), help }
}

/// What to write in place of a name that nothing has.
fn instead(name: &str, worlds: &[String]) -> String {
    let names = || worlds.iter().map(String::as_str);
    // A version that was left out is no part of the mistake.
    let short = names().filter_map(|world| Some(world.split_once('@')?.0));
    match closest(name, names().chain(short)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if worlds.is_empty() => "write one: `world my-world { … }`".to_owned(),
        None if worlds.len() == 1 => format!("there is {}", quoted_list(names())),
        None => format!("there are {}", quoted_list(names())),
    }
}
