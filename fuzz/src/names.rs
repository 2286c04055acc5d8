//! What users write about names: a `joggle.toml`, and paths of items. The bytes are such a file
//! as text, then a line `---`, then one path a line, each an item that is named in turn.

use std::collections::BTreeSet;

use joggle_bind::config::Config;
use joggle_bind::name::{Case, Name, NameError, NameMap, Names, Path, RUST, Renames, Scope};
use joggle_bind_rust::{ItemOptions, Options};

use crate::targets::show;

/// A file that is read can be used; names are identifiers, each is given once, and the same file
/// and the same items give the same names.
pub fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (config, items) = text.split_once("\n---\n").unwrap_or((text, ""));
    let mut errors = Vec::new();
    let config = Config::parse("joggle.toml", config, &[&RUST], &mut errors);
    config.options::<Options>(&RUST, &mut errors);
    config.items::<ItemOptions>(&RUST, &mut errors);
    errors.iter().for_each(show);
    let renames = config.renames(&RUST);
    let items: Vec<Path> = items.lines().filter_map(path).collect();
    match (declare(&items, renames.clone()), declare(&items, renames)) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (Err(first), Err(second)) => {
            first.iter().for_each(show);
            assert_eq!(format!("{first:?}"), format!("{second:?}"));
        }
        (first, second) => panic!("once {first:?}, once {second:?}"),
    }
}

/// A path is printed as text that says the same; what is none says where.
fn path(text: &str) -> Option<Path> {
    match Path::parse(text) {
        Ok(path) => {
            let printed = path.to_string();
            assert_eq!(Path::parse(&printed).as_ref(), Ok(&path), "{printed}");
            assert!(path.covers(&path), "{printed} does not fit itself");
            Some(path)
        }
        Err(error) => {
            let place = error.offset..error.offset + error.length;
            assert!(text.get(place).is_some(), "{error:?} of `{text}`");
            None
        }
    }
}

/// Names all items in two scopes that share a table.
fn declare(items: &[Path], renames: Renames) -> Result<NameMap, Vec<NameError>> {
    let mut names = Names::new(&RUST, renames);
    let mut types = Scope::root(&RUST);
    types.reserve(["Guest", "_rt"]);
    let mut values = types.beside().ignoring_case();
    let mut given = (BTreeSet::new(), BTreeSet::new());
    for item in items {
        let name = Name::new(&item.to_string());
        let ident = types.declare(&mut names, &name, Case::Pascal, item.clone());
        let guest = types.derived("Guest", &ident, "");
        let value = values.declare(&mut names, &name, Case::Snake, item.clone());
        given.0.extend([ident.to_string(), guest.to_string()]);
        given.1.insert(value.to_string().to_lowercase());
    }
    let map = names.finish()?;
    assert_eq!(given.0.len(), 2 * items.len(), "a type was named twice");
    assert_eq!(given.1.len(), items.len(), "a value was named twice");
    for name in given.0.iter().chain(&given.1) {
        assert!(RUST.accepts(RUST.unquote(name)), "`{name}` is no identifier");
    }
    Ok(map)
}
