//! Following the sections of a binary through everything that is nested, with
//! the validator beside, and going on behind a mistake wherever that says something
//! new. Function bodies are handed to `bodies`, names are left to `places`.

use std::collections::VecDeque;

use wasmparser::{Chunk, Parser, Payload, ValidPayload, Validator, WasmFeatures};

use super::MOST_FINDINGS;
use super::bodies::Bodies;
use super::finding::{Container, Skipped};
use super::outline::Outline;

/// A broken rule, before its place has a name.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// First byte of the component or module in which it is.
    pub container: usize,
    pub offset: u64,
    pub message: String,
    /// What the validator asks for, in its own flags.
    pub missing: Option<WasmFeatures>,
    /// The function whose body is at fault.
    pub function: Option<u32>,
}

impl Fault {
    pub fn of(container: usize, error: &wasmparser::Error) -> Fault {
        Fault {
            container,
            offset: error.offset(),
            message: error.message().trim().replace('\n', ": "),
            missing: error.missing_wasm_feature(),
            function: None,
        }
    }
}

/// Where checking stopped, before the place has a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halt {
    /// First byte of the component or module.
    pub container: usize,
    pub offset: u64,
    pub skipped: Skipped,
}

/// Everything that was found in a file.
#[derive(Debug)]
pub(super) struct Raw {
    pub faults: Vec<Fault>,
    pub halts: Vec<Halt>,
    /// The features that function bodies use, in the validator's flags.
    pub used: WasmFeatures,
    /// What is nested where; only made when it was needed.
    pub outline: Option<Outline>,
}

/// A component or module to follow on its own.
pub(super) struct Task {
    pub start: usize,
    pub end: usize,
    pub parser: Parser,
}

impl Task {
    /// The whole file.
    pub fn whole(bytes: &[u8]) -> Task {
        Task { start: 0, end: bytes.len(), parser: Parser::new(0) }
    }
}

/// One component or module on the way from the outermost to the current one.
struct Frame {
    start: usize,
    parser: Parser,
    /// Something is wrong with what it exports, so the component around cannot use it.
    unusable: bool,
}

/// How following a component or module came to an early end.
pub(super) struct Broken {
    /// The reason, unless it was told already.
    pub fault: Option<Fault>,
    /// First bytes of the components and modules that are open, the outermost first.
    chain: Vec<usize>,
    /// Up to where sections were looked at.
    position: usize,
}

/// Checks all of a file. `start` are the features with which checking of bodies begins.
pub(super) fn examine(bytes: &[u8], wanted: WasmFeatures, start: WasmFeatures) -> Raw {
    let mut bodies = Bodies::new(wanted, start);
    let mut raw =
        Raw { faults: Vec::new(), halts: Vec::new(), used: WasmFeatures::empty(), outline: None };
    let mut outline: Option<Outline> = None;
    let mut tasks = VecDeque::from([Task::whole(bytes)]);
    while let Some(task) = tasks.pop_front() {
        let broken = follow(bytes, &task, wanted, Some(&mut bodies), &mut raw.faults);
        if raw.faults.len() + bodies.faults.len() > MOST_FINDINGS {
            let last = raw.faults.iter().chain(&bodies.faults).map(|f| f.offset).max();
            let offset = last.unwrap_or_default();
            raw.halts.push(Halt { container: 0, offset, skipped: Skipped::TooManyFindings });
            break;
        }
        if let Some(broken) = broken {
            let outline = outline.get_or_insert_with(|| Outline::of(bytes));
            go_on(outline, &task, broken, &mut raw, &mut tasks);
        }
    }
    bodies.flush();
    raw.used = bodies.used;
    raw.faults.append(&mut bodies.faults);
    raw.faults.sort_by_key(|fault| (fault.offset, fault.container));
    raw.faults.truncate(MOST_FINDINGS);
    if let Some((container, offset)) = outline.as_ref().and_then(|outline| outline.overflow) {
        raw.halts.push(Halt { container, offset, skipped: Skipped::TooMuchNested });
    }
    raw.halts.sort_by_key(|halt| (halt.offset, halt.container));
    raw.halts.truncate(MOST_FINDINGS);
    raw.outline = outline;
    raw
}

/// Says what the break leaves unchecked, and queues what can be checked on its own.
fn go_on(
    outline: &Outline,
    task: &Task,
    broken: Broken,
    raw: &mut Raw,
    tasks: &mut VecDeque<Task>,
) {
    // A nested component on its own lacks the components around it. What it
    // takes from them may be right, so that is no finding.
    let outer =
        task.start > 0 && broken.fault.as_ref().is_some_and(|f| f.message.starts_with(OUTER_ALIAS));
    let mut from = match &broken.fault {
        Some(fault) => fault.offset,
        None => broken.position as u64,
    };
    for (depth, &container) in broken.chain.iter().rev().enumerate() {
        let Some(entry) = outline.starting_at(container) else { continue };
        let skipped = match entry.kind {
            Container::Module => Skipped::RestOfModule,
            Container::Component if outer && depth == 0 => Skipped::OuterReferences,
            Container::Component => Skipped::RestOfComponent,
        };
        if from < entry.end as u64 {
            raw.halts.push(Halt { container, offset: from, skipped });
        }
        from = entry.end as u64;
        let unvisited = outline
            .children(container)
            .filter(|child| child.start >= broken.position && !broken.chain.contains(&child.start));
        tasks.extend(unvisited.map(|child| Task {
            start: child.start,
            end: child.end,
            parser: child.parser.clone(),
        }));
    }
    if !outer {
        raw.faults.extend(broken.fault);
    }
}

/// How the validator begins its words about a reference to a component that is not there.
pub(super) const OUTER_ALIAS: &str = "invalid outer alias count";

/// Follows one component or module to its end, or to a mistake behind which
/// nothing of it makes sense. Lesser mistakes are added to `faults` on the way.
pub(super) fn follow<'a>(
    bytes: &'a [u8],
    task: &Task,
    features: WasmFeatures,
    mut bodies: Option<&mut Bodies<'a>>,
    faults: &mut Vec<Fault>,
) -> Option<Broken> {
    let mut validator = Validator::new_with_features(features);
    let bytes = bytes.get(..task.end).unwrap_or(bytes);
    let mut outer: Vec<Frame> = Vec::new();
    let mut frame = Frame { start: task.start, parser: task.parser.clone(), unusable: false };
    frame.parser.set_features(features);
    let mut position = task.start;
    loop {
        let rest = bytes.get(position..).unwrap_or_default();
        let read = match frame.parser.parse(rest, true) {
            Ok(Chunk::Parsed { consumed, payload }) => {
                position += consumed;
                validator.payload(&payload).map_err(|error| (error, Some(payload)))
            }
            // The parser was told that nothing more comes, so it does not ask for more.
            Ok(Chunk::NeedMoreData(_)) => return Some(broken(&outer, &frame, position, None)),
            Err(error) => Err((error, None)),
        };
        match read {
            Ok(ValidPayload::Ok) => {}
            Ok(ValidPayload::Parser(parser)) => {
                let nested = Frame { start: position, parser, unusable: false };
                outer.push(std::mem::replace(&mut frame, nested));
            }
            Ok(ValidPayload::Func(function, body)) => {
                if let Some(bodies) = &mut bodies {
                    bodies.add(frame.start, function, body);
                }
            }
            Ok(ValidPayload::End(_)) => {
                let enclosing = outer.pop()?;
                let done = std::mem::replace(&mut frame, enclosing);
                if done.unusable {
                    return Some(broken(&outer, &frame, position, None));
                }
            }
            Err((error, payload)) => {
                let fault = Fault::of(frame.start, &error);
                if !payload.is_some_and(|payload| is_an_end(&payload)) {
                    return Some(broken(&outer, &frame, position, Some(fault)));
                }
                frame.unusable |= !outer.is_empty();
                faults.push(fault);
            }
        }
        if faults.len() > MOST_FINDINGS {
            return None;
        }
    }
}

/// Whether nothing that follows in the module builds on this section.
fn is_an_end(payload: &Payload<'_>) -> bool {
    matches!(
        payload,
        Payload::ExportSection(_) | Payload::StartSection { .. } | Payload::DataSection(_)
    )
}

fn broken(outer: &[Frame], frame: &Frame, position: usize, fault: Option<Fault>) -> Broken {
    let chain = outer.iter().chain([frame]).map(|frame| frame.start).collect();
    Broken { fault, chain, position }
}
