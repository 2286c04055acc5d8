//! What a piece of input is, by its content alone: a file's name never counts.
//! Only headers and the sequence of outermost sections are looked at here;
//! the rules of the specification are left to [`crate::verify`].

/// What the bytes claim to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Format<'a> {
    /// A binary with the header of a component.
    Component,
    /// A binary with the header of a core module.
    Module,
    /// Text whose first token is `(`.
    Wat(&'a str),
    /// Any other text.
    Text(&'a str),
    /// Nothing at all, or only blanks.
    Empty,
    /// Fewer than eight bytes that begin as a binary does.
    ShortHeader,
    /// A binary of a version or layer that does not exist.
    UnknownHeader { version: u16, layer: u16 },
    /// Neither a binary nor text; text ends at `valid_up_to`.
    Unknown { valid_up_to: usize },
}

const MAGIC: &[u8] = b"\0asm";

/// Recognises the bytes.
pub(crate) fn detect(bytes: &[u8]) -> Format<'_> {
    if bytes.starts_with(MAGIC) {
        return match *bytes {
            [_, _, _, _, v0, v1, l0, l1, ..] => {
                match (u16::from_le_bytes([v0, v1]), u16::from_le_bytes([l0, l1])) {
                    (1, 0) => Format::Module,
                    (0x0d, 1) => Format::Component,
                    (version, layer) => Format::UnknownHeader { version, layer },
                }
            }
            _ => Format::ShortHeader,
        };
    }
    if !bytes.is_empty() && MAGIC.starts_with(bytes) {
        return Format::ShortHeader;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => Format::Empty,
        Ok(text) if wat::Detect::from_bytes(text) == wat::Detect::WasmText => Format::Wat(text),
        Ok(text) => Format::Text(text),
        Err(error) => Format::Unknown { valid_up_to: error.valid_up_to() },
    }
}

/// A section of the outermost module or component.
pub(crate) struct Section {
    /// The section's number in the specification.
    pub id: u8,
}

/// Where and how the sequence of sections breaks off.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Offset of the section's first byte.
    pub offset: usize,
    /// What is wrong there, as the end of a sentence.
    pub reason: &'static str,
}

/// Walks over the outermost sections without looking into them.
///
/// This takes a few bytes per section, so it costs next to nothing even for
/// large files, and it tells a binary from a header that garbage follows.
pub(crate) fn sections(bytes: &[u8], component: bool) -> Result<Vec<Section>, Broken> {
    // The last numbers that the specifications give: values in a component
    // (12), the tag section in a module (13).
    let last = if component { 12 } else { 13 };
    let mut sections = Vec::new();
    let mut at = 8;
    while let Some(&id) = bytes.get(at) {
        let broken = |reason| Broken { offset: at, reason };
        if id > last {
            return Err(broken("no section begins with this byte"));
        }
        let (size, used) = leb(bytes.get(at + 1..).unwrap_or_default())
            .ok_or(broken("the size of the section is not readable"))?;
        let end = (at + 1 + used).checked_add(size).filter(|&end| end <= bytes.len());
        let Some(end) = end else {
            return Err(broken("the section is longer than what is left of the file"));
        };
        sections.push(Section { id });
        at = end;
    }
    Ok(sections)
}

/// A LEB128 number of at most 32 bits, and how many bytes it took.
fn leb(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0u64;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).ok()?;
            return Some((usize::try_from(value).ok()?, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(detect(b"\0asm\x01\0\0\0"), Format::Module);
        assert_eq!(detect(b"\0asm\x0d\0\x01\0"), Format::Component);
        assert_eq!(detect(b"\0as"), Format::ShortHeader);
        assert_eq!(detect(b"\0asm\x01\0"), Format::ShortHeader);
        assert_eq!(detect(b"\0asm\x02\0\0\0"), Format::UnknownHeader { version: 2, layer: 0 });
        assert_eq!(detect(b";; text\n(module)"), Format::Wat(";; text\n(module)"));
        assert_eq!(detect(b"package a:b;"), Format::Text("package a:b;"));
        assert_eq!(detect(b"// (\npackage a:b;"), Format::Text("// (\npackage a:b;"));
        assert_eq!(detect(b" \n"), Format::Empty);
        assert_eq!(detect(b""), Format::Empty);
        assert_eq!(detect(b"ab\xff"), Format::Unknown { valid_up_to: 2 });
    }

    #[test]
    fn sections_are_walked_and_garbage_is_seen() {
        let walk = |tail: &[u8]| {
            let bytes = [b"\0asm\x01\0\0\0", tail].concat();
            sections(&bytes, false).map(|s| s.iter().map(|s| s.id).collect::<Vec<_>>())
        };
        assert_eq!(walk(&[]), Ok(vec![]));
        assert_eq!(walk(&[1, 1, 0, 3, 0]), Ok(vec![1, 3]));
        assert_eq!(walk(b"garbage").map_err(|b| b.offset), Err(8));
        assert_eq!(walk(&[1, 1, 0, 3, 9, 9]).map_err(|b| b.offset), Err(11));
        assert_eq!(walk(&[1]).map_err(|b| b.offset), Err(8));
        assert_eq!(walk(&[1, 0x80, 0x80, 0x80, 0x80, 0x80, 1]).map_err(|b| b.offset), Err(8));
    }
}
