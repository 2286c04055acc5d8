//! Generating Rust bindings, and what they cost when they run, beside `wit-bindgen`.
//!
//! Generating: WASI's HTTP proxy, and worlds of up to a thousand interfaces, whose time
//! for each must not grow with their number. Running is in `race`.

mod race;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::contest::{Contender, compare, measure, milliseconds, ratio, summarize};
use super::{joggle, peer, words};
use crate::{paths, process, screen};

/// How many interfaces a world has.
const COUNTS: [usize; 3] = [250, 500, 1_000];

/// The release of WASI that joggle carries.
const WASI: &str = "0.2.12";

pub fn run(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    let wit = scratch.join("proxy");
    write_proxy(&wit)?;
    screen::result(&format!("wasi:http/proxy@{WASI}, {runs} runs"));
    compare(&contenders(program, &wit, scratch), runs, None)?;
    screen::result("");
    for count in COUNTS {
        let wit = scratch.join(format!("many-{count}"));
        fs::create_dir_all(&wit)?;
        fs::write(wit.join("world.wit"), many(count))?;
        screen::result(&format!("{count} interfaces, imported and exported, {runs} runs"));
        compare(&contenders(program, &wit, scratch), runs, None)?;
        screen::result("");
    }
    growth(program, scratch, runs)?;
    race::run(program, scratch, runs)?;
    screen::result("ratios: joggle ÷ peer, of the median wall time and of the peak memory");
    Ok(())
}

/// The first is ours.
fn contenders(program: &Path, wit: &Path, scratch: &Path) -> Vec<Contender> {
    let mut ours = words(&["bindgen", "-q", "--lang", "rust"]);
    ours.push(wit.into());
    let theirs = [OsString::from("rust"), wit.into()];
    let shared = |out: &str| {
        let mut shared = words(&["--world", "bench", "--generate-all", "--out-dir"]);
        shared.push(scratch.join(out).into());
        shared
    };
    ours.extend(shared("ours"));
    let theirs = theirs.into_iter().chain(shared("theirs")).collect();
    let mut all = vec![joggle("joggle bindgen", program, ours)];
    all.extend(peer("wit-bindgen rust", "wit-bindgen", theirs));
    all
}

/// Time for each interface, by that of the first row.
fn growth(program: &Path, scratch: &Path, runs: u32) -> Result<()> {
    screen::result(&row(["interfaces", "wall", "for each", "÷ first"].map(str::to_owned)));
    let mut first = None;
    for count in COUNTS {
        let wit = scratch.join(format!("many-{count}"));
        let contenders = contenders(program, &wit, scratch);
        let ours = contenders.first().context("there is always joggle")?;
        let usages = (0..runs).map(|_| measure(ours)).collect::<Result<Vec<_>>>()?;
        let wall = summarize(&usages).wall;
        let each = wall / u32::try_from(count)?;
        let first = *first.get_or_insert(each);
        let shown = format!("{} µs", each.as_micros());
        let growth = ratio(each.as_secs_f64(), first.as_secs_f64());
        screen::result(&row([count.to_string(), milliseconds(wall), shown, growth]));
    }
    screen::result("");
    Ok(())
}

fn row([count, wall, each, growth]: [String; 4]) -> String {
    format!("  {count:<12}{wall:>10}{each:>12}{growth:>10}")
}

/// A world that includes the proxy, and all of WASI beside it, as every generator reads it.
fn write_proxy(wit: &Path) -> Result<()> {
    let deps = wit.join("deps");
    let text = format!("package bench:proxy;\nworld bench {{ include wasi:http/proxy@{WASI}; }}\n");
    fs::create_dir_all(&deps)?;
    fs::write(wit.join("world.wit"), text)?;
    let bundled: PathBuf = paths::root().join("crates/load/wit").join(WASI);
    process::quiet(process::program(Path::new("cp")).arg("-R").arg(bundled.join(".")).arg(&deps))
}

/// A world of so many interfaces; each but the first uses a type of the one before. No list has
/// an option or a variant inside: there wit-bindgen 0.63 indents its lines further with each
/// function, and its output grows with the square of their number.
fn many(count: usize) -> String {
    let mut text = String::from("package bench:many;\n");
    let mut world = String::from("world bench {\n");
    for number in 0..count {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "interface i{number} {{");
        let before = match number.checked_sub(1) {
            Some(before) => {
                let _ = writeln!(text, "  use i{before}.{{item as before}};");
                "before"
            }
            None => "u32",
        };
        let _ = writeln!(
            text,
            "  record item {{ id: u64, name: string, tags: list<string>, at: f64 }}\n  \
               variant shape {{ none, item(item), text(string), many(list<u32>) }}\n  \
               enum color {{ red, green, blue }}\n  \
               flags bits {{ a, b, c, d, e, f, g, h, i }}\n  \
               resource thing {{ constructor(name: string); get: func(b: bits) -> item; put: func(i: item) -> option<color>; }}\n  \
               first: func(i: list<item>, s: shape) -> result<list<item>, string>;\n  \
               second: func(b: {before}, t: borrow<thing>) -> option<thing>;\n  \
               third: func(a: string, b: string, c: u64, d: f32) -> tuple<string, list<u8>>;\n}}"
        );
        let _ = writeln!(world, "  import i{number};\n  export i{number};");
    }
    text + &world + "}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worlds_are_sound() -> Result<()> {
        let scratch = tempfile::tempdir()?;
        write_proxy(scratch.path())?;
        let mut resolve = wit_parser::Resolve::default();
        let (package, _) = resolve.push_dir(scratch.path())?;
        let world = resolve.select_world(&[package], Some("bench"))?;
        assert_eq!(resolve.worlds[world].exports.len(), 1);
        let mut resolve = wit_parser::Resolve::default();
        let package = resolve.push_source("many.wit", &many(3))?;
        let world = resolve.select_world(&[package], Some("bench"))?;
        assert_eq!(resolve.worlds[world].imports.len(), 3);
        Ok(())
    }
}
