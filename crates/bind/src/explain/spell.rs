//! Types and functions in the words of WIT. A type of a binary can be nested
//! without end, so what gets long is cut short.

use crate::model::{Accessor, DefKind, Function, FunctionKind, Type, TypeId, World};

/// Nobody reads on after so many bytes.
const LONGEST: usize = 400;

/// A type: `option<list<u8>>`.
pub(super) fn ty(world: &World, id: TypeId) -> String {
    let mut out = String::new();
    write_type(world, id, &mut out);
    out
}

fn write_type(world: &World, id: TypeId, out: &mut String) {
    if out.len() > LONGEST {
        if !out.ends_with('…') {
            out.push('…');
        }
        return;
    }
    match &world.types[id] {
        Type::Bool => out.push_str("bool"),
        Type::U8 => out.push_str("u8"),
        Type::U16 => out.push_str("u16"),
        Type::U32 => out.push_str("u32"),
        Type::U64 => out.push_str("u64"),
        Type::S8 => out.push_str("s8"),
        Type::S16 => out.push_str("s16"),
        Type::S32 => out.push_str("s32"),
        Type::S64 => out.push_str("s64"),
        Type::F32 => out.push_str("f32"),
        Type::F64 => out.push_str("f64"),
        Type::Char => out.push_str("char"),
        Type::String => out.push_str("string"),
        Type::ErrorContext => out.push_str("error-context"),
        Type::List(element) => applied(world, "list", &[Some(*element)], out),
        Type::FixedLengthList(element, length) => {
            out.push_str("list<");
            write_type(world, *element, out);
            out.extend([", ", &length.to_string(), ">"]);
        }
        Type::Map(key, value) => applied(world, "map", &[Some(*key), Some(*value)], out),
        Type::Tuple(parts) => {
            let parts: Vec<_> = parts.iter().copied().map(Some).collect();
            applied(world, "tuple", &parts, out);
        }
        Type::Option(some) => applied(world, "option", &[Some(*some)], out),
        Type::Result { ok, err: None } => applied(world, "result", &[*ok], out),
        Type::Result { ok, err } => applied(world, "result", &[*ok, *err], out),
        Type::Borrow(def) => out.extend(["borrow<", &world.defs[*def].name, ">"]),
        Type::Stream(element) => applied(world, "stream", &[*element], out),
        Type::Future(element) => applied(world, "future", &[*element], out),
        // A handle is owned if nothing else is said.
        Type::Own(def) | Type::Def(def) => out.push_str(&world.defs[*def].name),
    }
}

/// `name<a, b>`; a missing argument is `_`, and if all are missing there are none.
fn applied(world: &World, name: &str, arguments: &[Option<TypeId>], out: &mut String) {
    out.push_str(name);
    if arguments.iter().all(Option::is_none) {
        return;
    }
    for (index, argument) in arguments.iter().enumerate() {
        out.push_str(if index == 0 { "<" } else { ", " });
        match argument {
            Some(id) => write_type(world, *id, out),
            None => out.push('_'),
        }
    }
    out.push('>');
}

/// A function as it stands in the WIT: `resize: func(img: image) -> image`.
pub(super) fn function(world: &World, function: &Function) -> String {
    let (name, params) = match function.kind {
        FunctionKind::Free => (function.name.clone(), &function.params[..]),
        FunctionKind::Method(def) => (member(world, def, function), &function.params[1..]),
        FunctionKind::Static(def) => (member(world, def, function), &function.params[..]),
        FunctionKind::Constructor(def) => (world.defs[def].name.clone(), &function.params[..]),
    };
    let params: Vec<String> =
        params.iter().map(|param| format!("{}: {}", param.name, ty(world, param.ty))).collect();
    let params = params.join(", ");
    let result = || function.result.map(|result| ty(world, result));
    let arrow = || result().map(|result| format!(" -> {result}")).unwrap_or_default();
    let keyword = match (function.accessor, function.kind, function.is_async) {
        (Some(Accessor::Get), FunctionKind::Static(_), _) => "static get",
        (Some(Accessor::Set), FunctionKind::Static(_), _) => "static set",
        (Some(Accessor::Get), _, _) => "get",
        (Some(Accessor::Set), _, _) => "set",
        (None, FunctionKind::Static(_), false) => "static func",
        (None, FunctionKind::Static(_), true) => "static async func",
        (None, FunctionKind::Constructor(_), _) => {
            // A constructor that cannot fail does not say its result.
            let own = function.result.is_some_and(|ty| matches!(world.types[ty], Type::Own(_)));
            let arrow = if own { String::new() } else { arrow() };
            return format!("{name}: constructor({params}){arrow}");
        }
        (None, FunctionKind::Free | FunctionKind::Method(_), false) => "func",
        (None, FunctionKind::Free | FunctionKind::Method(_), true) => "async func",
    };
    format!("{name}: {keyword}({params}){}", arrow())
}

fn member(world: &World, def: crate::model::DefId, function: &Function) -> String {
    format!("{}.{}", world.defs[def].name, function.name)
}

/// The kind of a type, in one or two words.
pub(super) fn kind(world: &World, id: TypeId) -> &'static str {
    match &world.types[id] {
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
        | Type::Char => "primitive",
        Type::String => "string",
        Type::ErrorContext => "error-context",
        Type::List(_) => "list",
        Type::FixedLengthList(_, _) => "fixed-length list",
        Type::Map(_, _) => "map",
        Type::Tuple(_) => "tuple",
        Type::Option(_) => "option",
        Type::Result { .. } => "result",
        Type::Own(_) => "owned handle",
        Type::Borrow(_) => "borrowed handle",
        Type::Stream(_) => "stream",
        Type::Future(_) => "future",
        Type::Def(def) => match &world.defs[*def].kind {
            DefKind::Record(_) => "record",
            DefKind::Variant(_) => "variant",
            DefKind::Enum(_) => "enum",
            DefKind::Flags(_) => "flags",
            DefKind::Alias(_) => "alias",
            DefKind::ResourceAlias(_) | DefKind::Resource(_) => "resource",
        },
    }
}

/// A type, with handles as they are written in full: `own<file>`.
pub(super) fn handle(world: &World, id: TypeId) -> String {
    if let Type::Own(def) = &world.types[id] {
        return format!("own<{}>", world.defs[*def].name);
    }
    ty(world, id)
}
