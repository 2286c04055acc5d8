//! `--trace-calls`: prints each call across a component's boundary. Which calls
//! there are is `joggle-trace`'s to know.

mod brief;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use joggle_diag::visible_name;
use joggle_host::Watch;
use joggle_load::Binary;
use joggle_trace::{Event, Journal, Moment, TraceError, Untraced, Which, instrument};

use self::brief::brief;
use crate::output::{OutputError, plain};
use crate::progress::duration;

/// The options for tracing.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Tracing")]
pub struct TraceArgs {
    /// Show each call across a boundary, on standard error: all, or those
    /// between components or into the host alone.
    #[arg(long, value_name = "all|components|host", value_enum, hide_possible_values = true)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    trace_calls: Option<Calls>,

    /// How calls are shown: JSON is one object a line.
    #[arg(long, value_name = "text|json", value_enum, hide_possible_values = true)]
    #[arg(requires = "trace_calls", default_value = "text")]
    trace_format: Format,

    /// Write the trace to a file, so that it does not mix with what the program
    /// prints; `-` is standard output.
    #[arg(long, value_name = "FILE", requires = "trace_calls")]
    trace_file: Option<PathBuf>,

    /// Leave out how long each call took, so that two runs can be compared.
    #[arg(long, requires = "trace_calls")]
    no_trace_times: bool,
}

/// Which calls are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Calls {
    All,
    Components,
    Host,
}

/// How they are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Why a trace could not begin.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum StartError {
    /// The component is not one that can be traced.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Component(#[from] TraceError),
    /// There is no place for the trace.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] OutputError),
}

/// A run that is traced.
pub struct Tracing {
    /// What is to be run in place of the file.
    pub binary: Binary,
    /// What it reports to.
    pub watch: Watch,
    printer: Arc<Mutex<Printer>>,
}

impl TraceArgs {
    /// Makes a component whose calls are printed, if that was asked for.
    pub fn start(&self, binary: &Binary) -> Result<Option<Tracing>, StartError> {
        let which = match self.trace_calls {
            None => return Ok(None),
            Some(Calls::All) => Which::All,
            Some(Calls::Components) => Which::Components,
            Some(Calls::Host) => Which::Host,
        };
        let traced = instrument(&binary.name, &binary.stem, &binary.bytes, which)?;
        let mut printer = Printer {
            out: self.out()?,
            format: self.trace_format,
            times: !self.no_trace_times,
            open: Vec::new(),
        };
        let untraced: Vec<String> =
            traced.untraced.iter().map(|untraced| printer.untraced(untraced)).collect();
        printer.print(&untraced);
        let printer = Arc::new(Mutex::new(printer));
        let shared = Arc::clone(&printer);
        let journal = Journal::new(&traced, move |event| {
            // A printer is whole after each event, so a poisoned one can be used.
            let mut printer = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let lines = printer.event(event);
            printer.print(&lines);
        });
        let watch = journal.watch();
        let binary = Binary { bytes: traced.bytes.into(), ..binary.clone() };
        Ok(Some(Tracing { binary, watch, printer }))
    }

    /// Where the trace goes.
    fn out(&self) -> Result<Box<dyn Write + Send>, OutputError> {
        let Some(path) = &self.trace_file else { return Ok(Box::new(std::io::stderr())) };
        if path.as_os_str() == "-" {
            return Ok(Box::new(std::io::stdout()));
        }
        let not_written = |error: std::io::Error| OutputError::NotWritten {
            path: path.display().to_string(),
            reason: plain(&error),
        };
        let file = File::create(path).map_err(not_written)?;
        Ok(Box::new(file))
    }
}

impl Tracing {
    /// Prints what has not returned when the program is at its end.
    pub fn finish(&self) {
        let mut printer = self.printer.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = printer.finish();
        printer.print(&lines);
    }
}

/// Makes lines of events. A call that calls nothing is one line, written when it
/// is over; any other begins and ends with a line of its own.
struct Printer {
    out: Box<dyn Write + Send>,
    format: Format,
    times: bool,
    /// The calls under way, the latest last.
    open: Vec<OpenCall>,
}

struct OpenCall {
    serial: u64,
    /// The line for a call that has not been printed yet.
    waiting: Option<String>,
    /// How the line that says it is over begins.
    ending: String,
}

impl Printer {
    /// A closed standard error is nobody's problem.
    fn print(&mut self, lines: &[String]) {
        for line in lines {
            let line = match self.format {
                // The names are the component's own.
                Format::Text => visible_name(line),
                Format::Json => line.clone(),
            };
            let _ = writeln!(self.out, "{line}");
        }
    }

    fn untraced(&self, untraced: &Untraced) -> String {
        let Untraced { caller, callee, function, reason } = untraced;
        match self.format {
            Format::Text => {
                format!("not traced: {caller} → {callee}  {function}: {reason}")
            }
            Format::Json => serde_json::json!({
                "event": "not-traced",
                "caller": caller,
                "callee": callee.to_string(),
                "function": function,
                "reason": reason.to_string(),
            })
            .to_string(),
        }
    }

    fn event(&mut self, event: &Event<'_>) -> Vec<String> {
        match self.format {
            Format::Text => self.text(event),
            Format::Json => vec![self.json(event).to_string()],
        }
    }

    fn text(&mut self, event: &Event<'_>) -> Vec<String> {
        let indent = "  ".repeat(event.depth);
        let (from, to) = (&event.call.caller, &event.call.callee);
        let function = &event.call.function;
        match &event.moment {
            Moment::Called(arguments) => {
                let lines = self.begun();
                let arguments: Vec<String> =
                    arguments.iter().map(|(_, value)| brief(value)).collect();
                let arguments = arguments.join(", ");
                self.open.push(OpenCall {
                    serial: event.serial,
                    waiting: Some(format!("{indent}{from} → {to}  {function}({arguments})")),
                    ending: format!("{indent}{from} ← {to}  {function}"),
                });
                lines
            }
            Moment::Returned { result, took } => {
                let result = result.as_ref().map(|result| format!(" = {}", brief(result)));
                let result = result.unwrap_or_default();
                let took =
                    if self.times { format!("   {}", duration(*took)) } else { String::new() };
                let open = self.open.iter().rposition(|open| open.serial == event.serial);
                let Some(open) = open.map(|index| self.open.remove(index)) else {
                    return Vec::new();
                };
                let mut lines = Vec::new();
                let line = open.waiting.unwrap_or_else(|| {
                    // Tasks may take turns: another call may be waiting to be printed.
                    lines = self.begun();
                    open.ending
                });
                lines.push(format!("{line}{result}{took}"));
                lines
            }
        }
    }

    /// The lines of calls that turn out to have others within them.
    fn begun(&mut self) -> Vec<String> {
        self.open.iter_mut().filter_map(|open| open.waiting.take()).collect()
    }

    fn finish(&mut self) -> Vec<String> {
        if self.format == Format::Json {
            let unfinished = |open: OpenCall| {
                serde_json::json!({ "call": open.serial, "event": "unfinished" }).to_string()
            };
            return self.open.drain(..).rev().map(unfinished).collect();
        }
        let Some(last) = self.open.pop() else { return Vec::new() };
        let mut lines = self.begun();
        lines.push(format!("{}   did not return", last.waiting.unwrap_or(last.ending)));
        self.open.clear();
        lines
    }

    fn json(&mut self, event: &Event<'_>) -> serde_json::Value {
        let mut object = serde_json::json!({
            "call": event.serial,
            "depth": event.depth,
            "caller": event.call.caller,
            "callee": event.call.callee.to_string(),
            "function": event.call.function,
        });
        match &event.moment {
            Moment::Called(arguments) => {
                let serial = event.serial;
                self.open.push(OpenCall { serial, waiting: None, ending: String::new() });
                object["event"] = "called".into();
                let argument = |(name, value): &(String, joggle_host::Value)| serde_json::json!({ "name": name, "value": value.to_wave() });
                object["arguments"] = arguments.iter().map(argument).collect();
            }
            Moment::Returned { result, took } => {
                self.open.retain(|open| open.serial != event.serial);
                object["event"] = "returned".into();
                object["result"] = result.as_ref().map(joggle_host::Value::to_wave).into();
                if self.times {
                    object["nanoseconds"] =
                        u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).into();
                }
            }
        }
        object
    }
}
