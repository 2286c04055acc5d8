//! Who owns what. The sections are those of `CanonicalABI.md`.

use super::{both, first, function};
use crate::abi::Memory;
use crate::model::Side;

/// What a value holds is found however deep it is, and not behind a handle.
#[test]
fn facts_of_types() {
    let facts = |ty: &str| {
        let world = both(&format!(
            "resource r; record p {{ x: u8, y: option<list<r>> }} variant v {{ a(string), b }}
             enum e {{ a }} flags g {{ a }} type q = p;
             f: func(x: {ty});"
        ));
        format!("{:?}", world.facts(first(&world)))
    };
    assert_eq!(facts("u8"), "[]");
    assert_eq!(facts("tuple<e, g, option<f32>>"), "[]");
    assert_eq!(facts("string"), r#"["heap"]"#);
    assert_eq!(facts("map<u8, u8>"), r#"["heap"]"#);
    assert_eq!(facts("result<_, v>"), r#"["heap"]"#);
    assert_eq!(facts("list<u8, 4>"), "[]");
    assert_eq!(facts("list<string, 4>"), r#"["heap"]"#);
    assert_eq!(facts("r"), r#"["own"]"#);
    assert_eq!(facts("tuple<u8, borrow<r>>"), r#"["borrow"]"#);
    assert_eq!(facts("q"), r#"["own", "heap"]"#);
    // Strings go through a stream later; the value is its end.
    assert_eq!(facts("stream<string>"), r#"["future-or-stream"]"#);
    assert_eq!(facts("option<future<r>>"), r#"["future-or-stream"]"#);
}

/// Who has to clean up after a value of a type.
#[test]
fn what_needs_a_destructor() {
    let needs = |ty: &str| {
        let world = both(&format!("resource r; f: func(x: {ty});"));
        world.facts(first(&world)).needs_destructor()
    };
    assert!(needs("r") && needs("string") && needs("stream") && needs("result<_, option<r>>"));
    // "Lifting and Lowering Values", `lower_borrow`: a borrow ends with the call.
    assert!(!needs("borrow<r>") && !needs("tuple<u8, char>"));
}

/// "`canon lift`": `realloc` of the callee makes its arguments; its results stay its own until
/// `post_return` is called with the core results.
#[test]
fn exports_get_their_parameters_and_keep_their_results_for_a_while() {
    let world = both("f: func(a: string, b: u32) -> list<u8>; g: func() -> tuple<u8, u8>;");
    let f = function(&world, "f", Side::Export);
    let ownership = world.ownership(f);
    assert_eq!(ownership.params[0].memory, Memory::Ours);
    assert_eq!(ownership.params[1].memory, Memory::None);
    assert_eq!(ownership.result.map(|result| result.memory), Some(Memory::PostReturn));
    assert_eq!(f.core.post_return.as_deref(), Some("cabi_post_a:b/i#f"));
    assert!(world.needs_post_return(f));
    // A result without a string, list or map lies in memory as well, and leaves nothing to free.
    let g = function(&world, "g", Side::Export);
    assert!(g.core.return_pointer && !world.needs_post_return(g));
}

/// "`canon lower`": the callee reads what the caller passes, and `realloc` of the caller makes
/// its results.
#[test]
fn imports_lend_their_parameters_and_get_their_results() {
    let world = both("f: func(a: string, b: u32) -> list<u8>;");
    let f = function(&world, "f", Side::Import);
    let ownership = world.ownership(f);
    assert_eq!(ownership.params[0].memory, Memory::OursAfterCall);
    assert_eq!(ownership.params[1].memory, Memory::None);
    assert_eq!(ownership.result.map(|result| result.memory), Some(Memory::Ours));
    assert!(f.core.post_return.is_none());
}

/// "Lifting and Lowering Values", `lower_flat_values`: parameters beyond the flat ones lie in a
/// block that `realloc` of the callee makes.
#[test]
fn a_block_of_parameters_belongs_to_who_gets_it() {
    let params: Vec<String> = (0..17).map(|index| format!("p{index}: u8")).collect();
    let world = both(&format!("f: func({});", params.join(", ")));
    let block = |side| world.ownership(function(&world, "f", side)).block;
    assert_eq!(block(Side::Import), Memory::OursAfterCall);
    assert_eq!(block(Side::Export), Memory::Ours);
}
