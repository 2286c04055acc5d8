//! What a trap shows: names as they were written, and places in the source
//! where the file carries them.

use std::path::Path;

use joggle_host::{Grants, HostError, Program, Setup, Trap};
use wat::GenerateDwarf;

/// A component's text cannot hold a module in binary, so its section is put in front.
const AROUND: &str = r#"(component
    (core instance $i (instantiate 0))
    (func (export "run") (canon lift (core func $i "run"))))"#;

/// The trap of a core module's export `run`.
fn trap(module: &[u8]) -> Trap {
    let around = wat::parse_str(AROUND).expect("the test's WAT is well-formed");
    let (header, rest) = around.split_at(8);
    let mut bytes = header.to_vec();
    bytes.push(1);
    let mut length = module.len();
    while length > 0x7f {
        bytes.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
        length >>= 7;
    }
    bytes.push(u8::try_from(length).expect("seven bits"));
    bytes.extend_from_slice(module);
    bytes.extend_from_slice(rest);
    let program = Program::compile("app.wasm", bytes, &Setup::default()).expect("it compiles");
    match program.invoke(&Grants::default(), &[], "run()") {
        Err(HostError::Trap { trap, .. }) => *trap,
        other => panic!("a trap was expected: {other:?}"),
    }
}

fn calls(trap: &Trap) -> Vec<String> {
    trap.frames.iter().map(ToString::to_string).collect()
}

const MODULE: &str = r#"(module $core
  (func $_ZN5stack3popEi (param i32) unreachable)
  (func $_RNvCs1234_7mycrate4main (call $_ZN5stack3popEi (i32.const 1)))
  (func $_Zodd (call $_RNvCs1234_7mycrate4main))
  (func $plain (export "run") (call $_Zodd)))"#;

#[test]
fn mangled_names_are_shown_as_they_were_written() {
    let module = wat::parse_str(MODULE).expect("the test's WAT is well-formed");
    let names: Vec<Option<String>> = trap(&module).frames.into_iter().map(|f| f.function).collect();
    let names: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
    assert_eq!(names, ["stack::pop(int)", "mycrate::main", "_Zodd", "plain"]);
}

#[test]
fn debug_information_gives_places() {
    let mut parser = wat::Parser::new();
    parser.generate_dwarf(GenerateDwarf::Full);
    let module = parser
        .parse_str(Some(Path::new("core.wat")), MODULE)
        .expect("the test's WAT is well-formed");
    let trap = trap(&module);
    assert_eq!(calls(&trap)[0], "`stack::pop(int)` in module `core` at core.wat:2:38");
    assert_eq!(trap.frames[3].place.as_deref(), Some("core.wat:5:32"));
}

#[test]
fn without_debug_information_the_byte_is_shown() {
    let module = wat::parse_str(MODULE).expect("the test's WAT is well-formed");
    let trap = trap(&module);
    assert_eq!(trap.frames[0].place, None);
    assert!(calls(&trap)[0].contains("at byte 0x"), "{:?}", calls(&trap));
}
