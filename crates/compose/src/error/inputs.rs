//! Inputs that cannot be used, and results that should not have been.

use joggle_load::verify::Invalid;
use miette::Diagnostic;
use thiserror::Error;

use crate::input::Input;

/// An input is not a valid component.
#[derive(Debug, Error, Diagnostic)]
#[error("`{shown}` is not a valid component: {reason}")]
#[diagnostic(
    code("compose::invalid-input"),
    help("`joggle validate {shown}` lists everything that is wrong with it; build it anew")
)]
pub struct InputProblem {
    shown: String,
    reason: String,
}

impl InputProblem {
    pub(crate) fn new(input: &Input, invalid: &Invalid) -> InputProblem {
        let place = match invalid.function {
            Some(index) => format!("in core function {index}, at offset {:#x}", invalid.offset),
            None => format!("at offset {:#x}", invalid.offset),
        };
        InputProblem {
            shown: input.shown.clone(),
            reason: format!("{} ({place})", invalid.message),
        }
    }
}

/// There is nothing to compose.
#[derive(Debug, Error, Diagnostic)]
#[error("no component was given")]
#[diagnostic(
    code("compose::no-input"),
    help(
        "name the components to link: joggle compose cli.wasm calculator.wasm -o app.wasm\n\
         or, in compose.toml, list them under [inputs]"
    )
)]
pub struct NoInput;

/// Two inputs go by one name.
#[derive(Debug, Error, Diagnostic)]
#[error("two inputs are named `{name}`")]
#[diagnostic(code("compose::duplicate-input"), help("give one of them another name: NAME=PATH"))]
pub struct SameName {
    pub(crate) name: String,
}

/// The result would be larger than a component can be.
#[derive(Debug, Error, Diagnostic)]
#[error("the composed component would be too large: {reason}")]
#[diagnostic(
    code("compose::too-large"),
    help("compose fewer components, or smaller ones; nothing was written")
)]
pub struct TooLarge {
    pub(crate) reason: String,
}

/// The encoder made something that wasmparser refuses.
#[derive(Debug, Error, Diagnostic)]
#[error("the composed component is not valid: {reason}")]
#[diagnostic(
    code("compose::result-invalid"),
    help("nothing was written; this is a bug in joggle: please report it with the inputs")
)]
pub struct ResultInvalid {
    pub(crate) reason: String,
}
