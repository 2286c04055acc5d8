//! From a byte of a function to the line of source that it came from, by the
//! DWARF that a core module carries. Which bytes are asked for is left to `places`.

use std::collections::BTreeMap;

use addr2line::Context;
use gimli::{Dwarf, EndianSlice, LittleEndian};

use super::finding::SourcePlace;
use super::names::readable;

type Reader<'a> = EndianSlice<'a, LittleEndian>;

/// The DWARF of one core module.
pub(super) struct Lines<'a> {
    context: Context<Reader<'a>>,
    /// Offset in the file from which addresses count: the contents of the code section.
    code: u64,
}

impl<'a> Lines<'a> {
    /// Opens the DWARF in these sections; none when there is none, or none that can be read.
    pub fn open(sections: &BTreeMap<&'a str, &'a [u8]>, code: u64) -> Option<Lines<'a>> {
        if !sections.contains_key(".debug_info") {
            return None;
        }
        let section = |id: gimli::SectionId| {
            let data = sections.get(id.name()).copied().unwrap_or_default();
            Ok::<_, gimli::Error>(EndianSlice::new(data, LittleEndian))
        };
        let context = Context::from_dwarf(Dwarf::load(section).ok()?).ok()?;
        Some(Lines { context, code })
    }

    /// The source of the instruction at this byte of the file.
    pub fn at(&self, offset: u64) -> Option<SourcePlace> {
        let address = offset.checked_sub(self.code)?;
        let mut frames = self.context.find_frames(address).skip_all_loads().ok()?;
        let frame = frames.next().ok()??;
        let function = frame.function.as_ref().and_then(|function| {
            let name = function.raw_name().ok()?;
            readable(&name)
        });
        let location = frame.location;
        let file = location.as_ref().and_then(|l| l.file).map(str::to_owned);
        if function.is_none() && file.is_none() {
            return None;
        }
        Some(SourcePlace {
            function,
            file,
            // Compilers write 0 for code that has no line or column of its own.
            line: location.as_ref().and_then(|l| l.line).filter(|&line| line > 0),
            column: location.as_ref().and_then(|l| l.column).filter(|&column| column > 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::features::Features;
    use crate::spec::check;

    const GUEST: &[u8] = include_bytes!("../../../../fixtures/dwarf/inlined.wasm");

    /// The guest with the multiplication in `with_tax` turned into one of another type.
    fn damaged() -> Vec<u8> {
        let multiplication = [0x41, 0xf7, 0x00, 0x6c];
        let at = GUEST.windows(4).position(|bytes| bytes == multiplication);
        let mut bytes = GUEST.to_vec();
        bytes[at.expect("`i32.const 119` and `i32.mul`") + 3] = 0x7e;
        bytes
    }

    #[test]
    fn the_line_of_an_inlined_function_is_found() {
        assert!(check(GUEST, &Features::default()).is_valid());
        let spec = check(&damaged(), &Features::default());
        let [finding] = spec.findings.as_slice() else { panic!("{:?}", spec.findings) };
        assert_eq!(finding.place.to_string(), "func \"inlined::gross\"");
        let source = finding.source.as_ref().map(ToString::to_string);
        assert_eq!(source.as_deref(), Some("inlined::price::with_tax at guest/inlined.rs:14:9"));
        let mut plain = finding.clone();
        if let Some(source) = &mut plain.source {
            source.function = Some("inlined::gross".to_owned());
        }
        let text = plain.to_string();
        assert!(
            text.starts_with("in func \"inlined::gross\" (guest/inlined.rs:14:9), type"),
            "{text}"
        );
    }

    #[test]
    fn damaged_debug_information_is_no_obstacle() {
        let start = GUEST.windows(7).position(|w| w == b".debug_").expect("a section of DWARF");
        for at in start..GUEST.len() {
            for value in [0, 0xff] {
                let mut bytes = damaged();
                bytes[at] = value;
                let spec = check(&bytes, &Features::default());
                let place = spec.findings.first().map(|f| f.message.as_str());
                assert_eq!(place, Some("type mismatch: expected i64, found i32"), "byte {at}");
            }
        }
    }
}
