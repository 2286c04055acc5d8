//! What a running program reports, as a list of events: who calls whom with
//! what, how deep, what comes back and how long it took. Printing is left to
//! the command line.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use joggle_host::{Entry, Value, Watch};

use crate::declare::{INTERFACE, after, before};
use crate::shape::{Handle, Shape};
use crate::{Call, Callee, Kind, Traced};

/// Something that happened.
#[derive(Debug)]
pub struct Event<'c> {
    /// Counts the calls of a run, from 0: the same for a call and its return.
    pub serial: u64,
    /// How many calls are under way around it.
    pub depth: usize,
    /// Who calls whom.
    pub call: &'c Call,
    /// What happened.
    pub moment: Moment,
}

/// What happened to a call.
#[derive(Debug)]
pub enum Moment {
    /// It begins, with these arguments.
    Called(Vec<(String, Value)>),
    /// It is over.
    Returned {
        /// What it gave back.
        result: Option<Value>,
        /// How long it took, with all that was called on the way.
        took: Duration,
    },
}

/// Listens to a program that was made by [`crate::instrument`].
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    calls: Vec<Call>,
    exports: BTreeMap<String, String>,
    state: Mutex<State>,
    sink: Box<dyn Fn(&Event<'_>) + Send + Sync>,
}

#[derive(Default)]
struct State {
    serial: u64,
    /// The calls under way, the latest last.
    open: Vec<Open>,
    handles: Handles,
}

struct Open {
    serial: u64,
    what: What,
    began: Instant,
}

/// A call that is under way.
enum What {
    /// Of a function, by its number.
    Traced(usize),
    /// Of an export, by the host.
    Entry(Box<Call>),
}

impl What {
    fn is(&self, wanted: usize) -> bool {
        matches!(self, What::Traced(number) if *number == wanted)
    }
}

impl Journal {
    /// A journal that passes each event on as it happens.
    pub fn new(traced: &Traced, sink: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Journal {
        let state = Mutex::default();
        let (calls, exports) = (traced.calls.clone(), traced.exports.clone());
        let inner = Inner { calls, exports, state, sink: Box::new(sink) };
        Journal { inner: Arc::new(inner) }
    }

    /// The functions by which the program reports to this journal.
    #[must_use]
    pub fn watch(&self) -> Watch {
        let mut watch = Watch::new(INTERFACE);
        for number in 0..self.inner.calls.len() {
            let inner = Arc::clone(&self.inner);
            watch.function(before(number), move |values| inner.called(number, values));
            let inner = Arc::clone(&self.inner);
            watch.function(after(number), move |values| inner.returned(number, values));
        }
        let inner = Arc::clone(&self.inner);
        watch.entries(move |entry| inner.entry(entry));
        watch
    }
}

impl Inner {
    fn called(&self, number: usize, values: Vec<Value>) {
        let Some(call) = self.calls.get(number) else { return };
        // A state is whole after each call, so a poisoned one can be used.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let arguments = match &call.kind {
            Kind::Call => state.handles.arguments(call, values),
            Kind::Drop { resource } => state.handles.dropped(call, resource, &values),
            Kind::OwnDrop { resource } => {
                if let Some(Value::U32(index)) = values.first() {
                    state.handles.forget(&call.caller, resource, *index);
                }
                return;
            }
        };
        self.begin(&mut state, call, arguments, What::Traced(number));
    }

    fn begin(&self, state: &mut State, call: &Call, arguments: Vec<(String, Value)>, what: What) {
        let (serial, depth) = (state.serial, state.open.len());
        state.serial += 1;
        (self.sink)(&Event { serial, depth, call, moment: Moment::Called(arguments) });
        state.open.push(Open { serial, what, began: Instant::now() });
    }

    /// What the host itself calls.
    fn entry(&self, entry: Entry<'_>) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match entry {
            Entry::Called { function, arguments } => {
                let export = function.split_once('#').map_or(function, |(export, _)| export);
                let provider = self.exports.get(export).cloned().unwrap_or_default();
                let call = Call {
                    caller: Callee::Host.to_string(),
                    callee: Callee::Component(provider),
                    function: function.to_owned(),
                    kind: Kind::Call,
                    params: Vec::new(),
                    result: Shape::Plain,
                    in_list: false,
                };
                let what = What::Entry(Box::new(call.clone()));
                self.begin(&mut state, &call, arguments, what);
            }
            Entry::Returned { result } => {
                let last = state.open.iter().rposition(|open| matches!(open.what, What::Entry(_)));
                let Some(depth) = last else { return };
                let Open { serial, what: What::Entry(call), began } = state.open.remove(depth)
                else {
                    return;
                };
                let took = now.saturating_duration_since(began);
                let moment = Moment::Returned { result, took };
                (self.sink)(&Event { serial, depth, call: &call, moment });
            }
        }
    }

    fn returned(&self, number: usize, values: Vec<Value>) {
        let now = Instant::now();
        let Some(call) = self.calls.get(number) else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Tasks may take turns: the call that ends need not be the latest of all.
        let Some(depth) = state.open.iter().rposition(|open| open.what.is(number)) else {
            return;
        };
        let open = state.open.remove(depth);
        let result = values.into_iter().next().and_then(|value| match value {
            Value::List(items) if call.in_list => items.into_iter().next(),
            value => Some(value),
        });
        let handles = &mut state.handles;
        let mut see = |handle: &Handle, index: u32| handles.given(&call.caller, handle, index);
        let result = result.map(|value| call.result.apply(value, &mut see));
        let took = now.saturating_duration_since(open.began);
        let moment = Moment::Returned { result, took };
        (self.sink)(&Event { serial: open.serial, depth, call, moment });
    }
}

/// Numbers for handles: an index means something in its component alone, and
/// only until the handle is gone, so each handle gets a number of its own.
#[derive(Default)]
struct Handles {
    /// By caller, what it is, and its index there.
    numbers: HashMap<(String, String, u32), u32>,
    /// How many there were of each resource.
    counts: HashMap<String, u32>,
}

impl Handles {
    /// What a function is called with. What the caller passes on by owning it is
    /// its own no more.
    fn arguments(&mut self, call: &Call, values: Vec<Value>) -> Vec<(String, Value)> {
        let mut gone = Vec::new();
        let mut arguments = Vec::new();
        for ((name, shape), value) in call.params.iter().zip(values) {
            let mut see = |handle: &Handle, index: u32| {
                if handle.moves() {
                    gone.push((handle.what().to_owned(), index));
                }
                self.known(&call.caller, handle, index)
            };
            arguments.push((name.clone(), shape.apply(value, &mut see)));
        }
        for (what, index) in gone {
            self.forget(&call.caller, &what, index);
        }
        arguments
    }

    /// The handle that is dropped.
    fn dropped(&mut self, call: &Call, resource: &str, values: &[Value]) -> Vec<(String, Value)> {
        let Some(Value::U32(index)) = values.first() else { return Vec::new() };
        let handle = Handle::Resource { name: resource.to_owned(), owned: true };
        let value = self.known(&call.caller, &handle, *index);
        self.forget(&call.caller, resource, *index);
        vec![("self".to_owned(), value)]
    }

    /// A handle that the caller has.
    fn known(&mut self, caller: &str, handle: &Handle, index: u32) -> Value {
        let key = (caller.to_owned(), handle.what().to_owned(), index);
        match self.numbers.get(&key) {
            Some(number) => handle.value(*number),
            None => self.given(caller, handle, index),
        }
    }

    /// A handle that the caller was given just now.
    fn given(&mut self, caller: &str, handle: &Handle, index: u32) -> Value {
        let what = handle.what();
        let count = self.counts.entry(what.to_owned()).or_default();
        *count += 1;
        self.numbers.insert((caller.to_owned(), what.to_owned(), index), *count);
        handle.value(*count)
    }

    fn forget(&mut self, caller: &str, what: &str, index: u32) {
        self.numbers.remove(&(caller.to_owned(), what.to_owned(), index));
    }
}

impl Handle {
    fn what(&self) -> &str {
        match self {
            Handle::Resource { name, .. } => name,
            Handle::Stream => "stream",
            Handle::Future => "future",
            Handle::ErrorContext => "error-context",
        }
    }

    /// Whether it is gone for who passes it.
    fn moves(&self) -> bool {
        match self {
            Handle::Resource { owned, .. } => *owned,
            Handle::Stream | Handle::Future => true,
            Handle::ErrorContext => false,
        }
    }

    fn value(&self, number: u32) -> Value {
        match self {
            Handle::Resource { name, owned } => {
                Value::Handle { resource: name.clone(), number, owned: *owned }
            }
            Handle::Stream => Value::Stream(number),
            Handle::Future => Value::Future(number),
            Handle::ErrorContext => Value::ErrorContext(number),
        }
    }
}
