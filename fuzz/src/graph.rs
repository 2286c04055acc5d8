//! Bytes as an arrangement of components: interfaces over types, parts that import
//! and export them in any direction, and options. All parts are sound by themselves;
//! whether they fit together is the question.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};
use joggle_compose::{ExportSpec, ImportSpec, Input, Link, Options, Request};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

/// The most of anything.
const MOST: usize = 4;

/// The request that the bytes stand for.
#[must_use]
pub fn request(bytes: &[u8]) -> Option<Request> {
    let mut entropy = Unstructured::new(bytes);
    let (wit, worlds) = package(&mut entropy).ok()?;
    let worlds: Vec<&str> = worlds.iter().map(String::as_str).collect();
    let inputs = components(&wit, &worlds);
    let instances = instances(&mut entropy, &inputs).unwrap_or_default();
    let names: Vec<String> = if instances.is_empty() {
        inputs.iter().map(|input| input.name.clone()).collect()
    } else {
        instances.iter().map(|(name, _)| name.clone()).collect()
    };
    let options = options(&mut entropy, &names).unwrap_or_default();
    Some(Request { inputs, instances, options })
}

/// A component that does nothing for each of the worlds that can be made one.
#[must_use]
pub fn components(wit: &str, worlds: &[&str]) -> Vec<Input> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let Ok(package) = resolve.push_source("fuzzed.wit", wit) else { return Vec::new() };
    let made = worlds.iter().filter_map(|name| {
        let world = resolve.select_world(&[package], Some(name)).ok()?;
        let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
        let mut module = dummy_module(&resolve, world, mangling);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).ok()?;
        let mut encoder = ComponentEncoder::default();
        let bytes = encoder.validate(false).module(&module).ok()?.encode().ok()?;
        Some(Input::of_bytes(name, bytes))
    });
    made.collect()
}

/// A package as WIT, and the names of its worlds.
fn package(entropy: &mut Unstructured<'_>) -> Result<(String, Vec<String>)> {
    let interfaces = entropy.int_in_range(1..=MOST)?;
    let mut wit = String::from("package a:b@0.2.1;\n");
    let mut types: Vec<Vec<Named>> = Vec::new();
    for number in 0..interfaces {
        let (text, named) = interface(entropy, number, &types)?;
        wit.push_str(&text);
        types.push(named);
    }
    // The same interface in another version, or as someone else believed it to be.
    let mut other = String::from("package c:d@0.2.0 {\n");
    other.push_str(&interface(entropy, 0, &[])?.0);
    other.push_str("}\npackage c:d@0.2.3 {\n");
    other.push_str(&interface(entropy, 0, &[])?.0);
    other.push_str("}\n");
    let mut names = Vec::new();
    for number in 0..entropy.int_in_range(1..=MOST)? {
        let _ = writeln!(wit, "world w{number} {{");
        for which in 0..interfaces {
            match entropy.int_in_range(0..=5)? {
                0 | 1 => drop(writeln!(wit, "  import i{which};")),
                2 | 3 => drop(writeln!(wit, "  export i{which};")),
                4 => drop(writeln!(wit, "  import i{which};\n  export i{which};")),
                _ => {}
            }
        }
        match entropy.int_in_range(0..=7)? {
            0 => wit.push_str("  import c:d/i0@0.2.0;\n"),
            1 => wit.push_str("  import c:d/i0@0.2.3;\n"),
            2 => wit.push_str("  export c:d/i0@0.2.3;\n"),
            3 => wit.push_str("  export c:d/i0@0.2.0;\n"),
            4 => wit.push_str("  import plain: interface { f: func() -> string; }\n"),
            5 => wit.push_str("  export plain: interface { f: func() -> string; }\n"),
            _ => wit.push_str("  import log: func(text: string);\n  export run: func() -> u32;\n"),
        }
        wit.push_str("}\n");
        names.push(format!("w{number}"));
    }
    wit.push_str(&other);
    Ok((wit, names))
}

/// A type that has a name.
#[derive(Clone)]
struct Named {
    name: String,
    resource: bool,
}

fn interface(
    entropy: &mut Unstructured<'_>,
    number: usize,
    earlier: &[Vec<Named>],
) -> Result<(String, Vec<Named>)> {
    let mut text = format!("interface i{number} {{\n");
    let mut scope: Vec<Named> = Vec::new();
    for (from, types) in earlier.iter().enumerate() {
        for named in types {
            if entropy.ratio(1, 3)? {
                let _ = writeln!(text, "  use i{from}.{{{}}};", named.name);
                scope.push(named.clone());
            }
        }
    }
    let mut own = Vec::new();
    for index in 0..entropy.int_in_range(0..=MOST)? {
        let name = format!("t{number}-{index}");
        let resource = entropy.ratio(1, 3)?;
        let _ = if resource {
            writeln!(text, "  resource {name} {{ constructor(); get: func() -> u32; }}")
        } else {
            match entropy.int_in_range(0..=4)? {
                0 => writeln!(text, "  record {name} {{ a: {} }}", ty(entropy, &scope)?),
                1 => writeln!(text, "  variant {name} {{ none, some({}) }}", ty(entropy, &scope)?),
                2 => writeln!(text, "  enum {name} {{ red, green }}"),
                3 => writeln!(text, "  flags {name} {{ read, write }}"),
                _ => writeln!(text, "  type {name} = {};", ty(entropy, &scope)?),
            }
        };
        scope.push(Named { name: name.clone(), resource });
        own.push(Named { name, resource });
    }
    for index in 0..entropy.int_in_range(0..=MOST)? {
        let word = if entropy.ratio(1, 4)? { "async func" } else { "func" };
        let parameter = parameter(entropy, &scope)?;
        let result = if entropy.arbitrary()? {
            format!(" -> {}", ty(entropy, &scope)?)
        } else {
            String::new()
        };
        let _ = writeln!(text, "  f{number}-{index}: {word}(p: {parameter}){result};");
    }
    text.push_str("}\n");
    Ok((text, own))
}

fn parameter(entropy: &mut Unstructured<'_>, scope: &[Named]) -> Result<String> {
    let resources: Vec<&Named> = scope.iter().filter(|named| named.resource).collect();
    if !resources.is_empty() && entropy.arbitrary()? {
        return Ok(format!("borrow<{}>", entropy.choose(&resources)?.name));
    }
    ty(entropy, scope)
}

/// A type that owns what it holds.
fn ty(entropy: &mut Unstructured<'_>, scope: &[Named]) -> Result<String> {
    Ok(match entropy.int_in_range(0..=11)? {
        0 => "u8".to_owned(),
        1 => "string".to_owned(),
        2 => "char".to_owned(),
        3 => format!("list<{}>", ty(entropy, scope)?),
        4 => format!("option<{}>", ty(entropy, scope)?),
        5 => format!("result<_, {}>", ty(entropy, scope)?),
        6 => format!("tuple<{}, bool>", ty(entropy, scope)?),
        7 => "stream<u8>".to_owned(),
        8 => "future<string>".to_owned(),
        _ if scope.is_empty() => "f32".to_owned(),
        _ => entropy.choose(scope)?.name.clone(),
    })
}

/// Several instances of some inputs, or none that are named.
fn instances(entropy: &mut Unstructured<'_>, inputs: &[Input]) -> Result<Vec<(String, String)>> {
    let mut made = Vec::new();
    if entropy.ratio(1, 4)? {
        for input in inputs {
            for number in 0..entropy.int_in_range(1..=2)? {
                made.push((format!("{}-n{number}", input.name), input.name.clone()));
            }
        }
    }
    Ok(made)
}

/// Options that name what may be there.
fn options(entropy: &mut Unstructured<'_>, names: &[String]) -> Result<Options> {
    let mut options = Options { allow_unused: entropy.arbitrary()?, ..Options::default() };
    options.closed = entropy.ratio(1, 8)?;
    let item = |entropy: &mut Unstructured<'_>| -> Result<String> {
        let all = ["a:b/i0", "a:b/i1@0.2.1", "c:d/i0", "c:d/i0@0.2.3", "plain", "run", "log"];
        Ok((*entropy.choose(&all)?).to_owned())
    };
    for _ in 0..entropy.int_in_range(0..=MOST)? {
        let name = entropy.choose(names)?.clone();
        let export = ExportSpec {
            from: if entropy.arbitrary()? { Some(name.clone()) } else { None },
            export: item(entropy)?,
            to: None,
        };
        let import = ImportSpec { consumer: name.clone(), import: item(entropy)? };
        match entropy.int_in_range(0..=6)? {
            0 => options.roots.push(name),
            1 => options.exports.push(export),
            2 => options.hide.push(export),
            3 => {
                let to = Some(["run", "new-name", "e:f/g"][entropy.choose_index(3)?].to_owned());
                options.renames.push(ExportSpec { to, ..export });
            }
            4 => options.leave.push(import),
            _ => options.links.push(Link {
                import,
                provider: entropy.choose(names)?.clone(),
                export: if entropy.arbitrary()? { Some(item(entropy)?) } else { None },
            }),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look random; the same each time.
    fn noise(seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let step = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        };
        (0..64).flat_map(step).collect()
    }

    #[test]
    fn bytes_become_components_and_some_of_them_compose() {
        let (mut made, mut composed) = (0, 0);
        for seed in 0..100 {
            let request = request(&noise(seed)).expect("there are enough bytes");
            made += usize::from(!request.inputs.is_empty());
            composed += usize::from(joggle_compose::compose(&request).is_ok());
            crate::targets::compose(&noise(seed));
        }
        assert!(made > 50, "only {made} of 100 are components");
        assert!(composed > 2, "only {composed} of 100 compose");
    }
}
