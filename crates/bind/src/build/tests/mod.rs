//! What comes out of WIT, as text: one test for each feature of the language.

#![expect(clippy::needless_raw_string_hashes, reason = "rewriting the expectations writes them")]

mod dump;
mod features;
mod problems;
mod random;
mod select;
mod unified;

use expect_test::Expect;
use joggle_load::{Artifact, Bytes, Wit, load_bytes};

use super::{Built, Options, build, select_world};
use crate::problem::Problem;

/// Loads WIT that is well-formed.
fn wit(text: &str) -> Wit {
    match load_bytes("test.wit", Bytes::from(text.as_bytes().to_vec())) {
        Ok(Artifact::Wit(wit)) => *wit,
        Ok(other) => panic!("this is no WIT: {other:?}"),
        Err(error) => panic!("{error:?}"),
    }
}

/// Builds the only world of a text.
fn built(text: &str, options: Options) -> Result<Built, Vec<Problem>> {
    let wit = wit(text);
    let world = select_world(&wit, None).map_err(|problem| vec![problem])?;
    build(&wit, world, &options)
}

/// Compares the only world of a text with what it should be.
fn check(text: &str, expected: &Expect) {
    match built(text, Options::default()) {
        Ok(built) => {
            expected.assert_eq(&dump::world(&built.world));
            random::ordered(&built.world);
            random::sound(&built.world);
        }
        Err(problems) => panic!("{problems:?}"),
    }
}
