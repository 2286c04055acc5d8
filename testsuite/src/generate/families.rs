//! Hand-written sets: one for each shape that a graph of components can take.

use anyhow::{Context, Result};

use super::Set;
use crate::components::dummy;
use crate::oracle::Part;

/// A family: its name, whether it fits, and its parts as WIT and world.
type Family = (&'static str, bool, &'static [(&'static str, &'static str)]);

/// Three interfaces that build on each other, one of them with a resource.
const SHOP: &str = "package t:shop@0.2.0;
    interface types { record item { name: string, tags: list<string> } enum kind { new, used } }
    interface store {
        use types.{item};
        resource shelf { constructor(size: u32); put: func(item: item) -> result<u32, string>; }
    }
    interface till { use store.{shelf}; use types.{item, kind}; sell: func(off: borrow<shelf>, kind: kind) -> option<item>; fill: func() -> shelf; }
    interface audit { use store.{shelf}; count: func(of: borrow<shelf>) -> u64; }
    world stocker { export types; export store; }
    world seller { import store; export till; }
    world auditor { import store; export audit; }
    world owner { import till; import audit; export run: func() -> u32; }
    world keeper { import store; import till; export run: func() -> u32; }
    world reseller { import store; export audit; }";

const CHAIN: &str = "package t:chain;
    interface low { low: func(x: u32) -> u32; }
    interface mid { mid: func(x: list<u8>) -> string; }
    interface host { log: func(text: string); }
    world bottom { export low; }
    world logged { import host; export low; }
    world middle { import low; export mid; }
    world talking { import low; import host; export mid; }
    world top { import mid; export run: func() -> u32; }
    world wide { import mid; import low; export run: func() -> u32; }";

const TYPED: &str = "package t:typed;
    interface calls { record point { x: s32, y: s32 } variant shape { dot(point), line(tuple<point, point>) } draw: func(shape: shape) -> option<point>; area: func(of: list<shape>) -> f64; }
    world provider { export calls; }
    world user { import calls; export run: func() -> u32; }";

const FEWER: &str = "package t:typed;
    interface calls { record point { x: s32, y: s32 } variant shape { dot(point), line(tuple<point, point>) } draw: func(shape: shape) -> option<point>; }
    world provider { export calls; }
    world user { import calls; export run: func() -> u32; }";

const WRONG: &str = "package t:typed;
    interface calls { record point { x: s32, y: s64 } variant shape { dot(point), line(tuple<point, point>) } draw: func(shape: shape) -> option<point>; area: func(of: list<shape>) -> f64; }
    world provider { export calls; }
    world user { import calls; export run: func() -> u32; }";

const OLD: &str = "package t:api@0.2.0;
    interface calc { add: func(a: u32, b: u32) -> u32; }
    world provider { export calc; }
    world user { import calc; export run: func() -> u32; }";

const NEW: &str = "package t:api@0.2.6;
    interface calc { add: func(a: u32, b: u32) -> u32; sub: func(a: u32, b: u32) -> u32; }
    world provider { export calc; }
    world user { import calc; export run: func() -> u32; }";

const PLAIN: &str = "package t:plain;
    world provider { export add: func(a: u32, b: u32) -> u32; export name: func() -> string; }
    world user { import add: func(a: u32, b: u32) -> u32; import name: func() -> string; export run: func() -> u32; }";

const RESOURCE: &str = "package t:res;
    interface files {
        resource file { constructor(path: string); read: func(at: u64) -> list<u8>; open: static func(path: string) -> result<file, string>; }
        take: func(files: list<file>) -> option<file>;
        peek: func(file: borrow<file>) -> u8;
    }
    world provider { export files; }
    world user { import files; export run: func() -> u32; }
    world wrapper { import files; export files; }";

const FAMILIES: &[Family] = &[
    ("pair", true, &[(CHAIN, "bottom"), (CHAIN, "middle")]),
    ("chain of three", true, &[(CHAIN, "bottom"), (CHAIN, "middle"), (CHAIN, "top")]),
    ("triangle", true, &[(CHAIN, "bottom"), (CHAIN, "middle"), (CHAIN, "wide")]),
    ("one open import", true, &[(CHAIN, "logged"), (CHAIN, "middle"), (CHAIN, "top")]),
    ("an open import twice", true, &[(CHAIN, "logged"), (CHAIN, "talking"), (CHAIN, "top")]),
    ("functions of the world", true, &[(PLAIN, "provider"), (PLAIN, "user")]),
    ("records and variants", true, &[(TYPED, "provider"), (TYPED, "user")]),
    ("more functions than needed", true, &[(TYPED, "provider"), (FEWER, "user")]),
    ("a missing function", false, &[(FEWER, "provider"), (TYPED, "user")]),
    ("wrong parameter type", false, &[(WRONG, "provider"), (TYPED, "user")]),
    ("newer provider", true, &[(NEW, "provider"), (OLD, "user")]),
    ("older provider that lacks a function", false, &[(OLD, "provider"), (NEW, "user")]),
    ("a resource", true, &[(RESOURCE, "provider"), (RESOURCE, "user")]),
    ("a resource through a chain", true, &[(SHOP, "stocker"), (SHOP, "seller"), (SHOP, "keeper")]),
    (
        "a diamond over a resource",
        true,
        &[(SHOP, "stocker"), (SHOP, "seller"), (SHOP, "auditor"), (SHOP, "owner")],
    ),
    ("an export that mentions an inner resource", true, &[(SHOP, "stocker"), (SHOP, "reseller")]),
];

/// All of them.
pub fn families() -> Result<Vec<Set>> {
    let mut sets = Vec::new();
    for (name, fits, worlds) in FAMILIES {
        let mut parts = Vec::new();
        for (number, (wit, world)) in worlds.iter().enumerate() {
            let bytes = dummy(wit, world).with_context(|| format!("{name}: {world}"))?;
            parts.push(Part { name: format!("p{number}-{world}"), bytes });
        }
        sets.push(Set::of(*name, parts, *fits)?);
    }
    Ok(sets)
}
