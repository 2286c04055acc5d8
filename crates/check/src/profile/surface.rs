//! The names of what a binary imports and exports, read leniently: whether the
//! binary obeys the specification is another question.

use joggle_load::{Artifact, Binary, Wit};
use wasmparser::{ComponentExternalKind, ComponentTypeRef, Parser, Payload};

/// What a profile asks of a file.
pub(crate) struct Surface<'a> {
    pub binary: &'a Binary,
    pub is_component: bool,
    /// Each name once, in the order of the file; of core modules, the names of modules.
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

impl<'a> Surface<'a> {
    /// Reads a binary; hands back WIT.
    pub fn of(artifact: &'a Artifact) -> Result<Surface<'a>, &'a Wit> {
        let (binary, is_component) = match artifact {
            Artifact::Component(binary) => (binary, true),
            Artifact::Module(binary) => (binary, false),
            Artifact::Wit(wit) => return Err(wit),
        };
        let mut surface = Surface { binary, is_component, imports: vec![], exports: vec![] };
        surface.read();
        Ok(surface)
    }

    fn read(&mut self) {
        let mut depth = 0usize;
        for payload in Parser::new(0).parse_all(&self.binary.bytes) {
            // What is behind a mistake is found by checking against the specification.
            let Ok(payload) = payload else { break };
            match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ImportSection(section) if depth == 0 => {
                    for import in section.into_imports().flatten() {
                        push(&mut self.imports, import.module);
                    }
                }
                Payload::ExportSection(section) if depth == 0 => {
                    for export in section.into_iter().flatten() {
                        push(&mut self.exports, export.name);
                    }
                }
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section.into_iter().flatten() {
                        // A type is given by whatever comes with it.
                        if !matches!(import.ty, ComponentTypeRef::Type(_)) {
                            push(&mut self.imports, import.name.name);
                        }
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section.into_iter().flatten() {
                        if export.kind != ComponentExternalKind::Type {
                            push(&mut self.exports, export.name.name);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn push(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}
