//! Diagnostics on the terminal: the only place that draws and colours.

use std::io::{IsTerminal, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where results and diagnostics go, and how they look there.
pub struct Screen {
    stdout_color: bool,
    stderr_color: bool,
    width: usize,
}

impl Screen {
    /// Settles colours and width once.
    pub fn new(color: Color) -> Screen {
        let wanted = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
                set("CLICOLOR_FORCE") || (terminal && !set("NO_COLOR"))
            }
        };
        Screen {
            stdout_color: wanted(std::io::stdout().is_terminal()),
            stderr_color: wanted(std::io::stderr().is_terminal()),
            width: terminal_width(),
        }
    }

    /// Draws a diagnostic on standard error.
    pub fn diagnostic(&self, diagnostic: &dyn Diagnostic) {
        let theme = if self.stderr_color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .with_context_lines(1);
        let mut text = String::new();
        if handler.render_report(&mut text, diagnostic).is_err() {
            text = format!("{diagnostic}\n");
        }
        self.note(text.trim_end());
    }

    /// A line on standard error. A closed standard error is nobody's problem.
    pub fn note(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// A line of the result, on standard output. A closed pipe ends the program in silence.
    pub fn line(&self, line: &str) {
        if writeln!(std::io::stdout().lock(), "{line}").is_err() {
            std::process::exit(0);
        }
    }

    /// Data on standard output.
    pub fn json(&self, data: &impl serde::Serialize) {
        match serde_json::to_string_pretty(data) {
            Ok(text) => self.line(&text),
            Err(error) => self.note(&format!("not representable as JSON: {error}")),
        }
    }

    /// Dim text on standard output, where colour is wanted.
    pub fn dim(&self, text: &str) -> String {
        self.styled("2", text)
    }

    /// Bold text on standard output, where colour is wanted.
    pub fn bold(&self, text: &str) -> String {
        self.styled("1", text)
    }

    fn styled(&self, code: &str, text: &str) -> String {
        if self.stdout_color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// The terminal's width, or 100 columns where there is none.
fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .filter(|c| (40..=400).contains(c))
        .unwrap_or(100)
}
