//! `joggle run`: run a component, or call one of its exports. Reading the
//! environment and passing on the exit status happen here, the rest in `joggle-host`.

use std::path::PathBuf;

use joggle_host::{Denied, Dir, Grants, HostError, Program};

use crate::exit::Outcome;
use crate::render::Screen;

const EXAMPLES: &str = "\
Examples:
  joggle run app.wasm -- --verbose input.txt
  joggle run app.wasm --env HOME --env LEVEL=debug --dir ./data::/data
  joggle run calculator.wasm --invoke 'myapp:core/calculator#add(1, 2)'

A program gets its arguments and the three standard streams, and nothing else
unless it is granted here. Its exit status is passed on; 1 is also a trap, and
2 means that it could not be started.";

/// Run a component, or call one of its exports.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The component to run; `-` is standard input.
    file: PathBuf,

    /// Grant an environment variable; without a value, with the one it has here.
    #[arg(long = "env", value_name = "NAME[=VALUE]", value_parser = variable)]
    env: Vec<Variable>,

    /// Grant a folder to read and write, under another path if one is given.
    #[arg(long = "dir", value_name = "HOST[::GUEST]", value_parser = folder)]
    dirs: Vec<Dir>,

    /// Call this export instead of `wasi:cli/run`, with arguments in WAVE.
    #[arg(long, value_name = "FUNCTION(ARGS)", allow_hyphen_values = true)]
    invoke: Option<String>,

    /// What the program gets as its arguments.
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// A variable as `--env` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    value: Option<String>,
}

/// What `--env` or `--dir` asks for cannot be given.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
enum GrantError {
    /// The variable is not set, so there is no value to pass.
    #[error("the environment variable `{name}` is not set here")]
    #[diagnostic(
        code("cli::variable-not-set"),
        help("give it a value: --env {name}=VALUE, or leave it out")
    )]
    NotSet {
        /// The variable.
        name: String,
    },
    /// Programs get text only.
    #[error("the environment variable `{name}` is not UTF-8 text")]
    #[diagnostic(
        code("cli::variable-not-text"),
        help("a component gets text only; give it another value: --env {name}=VALUE")
    )]
    NotText {
        /// The variable.
        name: String,
    },
}

/// Runs the command.
pub fn run(args: Args, screen: &Screen) -> Outcome {
    let env = match environment(args.env) {
        Ok(env) => env,
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
    let grants = Grants { env, dirs: args.dirs };
    let done =
        Program::compile(&binary.name, &binary.bytes).and_then(|program| match &args.invoke {
            Some(call) => invoke(&program, &grants, &args.arguments, call, screen),
            None => command(&program, &grants, &args.arguments, screen),
        });
    done.unwrap_or_else(|error| {
        screen.diagnostic(&error);
        if error.ran() { Outcome::No } else { Outcome::Unknown }
    })
}

fn command(
    program: &Program<'_>,
    grants: &Grants,
    args: &[String],
    screen: &Screen,
) -> Result<Outcome, HostError> {
    let exit = program.run(grants, args)?;
    Ok(passed(exit.status, &exit.denied, screen))
}

fn invoke(
    program: &Program<'_>,
    grants: &Grants,
    args: &[String],
    call: &str,
    screen: &Screen,
) -> Result<Outcome, HostError> {
    let invoked = program.invoke(grants, args, call)?;
    if let Some(status) = invoked.exited {
        return Ok(passed(status, &invoked.denied, screen));
    }
    if let Some(result) = &invoked.result {
        screen.line(result);
    }
    Ok(Outcome::Yes)
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

fn environment(variables: Vec<Variable>) -> Result<Vec<(String, String)>, GrantError> {
    variables
        .into_iter()
        .map(|Variable { name, value }| match value {
            Some(value) => Ok((name, value)),
            None => match std::env::var(&name) {
                Ok(value) => Ok((name, value)),
                Err(std::env::VarError::NotPresent) => Err(GrantError::NotSet { name }),
                Err(std::env::VarError::NotUnicode(_)) => Err(GrantError::NotText { name }),
            },
        })
        .collect()
}

fn variable(text: &str) -> Result<Variable, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    if name.is_empty() || text.contains('\0') {
        return Err("a variable is written NAME or NAME=VALUE".to_owned());
    }
    Ok(Variable { name: name.to_owned(), value })
}

fn folder(text: &str) -> Result<Dir, String> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    if host.is_empty() || guest.is_empty() {
        return Err("a folder is written HOST or HOST::GUEST".to_owned());
    }
    Ok(Dir { host: PathBuf::from(host), guest: guest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_a_name_with_or_without_a_value() {
        let made = |name: &str, value: Option<&str>| Variable {
            name: name.to_owned(),
            value: value.map(str::to_owned),
        };
        assert_eq!(variable("A"), Ok(made("A", None)));
        assert_eq!(variable("A="), Ok(made("A", Some(""))));
        assert_eq!(variable("A=b=c"), Ok(made("A", Some("b=c"))));
        assert!(variable("=b").is_err());
        assert!(variable("").is_err());
    }

    #[test]
    fn folders_are_shown_under_their_own_path_or_another() {
        let made = |host: &str, guest: &str| Dir { host: host.into(), guest: guest.to_owned() };
        assert_eq!(folder("data"), Ok(made("data", "data")));
        assert_eq!(folder("data::/in"), Ok(made("data", "/in")));
        assert!(folder("data::").is_err());
        assert!(folder("::in").is_err());
    }

    #[test]
    fn a_variable_that_is_not_set_is_an_error() {
        let name = "JOGGLE_TEST_NEVER_SET".to_owned();
        let error = environment(vec![Variable { name, value: None }]).expect_err("it is not set");
        assert!(matches!(error, GrantError::NotSet { .. }));
    }
}
