//! From a path, bytes or standard input to an [`Artifact`]. Recognising bytes
//! is left to `detect`, reading WIT to `wit`.

use std::io::ErrorKind;
use std::path::Path;

use joggle_diag::{closest, source};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{PackageId, Resolve};

use crate::bytes::Bytes;
use crate::detect::{Format, Section, detect, sections};
use crate::error::LoadError;
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
}

/// Text beyond this length is no WIT that a person wrote.
pub(crate) const LONGEST_TEXT: usize = 16 << 20;

const STDIN: &str = "<stdin>";

/// Loads a file, a folder of WIT, or standard input (`-`).
pub fn load(path: &Path) -> Result<Artifact, LoadError> {
    if path.is_dir() {
        return wit::load_folder(path).map(|wit| Artifact::Wit(Box::new(wit)));
    }
    let (name, bytes) = read(path)?;
    load_bytes(&name, bytes)
}

/// Makes the same decision on bytes; `name` is how they are shown.
pub fn load_bytes(name: &str, bytes: Bytes) -> Result<Artifact, LoadError> {
    match recognise(name, &bytes)? {
        Found::Text(text) => wit::load_text(name, text).map(|wit| Artifact::Wit(Box::new(wit))),
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
        return Err(LoadError::FolderGiven {
            name: path.display().to_string(),
        });
    }
    let (name, bytes) = read(path)?;
    match recognise(&name, &bytes)? {
        Found::Text(_) => Err(LoadError::WitGiven {
            name,
            what: "text, as WIT is",
        }),
        Found::Module(wat) => {
            let binary = binary(&name, wat.unwrap_or(bytes));
            let exports = exports(&binary.bytes);
            Err(LoadError::CoreModuleGiven {
                name,
                stem: binary.stem,
                exports,
            })
        }
        Found::Component(wat) => {
            let bytes = wat.unwrap_or(bytes);
            match encoded_wit(&name, &bytes)? {
                Some(_) => Err(LoadError::WitGiven {
                    name,
                    what: "a WIT package in binary form",
                }),
                None => Ok(binary(&name, bytes)),
            }
        }
    }
}

/// The bytes of a file or of standard input, with the name to show.
pub(crate) fn read(path: &Path) -> Result<(String, Bytes), LoadError> {
    if path == Path::new("-") {
        return match Bytes::stdin() {
            Ok(bytes) => Ok((STDIN.to_owned(), bytes)),
            Err(error) => Err(unreadable(STDIN, &error)),
        };
    }
    let name = path.display().to_string();
    match Bytes::open(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(LoadError::Missing {
            help: nearby(path),
            name,
        }),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// The system's refusal, without its number.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> LoadError {
    let text = error.to_string();
    let reason = text
        .split(" (os error")
        .next()
        .unwrap_or_default()
        .to_lowercase();
    LoadError::Unreadable {
        name: name.to_owned(),
        reason,
    }
}

/// What to do about a name that nothing has.
fn nearby(path: &Path) -> String {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return format!(
            "the folder `{}` is not there either: check the path",
            folder.display()
        );
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let wanted = path
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    match closest(wanted, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{}`?", path.with_file_name(name).display()),
        None => format!("see what there is: ls {}", folder.display()),
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
        Format::Text(text) if text.len() > LONGEST_TEXT => Err(LoadError::TooLong {
            name,
            size: text.len(),
            limit: LONGEST_TEXT,
        }),
        Format::Text(text) => Ok(Found::Text(text)),
        Format::Empty => Err(LoadError::Empty { name }),
        Format::ShortHeader => Err(LoadError::TruncatedHeader {
            name,
            size: bytes.len(),
        }),
        Format::UnknownHeader { version, layer } => Err(LoadError::UnknownHeader {
            name,
            version,
            layer,
        }),
        Format::Unknown { valid_up_to } => Err(LoadError::NotUtf8 {
            name,
            offset: valid_up_to,
        }),
    }
}

fn check_sections(name: &str, bytes: &[u8], component: bool) -> Result<Vec<Section>, LoadError> {
    sections(bytes, component).map_err(|broken| LoadError::Damaged {
        name: name.to_owned(),
        what: if component {
            "component"
        } else {
            "core module"
        },
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
        let start = error.span().offset().min(text.len());
        let rest = text.get(start..).unwrap_or_default();
        let length = rest
            .find(|c: char| c.is_whitespace() || c == ')')
            .unwrap_or(rest.len());
        LoadError::Wat {
            name: name.to_owned(),
            message: error.message(),
            source_text: source(name, text),
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
    let plausible = sections
        .iter()
        .all(|s| matches!(s.id, CUSTOM | TYPE | EXPORT))
        && sections.iter().any(|s| s.id == EXPORT);
    if !plausible {
        return Ok(None);
    }
    match wit_component::decode(bytes) {
        Ok(DecodedWasm::WitPackage(resolve, package)) => Ok(Some(Wit {
            name: name.to_owned(),
            resolve,
            package,
        })),
        // What cannot be decoded is a component for the rules to judge.
        Ok(DecodedWasm::Component(..)) | Err(_) => Ok(None),
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
    Binary {
        name: name.to_owned(),
        stem,
        file_name,
        bytes,
    }
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
                names.extend(
                    section
                        .into_iter()
                        .flatten()
                        .map(|export| export.name.to_owned()),
                );
                break;
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    names
}
