//! The `joggle` binary: the only place that prints, colours, reads the
//! environment or exits. Each subcommand is one file under `commands/`;
//! everything they do is a library call.

mod color;
mod commands;
mod exit;
mod output;
mod progress;
mod render;
mod screens;

use clap::{CommandFactory, Parser, Subcommand};

/// The version, and the versions of what it stands on.
const VERSION: &str = include!(concat!(env!("OUT_DIR"), "/version.rs"));

const AFTERWARDS: &str = "\
Examples:
  joggle compose cli.wasm calculator.wasm -o app.wasm
  joggle run app.wasm -- 2 + 40

`joggle COMMAND --help` has more of them, `joggle explain CODE` tells about an error.
Exit status: 0 yes, or done; 1 the answer is no; 2 could not tell (a missing file,
unreadable input, wrong usage); 101 a bug. `run` passes on the program's own.";

/// The toolchain for the WebAssembly Component Model.
#[derive(Debug, Parser)]
#[command(name = "joggle", version, long_version = VERSION, propagate_version = true)]
#[command(max_term_width = 100, after_help = AFTERWARDS)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    manner: render::Manner,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bindgen(commands::bindgen::Args),
    Compose(commands::compose::Args),
    Componentize(commands::componentize::Args),
    Validate(commands::validate::Args),
    Run(commands::run::Args),
    Serve(commands::serve::Args),
    Test(commands::test::Args),
    Explain(commands::explain::Args),
    ExplainAbi(commands::explain_abi::Args),
    Completions(commands::completions::Args),
    Docs(commands::docs::Args),
}

fn main() -> std::process::ExitCode {
    exit::quiet_harmless_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            return exit::usage(&error, color::Color::of_arguments(std::env::args_os()));
        }
    };
    let screen = render::Screen::new(cli.manner);
    let outcome = match cli.command {
        Command::Bindgen(args) => commands::bindgen::run(&args, &screen),
        Command::Compose(args) => commands::compose::run(&args, &screen),
        Command::Componentize(args) => commands::componentize::run(&args, &screen),
        Command::Validate(args) => commands::validate::run(&args, &screen),
        Command::Run(args) => commands::run::run(args, &screen),
        Command::Serve(args) => commands::serve::run(args, &screen),
        Command::Test(args) => commands::test::run(&args, &screen),
        Command::Explain(args) => commands::explain::run(&args, &screen),
        Command::ExplainAbi(args) => commands::explain_abi::run(&args, &screen),
        Command::Completions(args) => {
            commands::completions::run(&args, &mut Cli::command(), &screen)
        }
        Command::Docs(args) => commands::docs::run(&args, &Cli::command(), &screen),
    };
    outcome.into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in super::Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string);
            assert!(
                help.is_some_and(|h| h.contains("Example")),
                "`joggle {} --help` has no example",
                command.get_name()
            );
        }
    }
}
