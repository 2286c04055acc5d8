//! What is nested where in a binary, by the headers of sections alone, so that
//! it can be had of a broken file, too. Rules are left to `structure`.

use std::collections::BTreeMap;

use wasmparser::{
    Chunk, ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, Parser, Payload,
};

use super::finding::Container;

/// The validator allows a thousand components and modules. A file with more of them
/// is at fault anyway.
const MOST: usize = 4000;
/// Nobody nests as deep; the paths of findings would grow with the square of it.
const DEEPEST: usize = 100;

/// A component or module.
pub(super) struct Entry {
    pub kind: Container,
    /// First byte, and the first byte behind it; never beyond the file.
    pub start: usize,
    pub end: usize,
    /// First byte of the component around it.
    pub parent: Option<usize>,
    /// In the index space of the component around it.
    pub index: u32,
    /// Ready to read it.
    pub parser: Parser,
}

/// Every component and module of a file.
pub(super) struct Outline {
    entries: BTreeMap<usize, Entry>,
    children: BTreeMap<usize, Vec<usize>>,
    /// The component in which, and the byte at which there were too many of them.
    pub overflow: Option<(usize, u64)>,
}

impl std::fmt::Debug for Outline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.entries.keys()).finish()
    }
}

impl Outline {
    /// Reads the outline of a file.
    pub fn of(bytes: &[u8]) -> Outline {
        let mut outline =
            Outline { entries: BTreeMap::new(), children: BTreeMap::new(), overflow: None };
        let component = Parser::is_component(bytes);
        let kind = if component { Container::Component } else { Container::Module };
        let end = bytes.len();
        let root = Entry { kind, start: 0, end, parent: None, index: 0, parser: Parser::new(0) };
        outline.entries.insert(0, root);
        let mut level = if component { vec![0] } else { Vec::new() };
        for _ in 0..DEEPEST {
            level = level.into_iter().flat_map(|start| outline.scan(bytes, start)).collect();
        }
        if let Some(&start) = level.first() {
            outline.overflow.get_or_insert((start, start as u64));
        }
        outline
    }

    /// The component or module that begins at this byte.
    pub fn starting_at(&self, start: usize) -> Option<&Entry> {
        self.entries.get(&start)
    }

    /// The components and modules directly inside of the one that begins at this byte.
    pub fn children(&self, start: usize) -> impl Iterator<Item = &Entry> {
        let starts = self.children.get(&start).map(Vec::as_slice).unwrap_or_default();
        starts.iter().filter_map(|start| self.entries.get(start))
    }

    /// Enters what is directly inside a component, and returns the components of it.
    fn scan(&mut self, bytes: &[u8], parent: usize) -> Vec<usize> {
        let Some(entry) = self.entries.get(&parent) else { return Vec::new() };
        let (mut parser, end) = (entry.parser.clone(), entry.end);
        let mut spaces = Spaces::default();
        let mut position = parent;
        let mut inside = Vec::new();
        let mut components = Vec::new();
        while let Some(rest) = bytes.get(position..end) {
            let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(rest, true) else { break };
            position += consumed;
            let (kind, nested, range) = match payload {
                Payload::ModuleSection { parser, unchecked_range } => {
                    (Container::Module, parser, unchecked_range)
                }
                Payload::ComponentSection { parser, unchecked_range } => {
                    (Container::Component, parser, unchecked_range)
                }
                Payload::End(_) => break,
                payload => {
                    spaces.count(&payload);
                    continue;
                }
            };
            if self.entries.len() == MOST {
                self.overflow.get_or_insert((parent, position as u64));
                break;
            }
            let start = position;
            let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
            position = start.saturating_add(length).min(end);
            let index = spaces.next(kind);
            let entry =
                Entry { kind, start, end: position, parent: Some(parent), index, parser: nested };
            self.entries.insert(start, entry);
            inside.push(start);
            if kind == Container::Component {
                components.push(start);
            }
        }
        self.children.insert(parent, inside);
        components
    }
}

/// How many modules and components a component has defined so far.
#[derive(Default)]
struct Spaces {
    modules: u32,
    components: u32,
}

impl Spaces {
    /// The index of a new definition.
    fn next(&mut self, kind: Container) -> u32 {
        let space = match kind {
            Container::Module => &mut self.modules,
            Container::Component => &mut self.components,
        };
        *space += 1;
        *space - 1
    }

    /// Counts imports, aliases and exports: each of them makes a new index.
    fn count(&mut self, payload: &Payload<'_>) {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section.clone().into_iter().map_while(Result::ok) {
                    self.external(import.ty.kind());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone().into_iter().map_while(Result::ok) {
                    self.external(export.kind);
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone().into_iter().map_while(Result::ok) {
                    self.alias(&alias);
                }
            }
            _ => {}
        }
    }

    fn external(&mut self, kind: ComponentExternalKind) {
        match kind {
            ComponentExternalKind::Module => self.modules += 1,
            ComponentExternalKind::Component => self.components += 1,
            ComponentExternalKind::Func
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Instance => {}
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            ComponentAlias::InstanceExport { kind, .. } => self.external(*kind),
            ComponentAlias::CoreInstanceExport { .. } => {}
            ComponentAlias::Outer { kind, .. } => match kind {
                ComponentOuterAliasKind::CoreModule => self.modules += 1,
                ComponentOuterAliasKind::Component => self.components += 1,
                ComponentOuterAliasKind::CoreType | ComponentOuterAliasKind::Type => {}
            },
        }
    }
}
