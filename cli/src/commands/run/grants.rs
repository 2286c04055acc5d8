//! What a program is granted, as options: shared by every command that runs
//! one. Keeping to it is left to `joggle-host`.

use std::net::SocketAddr;
use std::path::PathBuf;

use joggle_host::{Dir, Grants, HttpGrant, NetGrant};

/// The options that grant something.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What the program is granted")]
pub struct GrantArgs {
    /// Grant an environment variable; without a value, with the one it has here.
    #[arg(long = "env", value_name = "NAME[=VALUE]", value_parser = variable)]
    env: Vec<Variable>,

    /// Grant a folder to read and write, under another path if one is given.
    #[arg(long = "dir", value_name = "HOST[::GUEST]", value_parser = writable_folder)]
    dirs: Vec<Dir>,

    /// Grant a folder to read.
    #[arg(long = "dir-ro", value_name = "HOST[::GUEST]", value_parser = readable_folder)]
    dirs_to_read: Vec<Dir>,

    /// Let relative paths begin at this folder, named as the program sees it (WASI 0.2 and 0.3).
    #[arg(long, value_name = "GUEST")]
    cwd: Option<String>,

    /// Grant connections over TCP and UDP: an address, a range or a host name, with or without
    /// a port.
    #[arg(long = "allow-net", value_name = "HOST[:PORT]", value_parser = str::parse::<NetGrant>)]
    net: Vec<NetGrant>,

    /// Grant listening on an address of this machine; port 0 is any free one.
    #[arg(long = "listen", value_name = "ADDRESS:PORT", value_parser = address)]
    listen: Vec<SocketAddr>,

    /// Grant HTTP requests to a server; `*.example.com` is all below it, `*` is every one.
    #[arg(long = "allow-http", value_name = "HOST[:PORT]", value_parser = str::parse::<HttpGrant>)]
    http: Vec<HttpGrant>,

    /// Grant a value of `wasi:config`.
    #[arg(long = "config", value_name = "KEY=VALUE", value_parser = pair)]
    config: Vec<(String, String)>,

    /// Put a value into the stores of `wasi:keyvalue`, which are in memory.
    #[arg(long = "keyvalue", value_name = "KEY=VALUE", value_parser = pair)]
    keyvalue: Vec<(String, String)>,
}

/// A variable as `--env` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    value: Option<String>,
}

/// What the options ask for cannot be given.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GrantError {
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
    /// The program could see only one of them.
    #[error("two folders are granted as `{guest}`: `{first}` and `{second}`")]
    #[diagnostic(
        code("cli::folder-granted-twice"),
        help("leave one out, or show one under another path: --dir {second}::OTHER")
    )]
    FolderTwice {
        /// The path that the program would see.
        guest: String,
        /// The folder that was granted first.
        first: String,
        /// The other one.
        second: String,
    },
}

impl GrantArgs {
    /// The grants, with the values of variables that are passed on.
    pub fn grants(self) -> Result<Grants, GrantError> {
        let mut dirs = self.dirs;
        dirs.extend(self.dirs_to_read);
        each_once(&dirs)?;
        Ok(Grants {
            env: environment(self.env)?,
            dirs,
            cwd: self.cwd,
            net: self.net,
            listen: self.listen,
            http: self.http,
            config: self.config,
            keyvalue: self.keyvalue,
        })
    }
}

/// A program finds a folder by its path, so each path is one folder.
fn each_once(dirs: &[Dir]) -> Result<(), GrantError> {
    let path = |dir: &Dir| dir.guest.trim_start_matches("./").to_owned();
    for (index, dir) in dirs.iter().enumerate() {
        if let Some(first) = dirs.iter().take(index).find(|first| path(first) == path(dir)) {
            return Err(GrantError::FolderTwice {
                guest: dir.guest.clone(),
                first: first.host.display().to_string(),
                second: dir.host.display().to_string(),
            });
        }
    }
    Ok(())
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

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a value is written KEY=VALUE".to_owned()),
    }
}

fn writable_folder(text: &str) -> Result<Dir, String> {
    folder(text, true)
}

fn readable_folder(text: &str) -> Result<Dir, String> {
    folder(text, false)
}

fn folder(text: &str, writable: bool) -> Result<Dir, String> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    if host.is_empty() || guest.is_empty() {
        return Err("a folder is written HOST or HOST::GUEST".to_owned());
    }
    // Programs look for `data`, not for `data/`.
    let guest = match guest.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    Ok(Dir { host: PathBuf::from(host), guest: guest.to_owned(), writable })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an address to listen on is written 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080".to_owned()
    })
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
        let made = |host: &str, guest: &str, writable| Dir {
            host: host.into(),
            guest: guest.to_owned(),
            writable,
        };
        assert_eq!(writable_folder("data"), Ok(made("data", "data", true)));
        assert_eq!(readable_folder("data::/in"), Ok(made("data", "/in", false)));
        assert_eq!(writable_folder("data/"), Ok(made("data/", "data", true)));
        assert_eq!(writable_folder("/::/"), Ok(made("/", "/", true)));
        assert!(writable_folder("data::").is_err());
        assert!(readable_folder("::in").is_err());
    }

    #[test]
    fn a_path_is_one_folder() {
        let dirs = |texts: &[&str]| -> Vec<Dir> {
            texts.iter().map(|text| writable_folder(text).expect("well-formed")).collect()
        };
        assert!(each_once(&dirs(&["a", "b", "a::c", "a::c/d"])).is_ok());
        for twice in [["a", "a/"], ["a::x", "b::x"], ["./a", "a"], ["a::/", "b::/"]] {
            assert!(each_once(&dirs(&twice)).is_err(), "{twice:?}");
        }
    }

    #[test]
    fn a_variable_that_is_not_set_is_an_error() {
        let name = "JOGGLE_TEST_NEVER_SET".to_owned();
        let error = environment(vec![Variable { name, value: None }]).expect_err("it is not set");
        assert!(matches!(error, GrantError::NotSet { .. }));
    }
}
