//! A world as text. Definitions are shown with their ids, `point#2`, so that it
//! can be seen which of them is meant.

use std::fmt::Write;

use crate::model::{
    Accessor, DefId, DefKind, Function, FunctionId, FunctionKind, InterfaceId, Item, Key,
    Stability, Type, TypeId, World,
};

/// Everything but the layout, which is tested where it is measured.
pub(super) fn world(world: &World) -> String {
    let mut out = format!("world {}{}\n", world.id(), notes(&world.docs, &world.stability));
    for (side, items) in [("import", &world.imports), ("export", &world.exports)] {
        for found in items {
            item(&mut out, world, side, *found);
        }
    }
    out
}

fn item(out: &mut String, world: &World, side: &str, item: Item) {
    match item {
        Item::Interface(id) => {
            writeln!(out, "{side} {}", interface(world, id)).expect("strings take everything");
            for def in &world.interfaces[id].defs {
                writeln!(out, "  {}", definition(world, *def)).expect("strings take everything");
            }
            for id in &world.interfaces[id].functions {
                writeln!(out, "  {}", function(world, *id)).expect("strings take everything");
            }
        }
        Item::Function(id) => {
            writeln!(out, "{side} {}", function(world, id)).expect("strings take everything");
        }
        Item::Def(id) => {
            writeln!(out, "{side} {}", definition(world, id)).expect("strings take everything");
        }
    }
}

fn interface(world: &World, id: InterfaceId) -> String {
    let interface = &world.interfaces[id];
    let name = match &interface.key {
        Key::Id { package, name } => format!("{package} {name}"),
        Key::Inline(name) => format!("inline {name}"),
    };
    let implements = interface.implements.as_ref();
    let implements = implements.map_or_else(String::new, |implements| {
        format!(" implements {} {}", implements.package, implements.name)
    });
    let types = if interface.types_only { " (types only)" } else { "" };
    let notes = notes(&interface.docs, &interface.stability);
    format!("{name}{implements} as `{}`{types}{notes}", interface.import_module)
}

fn notes(docs: &str, stability: &Stability) -> String {
    let mut notes = Vec::new();
    if !docs.is_empty() {
        notes.push(format!(" /// {}", docs.replace('\n', "⏎")));
    }
    for (what, version) in [("since", &stability.since), ("deprecated", &stability.deprecated)] {
        notes.extend(version.as_ref().map(|version| format!(" @{what}({version})")));
    }
    notes.extend(stability.feature.as_ref().map(|feature| format!(" @unstable({feature})")));
    notes.concat()
}

fn name(world: &World, id: DefId) -> String {
    format!("{}#{}", world.defs[id].name, id.index())
}

fn definition(world: &World, id: DefId) -> String {
    let def = &world.defs[id];
    let name = name(world, id);
    let parts = |parts: &[String]| parts.join(", ");
    let text = match &def.kind {
        DefKind::Record(fields) => {
            let fields = fields.iter().map(|field| {
                let notes = notes(&field.docs, &Stability::default());
                format!("{}: {}{notes}", field.name, ty(world, field.ty))
            });
            format!("record {name} {{ {} }}", parts(&fields.collect::<Vec<_>>()))
        }
        DefKind::Variant(cases) => {
            let cases = cases.iter().map(|case| {
                let payload = case.ty.map(|id| format!("({})", ty(world, id)));
                format!("{}{}", case.name, payload.unwrap_or_default())
            });
            format!("variant {name} {{ {} }}", parts(&cases.collect::<Vec<_>>()))
        }
        DefKind::Enum(cases) => {
            let cases = cases.iter().map(|case| case.name.clone());
            format!("enum {name} {{ {} }}", parts(&cases.collect::<Vec<_>>()))
        }
        DefKind::Flags(flags) => {
            let flags = flags.iter().map(|flag| flag.name.clone());
            format!("flags {name} {{ {} }}", parts(&flags.collect::<Vec<_>>()))
        }
        DefKind::Alias(target) => format!("type {name} = {}", ty(world, *target)),
        DefKind::ResourceAlias(target) => {
            format!("type {name} = resource {}", self::name(world, *target))
        }
        DefKind::Resource(resource) => {
            let new = resource.core.new.as_ref();
            let new = new.map_or_else(String::new, |new| format!(" new `{}`", new.module));
            let drop = format!("{} {}", resource.core.drop.module, resource.core.drop.field);
            format!("resource {name} of {} functions, drop `{drop}`{new}", resource.functions.len())
        }
    };
    let same = def.same_as.map_or_else(String::new, |same| format!(" = #{}", same.index()));
    format!("{text}{same}{}", notes(&def.docs, &def.stability))
}

fn function(world: &World, id: FunctionId) -> String {
    let function = &world.functions[id];
    let Function { name, kind, .. } = function;
    let resource = |id: &DefId| self::name(world, *id);
    let kind = match kind {
        FunctionKind::Free => String::new(),
        FunctionKind::Method(id) => format!("method of {} ", resource(id)),
        FunctionKind::Static(id) => format!("static of {} ", resource(id)),
        FunctionKind::Constructor(id) => format!("constructor of {}", resource(id)),
    };
    let accessor = match function.accessor {
        Some(Accessor::Get) => "get ",
        Some(Accessor::Set) => "set ",
        None => "",
    };
    let concurrent = if function.is_async { "async " } else { "" };
    let params = function.params.iter().map(|p| format!("{}: {}", p.name, ty(world, p.ty)));
    let params: Vec<String> = params.collect();
    let result = function.result.map(|id| format!(" -> {}", ty(world, id)));
    format!(
        "{kind}{accessor}{name}: {concurrent}func({}){}{}",
        params.join(", "),
        result.unwrap_or_default(),
        notes(&function.docs, &function.stability)
    )
}

fn ty(world: &World, id: TypeId) -> String {
    let of = |id: &TypeId| ty(world, *id);
    let maybe = |id: &Option<TypeId>| id.as_ref().map_or_else(|| "_".to_owned(), of);
    match &world.types[id] {
        Type::Bool => "bool".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::S8 => "s8".to_owned(),
        Type::S16 => "s16".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::F32 => "f32".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::Char => "char".to_owned(),
        Type::String => "string".to_owned(),
        Type::ErrorContext => "error-context".to_owned(),
        Type::List(part) => format!("list<{}>", of(part)),
        Type::FixedLengthList(part, length) => format!("list<{}, {length}>", of(part)),
        Type::Map(key, value) => format!("map<{}, {}>", of(key), of(value)),
        Type::Tuple(parts) => {
            format!("tuple<{}>", parts.iter().map(of).collect::<Vec<_>>().join(", "))
        }
        Type::Option(part) => format!("option<{}>", of(part)),
        Type::Result { ok, err } => format!("result<{}, {}>", maybe(ok), maybe(err)),
        Type::Own(id) => format!("own<{}>", name(world, *id)),
        Type::Borrow(id) => format!("borrow<{}>", name(world, *id)),
        Type::Stream(part) => format!("stream<{}>", maybe(part)),
        Type::Future(part) => format!("future<{}>", maybe(part)),
        Type::Def(id) => name(world, *id),
    }
}
