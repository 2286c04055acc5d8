//! A file against a profile: everything that the platform has against it, and
//! what has to be done so that the platform takes it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use joggle_diag::{quoted_list, visible_name};
use joggle_load::{Artifact, Wit};
use joggle_relate::name::ExternName;
use toml::Spanned;

use crate::profile::data::{ExportRule, ImportRule, Limit, Measure, Rules};
use crate::profile::pattern::Pattern;
use crate::profile::surface::Surface;
use crate::profile::{Objection, Profile};
use crate::world::{Misfit, World, fit, lacks};

/// What a platform says to a file.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Why it does not take the file; nothing if it does.
    pub objections: Vec<Objection>,
    /// What has to be done so that it does, such as a flag to be set.
    pub notes: Vec<String>,
}

/// Asks a profile about a file. `outside` is the world of a component, whose types are
/// compared with those of WASI; without it, names have to do.
#[must_use]
pub fn check(profile: &Profile, artifact: &Artifact, outside: Option<&World>) -> Verdict {
    let mut verdict = Verdict::default();
    let surface = match Surface::of(artifact) {
        Ok(surface) => surface,
        Err(wit) => {
            verdict.objections.push(not_for_running(profile, wit));
            return verdict;
        }
    };
    let rules = if surface.is_component { &profile.component } else { &profile.module };
    match rules {
        Some(rules) => {
            verdict.objections.extend(exports(profile, rules, &surface));
            imports(profile, rules, &surface, &mut verdict);
            let outside = outside.filter(|_| surface.is_component);
            verdict.objections.extend(outside.into_iter().flat_map(|w| types(profile, rules, w)));
        }
        None => verdict.objections.push(wrong_kind(profile, &surface)),
    }
    let sizes = profile.limits.iter().filter_map(|limit| size(profile, limit, &surface));
    verdict.objections.extend(sizes);
    verdict
}

fn not_for_running(profile: &Profile, wit: &Wit) -> Objection {
    let (wanted, rules) = match (&profile.component, &profile.module) {
        (Some(rules), _) => ("components", Some(rules)),
        (None, rules) => ("core modules", rules.as_ref()),
    };
    Objection::Kind {
        title: profile.title.clone(),
        wanted,
        file: wit.name.clone(),
        kind: "WIT",
        help: "build a program from it first".to_owned(),
        url: rules.map(|rules| profile.url(&rules.source)).unwrap_or_default(),
    }
}

fn wrong_kind(profile: &Profile, surface: &Surface<'_>) -> Objection {
    let file = surface.binary.name.clone();
    let (wanted, kind, other) = if surface.is_component {
        ("core modules", "a component", &profile.module)
    } else {
        ("components", "a core module", &profile.component)
    };
    let help = match &profile.advice {
        Some(advice) => advice.replace("{file}", &file),
        None => format!("build it as one of the {wanted} that the platform takes"),
    };
    let url = other.as_ref().map(|rules| profile.url(&rules.source)).unwrap_or_default();
    Objection::Kind { title: profile.title.clone(), wanted, file, kind, help, url }
}

fn exports(profile: &Profile, rules: &Rules, surface: &Surface<'_>) -> Option<Objection> {
    let rule = rules.export.as_ref()?;
    let called: Vec<&str> = surface
        .exports
        .iter()
        .map(String::as_str)
        .filter(|name| rule.one_of.iter().any(|pattern| pattern.get_ref().matches(name)))
        .collect();
    let (file, title) = (surface.binary.name.clone(), profile.title.clone());
    let url = profile.url(&rule.source);
    match called.as_slice() {
        [] => {
            let help = export_help(rule, surface);
            Some(Objection::NoExport { file, title, help, url })
        }
        [one, .., _] if rule.only_one => {
            let help = format!(
                "hide all but one of them, for example: \
                 joggle compose {file} --hide {one} -o app.wasm"
            );
            let exports = quoted_list(called.iter().copied());
            Some(Objection::SeveralExports { file, title, exports, help, url })
        }
        _ => None,
    }
}

/// What to do when nothing is exported that the platform calls.
fn export_help(rule: &ExportRule, surface: &Surface<'_>) -> String {
    let patterns = || rule.one_of.iter().map(Spanned::get_ref);
    let covered =
        |name: &&String| patterns().any(|pattern| pattern.covers(ExternName::parse(name).base()));
    if let Some(near) = surface.exports.iter().find(covered) {
        return format!("it exports `{near}`, whose version the platform does not know");
    }
    let wanted: Vec<String> = patterns().map(Pattern::to_string).collect();
    match (wanted.as_slice(), surface.is_component) {
        ([one], true) => {
            format!("export it in the world that the component is built from: export {one};")
        }
        (_, true) => format!(
            "export one of these in the world that the component is built from:\n  {}",
            wanted.join("\n  ")
        ),
        (_, false) => format!("export a function with the name {}", wanted.join(" or ")),
    }
}

/// Whatever has the name of an interface of WASI must have its types: a platform
/// looks for both.
pub(super) fn types(profile: &Profile, rules: &Rules, outside: &World) -> Vec<Objection> {
    let offered = |name: &str| {
        let forbidden = rules.forbidden.iter().flat_map(|rule| &rule.names);
        !forbidden.map(Spanned::get_ref).any(|pattern| pattern.matches(name))
            && rules.imports.iter().any(|rule| offers(rule, name))
    };
    let called = |name: &str| {
        let patterns = rules.export.iter().flat_map(|rule| &rule.one_of);
        patterns.map(Spanned::get_ref).any(|pattern| pattern.matches(name))
    };
    let Some(wasi) = World::of_platform(&profile.title, outside, offered, called) else {
        return Vec::new();
    };
    // What one of the two has alone is told by its name.
    let mismatch = |misfit| match misfit {
        Misfit::Mismatch(mismatch) => Some(Objection::Types(mismatch)),
        Misfit::MissingExport(_) | Misfit::UnofferedImports(_) => None,
    };
    fit(outside, &wasi).into_iter().filter_map(mismatch).collect()
}

/// Whether a rule offers an import. Patterns such as `wasi:cli/*@0.2` mean the
/// interfaces that there are.
fn offers(rule: &ImportRule, import: &str) -> bool {
    let mut patterns = rule.names.iter().map(Spanned::get_ref);
    patterns.any(|p| p.matches(import) && (p.is_anything() || !p.is_open() || !lacks(import)))
}

fn imports(profile: &Profile, rules: &Rules, surface: &Surface<'_>, verdict: &mut Verdict) {
    let (file, title) = (&surface.binary.name, &profile.title);
    let mut noted: Vec<(&str, Vec<&str>)> = Vec::new();
    for import in &surface.imports {
        let meant = |names: &[Spanned<Pattern>]| names.iter().any(|p| p.get_ref().matches(import));
        if let Some(rule) = rules.forbidden.iter().find(|rule| meant(&rule.names)) {
            verdict.objections.push(Objection::Forbidden {
                file: file.clone(),
                title: title.clone(),
                import: visible_name(import),
                reason: rule.reason.clone(),
                help: provide(surface),
                url: profile.url(&rule.source),
            });
        } else if let Some(rule) = rules.imports.iter().find(|rule| offers(rule, import)) {
            let Some(note) = &rule.note else { continue };
            match noted.iter_mut().find(|(known, _)| known == note) {
                Some((_, imports)) => imports.push(import),
                None => noted.push((note, vec![import])),
            }
        } else {
            verdict.objections.push(Objection::Imports {
                file: file.clone(),
                title: title.clone(),
                imports: vec![visible_name(import)],
                help: import_help(rules, surface, import),
                url: profile.url(&rules.source),
            });
        }
    }
    verdict.notes.extend(noted.iter().map(|(note, imports)| match imports.as_slice() {
        [one] => format!("{note} (for `{}`)", visible_name(one)),
        [one, rest @ ..] => {
            format!("{note} (for `{}` and {} more)", visible_name(one), rest.len())
        }
        [] => (*note).to_owned(),
    }));
}

fn import_help(rules: &Rules, surface: &Surface<'_>, import: &str) -> String {
    if lacks(import) {
        return "stable WASI has nothing of that name: look for a misspelling".to_owned();
    }
    let base = ExternName::parse(import);
    let patterns = rules.imports.iter().flat_map(|rule| &rule.names).map(Spanned::get_ref);
    let others: Vec<String> =
        patterns.filter(|pattern| pattern.covers(base.base())).map(Pattern::to_string).collect();
    if others.is_empty() {
        return provide(surface);
    }
    let others = quoted_list(others.iter().map(String::as_str));
    format!("the platform offers {others}: build against a version that it has")
}

fn provide(surface: &Surface<'_>) -> String {
    let file = &surface.binary.name;
    if surface.is_component {
        format!(
            "link a component that has what is missing: \
             joggle compose {file} PROVIDER.wasm -o app.wasm\n\
             or build without it"
        )
    } else {
        "build without it, or link what is missing into the module".to_owned()
    }
}

fn size(profile: &Profile, limit: &Limit, surface: &Surface<'_>) -> Option<Objection> {
    let bytes: &[u8] = &surface.binary.bytes;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    // Packing takes long, and makes nothing larger that is worth packing.
    if length <= limit.bytes {
        return None;
    }
    let (size, packed) = match limit.of {
        Measure::File => (length, ""),
        Measure::Gzip => (packed(bytes), " after gzip"),
    };
    (size > limit.bytes).then(|| Objection::Size {
        file: surface.binary.name.clone(),
        size,
        packed,
        title: profile.title.clone(),
        limit: limit.bytes,
        note: limit.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default(),
        help: "build with optimisation for size and without debug information: \
               wasm-tools strip removes it from a finished file"
            .to_owned(),
        url: profile.url(&limit.source),
    })
}

/// How many bytes `gzip` makes of these.
fn packed(bytes: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Count(0), Compression::default());
    // Counting cannot fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_or(u64::MAX, |count| count.0)
}

/// A writer that only counts.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
