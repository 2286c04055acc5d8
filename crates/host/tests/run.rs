//! Commands: exit statuses, grants, what is denied, and imports that nobody provides.

use joggle_host::{Dir, Exit, Grants, HostError, Program, Setup};

fn compiled(name: &str, bytes: Vec<u8>) -> Result<Program, HostError> {
    Program::compile(name, bytes, &Setup::default())
}

fn compile<T>(name: &str, wat: &str, then: impl FnOnce(&Program) -> T) -> T {
    let bytes = wat::parse_str(wat).expect("the test's WAT is well-formed");
    then(&compiled(name, bytes).expect("the component compiles"))
}

fn run(wat: &str, grants: &Grants, args: &[&str]) -> Result<Exit, HostError> {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    compile("app.wasm", wat, |program| program.run(grants, &args))
}

fn denied(exit: &Exit) -> Vec<String> {
    exit.denied.iter().map(ToString::to_string).collect()
}

fn help(error: &HostError) -> String {
    miette::Diagnostic::help(error).map(|h| h.to_string()).unwrap_or_default()
}

const COMMAND: &str = include_str!("components/command.wat");

#[test]
fn nothing_is_granted_by_default_and_the_refusals_are_named() {
    let exit = run(COMMAND, &Grants::default(), &[]).expect("it runs");
    assert_eq!(exit.status, 10, "its own name is the only argument");
    assert_eq!(
        denied(&exit),
        [
            "not granted: environment variables (asked for through `wasi:cli/environment@0.2.6`): if it needs one, pass it with --env NAME[=VALUE]",
        ]
    );
}

#[test]
fn grants_and_arguments_arrive() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
    let grants = Grants {
        env: vec![pair("A", "1"), pair("B", "2"), pair("A", "3")],
        dirs: vec![Dir {
            host: folder.path().to_owned(),
            guest: "data".to_owned(),
            writable: true,
        }],
        ..Grants::default()
    };
    let exit = run(COMMAND, &grants, &["x", "y"]).expect("it runs");
    assert_eq!(exit.status, 100 + 30 + 2);
    assert_eq!(denied(&exit), [""; 0]);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let dir = Dir { host: "no/such/folder".into(), guest: "/".to_owned(), writable: true };
    let grants = Grants { dirs: vec![dir], ..Grants::default() };
    let error = run(COMMAND, &grants, &[]).expect_err("the folder is missing");
    assert_eq!(
        error.to_string(),
        "cannot grant the folder `no/such/folder`: there is no such folder"
    );
    assert!(!error.ran());
}

#[test]
fn an_error_is_status_one_and_asks_for_nothing() {
    let exit = run(include_str!("components/fails.wat"), &Grants::default(), &[]);
    let exit = exit.expect("it runs");
    assert_eq!((exit.status, exit.denied), (1, Vec::new()));
}

#[test]
fn commands_of_wasi_0_3_run_and_may_make_sockets_that_reach_nothing() {
    let exit = run(include_str!("components/async_command.wat"), &Grants::default(), &[]);
    let exit = exit.expect("it runs");
    assert_eq!(exit.status, 0);
    assert_eq!(denied(&exit), [""; 0]);
}

#[test]
fn all_missing_imports_are_named_at_once_and_before_compiling() {
    let bytes = wat::parse_str(include_str!("components/imports.wat")).expect("well-formed");
    let error = compiled("dir/app.wasm", bytes).expect_err("imports are missing");
    let HostError::ImportNotProvided { imports, .. } = &error else { panic!("{error}") };
    assert_eq!(imports, &["myapp:core/calculator@1.0.0", "myapp:core/calculator@2.0.0", "greet",]);
    assert!(help(&error).contains("joggle compose dir/app.wasm PROVIDER.wasm -o out.wasm"));
    assert!(!error.ran());
}

#[test]
fn an_import_in_another_shape_is_told_apart_from_a_missing_one() {
    let wat = include_str!("components/differs.wat")
        .trim_end()
        .strip_suffix(')')
        .expect("a component")
        .to_owned()
        + "(core module $m (func (export \"f\"))) (core instance $i (instantiate $m))
           (func (export \"f\") (canon lift (core func $i \"f\"))))";
    let error = compile("app.wasm", &wat, |p| p.invoke(&Grants::default(), &[], "f()"))
        .expect_err("the function is missing");
    assert!(matches!(error, HostError::ImportDiffers { .. }), "{error}");
    assert!(help(&error).contains("get-random-dice"), "{}", help(&error));
}

#[test]
fn a_component_that_is_no_command_says_what_to_call() {
    let error = run(include_str!("components/async_add.wat"), &Grants::default(), &[]);
    let error = error.expect_err("it is no command");
    assert_eq!(error.to_string(), "`app.wasm` is not a command: it does not export `wasi:cli/run`");
    assert_eq!(
        help(&error),
        "call one of its functions with --invoke:\n  add: async func(a: u32, b: u32) -> u32\nfor example:\n  joggle run app.wasm --invoke 'add(1, 1)'"
    );
}

#[test]
fn bytes_that_are_no_component_are_refused() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0\xff"] {
        let error = compiled("x.wasm", bytes.to_vec()).expect_err("it is no component");
        assert!(matches!(error, HostError::NotCompiled { .. }));
    }
}

#[test]
fn types_nested_too_deeply_are_an_error_and_no_panic() {
    use std::fmt::Write as _;
    let mut wat = "(component (type $t0 (instance))\n".to_owned();
    for depth in 1..200 {
        let _ = writeln!(
            wat,
            r#"(type $t{depth} (instance (alias outer 1 $t{} (type $x)) (export "i" (instance (type $x)))))"#,
            depth - 1
        );
    }
    wat.push_str(r#"(import "a:b/c" (instance (type $t199))))"#);
    let bytes = wat::parse_str(&wat).expect("the test's WAT is well-formed");
    let error = compiled("app.wasm", bytes).expect_err("the nesting is too deep");
    assert!(matches!(error, HostError::NotCompiled { .. }), "{error}");
}
