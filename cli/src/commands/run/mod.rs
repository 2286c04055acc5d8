//! `joggle run`: run a component, or call one of its exports. Passing on the
//! exit status happens here, the rest in `joggle-host`.

pub mod cache;
pub mod grants;
pub mod limits;
mod needs;
mod script;
pub mod trace;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use joggle_host::{Denied, Grants, HostError, Program, Setup, Took};

use crate::exit::Outcome;
use crate::progress::duration;
use crate::render::Screen;

const EXAMPLES: &str = "\
Examples:
  joggle run app.wasm -- --verbose input.txt
  joggle run app.wasm --env HOME --env LEVEL=debug --dir ./data::/data
  joggle run app.wasm --allow-http api.example.com --timeout 5s --max-memory 64MiB
  joggle run calculator.wasm --invoke 'myapp:core/calculator#add(1, 2)'

A program gets its arguments and the three standard streams, and nothing else
unless it is granted here. Its exit status is passed on; 1 is also a trap or a
limit that was passed, and 2 means that it could not be started.";

/// Run a component, or call one of its exports.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The component to run; `-` is standard input.
    file: PathBuf,

    /// Call this export instead of `wasi:cli/run`, with arguments in WAVE.
    #[arg(long, value_name = "FUNCTION(ARGS)", allow_hyphen_values = true)]
    invoke: Option<String>,

    /// Run a script of such calls, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "invoke")]
    script: Option<PathBuf>,

    /// Only list what the component needs and what it would get; 1 if it could not run.
    #[arg(long)]
    dry_run: bool,

    /// Say how long compiling, instantiating and the call took.
    #[arg(long)]
    time: bool,

    #[command(flatten)]
    grants: grants::GrantArgs,

    #[command(flatten)]
    limits: limits::LimitArgs,

    #[command(flatten)]
    cache: cache::CacheArgs,

    #[command(flatten)]
    trace: trace::TraceArgs,

    /// What the program gets as its arguments.
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// Runs the command.
pub fn run(args: Args, screen: &Screen) -> Outcome {
    let grants = match args.grants.grants() {
        Ok(grants) => grants,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let script = match script::read(&args.file, args.script.as_deref()) {
        Ok(script) => script,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let binary = match joggle_load::component(&args.file) {
        Ok(binary) => binary,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    if args.dry_run {
        return needs::show(&binary, &grants, args.invoke.is_none() && script.is_none(), screen)
            .unwrap_or_else(|error| failed(&error, screen));
    }
    let tracing = match args.trace.start(&binary) {
        Ok(tracing) => tracing,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let binary = tracing.as_ref().map_or(binary, |tracing| tracing.binary.clone());
    let watch = tracing.as_ref().map(|tracing| tracing.watch.clone());
    let setup = Setup {
        limits: args.limits.limits(),
        cache: args.cache.cache(),
        watch,
        ..Setup::default()
    };
    let done = compile(&binary, &setup, screen).and_then(|program| {
        let began = Instant::now();
        let done = match (&script, &args.invoke) {
            (Some(script), _) => script::play(&program, &grants, &args.arguments, script, screen),
            (None, Some(call)) => invoke(&program, &grants, &args.arguments, call, screen),
            (None, None) => command(&program, &grants, &args.arguments, screen),
        };
        match &done {
            Ok((_, took)) if args.time => show_times(&program, *took, screen),
            Err(error) if args.time && error.ran() => {
                show_time_until_failure(&program, began.elapsed(), screen);
            }
            Ok(_) | Err(_) => {}
        }
        done.map(|(outcome, _)| outcome)
    });
    tracing.iter().for_each(trace::Tracing::finish);
    done.unwrap_or_else(|error| failed(&error, screen))
}

/// Shows why a program could not be run, or how its run failed.
pub fn failed(error: &HostError, screen: &Screen) -> Outcome {
    screen.diagnostic(error);
    if error.ran() { Outcome::No } else { Outcome::Unknown }
}

/// Compiles a component, and says so if it takes long.
pub fn compile(
    binary: &joggle_load::Binary,
    setup: &Setup,
    screen: &Screen,
) -> Result<Program, HostError> {
    let _progress = screen.progress(&format!("compiling {}", binary.name));
    Program::compile(&binary.name, binary.bytes.clone(), setup)
}

fn command(
    program: &Program,
    grants: &Grants,
    args: &[String],
    screen: &Screen,
) -> Result<(Outcome, Took), HostError> {
    let exit = program.run(grants, args)?;
    Ok((passed(exit.status, &exit.denied, screen), exit.took))
}

fn invoke(
    program: &Program,
    grants: &Grants,
    args: &[String],
    call: &str,
    screen: &Screen,
) -> Result<(Outcome, Took), HostError> {
    let invoked = program.invoke(grants, args, call)?;
    if let Some(status) = invoked.exited {
        return Ok((passed(status, &invoked.denied, screen), invoked.took));
    }
    if let Some(result) = &invoked.result {
        screen.line(result);
    }
    Ok((Outcome::Yes, invoked.took))
}

/// How long the parts of a run took, on standard error.
pub fn show_times(program: &Program, took: Took, screen: &Screen) {
    screen.note(&format!(
        "{}; instantiate: {}; call: {}",
        time_to_compile(program),
        duration(took.instantiate),
        duration(took.call)
    ));
}

/// A program that failed may not even have an instance, so its parts are not told apart.
fn show_time_until_failure(program: &Program, ran: Duration, screen: &Screen) {
    screen.note(&format!(
        "{}; instantiate and call, until it failed: {}",
        time_to_compile(program),
        duration(ran)
    ));
}

fn time_to_compile(program: &Program) -> String {
    let compiled = program.compiled();
    let how = if compiled.cached { "load compiled code" } else { "compile" };
    format!("{how}: {}", duration(compiled.took))
}

/// A failed program may have failed for want of a grant; a successful one did without.
fn passed(status: u8, denied: &[Denied], screen: &Screen) -> Outcome {
    if status != 0 {
        for denied in denied {
            screen.note(&format!("note: {denied}"));
        }
    }
    Outcome::Passed(status)
}
