//! Whether to colour: the flag first, then the environment as
//! <https://no-color.org> and <https://bixense.com/clicolors> describe it, then
//! whether a terminal is there. Drawing is left to `render`.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether a stream is to be coloured.
    pub fn wanted(self, terminal: bool) -> bool {
        self.decide(terminal, |name| std::env::var_os(name))
    }

    fn decide(self, terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
        let given = |name| variable(name).filter(|value| !value.is_empty());
        match self {
            Color::Always => return true,
            Color::Never => return false,
            Color::Auto => {}
        }
        if given("NO_COLOR").is_some() {
            false
        } else if given("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
            true
        } else {
            let refused = given("CLICOLOR").is_some_and(|value| value == "0")
                || given("TERM").is_some_and(|value| value == "dumb");
            terminal && !refused
        }
    }

    /// What `--color` says in arguments that may not make sense as a whole: help and
    /// errors about the command line are coloured like everything else.
    pub fn of_arguments(arguments: impl IntoIterator<Item = OsString>) -> Color {
        let mut color = Color::Auto;
        let mut arguments = arguments.into_iter().take_while(|word| word != OsStr::new("--"));
        while let Some(word) = arguments.next() {
            let Some(word) = word.to_str() else { continue };
            let value = match word.strip_prefix("--color") {
                Some("") => arguments.next().and_then(|value| value.into_string().ok()),
                Some(rest) => rest.strip_prefix('=').map(str::to_owned),
                None => None,
            };
            color = value.and_then(|value| Color::from_str(&value, false).ok()).unwrap_or(color);
        }
        color
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(terminal: bool, variables: &[(&str, &str)]) -> bool {
        Color::Auto.decide(terminal, |wanted| {
            variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn without_variables_the_terminal_decides() {
        assert!(auto(true, &[]) && !auto(false, &[]));
        assert!(!auto(true, &[("TERM", "dumb")]) && auto(true, &[("TERM", "xterm")]));
    }

    #[test]
    fn no_color_counts_whatever_it_says_and_does_not_count_when_empty() {
        assert!(!auto(true, &[("NO_COLOR", "1")]) && !auto(true, &[("NO_COLOR", "0")]));
        assert!(auto(true, &[("NO_COLOR", "")]));
        assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn clicolor_can_force_and_refuse() {
        assert!(auto(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]) && auto(true, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("CLICOLOR", "0")]) && auto(true, &[("CLICOLOR", "1")]));
        assert!(!auto(false, &[("CLICOLOR", "1")]));
        assert!(auto(false, &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn the_flag_beats_the_environment() {
        let set = |name: &str| Some(OsString::from(if name == "NO_COLOR" { "1" } else { "" }));
        assert!(Color::Always.decide(false, set));
        assert!(!Color::Never.decide(true, |_| Some("1".into())));
    }

    #[test]
    fn the_flag_is_found_in_wrong_command_lines() {
        let of = |line: &str| Color::of_arguments(line.split(' ').map(OsString::from));
        assert_eq!(of("joggle compsoe --color always"), Color::Always);
        assert_eq!(of("joggle --color=never --help"), Color::Never);
        assert_eq!(of("joggle run a.wasm -- --color always"), Color::Auto);
        assert_eq!(of("joggle --color perhaps"), Color::Auto);
        assert_eq!(of("joggle --colored always --color"), Color::Auto);
    }
}
