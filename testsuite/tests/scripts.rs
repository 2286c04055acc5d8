//! Scripts with the resources of a real guest, bound by a real library: made,
//! lent, given away, dropped, inside lists too, and maps in both directions.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use joggle_testsuite::binary;
use joggle_testsuite::guests::Guests;

/// The guest, unless it was not built, which may be only on a contributor's machine.
fn shelf() -> Result<Option<PathBuf>> {
    let found = match Guests::find()? {
        Some(guests) => guests.path("shelf-rust").ok(),
        None => None,
    };
    if found.is_none() && std::env::var_os("CI").is_some() {
        bail!("`shelf-rust` was not built: `cargo xtask fixtures`");
    }
    Ok(found)
}

/// What a script prints, what is said besides, and the status.
fn play(guest: &Path, script: &str) -> Result<(String, String, Option<i32>)> {
    let mut command = Command::new(binary::joggle()?);
    command.arg("run").arg(guest).args(["--script", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("it starts")?;
    child.stdin.take().context("it is piped")?.write_all(script.as_bytes())?;
    let ended = child.wait_with_output()?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).context("the output is text");
    Ok((text(ended.stdout)?, text(ended.stderr)?, ended.status.code()))
}

#[test]
fn resources_are_made_lent_given_away_and_dropped() -> Result<()> {
    let Some(guest) = shelf()? else { return Ok(()) };
    let lines = [
        ("a = shelf(3)", None),
        ("a.put({title: \"one\", pages: 1})", Some("ok(1)")),
        ("a.put({title: \"two\", pages: 2, record: some(\"x\")})", Some("ok(2)")),
        (
            "a.put({title: \"one\", pages: 9})",
            Some("err(there-already({title: \"one\", pages: 1}))"),
        ),
        ("b = shelf(1)", None),
        ("b.put({title: \"b\", pages: 4, %record: none})", Some("ok(1)")),
        ("shelf#2.put({title: \"c\", pages: 4})", Some("err(full(1))")),
        ("r = a.read()", None),
        ("live()", Some("(2, 1)")),
        // The first is given away, the second lent.
        ("shelf.join(a, b)", Some("3")),
        ("live()", Some("(1, 1)")),
        ("b.titles()", Some("[\"b\", \"one\", \"two\"]")),
        ("r.next()", Some("some({title: \"one\", pages: 1})")),
        ("r.next()", Some("some({title: \"two\", pages: 2, record: some(\"x\")})")),
        ("r.next()", Some("none")),
        ("drop r", None),
        ("live()", Some("(1, 0)")),
        // In a list, and out of it again, or not.
        ("c = shelf(5)", None),
        ("with-room([b, c])", Some("[shelf#4]")),
        ("live()", Some("(1, 0)")),
        ("shelf#4.titles()", Some("[]")),
    ];
    let script = lines.map(|(line, _)| line).join("\r\n");
    let wanted: Vec<&str> = lines.iter().filter_map(|(_, said)| *said).collect();
    let (said, notes, status) = play(&guest, &script)?;
    ensure!(status == Some(0), "{notes}");
    assert_eq!(said.lines().collect::<Vec<&str>>(), wanted);
    Ok(())
}

#[test]
fn maps_and_long_texts_go_in_and_come_out() -> Result<()> {
    let Some(guest) = shelf()? else { return Ok(()) };
    let long = "ä☃".repeat(200_000);
    let script = format!(
        "c = count(\"b a a ☃\")\nmost(c)\nmost([(\"x\", 1), (\"y\", 7), (\"x\", 9)])\n\
         count(\"b a a ☃\")\ntext = echo(\"{long}\")\necho(text)\n"
    );
    let (said, notes, status) = play(&guest, &script)?;
    ensure!(status == Some(0), "{notes}");
    let lines: Vec<&str> = said.lines().collect();
    let [first, second, third, echoed] = lines.as_slice() else { bail!("{said}") };
    assert_eq!(*first, "some(\"a\")");
    // Of two equal keys the last counts.
    assert_eq!(*second, "some(\"x\")");
    assert_eq!(*third, "[(\"a\", 2), (\"b\", 1), (\"☃\", 1)]");
    assert_eq!(*echoed, format!("\"{long}\""));
    Ok(())
}

#[test]
fn what_is_gone_or_of_another_kind_is_refused() -> Result<()> {
    let Some(guest) = shelf()? else { return Ok(()) };
    for (script, said) in [
        ("a = shelf(1)\ndrop a\ndrop a\n", "`shelf#1` was dropped before"),
        ("a = shelf(1)\ndrop a\na.titles()\n", "`shelf#1` was dropped before"),
        ("a = shelf(1)\nwith-room([a])\na.titles()\n", "`shelf#1` was given away before"),
        ("a = shelf(1)\nwith-room([a, a])\n", "a handle can be given away only once"),
        ("a = shelf(1)\nshelf.join(a, a)\n", "the same call gives this handle away"),
        ("r = shelf(1).read()\nshelf.join(r, r)\n", "`reader#1` is no handle to this `shelf`"),
        ("r = shelf(1).read()\nr.titles()\n", "no such method"),
        ("drop shelf#1\n", "there is no `shelf#1`"),
    ] {
        let (_, notes, status) = play(&guest, script)?;
        ensure!(status == Some(2) && notes.contains(said), "{script}{status:?}\n{notes}");
    }
    // A function with the name of a keyword; it panics.
    let (_, notes, status) = play(&guest, "%record()\n")?;
    ensure!(status == Some(1) && notes.contains("`unreachable`"), "{notes}");
    Ok(())
}
