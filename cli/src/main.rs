//! The `joggle` binary: the only place that prints, colours, reads the
//! environment or exits. Each subcommand is one file under `commands/`;
//! everything they do is a library call.

mod commands;
mod exit;
mod output;
mod render;
mod screens;

use clap::{Parser, Subcommand};

/// The toolchain for the WebAssembly Component Model.
#[derive(Debug, Parser)]
#[command(name = "joggle", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to colour what is printed.
    #[arg(long, global = true, value_enum, hide_possible_values = true, display_order = 900)]
    #[arg(value_name = "auto|always|never", default_value_t = render::Color::Auto)]
    color: render::Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compose(commands::compose::Args),
    Validate(commands::validate::Args),
    Run(commands::run::Args),
    Explain(commands::explain::Args),
}

fn main() -> std::process::ExitCode {
    exit::quiet_harmless_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    let screen = render::Screen::new(cli.color);
    let outcome = match cli.command {
        Command::Compose(args) => commands::compose::run(args, &screen),
        Command::Validate(args) => commands::validate::run(&args, &screen),
        Command::Run(args) => commands::run::run(args, &screen),
        Command::Explain(args) => commands::explain::run(&args, &screen),
    };
    outcome.into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

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
