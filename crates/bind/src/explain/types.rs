//! Types and where every part of their values lies.

use std::collections::HashSet;

use super::find::Found;
use super::{CaseAbi, Elements, Part, TypeAbi, spell, unsided, wat};
use crate::model::{DefKind, Type, TypeId, World};
use crate::name::Path;

/// The types that were found, those that the functions pass, and what they are made of.
pub(super) fn all(worlds: &[World], found: &Found) -> Vec<TypeAbi> {
    let mut all = Vec::new();
    let mut known = HashSet::new();
    for (world, roots) in worlds.iter().zip(roots(worlds, found)) {
        let mut visited = HashSet::new();
        for root in roots {
            let mut stack = vec![root];
            while let Some(id) = stack.pop() {
                if !visited.insert(id) {
                    continue;
                }
                let mut inner = inner(world, id);
                inner.reverse();
                stack.extend(inner);
                // An interface on both sides has each type twice.
                if let Some(ty) = one(world, id)
                    && known.insert(ty.clone())
                {
                    all.push(ty);
                }
            }
        }
    }
    all
}

/// The types that were found and those of parameters and results, for each world.
fn roots(worlds: &[World], found: &Found) -> Vec<Vec<TypeId>> {
    let mut roots = vec![Vec::new(); worlds.len()];
    for (index, id) in found.defs() {
        roots[index].extend(worlds[index].def_type(id));
    }
    for (index, id) in found.functions() {
        let function = &worlds[index].functions[id];
        roots[index].extend(function.params.iter().map(|param| param.ty).chain(function.result));
    }
    roots
}

/// What a type is made of.
fn inner(world: &World, id: TypeId) -> Vec<TypeId> {
    match &world.types[id] {
        Type::List(ty)
        | Type::FixedLengthList(ty, _)
        | Type::Option(ty)
        | Type::Stream(Some(ty))
        | Type::Future(Some(ty)) => vec![*ty],
        Type::Map(key, value) => vec![*key, *value],
        Type::Tuple(parts) => parts.clone(),
        Type::Result { ok, err } => ok.iter().chain(err).copied().collect(),
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Record(fields) => fields.iter().map(|field| field.ty).collect(),
            DefKind::Variant(cases) => cases.iter().filter_map(|case| case.ty).collect(),
            DefKind::Alias(target) => vec![*target],
            DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => Vec::new(),
        },
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
        | Type::Borrow(_)
        | Type::Stream(None)
        | Type::Future(None) => Vec::new(),
    }
}

/// A type that has something to tell; primitives and handles have not.
fn one(world: &World, id: TypeId) -> Option<TypeAbi> {
    let path = match &world.types[id] {
        Type::Def(def) => Some(unsided(&Path::def(world, *def))),
        Type::List(_)
        | Type::FixedLengthList(_, _)
        | Type::Map(_, _)
        | Type::Tuple(_)
        | Type::Option(_)
        | Type::Result { .. } => None,
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
        | Type::Borrow(_)
        | Type::Stream(_)
        | Type::Future(_) => return None,
    };
    let layout = world.layout(id);
    let target = alias(world, id);
    Some(TypeAbi {
        name: spell::ty(world, id),
        path,
        kind: spell::kind(world, id),
        of: target.map(|target| full(world, target)),
        size: layout.size,
        align: layout.align,
        flat: world.flat(id).map(wat),
        // What an alias names tells the rest.
        parts: if target.is_some() { Vec::new() } else { parts(world, id) },
        cases: cases(world, id),
        flags: flags(world, id),
        elements: elements(world, id),
    })
}

/// What an alias names.
fn alias(world: &World, id: TypeId) -> Option<TypeId> {
    let Type::Def(def) = &world.types[id] else { return None };
    let DefKind::Alias(target) = &world.defs[*def].kind else { return None };
    Some(*target)
}

/// A type, by its whole path if it has a name.
fn full(world: &World, id: TypeId) -> String {
    if let Type::Def(def) = &world.types[id] {
        return unsided(&Path::def(world, *def));
    }
    spell::ty(world, id)
}

/// What lies where in a value, behind its aliases.
pub(super) fn parts(world: &World, mut id: TypeId) -> Vec<Part> {
    while let Some(target) = alias(world, id) {
        id = target;
    }
    match &world.types[id] {
        Type::String | Type::List(_) | Type::Map(_, _) => {
            let slot = |offset, name: &str| Part {
                offset,
                size: 4,
                align: 4,
                name: name.to_owned(),
                ty: None,
            };
            vec![slot(0, "ptr"), slot(4, "len")]
        }
        Type::Tuple(parts) => {
            record(world, parts.iter().enumerate().map(|(index, ty)| (index.to_string(), *ty)))
        }
        Type::Option(_) | Type::Result { .. } => variant(world, id),
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Record(fields) => {
                record(world, fields.iter().map(|field| (field.name.clone(), field.ty)))
            }
            DefKind::Variant(_) | DefKind::Enum(_) => variant(world, id),
            DefKind::Flags(_)
            | DefKind::Alias(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => Vec::new(),
        },
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
        | Type::ErrorContext
        | Type::FixedLengthList(_, _)
        | Type::Own(_)
        | Type::Borrow(_)
        | Type::Stream(_)
        | Type::Future(_) => Vec::new(),
    }
}

fn record(world: &World, fields: impl Iterator<Item = (String, TypeId)>) -> Vec<Part> {
    let (names, ids): (Vec<String>, Vec<TypeId>) = fields.unzip();
    let offsets = world.offsets(&ids);
    let fields = names.into_iter().zip(ids).zip(offsets);
    fields
        .map(|((name, ty), offset)| {
            let layout = world.layout(ty);
            let ty = Some(spell::ty(world, ty));
            Part { offset, size: layout.size, align: layout.align, name, ty }
        })
        .collect()
}

fn variant(world: &World, id: TypeId) -> Vec<Part> {
    let Some(variant) = world.variant(id) else { return Vec::new() };
    let size = variant.tag_size;
    let mut parts = vec![Part { offset: 0, size, align: size, name: "tag".to_owned(), ty: None }];
    let payloads = payloads(world, id).into_iter().filter_map(|(_, ty)| ty);
    let layouts: Vec<_> = payloads.map(|ty| world.layout(ty)).collect();
    if let (Some(size), Some(align)) = (
        layouts.iter().map(|layout| layout.size).max(),
        layouts.iter().map(|layout| layout.align).max(),
    ) {
        let offset = variant.payload_offset;
        parts.push(Part { offset, size, align, name: "payload".to_owned(), ty: None });
    }
    parts
}

/// The cases of a variant, an enum, an option or a result.
fn payloads(world: &World, id: TypeId) -> Vec<(String, Option<TypeId>)> {
    if let Type::Option(some) = &world.types[id] {
        return vec![("none".to_owned(), None), ("some".to_owned(), Some(*some))];
    }
    if let Type::Result { ok, err } = &world.types[id] {
        return vec![("ok".to_owned(), *ok), ("err".to_owned(), *err)];
    }
    let Type::Def(def) = &world.types[id] else { return Vec::new() };
    match &world.defs[*def].kind {
        DefKind::Variant(cases) | DefKind::Enum(cases) => {
            cases.iter().map(|case| (case.name.clone(), case.ty)).collect()
        }
        DefKind::Record(_)
        | DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_)
        | DefKind::Resource(_) => Vec::new(),
    }
}

fn cases(world: &World, id: TypeId) -> Vec<CaseAbi> {
    let cases = payloads(world, id).into_iter().enumerate();
    cases
        .map(|(tag, (name, ty))| CaseAbi {
            tag,
            name,
            ty: ty.map(|ty| spell::ty(world, ty)),
            size: ty.map_or(0, |ty| world.layout(ty).size),
            flat: match ty {
                Some(ty) => world.flat(ty).map(wat),
                None => Some(Vec::new()),
            },
        })
        .collect()
}

fn flags(world: &World, id: TypeId) -> Vec<String> {
    let Type::Def(def) = &world.types[id] else { return Vec::new() };
    let DefKind::Flags(flags) = &world.defs[*def].kind else { return Vec::new() };
    flags.iter().map(|flag| flag.name.clone()).collect()
}

fn elements(world: &World, id: TypeId) -> Option<Elements> {
    let new = |ty: TypeId, count| {
        let layout = world.layout(ty);
        let ty = spell::ty(world, ty);
        Some(Elements { ty, size: layout.size, align: layout.align, count, parts: Vec::new() })
    };
    if let Type::Map(key, value) = &world.types[id] {
        let entry = world.record(&[*key, *value]);
        let names = [("key".to_owned(), *key), ("value".to_owned(), *value)];
        return Some(Elements {
            ty: format!("tuple<{}, {}>", spell::ty(world, *key), spell::ty(world, *value)),
            size: entry.layout.size,
            align: entry.layout.align,
            count: None,
            parts: record(world, names.into_iter()),
        });
    }
    if let Type::List(ty) = &world.types[id] {
        return new(*ty, None);
    }
    if let Type::FixedLengthList(ty, count) = &world.types[id] {
        return new(*ty, Some(*count));
    }
    None
}
