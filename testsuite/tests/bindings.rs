//! Each world of `fixtures/wit` is bound in Rust. The result is what stands in
//! `fixtures/bindings/rust`; it is as `rustfmt` would have it; it compiles without a
//! warning for this machine and for wasm; and with stubs it becomes a component with
//! the imports and exports of its world.
//!
//! What Rust refuses is listed in `fixtures/bindings/rust/refused.txt`; then the diagnostic
//! is what is compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, anyhow, bail, ensure};
use joggle_testsuite::scratch::{self, Files};
use joggle_testsuite::toolchain::{self, Toolchain, finished};
use joggle_testsuite::worlds::Case;
use joggle_testsuite::{binary, expect, files, outer};
use libtest_mimic::{Arguments, Failed, Trial};

const EXPECTED: &str = "fixtures/bindings/rust";

/// Names the cases that Rust cannot express, one a line.
const REFUSED: &str = "refused.txt";

/// The file of a case that is refused.
const DIAGNOSTIC: &str = "refused.stderr";

/// Worlds that are implemented in one module, as one.
const SEVERAL: [&str; 3] = ["case_strings", "case_resource_exported", "case_implements"];

/// Everything that is compiled, and what came of it.
struct Project {
    cases: Vec<Case>,
    toolchain: Option<Toolchain>,
    folder: PathBuf,
    generated: OnceLock<BTreeMap<String, Result<Output, String>>>,
    for_wasm: OnceLock<Result<Modules, String>>,
}

/// What was compiled for wasm.
struct Modules {
    files: BTreeMap<String, PathBuf>,
    /// What the compiler said.
    said: String,
    /// Whether all of it compiled.
    fine: bool,
}

/// What `bindgen` wrote for one case.
struct Output {
    plain: Files,
    stubs: Files,
    stderr: String,
}

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let refused = refused()?;
    let cases = Case::all()?;
    let bound: Vec<Case> =
        cases.iter().filter(|case| !refused.contains(&case.name)).cloned().collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bindings-rust");
    let project = Arc::new(Project {
        cases: bound,
        toolchain: Toolchain::find()?,
        folder,
        generated: OnceLock::new(),
        for_wasm: OnceLock::new(),
    });
    let mut trials = vec![trial("every expectation has a case", &project, move |_| no_orphans())];
    for case in cases {
        let is_refused = refused.contains(&case.name);
        trials.push(trial(&format!("rust {}", case.name), &project, move |project| {
            if is_refused { diagnosed(&case) } else { as_expected(project, &case) }
        }));
    }
    trials.push(if has_rustfmt() {
        trial("rust is formatted", &project, formatted)
    } else {
        Trial::test("rust is formatted: skipped, no rustfmt", || Ok(())).with_ignored_flag(true)
    });
    trials.push(trial("rust compiles for this machine", &project, native));
    trials.push(trial("component rust compiles for wasm", &project, |project| {
        let built = project.for_wasm()?;
        ensure!(built.fine, "{}", built.said);
        Ok(())
    }));
    for case in &project.cases {
        let case = case.clone();
        let name = format!("component {}", case.name);
        trials.push(trial(&name, &project, move |project| component(project, &case)));
    }
    trials.push(trial("component of several worlds", &project, several));
    if project.toolchain.is_none() {
        for trial in trials.iter_mut().filter(|trial| trial.name().starts_with("component ")) {
            let skipped = "component: skipped, no Rust for wasm, see `cargo xtask setup`";
            *trial = Trial::test(skipped, || Ok(())).with_ignored_flag(true);
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn trial(
    name: &str,
    project: &Arc<Project>,
    check: impl FnOnce(&Project) -> Result<()> + Send + 'static,
) -> Trial {
    let project = Arc::clone(project);
    let run = move || check(&project).map_err(|error| Failed::from(format!("{error:#}")));
    Trial::test(name, run)
}

fn expected() -> PathBuf {
    files::repository().join(EXPECTED)
}

/// The cases that are refused: a claim, which is never rewritten.
fn refused() -> Result<Vec<String>> {
    let path = expected().join(REFUSED);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Runs `bindgen` for a case, from the top of the repository.
fn bindgen(case: &Case, into: &Path, more: &[&str]) -> Result<(i32, String)> {
    let mut command = Command::new(binary::joggle()?);
    command.current_dir(files::repository());
    command.args(["bindgen", "--lang", "rust", &case.path]).args(&case.options).args(more);
    command.args(case.world.iter().flat_map(|world| ["--world", world])).arg("--out-dir").arg(into);
    let output = command.output().context("joggle could not be started")?;
    let status = output.status.code().context("joggle crashed")?;
    let stderr = String::from_utf8(output.stderr)?;
    ensure!(status < 2, "bindgen ended with {status}:\n{stderr}");
    Ok((status, stderr))
}

fn generate(case: &Case) -> Result<Output> {
    let run = |more: &[&str]| -> Result<(Files, String)> {
        let folder = tempfile::tempdir()?;
        let (status, stderr) = bindgen(case, folder.path(), more)?;
        ensure!(status == 0, "it was refused:\n{stderr}");
        Ok((scratch::read(folder.path())?, stderr))
    };
    let (plain, stderr) = run(&["--quiet"])?;
    let (stubs, _) = run(&["--quiet", "--stubs"])?;
    Ok(Output { plain, stubs, stderr })
}

impl Project {
    fn generated(&self) -> &BTreeMap<String, Result<Output, String>> {
        self.generated.get_or_init(|| {
            let one = |case: &Case| generate(case).map_err(|error| format!("{error:#}"));
            self.cases.iter().map(|case| (case.name.clone(), one(case))).collect()
        })
    }

    fn output(&self, case: &str) -> Result<&Output> {
        let output = self.generated().get(case).context("no such case")?;
        output.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// One package: each case is a module of an example that is a library, and with stubs an
    /// example that becomes a core module.
    fn write(&self) -> Result<()> {
        let runtime = files::repository().join("crates/bind-rust/runtime").display().to_string();
        let mut manifest = format!(
            "[workspace]\n[package]\nname = \"bindings\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [lints.rust]\nwarnings = \"deny\"\n[profile.dev]\ndebug = false\nincremental = false\n[dependencies]\njoggle-rt = {{ path = {runtime:?} }}\n"
        );
        let (mut library, mut all) = (String::new(), Files::new());
        for case in &self.cases {
            // What is wrong with it is said by its own test.
            let Ok(output) = self.output(&case.name) else { continue };
            let (name, main) = (case.identifier(), main_file(&output.plain)?);
            let _ = write!(
                manifest,
                "[[example]]\nname = {name:?}\ncrate-type = [\"cdylib\"]\npath = \"stubs/{name}.rs\"\n"
            );
            let _ = write!(library, "#[path = \"{name}/{main}\"]\nmod {name};\n");
            let stub = format!("#[path = \"{name}/{main}\"]\nmod {name};\n");
            all.insert(format!("stubs/{name}.rs"), stub.into_bytes());
            for (folder, files) in [("plain", &output.plain), ("stubs", &output.stubs)] {
                let below =
                    files.iter().map(|(file, text)| (format!("{folder}/{name}/{file}"), text));
                all.extend(below.map(|(path, text)| (path, text.clone())));
            }
        }
        manifest +=
            "[[example]]\nname = \"plain\"\ncrate-type = [\"lib\"]\npath = \"plain/all.rs\"\n";
        manifest += "[[example]]\nname = \"several\"\ncrate-type = [\"cdylib\"]\npath = \"stubs/several.rs\"\n";
        let stub = |case: &&str| format!("#[path = \"{case}/{}.rs\"]\nmod {case};\n", &case[5..]);
        all.insert(
            "stubs/several.rs".to_owned(),
            SEVERAL.iter().map(stub).collect::<String>().into(),
        );
        all.insert("Cargo.toml".to_owned(), manifest.into_bytes());
        all.insert("plain/all.rs".to_owned(), library.into_bytes());
        // All are examples, so that no one waits for another.
        all.insert("src/lib.rs".to_owned(), Vec::new());
        all.insert("rustfmt.toml".to_owned(), Vec::new());
        scratch::write(&self.folder, &all, &["Cargo.lock", "target"])
    }

    /// The core modules by their names, built once.
    fn for_wasm(&self) -> Result<&Modules> {
        let built = self.for_wasm.get_or_init(|| {
            let built = self.prepared().and_then(|()| self.build_for_wasm());
            built.map_err(|error| format!("{error:#}"))
        });
        built.as_ref().map_err(|error| anyhow!("{error}"))
    }

    fn build_for_wasm(&self) -> Result<Modules> {
        let toolchain = self.toolchain.as_ref().context("no Rust for wasm")?;
        let mut command = toolchain.cargo(&self.folder);
        // Imports that nobody calls would be dropped, and with them what is compared.
        command.env("RUSTFLAGS", "-Clink-dead-code -Clink-arg=--no-gc-sections");
        // One that does not compile hides no other.
        command.args(["build", "--keep-going", "--examples", "--quiet"]);
        command.args(["--target", "wasm32-unknown-unknown"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        let output = command.output().context("cargo could not be started")?;
        let mut files = BTreeMap::new();
        for line in String::from_utf8(output.stdout)?.lines() {
            let message: serde_json::Value = serde_json::from_str(line)?;
            let (name, file) = (&message["target"]["name"], &message["filenames"][0]);
            if let (Some(name), Some(file)) = (name.as_str(), file.as_str()) {
                files.insert(name.to_owned(), PathBuf::from(file));
            }
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Modules { files, said, fine: output.status.success() })
    }

    /// Written once, whoever asks first.
    fn prepared(&self) -> Result<()> {
        static WRITTEN: OnceLock<Result<(), String>> = OnceLock::new();
        let written = WRITTEN.get_or_init(|| self.write().map_err(|error| format!("{error:#}")));
        written.clone().map_err(|error| anyhow!("{error}"))
    }
}

/// The file that holds the world.
fn main_file(files: &Files) -> Result<&str> {
    let mut names = files
        .keys()
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "rs"));
    match (names.next(), names.next()) {
        (Some(name), None) => Ok(name),
        (first, second) => bail!("one file was expected, not {first:?} and {second:?}"),
    }
}

fn as_expected(project: &Project, case: &Case) -> Result<()> {
    let output = project.output(&case.name)?;
    ensure!(output.stderr.is_empty(), "something was said:\n{}", output.stderr);
    if case.compared { compare(&case.name, &output.plain) } else { Ok(()) }
}

fn diagnosed(case: &Case) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let into = folder.path().join("out");
    let (status, stderr) = bindgen(case, &into, &[])?;
    ensure!(status == 1, "it ended with {status} and was to be refused:\n{stderr}");
    ensure!(!into.exists(), "something was written");
    let top = files::repository();
    ensure!(!stderr.contains(&*top.to_string_lossy()), "a path of the machine:\n{stderr}");
    compare(&case.name, &Files::from([(DIAGNOSTIC.to_owned(), stderr.into_bytes())]))
}

/// Compares what came out with what lies there, file by file, or puts it there.
fn compare(case: &str, actual: &Files) -> Result<()> {
    let folder = expected().join(case);
    if expect::updating() {
        return scratch::write(&folder, actual, &[]);
    }
    let expected = scratch::read(&folder)?;
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    ensure!(
        names(&expected) == names(actual),
        "{:?} was expected and {:?} came (UPDATE_EXPECT=1 accepts it)",
        names(&expected),
        names(actual)
    );
    for (name, content) in actual {
        expect::file(&folder.join(name), std::str::from_utf8(content)?)?;
    }
    Ok(())
}

/// An expectation whose case was renamed would never be looked at again.
fn no_orphans() -> Result<()> {
    let cases = Case::all()?.into_iter().filter(|case| case.compared);
    let cases: Vec<String> = cases.map(|case| case.name).collect();
    let mut orphans: Vec<String> =
        refused()?.into_iter().filter(|name| !cases.contains(name)).collect();
    for entry in std::fs::read_dir(expected())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        orphans.extend((name != REFUSED && !cases.contains(&name)).then_some(name));
    }
    ensure!(orphans.is_empty(), "no case belongs to {orphans:?}");
    Ok(())
}

/// In continuous integration it has to be there.
fn has_rustfmt() -> bool {
    let there = Command::new("rustfmt").arg("--version").output();
    std::env::var_os("CI").is_some() || there.is_ok_and(|output| output.status.success())
}

fn formatted(project: &Project) -> Result<()> {
    project.prepared()?;
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024", "--config-path"]).arg(&project.folder);
    command.arg(project.folder.join("plain/all.rs"));
    for case in &project.cases {
        command.arg(project.folder.join(format!("stubs/{}.rs", case.identifier())));
    }
    finished(&mut command).map(drop)
}

fn native(project: &Project) -> Result<()> {
    project.prepared()?;
    let mut command = toolchain::native(&project.folder);
    finished(command.args(["build", "--quiet", "--keep-going", "--examples"])).map(drop)
}

/// A core module of stubs becomes a component that looks like the world.
fn component(project: &Project, case: &Case) -> Result<()> {
    project.output(&case.name)?;
    let module = project.for_wasm()?.files.get(&case.identifier());
    let module = module.context("its stubs did not compile for wasm")?;
    let seen = outer::sorted_wit(&componentize(module)?)?;
    let wanted = outer::sorted_wit(&case.reference()?)?;
    ensure!(seen == wanted, "{}", expect::difference("the component", &wanted, &seen));
    Ok(())
}

/// A module that implements several worlds is a component with the exports of all.
fn several(project: &Project) -> Result<()> {
    let module = project.for_wasm()?.files.get("several");
    let module = module.context("it did not compile for wasm")?;
    let made = componentize(module)?;
    let (resolve, world) = outer::decoded(&made)?;
    let world = &resolve.worlds[world];
    let mut exports: Vec<String> =
        world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
    exports.sort();
    ensure!(
        exports == ["cache", "cases:resource-exported/files", "cases:strings/words"],
        "it exports {exports:?}"
    );
    Ok(())
}

fn componentize(module: &Path) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let made = folder.path().join("component.wasm");
    let mut command = Command::new(binary::joggle()?);
    finished(command.args(["componentize", "--quiet"]).arg(module).arg("-o").arg(&made))?;
    Ok(std::fs::read(&made)?)
}
