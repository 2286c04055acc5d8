//! `compose.toml`: everything that the command line can say, and named
//! instances, several of one component, and exports collected from several.
//!
//! The file is read elsewhere; here is what it means. Its schema stands in
//! `docs/compose-toml.md`.

mod places;
mod print;

use indexmap::IndexMap;
use joggle_diag::{Source, closest, quoted_list, source};
use miette::{Diagnostic, SourceSpan};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use crate::options::{ExportSpec, ImportSpec, Link, Options};
pub use places::Places;
pub use print::print;

/// What a manifest says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Where the result goes, relative to the manifest.
    pub output: Option<String>,
    /// Components by name, with their paths relative to the manifest.
    pub inputs: Vec<(String, String)>,
    /// Instances by name, each with the name of its input.
    pub instances: Vec<(String, String)>,
    /// Everything else.
    pub options: Options,
    /// Where it uses names that only the inputs can settle.
    pub places: Option<Places>,
}

/// One thing that is wrong with a manifest.
#[derive(Debug, Error, Diagnostic)]
pub enum Finding {
    /// Not TOML, or not the fields that a manifest has.
    #[error("{message}")]
    #[diagnostic(
        code("compose::manifest-syntax"),
        help("docs/compose-toml.md describes every field")
    )]
    Syntax {
        /// The parser's words.
        message: String,
        /// The manifest.
        #[source_code]
        text: Source,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },
    /// A link, export or import that is not written as it should be.
    #[error("{message}")]
    #[diagnostic(code("compose::manifest-form"), help("{advice}"))]
    Form {
        /// What form it should have.
        message: String,
        /// An example.
        advice: String,
        /// The manifest.
        #[source_code]
        text: Source,
        /// Where.
        #[label("not of that form")]
        at: SourceSpan,
    },
    /// An input of which no instance is made.
    #[error("no instance of `{name}` is made")]
    #[diagnostic(
        code("compose::manifest-idle-input"),
        help("make one under [instances]: {name} = \"{name}\", or take the input out")
    )]
    Idle {
        /// The input.
        name: String,
        /// The manifest.
        #[source_code]
        text: Source,
        /// Where.
        #[label("never instantiated")]
        at: SourceSpan,
    },
    /// A name that stands for no instance or input.
    #[error("there is no {kind} named `{name}`")]
    #[diagnostic(code("compose::manifest-name"), help("{advice}"))]
    Name {
        /// `instance` or `input`.
        kind: &'static str,
        /// The name.
        name: String,
        /// What may be meant.
        advice: String,
        /// The manifest.
        #[source_code]
        text: Source,
        /// Where.
        #[label("not declared")]
        at: SourceSpan,
    },
}

impl Finding {
    fn offset(&self) -> usize {
        match self {
            Finding::Syntax { at, .. }
            | Finding::Form { at, .. }
            | Finding::Name { at, .. }
            | Finding::Idle { at, .. } => at.offset(),
        }
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    output: Option<String>,
    #[serde(default)]
    inputs: IndexMap<Spanned<String>, String>,
    #[serde(default)]
    instances: IndexMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    links: IndexMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    leave: Vec<Spanned<String>>,
    #[serde(default)]
    roots: Vec<Spanned<String>>,
    #[serde(default)]
    exports: IndexMap<String, Spanned<String>>,
    #[serde(default)]
    hide: Vec<Spanned<String>>,
    #[serde(default)]
    renames: IndexMap<Spanned<String>, String>,
    #[serde(default)]
    allow_unused: bool,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    allow_imports: Vec<String>,
}

/// Reads a manifest; `name` is what it is called in diagnostics.
pub fn parse(name: &str, text: &str) -> Result<Manifest, Vec<Finding>> {
    let text = source(name, text);
    let raw: Raw = toml::from_str(text.inner()).map_err(|error| {
        let at = error.span().unwrap_or_default();
        vec![Finding::Syntax {
            message: error.message().to_owned(),
            text: text.clone(),
            at: at.into(),
        }]
    })?;
    let places = Places::new(text.clone());
    let mut reading = Reading { names: names(&raw), text, places, findings: Vec::new() };
    let mut manifest = reading.manifest(&raw);
    manifest.places = Some(reading.places);
    reading.findings.sort_by_key(Finding::offset);
    if reading.findings.is_empty() { Ok(manifest) } else { Err(reading.findings) }
}

/// Names of instances; without any, each input is one.
fn names(raw: &Raw) -> Vec<String> {
    if raw.instances.is_empty() {
        raw.inputs.keys().map(|name| name.get_ref().clone()).collect()
    } else {
        raw.instances.keys().map(|name| name.get_ref().clone()).collect()
    }
}

struct Reading {
    text: Source,
    places: Places,
    names: Vec<String>,
    findings: Vec<Finding>,
}

impl Reading {
    fn manifest(&mut self, raw: &Raw) -> Manifest {
        let inputs: Vec<String> = raw.inputs.keys().map(|name| name.get_ref().to_owned()).collect();
        for name in raw.inputs.keys().chain(raw.instances.keys()) {
            self.addressable(name);
        }
        for input in raw.inputs.keys().filter(|_| !raw.instances.is_empty()) {
            self.instantiated(input, raw);
        }
        for input in raw.instances.values() {
            self.known("input", input.get_ref(), input, &inputs);
        }
        Manifest {
            output: raw.output.clone(),
            inputs: raw
                .inputs
                .iter()
                .map(|(name, path)| (name.get_ref().clone(), path.clone()))
                .collect(),
            instances: raw
                .instances
                .iter()
                .map(|(name, input)| (name.get_ref().clone(), input.get_ref().clone()))
                .collect(),
            options: Options {
                links: raw.links.iter().filter_map(|(i, p)| self.link(i, p)).collect(),
                leave: raw.leave.iter().filter_map(|spec| self.import(spec)).collect(),
                roots: raw.roots.iter().filter_map(|root| self.instance(root)).collect(),
                exports: raw.exports.iter().filter_map(|(to, at)| self.export(to, at)).collect(),
                hide: raw.hide.iter().filter_map(|spec| self.own_export(spec, None)).collect(),
                renames: raw
                    .renames
                    .iter()
                    .filter_map(|(old, new)| self.own_export(old, Some(new)))
                    .collect(),
                allow_unused: raw.allow_unused,
                closed: raw.closed,
                allow_imports: raw.allow_imports.clone(),
            },
            places: None,
        }
    }

    /// Links and options must be able to name it.
    fn addressable(&mut self, name: &Spanned<String>) {
        if name.get_ref().is_empty() || name.get_ref().contains([':', '=']) {
            self.findings.push(Finding::Form {
                message: format!("`{}` cannot be a name", name.get_ref()),
                advice: "a name is not empty and holds neither `:` nor `=`".to_owned(),
                text: self.text.clone(),
                at: name.span().into(),
            });
        }
    }

    /// Where instances are named, an input without one would be left out in silence.
    fn instantiated(&mut self, input: &Spanned<String>, raw: &Raw) {
        if raw.instances.values().all(|used| used.get_ref() != input.get_ref()) {
            self.findings.push(Finding::Idle {
                name: input.get_ref().clone(),
                text: self.text.clone(),
                at: input.span().into(),
            });
        }
    }

    fn link(&mut self, import: &Spanned<String>, provider: &Spanned<String>) -> Option<Link> {
        let import_spec = self.import(import)?;
        let written = format!("{}={}", import.get_ref(), provider.get_ref());
        match Link::parse(&written) {
            Ok(link) => {
                let export = link.export.as_ref().unwrap_or(&import_spec.import);
                self.places.add(format!("{}:{export}", link.provider), provider.span());
                let known = self.known_instance(&link.provider, provider);
                known.then_some(Link { import: import_spec, ..link })
            }
            Err(error) => {
                self.form(&error, provider);
                None
            }
        }
    }

    fn import(&mut self, spec: &Spanned<String>) -> Option<ImportSpec> {
        match ImportSpec::parse(spec.get_ref()) {
            Ok(import) => {
                self.places.add(spec.get_ref().clone(), spec.span());
                self.places.add(import.import.clone(), spec.span());
                self.known_instance(&import.consumer, spec).then_some(import)
            }
            Err(error) => {
                self.form(&error, spec);
                None
            }
        }
    }

    /// `"name in the result" = "INSTANCE[:EXPORT]"`.
    fn export(&mut self, to: &str, at: &Spanned<String>) -> Option<ExportSpec> {
        let (from, export) = match at.get_ref().split_once(':') {
            Some((from, export)) => (from, export),
            None => (at.get_ref().as_str(), to),
        };
        self.places.add(format!("{from}:{export}"), at.span());
        self.known_instance(from, at).then(|| ExportSpec {
            from: Some(from.to_owned()),
            export: export.to_owned(),
            to: Some(to.to_owned()),
        })
    }

    fn own_export(&mut self, spec: &Spanned<String>, to: Option<&String>) -> Option<ExportSpec> {
        match ExportSpec::parse(spec.get_ref(), &self.names, false) {
            Ok(export) => {
                self.places.add(spec.get_ref().clone(), spec.span());
                self.places.add(export.export.clone(), spec.span());
                Some(ExportSpec { to: to.cloned(), ..export })
            }
            Err(error) => {
                self.form(&error, spec);
                None
            }
        }
    }

    fn instance(&mut self, name: &Spanned<String>) -> Option<String> {
        self.known_instance(name.get_ref(), name).then(|| name.get_ref().clone())
    }

    fn known_instance(&mut self, name: &str, at: &Spanned<String>) -> bool {
        let names = self.names.clone();
        self.known("instance", name, at, &names)
    }

    fn known(
        &mut self,
        kind: &'static str,
        name: &str,
        at: &Spanned<String>,
        names: &[String],
    ) -> bool {
        if names.iter().any(|n| n == name) {
            return true;
        }
        let all = || names.iter().map(String::as_str);
        let advice = match closest(name, all()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => format!("declare it under [{kind}s]"),
            None => format!("declared are {}", quoted_list(all())),
        };
        self.findings.push(Finding::Name {
            kind,
            name: name.to_owned(),
            advice,
            text: self.text.clone(),
            at: at.span().into(),
        });
        false
    }

    fn form(&mut self, error: &crate::options::FormError, at: &Spanned<String>) {
        let advice = error.help().map(|h| h.to_string()).unwrap_or_default();
        self.findings.push(Finding::Form {
            message: error.to_string(),
            advice,
            text: self.text.clone(),
            at: at.span().into(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_said() {
        let manifest = parse(
            "compose.toml",
            r#"
            output = "app.wasm"
            closed = true
            allow-imports = ["wasi:*"]
            hide = ["cli:init"]

            [inputs]
            store = "store.wasm"
            cli = "cli.wasm"

            [instances]
            primary = "store"
            backup = "store"
            cli = "cli"

            [links]
            "cli:first" = "primary:example:kv/store"
            "cli:second" = "backup:example:kv/store"

            [exports]
            "wasi:cli/run@0.2.0" = "cli"
            main = "primary:example:kv/store"

            [renames]
            "cli:old" = "new"
            "#,
        )
        .expect("the manifest is well-formed");
        assert_eq!(manifest.instances.len(), 3);
        assert_eq!(manifest.options.links[1].provider, "backup");
        assert_eq!(manifest.options.exports[1].export, "example:kv/store");
        assert_eq!(manifest.options.hide[0].from.as_deref(), Some("cli"));
        assert_eq!(manifest.options.renames[0].to.as_deref(), Some("new"));
        assert!(manifest.options.closed && !manifest.options.allow_unused);
    }

    #[test]
    fn every_wrong_name_is_found_at_its_place() {
        let text = "[inputs]\ncalc = \"calc.wasm\"\n[links]\n\"cli:a\" = \"calc\"\n\"calc:a\" = \"clac\"\n";
        let found = parse("compose.toml", text).expect_err("two names are unknown");
        let names: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["there is no instance named `cli`", "there is no instance named `clac`"]
        );
        let Finding::Name { at, .. } = &found[1] else { panic!("a wrong name") };
        assert_eq!(&text[at.offset()..at.offset() + at.len()], "\"clac\"");
    }

    #[test]
    fn an_unknown_field_is_found() {
        let found =
            parse("compose.toml", "output = 'a'\nroot = ['x']\n").expect_err("no such field");
        assert!(found[0].to_string().contains("unknown field `root`"));
    }
}
