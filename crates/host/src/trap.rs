//! A trap as plain data: what stopped the program, and the calls that led
//! there with the names of functions, modules and components.

use std::fmt;

use wasmtime::{FrameInfo, WasmBacktrace};

use crate::denied::Denied;
use crate::engine::Program;
use crate::origins::{Origin, origin};

/// Why and where a program stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// What happened: "integer divide by zero".
    pub reason: String,
    /// The calls that led there, innermost first.
    pub frames: Vec<Frame>,
    /// What the program asked for before and was not granted.
    pub denied: Vec<Denied>,
    /// Where to look.
    pub advice: &'static str,
}

/// One call of a trap's backtrace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function's name, if the file tells it.
    pub function: Option<String>,
    /// Its index in the module.
    pub function_index: u32,
    /// The module's name, or its index as `#0`.
    pub module: Option<String>,
    /// The components around the module, outermost first; empty if the file
    /// itself is the component.
    pub components: Vec<String>,
    /// The instruction's offset in the file, in bytes.
    pub offset: Option<usize>,
    /// The place in its source, if the file carries it: `src/main.rs:12:5`.
    pub place: Option<String>,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.function {
            Some(name) => write!(f, "`{name}`")?,
            None => write!(f, "function #{} (its name was stripped)", self.function_index)?,
        }
        match self.module.as_deref() {
            Some(name) if name.starts_with('#') => write!(f, " in module {name}")?,
            Some(name) => write!(f, " in module `{name}`")?,
            None => write!(f, " in a module without a name")?,
        }
        if !self.components.is_empty() {
            write!(f, " of component `{}`", self.components.join("/"))?;
        }
        match (&self.place, self.offset) {
            (Some(place), _) => write!(f, " at {place}"),
            (None, Some(offset)) => write!(f, " at byte {offset:#x}"),
            (None, None) => Ok(()),
        }
    }
}

impl Trap {
    /// Reads the trap out of the engine's error.
    pub(crate) fn new(program: &Program, error: &wasmtime::Error, denied: Vec<Denied>) -> Trap {
        let frames = error
            .downcast_ref::<WasmBacktrace>()
            .map(|trace| {
                let written = trace.frames().iter().filter(|f| !is_seam(f));
                placed(written.map(|f| frame(program, f)).collect())
            })
            .unwrap_or_default();
        let words = last_words(error);
        let reason = words.strip_prefix("wasm trap: ").unwrap_or(&words).to_owned();
        Trap { reason, frames, denied, advice: advice(error) }
    }

    /// The calls and what to do, as the last part of a diagnostic.
    pub(crate) fn help(&self) -> String {
        self.help_with(self.advice)
    }

    /// The calls and other advice.
    pub(crate) fn help_with(&self, advice: &str) -> String {
        let mut lines = Vec::new();
        if !self.frames.is_empty() {
            lines.push("the calls that led there, innermost first:".to_owned());
            lines.extend(self.calls());
        }
        if self.frames.iter().any(|frame| frame.function.is_none()) {
            lines.push("build with names (do not strip the `name` section) to see them".to_owned());
        }
        lines.extend(self.denied.iter().map(ToString::to_string));
        lines.push(advice.to_owned());
        lines.join("\n")
    }

    /// A line for each call, and one for all of a recursion's equal calls.
    fn calls(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut number = 0;
        for equal in self.frames.chunk_by(|one, next| one == next) {
            let more = match equal.len() {
                0 | 1 => String::new(),
                count => format!(", {count} times in a row"),
            };
            lines.extend(equal.first().map(|frame| format!("  {number}: {frame}{more}")));
            number += equal.len();
        }
        lines
    }
}

/// Where to look, by the kind of trap.
fn advice(error: &wasmtime::Error) -> &'static str {
    match error.downcast_ref::<wasmtime::Trap>() {
        Some(wasmtime::Trap::UnreachableCodeReached) => {
            "the program gave up by itself, as a panic does: what it printed before says why"
        }
        Some(wasmtime::Trap::AsyncDeadlock) => {
            "every task waits for another: look for a stream or future whose other end is kept but never used"
        }
        Some(wasmtime::Trap::StackOverflow) => {
            "the calls go too deep: look for a recursion without an end"
        }
        // The rest are plain mistakes of the program. (The list is non-exhaustive.)
        _ => "the fault is in the program: begin at the innermost call",
    }
}

/// Whether a frame is code that the engine put between two components. It
/// stands in no file, so its offset would point to something else.
fn is_seam(info: &FrameInfo) -> bool {
    let module = info.module();
    let adapter = |name: &str| {
        name.strip_prefix("adapter")
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    module.name().is_none()
        && module.exports().len() > 0
        && module.exports().all(|export| adapter(export.name()))
}

fn frame(program: &Program, info: &FrameInfo) -> Frame {
    let offset = info.module_offset();
    let origin = offset.and_then(|o| origin(program.bytes(), o));
    let (components, module) = match origin {
        Some(Origin { components, module }) => (components, Some(module)),
        None => (Vec::new(), None),
    };
    Frame {
        function: info.func_name().map(readable),
        function_index: info.func_index(),
        module: info.module().name().map(str::to_owned).or(module),
        components,
        offset,
        place: place(info),
    }
}

/// A function's name as its author wrote it: Rust's and C++'s are mangled.
fn readable(name: &str) -> String {
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return format!("{rust:#}");
    }
    cpp_demangle::Symbol::new(name)
        .ok()
        .filter(|_| name.starts_with("_Z"))
        .and_then(|symbol| symbol.demangle(&cpp_demangle::DemangleOptions::new()).ok())
        .unwrap_or_else(|| name.to_owned())
}

/// Where in its source the instruction comes from. What was inlined there is
/// innermost, and so is named first.
fn place(info: &FrameInfo) -> Option<String> {
    let symbol = info.symbols().iter().find(|symbol| symbol.file().is_some())?;
    let mut place = symbol.file()?.trim_start_matches("./").to_owned();
    for number in [symbol.line(), symbol.column()].into_iter().flatten().filter(|n| *n > 0) {
        place.push(':');
        place.push_str(&number.to_string());
    }
    Some(place)
}

/// A call that overflowed the stack has no offset yet. If its function called
/// itself, the call before tells in which component it lies.
fn placed(mut frames: Vec<Frame>) -> Vec<Frame> {
    if let [first, second, ..] = frames.as_mut_slice()
        && first.offset.is_none()
        && (&first.function, first.function_index, &first.module)
            == (&second.function, second.function_index, &second.module)
    {
        first.components.clone_from(&second.components);
    }
    frames
}

/// The innermost cause of an engine's error, in one line.
pub(crate) fn last_words(error: &wasmtime::Error) -> String {
    let words = error.root_cause().to_string();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
