//! `cargo xtask environment`: the variables that make cargo build Rust guests for
//! wasm on this machine, for a shell to take over or for a program to read. Where
//! rustup has the targets there is nothing to set. Leaves preparing to `setup`.

use anyhow::{Context, Result};
use serde_json::json;

use crate::setup::{Cache, rust};
use crate::{pins, screen};

/// Options of `cargo xtask environment`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// As an object, with the folder that guests are built in.
    #[arg(long)]
    json: bool,
}

/// Prints the variables.
pub fn run(args: &Args) -> Result<()> {
    let ready = rust::ready(&Cache::open()?, &pins::read()?.rust)?;
    let advice = "Rust has no wasm targets here yet: run `cargo xtask setup --only rust`";
    let tool = ready.context(advice)?;
    let mut variables = Vec::new();
    for (name, value) in tool.environment()? {
        let value = value.into_string().ok().with_context(|| format!("{name} is not UTF-8"))?;
        variables.push((name, value));
    }
    if args.json {
        let variables: serde_json::Map<_, _> =
            variables.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let folder = tool.target_folder();
        screen::result(&json!({ "variables": variables, "target_folder": folder }).to_string());
        return Ok(());
    }
    for (name, value) in variables {
        screen::result(&format!("export {name}={}", quoted(&value)));
    }
    Ok(())
}

/// A word for a shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() -> Result<()> {
        let value = "it's $HOME \\ `x`";
        let script = format!("printf %s {}", quoted(value));
        let mut shell = std::process::Command::new("sh");
        assert_eq!(crate::process::output(shell.args(["-c", &script]))?, value);
        Ok(())
    }
}
