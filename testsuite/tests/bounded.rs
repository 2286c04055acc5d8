//! Sizes that a file only declares cost nothing: a gigabyte in a file of some bytes is
//! an answer within moments, in a process that may not have that much memory.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use joggle_testsuite::binary;

const MODULE: &[u8] = b"\0asm\x01\0\0\0";
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// One gigabyte, or as many items.
const HUGE: &[u8] = &[0x80, 0x80, 0x80, 0x80, 0x04];

/// Address space in kilobytes: enough for the program, too little for what is declared.
const MEMORY: u32 = 1_000_000;

/// Seconds of work: far more than it takes, and far less than gigabytes would.
const WORK: u32 = 10;

/// Files that declare far more than they hold.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (kind, header) in [("module", MODULE), ("component", COMPONENT)] {
        for id in 0..=12_u8 {
            // A section that is said to be huge.
            files.push((format!("{kind}-{id}-size"), [header, &[id], HUGE].concat()));
            // One that ends where it should, with a huge number of items, or a huge name.
            let items = [header, &[id, 6], HUGE, &[0]].concat();
            files.push((format!("{kind}-{id}-count"), items));
        }
    }
    let function: &[u8] = &[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
    let body = [MODULE, function, &[10, 7, 1], HUGE, &[0x0b]].concat();
    files.push(("body".to_owned(), body));
    let locals = [MODULE, function, &[10, 10, 1, 8, 1], HUGE, &[0x7f, 0x0b]].concat();
    files.push(("locals".to_owned(), locals));
    let data = [MODULE, &[5, 3, 1, 0, 1, 11, 10, 1, 0, 0x41, 0, 0x0b], HUGE].concat();
    files.push(("data".to_owned(), data));
    // The same inside of a component.
    let nested = [COMPONENT, &[1, 14], MODULE, &[1], HUGE].concat();
    files.push(("nested".to_owned(), nested));
    files
}

fn joggle(folder: &Path, arguments: &[String]) -> Result<Output> {
    let limited = format!("ulimit -v {MEMORY} && ulimit -t {WORK} && exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited]).arg(binary::joggle()?).args(arguments);
    Ok(command.current_dir(folder).output()?)
}

/// The command says no, or that it cannot tell, about every file, within the limits.
fn refused(folder: &Path, arguments: &[String], names: &[String], statuses: &[i32]) -> Result<()> {
    let output = joggle(folder, arguments)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let status = output.status.code().with_context(|| format!("it crashed: {stderr}"))?;
    ensure!(statuses.contains(&status), "it ended with {status}:\n{stderr}");
    for name in names {
        ensure!(stderr.contains(name.as_str()), "not a word about {name}:\n{stderr}");
    }
    Ok(())
}

#[test]
fn declared_sizes_cost_nothing() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let mut names = Vec::new();
    for (name, bytes) in files() {
        assert!(bytes.len() <= 100, "{name} has {} bytes", bytes.len());
        let name = format!("{name}.wasm");
        std::fs::write(scratch.path().join(&name), bytes)?;
        names.push(name);
    }
    let with = |words: &[&str], names: &[String]| -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).chain(names.iter().cloned()).collect()
    };
    refused(scratch.path(), &with(&["validate"], &names), &names, &[1])?;
    for name in names.iter().filter(|name| name.starts_with("component") || *name == "nested.wasm")
    {
        let alone = std::slice::from_ref(name);
        refused(scratch.path(), &with(&["compose", "-o", "out.wasm"], alone), alone, &[1, 2])?;
    }
    let nested = ["nested.wasm".to_owned()];
    refused(scratch.path(), &with(&["run", "--no-cache"], &nested), &nested, &[1, 2])
}

#[test]
fn the_limit_is_one() -> Result<()> {
    // Otherwise the test above would prove nothing.
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY} && head -c 2000000000 /dev/zero | tail | wc -c")])
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(stderr.contains("memory"), "two gigabytes fit: {stderr}");
    Ok(())
}
