//! The numbers and names of the ABI, in the cases that the specification tells
//! apart, and beside what wit-component makes of the same worlds.

mod layouts;
mod modules;
mod owners;

use joggle_load::{Artifact, Bytes, Wit, load_bytes};

use crate::build::{Options, build, select_world};
use crate::model::{Function, Side, TypeId, World};

/// Loads WIT that is well-formed.
fn wit(text: &str) -> Wit {
    match load_bytes("test.wit", Bytes::from(text.as_bytes().to_vec())) {
        Ok(Artifact::Wit(wit)) => *wit,
        Ok(other) => panic!("this is no WIT: {other:?}"),
        Err(error) => panic!("{error:?}"),
    }
}

/// An interface `i` on both sides of a world.
fn both(interface: &str) -> World {
    let text =
        format!("package a:b; interface i {{ {interface} }} world w {{ import i; export i; }}");
    let wit = wit(&text);
    let world = select_world(&wit, None).expect("there is one world");
    build(&wit, world, &Options::default()).expect("it can be built").world
}

/// A function by its name in the binary.
fn function<'w>(world: &'w World, name: &str, side: Side) -> &'w Function {
    let mut all = world.functions.values();
    let found = all.find(|function| function.wit_name == name && function.side == side);
    found.unwrap_or_else(|| panic!("there is no `{name}`"))
}

/// The type of the first parameter of `f`.
fn first(world: &World) -> TypeId {
    function(world, "f", Side::Import).params[0].ty
}
