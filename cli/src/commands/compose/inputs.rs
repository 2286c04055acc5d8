//! What `joggle compose` is given: files, `NAME=PATH`, or a manifest.

use std::path::{Path, PathBuf};

use joggle_compose::manifest::{self, Manifest, Places};
use joggle_compose::{Input, Request, names_of};
use joggle_load::{Binary, Kind, LoadError};

use super::Failure;
use crate::commands::stdin;
use crate::exit::Outcome;

/// The manifest is not text that can be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot read `{path}`: {reason}")]
#[diagnostic(code("cli::manifest-unreadable"), help("check the path; a manifest is a text file"))]
struct ManifestUnreadable {
    path: String,
    reason: String,
}

/// A manifest and something else are given.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{path}` is not the only input")]
#[diagnostic(
    code("cli::manifest-not-alone"),
    help("a manifest says what is composed: add the others under [inputs] there")
)]
struct ManifestNotAlone {
    path: String,
}

/// A path, with a name if it was given one.
struct Given {
    name: Option<String>,
    path: PathBuf,
}

/// What the arguments name.
pub struct Loaded {
    /// What is to be composed.
    pub request: Request,
    /// Where its inputs lie, in their order.
    pub paths: Vec<String>,
    /// Where a manifest wants the result.
    pub output: Option<PathBuf>,
    /// Where a manifest uses names that only the inputs can settle.
    pub places: Option<Places>,
}

/// Loads what the arguments name; also says where a manifest wants the result.
pub fn request(arguments: &[String]) -> Result<Loaded, Failure> {
    if let ([_, _, ..], Some(manifest)) = (arguments, arguments.iter().find(|a| is_manifest(a))) {
        return Err(Failure::unknown(ManifestNotAlone { path: manifest.clone() }));
    }
    let (manifest, folder) = match arguments {
        [only] if is_manifest(only) => read_manifest(Path::new(only))?,
        _ => (Manifest::default(), PathBuf::new()),
    };
    let given: Vec<Given> = if manifest.inputs.is_empty() {
        arguments.iter().filter(|a| !is_manifest(a)).map(|a| given(a)).collect()
    } else {
        let named = manifest.inputs.iter();
        named
            .map(|(name, path)| Given { name: Some(name.clone()), path: beside(&folder, path) })
            .collect()
    };
    let paths = given.iter().map(|given| given.path.as_path());
    stdin::at_most_once(paths).map_err(Failure::unknown)?;
    let paths = given.iter().map(|given| given.path.display().to_string()).collect();
    let inputs = load(given)?;
    let output = manifest.output.map(|output| beside(&folder, &output));
    let (instances, options) = (manifest.instances, manifest.options);
    let request = Request { inputs, instances, options };
    Ok(Loaded { request, paths, output, places: manifest.places })
}

/// A path of a manifest, as seen from here; `-` is a standard stream everywhere.
fn beside(folder: &Path, path: &str) -> PathBuf {
    if path == "-" { PathBuf::from(path) } else { folder.join(path) }
}

fn is_manifest(argument: &str) -> bool {
    Path::new(argument).extension().is_some_and(|extension| extension == "toml")
}

fn read_manifest(path: &Path) -> Result<(Manifest, PathBuf), Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let reason = crate::output::plain(&error);
        Failure::unknown(ManifestUnreadable { path: shown.clone(), reason })
    })?;
    let manifest = manifest::parse(&shown, &text).map_err(Failure::all_unknown)?;
    Ok((manifest, path.parent().map(Path::to_owned).unwrap_or_default()))
}

/// `NAME=PATH`, or a path. A file whose own name holds a `=` is taken as that file.
fn given(argument: &str) -> Given {
    let named = argument.split_once('=').filter(|(name, path)| {
        !name.is_empty()
            && !path.is_empty()
            && !name.contains(['/', ':'])
            && !Path::new(argument).exists()
    });
    match named {
        Some((name, path)) => Given { name: Some(name.to_owned()), path: path.into() },
        None => Given { name: None, path: argument.into() },
    }
}

fn load(given: Vec<Given>) -> Result<Vec<Input>, Failure> {
    let unnamed: Vec<&Path> =
        given.iter().filter(|g| g.name.is_none()).map(|g| g.path.as_path()).collect();
    let mut names = names_of(&unnamed).into_iter();
    let mut inputs = Vec::new();
    let mut failures: Vec<LoadError> = Vec::new();
    for Given { name, path } in given {
        let name = name.or_else(|| names.next()).unwrap_or_default();
        match joggle_load::component(&path) {
            Ok(Binary { name: shown, file_name, bytes, .. }) => {
                inputs.push(Input { name, file_name, shown, bytes });
            }
            Err(error) => failures.push(error),
        }
    }
    if failures.is_empty() {
        return Ok(inputs);
    }
    let unreadable = failures.iter().any(|error| match error.kind() {
        Kind::Missing | Kind::Unreadable | Kind::Corrupt | Kind::Invalid => true,
        Kind::WrongKind => false,
    });
    let outcome = if unreadable { Outcome::Unknown } else { Outcome::No };
    let boxed = |e| Box::new(e) as Box<dyn miette::Diagnostic>;
    Err(Failure { outcome, problems: failures.into_iter().map(boxed).collect() })
}
