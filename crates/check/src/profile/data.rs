//! What a profile file says, and the reading of it: unknown keys, unknown
//! sources and malformed patterns are refused with their place.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use joggle_diag::{closest, source};
use serde::Deserialize;
use toml::Spanned;

use crate::profile::error::ProfileError;
use crate::profile::pattern::Pattern;

/// What a platform takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// The name to ask for it by.
    pub name: String,
    /// The platform, with its version.
    pub title: String,
    /// The day on which the facts were looked up, `YYYY-MM-DD`.
    pub date: String,
    /// What to do with a file of the wrong kind; `{file}` stands for its name.
    pub advice: Option<String>,
    /// Where the facts are from, by a short name.
    #[serde(rename = "source")]
    pub sources: IndexMap<String, Citation>,
    /// What a component must be like; without it, components are not taken.
    pub(crate) component: Option<Rules>,
    /// What a core module must be like; without it, core modules are not taken.
    pub(crate) module: Option<Rules>,
    /// How large a file may be.
    #[serde(default, rename = "limit")]
    pub(crate) limits: Vec<Limit>,
}

/// Where a fact is from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The page.
    pub url: String,
    /// What it is.
    pub title: String,
}

/// What a component or a core module must be like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Rules {
    pub export: Option<ExportRule>,
    /// What may be imported; anything else may not.
    #[serde(default, rename = "import")]
    pub imports: Vec<ImportRule>,
    /// What may not be imported, with a reason better than "it is not offered".
    #[serde(default, rename = "forbid")]
    pub forbidden: Vec<ForbidRule>,
    /// What says so.
    pub source: Spanned<String>,
}

/// Which exports the platform calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExportRule {
    /// At least one of these.
    pub one_of: Vec<Spanned<Pattern>>,
    /// Whether a second one of them is refused.
    #[serde(default)]
    pub only_one: bool,
    pub source: Spanned<String>,
}

/// Imports that the platform offers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ImportRule {
    pub names: Vec<Spanned<Pattern>>,
    /// What has to be done so that they are there.
    pub note: Option<String>,
    pub source: Spanned<String>,
}

/// Imports that the platform refuses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ForbidRule {
    pub names: Vec<Spanned<Pattern>>,
    pub reason: String,
    pub source: Spanned<String>,
}

/// How large a file may be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Limit {
    pub of: Measure,
    pub bytes: u64,
    pub note: Option<String>,
    pub source: Spanned<String>,
}

/// What of a file is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Measure {
    /// The file as it is.
    File,
    /// The file after `gzip`.
    Gzip,
}

impl Profile {
    /// Reads a profile; `name` is how its file is shown.
    pub fn parse(name: &str, text: &str) -> Result<Profile, ProfileError> {
        let wrong = |message: String, at: Range<usize>, help: String| ProfileError::Syntax {
            name: name.to_owned(),
            message,
            help,
            text: Arc::new(source(name, text)),
            at: at.into(),
        };
        let profile: Profile = toml::from_str(text).map_err(|error| {
            let message = error.message().to_owned();
            let help = advice(&message);
            wrong(message, error.span().unwrap_or_default(), help)
        })?;
        if profile.component.is_none() && profile.module.is_none() {
            let message = "it takes neither components nor core modules".to_owned();
            let help = "add a table `[component]` or `[module]`, or both".to_owned();
            return Err(wrong(message, 0..0, help));
        }
        for cited in profile.cited() {
            if !profile.sources.contains_key(cited.get_ref()) {
                let message = format!("there is no source `{}`", cited.get_ref());
                let known = profile.sources.keys().map(String::as_str);
                let help = match closest(cited.get_ref(), known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add it: [source.{}] with `url` and `title`", cited.get_ref()),
                };
                return Err(wrong(message, cited.span(), help));
            }
        }
        Ok(profile)
    }

    /// Every mention of a source.
    fn cited(&self) -> Vec<&Spanned<String>> {
        let mut cited: Vec<&Spanned<String>> = self.limits.iter().map(|l| &l.source).collect();
        for rules in self.component.iter().chain(&self.module) {
            cited.push(&rules.source);
            cited.extend(rules.export.iter().map(|rule| &rule.source));
            cited.extend(rules.imports.iter().map(|rule| &rule.source));
            cited.extend(rules.forbidden.iter().map(|rule| &rule.source));
        }
        cited
    }

    /// The page behind a mention of a source.
    pub(crate) fn url(&self, cited: &Spanned<String>) -> String {
        self.sources.get(cited.get_ref()).map(|found| found.url.clone()).unwrap_or_default()
    }
}

/// What to do about a mistake that the TOML reader found.
fn advice(message: &str) -> String {
    // "unknown field `nmae`, expected one of `name`, `title`, …"
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let wrong = quoted.next().unwrap_or_default();
        if let Some(near) = closest(wrong, quoted) {
            return format!("did you mean `{near}`?");
        }
    }
    "docs/validating.md says what a profile holds".to_owned()
}
