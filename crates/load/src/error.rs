//! Why an input could not be loaded. Each variant says what is wrong with the
//! input and what to do; how a program ends because of it is left to the
//! command line, which asks for the [`Kind`].

use std::sync::Arc;

use joggle_diag::{Source, quoted_list};
use miette::{Diagnostic, SourceSpan};

use crate::wit::WitError;

/// What sort of failure a [`LoadError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is nothing under the name, or nothing of use.
    Missing,
    /// It is there, but the system does not hand it out.
    Unreadable,
    /// The bytes are not what they begin as, or nothing known at all.
    Corrupt,
    /// It was understood, and it breaks the rules: mistakes in WIT.
    Invalid,
    /// It is a good input of another kind than the one wanted.
    WrongKind,
}

/// An input could not be loaded.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum LoadError {
    /// Nothing has this name.
    #[error("there is no file or folder `{name}`")]
    #[diagnostic(code("load::missing"))]
    Missing {
        /// The path as given.
        name: String,
        /// The name nearby that was probably meant, or where to look.
        #[help]
        help: String,
    },
    /// The system does not hand the input out.
    #[error("cannot read `{name}`: {reason}")]
    #[diagnostic(
        code("load::unreadable"),
        help("check that you may read it and that it is a file or a folder: ls -l {name}")
    )]
    Unreadable {
        /// The path as given.
        name: String,
        /// The system's words.
        reason: String,
    },
    /// A folder in which no WIT lies.
    #[error("the folder `{name}` contains no `.wit` file")]
    #[diagnostic(
        code("load::no-wit-in-folder"),
        help(
            "name the folder that holds the package's `.wit` files (its `deps` folder goes beside them), or a single file"
        )
    )]
    NoWitInFolder {
        /// The path as given.
        name: String,
    },
    /// A feature that no item is behind.
    #[error("`{name}` has no feature `{feature}`")]
    #[diagnostic(code("load::unknown-feature"))]
    UnknownFeature {
        /// The input as given.
        name: String,
        /// What was asked for.
        feature: String,
        /// The nearest name, or all there are.
        #[help]
        help: String,
    },
    /// A folder in the place of a component.
    #[error("`{name}` is a folder, and a component is a single file")]
    #[diagnostic(code("load::folder-given"), help("name the `.wasm` file inside it"))]
    FolderGiven {
        /// The path as given.
        name: String,
    },
    /// Nothing in it.
    #[error("`{name}` is empty")]
    #[diagnostic(
        code("load::empty"),
        help("the program that wrote it has probably failed: build it again")
    )]
    Empty {
        /// The path as given.
        name: String,
    },
    /// A binary that ends inside its first eight bytes.
    #[error("`{name}` ends inside its header, after {size} of 8 bytes")]
    #[diagnostic(
        code("load::truncated-header"),
        help("the file was cut short: copy, download or build it again")
    )]
    TruncatedHeader {
        /// The path as given.
        name: String,
        /// How many bytes there are.
        size: usize,
    },
    /// A binary of a version that is not known.
    #[error(
        "`{name}` is a WebAssembly binary of an unknown form: version {version}, layer {layer}"
    )]
    #[diagnostic(
        code("load::unknown-header"),
        help(
            "core modules have version 1 and layer 0, components version 13 and layer 1: build it again with current tools"
        )
    )]
    UnknownHeader {
        /// The path as given.
        name: String,
        /// The version field.
        version: u16,
        /// The layer field.
        layer: u16,
    },
    /// A good header that no sequence of sections follows.
    #[error("`{name}` begins as a {what}, but is damaged at byte {offset:#x}: {reason}")]
    #[diagnostic(
        code("load::damaged"),
        help("the file was cut short or overwritten: copy, download or build it again")
    )]
    Damaged {
        /// The path as given.
        name: String,
        /// What the header says.
        what: &'static str,
        /// Where the sections break off.
        offset: usize,
        /// In which way.
        reason: String,
    },
    /// Neither a binary nor text.
    #[error("`{name}` is neither WebAssembly nor text: byte {offset:#x} is not UTF-8")]
    #[diagnostic(
        code("load::not-utf8"),
        help("a binary begins with `\\0asm`; WIT and WAT are text in UTF-8")
    )]
    NotUtf8 {
        /// The path as given.
        name: String,
        /// The first byte that is not text.
        offset: usize,
    },
    /// More text than any WIT has.
    #[error("`{name}` has {size} bytes of text, and WIT is read up to {limit}")]
    #[diagnostic(code("load::too-long"), help("check that this is the file you meant"))]
    TooLong {
        /// The path as given.
        name: String,
        /// How many bytes there are.
        size: usize,
        /// How many are read.
        limit: usize,
    },
    /// WAT with a mistake.
    #[error("`{name}` is not well-formed WAT: {message}")]
    #[diagnostic(code("load::wat-syntax"), help("mend the text at the marked place"))]
    Wat {
        /// The path as given.
        name: String,
        /// What the WAT parser says.
        message: String,
        /// The text.
        #[source_code]
        source_text: Arc<Source>,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },
    /// A core module in the place of a component.
    #[error("`{name}` is a core module, not a component; it {}", exports_of(exports))]
    #[diagnostic(
        code("load::core-module-given"),
        help(
            "generate bindings for a WIT world and wrap the module as a component, for example \
             with `joggle componentize {name} -o {stem}.component.wasm`"
        )
    )]
    CoreModuleGiven {
        /// The path as given.
        name: String,
        /// The file stem, for the name of the component to make.
        stem: String,
        /// What the module exports, in its order.
        exports: Vec<String>,
    },
    /// WIT in the place of a component.
    #[error("`{name}` is {what}, not a component")]
    #[diagnostic(
        code("load::wit-given"),
        help(
            "WIT describes components: build one for it, or ask `joggle validate {name}` whether it is well-formed"
        )
    )]
    WitGiven {
        /// The path as given.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// Something in `deps` that is no WIT package.
    #[error("`{name}` is {what}, not a WIT package")]
    #[diagnostic(
        code("load::not-a-package"),
        help(
            "`deps` holds the WIT that a package needs: put the `.wit` files of the dependency there, and move this file elsewhere"
        )
    )]
    NotAPackage {
        /// The path.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// Mistakes in WIT, all of them.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wit(Box<WitError>),
}

impl LoadError {
    /// What sort of failure this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            LoadError::Missing { .. }
            | LoadError::NoWitInFolder { .. }
            | LoadError::UnknownFeature { .. } => Kind::Missing,
            LoadError::Unreadable { .. } => Kind::Unreadable,
            LoadError::Empty { .. }
            | LoadError::TruncatedHeader { .. }
            | LoadError::UnknownHeader { .. }
            | LoadError::Damaged { .. }
            | LoadError::NotUtf8 { .. }
            | LoadError::TooLong { .. }
            | LoadError::Wat { .. } => Kind::Corrupt,
            LoadError::Wit(_) => Kind::Invalid,
            LoadError::CoreModuleGiven { .. }
            | LoadError::WitGiven { .. }
            | LoadError::NotAPackage { .. }
            | LoadError::FolderGiven { .. } => Kind::WrongKind,
        }
    }
}

impl From<WitError> for LoadError {
    fn from(error: WitError) -> LoadError {
        LoadError::Wit(Box::new(error))
    }
}

/// "exports `add` and `memory`", with long lists cut.
fn exports_of(exports: &[String]) -> String {
    const SHOWN: usize = 5;
    let names = exports.iter().map(String::as_str);
    match exports.len() {
        0 => "exports nothing".to_owned(),
        count if count <= SHOWN => format!("exports {}", quoted_list(names)),
        count => {
            let shown: Vec<String> = names.take(SHOWN - 1).map(|n| format!("`{n}`")).collect();
            format!("exports {} and {} more", shown.join(", "), count - (SHOWN - 1))
        }
    }
}
