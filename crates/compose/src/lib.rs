//! Links components into one.
//!
//! [`compose`] is the table of contents: one call and one sentence for each
//! pass. Reading files is left to `load`, printing to the command line, and the
//! last word on types to wasmparser.
#![deny(clippy::wildcard_enum_match_arm)]

mod check;
mod choose;
mod connect;
mod emit;
mod encode;
mod error;
mod explain;
mod exports;
mod fit;
mod graph;
mod input;
mod join;
pub mod manifest;
mod options;
mod order;
mod read;
mod report;
mod resources;
mod share;
mod summary;
mod walk;

pub use emit::{Pass, Picture};
pub use error::{Answer, Problem, Problems};
pub use input::{Input, names_of};
pub use options::{ExportSpec, FormError, ImportSpec, Link, Options};
pub use report::{
    ExportReport, ImportReport, InstanceReport, Matched, Outcome, Report, VerdictReport,
};

use joggle_load::verify::{self, Invalid, Level};
use wasmparser::Validator;

use crate::encode::Piece;
use crate::error::{NoInput, NoSuchInput, OpenImports, ResultInvalid, SameName, TooLarge};
use crate::exports::OuterExport;
use crate::graph::{ExportRef, Graph, ImportRef, NodeId};
use crate::options::glob_fits;
use crate::order::Order;
use crate::read::{Instance, Read};
use crate::resources::Identity;
use crate::share::HostImport;

/// What is to be composed.
#[derive(Clone, Default)]
pub struct Request {
    /// The components.
    pub inputs: Vec<Input>,
    /// Instances to make, each with the name of its input; empty for one of each input.
    pub instances: Vec<(String, String)>,
    /// Everything else that can be chosen.
    pub options: Options,
}

/// A composed component that has not been validated yet.
///
/// Whoever writes it can do so while it is validated: [`Draft::check`] says
/// whether what was written may be kept.
pub struct Draft {
    composition: Composition,
    level: Level,
}

impl Draft {
    /// The component's bytes, in pieces that follow each other. Inputs are not copied.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.composition.pieces()
    }

    /// What was done, if the component turns out to be valid.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.composition.report
    }

    /// Validates the component, with the features that its inputs need.
    ///
    /// Function bodies are those of the inputs, byte for byte; they were checked there.
    pub fn check(&self) -> Result<&Composition, Problems> {
        let tape: Vec<&[u8]> = self.pieces().collect();
        let mut validator = Validator::new_with_features(self.level.features());
        match verify::structure(&mut validator, &tape, |_, _| {}, drop) {
            Ok(_) => Ok(&self.composition),
            Err(invalid) => Err(Problems(vec![invalid_result(&invalid)])),
        }
    }
}

/// A composed, valid component.
pub struct Composition {
    pieces: Vec<Piece>,
    inputs: Vec<Input>,
    /// What was done.
    pub report: Report,
}

impl Composition {
    /// The component's bytes, in pieces that follow each other. Inputs are not copied.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().map(|piece| match piece {
            Piece::Own(bytes) => bytes.as_slice(),
            Piece::Input(input) => &self.inputs[*input].bytes,
        })
    }

    /// The component's bytes in one buffer.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces().flatten().copied().collect()
    }
}

/// Links the components of a request into one.
///
/// The same inputs give the same bytes, in whatever order they are named.
pub fn compose(request: &Request) -> Result<Composition, Problems> {
    let draft = draft(request)?;
    draft.check()?;
    Ok(draft.composition)
}

/// Links the components of a request, and leaves it to the caller to have the result validated.
pub fn draft(request: &Request) -> Result<Draft, Problems> {
    let connected = connected(request)?;
    let settled = settled(&connected, &request.options)?;
    encoded(connected, &settled)
}

/// The same request with nothing left to be found out: every wire is a link, and the
/// inputs whose exports are the result's are named. It gives the same bytes.
pub fn explicit(request: &Request) -> Result<Request, Problems> {
    let connected = connected(request)?;
    settled(&connected, &request.options)?;
    let Connected { graph, taking_part, .. } = &connected;
    let mut options = exports::spelled_out(graph, &request.options, taking_part);
    let link = |(wanted, given): (ImportRef, ExportRef)| Link {
        import: ImportSpec {
            consumer: graph.node(wanted.node).name.clone(),
            import: graph.import(wanted).name.clone(),
        },
        provider: graph.node(given.node).name.clone(),
        export: Some(graph.export(given).name.clone()),
    };
    options.links = graph.edges().into_iter().map(link).collect();
    Ok(Request { options, ..request.clone() })
}

/// Runs the passes up to and including `pass`, and prints what stands then.
pub fn emit(request: &Request, pass: Pass) -> Result<String, Problems> {
    let connected = connected(request)?;
    if pass == Pass::Connect {
        return Ok(emit::connected(&connected.graph));
    }
    let settled = settled(&connected, &request.options)?;
    Ok(match pass {
        Pass::Connect | Pass::Order => emit::ordered(&connected.graph, &settled.order),
        Pass::Share => emit::shared(&connected.graph, &settled.imports, &settled.exports),
        Pass::Encode => emit::encoded(&encoded(connected, &settled)?.check()?.to_vec()),
    })
}

/// Inputs that are wired to each other, and all edges fit.
struct Connected {
    inputs: Vec<Input>,
    graph: Graph,
    level: Level,
    digests: Vec<[u8; 32]>,
    identity: Identity,
    taking_part: Vec<NodeId>,
    left_out: Vec<NodeId>,
}

/// What the result imports and exports, and in which order its instances are made.
struct Settled {
    order: Order,
    imports: Vec<HostImport>,
    exports: Vec<OuterExport>,
    identity: Identity,
}

fn connected(request: &Request) -> Result<Connected, Problems> {
    let options = &request.options;
    let (inputs, instances) = prepare(request)?;
    // Every input is a valid component; types of all of them lie in one list.
    let Read { mut graph, level, digests } = read::read(&inputs, &instances).map_err(Problems)?;
    // Options name things that exist.
    let (chosen, mut problems) = choose::choose(&graph, options);
    // Satisfy imports by link, by exact name, then by semver track, then by `implements`.
    problems.extend(connect::connect(&mut graph, &chosen));
    let (taking_part, left_out) = join::taking_part(&graph, options);
    let identity = check::identity_of_edges(&graph);
    // Types of both ends of every edge, resources included.
    problems.extend(check::check(&graph, &identity, &inputs));
    // Nobody is left out in silence, and nobody waits for another version track.
    problems.extend(join::problems(&graph, options, &chosen, &left_out, &problems));
    fail(&mut problems)?;
    // Beyond this point every import has a provider that fits, is the host's, or holds only types.
    Ok(Connected { inputs, graph, level, digests, identity, taking_part, left_out })
}

fn settled(connected: &Connected, options: &Options) -> Result<Settled, Problems> {
    let Connected { graph, taking_part, .. } = connected;
    // NodeId → StepIndex; a cycle is reported with its path.
    let order = order::order(graph, taking_part).map_err(Problems)?;
    // What the result exports, and what that drags along.
    let (exports, mut problems) = exports::select(graph, options, taking_part);
    // Open imports become the result's, one for each semver track where types agree.
    let stay = share::staying(graph, &exports);
    let mut identity = connected.identity.clone();
    let (imports, found) = share::share(graph, taking_part, &stay, &mut identity);
    problems.extend(found);
    problems.extend(check_closed(&imports, options));
    fail(&mut problems)?;
    // Beyond this point nothing is left to decide.
    Ok(Settled { order, imports, exports, identity })
}

fn encoded(connected: Connected, settled: &Settled) -> Result<Draft, Problems> {
    let Connected { inputs, graph, level, digests, taking_part, left_out, .. } = connected;
    let plan = encode::Plan {
        graph: &graph,
        inputs: &inputs,
        digests: &digests,
        identity: &settled.identity,
        order: &settled.order,
        imports: &settled.imports,
        exports: &settled.exports,
    };
    let pieces = encode::encode(&plan).map_err(|problem| Problems(vec![problem]))?;
    let size = |piece: &Piece| match piece {
        Piece::Own(bytes) => bytes.len() as u64,
        Piece::Input(input) => inputs[*input].bytes.len() as u64,
    };
    let report = summary::report(&summary::Facts {
        graph: &graph,
        inputs: &inputs,
        digests: &digests,
        taking_part: &taking_part,
        left_out: &left_out,
        imports: &settled.imports,
        exports: &settled.exports,
        size: pieces.iter().map(size).sum(),
    });
    // wasmparser validates the result, as soon as the caller asks for it: the oracle.
    Ok(Draft { composition: Composition { pieces, inputs, report }, level })
}

fn fail(problems: &mut Vec<Problem>) -> Result<(), Problems> {
    if problems.is_empty() { Ok(()) } else { Err(Problems(std::mem::take(problems))) }
}

/// Sorts inputs and instances by name, so that their order in the request does not matter.
fn prepare(request: &Request) -> Result<(Vec<Input>, Vec<Instance>), Problems> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut inputs = request.inputs.clone();
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
    if inputs.is_empty() {
        problems.push(NoInput.into());
    }
    problems.extend(twice(&names));
    let mut instances: Vec<Instance> = Vec::new();
    for (name, input) in &request.instances {
        match names.iter().position(|n| n == input) {
            Some(input) => instances.push(Instance { name: name.clone(), input }),
            None => problems.push(NoSuchInput::new(input, &names).into()),
        }
    }
    if request.instances.is_empty() {
        let each = names.iter().enumerate();
        instances = each.map(|(input, n)| Instance { name: (*n).to_owned(), input }).collect();
    } else {
        instances.sort_by(|a, b| a.name.cmp(&b.name));
        let names: Vec<&str> = instances.iter().map(|i| i.name.as_str()).collect();
        problems.extend(twice(&names));
    }
    fail(&mut problems)?;
    Ok((inputs, instances))
}

/// A problem for each name that occurs more than once; `names` are sorted.
fn twice(names: &[&str]) -> Vec<Problem> {
    let mut doubled: Vec<&str> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    doubled.dedup();
    doubled.iter().map(|name| SameName { name: (*name).to_owned() }.into()).collect()
}

fn check_closed(imports: &[HostImport], options: &Options) -> Option<Problem> {
    let open: Vec<String> = imports
        .iter()
        .filter(|import| options.closed && !import.types_only)
        .filter(|import| !options.allow_imports.iter().any(|glob| glob_fits(glob, &import.name)))
        .map(|import| import.name.clone())
        .collect();
    (!open.is_empty()).then(|| OpenImports { imports: open }.into())
}

/// A limit that the result runs into is no bug; anything else that makes it invalid is.
fn invalid_result(invalid: &Invalid) -> Problem {
    if invalid.message.contains("exceeds limit") {
        return TooLarge { reason: invalid.message.clone() }.into();
    }
    let reason = format!("{} (at offset {:#x})", invalid.message, invalid.offset);
    ResultInvalid { reason }.into()
}
