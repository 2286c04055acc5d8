//! Definitions that mean the same become one: those of an interface that is on
//! both sides or stands under several names, and those of two versions of a
//! package, as long as they are equal by structure.
//!
//! The specification compares values by structure and resources by identity
//! (`Explainer.md`, "Type Definitions"). So a definition that holds a resource
//! is equal only to one that holds that very resource.

use std::collections::HashMap;

use crate::model::{DefId, DefKind, Implements, Key, Owner, Type, TypeId, World};

/// Equal for types of equal structure.
type Class = usize;

/// The place of a definition in its package, whatever the version is.
#[derive(PartialEq, Eq, Hash)]
struct Place<'a> {
    namespace: &'a str,
    package: &'a str,
    interface: &'a str,
    name: &'a str,
}

/// The structure of a type in terms of its parts.
#[derive(PartialEq, Eq, Hash)]
enum Structure<'a> {
    /// What is equal to itself only: a definition that is nothing to others.
    Nominal(DefId),
    Record(Place<'a>, Vec<(&'a str, Class)>),
    Variant(Place<'a>, Vec<(&'a str, Option<Class>)>),
    Enum(Place<'a>, Vec<&'a str>),
    Flags(Place<'a>, Vec<&'a str>),
    /// Primitives and handles: the latter name their resource.
    Leaf(&'a Type),
    List(Class),
    FixedLengthList(Class, u32),
    Map(Class, Class),
    Tuple(Vec<Class>),
    Option(Class),
    Result(Option<Class>, Option<Class>),
    Stream(Option<Class>),
    Future(Option<Class>),
}

/// Sets [`crate::model::Def::same_as`] for each definition that is equal to an earlier one.
pub(super) fn defs(world: &mut World) {
    for (def, first) in equal(world) {
        world.defs[def].same_as = Some(first);
    }
}

/// Each definition that is equal to an earlier one, with the first of those.
fn equal(world: &World) -> Vec<(DefId, DefId)> {
    let classes = classes(world);
    let mut firsts: HashMap<(Place<'_>, bool, Class), DefId> = HashMap::new();
    let mut found = Vec::new();
    // Imports come before exports, so that the import stands for both.
    for (id, def) in world.defs.iter() {
        // A resource has no type of its own, and neither has another name for it.
        let Some(ty) = world.def_type(id) else { continue };
        let Some(place) = place(world, id) else { continue };
        // An alias has the class of its target and is no definition of its own: two are compared
        // with each other only.
        let alias = matches!(def.kind, DefKind::Alias(_));
        let first = *firsts.entry((place, alias, classes[ty.index()])).or_insert(id);
        if first != id {
            found.push((id, first));
        }
    }
    found
}

/// The place of a definition in its package; what stands in a world or in an interface without a
/// package has none, and is itself only.
fn place(world: &World, id: DefId) -> Option<Place<'_>> {
    let def = &world.defs[id];
    let Owner::Interface(interface) = def.owner else { return None };
    let interface = &world.interfaces[interface];
    let (package, name) = match (&interface.key, &interface.implements) {
        (Key::Id { package, name }, _) | (Key::Inline(_), Some(Implements { package, name })) => {
            (package, name)
        }
        (Key::Inline(_), None) => return None,
    };
    Some(Place {
        namespace: &package.namespace,
        package: &package.name,
        interface: name,
        name: &def.name,
    })
}

/// The class of each type, by its index.
fn classes(world: &World) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::with_capacity(world.types.len());
    let mut known: HashMap<Structure<'_>, Class> = HashMap::new();
    // Parts come before wholes, so each part has its class.
    for ty in world.types.values() {
        let class = if let Some(target) = alias(world, ty) {
            classes[target.index()]
        } else {
            let next = known.len();
            *known.entry(structure(world, ty, &classes)).or_insert(next)
        };
        classes.push(class);
    }
    classes
}

/// What a type is another name for.
fn alias(world: &World, ty: &Type) -> Option<TypeId> {
    let Type::Def(def) = ty else { return None };
    let DefKind::Alias(target) = &world.defs[*def].kind else { return None };
    Some(*target)
}

fn structure<'a>(world: &'a World, ty: &'a Type, classes: &[Class]) -> Structure<'a> {
    let of = |id: &TypeId| classes[id.index()];
    let maybe = |id: &Option<TypeId>| id.as_ref().map(of);
    match ty {
        Type::Def(id) => definition(world, *id, classes),
        Type::List(part) => Structure::List(of(part)),
        Type::FixedLengthList(part, length) => Structure::FixedLengthList(of(part), *length),
        Type::Map(key, value) => Structure::Map(of(key), of(value)),
        Type::Tuple(parts) => Structure::Tuple(parts.iter().map(of).collect()),
        Type::Option(part) => Structure::Option(of(part)),
        Type::Result { ok, err } => Structure::Result(maybe(ok), maybe(err)),
        Type::Stream(part) => Structure::Stream(maybe(part)),
        Type::Future(part) => Structure::Future(maybe(part)),
        Type::Bool
        | Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::S8
        | Type::S16
        | Type::S32
        | Type::S64
        | Type::F32
        | Type::F64
        | Type::Char
        | Type::String
        | Type::ErrorContext
        | Type::Own(_)
        | Type::Borrow(_) => Structure::Leaf(ty),
    }
}

fn definition<'a>(world: &'a World, id: DefId, classes: &[Class]) -> Structure<'a> {
    let Some(place) = place(world, id) else { return Structure::Nominal(id) };
    let of = |id: TypeId| classes[id.index()];
    match &world.defs[id].kind {
        DefKind::Record(fields) => {
            let fields = fields.iter().map(|field| (field.name.as_str(), of(field.ty)));
            Structure::Record(place, fields.collect())
        }
        DefKind::Variant(cases) => {
            let cases = cases.iter().map(|case| (case.name.as_str(), case.ty.map(of)));
            Structure::Variant(place, cases.collect())
        }
        DefKind::Enum(cases) => {
            Structure::Enum(place, cases.iter().map(|case| case.name.as_str()).collect())
        }
        DefKind::Flags(flags) => {
            Structure::Flags(place, flags.iter().map(|flag| flag.name.as_str()).collect())
        }
        DefKind::Alias(_) | DefKind::ResourceAlias(_) | DefKind::Resource(_) => {
            Structure::Nominal(id)
        }
    }
}
