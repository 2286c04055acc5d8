//! What the user chose: links, the host's share, exports. The command line and
//! `compose.toml` both become these.

/// An import of a named input: `cli:myapp:core/calculator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSpec {
    /// The consumer's name.
    pub consumer: String,
    /// The import's name; a version may be left out where that is unambiguous.
    pub import: String,
}

/// `CONSUMER:IMPORT=PROVIDER[:EXPORT]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which import.
    pub import: ImportSpec,
    /// The provider's name.
    pub provider: String,
    /// The provider's export, where its name differs from the import's.
    pub export: Option<String>,
}

/// `[NAME:]EXPORT[=AS]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSpec {
    /// The input it comes from, where more than one has it.
    pub from: Option<String>,
    /// The export's name in that input.
    pub export: String,
    /// Its name in the result, where that differs.
    pub to: Option<String>,
}

/// Everything that can be chosen about a composition.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Wires that are settled by hand.
    pub links: Vec<Link>,
    /// Imports that are the host's, whoever else may provide them.
    pub leave: Vec<ImportSpec>,
    /// Inputs whose exports are the result's; empty for those that nobody consumes.
    pub roots: Vec<String>,
    /// Exports of the result, named one by one; empty for all those of the roots.
    pub exports: Vec<ExportSpec>,
    /// Exports to leave out.
    pub hide: Vec<ExportSpec>,
    /// Exports to give another name.
    pub renames: Vec<ExportSpec>,
    /// Leave out an input that nothing joins to the others, instead of refusing.
    pub allow_unused: bool,
    /// Refuse imports that are left to the host.
    pub closed: bool,
    /// Globs of imports that `closed` lets pass.
    pub allow_imports: Vec<String>,
}

/// An option that does not have the form it should have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{text}` is not of the form `{form}`")]
#[diagnostic(code("compose::option-form"), help("for example: {example}"))]
pub struct FormError {
    text: String,
    form: &'static str,
    example: &'static str,
}

impl ImportSpec {
    /// Reads `CONSUMER:IMPORT`.
    pub fn parse(text: &str) -> Result<ImportSpec, FormError> {
        match text.split_once(':') {
            Some((consumer, import)) if !consumer.is_empty() && !import.is_empty() => {
                Ok(ImportSpec { consumer: consumer.to_owned(), import: import.to_owned() })
            }
            Some(_) | None => Err(FormError {
                text: text.to_owned(),
                form: "CONSUMER:IMPORT",
                example: "cli:myapp:core/calculator",
            }),
        }
    }
}

impl Link {
    /// Reads `CONSUMER:IMPORT=PROVIDER[:EXPORT]`.
    pub fn parse(text: &str) -> Result<Link, FormError> {
        let wrong = || FormError {
            text: text.to_owned(),
            form: "CONSUMER:IMPORT=PROVIDER[:EXPORT]",
            example: "cli:myapp:core/calculator=calc",
        };
        let (import, provider) = text.split_once('=').ok_or_else(wrong)?;
        let import = ImportSpec::parse(import).map_err(|_| wrong())?;
        let (provider, export) = match provider.split_once(':') {
            Some((provider, export)) => (provider, Some(export.to_owned())),
            None => (provider, None),
        };
        if provider.is_empty() || export.as_deref() == Some("") {
            return Err(wrong());
        }
        Ok(Link { import, provider: provider.to_owned(), export })
    }
}

impl ExportSpec {
    /// Reads `EXPORT` or `NAME:EXPORT`, with `=AS` behind it where `renames` says so.
    ///
    /// `names` are the inputs': `a:b/c` is an export of the input `a` if there is one.
    pub fn parse(text: &str, names: &[String], renames: bool) -> Result<ExportSpec, FormError> {
        let wrong = || FormError {
            text: text.to_owned(),
            form: if renames { "[NAME:]OLD=NEW" } else { "[NAME:]EXPORT" },
            example: if renames { "run=start" } else { "calc:myapp:core/calculator" },
        };
        let (old, to) = match text.split_once('=') {
            Some((old, to)) if renames && !to.is_empty() => (old, Some(to.to_owned())),
            None if !renames => (text, None),
            Some(_) | None => return Err(wrong()),
        };
        if old.is_empty() {
            return Err(wrong());
        }
        let (from, export) = match old.split_once(':') {
            Some((name, export)) if names.iter().any(|n| n == name) => {
                (Some(name.to_owned()), export)
            }
            Some(_) | None => (None, old),
        };
        Ok(ExportSpec { from, export: export.to_owned(), to })
    }
}

/// Whether `name` fits `glob`, in which `*` stands for any run of characters.
pub(crate) fn glob_fits(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(first) = parts.next() else { return name.is_empty() };
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let middle: &str = middle;
            let Some(at) = rest.find(middle) else { return false };
            rest = &rest[at + middle.len()..];
        }
    }
    match last {
        None => rest.is_empty(),
        Some(end) => rest.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read() {
        let link = Link::parse("cli:a:b/c@1.0.0=calc:a:b/c@1.2.0").expect("well-formed");
        assert_eq!(link.import.consumer, "cli");
        assert_eq!(link.import.import, "a:b/c@1.0.0");
        assert_eq!(link.provider, "calc");
        assert_eq!(link.export.as_deref(), Some("a:b/c@1.2.0"));
        for bad in ["cli=calc", "cli:=calc", "cli:a", "cli:a=", "cli:a=b:"] {
            assert!(Link::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_export_may_name_its_input() {
        let names = ["calc".to_owned()];
        let own = ExportSpec::parse("calc:a:b/c", &names, false).expect("well-formed");
        assert_eq!((own.from.as_deref(), own.export.as_str()), (Some("calc"), "a:b/c"));
        let any = ExportSpec::parse("a:b/c=d", &names, true).expect("well-formed");
        assert_eq!((any.from, any.export.as_str(), any.to.as_deref()), (None, "a:b/c", Some("d")));
    }

    #[test]
    fn globs() {
        assert!(glob_fits("wasi:*", "wasi:cli/run@0.2.0"));
        assert!(glob_fits("*", ""));
        assert!(glob_fits("a*b*c", "a-b-b-c"));
        assert!(!glob_fits("a*b", "a-b-c"));
        assert!(!glob_fits("wasi", "wasi:cli"));
    }
}
