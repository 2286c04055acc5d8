//! The handles that a session holds: each has a number by which text names it,
//! and is remembered after it is gone, to say where it went.

use wasmtime::component::types::Type;
use wasmtime::component::{FutureAny, ResourceAny, ResourceType, StreamAny, Val};

use crate::value::Value;
use crate::value::convert::{from_engine, to_engine};
use crate::value::resources::{NAMELESS, Resources};

/// All handles that came out of one store.
#[derive(Debug, Default)]
pub(crate) struct Handles {
    resources: Vec<Owned>,
    streams: Vec<End<StreamAny>>,
    futures: Vec<End<FutureAny>>,
    contexts: Vec<Val>,
}

#[derive(Debug)]
struct Owned {
    resource: String,
    number: u32,
    /// The resource as the component's type knows it, not as its instance does.
    ty: Option<ResourceType>,
    any: ResourceAny,
    gone: Option<Gone>,
}

/// The readable end of a stream or future, or where it went.
type End<T> = Result<T, Gone>;

/// Where a handle went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Given,
    Dropped,
}

/// What a dropped handle was, to be closed in the store.
pub(crate) enum Dropped {
    Resource(ResourceAny),
    Stream(StreamAny),
    Future(FutureAny),
}

impl Handles {
    /// A value that came out of the store, whose handles get numbers.
    pub(crate) fn receive(&mut self, val: &Val, ty: &Type, resources: &Resources) -> Value {
        from_engine(val, Some(ty), &mut |val, ty| self.number(val, ty, resources))
    }

    fn number(&mut self, val: &Val, ty: Option<&Type>, resources: &Resources) -> Value {
        match val {
            Val::Stream(stream) => {
                self.streams.push(Ok(stream.clone()));
                Value::Stream(count(self.streams.len()))
            }
            Val::Future(future) => {
                self.futures.push(Ok(future.clone()));
                Value::Future(count(self.futures.len()))
            }
            Val::ErrorContext(_) => {
                self.contexts.push(val.clone());
                Value::ErrorContext(count(self.contexts.len()))
            }
            Val::Resource(any) => {
                let ty = match ty {
                    Some(Type::Own(ty) | Type::Borrow(ty)) => Some(*ty),
                    _ => None,
                };
                let resource = ty.as_ref().map_or(NAMELESS, |ty| resources.name(ty)).to_owned();
                let before = self.resources.iter().filter(|r| r.resource == resource).count();
                let number = count(before + 1);
                let owned = any.owned();
                self.resources.push(Owned {
                    resource: resource.clone(),
                    number,
                    ty,
                    any: *any,
                    gone: None,
                });
                Value::Handle { resource, number, owned }
            }
            // Nothing else is asked for.
            other => from_engine(other, ty, &mut |_, _| Value::Tuple(Vec::new())),
        }
    }

    /// A value for the store. What it owns is given away with it once all of the
    /// arguments are made: see [`Handles::gave`].
    pub(crate) fn send(
        &self,
        value: &Value,
        ty: &Type,
        resources: &Resources,
    ) -> Result<Val, String> {
        to_engine(value, ty, &mut |value, ty| self.lookup(value, ty, resources))
    }

    fn lookup(&self, value: &Value, ty: &Type, resources: &Resources) -> Result<Val, String> {
        let (wanted, handle) = match (ty, value) {
            (Type::Own(ty) | Type::Borrow(ty), Value::Handle { .. }) => (ty, self.live(value)?),
            (_, Value::Stream(number)) => {
                let found = nth(&self.streams, *number).ok_or_else(|| unknown(value))?;
                return found.clone().map(Val::Stream).map_err(|gone| was(value, gone));
            }
            (_, Value::Future(number)) => {
                let found = nth(&self.futures, *number).ok_or_else(|| unknown(value))?;
                return found.clone().map(Val::Future).map_err(|gone| was(value, gone));
            }
            (_, Value::ErrorContext(number)) => {
                let found = nth(&self.contexts, *number).ok_or_else(|| unknown(value))?;
                return Ok(found.clone());
            }
            (_, other) => return Err(format!("`{other}` is no handle")),
        };
        if handle.ty != Some(*wanted) {
            let wanted = resources.name(wanted);
            return Err(format!("`{value}` is no handle to this `{wanted}`"));
        }
        Ok(Val::Resource(handle.any))
    }

    fn live(&self, value: &Value) -> Result<&Owned, String> {
        let Value::Handle { resource, number, .. } = value else {
            return Err(format!("`{value}` is no handle"));
        };
        let found = self.resources.iter().find(|r| r.resource == *resource && r.number == *number);
        let found = found.ok_or_else(|| unknown(value))?;
        match found.gone {
            None => Ok(found),
            Some(gone) => Err(was(value, gone)),
        }
    }

    /// Whether there is a stream or future whose other end may be in use.
    pub(crate) fn holds_ends(&self) -> bool {
        self.streams.iter().any(Result::is_ok) || self.futures.iter().any(Result::is_ok)
    }

    /// The resource of a handle, as the component's type knows it.
    pub(crate) fn resource(&self, value: &Value) -> Result<Option<ResourceType>, String> {
        self.live(value).map(|handle| handle.ty)
    }

    /// A handle that text names by its number.
    pub(crate) fn named(&self, resource: &str, number: u32) -> Option<Value> {
        match resource {
            "stream" if nth(&self.streams, number).is_some() => Some(Value::Stream(number)),
            "future" if nth(&self.futures, number).is_some() => Some(Value::Future(number)),
            "error-context" if nth(&self.contexts, number).is_some() => {
                Some(Value::ErrorContext(number))
            }
            _ => {
                let named = |r: &&Owned| r.resource == resource && r.number == number;
                let found = self.resources.iter().find(named)?;
                let owned = found.any.owned();
                Some(Value::Handle { resource: resource.to_owned(), number, owned })
            }
        }
    }

    /// Notes what a call takes: all that its arguments own. The error says that
    /// they give something away twice.
    pub(crate) fn gave(&mut self, val: &Val, ty: &Type) -> Result<(), String> {
        let mut result = Ok(());
        from_engine(val, Some(ty), &mut |val, ty| {
            if !matches!(ty, Some(Type::Borrow(_))) && !self.give(val) {
                result = Err("a handle can be given away only once".to_owned());
            }
            Value::Tuple(Vec::new())
        });
        result
    }

    /// Whether what a call borrows is still there when the call has taken what it
    /// owns; the error says that it is not.
    pub(crate) fn lent(&self, val: &Val, ty: &Type) -> Result<(), String> {
        let mut result = Ok(());
        from_engine(val, Some(ty), &mut |val, ty| {
            if let (Val::Resource(any), Some(Type::Borrow(_))) = (val, ty)
                && !self.resources.iter().any(|r| r.any == *any && r.gone.is_none())
            {
                result = Err("the same call gives this handle away".to_owned());
            }
            Value::Tuple(Vec::new())
        });
        result
    }

    fn give(&mut self, val: &Val) -> bool {
        match val {
            Val::Resource(any) => {
                let handle = self.resources.iter_mut().find(|r| r.any == *any && r.gone.is_none());
                handle.is_some_and(|handle| {
                    handle.gone = Some(Gone::Given);
                    true
                })
            }
            Val::Stream(stream) => take(&mut self.streams, stream),
            Val::Future(future) => take(&mut self.futures, future),
            _ => true,
        }
    }

    /// Takes a handle out, to be dropped in the store.
    pub(crate) fn release(&mut self, value: &Value) -> Result<Dropped, String> {
        match value {
            Value::Stream(number) => {
                dropped(&mut self.streams, *number, value).map(Dropped::Stream)
            }
            Value::Future(number) => {
                dropped(&mut self.futures, *number, value).map(Dropped::Future)
            }
            _ => {
                let any = self.live(value)?.any;
                for handle in self.resources.iter_mut().filter(|handle| handle.any == any) {
                    handle.gone = handle.gone.or(Some(Gone::Dropped));
                }
                Ok(Dropped::Resource(any))
            }
        }
    }
}

/// Gives an end away, if it is still there.
fn take<T: PartialEq>(ends: &mut [End<T>], wanted: &T) -> bool {
    let found = ends.iter_mut().find(|end| end.as_ref().is_ok_and(|end| end == wanted));
    found.is_some_and(|end| std::mem::replace(end, Err(Gone::Given)).is_ok())
}

/// Takes an end out, to be closed.
fn dropped<T>(ends: &mut [End<T>], number: u32, value: &Value) -> Result<T, String> {
    let end = nth_mut(ends, number).ok_or_else(|| unknown(value))?;
    std::mem::replace(end, Err(Gone::Dropped)).map_err(|gone| {
        *end = Err(gone);
        was(value, gone)
    })
}

fn nth<T>(items: &[T], number: u32) -> Option<&T> {
    items.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn nth_mut<T>(items: &mut [T], number: u32) -> Option<&mut T> {
    items.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn unknown(value: &Value) -> String {
    format!("there is no `{value}`")
}

fn was(value: &Value, gone: Gone) -> String {
    match gone {
        Gone::Given => format!("`{value}` was given away before"),
        Gone::Dropped => format!("`{value}` was dropped before"),
    }
}
