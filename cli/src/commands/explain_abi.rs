//! `joggle explain-abi`: what a core module imports or exports for an item of
//! WIT, and where its values lie. The facts are `joggle-bind`'s; here they are
//! asked for and shown.

mod text;

use std::path::{Path, PathBuf};

use joggle_bind::explain::{Explained, explain};
use joggle_bind::model::Side;
use joggle_load::Features;
use serde::Serialize;

use crate::commands::wit;
use crate::exit::Outcome;
use crate::render::Screen;

/// Show the canonical ABI of an item of WIT: signatures, names, who frees what, layouts.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  joggle explain-abi 'process#resize'
  joggle explain-abi 'wasi:io/streams#input-stream.read' wit/ --side import
  joggle explain-abi '#run' --world app wit/
  joggle explain-abi process app.wasm
  joggle explain-abi --format json 'process#image'

An item is `interface#name`, `#name` of the world itself, or a whole interface.
A function is shown as a core module imports or exports it, a type as it lies in
memory, a resource with its functions. Sizes and offsets are in bytes.")]
pub struct Args {
    /// The item, such as `process#resize`, `process#image`, `process` or `#run`.
    #[arg(value_name = "ITEM")]
    item: String,

    /// The WIT: a file, a folder, a component, or `-` for standard input.
    #[arg(value_name = "FILE|DIR", default_value = wit::FOLDER)]
    input: PathBuf,

    /// The world that has the item; else any that has it, or none.
    #[arg(long, value_name = "WORLD")]
    world: Option<String>,

    /// Take items behind these gates, `@unstable(feature = …)`.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,

    /// Take items behind every gate.
    #[arg(long)]
    all_features: bool,

    /// Show one side only.
    #[arg(long, value_enum)]
    side: Option<Which>,

    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A side of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// What the component calls.
    Import,
    /// What the component implements.
    Export,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs: one object with everything.
    Json,
}

/// The answer for programs.
#[derive(Serialize)]
struct Document {
    schema_version: u32,
    #[serde(flatten)]
    explained: Explained,
}

/// Runs the command.
pub fn run(args: &Args, screen: &Screen) -> Outcome {
    let features = Features { all: args.all_features, names: args.features.clone() };
    let wit = match wit::load_with(&args.input, &features) {
        Ok(wit) => wit,
        Err(error) => {
            screen.diagnostic(error.as_ref());
            mind_the_order(&args.item, screen);
            return Outcome::Unknown;
        }
    };
    let side = args.side.map(|side| match side {
        Which::Import => Side::Import,
        Which::Export => Side::Export,
    });
    match explain(&wit, args.world.as_deref(), &args.item, side) {
        Ok(explained) => {
            match args.format {
                Format::Text => text::show(&explained, screen),
                Format::Json => screen.json(&Document { schema_version: 1, explained }),
            }
            Outcome::Yes
        }
        Err(errors) => {
            for error in &errors {
                screen.diagnostic(error);
            }
            mind_the_order(&args.item, screen);
            Outcome::Unknown
        }
    }
}

/// The item comes first, and many a command has the file first.
fn mind_the_order(item: &str, screen: &Screen) {
    if Path::new(item).exists() {
        let name = joggle_diag::visible(item);
        screen.note(&format!(
            "note: `{name}` is a file or a folder, and the item comes first: \
             joggle explain-abi 'interface#item' {name}"
        ));
    }
}
