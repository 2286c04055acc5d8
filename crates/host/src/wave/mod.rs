//! The arguments of a call as values of the parameters' types, with every
//! mistake shown at its place. The syntax is left to `syntax`.
//!
//! The notation is WAVE and what `value` adds to it. A map is written as the list of
//! its pairs, and a name that was bound before stands for its value.

pub(crate) mod syntax;

use std::ops::Range;

use joggle_diag::{Source, closest};
use wasmtime::component::types::{Record, Type};

use self::syntax::{Fault, Kind, Node, Word};
use crate::exports::Callable;
use crate::invoke::InvokeError;
use crate::value::Value;
use crate::value::convert::{NO_SUCH_VALUE, OTHER_TYPE};

/// What names and handles in arguments mean.
pub(crate) trait Names {
    /// The value that is bound to a name.
    fn bound(&self, name: &str) -> Option<Value>;
    /// The handle with this number, whether or not it is still there.
    fn handle(&self, resource: &str, number: u32) -> Option<Value>;
}

/// The text that a call stands in, and the place of its arguments.
pub(crate) struct Place<'s> {
    pub source: &'s Source,
    /// From the opening parenthesis to the closing one.
    pub arguments: Range<usize>,
}

/// The arguments as values of the function's parameter types, the last of which may
/// be left out where they are optional. `given` of the parameters have a value already.
pub(crate) fn values(
    place: &Place<'_>,
    nodes: &[Node],
    function: &Callable,
    given: usize,
    names: &dyn Names,
) -> Result<Vec<Value>, Box<InvokeError>> {
    let params: Vec<Type> = function.ty.params().map(|(_, ty)| ty).skip(given).collect();
    let required = params.iter().rposition(|ty| !matches!(ty, Type::Option(_)));
    if nodes.len() > params.len() || required.is_some_and(|last| nodes.len() <= last) {
        return Err(wrong_count(place, params.len(), function, nodes.len()));
    }
    let mut values = Vec::with_capacity(params.len());
    for (index, (node, ty)) in nodes.iter().zip(&params).enumerate() {
        let made = value(node, ty, names);
        values.push(made.map_err(|fault| wrong_value(place, function, given + index, &fault))?);
    }
    // What was left out is `none`.
    values.resize(params.len(), Value::Option(None));
    Ok(values)
}

/// What is wrong with the text of the arguments.
pub(crate) fn syntax(source: &Source, fault: Fault, function: Option<&Callable>) -> InvokeError {
    let mut help = "values are written in WAVE: 1, -2.5, true, 'c', \"text\", [1, 2], (1, \"a\"), {field: 1}, some(1), none, ok(1), err(\"why\"), case-name".to_owned();
    if let Some(function) = function {
        help.push_str("\nthe function is ");
        help.push_str(&function.signature());
    }
    InvokeError::Syntax {
        source_code: source.clone(),
        span: fault.span.into(),
        label: fault.label,
        help,
    }
}

pub(crate) fn wrong_count(
    place: &Place<'_>,
    expected: usize,
    function: &Callable,
    given: usize,
) -> Box<InvokeError> {
    Box::new(InvokeError::ArgumentCount {
        function: function.label(),
        expected: match expected {
            0 => "no arguments".to_owned(),
            1 => "1 argument".to_owned(),
            number => format!("{number} arguments"),
        },
        given: if given == 0 { "none".to_owned() } else { given.to_string() },
        source_code: place.source.clone(),
        span: place.arguments.clone().into(),
        help: format!("the function is {}", function.signature()),
    })
}

/// Names the parameter that the fault lies in, and what belongs there.
pub(crate) fn wrong_value(
    place: &Place<'_>,
    function: &Callable,
    index: usize,
    fault: &Fault,
) -> Box<InvokeError> {
    let param = function.ty.params().nth(index);
    let (param, expected) = match param {
        Some((name, ty)) => (name.to_owned(), function.spelled(&ty)),
        None => Default::default(),
    };
    Box::new(InvokeError::Argument {
        param,
        expected,
        source_code: place.source.clone(),
        span: fault.span.clone().into(),
        label: fault.label.clone(),
        help: format!("the function is {}", function.signature()),
    })
}

fn fault(span: &Range<usize>, label: impl Into<String>) -> Fault {
    Fault { span: span.clone(), label: label.into() }
}

/// A written value as one of this type.
fn value(node: &Node, ty: &Type, names: &dyn Names) -> Result<Value, Fault> {
    if let Kind::Word(word) = &node.kind
        && !word.marked
        && let Some(bound) = names.bound(&word.text)
    {
        return Ok(standing(bound, ty));
    }
    match ty {
        Type::Bool
        | Type::S8
        | Type::U8
        | Type::S16
        | Type::U16
        | Type::S32
        | Type::U32
        | Type::S64
        | Type::U64
        | Type::Float32
        | Type::Float64
        | Type::Char
        | Type::String => scalar(node, ty),
        Type::List(list) => items(node, &list.ty(), names).map(Value::List),
        Type::FixedLengthList(list) => {
            let items = items(node, &list.ty(), names)?;
            if u32::try_from(items.len()).ok() != Some(list.len()) {
                let label = format!("the list has exactly {} values", list.len());
                return Err(fault(&node.span, label));
            }
            Ok(Value::List(items))
        }
        Type::Map(map) => pairs(node, (&map.key(), &map.value()), names).map(Value::Map),
        Type::Record(record) => fields(node, record, names).map(Value::Record),
        Type::Tuple(tuple) => parts(node, &tuple.types().collect::<Vec<_>>(), names),
        Type::Variant(variant) => {
            let (name, payload) = case_of(node)?;
            let cases = || variant.cases().map(|case| case.name);
            let case = variant.cases().find(|case| case.name == name.text);
            let case =
                case.ok_or_else(|| fault(&name.span, no_such("case", &name.text, cases())))?;
            let payload = held(node, payload, case.ty.as_ref(), names)?;
            Ok(Value::Variant(name.text.clone(), payload))
        }
        Type::Enum(cases) => one_of(node, &cases.names().collect::<Vec<_>>()),
        Type::Option(option) => optional(node, &option.ty(), names),
        Type::Result(result) => outcome(node, result.ok().as_ref(), result.err().as_ref(), names),
        Type::Flags(flags) => some_of(node, &flags.names().collect::<Vec<_>>()),
        Type::Own(_) | Type::Borrow(_) => handle(node, names, "a handle"),
        Type::Future(_) => handle(node, names, "a future"),
        Type::Stream(_) => handle(node, names, "a stream"),
        Type::ErrorContext => handle(node, names, "an error context"),
    }
}

/// A bound value, which may stand for `some` or `ok` of it as a written one may.
/// Whether it fits is told when it is handed to the engine.
fn standing(bound: Value, ty: &Type) -> Value {
    match ty {
        Type::Option(option) if may_be_bare(&option.ty()) && !matches!(bound, Value::Option(_)) => {
            Value::Option(Some(Box::new(bound)))
        }
        Type::Result(result)
            if result.ok().is_some_and(|ok| may_be_bare(&ok))
                && !matches!(bound, Value::Result(_)) =>
        {
            Value::Result(Ok(Some(Box::new(bound))))
        }
        _ => bound,
    }
}

/// A value that holds no others.
fn scalar(node: &Node, ty: &Type) -> Result<Value, Fault> {
    match (ty, &node.kind) {
        (Type::S8, _) => number(node, ty).map(Value::S8),
        (Type::U8, _) => number(node, ty).map(Value::U8),
        (Type::S16, _) => number(node, ty).map(Value::S16),
        (Type::U16, _) => number(node, ty).map(Value::U16),
        (Type::S32, _) => number(node, ty).map(Value::S32),
        (Type::U32, _) => number(node, ty).map(Value::U32),
        (Type::S64, _) => number(node, ty).map(Value::S64),
        (Type::U64, _) => number(node, ty).map(Value::U64),
        (Type::Float32, _) => finite(node, number(node, ty)?, f32::is_infinite).map(Value::F32),
        (Type::Float64, _) => finite(node, number(node, ty)?, f64::is_infinite).map(Value::F64),
        (Type::Bool, Kind::Word(Word { text, marked: false, .. })) if text == "true" => {
            Ok(Value::Bool(true))
        }
        (Type::Bool, Kind::Word(Word { text, marked: false, .. })) if text == "false" => {
            Ok(Value::Bool(false))
        }
        (Type::Char, Kind::Char(value)) => Ok(Value::Char(*value)),
        (Type::String, Kind::Text(value)) => Ok(Value::String(value.clone())),
        (_, _) => Err(fault(&node.span, OTHER_TYPE)),
    }
}

fn one_of(node: &Node, cases: &[&str]) -> Result<Value, Fault> {
    let Kind::Word(word) = &node.kind else { return Err(fault(&node.span, OTHER_TYPE)) };
    if !cases.contains(&word.text.as_str()) {
        let all = cases.iter().copied();
        return Err(fault(&word.span, no_such("case", &word.text, all)));
    }
    Ok(Value::Enum(word.text.clone()))
}

fn some_of(node: &Node, flags: &[&str]) -> Result<Value, Fault> {
    let Kind::Flags(set) = &node.kind else { return Err(fault(&node.span, OTHER_TYPE)) };
    for word in set {
        if !flags.contains(&word.text.as_str()) {
            let all = flags.iter().copied();
            return Err(fault(&word.span, no_such("flag", &word.text, all)));
        }
    }
    Ok(Value::Flags(set.iter().map(|word| word.text.clone()).collect()))
}

fn parts(node: &Node, types: &[Type], names: &dyn Names) -> Result<Value, Fault> {
    let Kind::Tuple(nodes) = &node.kind else { return Err(fault(&node.span, OTHER_TYPE)) };
    if nodes.len() != types.len() {
        let label = format!("the tuple has exactly {} values", types.len());
        return Err(fault(&node.span, label));
    }
    let made: Result<Vec<Value>, Fault> =
        nodes.iter().zip(types).map(|(node, ty)| value(node, ty, names)).collect();
    made.map(Value::Tuple)
}

/// Handles are never written without having been there before.
fn handle(node: &Node, names: &dyn Names, what: &str) -> Result<Value, Fault> {
    let unknown = |name: &str| fault(&node.span, format!("there is no `{name}`"));
    match &node.kind {
        Kind::Handle(resource, number) => {
            names.handle(resource, *number).ok_or_else(|| unknown(&format!("{resource}#{number}")))
        }
        Kind::Word(word) => Err(unknown(&word.text)),
        _ => Err(fault(&node.span, format!("{what} belongs here, which another call returned"))),
    }
}

fn no_such<'n>(what: &str, name: &str, all: impl Iterator<Item = &'n str>) -> String {
    match closest(name, all) {
        Some(meant) => format!("no such {what}; did you mean `{meant}`?"),
        None => format!("no such {what}"),
    }
}

fn number<T: std::str::FromStr>(node: &Node, ty: &Type) -> Result<T, Fault> {
    let text = match &node.kind {
        Kind::Number(text) => text.as_str(),
        Kind::Word(word) if matches!(ty, Type::Float32 | Type::Float64) && !word.marked => {
            match word.text.as_str() {
                "inf" | "nan" => word.text.as_str(),
                _ => return Err(fault(&node.span, OTHER_TYPE)),
            }
        }
        _ => return Err(fault(&node.span, OTHER_TYPE)),
    };
    text.parse().map_err(|_| fault(&node.span, NO_SUCH_VALUE))
}

/// A number that is too large is no way to write infinity.
fn finite<T: Copy>(node: &Node, value: T, infinite: fn(T) -> bool) -> Result<T, Fault> {
    match &node.kind {
        Kind::Number(text) if infinite(value) && !text.ends_with("inf") => {
            Err(fault(&node.span, NO_SUCH_VALUE))
        }
        _ => Ok(value),
    }
}

fn items(node: &Node, ty: &Type, names: &dyn Names) -> Result<Vec<Value>, Fault> {
    let Kind::List(nodes) = &node.kind else { return Err(fault(&node.span, OTHER_TYPE)) };
    nodes.iter().map(|node| value(node, ty, names)).collect()
}

fn pairs(
    node: &Node,
    (key, held): (&Type, &Type),
    names: &dyn Names,
) -> Result<Vec<(Value, Value)>, Fault> {
    let Kind::List(nodes) = &node.kind else { return Err(fault(&node.span, OTHER_TYPE)) };
    let mut made = Vec::with_capacity(nodes.len());
    for node in nodes {
        let Kind::Tuple(pair) = &node.kind else {
            return Err(fault(&node.span, "a map is written [(key, value), …]"));
        };
        let [k, v] = pair.as_slice() else {
            return Err(fault(&node.span, "a map's pair is one key and one value"));
        };
        made.push((value(k, key, names)?, value(v, held, names)?));
    }
    Ok(made)
}

fn fields(node: &Node, ty: &Record, names: &dyn Names) -> Result<Vec<(String, Value)>, Fault> {
    let without_fields = Vec::new();
    let written = match &node.kind {
        Kind::Record(fields) => fields,
        Kind::Flags(set) if set.is_empty() => &without_fields,
        _ => return Err(fault(&node.span, OTHER_TYPE)),
    };
    for (index, (word, _)) in written.iter().enumerate() {
        if !ty.fields().any(|field| field.name == word.text) {
            let all = ty.fields().map(|field| field.name);
            return Err(fault(&word.span, no_such("field", &word.text, all)));
        }
        if written.iter().take(index).any(|(before, _)| before.text == word.text) {
            return Err(fault(&word.span, "this field stands here twice"));
        }
    }
    let mut made = Vec::with_capacity(written.len());
    for field in ty.fields() {
        let found = written.iter().find(|(word, _)| word.text == field.name);
        let made_of = match found {
            Some((_, node)) => value(node, &field.ty, names)?,
            None if matches!(field.ty, Type::Option(_)) => Value::Option(None),
            None => {
                return Err(fault(&node.span, format!("the field `{}` is missing", field.name)));
            }
        };
        made.push((field.name.to_owned(), made_of));
    }
    Ok(made)
}

/// The word of a case, and what it holds.
fn case_of(node: &Node) -> Result<(&Word, Option<&Node>), Fault> {
    match &node.kind {
        Kind::Word(word) => Ok((word, None)),
        Kind::Case(word, payload) => Ok((word, Some(payload))),
        _ => Err(fault(&node.span, OTHER_TYPE)),
    }
}

fn held(
    node: &Node,
    payload: Option<&Node>,
    ty: Option<&Type>,
    names: &dyn Names,
) -> Result<Option<Box<Value>>, Fault> {
    match (payload, ty) {
        (None, None) => Ok(None),
        (Some(payload), Some(ty)) => Ok(Some(Box::new(value(payload, ty, names)?))),
        (Some(payload), None) => Err(fault(&payload.span, "this case holds nothing")),
        (None, Some(_)) => Err(fault(&node.span, "this case holds a value: `case(value)`")),
    }
}

/// Whether a value of the type may stand for `some` or `ok` of it.
fn may_be_bare(ty: &Type) -> bool {
    !matches!(ty, Type::Option(_) | Type::Result(_))
}

fn optional(node: &Node, ty: &Type, names: &dyn Names) -> Result<Value, Fault> {
    match &node.kind {
        Kind::Word(word) if !word.marked && word.text == "none" => Ok(Value::Option(None)),
        Kind::Case(word, payload) if !word.marked && word.text == "some" => {
            Ok(Value::Option(Some(Box::new(value(payload, ty, names)?))))
        }
        _ if may_be_bare(ty) => Ok(Value::Option(Some(Box::new(value(node, ty, names)?)))),
        _ => Err(fault(&node.span, OTHER_TYPE)),
    }
}

fn outcome(
    node: &Node,
    ok: Option<&Type>,
    err: Option<&Type>,
    names: &dyn Names,
) -> Result<Value, Fault> {
    if let Ok((word, payload)) = case_of(node)
        && !word.marked
    {
        match word.text.as_str() {
            "ok" => return held(node, payload, ok, names).map(|value| Value::Result(Ok(value))),
            "err" => return held(node, payload, err, names).map(|value| Value::Result(Err(value))),
            _ => {}
        }
    }
    match ok {
        Some(ty) if may_be_bare(ty) => {
            Ok(Value::Result(Ok(Some(Box::new(value(node, ty, names)?)))))
        }
        _ => Err(fault(&node.span, OTHER_TYPE)),
    }
}
