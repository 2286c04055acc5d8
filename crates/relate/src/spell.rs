//! Types and functions as short text, for paths and messages.
//!
//! Whole interfaces as WIT are left to `text`.

use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, TypeId};

use crate::change::{ItemKind, Shape};

/// Text of a type is cut here: a binary can nest types without bound.
const LONGEST: usize = 160;

/// A type as it is written where it is used: by its name if it has one.
#[must_use]
pub fn spell(resolve: &Resolve, ty: Type) -> String {
    let mut text = String::new();
    write(resolve, ty, &mut text);
    text
}

/// A type with the kind that tells it apart: `record image`, `list<u8>`.
///
/// Aliases are looked through, since two that share a name may differ.
pub(crate) fn describe(resolve: &Resolve, ty: Type) -> String {
    let ty = dealias(resolve, ty);
    let Type::Id(id) = ty else {
        return spell(resolve, ty);
    };
    if is_nominal(&resolve.types[id].kind) {
        return named(resolve, id);
    }
    let mut text = String::new();
    if let TypeDefKind::Handle(Handle::Own(resource)) = resolve.types[id].kind {
        // WIT leaves the word out, but it is half of the difference.
        generic(resolve, "own", [Some(Type::Id(resource))], &mut text);
    } else {
        write_structure(resolve, id, &mut text);
    }
    text
}

/// A named type with its kind: `enum image-format`.
pub(crate) fn named(resolve: &Resolve, id: TypeId) -> String {
    let ty = &resolve.types[id];
    let kind = ty.kind.as_str();
    match &ty.name {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    }
}

/// Whether the kind is written with a name and a body of its own.
fn is_nominal(kind: &TypeDefKind) -> bool {
    match kind {
        TypeDefKind::Record(_)
        | TypeDefKind::Resource
        | TypeDefKind::Flags(_)
        | TypeDefKind::Variant(_)
        | TypeDefKind::Enum(_) => true,
        TypeDefKind::Handle(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::List(_)
        | TypeDefKind::Map(..)
        | TypeDefKind::FixedLengthList(..)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Type(_)
        | TypeDefKind::Unknown => false,
    }
}

/// The type behind any chain of aliases.
pub(crate) fn dealias(resolve: &Resolve, mut ty: Type) -> Type {
    while let Type::Id(id) = ty {
        match resolve.types[id].kind {
            TypeDefKind::Type(next) => ty = next,
            TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Handle(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(..)
            | TypeDefKind::FixedLengthList(..)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => break,
        }
    }
    ty
}

/// What kind of thing a named type is, for "… is missing".
pub(crate) fn item_kind(resolve: &Resolve, id: TypeId) -> ItemKind {
    if let Type::Id(id) = dealias(resolve, Type::Id(id))
        && matches!(resolve.types[id].kind, TypeDefKind::Resource)
    {
        return ItemKind::Resource;
    }
    ItemKind::Type
}

/// A function as people call it: `resize`, `image.width`, `image.constructor`.
///
/// The name in the binary is `[method]image.width`; accessors keep their word.
pub(crate) fn function_label(function: &Function) -> String {
    let mut name = function.name.as_str();
    while let Some((_, rest)) = name.strip_prefix('[').and_then(|n| n.split_once(']')) {
        name = rest;
    }
    match shape(&function.kind) {
        Shape::Freestanding | Shape::Method | Shape::Static => name.to_owned(),
        Shape::Constructor => format!("{name}.constructor"),
        Shape::Getter | Shape::StaticGetter => format!("{name}.get"),
        Shape::Setter | Shape::StaticSetter => format!("{name}.set"),
    }
}

/// The kind of a function, without its resource and whether it is async.
pub(crate) fn shape(kind: &FunctionKind) -> Shape {
    match kind {
        FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => Shape::Freestanding,
        FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => Shape::Method,
        FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => Shape::Static,
        FunctionKind::Constructor(_) => Shape::Constructor,
        FunctionKind::Getter | FunctionKind::MethodGetter(_) => Shape::Getter,
        FunctionKind::Setter | FunctionKind::MethodSetter(_) => Shape::Setter,
        FunctionKind::StaticGetter(_) => Shape::StaticGetter,
        FunctionKind::StaticSetter(_) => Shape::StaticSetter,
    }
}

fn write(resolve: &Resolve, ty: Type, text: &mut String) {
    if text.len() > LONGEST {
        if !text.ends_with('…') {
            text.push('…');
        }
        return;
    }
    text.push_str(match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error-context",
        Type::Id(id) => match &resolve.types[id].name {
            Some(name) => name,
            None => return write_structure(resolve, id, text),
        },
    });
}

fn write_structure(resolve: &Resolve, id: TypeId, text: &mut String) {
    let kind = &resolve.types[id].kind;
    match kind {
        TypeDefKind::Handle(Handle::Own(resource)) => write(resolve, Type::Id(*resource), text),
        TypeDefKind::Handle(Handle::Borrow(resource)) => {
            generic(resolve, "borrow", [Some(Type::Id(*resource))], text);
        }
        TypeDefKind::Tuple(tuple) => {
            generic(resolve, "tuple", tuple.types.iter().copied().map(Some), text);
        }
        TypeDefKind::Option(payload) => generic(resolve, "option", [Some(*payload)], text),
        TypeDefKind::Result(result) => match (result.ok, result.err) {
            (ok, None) => generic(resolve, "result", ok.map(Some), text),
            (ok, err) => generic(resolve, "result", [ok, err], text),
        },
        TypeDefKind::List(element) => generic(resolve, "list", [Some(*element)], text),
        TypeDefKind::Map(key, value) => {
            generic(resolve, "map", [Some(*key), Some(*value)], text);
        }
        TypeDefKind::FixedLengthList(element, length) => {
            text.push_str("list<");
            write(resolve, *element, text);
            text.push_str(", ");
            text.push_str(&length.to_string());
            text.push('>');
        }
        TypeDefKind::Future(payload) => generic(resolve, "future", payload.map(Some), text),
        TypeDefKind::Stream(payload) => generic(resolve, "stream", payload.map(Some), text),
        TypeDefKind::Type(next) => write(resolve, *next, text),
        TypeDefKind::Record(_)
        | TypeDefKind::Resource
        | TypeDefKind::Flags(_)
        | TypeDefKind::Variant(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Unknown => text.push_str(&named(resolve, id)),
    }
}

/// Writes `word<a, b>`; an absent argument is `_`, and no arguments no brackets.
fn generic(
    resolve: &Resolve,
    word: &str,
    arguments: impl IntoIterator<Item = Option<Type>>,
    text: &mut String,
) {
    text.push_str(word);
    let mut any = false;
    for argument in arguments {
        text.push_str(if any { ", " } else { "<" });
        any = true;
        match argument {
            Some(ty) => write(resolve, ty, text),
            None => text.push('_'),
        }
        if text.len() > LONGEST {
            break;
        }
    }
    if any {
        text.push('>');
    }
}
