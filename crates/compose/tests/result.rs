//! What a composed component is made of: each input once, names, provenance,
//! and the same bytes whatever the order of the inputs.

use joggle_compose::{Composition, Input, Link, Options, Request, compose};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

const PROGRAM: &[u8] = include_bytes!("../../../fixtures/quickstart/cli.wasm");
const CALCULATOR: &[u8] = include_bytes!("../../../fixtures/quickstart/calculator.wasm");

fn composed(inputs: Vec<Input>) -> Composition {
    let request = Request { inputs, ..Request::default() };
    compose(&request).unwrap_or_else(|problems| panic!("{:?}", problems.0))
}

fn quickstart() -> Vec<Input> {
    vec![
        Input::of_bytes("cli", PROGRAM.to_vec()),
        Input::of_bytes("calculator", CALCULATOR.to_vec()),
    ]
}

#[test]
fn the_order_of_inputs_does_not_matter() {
    let mut reversed = quickstart();
    reversed.reverse();
    assert_eq!(composed(quickstart()).to_vec(), composed(reversed).to_vec());
}

#[test]
fn the_whole_result_is_valid_bodies_and_all() {
    let bytes = composed(quickstart()).to_vec();
    let mut validator = Validator::new_with_features(WasmFeatures::default());
    assert!(validator.validate_all(&bytes).is_ok());
}

#[test]
fn its_size_is_the_one_that_is_reported() {
    let composition = composed(quickstart());
    assert_eq!(composition.report.size, composition.to_vec().len() as u64);
}

#[test]
fn inputs_are_recorded_and_instances_named() {
    let bytes = composed(quickstart()).to_vec();
    let mut depth = 0_usize;
    let (mut record, mut names) = (None, Vec::new());
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.expect("the result is well-formed") {
            Payload::ComponentSection { .. } | Payload::ModuleSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => {
                if section.name() == "joggle:inputs" {
                    record = serde_json::from_slice::<serde_json::Value>(section.data()).ok();
                }
                names.push(section.name().to_owned());
            }
            _ => {}
        }
    }
    let record = record.expect("the record is JSON");
    assert_eq!(record["inputs"][1]["file"], "cli.wasm");
    assert_eq!(record["inputs"][1]["size"], PROGRAM.len());
    assert_eq!(record["inputs"][1]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(names, ["component-name", "producers", "joggle:inputs"]);
}

#[test]
fn an_input_is_embedded_once_however_often_it_is_instantiated() {
    let store = wat("(component (core module $m (func (export \"f\") (result i32) i32.const 7))
           (core instance $i (instantiate $m))
           (func $f (result u32) (canon lift (core func $i \"f\")))
           (instance $o (export \"f\" (func $f))) (export \"a:b/store\" (instance $o)))");
    let user = wat("(component (import \"one\" (instance (export \"f\" (func (result u32)))))
           (import \"two\" (instance (export \"f\" (func (result u32)))))
           (import \"go\" (func $go)) (export \"run\" (func $go)))");
    let link = |text: &str| Link::parse(text).expect("the link is well-formed");
    let request = Request {
        inputs: vec![Input::of_bytes("store", store), Input::of_bytes("user", user)],
        instances: [("first", "store"), ("second", "store"), ("user", "user")]
            .map(|(name, input)| (name.to_owned(), input.to_owned()))
            .to_vec(),
        options: Options {
            links: vec![link("user:one=first:a:b/store"), link("user:two=second:a:b/store")],
            ..Options::default()
        },
    };
    let bytes = compose(&request).unwrap_or_else(|p| panic!("{:?}", p.0)).to_vec();
    let payloads = Parser::new(0).parse_all(&bytes).filter_map(Result::ok);
    let embedded = payloads.filter(|p| matches!(p, Payload::ComponentSection { .. })).count();
    assert_eq!(embedded, 2);
}

#[test]
fn damaged_inputs_are_refused_and_never_a_panic() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).unwrap_or(0)
    };
    for _ in 0..400 {
        let mut bytes = CALCULATOR.to_vec();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            bytes[at] = u8::try_from(next(256)).unwrap_or(0);
        }
        if next(4) == 0 {
            bytes.truncate(next(bytes.len()));
        }
        let inputs =
            vec![Input::of_bytes("calculator", bytes), Input::of_bytes("cli", PROGRAM.to_vec())];
        let request = Request { inputs, ..Request::default() };
        // What still is a fitting component makes a valid result.
        if let Ok(composition) = compose(&request) {
            let bytes = composition.to_vec();
            let mut validator = Validator::new_with_features(WasmFeatures::all());
            assert!(validator.validate_all(&bytes).is_ok());
        }
    }
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is well-formed")
}
