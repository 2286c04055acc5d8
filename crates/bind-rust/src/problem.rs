//! What keeps Rust bindings from being written. Drawing it is left to the command line.

use joggle_bind::name::NameError;
use joggle_diag::quoted_list;
use miette::Diagnostic;
use thiserror::Error;

/// A reason why there are no Rust bindings.
#[derive(Clone, Debug, Error, Diagnostic)]
pub enum Problem {
    /// Something of the world that Rust bindings cannot express yet.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Bind(#[from] joggle_bind::Problem),
    /// The table of names cannot be followed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Name(#[from] NameError),
    /// Imported interfaces of other packages, and nobody said whether they are generated.
    #[error("nothing says where {interfaces} {come} from")]
    #[diagnostic(
        code("rust::missing-with"),
        help(
            "generate them too with --generate-all, or name the Rust module that has them: \
             --with {first}=some_crate::module"
        )
    )]
    MissingWith {
        /// The interfaces, in backquotes.
        interfaces: String,
        /// The verb.
        come: &'static str,
        /// The first of them.
        first: String,
    },
    /// `with` names something that the world does not import.
    #[error("`with` names `{key}`, which this world does not import")]
    #[diagnostic(code("rust::unused-with"))]
    UnusedWith {
        /// As the user wrote it.
        key: String,
        /// What was meant, or how keys are written.
        #[help]
        help: String,
    },
    /// An attribute is for a type or a member that there is not.
    #[error("`{option}` names `{selector}`, which fits no {what}")]
    #[diagnostic(code("rust::unused-attribute"))]
    UnusedAttribute {
        /// The option.
        option: &'static str,
        /// As the user wrote it.
        selector: String,
        /// What it should fit.
        what: &'static str,
        /// What was meant, or how selectors are written.
        #[help]
        help: String,
    },
    /// A filter of `sync` is for a function that there is not.
    #[error("`sync` names `{filter}`, which is no function of this world")]
    #[diagnostic(code("rust::unused-sync"))]
    UnusedSync {
        /// As the user wrote it.
        filter: String,
        /// What was meant, or how filters are written.
        #[help]
        help: String,
    },
    /// A filter of `chainable-methods` is for a method that there is not.
    #[error(
        "`chainable-methods` names `{filter}`, which is no imported method without a result, and \
         no resource that has one"
    )]
    #[diagnostic(code("rust::unused-chainable"))]
    UnusedChainable {
        /// As the user wrote it.
        filter: String,
        /// What was meant, or how filters are written.
        #[help]
        help: String,
    },
    /// The value of an option has to be Rust and is not.
    #[error("`{value}` is not {what}, which `{option}` takes")]
    #[diagnostic(
        code("rust::not-rust"),
        help("the value stands in the generated code as it is: write it as Rust has it")
    )]
    NotRust {
        /// The option.
        option: &'static str,
        /// As the user wrote it.
        value: String,
        /// What it should be.
        what: &'static str,
    },
    /// What was built is no Rust. It is a mistake of this program.
    #[error("the generated code is no Rust: {reason}")]
    #[diagnostic(
        code("rust::not-printed"),
        help("this is a mistake in joggle: please report it, with the WIT")
    )]
    NotPrinted {
        /// The parser's words.
        reason: String,
    },
}

impl Problem {
    pub(crate) fn missing_with(interfaces: &[String]) -> Self {
        Problem::MissingWith {
            interfaces: quoted_list(interfaces.iter().map(String::as_str)),
            come: if interfaces.len() == 1 { "comes" } else { "come" },
            first: interfaces.first().cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn unused_with(key: &str, near: Option<&str>) -> Self {
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a key is an imported interface, `ns:pkg/interface@1.0.0`, or one of its \
                     types, `ns:pkg/interface@1.0.0/type`"
                .to_owned(),
        };
        Problem::UnusedWith { key: key.to_owned(), help }
    }

    pub(crate) fn not_rust(option: &'static str, value: &str, what: &'static str) -> Self {
        Problem::NotRust { option, value: value.to_owned(), what }
    }

    pub(crate) fn unused_attribute(
        option: &'static str,
        what: &'static str,
        selector: &str,
        near: Option<&str>,
    ) -> Self {
        let help = match (near, what) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, "type") => "a record, variant or enum: `ns:pkg/interface@1.0.0/type`".to_owned(),
            (None, _) => "a field or a case: `ns:pkg/interface@1.0.0/type.member`".to_owned(),
        };
        Problem::UnusedAttribute { option, selector: selector.to_owned(), what, help }
    }
}
