//! Damaged binaries: whatever is wrong with the bytes is a finding, soon and
//! without a panic, and the verdict is the validator's.

use std::time::{Duration, Instant};

use joggle_check::features::Features;
use joggle_check::spec::{self, Spec};
use wasmparser::{Validator, WasmFeatures};

const CALCULATOR: &[u8] = include_bytes!("../../../fixtures/quickstart/calculator.wasm");
const CLI: &[u8] = include_bytes!("../../../fixtures/quickstart/cli.wasm");
const DWARF: &[u8] = include_bytes!("../../../fixtures/dwarf/inlined.wasm");

fn check(bytes: &[u8]) -> Spec {
    spec::check(bytes, &Features::default())
}

/// Checks a binary and compares the verdict with the one of the plain validator.
fn judge(bytes: &[u8], what: &str) -> Spec {
    let spec = check(bytes);
    let features = WasmFeatures::all().difference(WasmFeatures::CM_VALUES);
    let expected = Validator::new_with_features(features).validate_all(bytes).map(drop);
    assert_eq!(spec.is_valid(), expected.is_ok(), "{what}: {expected:?} {:?}", spec.findings);
    if let Err(error) = expected {
        let offsets: Vec<u64> = spec.findings.iter().map(|finding| finding.offset).collect();
        assert!(offsets.contains(&error.offset()), "{what}: {error} is missing in {offsets:x?}");
    } else {
        assert!(spec.stopped.is_empty(), "{what}");
        let needed = Features::base().iter().chain(spec.needs.iter().copied());
        assert!(spec::check(bytes, &Features::of(needed)).is_valid(), "{what}: {:?}", spec.needs);
    }
    spec
}

/// A small generator of numbers, so that every run damages the same bytes.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits")
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() % limit
    }
}

fn damage(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.next().to_le_bytes()[0],
            2 => bytes.truncate(at.max(9)),
            3 => bytes.insert(at, numbers.next().to_le_bytes()[0]),
            4 => drop(bytes.remove(at)),
            _ => {
                // A number that claims nearly everything.
                let end = bytes.len().min(at + 4);
                bytes[at..end].fill(0xff);
            }
        }
    }
    bytes
}

#[test]
fn damaged_components_are_judged_as_the_validator_judges() {
    let mut numbers = Numbers(0x5eed_1234_abcd_0001);
    let mut invalid = 0;
    for (bytes, rounds) in [(CALCULATOR, 3000), (CLI, 250), (DWARF, 1500)] {
        for round in 0..rounds {
            let damaged = damage(bytes, &mut numbers);
            let spec = judge(&damaged, &format!("{} bytes, round {round}", bytes.len()));
            invalid += usize::from(!spec.is_valid());
        }
    }
    assert!(invalid > 1000, "only {invalid} were invalid");
}

#[test]
fn real_components_are_valid() {
    for bytes in [CALCULATOR, CLI, DWARF] {
        let spec = judge(bytes, "untouched");
        assert!(spec.is_valid());
        assert!(spec.needs.is_empty(), "{:?}", spec.needs);
    }
}

#[test]
fn a_cut_file_is_invalid_at_every_length() {
    for end in 8..CALCULATOR.len() {
        judge(&CALCULATOR[..end], &format!("cut at {end}"));
    }
}

#[test]
fn a_header_with_anything_after_it_is_a_finding() {
    for header in [b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        let spec = judge(&[header, &b"garbage"[..]].concat(), "garbage");
        assert_eq!(spec.findings.len(), 1);
    }
    for bytes in [&b""[..], b"\0asm", b"\0asm\x07\0\0\0", b"text"] {
        assert!(!check(bytes).is_valid());
    }
}

#[test]
fn huge_sizes_in_a_small_file_are_found_at_once() {
    let huge = [0x80, 0x80, 0x80, 0x80, 0x04];
    for header in [b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        for id in 0..=13 {
            // As the size of a section, as a count of items in it, and as the size of an item.
            let section = [&header[..], &[id], &huge].concat();
            let count = [&header[..], &[id, 5], &huge].concat();
            let item = [&header[..], &[id, 6, 1], &huge].concat();
            for mut bytes in [section, count, item] {
                bytes.resize(100, 0);
                let start = Instant::now();
                assert!(!judge(&bytes, "huge").is_valid());
                assert!(start.elapsed() < Duration::from_secs(1), "section {id}");
            }
        }
    }
}

/// Component sections inside each other, each opened but none closed in time.
#[test]
fn deep_nesting_ends() {
    let header = b"\0asm\x0d\0\x01\0";
    let mut bytes = Vec::new();
    for _ in 0..5000 {
        bytes.extend(header);
        bytes.extend([4, 0xff, 0xff, 0xff, 0x0f]);
    }
    let start = Instant::now();
    let spec = judge(&bytes, "deep");
    assert!(!spec.stopped.is_empty());
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn many_bad_modules_end() {
    let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
    for _ in 0..3000 {
        bytes.extend(b"\x01\x0a\0asm\x01\0\0\0\x55\x00");
    }
    let spec = judge(&bytes, "many");
    assert_eq!(spec.findings.len(), spec::MOST_FINDINGS);
    let last = spec.stopped.iter().map(|stop| stop.skipped).collect::<Vec<_>>();
    assert!(last.contains(&spec::Skipped::TooManyFindings), "{last:?}");
}
