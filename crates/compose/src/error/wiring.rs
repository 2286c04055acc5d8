//! What is wrong with who provides what.

use joggle_diag::{closest, quoted_list};
use miette::Diagnostic;
use thiserror::Error;

use crate::graph::{ExportRef, Graph, ImportRef};

/// Several exports match an import equally well.
#[derive(Debug, Error, Diagnostic)]
#[error("`{import}`, which `{consumer}` imports, has {} providers: {}", .providers.len(), quoted_list(.providers.iter().map(String::as_str)))]
#[diagnostic(code("compose::ambiguous-provider"), help("say which one is meant:\n{choices}"))]
pub struct Ambiguous {
    consumer: String,
    import: String,
    providers: Vec<String>,
    choices: String,
}

impl Ambiguous {
    pub(crate) fn new(graph: &Graph, at: ImportRef, found: &[ExportRef]) -> Ambiguous {
        let import = graph.import(at).name.clone();
        // A node that offers several exports is named with each of them.
        let twice = |e: &ExportRef| found.iter().filter(|other| other.node == e.node).count() > 1;
        let spell = |e: &ExportRef| {
            if twice(e) { graph.spell_export(*e) } else { graph.node(e.node).name.clone() }
        };
        let providers: Vec<String> = found.iter().map(spell).collect();
        let choices: Vec<String> =
            found.iter().map(|e| format!("  {}", link_option(graph, at, *e))).collect();
        Ambiguous {
            consumer: graph.node(at.node).name.clone(),
            import,
            providers,
            choices: choices.join("\n"),
        }
    }
}

/// The option that makes one edge.
pub(crate) fn link_option(graph: &Graph, at: ImportRef, given: ExportRef) -> String {
    let export = &graph.export(given).name;
    let provider = &graph.node(given.node).name;
    let suffix =
        if *export == graph.import(at).name { String::new() } else { format!(":{export}") };
    format!("--link {}={provider}{suffix}", graph.spell_import(at))
}

/// Components need each other in a circle, and none can be instantiated first.
#[derive(Debug, Error, Diagnostic)]
#[error("{}:\n{path}", need_each_other(.members))]
#[diagnostic(
    code("compose::cycle"),
    help(
        "a component can only be instantiated after those it imports from; \
         open the circle by leaving one import to the host:\n  --leave {cut}"
    )
)]
pub struct Cycle {
    members: Vec<String>,
    path: String,
    cut: String,
}

impl Cycle {
    /// `edges` close the circle: the provider of each is the consumer of the next.
    pub(crate) fn new(graph: &Graph, edges: &[(ImportRef, ExportRef)]) -> Cycle {
        let name = |node: crate::graph::NodeId| graph.node(node).name.clone();
        let lines: Vec<String> = edges
            .iter()
            .map(|(wanted, given)| {
                let (import, provider) = (&graph.import(*wanted).name, name(given.node));
                format!("  `{}` imports `{import}` from `{provider}`", name(wanted.node))
            })
            .collect();
        Cycle {
            members: edges.iter().map(|(wanted, _)| name(wanted.node)).collect(),
            path: lines.join("\n"),
            cut: edges.last().map(|(wanted, _)| graph.spell_import(*wanted)).unwrap_or_default(),
        }
    }
}

/// An input that no link joins to another.
#[derive(Debug, Error, Diagnostic)]
#[error("`{name}` takes no part: nothing imports from it, and nothing it imports is here")]
#[diagnostic(code("compose::unused-input"), help("{advice}"))]
pub struct Unused {
    pub(crate) name: String,
    pub(crate) advice: String,
}

/// The interface is there, in a version that cannot stand in.
#[derive(Debug, Error, Diagnostic)]
#[error(
    "`{consumer}` imports `{import}`, but `{provider}` exports `{export}`: another version track"
)]
#[diagnostic(
    code("compose::version-track"),
    help(
        "versions stand in for each other only within one track ({rule}); rebuild one side \
         against the other's version,\nor leave the import to the host: --leave {consumer}:{import}\n(and take `{provider}` \
         out of the command, if nothing else needs it)"
    )
)]
pub struct VersionTrack {
    pub(crate) consumer: String,
    pub(crate) import: String,
    pub(crate) provider: String,
    pub(crate) export: String,
    pub(crate) rule: &'static str,
}

/// Core modules, components and values cannot be imported in a composition.
#[derive(Debug, Error, Diagnostic)]
#[error("`{consumer}` imports {kind}, `{import}`, which cannot be linked")]
#[diagnostic(
    code("compose::unsupported-import"),
    help("joggle links instances, functions and types; build the component without this import")
)]
pub struct Unsupported {
    pub(crate) consumer: String,
    pub(crate) import: String,
    pub(crate) kind: &'static str,
}

/// Imports are left to the host although the result was to be closed.
#[derive(Debug, Error, Diagnostic)]
#[error("the result is to be closed, but imports {}", quoted_list(.imports.iter().map(String::as_str)))]
#[diagnostic(
    code("compose::open-import"),
    help(
        "add components that export what is missing, or let it pass:{}",
        .imports.iter().map(|name| format!("\n  --allow-import '{name}'")).collect::<Vec<_>>().concat()
    )
)]
pub struct OpenImports {
    pub(crate) imports: Vec<String>,
}

/// An option names an input that was not given.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no input named `{name}`")]
#[diagnostic(code("compose::no-such-input"), help("{advice}"))]
pub struct NoSuchInput {
    name: String,
    advice: String,
}

impl NoSuchInput {
    pub(crate) fn new(name: &str, names: &[&str]) -> NoSuchInput {
        NoSuchInput { name: name.to_owned(), advice: advice(name, names, "the inputs are") }
    }
}

/// An option names an import that the input does not have.
#[derive(Debug, Error, Diagnostic)]
#[error("`{consumer}` does not import `{name}`")]
#[diagnostic(code("compose::no-such-import"), help("{advice}"))]
pub struct NoSuchImport {
    consumer: String,
    name: String,
    advice: String,
}

impl NoSuchImport {
    pub(crate) fn spelled(&self) -> String {
        format!("{}:{}", self.consumer, self.name)
    }

    pub(crate) fn new(consumer: &str, name: &str, names: &[&str]) -> NoSuchImport {
        NoSuchImport {
            consumer: consumer.to_owned(),
            name: name.to_owned(),
            advice: advice(name, names, "it imports"),
        }
    }
}

/// An option names an export that the input does not have.
#[derive(Debug, Error, Diagnostic)]
#[error("{who} `{name}`")]
#[diagnostic(code("compose::no-such-export"), help("{advice}"))]
pub struct NoSuchExport {
    of: Option<String>,
    who: String,
    name: String,
    advice: String,
}

impl NoSuchExport {
    pub(crate) fn spelled(&self) -> Vec<String> {
        let with_input = self.of.iter().map(|of| format!("{of}:{}", self.name));
        with_input.chain([self.name.clone()]).collect()
    }

    /// `of` is the input that was named, if one was.
    pub(crate) fn new(of: Option<&str>, name: &str, names: &[&str]) -> NoSuchExport {
        let who = match of {
            Some(of) => format!("`{of}` does not export"),
            None => "none of the inputs whose exports are wanted exports".to_owned(),
        };
        let of = of.map(str::to_owned);
        NoSuchExport { of, who, name: name.to_owned(), advice: advice(name, names, "there are") }
    }
}

/// Two options settle one import differently.
#[derive(Debug, Error, Diagnostic)]
#[error("`{import}` is given to {}", quoted_list(.meant.iter().map(String::as_str)))]
#[diagnostic(
    code("compose::contradiction"),
    help("an import has one provider: leave out all but one of these --link and --leave")
)]
pub struct Contradiction {
    pub(crate) import: String,
    pub(crate) meant: Vec<String>,
}

/// An option fits several things.
#[derive(Debug, Error, Diagnostic)]
#[error("`{name}` may mean {}", quoted_list(.meant.iter().map(String::as_str)))]
#[diagnostic(
    code("compose::ambiguous-name"),
    help("write the name out, with its version or input")
)]
pub struct SeveralMeant {
    pub(crate) name: String,
    pub(crate) meant: Vec<String>,
}

fn need_each_other(members: &[String]) -> String {
    match members {
        [only] => format!("`{only}` needs itself"),
        several => {
            let list = quoted_list(several.iter().map(String::as_str));
            format!("{list} need each other in a circle")
        }
    }
}

fn advice(name: &str, names: &[&str], there: &str) -> String {
    match closest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("{there} {}", quoted_list(names.iter().copied())),
    }
}
