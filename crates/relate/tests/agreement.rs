//! The verdict of this crate is that of wasmparser's subtyping, for pairs
//! written by hand and for random interfaces with one thing changed.
//!
//! The oracle encodes the given interface as the export of a real component
//! and asks whether that component fits a world with the wanted interface.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use joggle_relate::{Change, Text, Words, interfaces, worlds};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{
    Function, FunctionKind, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldId,
};

/// WIT text with a world `w` that exports one interface.
struct End {
    resolve: Resolve,
    world: WorldId,
    interface: InterfaceId,
}

fn parse(wit: &str, name: &str) -> Option<End> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let package = resolve.push_source("test.wit", wit).ok()?;
    let package = &resolve.packages[package];
    let (world, interface) = (*package.worlds.get("w")?, *package.interfaces.get(name)?);
    Some(End { resolve, world, interface })
}

fn component(end: &End) -> Option<Vec<u8>> {
    let mangling = wit_parser::ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::AsyncCallback);
    let mut module = wit_component::dummy_module(&end.resolve, end.world, mangling);
    let encoding = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, &end.resolve, end.world, encoding, true)
        .ok()?;
    let mut encoder = wit_component::ComponentEncoder::default();
    encoder.module(&module).ok()?;
    encoder.encode().ok()
}

/// What wasmparser says: `None` if it fits, else why not. `Err` if it cannot be asked.
fn oracle(wanted: &End, given: &End) -> Result<Option<String>, ()> {
    let bytes = component(given).ok_or(())?;
    // An end that does not even fit itself is no question.
    if wit_component::targets(&given.resolve, given.world, &bytes, false).is_err() {
        return Err(());
    }
    let verdict = wit_component::targets(&wanted.resolve, wanted.world, &bytes, false);
    Ok(verdict.err().map(|error| format!("{error:#}")))
}

fn ours(wanted: &End, given: &End) -> Vec<Change> {
    interfaces((&wanted.resolve, wanted.interface), (&given.resolve, given.interface))
}

fn check(wanted: &End, given: &End, context: &dyn Fn() -> String) -> Option<bool> {
    let theirs = oracle(wanted, given).ok()?;
    let ours = ours(wanted, given);
    let breaks = ours.iter().any(Change::breaks);
    let ours: Vec<String> = ours.iter().map(|c| c.describe(Words::Edge)).collect();
    assert_eq!(breaks, theirs.is_some(), "wasmparser: {theirs:?}\nours: {ours:#?}\n{}", context());
    Some(breaks)
}

/// Bodies of one interface; each is compared with each other of its row.
const ROWS: &[&[&str]] = &[
    &["f: func();", "", "f: func(); g: func();", "f: async func();", "g: func();"],
    &[
        "f: func(a: u8, b: u8);",
        "f: func(b: u8, a: u8);",
        "f: func(a: u8);",
        "f: func(a: u8, b: u16);",
        "f: func(a: u8, c: u8);",
        "f: func(a: u8, b: u8) -> u8;",
        "f: func(a: u8, b: u8) -> u16;",
        "type t = u8; f: func(a: t, b: u8);",
        "type t = u8; type u = t; f: func(a: u8, b: u);",
    ],
    &[
        "record r { a: u8, b: u8 } f: func(x: r);",
        "record r { b: u8, a: u8 } f: func(x: r);",
        "record r { a: u8 } f: func(x: r);",
        "record r { a: u8, b: u8, c: u8 } f: func(x: r);",
        "record r { a: u8, c: u8 } f: func(x: r);",
        "record r { a: u8, b: option<u8> } f: func(x: r);",
        "record q { a: u8, b: u8 } f: func(x: q);",
        "record r { a: u8, b: u8 } record q { a: u8, b: u8 } f: func(x: q);",
        "record r { a: u8, b: u8 } f: func(x: tuple<u8, u8>);",
        "flags r { a, b } f: func(x: r);",
        "enum r { a, b } f: func(x: r);",
        "variant r { a(u8), b(u8) } f: func(x: r);",
        "resource r; f: func(x: r);",
        "resource r; f: func(x: borrow<r>);",
        "resource r { f: func(); } f: func(x: r);",
        "type r = u8; f: func(x: r);",
        "record r { a: u8, b: u8 }",
    ],
    &[
        "enum e { a, b, c } f: func() -> e;",
        "enum e { a, b } f: func() -> e;",
        "enum e { a, c, b } f: func() -> e;",
        "enum e { a, b, d } f: func() -> e;",
        "flags e { a, b, c } f: func() -> e;",
        "variant e { a, b, c } f: func() -> e;",
        "variant e { a, b, c(u8) } f: func() -> e;",
        "variant e { a, b, c(u16) } f: func() -> e;",
    ],
    &[
        "f: func(x: list<u8>);",
        "f: func(x: list<u16>);",
        "f: func(x: list<u8, 4>);",
        "f: func(x: list<u8, 5>);",
        "f: func(x: option<u8>);",
        "f: func(x: result<u8>);",
        "f: func(x: result<_, u8>);",
        "f: func(x: result<u8, u8>);",
        "f: func(x: result);",
        "f: func(x: tuple<u8>);",
        "f: func(x: tuple<u8, u8>);",
        "f: func(x: map<u8, u8>);",
        "f: func(x: map<u8, u16>);",
        "f: func(x: list<tuple<u8, u8>>);",
        "f: func(x: stream<u8>);",
        "f: func(x: stream);",
        "f: func(x: future<u8>);",
        "f: func(x: future);",
        "f: func(x: error-context);",
        "f: func(x: string);",
        "f: func(x: char);",
    ],
    &[
        "resource r { constructor(); m: func(); s: static func(); }",
        "resource r { constructor(); m: static func(); s: func(); }",
        "resource r { constructor(x: u8); m: func(); s: static func(); }",
        "resource r { m: func(); s: static func(); }",
        "resource r { constructor(); m: async func(); s: static func(); }",
        "resource r { constructor(); m: func(); s: static func(); t: func(); }",
        "resource q { constructor(); m: func(); s: static func(); }",
        "resource r; resource q { constructor(); m: func(); s: static func(); }",
    ],
    &[
        "resource r; resource q; f: func(x: r, y: q) -> list<r>;",
        "resource r; resource q; f: func(x: q, y: r) -> list<r>;",
        "resource q; resource r; f: func(x: r, y: q) -> list<r>;",
        "resource r; resource q; f: func(x: r, y: q) -> list<q>;",
        "resource r; resource q; f: func(x: r, y: borrow<q>) -> list<r>;",
        "use types.{token as r}; resource q; f: func(x: r, y: q) -> list<r>;",
        "use types.{token as r, token as q}; f: func(x: r, y: q) -> list<r>;",
    ],
    &[
        "use types.{token}; f: func(x: token);",
        "use other.{token}; f: func(x: token);",
        "use other.{token, thing}; f: func(x: token) -> thing;",
        "use types.{token as thing, thing as token}; f: func(x: thing);",
        "use types.{token, thing}; f: func(x: token) -> thing;",
        "resource token; f: func(x: token);",
        "record token { a: u8 } f: func(x: token);",
        "record thing { a: u8 } use types.{token}; f: func(x: token) -> thing;",
    ],
];

#[test]
fn pairs_written_by_hand() {
    let end = |body: &str| {
        let wit = format!(
            "package a:b@1.0.0;
             interface types {{ resource token; record thing {{ a: u8 }} }}
             interface other {{ resource token; record thing {{ a: u8 }} }}
             interface process {{ {body} }}
             world w {{ import types; import other; export process; }}"
        );
        parse(&wit, "process").unwrap_or_else(|| panic!("{wit}"))
    };
    let (mut asked, mut broken) = (0, 0);
    for row in ROWS {
        let ends: Vec<End> = row.iter().map(|body| end(body)).collect();
        for (wanted, wanted_body) in ends.iter().zip(*row) {
            for (given, given_body) in ends.iter().zip(*row) {
                let context = || format!("wanted: {wanted_body}\ngiven: {given_body}");
                let breaks = check(wanted, given, &context);
                assert!(breaks.is_some(), "cannot be asked: {}", context());
                asked += 1;
                broken += i32::from(breaks == Some(true));
            }
        }
    }
    assert!(asked > 900 && broken > 700, "{broken} of {asked}");
}

/// Deterministic choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| u8::try_from(self.roll(256)).unwrap()).collect()
    }
}

/// A random package as a model, with one of its interfaces.
fn random(dice: &mut Dice) -> Option<(Resolve, InterfaceId)> {
    let config = wit_smith::Config {
        max_packages: 2,
        max_type_size: 60,
        max_interface_items: 6,
        max_world_items: 1,
        max_pkg_items: 4,
        max_type_parts: 4,
        max_files_per_package: 1,
        max_resource_items: 3,
        async_: true,
        futures: true,
        streams: true,
        error_context: true,
        fixed_length_lists: true,
        ..wit_smith::Config::default()
    };
    let bytes = dice.bytes(2000);
    let wasm = wit_smith::smith(&config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    let DecodedWasm::WitPackage(resolve, package) = wit_parser::decoding::decode(&wasm).ok()?
    else {
        return None;
    };
    let interfaces: Vec<InterfaceId> =
        resolve.packages[package].interfaces.values().copied().collect();
    let id = *interfaces.get(dice.roll(interfaces.len()))?;
    Some((resolve, id))
}

/// Prints the interface with a world that exports it, and parses that again.
fn end(resolve: &Resolve, id: InterfaceId) -> Option<(End, String)> {
    let name = resolve.interfaces[id].name.clone()?;
    // The random package's own worlds may not shadow this one.
    let text = Text::of_interface(resolve, id)?.text;
    let text = text.replace("world w {", "world ww {");
    let text = format!("{text}\nworld w {{ export {name}; }}\n");
    Some((parse(&text, &name)?, text))
}

/// Changes one thing in an interface; the result may be invalid.
fn mutate(resolve: &mut Resolve, id: InterfaceId, dice: &mut Dice) {
    let types: Vec<TypeId> = resolve.interfaces[id].types.values().copied().collect();
    let count = resolve.interfaces[id].functions.len();
    if dice.roll(2) == 0 && !types.is_empty() {
        let ty = types[dice.roll(types.len())];
        mutate_type(&mut resolve.types[ty].kind, dice);
    } else if count > 0 {
        let functions = &mut resolve.interfaces[id].functions;
        let index = dice.roll(count);
        if dice.roll(6) == 0 {
            functions.shift_remove_index(index);
            return;
        }
        let (_, function) = functions.get_index_mut(index).unwrap();
        mutate_function(function, dice);
    }
}

fn mutate_type(kind: &mut TypeDefKind, dice: &mut Dice) {
    let action = dice.roll(4);
    match kind {
        TypeDefKind::Record(record) => {
            let at = dice.roll(record.fields.len());
            match action {
                0 => record.fields[at].name += "-x",
                1 => drop(record.fields.pop()),
                2 => record.fields.swap(0, at),
                _ => record.fields[at].ty = primitive(dice),
            }
        }
        TypeDefKind::Variant(variant) => {
            let at = dice.roll(variant.cases.len());
            match action {
                0 => variant.cases[at].name += "-x",
                1 => drop(variant.cases.pop()),
                2 => variant.cases.swap(0, at),
                _ => variant.cases[at].ty = (dice.roll(3) > 0).then(|| primitive(dice)),
            }
        }
        TypeDefKind::Enum(cases) => {
            let at = dice.roll(cases.cases.len());
            match action {
                0 => cases.cases[at].name += "-x",
                1 => drop(cases.cases.pop()),
                _ => cases.cases.swap(0, at),
            }
        }
        TypeDefKind::Flags(flags) => {
            let at = dice.roll(flags.flags.len());
            match action {
                0 => flags.flags[at].name += "-x",
                1 => drop(flags.flags.pop()),
                _ => flags.flags.swap(0, at),
            }
        }
        TypeDefKind::List(ty) | TypeDefKind::Option(ty) => *ty = primitive(dice),
        TypeDefKind::Type(ty) if !matches!(ty, Type::Id(_)) => *ty = primitive(dice),
        TypeDefKind::FixedLengthList(_, length) => *length += 1,
        TypeDefKind::Stream(ty) | TypeDefKind::Future(ty) => *ty = None,
        TypeDefKind::Tuple(tuple) => drop(tuple.types.pop()),
        TypeDefKind::Result(result) => std::mem::swap(&mut result.ok, &mut result.err),
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Map(..)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => {}
    }
}

fn mutate_function(function: &mut Function, dice: &mut Dice) {
    // A method's first parameter is not ours to change.
    let first = usize::from(matches!(
        function.kind,
        FunctionKind::Method(_) | FunctionKind::AsyncMethod(_)
    ));
    let at = first + dice.roll(function.params.len().saturating_sub(first));
    match (dice.roll(5), function.params.get_mut(at)) {
        (0, Some(parameter)) => parameter.name += "-x",
        (1, Some(parameter)) => parameter.ty = primitive(dice),
        (2, Some(_)) => drop(function.params.pop()),
        (3, _) => {
            function.kind = match function.kind.clone() {
                FunctionKind::Freestanding => FunctionKind::AsyncFreestanding,
                FunctionKind::AsyncFreestanding => FunctionKind::Freestanding,
                FunctionKind::Method(id) => FunctionKind::AsyncMethod(id),
                FunctionKind::AsyncMethod(id) => FunctionKind::Method(id),
                other => other,
            };
        }
        _ if !matches!(function.kind, FunctionKind::Constructor(_)) => {
            function.result = (dice.roll(3) > 0).then(|| primitive(dice));
        }
        _ => {}
    }
}

fn primitive(dice: &mut Dice) -> Type {
    [Type::U8, Type::U32, Type::Bool, Type::String][dice.roll(4)]
}

#[test]
fn random_interfaces_with_one_thing_changed() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut fits, mut breaks) = (0, 0);
    for _ in 0..1500 {
        let Some((resolve, id)) = random(&mut dice) else {
            continue;
        };
        let Some((old, old_text)) = end(&resolve, id) else {
            continue;
        };
        // Some changes change nothing, and some are no longer WIT.
        let new = (0..10).find_map(|_| {
            let mut changed = resolve.clone();
            mutate(&mut changed, id, &mut dice);
            end(&changed, id).filter(|(_, text)| *text != old_text)
        });
        let Some((new, new_text)) = new else {
            continue;
        };
        for (wanted, given) in [(&old, &new), (&new, &old)] {
            let context = || format!("{old_text}\n---\n{new_text}");
            match check(wanted, given, &context) {
                Some(true) => breaks += 1,
                Some(false) => fits += 1,
                None => {}
            }
        }
    }
    assert!(fits > 20 && breaks > 600, "{fits} fit, {breaks} do not");
}

/// Bodies of one world; each is compared with each other of its row.
const WORLDS: &[&[&str]] = &[
    &[
        "import i;",
        "import i; import j;",
        "import j;",
        "export i;",
        "export i; export j;",
        "import i; export i;",
        "import i; export j;",
        "",
    ],
    &[
        "import run: func();",
        "import run: func(x: u8);",
        "import run: async func();",
        "export run: func();",
        "export run: func(x: u8);",
        "import run: func(); export run: func();",
        "import run: interface { f: func(); }",
        "import run: interface { f: func(); g: func(); }",
        "export run: interface { f: func(); }",
        "export run: interface { f: func(); g: func(); }",
    ],
    &[
        "record r { x: u8 } import f: func(r: r);",
        "record r { x: u16 } import f: func(r: r);",
        "resource r; import f: func(r: r);",
        "resource r; import f: func(r: borrow<r>);",
        "resource r { constructor(); } import f: func(r: r);",
        "use users.{token as r}; import f: func(r: r);",
    ],
    &[
        "import users;",
        "export users;",
        "import tokens; export users;",
        "export tokens; export users;",
        "import users; export users;",
    ],
];

#[test]
fn worlds_written_by_hand() {
    let end = |body: &str| {
        let wit = format!(
            "package a:b@1.0.0;
             interface i {{ f: func(); }}
             interface j {{ record r {{ x: u8 }} f: func(r: r); }}
             interface tokens {{ resource token {{ constructor(); }} }}
             interface users {{ use tokens.{{token}}; f: func(t: token); }}
             world w {{ {body} }}"
        );
        parse(&wit, "i").unwrap_or_else(|| panic!("{wit}"))
    };
    let mut asked = 0;
    for row in WORLDS {
        let ends: Vec<End> = row.iter().map(|body| end(body)).collect();
        for (old, old_body) in ends.iter().zip(*row) {
            for (new, new_body) in ends.iter().zip(*row) {
                // An old guest against the new contract.
                let theirs = oracle(new, old).unwrap_or_else(|()| panic!("{old_body}"));
                let ours = worlds((&old.resolve, old.world), (&new.resolve, new.world));
                let breaks = ours.iter().any(Change::breaks);
                let ours: Vec<String> = ours.iter().map(|c| c.describe(Words::Diff)).collect();
                assert_eq!(
                    breaks,
                    theirs.is_some(),
                    "wasmparser: {theirs:?}\nours: {ours:#?}\nold: {old_body}\nnew: {new_body}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "{asked}");
}
