//! Diagnostics on the terminal: the only place that draws and colours.

use std::cell::Cell;
use std::io::{IsTerminal, Write};

use joggle_diag::{Report, visible};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, Severity};

use crate::color::Color;
use crate::progress::Progress;

/// How the program talks: options of every command.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "For every command")]
pub struct Manner {
    /// When to colour what is printed.
    #[arg(long, global = true, value_enum, hide_possible_values = true, display_order = 900)]
    #[arg(value_name = "auto|always|never", default_value_t = Color::Auto)]
    pub color: Color,

    /// Print results and problems only: no report, no notes, no progress.
    #[arg(short, long, global = true, display_order = 901, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Also say what is loaded and how long the steps take.
    #[arg(short, long, global = true, display_order = 902)]
    pub verbose: bool,
}

/// Where results and diagnostics go, and how they look there.
pub struct Screen {
    manner: Manner,
    stdout_color: bool,
    stderr_color: bool,
    width: usize,
    /// Whether a diagnostic was shown before.
    spoken: Cell<bool>,
}

impl Screen {
    /// Settles colours and width once.
    pub fn new(manner: Manner) -> Screen {
        Screen {
            manner,
            stdout_color: manner.color.wanted(std::io::stdout().is_terminal()),
            stderr_color: manner.color.wanted(std::io::stderr().is_terminal()),
            width: terminal_width(),
            spoken: Cell::new(false),
        }
    }

    /// Whether only results and problems are wanted.
    pub fn is_quiet(&self) -> bool {
        self.manner.quiet
    }

    /// Whether details are wanted.
    pub fn is_verbose(&self) -> bool {
        self.manner.verbose
    }

    /// A line on standard error for those who want details.
    pub fn detail(&self, line: impl FnOnce() -> String) {
        if self.is_verbose() {
            self.note(&line());
        }
    }

    /// Announces work that may take a while: `compiling app.wasm`. It is shown on a
    /// terminal once it has taken a second, until what is returned here is dropped,
    /// and its duration is a detail. Nothing else is printed meanwhile.
    pub fn progress(&self, what: &str) -> Progress {
        let live = !self.is_quiet() && std::io::stderr().is_terminal();
        Progress::new(what, live, self.is_verbose())
    }

    /// Draws a diagnostic on standard error, then those that belong to it.
    pub fn diagnostic(&self, diagnostic: &dyn Diagnostic) {
        self.paragraph(self.draw(&Alone { of: diagnostic, with_source: true }).trim_end());
        for related in diagnostic.related().into_iter().flatten() {
            if related.code().is_none() && related.severity() == Some(Severity::Advice) {
                // One side of a mismatch: a heading and the text, no finding of its own.
                let drawn = self.draw(&Alone { of: related, with_source: true });
                let body = drawn.split_once('\n').map_or("", |(_, body)| body);
                self.paragraph(&format!("  {related}\n{}", body.trim_end()));
            } else {
                self.diagnostic(related);
            }
        }
    }

    /// Text on standard error, with an empty line before it unless it is the first.
    fn paragraph(&self, text: &str) {
        if self.spoken.replace(true) {
            self.note("");
        }
        self.note(text);
    }

    fn draw(&self, diagnostic: &dyn Diagnostic) -> String {
        if too_wide(diagnostic) {
            return self.draw_without_source(diagnostic);
        }
        let theme = if self.stderr_color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .with_break_words(false)
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
            .with_context_lines(1);
        let mut text = String::new();
        match handler.render_report(&mut text, diagnostic) {
            Ok(()) => text,
            Err(_) => format!("{diagnostic}\n"),
        }
    }

    /// The same with the places as lines and columns only.
    fn draw_without_source(&self, diagnostic: &dyn Diagnostic) -> String {
        let mut text = self.draw(&Alone { of: diagnostic, with_source: false });
        for label in Report::of(diagnostic).labels {
            let said = label.text.map(|text| format!(": {text}")).unwrap_or_default();
            let (source, line, column) = (label.source, label.line, label.column);
            text = format!("{text}   at {source}:{line}:{column}{said}\n");
        }
        text
    }

    /// A line on standard error. A closed standard error is nobody's problem.
    #[expect(clippy::unused_self, reason = "whoever writes to the screen holds it")]
    pub fn note(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// A line of the result, on standard output. A closed pipe ends the program in silence.
    pub fn line(&self, line: &str) {
        if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
            if error.kind() == std::io::ErrorKind::BrokenPipe {
                std::process::exit(0);
            }
            self.note(&format!("cannot write the result: {}", crate::output::plain(&error)));
            std::process::exit(2);
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

/// Longer lines are not shown; nobody could find the place in them.
const WIDEST: usize = 2_000;

/// Whether a line that would be shown is too long to be.
fn too_wide(diagnostic: &dyn Diagnostic) -> bool {
    let (Some(source), Some(labels)) = (diagnostic.source_code(), diagnostic.labels()) else {
        return false;
    };
    let mut shown = labels.filter_map(|label| source.read_span(label.inner(), 1, 1).ok());
    shown.any(|text| text.data().split(|byte| *byte == b'\n').any(|line| line.len() > WIDEST))
}

/// The terminal's width, or 100 columns where there is none.
fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .filter(|c| (40..=400).contains(c))
        .unwrap_or(100)
}

/// A diagnostic without those that belong to it, and perhaps without its source.
#[derive(Debug)]
struct Alone<'a> {
    of: &'a dyn Diagnostic,
    with_source: bool,
}

impl std::fmt::Display for Alone<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Names in messages come out of foreign files.
        f.write_str(&visible(&self.of.to_string()))
    }
}

impl std::error::Error for Alone<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.of.source()
    }
}

impl Diagnostic for Alone<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.of.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.of.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.of.help().map(|help| help.to_string());
        let url = self.of.url().map(|url| url.to_string()).filter(|url| !url.is_empty());
        let lines: Vec<String> =
            help.into_iter().chain(url.map(|url| format!("see {url}"))).collect();
        let text = lines.join("\n");
        (!text.is_empty()).then(|| Box::new(visible(&text).into_owned()) as Box<_>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.of.source_code().filter(|_| self.with_source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        self.of.labels().filter(|_| self.with_source)
    }

    fn diagnostic_source(&self) -> Option<&dyn Diagnostic> {
        self.of.diagnostic_source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use joggle_diag::{Source, source};
    use miette::SourceSpan;

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("a word is wrong")]
    struct Wrong {
        #[source_code]
        text: Source,
        #[label("this one")]
        at: SourceSpan,
    }

    #[test]
    fn a_place_far_to_the_right_is_named_and_not_drawn() {
        let text = source("a.wit", "x".repeat(100_000));
        let drawn = Screen::new(Manner::default()).draw(&Wrong { text, at: (90_000, 5).into() });
        assert!(drawn.contains("at a.wit:1:90001: this one"), "{drawn}");
        assert!(drawn.len() < 1_000);
    }
}
