//! `joggle validate`: whether WIT, components and core modules obey the
//! specification, fit a world, and suit a platform. Finding out is left to
//! `joggle-check`; here the questions are put together and the answers shown.

mod examine;
mod question;
mod text;

use std::path::PathBuf;

use joggle_check::features::Feature;
use joggle_check::features::runtimes::{Answer as Runs, Obstacle, RuntimeVerdict};
use joggle_check::spec::Spec;
use rayon::prelude::*;
use serde::Serialize;

use crate::commands::{explain, stdin};
use crate::exit::Outcome;
use crate::render::Screen;
use crate::screens::findings::{Answer, Format, Subject, github, json, junit, markdown, sarif};
use examine::{Examined, examine};
use question::Question;

/// Check WIT, components and core modules: valid? Does it fit a world, a platform?
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  joggle validate app.wasm
  joggle validate wit/
  joggle validate app.wasm --world wasi:cli/command@0.2
  joggle validate app.wasm --wit wit/ --world image-service
  joggle validate app.wasm --target spin --target ./our-platform.toml
  joggle validate --format sarif components/*.wasm > findings.sarif
  cat world.wit | joggle validate -

What a file is, is told by its content. The WIT of WASI 0.2.12 and 0.3.2 is built in.
Exit status: 0 all is well, 1 something is invalid or does not fit, 2 something could
not be told, as with a file that is missing.")]
pub struct Args {
    /// Files, folders of WIT, or `-` for standard input.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,

    /// The world that components must fit: of WASI, or of the WIT given with `--wit`.
    #[arg(long, value_name = "WORLD")]
    world: Option<String>,

    /// The WIT that has the world, or another component, whose outside is the world.
    #[arg(long, value_name = "FILE|DIR")]
    wit: Option<PathBuf>,

    /// A platform that must take the file: a name such as `spin`, or a profile. Repeatable.
    #[arg(long = "target", value_name = "PLATFORM|FILE.toml")]
    targets: Vec<String>,

    /// The WebAssembly features that may be used, such as `wasm2` or `shipped,-async`.
    #[arg(long, value_name = "FEATURES", allow_hyphen_values = true)]
    features: Option<String>,

    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What else is known of an input, for the JSON document.
#[derive(Serialize)]
struct More<'a> {
    valid: bool,
    imports: Option<usize>,
    exports: Option<usize>,
    /// Features beyond the base.
    needs: Option<&'a [Feature]>,
    /// What the known runtimes that take its kind make of it.
    runtimes: Option<Vec<Runtime<'a>>>,
}

/// What a runtime makes of an input.
#[derive(Serialize)]
struct Runtime<'a> {
    name: &'a str,
    version: &'a str,
    runs: bool,
    /// What has to be given so that it does.
    flags: Vec<&'a str>,
    /// The features that it has not.
    lacks: Vec<&'static str>,
}

impl<'a> Runtime<'a> {
    fn of(verdict: &'a RuntimeVerdict) -> Option<Runtime<'a>> {
        let (runs, flags, lacks) = match &verdict.answer {
            Runs::Runs => (true, Vec::new(), Vec::new()),
            Runs::WithFlags(flags) => {
                (true, flags.iter().map(|flag| flag.flag.as_str()).collect(), Vec::new())
            }
            Runs::No(Obstacle::Lacks(features)) => {
                (false, Vec::new(), features.iter().map(|feature| feature.name()).collect())
            }
            // Nobody expects it to.
            Runs::No(Obstacle::TakesNoComponents | Obstacle::TakesNoModules) => return None,
        };
        let (name, version) = (verdict.runtime.name.as_str(), verdict.runtime.version.as_str());
        Some(Runtime { name, version, runs, flags, lacks })
    }
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let paths = args.inputs.iter().chain(&args.wit).map(PathBuf::as_path);
    if let Err(error) = stdin::at_most_once(paths) {
        screen.diagnostic(&error);
        return Outcome::Unknown;
    }
    let question = match Question::of(args) {
        Ok(question) => question,
        Err(error) => {
            screen.diagnostic(error.as_ref());
            return Outcome::Unknown;
        }
    };
    let all: Vec<Examined> = {
        let _progress = screen.progress("checking");
        args.inputs.par_iter().map(|path| examine(path, &question)).collect()
    };
    show(args.format, &all, screen);
    Answer::of_all(all.iter().map(|examined| examined.subject.outcome)).into()
}

fn show(format: Format, all: &[Examined], screen: &Screen) {
    let subjects = || all.iter().map(|e| e.subject.clone()).collect::<Vec<Subject>>();
    let page = |code: &str| {
        let found = explain::PAGES.iter().find(|(known, _)| *known == code);
        found.map(|(_, page)| *page)
    };
    let block = |text: &str| {
        if !text.is_empty() {
            screen.line(text.trim_end_matches('\n'));
        }
    };
    match format {
        Format::Text => text::show(all, screen),
        Format::Json => {
            let more: Vec<More<'_>> = all.iter().map(More::of).collect();
            screen.json(&json::document(all.iter().map(|e| &e.subject).zip(&more)));
        }
        Format::Sarif => screen.json(&sarif::document(&subjects(), page)),
        Format::Github => block(&github::commands(&subjects())),
        Format::Junit => block(&junit::document("joggle validate", &subjects())),
        Format::Markdown => block(&markdown::document("joggle validate", &subjects())),
    }
}

impl<'a> More<'a> {
    fn of(examined: &'a Examined) -> More<'a> {
        let spec: Option<&Spec> = examined.spec.as_ref();
        More {
            valid: examined.valid == Answer::Yes,
            imports: examined.counts.map(|(imports, _)| imports),
            exports: examined.counts.map(|(_, exports)| exports),
            needs: spec.map(|spec| spec.needs.as_slice()),
            runtimes: spec.map(|spec| spec.runtimes.iter().filter_map(Runtime::of).collect()),
        }
    }
}
