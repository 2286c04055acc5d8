//! A module without the names and the debug information that only people read.
//! What tools left about themselves stays.

use std::borrow::Cow;

use wasmparser::{Parser, Payload};

use crate::module::Module;
use crate::report::Stripped;

/// The module's bytes, without such sections if that is wanted, and what was dropped.
pub fn strip<'a>(module: &Module<'a>, wanted: bool) -> (Cow<'a, [u8]>, Option<Stripped>) {
    if !wanted {
        return (Cow::Borrowed(module.bytes), None);
    }
    let mut kept = wasm_encoder::Module::new();
    let mut dropped = Vec::new();
    for payload in Parser::new(0).parse_all(module.bytes).map_while(Result::ok) {
        if let Payload::CustomSection(section) = &payload
            && is_for_people(section.name())
        {
            dropped.push(section.name().to_owned());
            continue;
        }
        if let Some((id, range)) = payload.as_section()
            && let (Ok(start), Ok(end)) = (usize::try_from(range.start), usize::try_from(range.end))
        {
            let data = module.bytes.get(start..end).unwrap_or_default();
            kept.section(&wasm_encoder::RawSection { id, data });
        }
    }
    let bytes = kept.finish();
    // Numbers that were padded by a linker get shorter, too.
    let saved = module.bytes.len().saturating_sub(bytes.len()) as u64;
    dropped.dedup();
    (Cow::Owned(bytes), Some(Stripped { bytes: saved, sections: dropped }))
}

fn is_for_people(section: &str) -> bool {
    section == "name"
        || section.starts_with(".debug_")
        || matches!(section, "external_debug_info" | "sourceMappingURL")
}
