//! Texts with random damage: no panic, no endless loop, no place outside the text.

use crate::error::LoadError;
use crate::{Bytes, load_bytes};

/// Small changes to well-formed and to odd texts: whatever comes of them, an
/// answer is found, and every place lies inside the text.
#[test]
fn any_damage_is_survived() {
    let mut seeds: Vec<&str> = crate::bundle::BUNDLE
        .iter()
        .filter(|b| matches!(b.package, "cli" | "random" | "clocks"))
        .map(|b| b.text)
        .collect();
    seeds.extend(ODD);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % limit.max(1)
    };
    let rounds = std::env::var("JOGGLE_DAMAGE").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    for round in 0..rounds {
        let mut text = seeds[round % seeds.len()].to_owned();
        for _ in 0..=next(4) {
            damage(&mut text, &mut next);
        }
        let Err(LoadError::Wit(error)) =
            load_bytes("a.wit", Bytes::from(text.clone().into_bytes()))
        else {
            continue;
        };
        assert!(!error.problems.is_empty(), "{text}");
        for problem in &error.problems {
            for label in &problem.labels {
                assert!(label.offset() + label.len() <= text.len(), "{problem:?}\n{text}");
            }
        }
    }
}

const ODD: [&str; 3] = [
    "package a:b;\ninterface i { use types.{t, u as v}; record r { a: t, b: list<v> } f: async func(x: borrow<w>, y: option<r>) -> result<_, string>; resource w { constructor(); m: func(); s: static func() -> w; } flags g { a, b } variant z { a, b(u8) } enum e { c, d } type al = tuple<u8, r>; }\ninterface types { type t = u8; type u = string; }\nworld w { import i; export x: interface { f: func(); } include o with { a as b } import wasi:cli/stdout@0.2.12; use i.{r}; export run: func(r: r); }\nworld o { import a: func(); }\n",
    "package a:b@1.0.0;\nuse wasi:cli/environment@0.2.12 as env;\n/// docs\n@since(version = 1.0.0)\ninterface i { use env.{}; @unstable(feature = x) f: func() -> future<u8>; }\npackage n:m { interface k { g: func(s: stream<u8>); } }\nworld w { import n:m/k; export wasi:http/handler@0.3.2; include wasi:cli/command@0.3.2; }\n",
    "interface http-handler { handle-request: func(req: request) -> response }\ncomponent rust-auth implements http-handler\ncomponent my-app { imports: [rust-auth, go-business-logic] }\n",
];

/// Puts a piece in, takes some text away, or does both.
fn damage(text: &mut String, next: &mut impl FnMut(usize) -> usize) {
    let mut at = next(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let mut end = (at + next(12)).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    match next(3) {
        0 => text.insert_str(at, PIECES[next(PIECES.len())]),
        1 => text.replace_range(at..end, ""),
        _ => text.replace_range(at..end, PIECES[next(PIECES.len())]),
    }
}

/// What is put in.
const PIECES: [&str; 43] = [
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ";",
    ",",
    ":",
    "=",
    "->",
    "@",
    ".",
    "/",
    "%",
    "\"",
    "-",
    "\n",
    "interface ",
    "world ",
    "use ",
    "record ",
    "type ",
    "func",
    "import ",
    "export ",
    "i ",
    "resource ",
    "include ",
    "package ",
    "list",
    "X",
    "_",
    "ö",
    "/*",
    "//",
    "1",
    "\u{feff}",
    "@since(version = 1.0.0) ",
    "@unstable(feature = x) ",
    "enum ",
    "variant ",
    "flags ",
];
