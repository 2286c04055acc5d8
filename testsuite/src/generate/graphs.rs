//! Random graphs: interfaces with types that build on each other, spread over
//! parts that import from the parts before them. Some sets are spoiled on
//! purpose: one consumer was built against a changed interface.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::{Dice, Set};
use crate::components::dummy;
use crate::oracle::Part;

/// An interface: named types, and functions over them.
#[derive(Clone, Debug, Default)]
struct Interface {
    /// `use` lines.
    uses: Vec<(usize, String)>,
    /// Declarations, whole.
    types: Vec<String>,
    /// Name, parameters, result.
    functions: Vec<(String, Vec<String>, Option<String>)>,
}

/// The graph of one seed.
struct Graph {
    interfaces: Vec<Interface>,
    /// For each part: the interfaces it exports and those it imports.
    parts: Vec<(BTreeSet<usize>, BTreeSet<usize>)>,
}

/// The set of a seed.
pub fn random(seed: u64) -> Result<Set> {
    let mut dice = Dice::new(seed);
    let graph = Graph::new(&mut dice);
    let root = graph.parts.len() - 1;
    let spoiled = if dice.once_in(3) { graph.spoiled(&mut dice) } else { None };
    let fits = spoiled.is_none();
    let mut parts = Vec::new();
    for number in 0..=root {
        // Consumers of an older patch version, now and then: the track is the same.
        let version = if dice.once_in(4) { "0.2.0" } else { "0.2.6" };
        let interfaces = match &spoiled {
            Some((part, interfaces)) if *part == number => interfaces,
            _ => &graph.interfaces,
        };
        let wit = graph.wit(interfaces, version);
        let bytes = dummy(&wit, &format!("w{number}"))
            .with_context(|| format!("seed {seed}, w{number} of\n{wit}"))?;
        parts.push(Part { name: format!("p{number}"), bytes });
    }
    Set::of(format!("random {seed}"), parts, fits)
}

impl Graph {
    fn new(dice: &mut Dice) -> Graph {
        let count = 2 + dice.roll(4);
        let mut interfaces: Vec<Interface> = Vec::new();
        let mut named: Vec<Vec<Named>> = Vec::new();
        for number in 0..count {
            let (interface, types) = interface(number, &named, dice);
            interfaces.push(interface);
            named.push(types);
        }
        let mut parts: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = vec![Default::default()];
        for number in 0..count {
            if number > 0 && !dice.once_in(3) {
                parts.push(Default::default());
            }
            let part = parts.len() - 1;
            parts[part].0.insert(number);
        }
        // The root exports a function alone, so that what it exports mentions no inner type.
        parts.push(Default::default());
        let mut consumed = BTreeSet::new();
        for part in 1..parts.len() {
            let last = part == parts.len() - 1;
            for earlier in 0..part {
                let exports: Vec<usize> = parts[earlier].0.iter().copied().collect();
                let forced = last && !consumed.contains(&earlier);
                if forced || dice.once_in(2) {
                    let chosen = exports[dice.roll(exports.len())];
                    parts[part].1.insert(chosen);
                    consumed.insert(earlier);
                }
            }
        }
        Graph { interfaces, parts }
    }

    /// A consumer, and the interfaces as it believed them to be.
    fn spoiled(&self, dice: &mut Dice) -> Option<(usize, Vec<Interface>)> {
        let part = dice.roll(self.parts.len());
        let imports: Vec<usize> = self.parts[part].1.iter().copied().collect();
        let chosen = *imports.get(dice.roll(imports.len()))?;
        let mut interfaces = self.interfaces.clone();
        let functions = &mut interfaces[chosen].functions;
        let (_, parameters, result) = functions.first_mut()?;
        match dice.roll(4) {
            0 => parameters.push("char".to_owned()),
            1 => *result = Some("tuple<char, char, char>".to_owned()),
            2 => parameters.insert(0, "list<tuple<char, f32>>".to_owned()),
            _ => functions.push(("only-wished-for".to_owned(), Vec::new(), None)),
        }
        Some((part, interfaces))
    }

    fn wit(&self, interfaces: &[Interface], version: &str) -> String {
        let mut wit = format!("package t:graph@{version};\n");
        for (number, interface) in interfaces.iter().enumerate() {
            let _ = writeln!(wit, "interface i{number} {{");
            for (from, name) in &interface.uses {
                let _ = writeln!(wit, "  use i{from}.{{{name}}};");
            }
            for line in &interface.types {
                let _ = writeln!(wit, "  {line}");
            }
            for (name, parameters, result) in &interface.functions {
                let parameters: Vec<String> =
                    parameters.iter().enumerate().map(|(n, ty)| format!("p{n}: {ty}")).collect();
                let result = result.as_ref().map(|ty| format!(" -> {ty}")).unwrap_or_default();
                let _ = writeln!(wit, "  {name}: func({}){result};", parameters.join(", "));
            }
            wit.push_str("}\n");
        }
        let root = self.parts.len() - 1;
        for (number, (exports, imports)) in self.parts.iter().enumerate() {
            let _ = writeln!(wit, "world w{number} {{");
            for import in imports {
                let _ = writeln!(wit, "  import i{import};");
            }
            if number % 2 == 1 {
                wit.push_str("  import host:env/log;\n");
            }
            for export in exports {
                let _ = writeln!(wit, "  export i{export};");
            }
            if number == root {
                wit.push_str("  export run: func() -> u32;\n");
            }
            wit.push_str("}\n");
        }
        wit.push_str("package host:env { interface log { print: func(text: string); } }\n");
        wit
    }
}

/// A type that has a name.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    resource: bool,
}

fn interface(number: usize, earlier: &[Vec<Named>], dice: &mut Dice) -> (Interface, Vec<Named>) {
    let mut made = Interface::default();
    let mut scope: Vec<Named> = Vec::new();
    for (from, types) in earlier.iter().enumerate() {
        for named in types {
            if dice.once_in(3) {
                made.uses.push((from, named.name.clone()));
                scope.push(named.clone());
            }
        }
    }
    let mut own = Vec::new();
    for index in 0..dice.roll(4) {
        let name = format!("t{number}-{index}");
        let (text, resource) = match dice.roll(5) {
            0 => (
                format!("record {name} {{ a: {}, b: {} }}", ty(&scope, dice), ty(&scope, dice)),
                false,
            ),
            1 => (format!("variant {name} {{ none, some({}) }}", ty(&scope, dice)), false),
            2 => (format!("enum {name} {{ red, green, blue }}"), false),
            3 => (format!("flags {name} {{ read, write }}"), false),
            _ => {
                (format!("resource {name} {{ constructor(a: u32); get: func() -> string; }}"), true)
            }
        };
        made.types.push(text);
        scope.push(Named { name: name.clone(), resource });
        own.push(Named { name, resource });
    }
    for index in 0..=dice.roll(3) {
        let parameters = (0..dice.roll(4)).map(|_| parameter(&scope, dice)).collect();
        let result = (!dice.once_in(4)).then(|| ty(&scope, dice));
        made.functions.push((format!("f{number}-{index}"), parameters, result));
    }
    (made, own)
}

fn parameter(scope: &[Named], dice: &mut Dice) -> String {
    let resources: Vec<&Named> = scope.iter().filter(|named| named.resource).collect();
    match resources.get(dice.roll(resources.len())) {
        Some(named) if dice.once_in(2) => format!("borrow<{}>", named.name),
        _ => ty(scope, dice),
    }
}

/// A type that owns what it holds.
fn ty(scope: &[Named], dice: &mut Dice) -> String {
    match dice.roll(10) {
        0 => "u32".to_owned(),
        1 => "string".to_owned(),
        2 => "f64".to_owned(),
        3 => format!("list<{}>", ty(scope, dice)),
        4 => format!("option<{}>", ty(scope, dice)),
        5 => format!("result<{}, string>", ty(scope, dice)),
        6 => format!("tuple<{}, bool>", ty(scope, dice)),
        _ => match scope.get(dice.roll(scope.len())) {
            Some(named) => named.name.clone(),
            None => "s8".to_owned(),
        },
    }
}
