//! From a path, bytes or standard input to an [`Artifact`]. Recognising bytes
//! is left to `detect`, reading WIT to `wit`.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use joggle_diag::{Source, closest, source, visible_name};
use miette::SourceSpan;
use wit_parser::decoding::DecodedWasm;
use wit_parser::{PackageId, Resolve, Span};

use crate::bytes::Bytes;
use crate::detect::{Format, Section, detect, sections};
use crate::error::LoadError;
use crate::features::Features;
use crate::wit;

/// An input that was recognised.
#[derive(Debug)]
pub enum Artifact {
    /// A component.
    Component(Binary),
    /// A core module.
    Module(Binary),
    /// A WIT package, from text or from a binary that encodes one.
    Wit(Box<Wit>),
}

/// A binary with its names. Text (WAT) has been encoded already.
#[derive(Clone, Debug)]
pub struct Binary {
    /// As shown to people: the path as given, or `<stdin>`.
    pub name: String,
    /// The file name without its extension, to name the input by.
    pub stem: String,
    /// The last part of the path.
    pub file_name: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// A WIT package with everything that it needs.
#[derive(Debug)]
pub struct Wit {
    /// As shown to people: the path as given, or `<stdin>`.
    pub name: String,
    /// The package and those that it depends on, and nothing else.
    pub resolve: Resolve,
    /// The package itself.
    pub package: PackageId,
    /// The texts that it was read from, as they were given; a binary has none.
    pub(crate) files: Vec<WitFile>,
}

/// A text of WIT with the name to show.
#[derive(Clone, Debug)]
pub(crate) struct WitFile {
    pub name: String,
    pub text: Arc<str>,
}

impl Wit {
    /// Where a span of the model is: the file as it was given, and the bytes in it. `None` for
    /// what came out of a binary.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<(Source, SourceSpan)> {
        let place = self.resolve.source_map.resolve_span(span)?;
        let file = self.files.iter().find(|file| file.name == place.path)?;
        file.text.get(place.range.clone())?;
        let span = (place.range.start, place.range.len()).into();
        Some((source(place.path, Arc::clone(&file.text)), span))
    }
}

/// Text beyond this length is no WIT that a person wrote.
pub(crate) const LONGEST_TEXT: usize = 16 << 20;

const STDIN: &str = "<stdin>";

/// Loads a file, a folder of WIT, or standard input (`-`).
pub fn load(path: &Path) -> Result<Artifact, LoadError> {
    load_with(path, &Features::default())
}

/// The same, with items of WIT text that are behind a gate.
pub fn load_with(path: &Path, features: &Features) -> Result<Artifact, LoadError> {
    if path.is_dir() {
        return wit::load_folder(path, features).map(|wit| Artifact::Wit(Box::new(wit)));
    }
    let (name, bytes) = read(path)?;
    recognised(&name, bytes, features)
}

/// Makes the same decision on bytes; `name` is how they are shown.
pub fn load_bytes(name: &str, bytes: Bytes) -> Result<Artifact, LoadError> {
    recognised(name, bytes, &Features::default())
}

fn recognised(name: &str, bytes: Bytes, features: &Features) -> Result<Artifact, LoadError> {
    match recognise(name, &bytes)? {
        Found::Text(text) => {
            wit::load_text(name, text, features).map(|wit| Artifact::Wit(Box::new(wit)))
        }
        Found::Module(wat) => Ok(Artifact::Module(binary(name, wat.unwrap_or(bytes)))),
        Found::Component(wat) => {
            let bytes = wat.unwrap_or(bytes);
            Ok(match encoded_wit(name, &bytes)? {
                Some(wit) => Artifact::Wit(Box::new(wit)),
                None => Artifact::Component(binary(name, bytes)),
            })
        }
    }
}

/// Loads a component; anything else is an error that says what it is instead.
pub fn component(path: &Path) -> Result<Binary, LoadError> {
    if path.is_dir() {
        return Err(LoadError::FolderGiven { name: shown(path) });
    }
    let (name, bytes) = read(path)?;
    match recognise(&name, &bytes)? {
        Found::Text(_) => Err(LoadError::WitGiven { name, what: "text, as WIT is" }),
        Found::Module(wat) => {
            let binary = binary(&name, wat.unwrap_or(bytes));
            let exports = exports(&binary.bytes);
            Err(LoadError::CoreModuleGiven { name, stem: binary.stem, exports })
        }
        Found::Component(wat) => {
            let bytes = wat.unwrap_or(bytes);
            match encoded_wit(&name, &bytes)? {
                Some(_) => Err(LoadError::WitGiven { name, what: "a WIT package in binary form" }),
                None => Ok(binary(&name, bytes)),
            }
        }
    }
}

/// A path as it is shown, whatever bytes are in it.
#[must_use]
pub fn shown(path: &Path) -> String {
    if path == Path::new("-") { STDIN.to_owned() } else { visible_name(&path.to_string_lossy()) }
}

/// The bytes of a file or of standard input, with the name to show.
pub(crate) fn read(path: &Path) -> Result<(String, Bytes), LoadError> {
    if path == Path::new("-") {
        return match Bytes::stdin() {
            Ok(bytes) => Ok((STDIN.to_owned(), bytes)),
            Err(error) => Err(unreadable(STDIN, &error)),
        };
    }
    let name = shown(path);
    match Bytes::open(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(LoadError::Missing { help: nearby(path), name })
        }
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// The system's refusal, without its number.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> LoadError {
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    LoadError::Unreadable { name: name.to_owned(), reason }
}

/// What to do about a name that nothing has.
fn nearby(path: &Path) -> String {
    if let Ok(target) = std::fs::read_link(path) {
        return format!("it is a link to `{}`, which is not there", shown(&target));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return format!("the folder `{}` is not there either: check the path", shown(folder));
    };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let wanted = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let near = closest(wanted, names.iter().map(String::as_str));
    // A shared extension must not make two names alike.
    let stem = |name: &str| Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned());
    let alike = |name: &&str| {
        let (Some(one), Some(other)) = (stem(wanted), stem(name)) else { return false };
        closest(&one, [other.as_str()]).is_some()
    };
    match near.filter(alike) {
        Some(name) => format!("did you mean `{}`?", shown(&path.with_file_name(name))),
        None => format!("see what there is: ls {}", shown(folder)),
    }
}

/// A recognised input; binaries made from WAT come with their new bytes.
enum Found<'a> {
    Component(Option<Bytes>),
    Module(Option<Bytes>),
    Text(&'a str),
}

fn recognise<'a>(name: &str, bytes: &'a [u8]) -> Result<Found<'a>, LoadError> {
    let name = name.to_owned();
    match detect(bytes) {
        Format::Component => check_sections(&name, bytes, true).map(|_| Found::Component(None)),
        Format::Module => check_sections(&name, bytes, false).map(|_| Found::Module(None)),
        Format::Wat(text) => {
            let bytes = encode_wat(&name, text)?;
            match detect(&bytes) {
                Format::Component => Ok(Found::Component(Some(bytes))),
                // `(module binary "…")` may hold anything; that is for the rules to judge.
                _ => Ok(Found::Module(Some(bytes))),
            }
        }
        Format::Text(text) if text.len() > LONGEST_TEXT => {
            Err(LoadError::TooLong { name, size: text.len(), limit: LONGEST_TEXT })
        }
        Format::Text(text) => Ok(Found::Text(text)),
        Format::Empty => Err(LoadError::Empty { name }),
        Format::ShortHeader => Err(LoadError::TruncatedHeader { name, size: bytes.len() }),
        Format::UnknownHeader { version, layer } => {
            Err(LoadError::UnknownHeader { name, version, layer })
        }
        Format::Unknown { valid_up_to } => Err(LoadError::NotUtf8 { name, offset: valid_up_to }),
    }
}

fn check_sections(name: &str, bytes: &[u8], component: bool) -> Result<Vec<Section>, LoadError> {
    sections(bytes, component).map_err(|broken| LoadError::Damaged {
        name: name.to_owned(),
        what: if component { "component" } else { "core module" },
        offset: broken.offset,
        reason: broken.reason.to_owned(),
    })
}

/// WAT to a binary, with the place of a mistake.
fn encode_wat(name: &str, text: &str) -> Result<Bytes, LoadError> {
    let parse = || -> Result<Vec<u8>, wast::Error> {
        let buffer = wast::parser::ParseBuffer::new(text)?;
        wast::parser::parse::<wast::Wat>(&buffer)?.encode()
    };
    parse().map(Bytes::from).map_err(|error| {
        // At the end there is nothing to be marked: the last character stands for it.
        let written = text.trim_end();
        let last = written.char_indices().next_back().map_or(0, |(at, _)| at);
        let start = match error.span().offset() {
            offset if offset < written.len() => offset,
            _ => last,
        };
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(|c: char| c.is_whitespace() || c == ')').unwrap_or(rest.len());
        LoadError::Wat {
            name: name.to_owned(),
            message: error.message(),
            source_text: Arc::new(source(name, text)),
            at: (start, length.max(1).min(rest.len())).into(),
        }
    })
}

/// The WIT package that a binary encodes, if that is all it does.
///
/// Such a binary has only types and exports outermost; knowing this from the
/// section numbers keeps large components from being decoded for nothing.
fn encoded_wit(name: &str, bytes: &[u8]) -> Result<Option<Wit>, LoadError> {
    const CUSTOM: u8 = 0;
    const TYPE: u8 = 7;
    const EXPORT: u8 = 11;
    let sections = check_sections(name, bytes, true)?;
    let plausible = sections.iter().all(|s| matches!(s.id, CUSTOM | TYPE | EXPORT))
        && sections.iter().any(|s| s.id == EXPORT);
    if !plausible {
        return Ok(None);
    }
    match crate::decode(bytes) {
        Some(DecodedWasm::WitPackage(resolve, package)) => {
            let name = name.to_owned();
            Ok(Some(Wit { name, resolve, package, files: Vec::new() }))
        }
        // What cannot be decoded is a component for the rules to judge.
        Some(DecodedWasm::Component(..)) | None => Ok(None),
    }
}

fn binary(name: &str, bytes: Bytes) -> Binary {
    let path = Path::new(name);
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map_or_else(|| name.to_owned(), |p| p.to_string_lossy().into_owned())
    };
    let (stem, file_name) = if name == STDIN {
        ("stdin".to_owned(), "stdin".to_owned())
    } else {
        (part(path.file_stem()), part(path.file_name()))
    };
    Binary { name: name.to_owned(), stem, file_name, bytes }
}

impl Binary {
    /// How many imports and exports the outermost component or module has, as
    /// far as they can be read.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        use wasmparser::Payload;
        let (mut imports, mut exports) = (0, 0);
        let mut depth = 0usize;
        for payload in wasmparser::Parser::new(0).parse_all(&self.bytes) {
            let Ok(payload) = payload else { break };
            match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ImportSection(section) if depth == 0 => {
                    imports += section.into_imports().flatten().count();
                }
                Payload::ExportSection(section) if depth == 0 => {
                    exports += section.into_iter().flatten().count();
                }
                Payload::ComponentImportSection(section) if depth == 0 => {
                    imports += section.into_iter().flatten().count();
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    exports += section.into_iter().flatten().count();
                }
                _ => {}
            }
        }
        (imports, exports)
    }
}

/// The names that a core module exports, as far as they can be read.
fn exports(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(wasmparser::Payload::ExportSection(section)) => {
                names.extend(section.into_iter().flatten().map(|export| export.name.to_owned()));
                break;
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use joggle_diag::Report;

    use super::*;
    use crate::error::Kind;

    fn given(name: &str, bytes: &[u8]) -> Result<Artifact, LoadError> {
        load_bytes(name, Bytes::from(bytes.to_vec()))
    }

    /// Kind, code, message.
    fn failure<T>(result: Result<T, LoadError>) -> (Kind, String, String) {
        match result {
            Ok(_) => panic!("this should not load"),
            Err(error) => {
                let report = Report::of(&error);
                // The problems of WIT have their own help.
                let helps = report.help.is_some() || !report.related.is_empty();
                assert!(helps, "{report:?}");
                (error.kind(), report.code.unwrap_or_default(), report.message)
            }
        }
    }

    #[test]
    fn the_name_of_a_file_does_not_count() -> Result<(), LoadError> {
        assert!(matches!(given("a.wit", b"(module)")?, Artifact::Module(_)));
        assert!(matches!(given("a.wit", b"(component)")?, Artifact::Component(_)));
        let Artifact::Component(binary) = given("x/a.b.txt", b"\0asm\x0d\0\x01\0")? else {
            panic!("this is a component");
        };
        assert_eq!((binary.stem.as_str(), binary.file_name.as_str()), ("a.b", "a.b.txt"));
        let wit = b"package a:b; interface i {} world w { import i; }";
        assert!(matches!(given("a.wasm", wit)?, Artifact::Wit(_)));
        Ok(())
    }

    #[test]
    fn wit_in_binary_form_is_wit() -> Result<(), LoadError> {
        let text = b"package a:b@1.0.0; interface i { f: func(); } world w { import i; }";
        let Artifact::Wit(wit) = given("a.wit", text)? else { panic!("this is WIT") };
        let bytes = wit_component::encode(&wit.resolve, wit.package, false)
            .unwrap_or_else(|error| panic!("{error:#}"));
        let Artifact::Wit(again) = given("a.wasm", &bytes)? else { panic!("this is WIT") };
        let package = &again.resolve.packages[again.package];
        assert_eq!(package.name.to_string(), "a:b@1.0.0");
        Ok(())
    }

    #[test]
    fn each_damage_is_told_apart() {
        let cases: [(&[u8], Kind, &str); 8] = [
            (b"", Kind::Corrupt, "load::empty"),
            (b"\0as", Kind::Corrupt, "load::truncated-header"),
            (b"\0asm\x0c\0\x01\0", Kind::Corrupt, "load::unknown-header"),
            (b"\0asm\x01\0\0\0garbage", Kind::Corrupt, "load::damaged"),
            (b"\0asm\x0d\0\x01\0\x01\x7f", Kind::Corrupt, "load::damaged"),
            (b"\x89PNG\r\n", Kind::Corrupt, "load::not-utf8"),
            (b"(module (func (oops)))", Kind::Corrupt, "load::wat-syntax"),
            (b"interface", Kind::Invalid, "wit::invalid"),
        ];
        for (bytes, kind, code) in cases {
            let (found, given_code, _) = failure(given("a", bytes));
            assert_eq!((found, given_code.as_str()), (kind, code));
        }
    }

    #[test]
    fn the_place_of_a_mistake_in_wat_is_shown() {
        let Err(error) = given("a.wat", b"(module\n  (func (oops)))") else {
            panic!("this should not load")
        };
        let label = &Report::of(&error).labels[0];
        assert_eq!((label.line, label.column, label.length), (2, 10, 4));
    }

    #[test]
    fn a_component_is_wanted() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("add.wasm");
        let component = |bytes: &[u8]| {
            std::fs::write(&path, bytes)?;
            Ok::<_, std::io::Error>(super::component(&path))
        };
        assert!(component(b"(component)")?.is_ok());
        let (kind, code, message) =
            failure(component(b"(module (memory (export \"memory\") 1) (func (export \"add\")))")?);
        assert_eq!((kind, code.as_str()), (Kind::WrongKind, "load::core-module-given"));
        let said = "is a core module, not a component; it exports `memory` and `add`";
        assert!(message.ends_with(said), "{message}");
        let (kind, code, _) = failure(component(b"package a:b;")?);
        assert_eq!((kind, code.as_str()), (Kind::WrongKind, "load::wit-given"));
        let (kind, code, _) = failure(super::component(folder.path()));
        assert_eq!((kind, code.as_str()), (Kind::WrongKind, "load::folder-given"));
        let typo = folder.path().join("ad.wasm");
        let Err(error) = super::component(&typo) else { panic!("there is no such file") };
        let report = Report::of(&error);
        assert_eq!(error.kind(), Kind::Missing);
        assert!(report.help.is_some_and(|help| help.contains("add.wasm")));
        Ok(())
    }

    #[test]
    fn many_exports_are_cut() {
        let exports = ["a", "b", "c", "d", "e", "f", "g"].map(str::to_owned).to_vec();
        let error = LoadError::CoreModuleGiven { name: "m".into(), stem: "m".into(), exports };
        assert!(error.to_string().ends_with("exports `a`, `b`, `c`, `d` and 3 more"));
    }

    #[test]
    fn imports_and_exports_are_counted_outermost() -> Result<(), LoadError> {
        let text = b"(component (import \"a\" (func)) (core module (func (export \"x\"))) \
                     (component (import \"b\" (func))))";
        let Artifact::Component(binary) = given("a", text)? else {
            panic!("this is a component");
        };
        assert_eq!(binary.counts(), (1, 0));
        Ok(())
    }
}
