//! Custom sections of the result: names for people, and where it came from.

use std::fmt::Write;

use serde::Serialize;
use wasm_encoder::{
    ComponentNameSection, CustomSection, NameMap, ProducersField, ProducersSection,
};

use super::writer::Writer;
use crate::input::Input;

/// The section that records what a component was composed of, as JSON.
const PROVENANCE_SECTION: &str = "joggle:inputs";

/// Names of embedded components and instances, for backtraces and printers.
pub(super) fn names(writer: &mut Writer, components: &NameMap, instances: &NameMap) {
    let mut section = ComponentNameSection::new();
    section.components(components);
    section.instances(instances);
    writer.section(&section);
}

/// Says that this was made by joggle.
pub(super) fn producers(writer: &mut Writer) {
    let mut field = ProducersField::new();
    field.value("joggle", env!("CARGO_PKG_VERSION"));
    let mut section = ProducersSection::new();
    section.field("processed-by", &field);
    writer.section(&section);
}

#[derive(Serialize)]
struct Provenance<'a> {
    schema_version: u32,
    inputs: Vec<InputRecord<'a>>,
}

#[derive(Serialize)]
struct InputRecord<'a> {
    name: &'a str,
    file: &'a str,
    size: usize,
    sha256: String,
}

/// Records file name, size and SHA-256 of each input that takes part.
pub(super) fn provenance(
    writer: &mut Writer,
    inputs: &[Input],
    digests: &[[u8; 32]],
    taking_part: &[usize],
) {
    let inputs = taking_part
        .iter()
        .map(|&at| InputRecord {
            name: &inputs[at].name,
            file: &inputs[at].file_name,
            size: inputs[at].bytes.len(),
            sha256: hex(&digests[at]),
        })
        .collect();
    let record = Provenance { schema_version: 1, inputs };
    // Plain data with string keys: it always is JSON.
    let data = serde_json::to_vec(&record).unwrap_or_default();
    writer.section(&CustomSection { name: PROVENANCE_SECTION.into(), data: data.into() });
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
