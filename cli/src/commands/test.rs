//! `joggle test`: run `.wast` scripts and say what of them holds. Running is
//! done in `joggle-harness`, the report's forms are in `screens::verdicts`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use joggle_check::features::Features;
use joggle_harness::{Options, Script, play};

use crate::commands::run::limits::time;
use crate::commands::stdin::at_most_once;
use crate::exit::Outcome;
use crate::render::Screen;
use crate::screens::verdicts::{self, Format, Played};

const EXAMPLES: &str = "\
Examples:
  joggle test fixtures/wast/*.wast
  joggle test --format junit --timeout 10s strings.wast > report.xml

A script makes modules and components, calls them, and asserts what comes of it.
Each file has an engine of its own; several run at once. The exit status is 0 if
nothing failed, 1 if something did, and 2 if a file could not be read. With -v,
what was skipped and what failed for a reason in other words is listed too.";

/// Run `.wast` scripts of modules, components and assertions.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The scripts; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// How long one file may take.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "60s")]
    timeout: Duration,

    /// How many files run at once; as many as there are processors if not given.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,

    /// Only validate: nothing is instantiated or called.
    #[arg(long)]
    validate_only: bool,

    /// What modules and components may use, such as `wasm2` or `shipped,-async`.
    #[arg(long, value_name = "FEATURES", allow_hyphen_values = true)]
    features: Option<String>,

    /// Failing as expected, but for a reason in other words, is a failure too.
    #[arg(long)]
    strict: bool,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    if let Err(error) = at_most_once(args.files.iter().map(PathBuf::as_path)) {
        screen.diagnostic(&error);
        return Outcome::Unknown;
    }
    let features = match args.features.as_deref().map(Features::parse).transpose() {
        Ok(features) => features,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let (scripts, unread) = read(&args.files, screen);
    let default = Options::default();
    let options = Options {
        timeout: args.timeout,
        jobs: args.jobs.map_or(default.jobs, usize::from),
        validate_only: args.validate_only,
        features,
    };
    let accounts = {
        let _progress = screen.progress("running scripts");
        play(&scripts, &options)
    };
    let played = Played { scripts: &scripts, accounts: &accounts, strict: args.strict };
    verdicts::show(&played, args.format, screen);
    if unread {
        Outcome::Unknown
    } else if played.failed() {
        Outcome::No
    } else {
        Outcome::Yes
    }
}

/// The scripts that can be read, and whether there are others.
fn read(files: &[PathBuf], screen: &Screen) -> (Vec<Script>, bool) {
    let mut scripts = Vec::new();
    let mut unread = false;
    for file in files.iter().map(PathBuf::as_path) {
        match script(file) {
            Ok(script) => scripts.push(script),
            Err(error) => {
                screen.diagnostic(&error);
                unread = true;
            }
        }
    }
    (scripts, unread)
}

fn script(file: &Path) -> Result<Script, joggle_load::LoadError> {
    joggle_load::text(file).map(|read| Script { name: read.name, text: read.text })
}
