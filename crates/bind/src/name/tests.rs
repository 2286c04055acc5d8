//! What holds for every scope, whatever the names are.

use joggle_diag::source;
use miette::{Diagnostic as _, SourceSpan};

use super::*;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    /// A WIT name, of few letters so that names meet, or of a keyword.
    fn name(&mut self) -> String {
        if self.below(4) == 0 {
            let keywords = RUST.keywords;
            return keywords[self.below(keywords.len())].to_lowercase();
        }
        let words = 1 + self.below(3);
        let mut name = String::new();
        for index in 0..words {
            let upper = self.below(4) == 0;
            if index > 0 {
                name.push('-');
            }
            for letter in 0..=self.below(2) {
                let alphabet: &[u8] = if index == 0 && letter == 0 { b"ab" } else { b"ab1" };
                let character = char::from(alphabet[self.below(alphabet.len())]);
                name.push(if upper { character.to_ascii_uppercase() } else { character });
            }
        }
        name
    }
}

fn path(text: &str) -> Path {
    Path::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A table out of `pattern = symbol` lines.
fn table(lines: &[(&str, &str)]) -> Renames {
    let mut text = String::new();
    for (pattern, symbol) in lines {
        text.extend([pattern, "=", symbol, "\n"]);
    }
    let text = source("joggle.toml", text);
    let mut at = 0;
    let rename = |(pattern, symbol): &(&str, &str)| {
        let pattern_span: SourceSpan = (at, pattern.len()).into();
        let symbol_span: SourceSpan = (at + pattern.len() + 1, symbol.len()).into();
        at += pattern.len() + symbol.len() + 2;
        Rename {
            pattern: path(pattern),
            symbol: (*symbol).to_owned(),
            source: text.clone(),
            pattern_span,
            symbol_span,
        }
    };
    Renames::new(lines.iter().map(rename).collect())
}

/// Declares items of one world's scope in this order; `name` or `interface#name`.
fn declare(items: &[&str], case: Case, renames: Renames) -> Result<Vec<String>, Vec<NameError>> {
    let mut names = Names::new(&RUST, renames);
    let mut scope = Scope::root(&RUST);
    scope.reserve(["Guest", "_rt"]);
    let mut idents = Vec::new();
    for item in items {
        let name = item.rsplit(['#', '.']).next().unwrap_or(item);
        idents.push(scope.declare(&mut names, &Name::new(name), case, path(item)).to_string());
    }
    names.finish().map(|_| idents)
}

fn messages(errors: &[NameError]) -> Vec<String> {
    let help = |error: &NameError| error.help().map(|help| help.to_string()).unwrap_or_default();
    errors.iter().map(|error| format!("{error}; {}", help(error))).collect()
}

#[test]
fn keywords_end_in_an_underscore() {
    let cased = |items: &[&str], case| declare(items, case, Renames::default()).expect("no table");
    assert_eq!(
        cased(&["#type", "#self", "#box", "#gen", "#union", "#await"], Case::Snake),
        ["type_", "self_", "box_", "r#gen", "union", "await_"]
    );
    assert_eq!(
        cased(&["#type", "#self", "#guest", "#string", "#gen"], Case::Pascal),
        ["Type", "Self_", "Guest_", "String", "Gen"]
    );
}

#[test]
fn who_comes_first_keeps_the_name() {
    let cased = |items: &[&str], case| declare(items, case, Renames::default()).expect("no table");
    assert_eq!(
        cased(&["#foo-bar", "#FOO-bar", "#foo-BAR"], Case::Snake),
        ["foo_bar", "foo_bar_", "foo_bar__"]
    );
    assert_eq!(cased(&["#a1", "#a-1", "#A1"], Case::Pascal), ["A1", "A1_", "A1__"]);
    assert_eq!(cased(&["#gen", "#GEN"], Case::Snake), ["r#gen", "gen_"]);
}

#[test]
fn no_two_names_are_one_and_none_is_a_keyword() {
    let mut numbers = Numbers(7);
    for round in 0..300 {
        let case = [Case::Snake, Case::Pascal, Case::Camel, Case::ScreamingSnake][round % 4];
        let mut scope = Scope::root(&RUST);
        if round % 2 == 0 {
            scope = scope.ignoring_case();
        }
        scope.reserve(["Guest", "ab", "Ab1"]);
        let mut names = Names::new(&RUST, Renames::default());
        let mut given = std::collections::BTreeSet::from([
            fold(round, "Guest"),
            fold(round, "ab"),
            fold(round, "Ab1"),
        ]);
        for _ in 0..100 {
            let name = Name::new(&numbers.name());
            let ident = match numbers.below(3) {
                0 => scope.generated(&name, case),
                1 => scope.declare(&mut names, &name, case, path(&format!("i#{name}"))),
                _ => {
                    let base = scope.generated(&name, case);
                    assert!(given.insert(fold(round, base.as_str())), "{base} twice");
                    scope.derived("Guest", &base, "")
                }
            };
            assert!(given.insert(fold(round, ident.as_str())), "{ident} twice");
            let word = RUST.unquote(ident.as_str());
            assert!(RUST.accepts(word), "{ident} is no identifier");
        }
        assert!(names.finish().is_ok());
    }
}

fn fold(round: usize, text: &str) -> String {
    if round.is_multiple_of(2) { text.to_lowercase() } else { text.to_owned() }
}

#[test]
fn the_table_wins_and_the_line_that_says_more_wins() {
    let lines = [
        ("resize", "module"),
        ("process#resize", "scale"),
        ("a:b/process#resize", "scale_b"),
        ("export a:b/process#resize", "offer"),
        ("a:b/process@1.0.0#resize", "scale_1"),
        ("process#resize(img)", "image"),
    ];
    let mut names = Names::new(&RUST, table(&lines));
    let mut given = Vec::new();
    for item in [
        "import resize",
        "import process#resize",
        "import a:b/process@0.1.0#resize",
        "import a:b/process@1.0.0#resize",
        "export a:b/process@1.0.0#resize",
        "import a:b/process#resize(img)",
        "import a:b/process#resize(other)",
        "import a:b/process#resize.img",
    ] {
        let mut scope = Scope::root(&RUST);
        given.push(
            scope.declare(&mut names, &Name::new("own"), Case::Snake, path(item)).to_string(),
        );
    }
    assert_eq!(given, ["module", "scale", "scale_b", "scale_1", "offer", "image", "own", "own"]);
    let map = names.finish().expect("every line fits");
    assert_eq!(map.get(&path("import process#resize")), Some("scale"));
    assert_eq!(map.iter().filter(|named| named.renamed).count(), 6);
}

#[test]
fn two_items_can_swap_their_names() {
    let lines = [("#a", "b"), ("#b", "a")];
    assert_eq!(declare(&["#a", "#b"], Case::Snake, table(&lines)).expect("it fits"), ["b", "a"]);
}

#[test]
fn the_order_of_items_does_not_decide_whether_a_table_is_right() {
    let wrong = |items: &[&str], lines: &[(&str, &str)]| {
        messages(&declare(items, Case::Snake, table(lines)).expect_err("it is wrong"))
    };
    let said = "`#a` cannot be renamed to `b`: `#b` has that name; choose another name, or rename `#b` as well";
    assert_eq!(wrong(&["#a", "#b"], &[("#a", "b")]), [said]);
    assert_eq!(wrong(&["#b", "#a"], &[("#a", "b")]), [said]);
}

#[test]
fn a_wrong_table_is_told_line_by_line() {
    let lines =
        [("#a", "type"), ("#b", "1st"), ("process#resise", "x"), ("nowhere", "x"), ("#c", "_rt")];
    let errors = declare(&["#a", "#b", "#c", "import process#resize"], Case::Snake, table(&lines))
        .expect_err("all are wrong");
    assert_eq!(
        messages(&errors),
        [
            "`type` is no identifier in Rust; it is a keyword of Rust; a name such as `type_` is free",
            "`1st` is no identifier in Rust; letters of ASCII, digits and `_`, and no digit at the start",
            "nothing in this world is named `process#resise`; did you mean `process#resize`?",
            "nothing in this world is named `nowhere`; `joggle bindgen --names` lists every item and what it is called",
            "`#c` cannot be renamed to `_rt`: the generated code has that name; choose another name",
        ]
    );
    let label = joggle_diag::Report::of(&errors[2]).labels.remove(0);
    assert_eq!((label.line, label.column, label.length), (3, 1, "process#resise".len()));
}

#[test]
fn what_is_derived_follows_a_rename() {
    let mut names = Names::new(&RUST, table(&[("#file", "Document")]));
    let mut scope = Scope::root(&RUST);
    let guest_file = scope.declare(
        &mut names,
        &Name::new("guest-document"),
        Case::Pascal,
        path("#guest-document"),
    );
    let file = scope.declare(&mut names, &Name::new("file"), Case::Pascal, path("#file"));
    assert_eq!(guest_file.as_str(), "GuestDocument");
    assert_eq!(scope.derived("Guest", &file, "").as_str(), "GuestDocument_");
    assert_eq!(scope.derived("", &file, "Borrow").as_str(), "DocumentBorrow");
    let gen_ = scope.generated(&Name::new("gen"), Case::Snake);
    assert_eq!((gen_.as_str(), scope.derived("set_", &gen_, "").as_str()), ("r#gen", "set_gen"));
}

#[test]
fn scopes_inside_and_beside_know_nothing_of_each_other() {
    let mut names = Names::new(&RUST, Renames::default());
    let mut root = Scope::root(&RUST);
    let module =
        root.declare(&mut names, &Name::new("types"), Case::Snake, path("import a:b/types"));
    let mut types = root.inner(&module);
    let mut values = types.beside();
    let item = |scope: &mut Scope, names: &mut Names, text| {
        scope.declare(names, &Name::new("types"), Case::Snake, path(text)).to_string()
    };
    assert_eq!(item(&mut types, &mut names, "import a:b/types#types"), "types");
    assert_eq!(item(&mut values, &mut names, "import a:b/types#types.types"), "types");
    let map = names.finish().expect("no table");
    let symbols: Vec<&str> = map.iter().map(|named| named.symbol.as_str()).collect();
    assert_eq!(symbols, ["types", "types::types", "types::types"]);
}

#[test]
fn paths_are_printed_as_they_are_read() {
    for text in [
        "wasi:",
        "wasi:http",
        "wasi:http@0.2.0",
        "wasi:http/types",
        "wasi:http/types@0.2.0-rc.1",
        "import wasi:http/types@0.2.0#fields.append(name)",
        "export process#resize",
        "#run",
        "#[constructor]file(path)",
        "i#[get]file.size",
        "i#HTTP-server2-3",
    ] {
        assert_eq!(path(text).to_string(), text);
    }
    assert_eq!(path("i#[method]file.read").to_string(), "i#file.read");
    assert_eq!(path("i#[static][set]file.read").to_string(), "i#[set]file.read");
}

#[test]
fn what_is_no_path_is_told_with_its_place() {
    let told = |text: &str| {
        let error = Path::parse(text).expect_err(text);
        format!("{}..{} {error}", error.offset, error.offset + error.length)
    };
    assert_eq!(
        told(""),
        "0..0 the name of an interface or a package should stand here, but the path ends"
    );
    assert_eq!(told("#"), "1..1 the name of an item should stand here, but the path ends");
    assert_eq!(told("a:b#c"), "0..3 items stand in interfaces, and this is a package");
    assert_eq!(told("a:#c"), "2..3 the name of a package should stand here, but found `#`");
    assert_eq!(told("a/b"), "1..3 an item stands behind its interface and a `#`");
    assert_eq!(told("a:b/c@1#d"), "6..7 `1` is no version; write it whole, as in `@0.2.0`");
    assert_eq!(told("a#b_c"), "3..5 this is more than a path");
    assert_eq!(
        told("a#bC"),
        "2..4 `bC` is no name in WIT: words of letters and digits, joined by `-`"
    );
    assert_eq!(told("a#b(c"), "5..5 a `)` is missing here");
    assert_eq!(told("a#[drop]b"), "2..8 `[drop]` is no kind of function");
    assert_eq!(
        told("ä#b"),
        "0..2 the name of an interface or a package should stand here, but found `ä`"
    );
}

#[test]
fn a_path_is_as_brief_as_a_pattern() {
    let item = path("import a:b/c@1.0.0#d.e");
    let brief = |pattern: &str| item.as_brief_as(&path(pattern)).to_string();
    assert_eq!(brief("x#y"), "c#d.e");
    assert_eq!(brief("#y"), "c#d.e");
    assert_eq!(brief("x:y/z#y"), "a:b/c#d.e");
    assert_eq!(brief("export x:y/z@2.0.0#y"), "import a:b/c@1.0.0#d.e");
    let package = path("import a:b@1.0.0");
    assert_eq!(package.as_brief_as(&path("x:y")).to_string(), "a:b");
    assert_eq!(package.as_brief_as(&path("x:y@1.0.0")).to_string(), "a:b@1.0.0");
}

#[test]
fn a_constructor_is_not_its_resource() {
    assert!(!path("i#file").covers(&path("import i#[constructor]file")));
    assert!(path("i#file").covers(&path("import i#file")));
    assert!(path("i#file.size").covers(&path("import i#[get]file.size")));
    assert!(!path("i#[set]file.size").covers(&path("import i#[get]file.size")));
    assert!(!path("a:b/i#f").covers(&path("import i#f")));
    assert!(path("i#f").covers(&path("import a:b/i@1.0.0#f")));
    assert!(!path("import i#f").covers(&path("export i#f")));
}
