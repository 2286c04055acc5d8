//! `--trace-calls`: prints each call across a component's boundary. Which calls
//! there are is `joggle-trace`'s to know.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use joggle_host::Watch;
use joggle_load::Binary;
use joggle_trace::{Event, Journal, Moment, TraceError, Untraced, Which, instrument};

use crate::render::Screen;

/// Longer arguments and results are cut in text; JSON has all of them.
const LONGEST: usize = 160;

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
    pub fn start(&self, binary: &Binary, screen: &Screen) -> Result<Option<Tracing>, TraceError> {
        let which = match self.trace_calls {
            None => return Ok(None),
            Some(Calls::All) => Which::All,
            Some(Calls::Components) => Which::Components,
            Some(Calls::Host) => Which::Host,
        };
        let traced = instrument(&binary.name, &binary.stem, &binary.bytes, which)?;
        let mut printer =
            Printer { format: self.trace_format, times: !self.no_trace_times, open: Vec::new() };
        for untraced in &traced.untraced {
            printer.untraced(untraced, screen);
        }
        let printer = Arc::new(Mutex::new(printer));
        let shared = Arc::clone(&printer);
        let journal = Journal::new(&traced, move |event| {
            // A printer is whole after each event, so a poisoned one can be used.
            let mut printer = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let lines = printer.event(event);
            print(&lines);
        });
        let watch = journal.watch();
        let binary = Binary { bytes: traced.bytes.into(), ..binary.clone() };
        Ok(Some(Tracing { binary, watch, printer }))
    }
}

impl Tracing {
    /// Prints what has not returned when the program is at its end.
    pub fn finish(&self) {
        let mut printer = self.printer.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = printer.finish();
        print(&lines);
    }
}

/// Lines on standard error. A closed standard error is nobody's problem.
fn print(lines: &[String]) {
    let mut stderr = std::io::stderr().lock();
    for line in lines {
        let _ = writeln!(stderr, "{line}");
    }
}

/// Makes lines of events. A call that calls nothing is one line, written when it
/// is over; any other begins and ends with a line of its own.
struct Printer {
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
    fn untraced(&mut self, untraced: &Untraced, screen: &Screen) {
        let Untraced { caller, callee, function, reason } = untraced;
        match self.format {
            Format::Text => {
                screen.note(&format!("not traced: {caller} → {callee}  {function}: {reason}"));
            }
            Format::Json => {
                let object = serde_json::json!({
                    "event": "not-traced",
                    "caller": caller,
                    "callee": callee.to_string(),
                    "function": function,
                    "reason": reason.to_string(),
                });
                screen.note(&object.to_string());
            }
        }
    }

    fn event(&mut self, event: &Event<'_>) -> Vec<String> {
        match self.format {
            Format::Text => self.text(event),
            Format::Json => vec![self.json(event)],
        }
    }

    fn text(&mut self, event: &Event<'_>) -> Vec<String> {
        let indent = "  ".repeat(event.depth);
        let (caller, callee) = (&event.call.caller, &event.call.callee);
        let function = &event.call.function;
        match &event.moment {
            Moment::Called(arguments) => {
                let lines = self.begun();
                let arguments: Vec<String> =
                    arguments.iter().map(|(_, value)| cut(value.to_wave())).collect();
                let arguments = arguments.join(", ");
                self.open.push(OpenCall {
                    serial: event.serial,
                    waiting: Some(format!("{indent}{caller} → {callee}  {function}({arguments})")),
                    ending: format!("{indent}{caller} ← {callee}  {function}"),
                });
                lines
            }
            Moment::Returned { result, took } => {
                let result =
                    result.as_ref().map(|result| format!(" = {}", cut(result.to_wave())));
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
            return Vec::new();
        }
        let Some(last) = self.open.pop() else { return Vec::new() };
        let mut lines = self.begun();
        lines.push(format!("{}   did not return", last.waiting.unwrap_or(last.ending)));
        self.open.clear();
        lines
    }

    fn json(&self, event: &Event<'_>) -> String {
        let mut object = serde_json::json!({
            "call": event.serial,
            "depth": event.depth,
            "caller": event.call.caller,
            "callee": event.call.callee.to_string(),
            "function": event.call.function,
        });
        match &event.moment {
            Moment::Called(arguments) => {
                object["event"] = "called".into();
                let argument = |(name, value): &(String, joggle_host::Value)| {
                    serde_json::json!({ "name": name, "value": value.to_wave() })
                };
                object["arguments"] = arguments.iter().map(argument).collect();
            }
            Moment::Returned { result, took } => {
                object["event"] = "returned".into();
                object["result"] = result.as_ref().map(joggle_host::Value::to_wave).into();
                if self.times {
                    object["nanoseconds"] =
                        u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).into();
                }
            }
        }
        object.to_string()
    }
}

/// A text of bearable length.
fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Three digits and a unit.
fn duration(took: Duration) -> String {
    let micros = took.as_secs_f64() * 1e6;
    if micros < 1e3 {
        format!("{micros:.0} µs")
    } else if micros < 1e6 {
        format!("{:.1} ms", micros / 1e3)
    } else {
        format!("{:.2} s", micros / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        assert_eq!(duration(Duration::from_nanos(1_700)), "2 µs");
        assert_eq!(duration(Duration::from_micros(1_250)), "1.2 ms");
        assert_eq!(duration(Duration::from_millis(2_345)), "2.35 s");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut("short".to_owned()), "short");
        let long = "☃".repeat(LONGEST + 5);
        assert_eq!(cut(long), "☃".repeat(LONGEST) + "…");
    }
}
