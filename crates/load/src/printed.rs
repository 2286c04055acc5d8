//! The WIT of a binary as text, so that there is something to point into. What
//! WIT cannot say stays without text.

use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{PackageId, Resolve};

use crate::artifact::{Artifact, Binary, Wit};
use crate::decode::{decode, guarded};
use crate::features::Features;
use crate::wit;

impl Wit {
    /// The WIT of a component: a package with the one world that it has. `None` if WIT cannot
    /// say what it is.
    #[must_use]
    pub fn of_component(binary: &Binary) -> Option<Wit> {
        let DecodedWasm::Component(resolve, world) = decode(&binary.bytes)? else { return None };
        let package = resolve.worlds[world].package?;
        let wit = Wit { name: binary.name.clone(), resolve, package, files: Vec::new() };
        Some(wit.with_text())
    }

    /// Whether there is a text to point into. A binary that has none even after
    /// [`Wit::with_text`] has a shape that WIT cannot say.
    #[must_use]
    pub fn has_text(&self) -> bool {
        !self.files.is_empty()
    }

    /// The same package with places in a text, for one that came out of a binary: its WIT,
    /// printed and read again. It stays as it is if it has a text, or if WIT cannot say it.
    #[must_use]
    pub fn with_text(self) -> Wit {
        if self.has_text() {
            return self;
        }
        let Some(text) = guarded(|| print(&self.resolve, self.package)).flatten() else {
            return self;
        };
        // The gates of a binary are all open, and its text still has them.
        let open = Features { all: true, names: Vec::new() };
        match wit::load_text(&format!("{} (as WIT)", self.name), &text, &open) {
            Ok(printed) => Wit { name: self.name, ..printed },
            Err(_) => self,
        }
    }
}

impl Artifact {
    /// The WIT of an input with places in a text; `None` for a core module, and for a component
    /// that WIT cannot describe.
    #[must_use]
    pub fn into_wit(self) -> Option<Wit> {
        match self {
            Artifact::Wit(wit) => Some(wit.with_text()),
            Artifact::Component(binary) => Wit::of_component(&binary),
            Artifact::Module(_) => None,
        }
    }
}

/// A package, with all packages that it refers to in braces.
fn print(resolve: &Resolve, main: PackageId) -> Option<String> {
    let nested = resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != main);
    let nested: Vec<PackageId> = nested.collect();
    let mut printer = WitPrinter::default();
    printer.print(resolve, main, &nested).ok()?;
    Some(printer.output.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, load_bytes};

    fn encoded(text: &str) -> Vec<u8> {
        let Ok(Artifact::Wit(wit)) = load_bytes("a.wit", Bytes::from(text.as_bytes().to_vec()))
        else {
            panic!("the text is well-formed");
        };
        wit_component::encode(&wit.resolve, wit.package, false)
            .expect("a package has a binary form")
    }

    #[test]
    fn a_binary_has_places_in_its_text() {
        let bytes = encoded(
            "package a:b; package c:d { interface i { record r { x: u8 } } }
             world w { import c:d/i; export run: func(); }",
        );
        let wit = load_bytes("a.wasm", Bytes::from(bytes)).expect("it is a package");
        let wit = wit.into_wit().expect("it has WIT");
        assert_eq!(wit.name, "a.wasm");
        let (_, ty) = wit.resolve.types.iter().next().expect("there is a type");
        let (source, span) = wit.place(ty.span).expect("it has a place");
        assert_eq!(source.name(), "a.wasm (as WIT)");
        assert_eq!(&source.inner()[span.offset()..span.offset() + span.len()], "r");
        assert_eq!(wit.resolve.packages[wit.package].worlds.len(), 1);
    }

    #[test]
    fn a_component_has_a_world() {
        let bytes = wat::parse_str(
            r#"(component (import "a:b/i" (instance (export "f" (func (param "x" u32))))))"#,
        )
        .expect("the text is well-formed");
        let component = load_bytes("app.wasm", Bytes::from(bytes)).expect("a component");
        let wit = component.into_wit().expect("it has WIT");
        let worlds = &wit.resolve.packages[wit.package].worlds;
        assert_eq!(worlds.len(), 1);
        assert!(worlds.values().all(|id| wit.place(wit.resolve.worlds[*id].span).is_some()));
    }
}
