//! WIT in, sentences out: what the tests of differences share.

use joggle_relate::{Change, Words};
use wit_parser::Resolve;

/// Parses a package; a test with wrong WIT says where it is wrong.
pub fn parse(wit: &str) -> Resolve {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    if let Err(error) = resolve.push_source("test.wit", wit) {
        panic!("{}\n{wit}", resolve.render_error(&error));
    }
    resolve
}

/// One line for each change, marked with whom it breaks.
pub fn lines(changes: &[Change], words: Words) -> String {
    let mut text = String::new();
    for change in changes {
        let mark = match (change.breaks(), change.breaks_host()) {
            (true, true) => "!",
            (true, false) => "guest!",
            (false, true) => "host!",
            (false, false) => "fits",
        };
        text.extend([mark, " ", &change.describe(words), "\n"]);
        if let Some(also) = change.also_reached() {
            text.extend(["    ", &also, "\n"]);
        }
    }
    text
}
