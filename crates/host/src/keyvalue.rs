//! `wasi:keyvalue` in memory. A store is there as soon as it is opened, holds
//! what was granted, is the same through every handle, and is gone when the
//! program ends, or the server whose requests have it in common. Both drafts in
//! use are served; their shapes differ only in numbers, so values are taken as
//! they come.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};

use crate::state::State;

/// The releases that are served.
const RELEASES: [&str; 2] = ["0.2.0-draft", "0.2.0-draft2"];

/// How much all stores hold together, in bytes: names, keys and values.
const LARGEST: usize = 256 << 20;

/// Handles of one program at one time.
const HANDLES: usize = 10_000;

/// The stores as one program sees them.
#[derive(Debug, Default)]
pub(crate) struct KeyValue {
    stores: Arc<Mutex<Stores>>,
    /// The identifier behind each handle; none once it was dropped.
    handles: Vec<Option<Arc<str>>>,
}

/// The stores themselves.
#[derive(Debug, Default)]
struct Stores {
    granted: Vec<(String, String)>,
    by_name: BTreeMap<Arc<str>, BTreeMap<String, Vec<u8>>>,
    size: usize,
}

/// The type of the handles on the host's side.
struct Bucket;

/// What a function answers: a value, or words for `error.other`.
type Answer = Result<Option<Val>, String>;
type Function = fn(&mut Stores, &str, &[Val]) -> Answer;

impl KeyValue {
    /// Stores that begin with these values.
    pub(crate) fn new(granted: Vec<(String, String)>) -> KeyValue {
        let stores = Stores { granted, ..Stores::default() };
        KeyValue { stores: Arc::new(Mutex::new(stores)), handles: Vec::new() }
    }

    /// The same stores for another program, which has handles of its own.
    pub(crate) fn again(&self) -> KeyValue {
        KeyValue { stores: Arc::clone(&self.stores), handles: Vec::new() }
    }

    fn stores(&self) -> MutexGuard<'_, Stores> {
        // Stores are whole between any two changes, so poisoned ones can be used.
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&mut self, identifier: &str) -> Result<u32, String> {
        let identifier = self.stores().open(identifier)?;
        let free = self.handles.iter().position(Option::is_none);
        let place = free.unwrap_or(self.handles.len());
        if place >= HANDLES {
            return Err("too many buckets are open".to_owned());
        }
        match self.handles.get_mut(place) {
            Some(handle) => *handle = Some(identifier),
            None => self.handles.push(Some(identifier)),
        }
        u32::try_from(place).map_err(|error| error.to_string())
    }

    fn drop(&mut self, handle: u32) {
        let place = usize::try_from(handle).ok().and_then(|place| self.handles.get_mut(place));
        if let Some(handle) = place {
            *handle = None;
        }
    }

    fn identifier(&self, handle: u32) -> Option<Arc<str>> {
        self.handles.get(usize::try_from(handle).ok()?).cloned().flatten()
    }
}

impl Stores {
    /// Begins a store, if there is none of that name.
    fn open(&mut self, identifier: &str) -> Result<Arc<str>, String> {
        if let Some((identifier, _)) = self.by_name.get_key_value(identifier) {
            return Ok(Arc::clone(identifier));
        }
        self.take(identifier.len())?;
        let identifier: Arc<str> = identifier.into();
        self.by_name.insert(Arc::clone(&identifier), BTreeMap::new());
        for (key, value) in self.granted.clone() {
            self.set(&identifier, key, value.into_bytes())?;
        }
        Ok(identifier)
    }

    fn take(&mut self, bytes: usize) -> Result<(), String> {
        let size = self.size.saturating_add(bytes);
        if size > LARGEST {
            return Err("the store is full".to_owned());
        }
        self.size = size;
        Ok(())
    }

    fn store(&mut self, identifier: &str) -> &mut BTreeMap<String, Vec<u8>> {
        self.by_name.entry(identifier.into()).or_default()
    }

    fn get(&mut self, identifier: &str, key: &str) -> Option<Vec<u8>> {
        self.store(identifier).get(key).cloned()
    }

    fn set(&mut self, identifier: &str, key: String, value: Vec<u8>) -> Result<(), String> {
        let before = self.store(identifier).get(&key).map_or(0, |value| key.len() + value.len());
        self.size = self.size.saturating_sub(before);
        if let Err(full) = self.take(key.len().saturating_add(value.len())) {
            // What was there stays.
            self.size += before;
            return Err(full);
        }
        self.store(identifier).insert(key, value);
        Ok(())
    }

    fn delete(&mut self, identifier: &str, key: &str) {
        if let Some(value) = self.store(identifier).remove(key) {
            self.size = self.size.saturating_sub(key.len() + value.len());
        }
    }

    /// Counts a value up, which is a number in digits.
    fn increment(&mut self, identifier: &str, key: &str, delta: i128) -> Result<i128, String> {
        let before = match self.get(identifier, key) {
            None => 0,
            Some(value) => std::str::from_utf8(&value)
                .ok()
                .and_then(|digits| digits.parse::<i128>().ok())
                .ok_or("the value is not a number in digits")?,
        };
        let after = before.checked_add(delta).ok_or("the number is too large")?;
        self.set(identifier, key.to_owned(), after.to_string().into_bytes())?;
        Ok(after)
    }
}

/// Gives a component the interfaces of `wasi:keyvalue`.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for release in RELEASES {
        let mut interface = linker.instance(&format!("wasi:keyvalue/store@{release}"))?;
        interface.resource("bucket", ResourceType::host::<Bucket>(), |mut store, handle| {
            store.data_mut().keyvalue.drop(handle);
            Ok(())
        })?;
        interface
            .func_new("open", |store, _, parameters, results| open(store, parameters, results))?;
        let methods: [(&str, Function); 5] = [
            ("[method]bucket.get", get),
            ("[method]bucket.set", set),
            ("[method]bucket.delete", delete),
            ("[method]bucket.exists", exists),
            ("[method]bucket.list-keys", list_keys),
        ];
        for (name, function) in methods {
            interface.func_new(name, move |store, _, parameters, results| {
                call(store, function, parameters, results)
            })?;
        }
        let mut interface = linker.instance(&format!("wasi:keyvalue/atomics@{release}"))?;
        interface.func_new("increment", |store, _, parameters, results| {
            call(store, increment, parameters, results)
        })?;
        let mut interface = linker.instance(&format!("wasi:keyvalue/batch@{release}"))?;
        let functions: [(&str, Function); 3] =
            [("get-many", get_many), ("set-many", set_many), ("delete-many", delete_many)];
        for (name, function) in functions {
            interface.func_new(name, move |store, _, parameters, results| {
                call(store, function, parameters, results)
            })?;
        }
    }
    Ok(())
}

fn open(
    mut store: StoreContextMut<'_, State>,
    parameters: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let answer = match parameters {
        [Val::String(identifier)] => match store.data_mut().keyvalue.open(identifier) {
            Ok(handle) => {
                let resource = Resource::<Bucket>::new_own(handle);
                Ok(Some(Val::Resource(ResourceAny::try_from_resource(resource, store)?)))
            }
            Err(reason) => Err(reason),
        },
        _ => return Err(unlike()),
    };
    give(answer, results);
    Ok(())
}

/// Calls a function whose first parameter is a handle.
fn call(
    mut store: StoreContextMut<'_, State>,
    function: Function,
    parameters: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    // In `batch` and `atomics` the handle stands first, too.
    let Some((Val::Resource(handle), rest)) = parameters.split_first() else {
        return Err(unlike());
    };
    let handle = Resource::<Bucket>::try_from_resource_any(*handle, &mut store)?;
    let keyvalue = &store.data().keyvalue;
    let Some(identifier) = keyvalue.identifier(handle.rep()) else {
        return Err(wasmtime::format_err!("the bucket was dropped"));
    };
    give(function(&mut keyvalue.stores(), &identifier, rest), results);
    Ok(())
}

fn unlike() -> wasmtime::Error {
    wasmtime::format_err!("`wasi:keyvalue` was called with other parameters than it has")
}

fn give(answer: Answer, results: &mut [Val]) {
    let result = match answer {
        Ok(value) => Ok(value.map(Box::new)),
        Err(reason) => {
            let reason = Some(Box::new(Val::String(reason)));
            Err(Some(Box::new(Val::Variant("other".to_owned(), reason))))
        }
    };
    if let Some(place) = results.first_mut() {
        *place = Val::Result(result);
    }
}

const UNLIKE: &str = "another kind of value was expected";

fn bytes(value: &Val) -> Result<Vec<u8>, String> {
    let Val::List(items) = value else { return Err(UNLIKE.to_owned()) };
    let byte = |item: &Val| match item {
        Val::U8(byte) => Ok(*byte),
        _ => Err(UNLIKE.to_owned()),
    };
    items.iter().map(byte).collect()
}

fn list(value: Vec<u8>) -> Val {
    Val::List(value.into_iter().map(Val::U8).collect())
}

fn get(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    let value = stores.get(bucket, key);
    Ok(Some(Val::Option(value.map(|value| Box::new(list(value))))))
}

fn set(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key), value] = parameters else { return Err(UNLIKE.to_owned()) };
    stores.set(bucket, key.clone(), bytes(value)?)?;
    Ok(None)
}

fn delete(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    stores.delete(bucket, key);
    Ok(None)
}

fn exists(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    Ok(Some(Val::Bool(stores.get(bucket, key).is_some())))
}

/// All keys at once: there is never more to come, so a cursor means nothing.
fn list_keys(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::Option(_)] = parameters else { return Err(UNLIKE.to_owned()) };
    let keys = stores.store(bucket).keys().cloned().map(Val::String).collect();
    Ok(Some(Val::Record(vec![
        ("keys".to_owned(), Val::List(keys)),
        ("cursor".to_owned(), Val::Option(None)),
    ])))
}

/// Of unsigned numbers in one draft, of signed ones in the other.
fn increment(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key), delta] = parameters else { return Err(UNLIKE.to_owned()) };
    let before = stores.get(bucket, key);
    let (after, answer) = match delta {
        Val::U64(delta) => {
            let after = stores.increment(bucket, key, i128::from(*delta))?;
            (after, u64::try_from(after).ok().map(Val::U64))
        }
        Val::S64(delta) => {
            let after = stores.increment(bucket, key, i128::from(*delta))?;
            (after, i64::try_from(after).ok().map(Val::S64))
        }
        _ => return Err(UNLIKE.to_owned()),
    };
    if answer.is_none() {
        match before {
            Some(before) => stores.set(bucket, key.clone(), before)?,
            None => stores.delete(bucket, key),
        }
        return Err(format!("{after} is beyond what the number can be"));
    }
    Ok(answer)
}

fn get_many(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::List(keys)] = parameters else { return Err(UNLIKE.to_owned()) };
    let found = |key: &Val| match key {
        Val::String(key) => {
            let pair = |value| Val::Tuple(vec![Val::String(key.clone()), list(value)]);
            Ok(Val::Option(stores.get(bucket, key).map(|value| Box::new(pair(value)))))
        }
        _ => Err(UNLIKE.to_owned()),
    };
    Ok(Some(Val::List(keys.iter().map(found).collect::<Result<_, String>>()?)))
}

fn set_many(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::List(pairs)] = parameters else { return Err(UNLIKE.to_owned()) };
    for pair in pairs {
        let Val::Tuple(pair) = pair else { return Err(UNLIKE.to_owned()) };
        set(stores, bucket, pair)?;
    }
    Ok(None)
}

fn delete_many(stores: &mut Stores, bucket: &str, parameters: &[Val]) -> Answer {
    let [Val::List(keys)] = parameters else { return Err(UNLIKE.to_owned()) };
    for key in keys {
        delete(stores, bucket, std::slice::from_ref(key))?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Val {
        Val::String(text.to_owned())
    }

    #[test]
    fn stores_begin_with_what_was_granted_and_are_kept_apart() {
        let granted = vec![("n".to_owned(), "41".to_owned())];
        let mut stores = Stores { granted, ..Stores::default() };
        stores.open("a").expect("it opens");
        stores.open("b").expect("it opens");
        let one = increment(&mut stores, "a", &[key("n"), Val::U64(1)]);
        assert_eq!(one, Ok(Some(Val::U64(42))));
        stores.open("a").expect("it opens again");
        assert_eq!(stores.get("a", "n").as_deref(), Some(&b"42"[..]));
        assert_eq!(stores.get("b", "n").as_deref(), Some(&b"41"[..]));
    }

    #[test]
    fn a_number_that_would_be_too_large_stays_as_it_is() {
        let mut stores = Stores::default();
        let most = u64::MAX.to_string();
        stores.set("", "n".to_owned(), most.clone().into_bytes()).expect("it fits");
        assert!(increment(&mut stores, "", &[key("n"), Val::U64(1)]).is_err());
        assert_eq!(stores.get("", "n"), Some(most.into_bytes()));
        assert!(increment(&mut stores, "", &[key("m"), Val::S64(-1)]).is_ok());
        assert_eq!(stores.get("", "m").as_deref(), Some(&b"-1"[..]));
        stores.set("", "m".to_owned(), b"x".to_vec()).expect("it fits");
        assert!(increment(&mut stores, "", &[key("m"), Val::S64(1)]).is_err());
    }

    #[test]
    fn a_store_is_bounded() {
        let mut stores = Stores::default();
        assert!(stores.set("", "a".to_owned(), vec![0; LARGEST]).is_err());
        assert_eq!(stores.size, 0);
        stores.set("", "a".to_owned(), vec![0; 10]).expect("it fits");
        stores.set("", "a".to_owned(), vec![0; 5]).expect("it fits");
        assert_eq!(stores.size, 6);
        assert!(stores.set("", "a".to_owned(), vec![0; LARGEST]).is_err());
        assert_eq!(stores.get("", "a"), Some(vec![0; 5]), "what was there is kept");
        assert_eq!(stores.size, 6);
        stores.delete("", "a");
        assert_eq!(stores.size, 0);
    }

    #[test]
    fn another_program_has_the_same_stores_and_its_own_handles() {
        let mut one = KeyValue::new(Vec::new());
        let mut other = one.again();
        let handle = one.open("a").expect("it opens");
        assert_eq!(other.identifier(handle), None);
        one.stores().set("a", "n".to_owned(), b"1".to_vec()).expect("it fits");
        let handle = other.open("a").expect("it opens");
        assert_eq!(other.identifier(handle).as_deref(), Some("a"));
        assert_eq!(other.stores().get("a", "n").as_deref(), Some(&b"1"[..]));
    }

    #[test]
    fn handles_are_bounded_and_used_again() {
        let mut keyvalue = KeyValue::default();
        for _ in 0..HANDLES {
            keyvalue.open("a").expect("it opens");
        }
        assert!(keyvalue.open("a").is_err());
        keyvalue.drop(7);
        assert_eq!(keyvalue.identifier(7), None);
        assert_eq!(keyvalue.open("b"), Ok(7));
        assert_eq!(keyvalue.identifier(7).as_deref(), Some("b"));
    }
}
