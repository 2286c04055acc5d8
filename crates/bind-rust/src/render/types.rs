//! Types and paths.

use std::fmt::Write as _;

use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, QSelf, ReturnType, Type,
    TypeParamBound,
};

use super::exprs;
use super::lists::{ANGLES, Element, Ends, PARENTHESES, list};
use super::room::{Room, last_line, width};

/// A type.
pub(super) fn ty(ty: &Type, room: Room) -> Option<String> {
    let text = match ty {
        Type::Path(ty) => path(ty.qself.as_ref(), &ty.path, false, room)?,
        Type::Reference(reference) => {
            let lifetime =
                reference.lifetime.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
            let mutable = if reference.mutability.is_some() { "mut " } else { "" };
            let head = format!("&{lifetime}{mutable}");
            let inner = self::ty(&reference.elem, room.after(width(&head))?)?;
            format!("{head}{inner}")
        }
        Type::Ptr(pointer) => {
            let kind = if is_mutable(pointer) { "*mut " } else { "*const " };
            format!("{kind}{}", self::ty(&pointer.elem, room.after(width(kind))?)?)
        }
        Type::Slice(slice) => {
            format!("[{}]", self::ty(&slice.elem, room.after(1)?.before(1)?)?)
        }
        Type::Array(array) => {
            let length = exprs::flat(&array.len)?;
            let elem = self::ty(&array.elem, room.after(1)?.before(width(&length) + 3)?)?;
            format!("[{elem}; {length}]")
        }
        Type::Tuple(tuple) => {
            let items: Vec<_> = tuple.elems.iter().map(Element::Type).collect();
            let ends = Ends { comma: items.len() == 1, ..PARENTHESES };
            list("", &items, ends, room)?
        }
        Type::Never(_) => "!".to_owned(),
        Type::Infer(_) => "_".to_owned(),
        Type::Paren(inner) => format!("({})", self::ty(&inner.elem, room.after(1)?.before(1)?)?),
        Type::TraitObject(object) => format!("dyn {}", bounds(object.bounds.iter())?),
        Type::ImplTrait(object) => format!("impl {}", bounds(object.bounds.iter())?),
        Type::Group(inner) => self::ty(&inner.elem, room)?,
        other => super::tokens(other),
    };
    Some(text)
}

/// A type on one line, however long.
pub(super) fn flat(ty: &Type) -> Option<String> {
    self::ty(ty, wide())
}

/// Room for whatever is written on one line.
pub(super) fn wide() -> Room {
    Room { indent: 0, offset: 0, width: 100_000 }
}

fn is_mutable(pointer: &syn::TypePtr) -> bool {
    matches!(pointer.mutability, syn::PointerMutability::Mut(_))
}

/// A path of a type or of an expression, which has `::` before its arguments.
pub(super) fn path(
    qself: Option<&QSelf>,
    path: &Path,
    turbofish: bool,
    room: Room,
) -> Option<String> {
    let mut text = String::new();
    let mut segments = path.segments.iter();
    if let Some(qself) = qself {
        text.push('<');
        text.push_str(&flat(&qself.ty)?);
        if qself.position > 0 {
            text.push_str(" as ");
            if path.leading_colon.is_some() {
                text.push_str("::");
            }
            for index in 0..qself.position {
                if index > 0 {
                    text.push_str("::");
                }
                text.push_str(&segment(segments.next()?, false, wide(), String::new())?);
            }
        }
        text.push_str(">::");
    } else if path.leading_colon.is_some() {
        text.push_str("::");
    }
    for (index, next) in segments.enumerate() {
        if index > 0 {
            text.push_str("::");
        }
        text = segment(next, turbofish, room, text)?;
    }
    Some(text)
}

/// A segment behind what stands before it.
fn segment(
    segment: &syn::PathSegment,
    turbofish: bool,
    room: Room,
    before: String,
) -> Option<String> {
    let mut head = before;
    // Writing to a string cannot fail.
    let _ = write!(head, "{}", segment.ident);
    if last_line(&head) > room.width {
        return None;
    }
    match &segment.arguments {
        PathArguments::None => Some(head),
        PathArguments::AngleBracketed(generics) => {
            let items: Vec<_> = generics.args.iter().map(Element::Generic).collect();
            if !turbofish {
                return list(&head, &items, ANGLES, room);
            }
            // rustfmt overlooks the colons.
            let room = Room { width: room.width + 2, ..room };
            list(&format!("{head}::"), &items, ANGLES, room)
        }
        PathArguments::Parenthesized(arguments) => {
            let inputs: Option<Vec<_>> =
                arguments.inputs.iter().map(super::tokens_of_type).collect();
            let output = result(&arguments.output, wide())?;
            Some(format!("{head}({}){output}", inputs?.join(", ")))
        }
    }
}

/// `<A, B>` on one line.
pub(super) fn flat_generics(generics: &AngleBracketedGenericArguments) -> Option<String> {
    let items: Vec<_> = generics.args.iter().map(Element::Generic).collect();
    list("", &items, Ends { widest: 100_000, ..ANGLES }, wide())
}

/// An argument of a generic type.
pub(super) fn generic(argument: &GenericArgument, room: Room) -> Option<String> {
    match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime.to_string()),
        GenericArgument::Type(ty) => self::ty(ty, room),
        GenericArgument::Const(value) => exprs::flat(value),
        GenericArgument::AssocType(item) => {
            let head = format!("{} = ", item.ident);
            Some(format!("{head}{}", self::ty(&item.ty, room.after(width(&head))?)?))
        }
        other => Some(super::tokens(other)),
    }
}

/// `-> T` with a space before it, or nothing.
pub(super) fn result(output: &ReturnType, room: Room) -> Option<String> {
    match output {
        ReturnType::Default => Some(String::new()),
        ReturnType::Type(_, ty) => Some(format!(" -> {}", self::ty(ty, room.after(3)?)?)),
    }
}

/// Bounds, joined by `+`.
pub(super) fn bounds<'a>(bounds: impl Iterator<Item = &'a TypeParamBound>) -> Option<String> {
    let bounds: Option<Vec<String>> = bounds.map(bound).collect();
    Some(bounds?.join(" + "))
}

fn bound(bound: &TypeParamBound) -> Option<String> {
    match bound {
        TypeParamBound::Lifetime(lifetime) => Some(lifetime.to_string()),
        TypeParamBound::Trait(bound) => {
            let text = path(None, &bound.path, false, wide())?;
            let maybe = super::tokens(bound).starts_with('?');
            Some(if maybe { format!("?{text}") } else { text })
        }
        other => Some(super::tokens(other)),
    }
}
