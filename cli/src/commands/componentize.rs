//! `joggle componentize`: make a component of a core module. Doing it is left to
//! `joggle-componentize`; here the inputs are loaded, the world is chosen, the result
//! is written and the report shown.

use std::path::{Path, PathBuf};

use joggle_bind::select_world;
use joggle_componentize::{
    Adapters, Answer, Component, Given, Problem, Request, componentize, needs_world,
};
use joggle_diag::Report;
use joggle_load::{Artifact, Binary, Features, Wit, load};

use crate::commands::{stdin, wit};
use crate::exit::Outcome;
use crate::output::{self, OutputError};
use crate::render::Screen;
use crate::screens::componentized;

const EXAMPLES: &str = "\
Examples:
  joggle componentize target/wasm32-unknown-unknown/release/app.wasm -o app.wasm
  joggle componentize core.wasm --wit wit/ --world image-service -o app.wasm
  joggle componentize core.wasm --adapt reactor --strip -o app.wasm
  joggle componentize core.wasm --dry-run

The world is read out of the module's `component-type` sections, where bindings
put it; a module without them takes the WIT of --wit, or of the folder wit/.
Imports of WASI preview 1 are adapted. The module is checked against its world
first, and everything that does not fit is reported at once.
Exit status: 0 made, 1 the module does not fit its world, 2 could not tell.";

/// Make a component of a core module.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The core module, as a binary or as WAT; `-` is standard input.
    #[arg(value_name = "MODULE", value_hint = clap::ValueHint::FilePath)]
    module: PathBuf,

    /// WIT with the world that the module implements; added to what the module says itself.
    #[arg(long, value_name = "FILE|DIR", value_hint = clap::ValueHint::AnyPath)]
    wit: Option<PathBuf>,

    /// The world, if the WIT has several.
    #[arg(long, value_name = "WORLD")]
    world: Option<String>,

    /// Take items of the WIT behind these gates, `@unstable(feature = …)`.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,

    /// Take items of the WIT behind every gate.
    #[arg(long)]
    all_features: bool,

    /// The adapter for WASI preview 1, instead of the one that fits; or a core module
    /// that stands in for other imports. Repeatable.
    #[arg(long, value_name = "command|reactor|proxy|none|NAME=FILE")]
    adapt: Vec<String>,

    /// Drop names and debug information.
    #[arg(long)]
    strip: bool,

    /// Where to write the component; `-` is standard output.
    #[arg(short, long, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// How to report.
    #[arg(long, value_enum, hide_possible_values = true)]
    #[arg(value_name = "text|json", default_value_t = Format::Text)]
    format: Format,

    /// Do everything but write the component.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Why there is no component.
struct Failure {
    outcome: Outcome,
    problems: Vec<Box<dyn miette::Diagnostic>>,
}

impl Failure {
    fn unknown(problem: impl miette::Diagnostic + 'static) -> Failure {
        Failure { outcome: Outcome::Unknown, problems: vec![Box::new(problem)] }
    }

    fn report(self, json: bool, screen: &Screen) -> Outcome {
        if json {
            let problems: Vec<Report> =
                self.problems.iter().map(|p| Report::of(p.as_ref())).collect();
            screen.json(&serde_json::json!({ "schema_version": 1, "problems": problems }));
        } else {
            self.problems.iter().for_each(|problem| screen.diagnostic(problem.as_ref()));
        }
        self.outcome
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::from(vec![problem])
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Failure {
        let no = problems.iter().any(|problem| problem.answer() == Answer::No);
        let outcome = if no { Outcome::No } else { Outcome::Unknown };
        let boxed = |problem| Box::new(problem) as Box<dyn miette::Diagnostic>;
        Failure { outcome, problems: problems.into_iter().map(boxed).collect() }
    }
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let json = args.format == Format::Json;
    match make(args, screen) {
        Ok(()) => Outcome::Yes,
        Err(failure) => failure.report(json, screen),
    }
}

fn make(args: &Args, screen: &Screen) -> Result<(), Failure> {
    let adapters = args.adapt.iter().filter_map(|option| option.split_once('=')).map(|(_, f)| f);
    let paths = [Some(args.module.as_path()), args.wit.as_deref()].into_iter().flatten();
    stdin::at_most_once(paths.chain(adapters.map(Path::new))).map_err(Failure::unknown)?;
    if args.output.is_none() && !args.dry_run {
        return Err(Failure::unknown(OutputError::Nowhere));
    }
    let module = module(&args.module)?;
    let wit = wit_of(args, &module)?;
    let given = wit.as_ref().map(|wit| {
        let world = select_world(wit, args.world.as_deref()).map_err(Failure::unknown)?;
        Ok::<_, Failure>(Given { wit, world })
    });
    let mut adapters = Adapters::default();
    for option in &args.adapt {
        adapters.add(option, |path| load(Path::new(path)).map_err(Failure::unknown))?;
    }
    let request = Request {
        module: &module,
        given: given.transpose()?,
        adapters: &adapters,
        strip: args.strip,
        version: env!("CARGO_PKG_VERSION"),
    };
    let component = {
        let _encoding = screen.progress("check and encode the module");
        componentize(&request)?
    };
    let target = args.output.as_deref().filter(|_| !args.dry_run);
    write(&component, target).map_err(Failure::unknown)?;
    if !screen.is_quiet() && target != Some(Path::new("-")) {
        match args.format {
            Format::Json => screen.json(&component.report),
            Format::Text => componentized::print(&component.report, target, screen),
        }
    }
    Ok(())
}

/// Loads the core module; anything else is said to be what it is.
fn module(path: &Path) -> Result<Binary, Failure> {
    match load(path).map_err(Failure::unknown)? {
        Artifact::Module(binary) => Ok(binary),
        Artifact::Component(binary) => Err(Problem::AlreadyComponent { file: binary.name }.into()),
        Artifact::Wit(wit) => Err(Problem::WitGiven { file: wit.name }.into()),
    }
}

/// The WIT that was given; or that of the usual folder, if the module cannot do without.
fn wit_of(args: &Args, module: &Binary) -> Result<Option<Wit>, Failure> {
    let usual = Path::new(wit::FOLDER);
    let path = match (&args.wit, &args.world) {
        (Some(path), _) => path,
        (None, Some(_)) => usual,
        (None, None) if usual.is_dir() && needs_world(module)? => usual,
        (None, None) => return Ok(None),
    };
    let features = Features { all: args.all_features, names: args.features.clone() };
    let failed = |problem| Failure { outcome: Outcome::Unknown, problems: vec![problem] };
    wit::load_with(path, &features).map(Some).map_err(failed)
}

fn write(component: &Component, target: Option<&Path>) -> Result<(), OutputError> {
    let parts = std::iter::once(component.bytes.as_slice());
    match target {
        None => Ok(()),
        Some(target) if output::is_stream(target) => output::stream(target, parts),
        Some(target) => output::stage(target, parts)?.keep(),
    }
}
