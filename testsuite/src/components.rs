//! Reference components: the smallest that fit a world.

use anyhow::{Context, Result};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId};

/// A component that imports and exports what `world` of `wit` says.
///
/// All its functions trap. `wit` is one file: a package, with others nested
/// in it as `package a:b { … }` where it needs them. The bundled WASI is at hand,
/// for WIT that has no other packages nested in it.
pub fn dummy(wit: &str, world: &str) -> Result<Vec<u8>> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let package = match resolve.push_source("input.wit", wit) {
        Ok(package) => package,
        Err(error) => {
            let bytes = joggle_load::Bytes::from(wit.as_bytes().to_vec());
            let Ok(joggle_load::Artifact::Wit(loaded)) =
                joggle_load::load_bytes("input.wit", bytes)
            else {
                return Err(error).context("the WIT is wrong");
            };
            resolve = loaded.resolve;
            loaded.package
        }
    };
    let world = resolve.select_world(&[package], Some(world))?;
    dummy_of(&resolve, world)
}

/// Like [`dummy`], for a world that is resolved already.
pub fn dummy_of(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>> {
    let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = dummy_module(resolve, world, mangling);
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, false)?;
    // The encoder's own validation knows only the default features.
    let component = ComponentEncoder::default().module(&module)?.validate(false).encode()?;
    validate(&component)?;
    Ok(component)
}

/// Checks a component with every feature that wasmparser knows.
pub fn validate(component: &[u8]) -> Result<()> {
    let features = wasmparser::WasmFeatures::all();
    wasmparser::Validator::new_with_features(features).validate_all(component)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dummy_has_the_imports_and_exports_of_its_world() {
        let wit = "package a:b;
            interface shapes { resource shape { constructor(); area: func() -> f64; } }
            world draw { import log: func(text: string); export shapes; }";
        let component = dummy(wit, "draw").expect("the world is sound");
        let outer = crate::outer::wit(&component).expect("it is a component");
        assert!(outer.contains("import log: func(text: string);"), "{outer}");
        assert!(outer.contains("export a:b/shapes;"), "{outer}");
        assert!(outer.contains("resource shape"), "{outer}");
    }

    #[test]
    fn async_functions_are_reference_components_too() {
        let wit = "package a:b;
            interface slow { wait: async func() -> u32; }
            world w { import slow; export run: async func(s: stream<u8>); }";
        dummy(wit, "w").expect("the world is sound");
    }
}
