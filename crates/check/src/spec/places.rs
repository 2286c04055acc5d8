//! From offsets to places with names, for what was found. Reading the names is
//! left to `names` and `dwarf`; nothing is read for a file without a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::dwarf::Lines;
use super::finding::{Container, Finding, Place, Step, Stop};
use super::names::{ComponentNames, ModuleNames};
use super::outline::{Entry, Outline};
use super::structure::{Fault, Raw};
use crate::features::Feature;

/// Gives places to all that was found.
pub(super) fn name(bytes: &[u8], raw: Raw) -> (Vec<Finding>, Vec<Stop>) {
    if raw.faults.is_empty() && raw.halts.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let outline = raw.outline.unwrap_or_else(|| Outline::of(bytes));
    let mut functions: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for fault in &raw.faults {
        functions.entry(fault.container).or_default().extend(fault.function);
    }
    for halt in &raw.halts {
        functions.entry(halt.container).or_default();
    }
    let mut atlas = Atlas { bytes, outline: &outline, components: BTreeMap::new() };
    let mut findings: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for (&container, functions) in &functions {
        // What is nested too deep for the outline is still told, without its place.
        let (module, place) = match outline.starting_at(container) {
            Some(entry) => (ModuleNames::of(bytes, entry, functions), atlas.place(entry)),
            None => (ModuleNames::default(), Place::default()),
        };
        let lines = module.code.and_then(|code| Lines::open(&module.debug, code));
        let here = raw.faults.iter().filter(|fault| fault.container == container);
        let named = here.map(|fault| finding(fault, &place, &module, lines.as_ref()));
        findings.insert(container, named.collect());
        places.insert(container, place);
    }
    let mut findings: Vec<Finding> = findings.into_values().flatten().collect();
    findings.sort_by_key(|finding| finding.offset);
    let stopped = raw.halts.iter().map(|halt| Stop {
        place: places.get(&halt.container).cloned().unwrap_or_default(),
        offset: halt.offset,
        skipped: halt.skipped,
    });
    (findings, stopped.collect())
}

fn finding(
    fault: &Fault,
    place: &Place,
    module: &ModuleNames<'_>,
    lines: Option<&Lines<'_>>,
) -> Finding {
    let mut place = place.clone();
    let mut source = None;
    if let Some(index) = fault.function {
        place.steps.push(Step::Function { index, name: module.functions.get(&index).cloned() });
        source = lines.and_then(|lines| lines.at(fault.offset));
    }
    Finding {
        place,
        offset: fault.offset,
        message: fault.message.clone(),
        source,
        missing: fault.missing.and_then(|bits| Feature::behind(bits).next()),
    }
}

/// The names of components, each read once.
struct Atlas<'a> {
    bytes: &'a [u8],
    outline: &'a Outline,
    components: BTreeMap<usize, ComponentNames>,
}

impl Atlas<'_> {
    fn place(&mut self, entry: &Entry) -> Place {
        let mut steps = Vec::new();
        let outline = self.outline;
        let mut current = Some(entry);
        while let Some(inner) = current {
            let Some(parent) = inner.parent.and_then(|start| outline.starting_at(start)) else {
                break;
            };
            steps.push(self.step(inner, parent));
            current = Some(parent);
        }
        steps.reverse();
        Place { steps }
    }

    fn step(&mut self, inner: &Entry, parent: &Entry) -> Step {
        let index = inner.index;
        let given = match inner.kind {
            Container::Module => self.names(parent).modules.get(&index).cloned(),
            Container::Component => self.names(parent).components.get(&index).cloned(),
        };
        match inner.kind {
            Container::Module => {
                let own = || ModuleNames::of(self.bytes, inner, &BTreeSet::new()).own;
                Step::Module { index, name: given.or_else(own) }
            }
            Container::Component => {
                Step::Component { index, name: given.or_else(|| self.names(inner).own.clone()) }
            }
        }
    }

    fn names(&mut self, component: &Entry) -> &ComponentNames {
        let bytes = self.bytes;
        let names = self.components.entry(component.start);
        names.or_insert_with(|| ComponentNames::of(bytes, component))
    }
}
