//! The project's tasks: `cargo xtask TASK`. Each task is a module; this file only
//! reads the command line.

mod bench;
mod ci;
mod docs;
mod environment;
mod fixtures;
mod fuzz;
mod paths;
mod pins;
mod process;
mod quickstart;
mod screen;
mod setup;
mod stamp;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the joggle project.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Prepare guest toolchains in a cache folder.
    Setup(setup::Args),
    /// Print the variables that make cargo build Rust guests for wasm here.
    Environment(environment::Args),
    /// Build the guest fixtures into a folder outside of the tree.
    Fixtures(fixtures::Args),
    /// Build the quickstart's components, which lie in the repository.
    Quickstart(quickstart::Args),
    /// Check what the architecture promises and no compiler checks.
    Tidy,
    /// Prepare toolchains and fixtures, then run every test.
    Test,
    /// The same after formatting and lints.
    Ci,
    /// Measure beside peers.
    Bench(bench::Args),
    /// Look for inputs that break what meets foreign bytes.
    Fuzz(fuzz::Args),
    /// Write man pages, completions and the reference of the command line.
    Docs(docs::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Setup(args) => setup::run(&args),
        Task::Environment(args) => environment::run(&args),
        Task::Fixtures(args) => fixtures::run(&args),
        Task::Quickstart(args) => quickstart::run(&args),
        Task::Tidy => tidy::run(),
        Task::Test => ci::test(),
        Task::Ci => ci::run(),
        Task::Bench(args) => bench::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Docs(args) => docs::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::failure(&error);
            ExitCode::FAILURE
        }
    }
}
