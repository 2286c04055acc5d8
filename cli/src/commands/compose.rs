//! `joggle compose`: link components into one.

use std::path::{Path, PathBuf};

use joggle_compose::manifest::Places;
use joggle_compose::{
    Answer, Composition, Draft, ExportSpec, ImportSpec, Input, Link, Pass, Picture, Problems,
    Request,
};
use joggle_diag::Report;

use crate::exit::Outcome;
use crate::output::{self, Staged};
use crate::render::Screen;
use crate::screens::composition;

mod inputs;

use inputs::Loaded;

const EXAMPLES: &str = "\
Examples:
  joggle compose cli.wasm calculator.wasm -o app.wasm
  joggle compose front=web.wasm auth.wasm --closed --allow-import 'wasi:*' -o app.wasm
  joggle compose cli.wasm a.wasm b.wasm --link cli:my:pkg/store=b -o app.wasm
  joggle compose cli.wasm calculator.wasm -o app.wasm --print-manifest > compose.toml
  joggle compose compose.toml

Every import of every input is matched against the exports of the others: by
name, then by semver track, then by type. What nobody provides stays an import.
Exit status: 0 composed, 1 the components do not fit, 2 could not tell.";

/// Link components into one.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Components to link, as PATH or NAME=PATH, or one compose.toml; `-` is standard input.
    #[arg(required = true, value_name = "INPUT", value_hint = clap::ValueHint::FilePath)]
    inputs: Vec<String>,

    /// Where to write the result; `-` is standard output.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// How to report.
    #[arg(long, value_enum, hide_possible_values = true)]
    #[arg(value_name = "text|json", default_value_t = Format::Text)]
    format: Format,

    /// Also draw the composition to a .json, .dot or .mmd file.
    #[arg(long, value_name = "PATH")]
    graph: Option<PathBuf>,

    /// Print what stands after a pass, instead of writing a result.
    #[arg(long, value_enum, hide_possible_values = true, conflicts_with_all = ["output", "graph"])]
    #[arg(value_name = "connect|order|share|encode")]
    emit: Option<EmitPass>,

    /// Print a compose.toml that does the same, every link made explicit, instead.
    #[arg(long, conflicts_with_all = ["graph", "emit", "dry_run"])]
    print_manifest: bool,

    /// Do everything but write files.
    #[arg(long)]
    dry_run: bool,

    // Last, because what follows stands under their headings.
    #[command(flatten)]
    wiring: WiringArgs,

    #[command(flatten)]
    choice: ExportArgs,
}

/// Who provides what.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Who provides what")]
struct WiringArgs {
    /// Wire an import by hand.
    #[arg(long = "link", value_name = "CONSUMER:IMPORT=PROVIDER[:EXPORT]", value_parser = Link::parse)]
    links: Vec<Link>,

    /// Leave an import to the host, even if an input could provide it.
    #[arg(long, value_name = "CONSUMER:IMPORT", value_parser = ImportSpec::parse)]
    leave: Vec<ImportSpec>,

    /// Leave out inputs that nothing joins to the others, instead of refusing.
    #[arg(long)]
    allow_unused: bool,

    /// Refuse imports that are left to the host.
    #[arg(long)]
    closed: bool,

    /// Imports that --closed lets pass; `*` stands for anything.
    #[arg(long = "allow-import", value_name = "GLOB")]
    allow_imports: Vec<String>,
}

/// What the result exports.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What the result exports")]
struct ExportArgs {
    /// Export what this input exports, instead of what nobody consumes.
    #[arg(long = "root", value_name = "NAME")]
    roots: Vec<String>,

    /// Export only this; can be repeated.
    #[arg(long = "export", value_name = "[NAME:]EXPORT")]
    exports: Vec<String>,

    /// Do not export this.
    #[arg(long, value_name = "[NAME:]EXPORT")]
    hide: Vec<String>,

    /// Export this under another name.
    #[arg(long = "rename", value_name = "[NAME:]OLD=NEW")]
    renames: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum EmitPass {
    /// Which import goes where.
    Connect,
    /// The order of instantiation.
    Order,
    /// Imports and exports of the result.
    Share,
    /// The result as WAT, code and data left out.
    Encode,
}

/// The command line asks for something that is not there.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
enum UsageError {
    /// The extension of the graph's file says nothing.
    #[error("`{path}` does not say how to draw the graph")]
    #[diagnostic(code("cli::graph-format"), help("end its name in .json, .dot or .mmd"))]
    GraphFormat { path: String },
    /// Two results would go to one place.
    #[error("the result and its graph would both be written to `{path}`")]
    #[diagnostic(code("cli::same-output"), help("name another file for one of them"))]
    SameOutput { path: String },
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let json = args.format == Format::Json;
    match compose(args, screen) {
        Ok(()) => Outcome::Yes,
        Err(failure) => failure.report(json, screen),
    }
}

/// Why nothing was composed.
struct Failure {
    outcome: Outcome,
    problems: Vec<Box<dyn miette::Diagnostic>>,
}

impl Failure {
    fn unknown(problem: impl miette::Diagnostic + 'static) -> Failure {
        Failure { outcome: Outcome::Unknown, problems: vec![Box::new(problem)] }
    }

    /// Problems of a composition, each with its place in the manifest if it has one.
    fn of(problems: Problems, places: Option<&Places>) -> Failure {
        let outcome = match problems.answer() {
            Answer::No => Outcome::No,
            Answer::Unknown => Outcome::Unknown,
        };
        let located = |problem| match places {
            Some(places) => places.locate(problem),
            None => Box::new(problem) as Box<dyn miette::Diagnostic>,
        };
        Failure { outcome, problems: problems.0.into_iter().map(located).collect() }
    }

    fn all_unknown<P: miette::Diagnostic + 'static>(problems: Vec<P>) -> Failure {
        let boxed = |p| Box::new(p) as Box<dyn miette::Diagnostic>;
        Failure { outcome: Outcome::Unknown, problems: problems.into_iter().map(boxed).collect() }
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

fn compose(args: &Args, screen: &Screen) -> Result<(), Failure> {
    let picture = args.graph.as_deref().map(picture).transpose().map_err(Failure::unknown)?;
    let Loaded { mut request, paths, output, places } = {
        let _loading = screen.progress("load the inputs");
        inputs::request(&args.inputs)?
    };
    let refused = |problems| Failure::of(problems, places.as_ref());
    add_options(&mut request, args)?;
    for input in &request.inputs {
        let size = composition::size(input.bytes.len() as u64);
        screen.detail(|| format!("loaded {} as `{}`: {size}", input.shown, input.name));
    }
    if let Some(pass) = args.emit {
        let pass = match pass {
            EmitPass::Connect => Pass::Connect,
            EmitPass::Order => Pass::Order,
            EmitPass::Share => Pass::Share,
            EmitPass::Encode => Pass::Encode,
        };
        screen.line(joggle_compose::emit(&request, pass).map_err(refused)?.trim_end());
        return Ok(());
    }
    let output = args.output.clone().or(output);
    if args.print_manifest {
        let explicit = joggle_compose::explicit(&request).map_err(refused)?;
        let output = output.map(|path| path.display().to_string());
        let text = joggle_compose::manifest::print(&explicit, &paths, output.as_deref());
        screen.line(text.trim_end());
        return Ok(());
    }
    if output.is_none() && !args.dry_run {
        return Err(Failure::unknown(output::OutputError::Nowhere));
    }
    if let Some(output) = output.as_ref().filter(|output| args.graph.as_ref() == Some(*output)) {
        let path = output.display().to_string();
        return Err(Failure::unknown(UsageError::SameOutput { path }));
    }
    let draft = {
        let _linking = screen.progress("link the components");
        joggle_compose::draft(&request).map_err(refused)?
    };
    let target = output.filter(|_| !args.dry_run);
    let composition = {
        let _checking = screen.progress("validate and write the result");
        // Nothing is kept unless all can be.
        let drawn = match (picture, &args.graph, args.dry_run) {
            (Some(picture), Some(path), false) => Some(stage_graph(&draft, picture, path)?),
            _ => None,
        };
        let composition = write(&draft, target.as_deref(), places.as_ref())?;
        drawn.map_or(Ok(()), Staged::keep).map_err(Failure::unknown)?;
        composition
    };
    let to_stdout = target.as_deref() == Some(Path::new("-"));
    if !screen.is_quiet() && !to_stdout {
        report(composition, args.format, target.as_deref(), screen);
    }
    Ok(())
}

/// Checks the result, and writes it if there is a place for it.
fn write<'d>(
    draft: &'d Draft,
    target: Option<&Path>,
    places: Option<&Places>,
) -> Result<&'d Composition, Failure> {
    let refused = |problems| Failure::of(problems, places);
    match target {
        Some(target) if output::is_stream(target) => {
            let composition = draft.check().map_err(refused)?;
            output::stream(target, composition.pieces()).map_err(Failure::unknown)?;
            Ok(composition)
        }
        Some(target) => write_while_checking(draft, target),
        None => draft.check().map_err(refused),
    }
}

fn stage_graph(draft: &Draft, picture: Picture, path: &Path) -> Result<Staged, Failure> {
    let text = picture.draw(draft.report());
    output::stage(path, std::iter::once(text.as_bytes())).map_err(Failure::unknown)
}

/// Writes the result to a file while it is validated; the file gets its name only if it is valid.
fn write_while_checking<'d>(draft: &'d Draft, target: &Path) -> Result<&'d Composition, Failure> {
    let (checked, staged) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| output::stage(target, draft.pieces()));
        let checked = draft.check();
        (checked, writing.join())
    });
    // A panic of the writer is one of this program.
    let staged = staged.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let composition = checked.map_err(|problems| Failure::of(problems, None))?;
    staged.and_then(output::Staged::keep).map_err(Failure::unknown)?;
    Ok(composition)
}

fn report(composition: &Composition, format: Format, target: Option<&Path>, screen: &Screen) {
    match format {
        Format::Json => screen.json(&composition.report),
        Format::Text => composition::print(&composition.report, target, screen),
    }
}

fn picture(path: &Path) -> Result<Picture, UsageError> {
    path.extension()
        .and_then(|extension| Picture::of_extension(&extension.to_string_lossy()))
        .ok_or_else(|| UsageError::GraphFormat { path: path.display().to_string() })
}

/// Adds the command line's options to those of a manifest.
fn add_options(request: &mut Request, args: &Args) -> Result<(), Failure> {
    let names: Vec<String> = if request.instances.is_empty() {
        request.inputs.iter().map(|input: &Input| input.name.clone()).collect()
    } else {
        request.instances.iter().map(|(name, _)| name.clone()).collect()
    };
    let specs = |texts: &[String], renames: bool| -> Result<Vec<ExportSpec>, Failure> {
        texts
            .iter()
            .map(|text| ExportSpec::parse(text, &names, renames).map_err(Failure::unknown))
            .collect()
    };
    let options = &mut request.options;
    options.links.extend(args.wiring.links.iter().cloned());
    options.leave.extend(args.wiring.leave.iter().cloned());
    options.roots.extend(args.choice.roots.iter().cloned());
    options.exports.extend(specs(&args.choice.exports, false)?);
    options.hide.extend(specs(&args.choice.hide, false)?);
    options.renames.extend(specs(&args.choice.renames, true)?);
    options.allow_imports.extend(args.wiring.allow_imports.iter().cloned());
    options.allow_unused |= args.wiring.allow_unused;
    options.closed |= args.wiring.closed;
    Ok(())
}
