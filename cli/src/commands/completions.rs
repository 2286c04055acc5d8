//! `joggle completions SHELL`: what makes a shell complete the command line.

use clap_complete::Shell;

use crate::exit::Outcome;
use crate::render::Screen;

const EXAMPLES: &str = "\
Examples:
  joggle completions bash > ~/.local/share/bash-completion/completions/joggle
  joggle completions zsh > ~/.zfunc/_joggle         # with fpath+=~/.zfunc before compinit
  joggle completions fish > ~/.config/fish/completions/joggle.fish
  joggle completions powershell >> $PROFILE
  joggle completions elvish > ~/.config/elvish/lib/joggle.elv   # then: use joggle";

/// Print a script that makes a shell complete joggle's command line.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Whose completions.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args, command: &mut clap::Command, screen: &Screen) -> Outcome {
    screen.line(script(args.shell, command).trim_end());
    Outcome::Yes
}

/// The script of a shell.
pub fn script(shell: Shell, command: &mut clap::Command) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, command, "joggle", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
