//! What was done, as plain data: a verdict for every import, and what the
//! result imports and exports.

use serde::Serialize;

/// The outcome of a composition. `schema_version` changes when a field changes its meaning.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Version of this structure: 1.
    pub schema_version: u32,
    /// Every instance, by name.
    pub instances: Vec<InstanceReport>,
    /// A verdict for every import of every instance.
    pub verdicts: Vec<VerdictReport>,
    /// What the result imports.
    pub imports: Vec<ImportReport>,
    /// What the result exports.
    pub exports: Vec<ExportReport>,
    /// Inputs that were left out because nothing joins them to the others.
    pub left_out: Vec<String>,
    /// Things to know that are no errors.
    pub notes: Vec<String>,
    /// Size of the result in bytes.
    pub size: u64,
}

/// An instance and the file it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct InstanceReport {
    /// Its name.
    pub name: String,
    /// The name of its file.
    pub file: String,
    /// The file's size in bytes.
    pub size: usize,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What became of an import.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictReport {
    /// The instance that imports.
    pub consumer: String,
    /// The import's name.
    pub import: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Outcome {
    /// Another instance provides it.
    Wired {
        /// The instance.
        provider: String,
        /// Its export.
        export: String,
        /// How the two were matched.
        matched: Matched,
    },
    /// The host is to provide it.
    Host {
        /// The name of the result's import.
        #[serde(rename = "as")]
        name: String,
    },
    /// It holds only types, and is satisfied inside.
    TypesOnly,
    /// It holds only types, and is an import of the result because an open import
    /// or an export mentions them. A host supplies nothing for it.
    TypesKept {
        /// The name of the result's import.
        #[serde(rename = "as")]
        name: String,
    },
}

/// How an import and an export were matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matched {
    /// By the same name.
    Exact,
    /// By versions of one semver track.
    Track,
    /// By the interface that one side implements under a name of its own.
    Implements,
    /// By the user's choice.
    Link,
}

/// An import of the result.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// Its name.
    pub name: String,
    /// The instances that need it.
    pub needed_by: Vec<String>,
    /// Whether it holds only types, so that a host supplies nothing.
    pub types_only: bool,
}

/// An export of the result.
#[derive(Clone, Debug, Serialize)]
pub struct ExportReport {
    /// Its name.
    pub name: String,
    /// The instance it comes from.
    pub from: String,
    /// The export's name there.
    pub export: String,
    /// The exported interface that uses its types, if that is why it is exported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<String>,
}
