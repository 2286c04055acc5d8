//! Parses and resolves one package with everything that it needs, and goes on
//! after a mistake: the mistake is noted, mended in the copy of its file, and
//! everything is parsed again, a bounded number of times. What a mistake means
//! and how it is mended is left to the modules that make a [`Finding`].

use std::collections::BTreeSet;
use std::ops::Range;

use joggle_diag::source;
use miette::LabeledSpan;
use wit_parser::{
    PackageId, PackageName, ParseError, ParseErrorKind, Resolve, ResolveError, ResolveErrorKind,
    SourceMap, Span, UnresolvedPackage, UnresolvedPackageGroup,
};

use crate::bundle;
use crate::wit::attributes::{contradiction, unreleased};
use crate::wit::finding::{Finding, drop_statement};
use crate::wit::folder::Sources;
use crate::wit::lookup::{self, Package};
use crate::wit::packages::{self, Known};
use crate::wit::problem::{ProblemKind, WitError, WitProblem};
use crate::wit::syntax;
use crate::wit::text::{Edit, blanks};
use crate::wit::tokens::View;

/// How many mistakes are told.
const MOST_PROBLEMS: usize = 50;
/// How often a package is parsed. Some mistakes take two rounds, and are told once.
const MOST_ROUNDS: usize = 150;

/// Resolves a package, or tells everything that is wrong with it.
pub(crate) fn resolve(sources: Sources) -> Result<(Resolve, PackageId), WitError> {
    let mut session = Session {
        sources,
        problems: Vec::new(),
        seen: BTreeSet::new(),
        lost: BTreeSet::new(),
        rounds: 0,
        incomplete: false,
    };
    loop {
        // Every group has its say, even when one of them is beyond mending.
        let count = session.sources.groups.len();
        let parsed: Vec<_> = (0..count).map(|group| session.parse(group)).collect();
        let Some(groups) = parsed.into_iter().collect::<Option<Vec<_>>>() else {
            return Err(session.finish());
        };
        // Beyond this point every file is well-formed by itself.
        match session.link(groups) {
            Ok(done) if session.problems.is_empty() => return Ok(done),
            Err(true) => {}
            Ok(_) | Err(false) => return Err(session.finish()),
        }
    }
}

/// A file: which group, and which file of it.
type FileId = (usize, usize);

struct Session {
    sources: Sources,
    problems: Vec<(FileId, usize, WitProblem)>,
    seen: BTreeSet<(FileId, usize, String)>,
    lost: BTreeSet<String>,
    rounds: usize,
    incomplete: bool,
}

impl Session {
    /// Parses the files of one package, mending them until they parse.
    fn parse(&mut self, group: usize) -> Option<UnresolvedPackageGroup> {
        loop {
            self.rounds += 1;
            if self.rounds > MOST_ROUNDS {
                self.incomplete = true;
                return None;
            }
            if let Some((file, finding)) = self.contradiction(group) {
                if self.take((group, file), finding) {
                    continue;
                }
                return None;
            }
            let mut map = SourceMap::new();
            for text in &self.sources.groups[group] {
                map.push_str(&text.name, text.current.as_str());
            }
            let (map, error) = match map.parse() {
                Ok(parsed) => return Some(parsed),
                Err(failed) => failed,
            };
            let (file, range) = self.locate_in(group, &map, error.kind().span());
            let finding = self.parse_finding(group, file, range, &error);
            if !self.take((group, file), finding) {
                return None;
            }
        }
    }

    fn contradiction(&self, group: usize) -> Option<(usize, Finding)> {
        let files = self.sources.groups[group].iter().enumerate();
        files
            .filter(|(_, text)| text.current.contains('@'))
            .find_map(|(file, text)| Some((file, contradiction(&View::new(&text.current))?)))
    }

    /// Where a span is: the file of the group, and the range in its mended copy.
    fn locate_in(&self, group: usize, map: &SourceMap, span: Span) -> (usize, Range<usize>) {
        let place = map.resolve_span(span);
        let found = place.and_then(|place| {
            let files = &self.sources.groups[group];
            let file = files.iter().position(|text| text.name == place.path)?;
            Some((file, place.range))
        });
        found.unwrap_or((0, 0..0))
    }

    fn parse_finding(
        &self,
        group: usize,
        file: usize,
        range: Range<usize>,
        error: &ParseError,
    ) -> Finding {
        let views: Vec<View<'_>> =
            self.sources.groups[group].iter().map(|text| View::new(&text.current)).collect();
        let view = &views[file];
        let package = Package { view, all: &views };
        match error.kind() {
            ParseErrorKind::ItemNotFound { name, kind, .. } if kind == "name" || kind == "type" => {
                lookup::name(&package, range, name)
            }
            ParseErrorKind::ItemNotFound { name, .. } => lookup::item(&package, range, name),
            ParseErrorKind::TypeCycle { name, kind, .. } => {
                let index = view.at(range.start);
                Finding::new(ProblemKind::Cycle, format!("the {kind} `{name}` needs itself"))
                    .label(view.span(index), "part of the circle")
                    .help(if kind == "type" {
                        "break the circle: values have a finite size, so refer to the other one \
                         by an index, or make it a `resource`"
                    } else {
                        "move what both need into an interface of its own"
                    })
                    .without_statement(view, index)
            }
            ParseErrorKind::Syntax { span, message } if !span.is_known() => {
                no_package(view, message)
            }
            ParseErrorKind::Syntax { message, .. } if message.starts_with("package identifier") => {
                package_mismatch(view, range, message)
            }
            kind => syntax::syntax(view, range.start, &kind.to_string()),
        }
    }

    /// Puts the parsed packages together. `Err(true)` is worth another round.
    fn link(&mut self, groups: Vec<UnresolvedPackageGroup>) -> Result<(Resolve, PackageId), bool> {
        let mut resolve = self.sources.features.resolve();
        for (name, binary) in &self.sources.binaries {
            if let Err(error) = resolve.merge(binary.clone()) {
                let problem = problem_without_place(name, format!("{error:#}"));
                self.problems.push(((usize::MAX, 0), 0, problem));
                return Err(false);
            }
        }
        let needed = needed_of_bundle(&groups, &resolve);
        let mut known = known(&groups, &resolve);
        let mut groups = groups.into_iter();
        let Some(main) = groups.next() else {
            return Err(false);
        };
        match resolve.push_groups(main, groups.chain(needed).collect()) {
            Ok(package) => Ok((resolve, package)),
            Err(error) => {
                // Reading the whole bundle takes longer than most inputs do.
                add_bundled(&mut known);
                Err(self.resolve_failed(&resolve, &error, &known))
            }
        }
    }

    /// Notes and mends a mistake between packages.
    fn resolve_failed(&mut self, resolve: &Resolve, error: &ResolveError, known: &[Known]) -> bool {
        self.rounds += 1;
        let place = resolve.source_map.resolve_span(error.kind().span());
        let found = place.as_ref().and_then(|place| {
            let mut ids = self.sources.groups.iter().enumerate().flat_map(|(group, files)| {
                files.iter().enumerate().map(move |(file, text)| ((group, file), text))
            });
            let (id, _) = ids.find(|(_, text)| text.name == place.path)?;
            Some((id, place.range.clone()))
        });
        let Some((id, range)) = found.filter(|_| self.rounds <= MOST_ROUNDS) else {
            let name = place.map_or(self.sources.name.as_str(), |place| place.path).to_owned();
            let problem = problem_without_place(&name, error.to_string());
            self.problems.push(((usize::MAX, 0), 0, problem));
            return false;
        };
        let finding = self.resolve_finding(id, range, resolve, error, known);
        self.take(id, finding)
    }

    fn resolve_finding(
        &self,
        (group, file): FileId,
        range: Range<usize>,
        resolve: &Resolve,
        error: &ResolveError,
        known: &[Known],
    ) -> Finding {
        let views: Vec<View<'_>> =
            self.sources.groups[group].iter().map(|text| View::new(&text.current)).collect();
        let view = &views[file];
        let index = view.at(range.start);
        match error.kind() {
            ResolveErrorKind::PackageNotFound { requested, .. } => {
                packages::not_found(view, range, requested, known)
            }
            ResolveErrorKind::InterfaceNotFound { requested, package, .. } => {
                packages::no_such_item(view, range, "interface", requested, package, known)
            }
            ResolveErrorKind::WorldNotFound { requested, package, .. } => {
                packages::no_such_item(view, range, "world", requested, package, known)
            }
            ResolveErrorKind::DuplicatePackage { name, span2, .. } => {
                let other = resolve.source_map.resolve_span(*span2);
                let other = other.map_or("elsewhere", |place| place.path);
                Finding::new(
                    ProblemKind::DuplicatePackage,
                    format!("the package `{name}` is there twice"),
                )
                .label(range, "here")
                .help(format!("the other one is in `{other}`: remove one of them"))
                .edit(apart(view, index, group))
            }
            ResolveErrorKind::PackageCycle { package, .. } => {
                Finding::new(ProblemKind::Cycle, format!("the package `{package}` needs itself"))
                    .label(view.span(index), "part of the circle")
                    .help("move what both need into a package of its own")
                    .without_statement(view, index)
            }
            ResolveErrorKind::ItemShadowing { item_type, name, .. } => Finding::new(
                ProblemKind::DuplicateName,
                format!("the {item_type} `{name}` is already there through another `include`"),
            )
            .label(view.span(index), "brings it again")
            .help(format!("rename it: `include … with {{ {name} as other-name }}`"))
            .without_statement(view, index),
            ResolveErrorKind::Semantic { message, .. }
                if message.ends_with("not defined in interface") =>
            {
                lookup::name(&Package { view, all: &views }, range, view.word(index))
            }
            _ => {
                let message = error.to_string();
                unreleased(view, index, &message)
                    .unwrap_or_else(|| syntax::generic(view, index, &message))
            }
        }
    }

    /// Notes a mistake and mends it. `false` when nothing more can be done.
    fn take(&mut self, id: FileId, finding: Finding) -> bool {
        let (group, file) = id;
        let text = &self.sources.groups[group][file];
        let at = finding.labels.first().map_or(0, |(range, _)| range.start);
        let offset = text.original_offset(at);
        let fresh = self.seen.insert((id, offset, finding.message.clone()));
        let known_loss = finding.kind == ProblemKind::UndefinedInterface
            && finding
                .labels
                .first()
                .and_then(|(range, _)| text.current.get(range.clone()))
                .is_some_and(|name| self.lost.contains(name));
        let told = self.told(id, offset, &finding);
        if fresh && !known_loss && !told {
            let problem = problem(text, &finding);
            self.problems.push((id, offset, problem));
        }
        if self.problems.len() >= MOST_PROBLEMS {
            self.incomplete = true;
            return false;
        }
        self.lost.extend(finding.lost);
        let edits = if fresh { finding.edits } else { Vec::new() };
        self.mend(id, at, edits)
    }

    /// Whether another problem has said this already: one is enough for a place,
    /// and a file whose `package` line is wrong has no package either.
    fn told(&self, id: FileId, offset: usize, finding: &Finding) -> bool {
        if self.problems.iter().any(|(other, at, _)| (*other, *at) == (id, offset)) {
            // At the very beginning anything may stand together with a missing package.
            return offset != 0;
        }
        finding.kind == ProblemKind::NoPackage
            && !self.problems.is_empty()
            && self.sources.groups.iter().flatten().any(|text| {
                let view = View::new(&text.original);
                (0..view.tokens.len()).any(|i| {
                    view.word(i) == "package" && view.begins_line(i) && view.word(i + 3) != "{"
                })
            })
    }

    /// Changes the copy of a file, by force if the gentle way changes nothing.
    fn mend(&mut self, (group, file): FileId, at: usize, edits: Vec<Edit>) -> bool {
        let text = &mut self.sources.groups[group][file];
        if text.apply(edits) {
            return true;
        }
        let view = View::new(&text.current);
        let (edits, lost) = drop_statement(&view, view.at(at));
        self.lost.extend(lost);
        if text.apply(edits) {
            return true;
        }
        // The statement is gone and the mistake is not: take the line.
        let view = View::new(&text.current);
        let line = view.rest_of_line(view.at(at));
        let blank = blanks(text.current.get(line.clone()).unwrap_or_default());
        if text.apply(vec![Edit::replace(line, blank)]) {
            return true;
        }
        self.incomplete = true;
        false
    }

    fn finish(mut self) -> WitError {
        self.problems.sort_by_key(|(id, offset, _)| (*id, *offset));
        WitError {
            name: self.sources.name,
            problems: self.problems.into_iter().map(|(.., problem)| problem).collect(),
            help: self
                .incomplete
                .then(|| "there may be more: mend these first, then ask again".to_owned()),
        }
    }
}

/// What is told of a mistake, with places in the file as it was given.
fn problem(text: &crate::wit::text::Text, finding: &Finding) -> WitProblem {
    let mut labels = Vec::new();
    for (index, (range, said)) in finding.labels.iter().enumerate() {
        let range = text.original_span(range.clone());
        let span = (range.start, range.len());
        let said = Some(said.clone());
        labels.push(if index == 0 {
            LabeledSpan::new_primary_with_span(said, span)
        } else {
            LabeledSpan::new_with_span(said, span)
        });
    }
    WitProblem {
        kind: finding.kind,
        message: finding.message.clone(),
        source_text: source(&text.name, text.original.clone()),
        labels,
        help: finding.help.clone(),
    }
}

fn problem_without_place(name: &str, message: String) -> WitProblem {
    WitProblem {
        kind: ProblemKind::Syntax,
        message,
        source_text: source(name, ""),
        labels: Vec::new(),
        help: None,
    }
}

fn no_package(view: &View<'_>, message: &str) -> Finding {
    if !message.starts_with("no `package` header") {
        return syntax::generic(view, 0, message);
    }
    let start = if view.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let nested = (0..view.tokens.len()).any(|i| view.word(i) == "package");
    Finding::new(ProblemKind::NoPackage, "the package has no name")
        .label(start..start, "`package` comes first")
        .help(if nested {
            "packages in braces stand beside the file's own package: begin the file with a \
             namespace and a name for that: `package my-team:my-app;`"
        } else {
            "begin the file with a namespace and a name of your own: `package my-team:my-app;`"
        })
        .edit(Edit::insert(start, "package local:unnamed; "))
}

/// Gives the second package of a name another one, so that its own mistakes are seen.
fn apart(view: &View<'_>, index: usize, group: usize) -> Edit {
    // `namespace : name`; where it stands and in which group makes the name unique.
    let end = view.span(index + 2).end;
    Edit::insert(end, format!("-copy{group}-at{end}"))
}

/// "package identifier `x` does not match previous package name of `y`".
fn package_mismatch(view: &View<'_>, range: Range<usize>, message: &str) -> Finding {
    let previous = message.rsplit('`').nth(1).unwrap_or_default();
    let written = view.text.get(range.clone()).unwrap_or_default();
    Finding::new(
        ProblemKind::PackageMismatch,
        format!("this file says `{written}`, the others say `{previous}`"),
    )
    .label(range.clone(), "another package")
    .help(format!(
        "the `.wit` files of a folder are one package: write `package {previous};`, or move this \
         file into `deps`"
    ))
    .edit(Edit::replace(range, previous))
}

/// The bundled packages that are needed, and those that these need.
///
/// What `deps` or the package itself provides comes first and is left alone.
fn needed_of_bundle(
    groups: &[UnresolvedPackageGroup],
    resolve: &Resolve,
) -> Vec<UnresolvedPackageGroup> {
    let mut have: BTreeSet<PackageName> = resolve.package_names.keys().cloned().collect();
    have.extend(groups.iter().flat_map(packages_of).map(|package| package.name.clone()));
    let mut wanted: Vec<PackageName> = groups
        .iter()
        .flat_map(packages_of)
        .flat_map(|package| package.foreign_deps.keys().cloned())
        .collect();
    let mut needed = Vec::new();
    while let Some(name) = wanted.pop() {
        if !have.insert(name.clone()) {
            continue;
        }
        if let Some(group) = bundle::exact(&name).and_then(bundle::Bundled::parse) {
            wanted.extend(packages_of(&group).flat_map(|p| p.foreign_deps.keys().cloned()));
            needed.push(group);
        }
    }
    needed
}

fn packages_of(group: &UnresolvedPackageGroup) -> impl Iterator<Item = &UnresolvedPackage> {
    std::iter::once(&group.main).chain(&group.nested)
}

/// Every package of the input.
fn known(groups: &[UnresolvedPackageGroup], resolve: &Resolve) -> Vec<Known> {
    let mut known: Vec<Known> = groups
        .iter()
        .flat_map(packages_of)
        .map(|package| {
            let interfaces = package.interfaces.iter().filter_map(|(_, i)| i.name.clone());
            let worlds = package.worlds.iter().map(|(_, w)| w.name.clone());
            let items = interfaces.chain(worlds.filter(|name| !name.is_empty())).collect();
            Known { name: package.name.clone(), items }
        })
        .collect();
    known.extend(resolve.packages.iter().map(|(_, package)| Known {
        name: package.name.clone(),
        items: package.interfaces.keys().chain(package.worlds.keys()).cloned().collect(),
    }));
    known
}

/// Adds the packages of the bundle that the input has not.
fn add_bundled(known: &mut Vec<Known>) {
    for bundled in bundle::BUNDLE {
        let name = PackageName {
            namespace: "wasi".to_owned(),
            name: bundled.package.to_owned(),
            version: bundled.version.parse().ok(),
        };
        if known.iter().all(|k| k.name != name) {
            let items = bundled.interfaces().into_iter().chain(bundled.worlds());
            known.push(Known { name, items: items.map(str::to_owned).collect() });
        }
    }
}
