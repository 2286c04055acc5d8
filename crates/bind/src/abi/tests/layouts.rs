//! Sizes, offsets and flat types. The sections are those of `CanonicalABI.md`.

use super::{both, first, function};
use crate::abi::{CoreType, FlagsLayout, Layout};
use crate::model::{Side, World};

use CoreType::{F32, F64, I32, I64};

/// A world whose function `f` takes a value of a type.
fn of(declarations: &str, ty: &str) -> World {
    both(&format!("{declarations} f: func(x: {ty});"))
}

fn check(declarations: &str, ty: &str, size: u32, align: u32, flat: Option<&[CoreType]>) {
    let world = of(declarations, ty);
    let id = first(&world);
    assert_eq!(world.layout(id), Layout { size, align }, "{ty}");
    assert_eq!(world.flat(id), flat, "{ty}");
}

/// "Alignment", "Element Size" and "Flattening".
#[test]
fn every_kind_of_type_has_a_layout() {
    check("", "bool", 1, 1, Some(&[I32]));
    check("", "s8", 1, 1, Some(&[I32]));
    check("", "u16", 2, 2, Some(&[I32]));
    check("", "char", 4, 4, Some(&[I32]));
    check("", "s64", 8, 8, Some(&[I64]));
    check("", "f32", 4, 4, Some(&[F32]));
    check("", "f64", 8, 8, Some(&[F64]));
    check("", "string", 8, 4, Some(&[I32, I32]));
    check("", "list<u64>", 8, 4, Some(&[I32, I32]));
    check("", "map<string, u64>", 8, 4, Some(&[I32, I32]));
    check("", "list<u16, 3>", 6, 2, Some(&[I32, I32, I32]));
    check("", "tuple<u8, u32, u8>", 12, 4, Some(&[I32, I32, I32]));
    check("record r { a: u8, b: f64, c: u16 }", "r", 24, 8, Some(&[I32, F64, I32]));
    check("enum e { a, b }", "e", 1, 1, Some(&[I32]));
    check("", "option<u8>", 2, 1, Some(&[I32, I32]));
    check("", "result", 1, 1, Some(&[I32]));
    check("", "result<u8, u64>", 16, 8, Some(&[I32, I64]));
    check("resource r;", "r", 4, 4, Some(&[I32]));
    check("resource r;", "borrow<r>", 4, 4, Some(&[I32]));
    check("", "stream<u8>", 4, 4, Some(&[I32]));
    check("", "future", 4, 4, Some(&[I32]));
    check("type a = option<u8>; type b = a;", "b", 2, 1, Some(&[I32, I32]));
}

/// "Flattening": the core types of all cases are joined, one by one.
#[test]
fn the_payloads_of_cases_are_joined() {
    let payload = |cases: &str| {
        let world = of(&format!("variant v {{ {cases} }}"), "v");
        let variant = world.variant(first(&world)).expect("it is a variant").clone();
        (variant.tag_size, variant.payload_offset, variant.payload_flat.expect("it is flat"))
    };
    assert_eq!(payload("a(u32), b(f32)"), (1, 4, vec![I32]));
    assert_eq!(payload("a(f32), b(f32)"), (1, 4, vec![F32]));
    assert_eq!(payload("a(u32), b(f64)"), (1, 8, vec![I64]));
    assert_eq!(payload("a(f32), b(f64)"), (1, 8, vec![I64]));
    assert_eq!(payload("a(string), b(u64)"), (1, 8, vec![I64, I32]));
    assert_eq!(payload("a(u8), b, c(tuple<u8, f32>)"), (1, 4, vec![I32, F32]));
    assert_eq!(payload("a, b"), (1, 1, vec![]));
}

/// "Alignment": the discriminant is the smallest integer that counts the cases.
#[test]
fn a_tag_is_as_wide_as_it_has_to_be() {
    let tag = |count: usize| {
        let cases: Vec<String> = (0..count).map(|index| format!("c{index}")).collect();
        let world = of(&format!("enum e {{ {} }}", cases.join(", ")), "e");
        world.variant(first(&world)).expect("it is an enum").tag_size
    };
    assert_eq!([tag(1), tag(256), tag(257), tag(65_536), tag(65_537)], [1, 1, 2, 2, 4]);
}

/// "Alignment" and "Element Size": flags take one, two or four bytes.
#[test]
fn flags_take_the_bits_they_need() {
    let flags = |count: usize| {
        let flags: Vec<String> = (0..count).map(|index| format!("b{index}")).collect();
        let world = of(&format!("flags e {{ {} }}", flags.join(", ")), "e");
        let id = first(&world);
        let flags = world.flags(id).expect("these are flags");
        let layout = world.layout(id);
        assert_eq!(layout.size, flags.word_size * flags.words);
        assert_eq!(layout.align, flags.word_size);
        assert_eq!(world.flat(id).map(<[_]>::len), Some(flags.words as usize));
        flags
    };
    let one = |word_size| FlagsLayout { word_size, words: 1 };
    assert_eq!([flags(1), flags(8), flags(9)], [one(1), one(1), one(2)]);
    assert_eq!([flags(16), flags(17), flags(32)], [one(2), one(4), one(4)]);
    assert!(both("f: func(x: u8);").flags(first(&both("f: func(x: u8);"))).is_none());
}

/// "Flattening": above `MAX_FLAT_PARAMS` a value lies in memory.
#[test]
fn sixteen_core_types_are_the_most() {
    let tuple = |count: usize| format!("tuple<{}>", vec!["u8"; count].join(", "));
    check("", &tuple(16), 16, 1, Some(&[I32; 16]));
    check("", &tuple(17), 17, 1, None);
    let world = of("", &format!("option<{}>", tuple(16)));
    let variant = world.variant(first(&world)).expect("it is an option");
    assert_eq!((variant.payload_offset, &variant.payload_flat), (1, &None));
}

/// Flattened anew wherever it occurs, a type like this takes longer than anybody waits.
#[test]
fn variants_of_variants_are_flattened_once() {
    use std::fmt::Write as _;
    let mut variants = "variant v0 { a(f32), b(u64) }".to_owned();
    for level in 1..15 {
        let inner = level - 1;
        let cases: Vec<String> = (0..20).map(|case| format!("c{case}(v{inner})")).collect();
        write!(variants, " variant v{level} {{ {} }}", cases.join(", ")).expect("it is memory");
    }
    let mut flat = vec![I32; 15];
    flat.push(I64);
    let world = of(&variants, "v14");
    assert_eq!(world.flat(first(&world)), Some(&flat[..]));
    assert_eq!(function(&world, "f", Side::Import).core.params, flat);
    let world = of(&format!("{variants} variant v15 {{ a(v14) }}"), "v15");
    assert_eq!(world.flat(first(&world)), None);
    assert!(function(&world, "f", Side::Import).core.indirect_params);
}

/// Fields, entries of a map and parameters lie one after another.
#[test]
fn offsets_of_values_in_a_row() {
    let world = both("f: func(a: u8, b: u64, c: string, d: u16);");
    let params = &function(&world, "f", Side::Export).params;
    let ids: Vec<_> = params.iter().map(|param| param.ty).collect();
    let record = world.record(&ids);
    assert_eq!(record.offsets, [0, 8, 16, 24]);
    assert_eq!(record.layout, Layout { size: 32, align: 8 });
    assert_eq!(world.offsets(&[]), [0u32; 0]);
}

/// "Flattening": more than 16 parameters go through memory, and so does a result of two.
#[test]
fn parameters_and_results_in_memory() {
    let params = |count: usize| {
        let params: Vec<String> = (0..count).map(|index| format!("p{index}: u64")).collect();
        both(&format!("f: func({}) -> string;", params.join(", ")))
    };
    let world = params(16);
    let import = &function(&world, "f", Side::Import).core;
    assert_eq!((import.params.len(), &import.results), (17, &vec![]));
    assert!(!import.indirect_params && import.return_pointer);
    let export = &function(&world, "f", Side::Export).core;
    assert_eq!((export.params.len(), &export.results), (16, &vec![I32]));
    assert!(!export.indirect_params && export.return_pointer);
    let world = params(17);
    let import = &function(&world, "f", Side::Import).core;
    assert_eq!((&import.params, &import.results), (&vec![I32, I32], &vec![]));
    assert!(import.indirect_params && import.return_pointer);
}

/// Aliases and the two sides of an interface are one type; two structures are two.
#[test]
fn one_type_stands_for_all_that_are_equal() {
    let world = both(
        "record r { x: u8 } type s = r; type t = list<s>;
         f: func(a: list<r>, b: t, c: list<s>, d: list<u8>, e: option<r>, g: option<s>);",
    );
    let ids = |side| -> Vec<_> {
        let params = &function(&world, "f", side).params;
        params.iter().map(|param| world.canonical(param.ty)).collect()
    };
    let import = ids(Side::Import);
    assert_eq!(import, ids(Side::Export));
    assert!(import[0] == import[1] && import[0] == import[2]);
    assert!(import[0] != import[3] && import[4] == import[5]);
    assert!(import.iter().all(|id| world.canonical(*id) == *id));
    // Resources of the two sides are two.
    let world = both("resource r; f: func(a: r);");
    let of = |side| world.canonical(function(&world, "f", side).params[0].ty);
    assert_ne!(of(Side::Import), of(Side::Export));
}

/// What no memory holds is refused, and not computed.
#[test]
fn types_without_a_layout_are_refused() {
    let refused = |interface: &str| {
        let text = format!("package a:b; interface i {{ {interface} }} world w {{ import i; }}");
        let wit = super::wit(&text);
        let world = crate::select_world(&wit, None).expect("there is one world");
        crate::build(&wit, world, &crate::Options::default()).is_err()
    };
    assert!(!refused("type a = list<u8, 4294967295>; f: func(x: a);"));
    assert!(refused("type a = list<u16, 4294967295>; f: func(x: a);"));
    let mut deep = "type t0 = list<u64, 4294967295>; ".to_owned();
    for level in 1..9 {
        let inner = level - 1;
        deep.extend([format!("type t{level} = list<t{inner}, 4294967295>; ")]);
    }
    assert!(refused(&format!("{deep} f: func(x: list<t8>);")));
}
