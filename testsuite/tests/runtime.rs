//! The runtime cases: a caller asks an implementer for everything that there is. Both are
//! written once in Rust and built twice, with joggle's bindings and with wit-bindgen's;
//! each caller is composed with each implementer, and each case is run in each pair. What
//! only joggle can bind is built once more. A case says what came back wrong, or what was
//! left in memory on either side.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Result, anyhow, bail, ensure};
use joggle_testsuite::scratch;
use joggle_testsuite::toolchain::{Toolchain, finished};
use joggle_testsuite::{binary, files};
use libtest_mimic::{Arguments, Failed, Trial};

/// Who made the bindings: features of both packages.
const GENERATORS: [&str; 2] = ["joggle", "wit-bindgen"];

/// The feature with what only joggle can bind, and the file of its cases.
const BEYOND: &str = "beyond";

/// Where the peer is wrong, by case and by who made the implementer; each is checked to be
/// wrong still.
const FAULTS_OF_THE_PEER: [(&str, &str); 1] = [
    // Strings in a list of fixed length are not freed after the call that returned them.
    ("fixed-length-lists", "wit-bindgen"),
];

/// What bindgen is given besides the world; the macro is given the same in the sources.
const CALLER_OPTIONS: [&str; 4] = [
    "--additional-derive-attribute=PartialEq",
    "--additional-derive-ignore=held",
    "--additional-derive-ignore=found",
    "--pub-export-macro",
];

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let Some(toolchain) = Toolchain::find()? else {
        let name = "skipped: no Rust for wasm, see `cargo xtask setup`";
        let skipped = Trial::test(name, || Ok(())).with_ignored_flag(true);
        libtest_mimic::run(&arguments, vec![skipped]).exit()
    };
    let workshop = Arc::new(Workshop::new(toolchain));
    let mut trials = Vec::new();
    for caller in GENERATORS {
        for implementer in GENERATORS {
            let pair = Arc::new(Pair::new(&workshop, caller, implementer));
            trials.extend(pair_trials(&pair, |file| file != BEYOND)?);
        }
    }
    let pair = Arc::new(Pair::new(&workshop, BEYOND, BEYOND));
    trials.extend(pair_trials(&pair, |file| file == BEYOND)?);
    let name = "one module with bindings of both generators";
    trials.push(Trial::test(name, move || report(mixed(&workshop))));
    libtest_mimic::run(&arguments, trials).exit()
}

fn pair_trials(pair: &Arc<Pair>, of: impl Fn(&str) -> bool) -> Result<Vec<Trial>> {
    let (caller, implementer) = (pair.caller, pair.implementer);
    let mut trials = Vec::new();
    for case in cases(of)? {
        let name = format!("{caller} calls {implementer}: {case}");
        let pair = Arc::clone(pair);
        trials.push(Trial::test(name, move || report(pair.run(&case))));
    }
    let every = Arc::clone(pair);
    let name = format!("{caller} calls {implementer}, and every case is run");
    trials.push(Trial::test(name, move || report(every.knows_its_cases())));
    Ok(trials)
}

/// The names of all cases, as they stand in the caller's source: known before it is built.
fn cases(of: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let sources = files::repository().join("fixtures/runtime/rust/caller/src");
    let mut names = Vec::new();
    let files = files::below(&sources, "rs")?;
    for path in files.into_iter().filter(|path| of(&files::stem_below(path, &sources))) {
        let text = std::fs::read_to_string(path)?;
        let lines = text.lines().filter_map(|line| line.strip_prefix("    (\""));
        names.extend(lines.filter_map(|line| Some(line.split_once('"')?.0.to_owned())));
    }
    ensure!(!names.is_empty(), "there are no cases");
    Ok(names)
}

/// Where guests are built.
struct Workshop {
    toolchain: Toolchain,
    folder: PathBuf,
    /// One for each generator, and one for what is beyond.
    built: [OnceLock<Result<(), String>>; 3],
}

impl Workshop {
    fn new(toolchain: Toolchain) -> Workshop {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runtime-rust");
        Workshop { toolchain, folder, built: [const { OnceLock::new() }; 3] }
    }

    /// The caller or the implementer as a component.
    fn component(&self, guest: &str, generator: &str) -> Result<PathBuf> {
        let number = GENERATORS.iter().position(|name| *name == generator);
        let number = number.unwrap_or(GENERATORS.len());
        let built = self.built[number]
            .get_or_init(|| self.build(generator).map_err(|error| format!("{error:#}")));
        built.clone().map_err(|error| anyhow!("{error}"))?;
        Ok(self.folder.join(format!("{generator}/{guest}.wasm")))
    }

    fn build(&self, generator: &str) -> Result<()> {
        let project = self.folder.join(generator).join("project");
        copy(&project)?;
        let rust = project.join("rust");
        if generator != "wit-bindgen" {
            let kind = if generator == BEYOND { BEYOND } else { "newer" };
            let (caller, implementer) = (format!("caller-{kind}"), format!("implementer-{kind}"));
            bindgen(&project, &caller, &rust.join("caller/src"), &CALLER_OPTIONS)?;
            let into = rust.join("implementer/src");
            bindgen(&project, &implementer, &into, &["--pub-export-macro"])?;
        }
        let guests = ["caller", "implementer"];
        self.cargo(&rust, &guests, &["--features", generator], &self.folder.join(generator))
    }

    /// Builds guests, and makes components of them in a folder.
    fn cargo(&self, rust: &Path, guests: &[&str], options: &[&str], into: &Path) -> Result<()> {
        // What one builds, the next one overwrites.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().map_err(|_| anyhow!("another build crashed"))?;
        let target = "wasm32-unknown-unknown";
        let mut cargo = self.toolchain.cargo(rust);
        cargo.args(["build", "--release", "--quiet", "--target", target]).args(options);
        finished(cargo.args(guests.iter().flat_map(|guest| ["--package", guest])))?;
        let folder = self.toolchain.target_folder.join(target).join("release");
        for guest in guests {
            let mut componentize = Command::new(binary::joggle()?);
            componentize
                .args(["componentize", "--quiet"])
                .arg(folder.join(format!("{guest}.wasm")));
            finished(componentize.arg("-o").arg(into.join(format!("{guest}.wasm"))))?;
        }
        Ok(())
    }
}

/// A module with bindings of both generators becomes one component of two worlds.
fn mixed(workshop: &Workshop) -> Result<()> {
    let project = workshop.folder.join("mixed").join("project");
    copy(&project)?;
    let rust = project.join("rust");
    bindgen(&project, "left", &rust.join("mixed/src"), &[])?;
    workshop.cargo(&rust, &["mixed"], &[], &project)?;
    let (component, app) = (project.join("mixed.wasm"), project.join("app.wasm"));
    let mut compose = Command::new(binary::joggle()?);
    compose.args(["compose", "--quiet", "--closed"]).arg(&component);
    compose.arg(workshop.component("implementer", "joggle")?);
    finished(compose.arg("-o").arg(&app))?;
    for (call, wanted) in [
        ("left(\"both\")", "[\"both\", \"both\"]"),
        ("right(\"grün\")", "ok(\"grün\")"),
        ("right(\"\")", "err(7)"),
    ] {
        let said = invoke(&app, call)?;
        ensure!(said == wanted, "{call} is {said}, not {wanted}");
    }
    Ok(())
}

/// What a call of a component prints.
fn invoke(app: &Path, call: &str) -> Result<String> {
    let mut run = Command::new(binary::joggle()?);
    let output = finished(run.arg("run").arg(app).args(["--invoke", call]))?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Copies the sources to where bindings may be put beside them.
fn copy(project: &Path) -> Result<()> {
    let repository = files::repository();
    let mut all = scratch::read(&repository.join("fixtures/runtime"))?;
    if let Some(manifest) = all.get_mut("rust/Cargo.toml") {
        let runtime = repository.join("crates/bind-rust/runtime").display().to_string();
        let text = std::str::from_utf8(manifest)?;
        *manifest = text.replace("../../../crates/bind-rust/runtime", &runtime).into_bytes();
    }
    scratch::write(
        project,
        &all,
        &["rust/caller/src/caller_", "rust/implementer/src/implementer_", "rust/mixed/src/left"],
    )
}

fn bindgen(project: &Path, world: &str, into: &Path, options: &[&str]) -> Result<()> {
    let mut command = Command::new(binary::joggle()?);
    command.current_dir(project).args(["bindgen", "--quiet", "--lang", "rust", "wit"]);
    command.args(["--world", world, "--out-dir"]).arg(into).args(options);
    finished(&mut command).map(drop)
}

/// A caller and an implementer.
struct Pair {
    workshop: Arc<Workshop>,
    caller: &'static str,
    implementer: &'static str,
    app: OnceLock<Result<PathBuf, String>>,
}

impl Pair {
    fn new(workshop: &Arc<Workshop>, caller: &'static str, implementer: &'static str) -> Pair {
        Pair { workshop: Arc::clone(workshop), caller, implementer, app: OnceLock::new() }
    }

    /// The two, composed.
    fn app(&self) -> Result<PathBuf> {
        let app = self.app.get_or_init(|| self.compose().map_err(|error| format!("{error:#}")));
        app.clone().map_err(|error| anyhow!("{error}"))
    }

    fn compose(&self) -> Result<PathBuf> {
        let caller = self.workshop.component("caller", self.caller)?;
        let implementer = self.workshop.component("implementer", self.implementer)?;
        let app = self.workshop.folder.join(format!("{}-{}.wasm", self.caller, self.implementer));
        let mut compose = Command::new(binary::joggle()?);
        compose.args(["compose", "--quiet", "--closed"]).args([&caller, &implementer]);
        finished(compose.arg("-o").arg(&app))?;
        Ok(app)
    }

    fn run(&self, case: &str) -> Result<()> {
        let said = invoke(&self.app()?, &format!("run({case:?})"))?;
        let fault = FAULTS_OF_THE_PEER.contains(&(case, self.implementer));
        match (said.as_str(), fault) {
            ("ok", true) => bail!("the peer is right by now: take the fault off the list"),
            ("ok", false) | (_, true) => Ok(()),
            (wrong, false) => bail!("{wrong}"),
        }
    }

    /// What was found in the source is what the caller has.
    fn knows_its_cases(&self) -> Result<()> {
        let said = invoke(&self.app()?, "names()")?;
        let mut there: Vec<String> = serde_json::from_str(&said)?;
        let all = self.caller == BEYOND;
        let mut wanted = cases(|file| all || file != BEYOND)?;
        there.sort();
        wanted.sort();
        ensure!(there == wanted, "the caller has {there:?}, its sources {wanted:?}");
        Ok(())
    }
}

fn report(result: Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
