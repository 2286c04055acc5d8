//! Whether a binary may be built upon: the specification's rules, and the types
//! that come of checking them, for those who link. Function bodies are handed out in
//! batches, to be checked in parallel.
//!
//! The bytes may come in pieces (a [`Tape`]): a composed component is checked
//! before it is written, without ever being put together in memory. Finding
//! everything that is wrong with a file, and where, is left to `joggle-check`.

use wasmparser::types::Types;
use wasmparser::{
    Chunk, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload, ValidPayload,
    Validator, ValidatorResources, WasmFeatures,
};

/// Bytes in pieces. Each nested component lies whole in one piece, and pieces
/// end only where a nested component starts or ends.
pub type Tape<'a> = [&'a [u8]];

/// Which proposals a binary may use. Each level allows what the ones before it allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What is on by default: WebAssembly 3.0, components with async, maps and `implements`.
    Shipped,
    /// Also the component model's gated features, such as fixed-length lists and error contexts.
    GatedComponents,
    /// Also core proposals that have not shipped.
    Proposals,
}

impl Level {
    /// All levels, the strictest first.
    pub const ALL: [Level; 3] = [Level::Shipped, Level::GatedComponents, Level::Proposals];

    /// The features that are on at this level. Component values have no level:
    /// no engine has them, and wasmparser's support is partial.
    #[must_use]
    pub fn features(self) -> WasmFeatures {
        let shipped = WasmFeatures::default();
        match self {
            Level::Shipped => shipped,
            Level::GatedComponents => {
                shipped
                    | WasmFeatures::CM_ASYNC_STACKFUL
                    | WasmFeatures::CM_MORE_ASYNC_BUILTINS
                    | WasmFeatures::CM_THREADING
                    | WasmFeatures::CM_ERROR_CONTEXT
                    | WasmFeatures::CM_FIXED_LENGTH_LISTS
                    | WasmFeatures::CM_NESTED_NAMES
                    | WasmFeatures::CM_CANON_NAMES
                    | WasmFeatures::CM_FORWARD
                    | WasmFeatures::CM_ACCESSORS
                    | WasmFeatures::CM64
                    | WasmFeatures::CM_GC
            }
            Level::Proposals => WasmFeatures::all().difference(WasmFeatures::CM_VALUES),
        }
    }
}

/// Why a binary breaks the specification's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The validator's words, without the offset.
    pub message: String,
    /// Where, in bytes from the start of the binary.
    pub offset: u64,
    /// The core function whose body is at fault, by index in its module.
    pub function: Option<u32>,
}

impl Invalid {
    fn of(error: &wasmparser::Error) -> Invalid {
        Invalid { message: error.message().to_owned(), offset: error.offset(), function: None }
    }
}

/// A function body that is still to be checked.
pub type Body<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// How many function bodies are worth a task of their own.
const BATCH: usize = 256;

/// Checks everything but function bodies, in one pass over the pieces, and
/// returns the types; every earlier binary of the same validator is in them, too.
///
/// `see` is shown each payload with its nesting depth, 0 for the outermost, and
/// `collect` is given the function bodies in batches. The validator is reset first,
/// so that one validator can serve many binaries whose types are to be compared;
/// after an error it cannot be used again.
pub fn structure<'a>(
    validator: &mut Validator,
    tape: &Tape<'a>,
    mut see: impl FnMut(usize, &Payload<'a>),
    mut collect: impl FnMut(Vec<Body<'a>>),
) -> Result<Types, Invalid> {
    validator.reset();
    let mut parser = Parser::new(0);
    parser.set_features(*validator.features());
    let mut outer: Vec<Parser> = Vec::new();
    let mut bodies = Vec::new();
    let mut pieces = tape.iter().copied().peekable();
    let mut rest: &[u8] = pieces.next().unwrap_or_default();
    let mut position = 0;
    loop {
        if rest.is_empty()
            && let Some(next) = pieces.next()
        {
            rest = next;
        }
        // A nested component ends with its piece; the outermost with the last one.
        let last = pieces.peek().is_none() || !outer.is_empty();
        let (consumed, payload) = match parser.parse(rest, last) {
            Ok(Chunk::Parsed { consumed, payload }) => (consumed, payload),
            Ok(Chunk::NeedMoreData(_)) => return Err(truncated(position + rest.len() as u64)),
            Err(error) => return Err(Invalid::of(&error)),
        };
        position += consumed as u64;
        rest = rest.get(consumed..).unwrap_or_default();
        see(outer.len(), &payload);
        match validator.payload(&payload).map_err(|e| Invalid::of(&e))? {
            ValidPayload::Ok => {}
            ValidPayload::Parser(nested) => outer.push(std::mem::replace(&mut parser, nested)),
            ValidPayload::Func(function, body) => bodies.push((function, body)),
            ValidPayload::End(types) => match outer.pop() {
                Some(enclosing) => parser = enclosing,
                None if rest.is_empty() && pieces.next().is_none() => {
                    collect(bodies);
                    return Ok(types);
                }
                None => return Err(trailing(position)),
            },
        }
        if bodies.len() == BATCH {
            collect(std::mem::take(&mut bodies));
        }
    }
}

/// Checks a batch of function bodies and returns every finding.
#[must_use]
pub fn bodies(bodies: Vec<Body<'_>>) -> Vec<Invalid> {
    let mut allocations = FuncValidatorAllocations::default();
    let mut found = Vec::new();
    for (function, body) in bodies {
        let index = function.index;
        let mut validator = function.into_validator(std::mem::take(&mut allocations));
        if let Err(error) = validator.validate(&body) {
            found.push(Invalid { function: Some(index), ..Invalid::of(&error) });
        }
        allocations = validator.into_allocations();
    }
    found
}

fn truncated(offset: u64) -> Invalid {
    Invalid { message: "the file ends in the middle of an item".into(), offset, function: None }
}

fn trailing(offset: u64) -> Invalid {
    Invalid { message: "there are bytes after the end".into(), offset, function: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Vec<Invalid> {
        let mut found = Vec::new();
        let collect = |batch| found.extend(bodies(batch));
        let checked = structure(&mut Validator::new(), &[bytes], |_, _| {}, collect);
        found.extend(checked.err());
        found
    }

    #[test]
    fn a_component_in_pieces_is_checked_like_a_whole_one() {
        let inner = wat::parse_str("(component (core module (func (result i32) i32.const 1)))")
            .expect("the text is well-formed");
        let mut head = b"\0asm\x0d\0\x01\0".to_vec();
        head.extend([4, u8::try_from(inner.len()).expect("a short component")]);
        let mut validator = Validator::new();
        let mut count = 0;
        let take = |batch: Vec<Body<'_>>| count += batch.len();
        let checked = structure(&mut validator, &[&head, &inner], |_, _| {}, take);
        assert!(checked.is_ok());
        assert_eq!(count, 1);
    }

    #[test]
    fn every_bad_body_is_found() {
        let bytes = wat::parse_str("(module (func (result i32)) (func) (func (result i64)))")
            .expect("the text is well-formed");
        let found = check(&bytes);
        let functions: Vec<_> = found.iter().map(|f| f.function).collect();
        assert_eq!(functions, [Some(0), Some(2)]);
    }

    #[test]
    fn a_cut_file_is_invalid() {
        let bytes = wat::parse_str("(module (func))").expect("the text is well-formed");
        for end in 0..bytes.len() {
            // A cut between sections leaves a shorter module, which may be valid.
            let _ = check(&bytes[..end]);
        }
        assert!(!check(&bytes[..9]).is_empty());
    }
}
