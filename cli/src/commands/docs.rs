//! `joggle docs FOLDER`, for those who package joggle: man pages, completions for
//! every shell, and the reference of the command line as Markdown. All of it is
//! drawn from the definition of the command line, so none of it can be out of date.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::Shell;

use super::completions;
use crate::exit::Outcome;
use crate::output::{self, OutputError};
use crate::render::Screen;

/// Columns of the reference.
const WIDTH: usize = 100;

/// Write man pages, completions and the reference of all commands into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  joggle docs share/joggle", hide = true)]
pub struct Args {
    /// The folder; it is made if it does not exist.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, command: &clap::Command, screen: &Screen) -> Outcome {
    match write(&args.folder, command, screen) {
        Ok(()) => Outcome::Yes,
        Err(error) => {
            screen.diagnostic(&error);
            Outcome::Unknown
        }
    }
}

fn write(folder: &Path, command: &clap::Command, screen: &Screen) -> Result<(), OutputError> {
    let mut command = command.clone();
    command.build();
    let mut files = vec![(PathBuf::from("commands.md"), reference(&command).into_bytes())];
    for shell in Shell::value_variants() {
        let name = clap_complete::Generator::file_name(shell, "joggle");
        let script = completions::script(*shell, &mut command);
        files.push((Path::new("completions").join(name), script.into_bytes()));
    }
    let pages = std::iter::once(&command).chain(shown(&command));
    for page in pages {
        let name = format!("{}.1", hyphenated(page));
        files.push((Path::new("man").join(name), man(page)));
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        output::make_folder_of(&path)?;
        output::stage(&path, std::iter::once(bytes.as_slice()))?.keep()?;
        screen.detail(|| format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Subcommands that help shows.
fn shown(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn hyphenated(command: &clap::Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn man(command: &clap::Command) -> Vec<u8> {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut page);
    page
}

/// Every command with its help, as Markdown.
fn reference(command: &clap::Command) -> String {
    let mut text = String::from(
        "# Commands\n\n<!-- Written by `cargo xtask docs`; a test compares it with the program. -->\n\n\
         What `joggle COMMAND --help` prints. [README](../README.md) shows the commands at work.\n",
    );
    for page in std::iter::once(None).chain(shown(command).map(Some)) {
        // A command's own name can have a hyphen.
        let words: Vec<&str> =
            std::iter::once(command.get_name()).chain(page.map(clap::Command::get_name)).collect();
        let name = words.join(" ");
        let help = help(command, &words);
        let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        let _ = write!(text, "\n## {name}\n\n```text\n{}\n```\n", help.join("\n"));
    }
    text
}

/// What `NAME --help` prints.
fn help(command: &clap::Command, words: &[&str]) -> String {
    let line = words.iter().copied().chain(["--help"]);
    match command.clone().term_width(WIDTH).try_get_matches_from(line) {
        Err(help) => help.render().to_string(),
        Ok(_) => String::new(),
    }
}
