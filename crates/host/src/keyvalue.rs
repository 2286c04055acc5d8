//! `wasi:keyvalue` in memory. A store is there as soon as it is opened, holds
//! what was granted, is the same through every handle, and is gone when the
//! program ends. Both drafts in use are served; their shapes differ only in
//! numbers, so values are taken as they come.

use std::collections::BTreeMap;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};

use crate::state::State;

/// The releases that are served.
const RELEASES: [&str; 2] = ["0.2.0-draft", "0.2.0-draft2"];

/// How much all stores of a program hold together, in bytes: keys and values.
const LARGEST: usize = 256 << 20;

/// The stores of one program.
#[derive(Debug, Default)]
pub(crate) struct KeyValue {
    granted: Vec<(String, String)>,
    stores: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// The identifier behind each handle; none once it was dropped.
    handles: Vec<Option<String>>,
    size: usize,
}

/// The type of the handles on the host's side.
struct Bucket;

/// What a function answers: a value, or words for `error.other`.
type Answer = Result<Option<Val>, String>;
type Function = fn(&mut KeyValue, &str, &[Val]) -> Answer;

impl KeyValue {
    /// Stores that begin with these values.
    pub(crate) fn new(granted: Vec<(String, String)>) -> KeyValue {
        KeyValue { granted, ..KeyValue::default() }
    }

    fn open(&mut self, identifier: &str) -> Result<u32, String> {
        if !self.stores.contains_key(identifier) {
            self.stores.insert(identifier.to_owned(), BTreeMap::new());
            for (key, value) in self.granted.clone() {
                self.set(identifier, key, value.into_bytes())?;
            }
        }
        let handle = u32::try_from(self.handles.len()).map_err(|_| "too many handles")?;
        self.handles.push(Some(identifier.to_owned()));
        Ok(handle)
    }

    fn store(&mut self, identifier: &str) -> &mut BTreeMap<String, Vec<u8>> {
        self.stores.entry(identifier.to_owned()).or_default()
    }

    fn get(&mut self, identifier: &str, key: &str) -> Option<Vec<u8>> {
        self.store(identifier).get(key).cloned()
    }

    fn set(&mut self, identifier: &str, key: String, value: Vec<u8>) -> Result<(), String> {
        self.delete(identifier, &key);
        let size = self.size.saturating_add(key.len()).saturating_add(value.len());
        if size > LARGEST {
            return Err("the store is full".to_owned());
        }
        self.size = size;
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
            let place = usize::try_from(handle)?;
            if let Some(place) = store.data_mut().keyvalue.handles.get_mut(place) {
                *place = None;
            }
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
    let keyvalue = &mut store.data_mut().keyvalue;
    let place = usize::try_from(handle.rep())?;
    let Some(Some(identifier)) = keyvalue.handles.get(place).cloned() else {
        return Err(wasmtime::format_err!("the bucket was dropped"));
    };
    give(function(keyvalue, &identifier, rest), results);
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

fn get(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    let value = keyvalue.get(store, key);
    Ok(Some(Val::Option(value.map(|value| Box::new(list(value))))))
}

fn set(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key), value] = parameters else { return Err(UNLIKE.to_owned()) };
    keyvalue.set(store, key.clone(), bytes(value)?)?;
    Ok(None)
}

fn delete(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    keyvalue.delete(store, key);
    Ok(None)
}

fn exists(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key)] = parameters else { return Err(UNLIKE.to_owned()) };
    Ok(Some(Val::Bool(keyvalue.get(store, key).is_some())))
}

/// All keys at once: there is never more to come, so a cursor means nothing.
fn list_keys(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::Option(_)] = parameters else { return Err(UNLIKE.to_owned()) };
    let keys = keyvalue.store(store).keys().cloned().map(Val::String).collect();
    Ok(Some(Val::Record(vec![
        ("keys".to_owned(), Val::List(keys)),
        ("cursor".to_owned(), Val::Option(None)),
    ])))
}

/// Of unsigned numbers in one draft, of signed ones in the other.
fn increment(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::String(key), delta] = parameters else { return Err(UNLIKE.to_owned()) };
    let before = keyvalue.get(store, key);
    let (after, answer) = match delta {
        Val::U64(delta) => {
            let after = keyvalue.increment(store, key, i128::from(*delta))?;
            (after, u64::try_from(after).ok().map(Val::U64))
        }
        Val::S64(delta) => {
            let after = keyvalue.increment(store, key, i128::from(*delta))?;
            (after, i64::try_from(after).ok().map(Val::S64))
        }
        _ => return Err(UNLIKE.to_owned()),
    };
    if answer.is_none() {
        match before {
            Some(before) => keyvalue.set(store, key.clone(), before)?,
            None => keyvalue.delete(store, key),
        }
        return Err(format!("{after} is beyond what the number can be"));
    }
    Ok(answer)
}

fn get_many(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::List(keys)] = parameters else { return Err(UNLIKE.to_owned()) };
    let found = |key: &Val| match key {
        Val::String(key) => {
            let pair = |value| Val::Tuple(vec![Val::String(key.clone()), list(value)]);
            Ok(Val::Option(keyvalue.get(store, key).map(|value| Box::new(pair(value)))))
        }
        _ => Err(UNLIKE.to_owned()),
    };
    Ok(Some(Val::List(keys.iter().map(found).collect::<Result<_, String>>()?)))
}

fn set_many(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::List(pairs)] = parameters else { return Err(UNLIKE.to_owned()) };
    for pair in pairs {
        let Val::Tuple(pair) = pair else { return Err(UNLIKE.to_owned()) };
        set(keyvalue, store, pair)?;
    }
    Ok(None)
}

fn delete_many(keyvalue: &mut KeyValue, store: &str, parameters: &[Val]) -> Answer {
    let [Val::List(keys)] = parameters else { return Err(UNLIKE.to_owned()) };
    for key in keys {
        delete(keyvalue, store, std::slice::from_ref(key))?;
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
        let mut keyvalue = KeyValue::new(vec![("n".to_owned(), "41".to_owned())]);
        keyvalue.open("a").expect("it opens");
        keyvalue.open("b").expect("it opens");
        let one = increment(&mut keyvalue, "a", &[key("n"), Val::U64(1)]);
        assert_eq!(one, Ok(Some(Val::U64(42))));
        keyvalue.open("a").expect("it opens again");
        assert_eq!(keyvalue.get("a", "n").as_deref(), Some(&b"42"[..]));
        assert_eq!(keyvalue.get("b", "n").as_deref(), Some(&b"41"[..]));
    }

    #[test]
    fn a_number_that_would_be_too_large_stays_as_it_is() {
        let mut keyvalue = KeyValue::default();
        let most = u64::MAX.to_string();
        keyvalue.set("", "n".to_owned(), most.clone().into_bytes()).expect("it fits");
        assert!(increment(&mut keyvalue, "", &[key("n"), Val::U64(1)]).is_err());
        assert_eq!(keyvalue.get("", "n"), Some(most.into_bytes()));
        assert!(increment(&mut keyvalue, "", &[key("m"), Val::S64(-1)]).is_ok());
        assert_eq!(keyvalue.get("", "m").as_deref(), Some(&b"-1"[..]));
        keyvalue.set("", "m".to_owned(), b"x".to_vec()).expect("it fits");
        assert!(increment(&mut keyvalue, "", &[key("m"), Val::S64(1)]).is_err());
    }

    #[test]
    fn a_store_is_bounded() {
        let mut keyvalue = KeyValue::default();
        assert!(keyvalue.set("", "a".to_owned(), vec![0; LARGEST]).is_err());
        assert_eq!(keyvalue.size, 0);
        keyvalue.set("", "a".to_owned(), vec![0; 10]).expect("it fits");
        keyvalue.set("", "a".to_owned(), vec![0; 5]).expect("it fits");
        assert_eq!(keyvalue.size, 6);
        keyvalue.delete("", "a");
        assert_eq!(keyvalue.size, 0);
    }
}
