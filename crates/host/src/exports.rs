//! What of a component can be called: its exported functions, and finding one
//! by a name that need not be complete. Versions count by their track.

use std::sync::Arc;

use joggle_relate::name::{self, Track, Version};
use wasmtime::Engine;
use wasmtime::component::ResourceType;
use wasmtime::component::types::{Component, ComponentFunc, ComponentItem, Type};

use crate::signature;
use crate::value::resources::Resources;

/// An exported function.
#[derive(Clone)]
pub(crate) struct Callable {
    /// The interface that exports it; none for a function of the world.
    pub interface: Option<String>,
    /// Its name inside the interface, `[method]bucket.get` and the like included.
    pub name: String,
    pub ty: ComponentFunc,
    /// The names of the component's resources.
    pub resources: Arc<Resources>,
}

impl Callable {
    /// The full name, as `--invoke` takes it: `a:b/store#bucket.get`.
    pub(crate) fn label(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", plain(&self.name)),
            None => plain(&self.name).to_owned(),
        }
    }

    /// The full name with its parameters and result, as WIT writes them.
    pub(crate) fn signature(&self) -> String {
        format!("{}: {}", self.label(), signature::function(&self.ty, &self.resources))
    }

    /// A parameter's type as text.
    pub(crate) fn spelled(&self, ty: &Type) -> String {
        signature::value(ty, &self.resources)
    }

    /// Its name as a method of this resource; none if it is no method of it.
    pub(crate) fn method_of(&self, resource: ResourceType) -> Option<&str> {
        let (_, name) = self.name.strip_prefix(METHOD)?.split_once('.')?;
        let this = self.ty.params().next();
        matches!(this, Some((_, Type::Borrow(ty))) if ty == resource).then_some(name)
    }
}

const CONSTRUCTOR: &str = "[constructor]";
const METHOD: &str = "[method]";
const STATIC: &str = "[static]";

/// A function's name without the mark that says what kind it is.
pub(crate) fn plain(name: &str) -> &str {
    let marks = [CONSTRUCTOR, METHOD, STATIC];
    marks.iter().find_map(|mark| name.strip_prefix(mark)).unwrap_or(name)
}

/// All exported functions, in the order of the component.
pub(crate) fn callables(component: &Component, engine: &Engine) -> Vec<Callable> {
    let mut found = Vec::new();
    let resources = Arc::new(Resources::of(component, engine));
    for (export, item) in component.exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(ty) => {
                let resources = Arc::clone(&resources);
                let name = export.to_owned();
                found.push(Callable { interface: None, name, ty, resources });
            }
            ComponentItem::ComponentInstance(instance) => {
                for (name, inner) in instance.exports(engine) {
                    if let ComponentItem::ComponentFunc(ty) = inner.ty {
                        let interface = Some(export.to_owned());
                        let resources = Arc::clone(&resources);
                        found.push(Callable { interface, name: name.to_owned(), ty, resources });
                    }
                }
            }
            // Nothing that can be called from outside.
            ComponentItem::CoreFunc(_)
            | ComponentItem::Module(_)
            | ComponentItem::Component(_)
            | ComponentItem::Type(_)
            | ComponentItem::Resource(_) => {}
        }
    }
    found
}

/// The function that starts a command, of the newest WASI that it is exported for.
pub(crate) fn command_entry(callables: &[Callable]) -> Option<&Callable> {
    callables
        .iter()
        .filter(|c| {
            c.name == "run"
                && c.interface.as_deref().is_some_and(|i| unversioned(i) == "wasi:cli/run")
        })
        .max_by_key(|c| c.interface.as_deref().and_then(version))
}

/// Which functions a name may mean.
pub(crate) enum Found {
    One(Callable),
    /// The name fits several.
    Several(Vec<Callable>),
    Nothing,
}

/// Finds the function that `interface` and `name` mean. Without an interface it
/// is the world's function, or the only one of that name anywhere. A resource's
/// name means its constructor, and `bucket.get` its method or static function.
pub(crate) fn find(callables: &[Callable], interface: Option<&str>, name: &str) -> Found {
    let mut named: Vec<&Callable> = callables.iter().filter(|c| c.name == name).collect();
    if named.is_empty() {
        named = callables.iter().filter(|c| plain(&c.name) == name).collect();
    }
    let ways: [fn(&str, &str) -> bool; 3] = [same, same_track, same_last_word];
    match interface {
        None => {
            let of_the_world = |c: &&&Callable| c.interface.is_none();
            match named.iter().find(of_the_world) {
                Some(one) => Found::One((**one).clone()),
                None => settle(&named),
            }
        }
        Some(wanted) => ways
            .iter()
            .map(|way| {
                let fits = |c: &&&Callable| {
                    c.interface.as_deref().is_some_and(|exported| way(exported, wanted))
                };
                settle(&named.iter().filter(fits).copied().collect::<Vec<_>>())
            })
            .find(|found| !matches!(found, Found::Nothing))
            .unwrap_or(Found::Nothing),
    }
}

fn settle(candidates: &[&Callable]) -> Found {
    match candidates {
        [] => Found::Nothing,
        [one] => Found::One((*one).clone()),
        several => Found::Several(several.iter().map(|c| (*c).clone()).collect()),
    }
}

fn same(exported: &str, wanted: &str) -> bool {
    exported == wanted
}

/// `a:b/c@1.0.0`, `a:b/c@1` or `a:b/c` for `a:b/c@1.2.0`.
fn same_track(exported: &str, wanted: &str) -> bool {
    unversioned(exported) == unversioned(wanted) && fits_version(exported, wanted)
}

/// `c@1.0.0`, `c@1` or `c` for `a:b/c@1.2.0`.
fn same_last_word(exported: &str, wanted: &str) -> bool {
    unversioned(exported).rsplit('/').next() == Some(unversioned(wanted))
        && fits_version(exported, wanted)
}

fn fits_version(exported: &str, wanted: &str) -> bool {
    let Some((_, asked)) = wanted.split_once('@') else {
        return true;
    };
    track(exported).is_some_and(|t| t == asked || Some(t) == track(wanted))
}

/// An interface's name without its version.
pub(crate) fn unversioned(interface: &str) -> &str {
    interface.split('@').next().unwrap_or(interface)
}

fn version(interface: &str) -> Option<Version> {
    Version::parse(interface.split_once('@')?.1).ok()
}

/// The versions that are compatible with an interface's: `1`, `0.2`, `0.0.1`.
/// A pre-release is compatible with itself alone, so it has none.
pub(crate) fn track(interface: &str) -> Option<String> {
    match name::track(&version(interface)?) {
        Track::PreRelease(_) => None,
        track @ (Track::Major(_) | Track::Minor(_) | Track::Patch(_)) => Some(track.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_follow_semver() {
        assert_eq!(track("a:b/c@1.2.3").as_deref(), Some("1"));
        assert_eq!(track("a:b/c@0.2.6").as_deref(), Some("0.2"));
        assert_eq!(track("a:b/c@0.0.1").as_deref(), Some("0.0.1"));
        assert_eq!(track("a:b/c@0.3.0-rc-1"), None);
        assert_eq!(track("a:b/c"), None);
        assert_eq!(track("plain"), None);
    }

    #[test]
    fn interfaces_are_found_by_what_is_known_of_them() {
        assert!(same_track("a:b/c@1.4.0", "a:b/c@1.2.0"));
        assert!(!same_track("a:b/c@1.4.0", "a:b/c@2.0.0"));
        assert!(!same_track("a:b/c@1.0.0-rc", "a:b/c@1.0.0"));
        assert!(same_track("a:b/c@1.4.0", "a:b/c"));
        assert!(same_track("a:b/c@1.4.0", "a:b/c@1"));
        assert!(same_track("a:b/c@0.2.6", "a:b/c@0.2"));
        assert!(!same_track("a:b/c@1.4.0", "a:b/d"));
        assert!(!same_track("a:b/c@1.4.0", "c"));
        assert!(same_last_word("a:b/c@1.4.0", "c"));
        assert!(same_last_word("a:b/c@1.4.0", "c@1.0.0"));
        assert!(!same_last_word("a:b/c@1.4.0", "c@2"));
        assert!(!same_last_word("a:b/c@1.4.0", "b/c"));
    }
}
