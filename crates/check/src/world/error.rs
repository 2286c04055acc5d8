//! Why a world, or a component's own world, could not be had.

use miette::Diagnostic;
use thiserror::Error;

/// A question about a world cannot be asked like this.
#[derive(Clone, Debug, Error, Diagnostic)]
pub enum WorldError {
    /// A package has several worlds, and none was named.
    #[error("`{package}` has several worlds: {worlds}")]
    #[diagnostic(code("check::which-world"), help("name one of them: --world {first}"))]
    WhichWorld {
        /// The package, or the input that has it.
        package: String,
        /// The worlds, in backquotes.
        worlds: String,
        /// The first of them.
        first: String,
    },
    /// A package has no world at all.
    #[error("`{package}` has no world")]
    #[diagnostic(
        code("check::no-world"),
        help(
            "only worlds can be fitted: write one that imports and exports what is wanted, \
             `world my-world {{ … }}`, or name another package"
        )
    )]
    NoWorld {
        /// The package, or the input that has it.
        package: String,
    },
    /// No world of the package has this name.
    #[error("`{package}` has no world `{name}`")]
    #[diagnostic(code("check::no-such-world"))]
    NoSuchWorld {
        /// The package, or the input that has it.
        package: String,
        /// What was asked for.
        name: String,
        /// The nearest name, or all there are.
        #[help]
        help: String,
    },
    /// An interface was named where a world is wanted.
    #[error("`{name}` is an interface, not a world")]
    #[diagnostic(code("check::interface-given"))]
    InterfaceGiven {
        /// What was asked for.
        name: String,
        /// Which worlds there are.
        #[help]
        help: String,
    },
    /// The name of a world without its package, and no WIT to look it up in.
    #[error("`{name}` does not say which package the world is in")]
    #[diagnostic(
        code("check::world-without-package"),
        help(
            "give the WIT that has it: --wit wit/ --world {name}\n\
             or the full name of a world of WASI, which is built in: --world wasi:cli/command@0.2"
        )
    )]
    WithoutPackage {
        /// What was asked for.
        name: String,
    },
    /// The package is neither built in nor in the WIT that was given.
    #[error("there is no package `{package}`")]
    #[diagnostic(code("check::unknown-package"))]
    UnknownPackage {
        /// The package that was asked for.
        package: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// The package is there in versions of several tracks, and none was asked for.
    #[error("`{name}` does not say which version: there are {versions}")]
    #[diagnostic(code("check::which-version"), help("name the track: --world {name}@{track}"))]
    WhichVersion {
        /// What was asked for.
        name: String,
        /// The versions there are.
        versions: String,
        /// The track of the last of them.
        track: String,
    },
    /// The package is there, in other versions.
    #[error("`{package}` is not there in version `{version}`")]
    #[diagnostic(code("check::unknown-version"))]
    UnknownVersion {
        /// The package that was asked for.
        package: String,
        /// The version that was asked for.
        version: String,
        /// Which versions there are.
        #[help]
        help: String,
    },
    /// A component was given as the world, and a name beside it.
    #[error("`{component}` is a component, so it has exactly one world, and that has no name")]
    #[diagnostic(
        code("check::component-has-one-world"),
        help("leave `--world {name}` away, or give the WIT that has this world: --wit wit/")
    )]
    OneWorld {
        /// The component.
        component: String,
        /// What was asked for.
        name: String,
    },
    /// WIT is compared, and has no world or several.
    #[error("`{input}` has {worlds}, and it takes exactly one to be compared")]
    #[diagnostic(
        code("check::not-one-world"),
        help("give a component, or a WIT file with one world in it")
    )]
    NotOneWorld {
        /// The input.
        input: String,
        /// How many worlds, or which.
        worlds: String,
    },
    /// A core module has no world.
    #[error("`{module}` is a core module, and only a component can fit a world")]
    #[diagnostic(
        code("check::not-a-component"),
        help(
            "make a component of it first, with the bindings of its world:\n\
             joggle componentize {module} -o component.wasm"
        )
    )]
    NotAComponent {
        /// The module.
        module: String,
    },
    /// A component whose outside cannot be said in WIT.
    #[error("the imports and exports of `{component}` cannot be said in WIT")]
    #[diagnostic(
        code("check::no-wit"),
        help(
            "it imports or exports modules, components or values, or functions under the name of \
             an interface: worlds cannot say that, so there is nothing to compare"
        )
    )]
    NoWit {
        /// The component.
        component: String,
    },
}

impl WorldError {
    /// Whether this is an answer, "it does not fit", and not a question gone wrong.
    #[must_use]
    pub fn is_no(&self) -> bool {
        matches!(self, WorldError::NotAComponent { .. })
    }
}
