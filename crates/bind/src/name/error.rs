//! What can be wrong with the user's table of names. Collisions among names of WIT are no errors:
//! `scope` settles them.

use joggle_diag::Source;
use miette::{Diagnostic, SourceSpan};

/// A line of the rename table that cannot be followed.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
pub enum NameError {
    /// A pattern fits nothing in the world.
    #[error("nothing in this world is named `{pattern}`")]
    #[diagnostic(code("name::unused-rename"), help("{help}"))]
    UnusedRename {
        /// As the user wrote it.
        pattern: String,
        /// The file that has the table.
        #[source_code]
        source_code: Source,
        /// The pattern in it.
        #[label("fits no item")]
        at: SourceSpan,
        /// What was meant, or how to find out.
        help: String,
    },
    /// What the user asks for cannot stand in the language.
    #[error("`{symbol}` is no identifier in {language}")]
    #[diagnostic(code("name::not-an-identifier"), help("{help}"))]
    NotAnIdentifier {
        /// As the user wrote it.
        symbol: String,
        /// The language, as its users write it.
        language: &'static str,
        /// The file that has the table.
        #[source_code]
        source_code: Source,
        /// The identifier in it.
        #[label("should be the new name")]
        at: SourceSpan,
        /// Why, and what is one.
        help: String,
    },
    /// What the user asks for is the name of something else in the same place.
    #[error("`{path}` cannot be renamed to `{symbol}`: {holder} has that name")]
    #[diagnostic(code("name::rename-collides"), help("{help}"))]
    RenameCollides {
        /// The item.
        path: String,
        /// As the user wrote it.
        symbol: String,
        /// Who has the name.
        holder: String,
        /// The file that has the table.
        #[source_code]
        source_code: Source,
        /// The identifier in it.
        #[label("taken")]
        at: SourceSpan,
        /// What to do.
        help: String,
    },
}

impl NameError {
    pub(super) fn offset(&self) -> usize {
        match self {
            NameError::UnusedRename { at, .. }
            | NameError::NotAnIdentifier { at, .. }
            | NameError::RenameCollides { at, .. } => at.offset(),
        }
    }
}
