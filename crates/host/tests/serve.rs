//! Preparing a component for a server: how many instances there is room for, and
//! doing without that room where a component does not fit into it. Serving itself
//! is tested with real programs, in `testsuite/tests/serve.rs`.

use joggle_host::{HostError, Prepared, ServeError, ServeOptions, Server, Setup, prepare};

const HANDLER: &str = r#"
  (core module $main (func (export "handle")))
  (core instance $i (instantiate $main))
  (func $handle (canon lift (core func $i "handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "demo:app/handler" (instance $handler))"#;

fn component(parts: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {parts} {HANDLER})")).expect("the text is sound")
}

fn prepared(parts: &str, concurrent: usize) -> Result<Prepared, HostError> {
    prepare("app.wasm", &component(parts), &Setup::default(), concurrent)
}

#[test]
fn room_is_shared_between_instances() {
    let small = prepared("", 10).expect("it compiles");
    assert_eq!((small.concurrent, small.without_pool), (10, None));
    let memories = "(core instance (instantiate $m))".repeat(20);
    let large = prepared(&format!("(core module $m (memory 1)) {memories}"), 10);
    let large = large.expect("it compiles");
    // Eighty memories, and twenty of them for each instance.
    assert_eq!((large.concurrent, large.without_pool), (4, None));
}

#[test]
fn what_does_not_fit_is_served_without_room() {
    let huge = prepared("(core module $m (table 1000000 funcref))", 10).expect("it compiles");
    assert_eq!(huge.concurrent, 10);
    assert!(huge.without_pool.is_some_and(|reason| reason.contains("table")));
    let memories = "(core instance (instantiate $m))".repeat(20);
    let many = prepared(&format!("(core module $m (memory 1)) {memories}"), 1);
    let many = many.expect("it compiles");
    assert_eq!(many.concurrent, 1);
    assert!(many.without_pool.is_some());
}

#[test]
fn a_missing_import_is_reported_as_ever() {
    let error = prepared(r#"(import "demo:app/more" (func))"#, 1).expect_err("nobody has it");
    assert!(matches!(error, HostError::ImportNotProvided { .. }), "{error:?}");
}

#[test]
fn a_component_without_a_handler_is_no_server() {
    let prepared = prepared("", 1).expect("it compiles");
    let options = ServeOptions {
        address: ([127, 0, 0, 1], 0).into(),
        concurrent: 1,
        body: 0,
        header_timeout: std::time::Duration::from_secs(1),
        grace: std::time::Duration::from_secs(1),
    };
    let refused = Server::listen(prepared.program, joggle_host::Grants::default(), options);
    let error = refused.expect_err("it has no handler");
    assert!(matches!(error, ServeError::NotAServer { .. }), "{error:?}");
}
