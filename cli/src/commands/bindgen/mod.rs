//! `joggle bindgen`: bindings of a world in a language. Generating them is left to the crate of
//! the language; here the configuration is found, the WIT is loaded, the world is chosen, and
//! files are listed, compared or written.

mod check;
mod names;
mod project;
mod rust;
mod write;

use std::path::{Path, PathBuf};

use joggle_bind::name::{Language, NameMap, RUST};
use joggle_bind::{Built, Types, build, select_world};
use joggle_diag::Report;
use joggle_emit::Files;
use joggle_load::{Features, Wit};

use crate::commands::{stdin, wit};
use crate::exit::Outcome;
use crate::render::Screen;
use project::Project;

const EXAMPLES: &str = "\
Examples:
  joggle bindgen --lang rust
  joggle bindgen --lang rust wit/ --world image-service --out-dir src/
  joggle bindgen --lang rust --generate-all --with my:pkg/types=crate::types
  joggle bindgen --lang rust --names
  joggle bindgen --lang rust --check

Without a path it takes the folder wit/ and the only world in it. A joggle.toml
in this folder or one above it says the rest, and options override it.
Exit status: 0 written, or up to date; 1 the language cannot express the world,
or files are not up to date; 2 could not tell.";

/// Generate bindings of a world.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub struct Args {
    /// The WIT: a file, a folder, a component, or `-` for standard input. Without it, wit/.
    #[arg(value_name = "WIT", value_hint = clap::ValueHint::AnyPath)]
    wit: Option<PathBuf>,

    /// The language; can be left out if joggle.toml has the table of one.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<Lang>,

    /// The world, if the WIT has several.
    #[arg(short, long, value_name = "WORLD")]
    world: Option<String>,

    /// The folder for the files; made if it is missing. For Rust, src/ if nothing is said.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out_dir: Option<PathBuf>,

    /// Take items behind these gates, `@unstable(feature = …)`.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,

    /// Take items behind every gate.
    #[arg(long)]
    all_features: bool,

    /// One type where an interface is imported and exported, or one on each side.
    #[arg(long, value_enum, value_name = "unified|apart", hide_possible_values = true)]
    types: Option<TypesArg>,

    /// The configuration, instead of the joggle.toml of this folder or one above it.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    config: Option<PathBuf>,

    /// Write nothing; say which files are not what would be generated.
    #[arg(long, conflicts_with_all = ["dry_run", "names"])]
    check: bool,

    /// Write nothing; list the files.
    #[arg(long, conflicts_with = "names")]
    dry_run: bool,

    /// Write nothing; list what every item of the world is called.
    #[arg(long)]
    names: bool,

    /// How to report.
    #[arg(long, value_enum, hide_possible_values = true)]
    #[arg(value_name = "text|json", default_value_t = Format::Text)]
    format: Format,

    // Last, because what follows stands under its heading.
    #[command(flatten)]
    rust: rust::RustArgs,
}

/// A language that bindings exist for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Lang {
    /// Rust, for a guest.
    Rust,
}

impl Lang {
    const ALL: [Lang; 1] = [Lang::Rust];

    fn rules(self) -> &'static Language {
        match self {
            Lang::Rust => &RUST,
        }
    }

    /// Where files go if nobody says where.
    fn usual_folder(self) -> &'static str {
        match self {
            Lang::Rust => "src",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum TypesArg {
    /// One type, where its meaning is one.
    Unified,
    /// One for each side and version.
    Apart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Nothing says which language.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("nothing says for which language the bindings are")]
#[diagnostic(
    code("bindgen::no-language"),
    help("say it: --lang rust; or give joggle.toml the table of one language, [rust]")
)]
struct NoLanguage;

/// Nobody says where the WIT is, and it is not where it usually is.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no folder `{path}`, and nothing says where the WIT is")]
#[diagnostic(
    code("bindgen::no-wit"),
    help("name it: joggle bindgen path/to/wit\nor in joggle.toml: wit = \"path/to/wit\"")
)]
struct NoWit {
    path: String,
}

/// Why there are no bindings.
struct Failure {
    outcome: Outcome,
    problems: Vec<Box<dyn miette::Diagnostic>>,
}

impl Failure {
    fn unknown(problem: impl miette::Diagnostic + 'static) -> Failure {
        Failure::all(Outcome::Unknown, vec![problem])
    }

    fn all<P: miette::Diagnostic + 'static>(outcome: Outcome, problems: Vec<P>) -> Failure {
        let boxed = |problem| Box::new(problem) as Box<dyn miette::Diagnostic>;
        Failure { outcome, problems: problems.into_iter().map(boxed).collect() }
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

/// Bindings that are ready to be written.
struct Bindings {
    language: &'static Language,
    /// The world, as `ns:pkg/world@1.0.0`.
    world: String,
    files: Files,
    names: NameMap,
    /// The folder of the files, as the user would write it.
    folder: PathBuf,
    /// What to do with the files, for whoever sees them for the first time.
    next: String,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let json = args.format == Format::Json;
    match act(args, screen) {
        Ok(()) => Outcome::Yes,
        Err(failure) => failure.report(json, screen),
    }
}

fn act(args: &Args, screen: &Screen) -> Result<(), Failure> {
    let bindings = generate(args, screen)?;
    if args.names {
        names::show(&bindings, args.format, screen);
        return Ok(());
    }
    if args.check {
        return check::check(&bindings, args.format, screen);
    }
    write::write(&bindings, args.dry_run, args.format, screen)
}

fn generate(args: &Args, screen: &Screen) -> Result<Bindings, Failure> {
    let paths = args.wit.iter().chain(&args.config).map(PathBuf::as_path);
    stdin::at_most_once(paths).map_err(Failure::unknown)?;
    let project = Project::find(args.config.as_deref())?;
    let lang = match args.lang.or_else(|| project.only_language()) {
        Some(lang) => lang,
        None if project.errors.is_empty() => return Err(Failure::unknown(NoLanguage)),
        None => return Err(project::refused(project.errors)),
    };
    let settings = match lang {
        Lang::Rust => rust::Settings::read(&args.rust, &project)?,
    };
    let wit = {
        let _loading = screen.progress("load the WIT");
        load(args, &project)?
    };
    let world = args.world.as_deref().or(project.shared().world.as_deref());
    let world = select_world(&wit, world).map_err(Failure::unknown)?;
    let types = match args.types {
        Some(TypesArg::Unified) => Types::Unified,
        Some(TypesArg::Apart) => Types::Apart,
        None => args.rust.types().or(project.shared().types).unwrap_or_default(),
    };
    let _generating = screen.progress("generate bindings");
    let built = build(&wit, world, &joggle_bind::Options { types })
        .map_err(|problems| Failure::all(Outcome::No, problems))?;
    let folder = match &args.out_dir {
        Some(folder) => folder.clone(),
        None => project.folder(lang),
    };
    settings.generate(&wit, &built, folder)
}

fn load(args: &Args, project: &Project) -> Result<Wit, Failure> {
    let path = match (&args.wit, &project.shared().wit) {
        (Some(path), _) => path.clone(),
        (None, Some(path)) => project.beside(path),
        (None, None) => {
            let path = project.beside(wit::FOLDER);
            if !path.exists() {
                return Err(Failure::unknown(NoWit { path: path.display().to_string() }));
            }
            path
        }
    };
    let mut names = args.features.clone();
    names.extend(project.shared().features.iter().cloned());
    let all = args.all_features || project.shared().all_features;
    let failed = |problem| Failure { outcome: Outcome::Unknown, problems: vec![problem] };
    wit::load_with(&path, &Features { all, names }).map_err(failed)
}

impl Bindings {
    fn new(lang: Lang, built: &Built, files: Files, names: NameMap, folder: PathBuf) -> Bindings {
        let world = built.world.id();
        Bindings { language: lang.rules(), world, files, names, folder, next: String::new() }
    }

    /// Where each file belongs, and its text.
    fn placed(&self) -> impl Iterator<Item = (PathBuf, &str)> {
        self.files.iter().map(|(path, text)| (self.place(path), text))
    }

    fn place(&self, path: &str) -> PathBuf {
        let folder = &self.folder;
        // `./a` is what nobody would write.
        if folder == Path::new(".") { PathBuf::from(path) } else { folder.join(path) }
    }
}
