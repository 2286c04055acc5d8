//! Names of components, modules and functions, out of name sections and
//! exports, in the form in which people know them. Only looked up for what a finding
//! is about. Lines of source are left to `dwarf`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use wasmparser::{
    Chunk, ComponentExternalKind, ComponentName, ComponentNameSectionReader, ExternalKind,
    KnownCustom, Name, Payload,
};

use super::outline::Entry;

/// Names are cut behind this many characters.
const LONGEST: usize = 200;

/// The names that a component gives.
#[derive(Default)]
pub(super) struct ComponentNames {
    /// To itself.
    pub own: Option<String>,
    /// To the core modules inside, by index.
    pub modules: BTreeMap<u32, String>,
    /// To the components inside, by index.
    pub components: BTreeMap<u32, String>,
}

impl ComponentNames {
    /// Reads the names that a component gives.
    pub fn of(bytes: &[u8], component: &Entry) -> ComponentNames {
        let mut names = ComponentNames::default();
        let mut exported = ComponentNames::default();
        payloads(bytes, component, |payload| match payload {
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(reader) = section.as_known() {
                    names.read(reader);
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.into_iter().map_while(Result::ok) {
                    let map = match export.kind {
                        ComponentExternalKind::Module => &mut exported.modules,
                        ComponentExternalKind::Component => &mut exported.components,
                        ComponentExternalKind::Func
                        | ComponentExternalKind::Value
                        | ComponentExternalKind::Type
                        | ComponentExternalKind::Instance => continue,
                    };
                    map.entry(export.index).or_insert_with(|| shown(export.name.name));
                }
            }
            _ => {}
        });
        for (index, name) in exported.modules {
            names.modules.entry(index).or_insert(name);
        }
        for (index, name) in exported.components {
            names.components.entry(index).or_insert(name);
        }
        names
    }

    fn read(&mut self, reader: ComponentNameSectionReader<'_>) {
        for part in reader.into_iter().map_while(Result::ok) {
            let (map, target) = match part {
                ComponentName::Component { name, .. } => {
                    self.own = named(name);
                    continue;
                }
                ComponentName::CoreModules(map) => (map, &mut self.modules),
                ComponentName::Components(map) => (map, &mut self.components),
                _ => continue,
            };
            let namings = map.into_iter().map_while(Result::ok);
            target.extend(namings.filter_map(|n| Some((n.index, named(n.name)?))));
        }
    }
}

/// What a core module says about itself.
#[derive(Default)]
pub(super) struct ModuleNames<'a> {
    /// Its name.
    pub own: Option<String>,
    /// The names of the functions that were asked for.
    pub functions: BTreeMap<u32, String>,
    /// Where the code section's contents begin: addresses in DWARF count from there.
    pub code: Option<u64>,
    /// The sections that hold DWARF.
    pub debug: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> ModuleNames<'a> {
    /// Reads what a module says about itself and about these functions.
    pub fn of(bytes: &'a [u8], module: &Entry, functions: &BTreeSet<u32>) -> ModuleNames<'a> {
        let mut names = ModuleNames::default();
        let mut exported = BTreeMap::new();
        payloads(bytes, module, |payload| match payload {
            Payload::ExportSection(section) => {
                for export in section.into_iter().map_while(Result::ok) {
                    if export.kind == ExternalKind::Func && functions.contains(&export.index) {
                        exported.entry(export.index).or_insert_with(|| shown(export.name));
                    }
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => {
                names.code = Some(unchecked_range.start);
            }
            Payload::CustomSection(section) if section.name().starts_with(".debug_") => {
                names.debug.insert(section.name(), section.data());
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(reader) = section.as_known() {
                    for part in reader.into_iter().map_while(Result::ok) {
                        names.read(part, functions);
                    }
                }
            }
            _ => {}
        });
        for (index, name) in exported {
            names.functions.entry(index).or_insert(name);
        }
        names
    }

    fn read(&mut self, part: Name<'_>, functions: &BTreeSet<u32>) {
        match part {
            Name::Module { name, .. } => self.own = named(name),
            Name::Function(map) => {
                for naming in map.into_iter().map_while(Result::ok) {
                    if functions.contains(&naming.index) {
                        let name = readable(naming.name);
                        self.functions.extend(name.map(|name| (naming.index, name)));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Shows each section of a component or module, without looking into others or into bodies.
fn payloads<'a>(bytes: &'a [u8], entry: &Entry, mut see: impl FnMut(Payload<'a>)) {
    let mut parser = entry.parser.clone();
    let mut position = entry.start;
    while let Some(rest) = bytes.get(position..entry.end) {
        let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(rest, true) else { return };
        position += consumed;
        let skipped = match &payload {
            Payload::ModuleSection { unchecked_range, .. }
            | Payload::ComponentSection { unchecked_range, .. } => {
                unchecked_range.end - unchecked_range.start
            }
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                u64::from(*size)
            }
            Payload::End(_) => return,
            _ => 0,
        };
        position = position.saturating_add(usize::try_from(skipped).unwrap_or(usize::MAX));
        see(payload);
    }
}

/// A name for people: no control characters, and not endless. None when it is empty.
fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| shown(name))
}

fn shown(name: &str) -> String {
    let mut text = String::new();
    for (count, character) in name.chars().enumerate() {
        if count == LONGEST {
            text.push('…');
            break;
        }
        if character.is_control() || character == '"' {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text
}

/// A function's name as it is in its source, if it is one of Rust or C++.
pub(super) fn readable(name: &str) -> Option<String> {
    let mut text = Short(String::new());
    // A name that is too long for the writer is an error there, and cut here.
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        let _ = write!(text, "{rust:#}");
    } else if name.starts_with("_Z")
        && let Ok(symbol) = cpp_demangle::Symbol::new(name)
    {
        let _ = symbol.structured_demangle(&mut text, &cpp_demangle::DemangleOptions::new());
    }
    named(if text.0.is_empty() { name } else { &text.0 })
}

/// Text that refuses to become long: a name can unfold to gigabytes.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() > 4 * LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_readable() {
        let cases = [
            ("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE", "core::fmt::Write::write_fmt"),
            ("_RNvCs1234_7mycrate3foo", "mycrate::foo"),
            ("_ZN3foo3barEv", "foo::bar()"),
            ("_ZN3foo3barEi", "foo::bar(int)"),
            ("cabi_realloc", "cabi_realloc"),
            ("a\nb\"c", "a\\nb\\\"c"),
        ];
        for (name, expected) in cases {
            assert_eq!(readable(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(readable(""), None);
        let long = readable(&"x".repeat(10_000)).map(|name| name.chars().count());
        assert_eq!(long, Some(LONGEST + 1));
    }
}
