//! Case files, `fixtures/cli/**/*.case`: commands, then the files they work on.
//!
//! ```text
//! # What the case shows; comments stand before the first block.
//! joggle compose app.wasm math.wasm -o out.wasm
//! exit 1
//! wit out.wasm
//! --- app.wasm @world app
//! package a:b; …          (a component that does nothing and fits the world)
//! --- notes.txt
//! any text
//! --- broken.wasm @hex
//! 00 61 73 6d
//! --- @copy fixtures/quickstart/app.wasm local.wasm
//! --- <stdin>
//! what the commands read from standard input
//! ```
//!
//! `NAME=VALUE` before `joggle` sets an environment variable; `< FILE` and
//! `> FILE` at the end of a command redirect. `exit N` says how the command
//! above it ends; without it, it must end well. Running is left to `play`.

use anyhow::{Context, Result, bail};

use crate::input::{Content, Input};

/// What a test does: steps in order, in a folder that holds the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// The steps.
    pub steps: Vec<Step>,
    /// The files that are there before the first step.
    pub inputs: Vec<Input>,
    /// What the commands read where they do not redirect.
    pub stdin: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Run the program.
    Run(Command),
    /// Print the WIT of a component that an earlier step made.
    Wit(String),
}

/// One call of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The line as it was written.
    pub line: String,
    /// Variables set for it alone.
    pub environment: Vec<(String, String)>,
    /// What follows `joggle`.
    pub arguments: Vec<String>,
    /// A file for its standard input.
    pub stdin: Option<String>,
    /// A file for its standard output.
    pub stdout: Option<String>,
    /// The exit status it must have; `None` is any that is no crash.
    pub status: Option<i32>,
}

impl Scenario {
    /// Reads a case file.
    pub fn parse(text: &str) -> Result<Scenario> {
        let mut scenario = Scenario::default();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next_if(|line| !line.starts_with("--- ")) {
            scenario.step(line)?;
        }
        while let Some(header) = lines.next() {
            let mut body = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("--- ")) {
                body.push_str(line);
                body.push('\n');
            }
            scenario.block(header, body).with_context(|| format!("block `{header}`"))?;
        }
        if !scenario.steps.iter().any(|step| matches!(step, Step::Run(_))) {
            bail!("the case runs no command");
        }
        Ok(scenario)
    }

    fn step(&mut self, line: &str) -> Result<()> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(file) = line.strip_prefix("wit ") {
            self.steps.push(Step::Wit(file.trim().to_owned()));
        } else if let Some(status) = line.strip_prefix("exit ") {
            match self.steps.last_mut() {
                Some(Step::Run(command)) => command.status = Some(status.trim().parse()?),
                _ => bail!("`{line}` follows no command"),
            }
        } else {
            let mut command = Command::parse(line)?;
            command.status = Some(0);
            self.steps.push(Step::Run(command));
        }
        Ok(())
    }

    fn block(&mut self, header: &str, body: String) -> Result<()> {
        let words = words(header.strip_prefix("--- ").unwrap_or(header))?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (path, content) = match words.as_slice() {
            ["<stdin>"] => {
                self.stdin = body;
                return Ok(());
            }
            ["@copy", from] => {
                (from.rsplit('/').next().unwrap_or(from), Content::Copy((*from).to_owned()))
            }
            ["@copy", from, to] => (*to, Content::Copy((*from).to_owned())),
            [path, "@hex"] => (*path, Content::Hex(body.clone())),
            [path, "@world", world] => {
                (*path, Content::World { wit: body.clone(), world: (*world).to_owned() })
            }
            [path] if !path.starts_with('@') => (*path, Content::Text(body.clone())),
            _ => bail!("expected a file name, then nothing, `@hex` or `@world NAME`"),
        };
        if matches!(content, Content::Copy(_)) && !body.trim().is_empty() {
            bail!("`@copy` has no text of its own");
        }
        self.inputs.push(Input { path: path.to_owned(), content });
        Ok(())
    }
}

impl Command {
    /// Reads a command line.
    pub fn parse(line: &str) -> Result<Command> {
        let mut command = Command { line: line.to_owned(), ..Command::default() };
        let mut words = words(line)?.into_iter().peekable();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
            command.environment.push((name.to_owned(), value.to_owned()));
            words.next();
        }
        if words.next().as_deref() != Some("joggle") {
            bail!("`{line}` is no command: it does not start with `joggle`");
        }
        let mut arguments: Vec<String> = words.collect();
        while let [.., sign, file] = arguments.as_slice() {
            match sign.as_str() {
                "<" => command.stdin = Some(file.clone()),
                ">" => command.stdout = Some(file.clone()),
                _ => break,
            }
            arguments.truncate(arguments.len() - 2);
        }
        command.arguments = arguments;
        Ok(command)
    }
}

/// Splits at white space outside of single or double quotes.
fn words(line: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        bail!("a quote is not closed: {line}");
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read_whole() {
        let text = "# A comment.\n\
            A=b joggle run app.wasm --invoke 'a:b/c#add(1, 2)' < in.txt\n\
            exit 1\n\
            wit out.wasm\n\
            --- in.txt\nhello\n\
            --- deps/a.wasm @world w\npackage a:b;\nworld w {}\n\
            --- @copy fixtures/x.wasm\n";
        let case = Scenario::parse(text).expect("it is well formed");
        let [Step::Run(run), Step::Wit(wit)] = case.steps.as_slice() else {
            panic!("{:?}", case.steps)
        };
        assert_eq!(run.arguments, ["run", "app.wasm", "--invoke", "a:b/c#add(1, 2)"]);
        assert_eq!(run.environment, [("A".to_owned(), "b".to_owned())]);
        assert_eq!(run.stdin.as_deref(), Some("in.txt"));
        assert_eq!(run.status, Some(1));
        assert_eq!(wit, "out.wasm");
        let paths: Vec<_> = case.inputs.iter().map(|input| input.path.as_str()).collect();
        assert_eq!(paths, ["in.txt", "deps/a.wasm", "x.wasm"]);
        assert_eq!(case.inputs[0].content, Content::Text("hello\n".to_owned()));
    }

    #[test]
    fn what_is_no_case_is_refused() {
        for text in [
            "",
            "# nothing\n",
            "cargo build\n",
            "exit 1\njoggle\n",
            "joggle 'open\n",
            "joggle a\n--- a @what\n",
            "joggle a\n--- @copy x.wasm\nbody\n",
        ] {
            assert!(Scenario::parse(text).is_err(), "{text:?}");
        }
    }
}
