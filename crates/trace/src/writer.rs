//! The bytes of a component that is being written, section by section.

use wasm_encoder::{Component, ComponentSection, ComponentSectionId, RawSection};

/// Writes a component without its header.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A core module or a component, whole.
    pub fn nested(&mut self, id: ComponentSectionId, data: &[u8]) {
        self.raw(id as u8, data);
    }

    /// A section as it is.
    pub fn raw(&mut self, id: u8, data: &[u8]) {
        RawSection { id, data }.append_to_component(&mut self.bytes);
    }

    /// A section that was made here.
    pub fn section(&mut self, section: &impl ComponentSection) {
        section.append_to_component(&mut self.bytes);
    }

    /// Everything written, behind what belongs at its beginning.
    pub fn finish(self, beginning: &Writer) -> Vec<u8> {
        let mut bytes = Component::HEADER.to_vec();
        bytes.extend_from_slice(&beginning.bytes);
        bytes.extend_from_slice(&self.bytes);
        bytes
    }
}
