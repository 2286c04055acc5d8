//! A value of the component model as plain data, and as text in WAVE. Reading
//! text is left to `wave`, the way to and from the engine to `convert`.
//!
//! WAVE has no notation for everything, so some is ours: a handle is its
//! resource and a number, `bucket#1`; a stream, a future and an error context
//! likewise; a map is the list of its pairs, `[("a", 1), ("b", 2)]`.

pub(crate) mod convert;
pub(crate) mod handles;
pub(crate) mod resources;

use std::fmt::{self, Write as _};

/// A value of any type that WIT knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// An integer from -2⁷ up to 2⁷.
    S8(i8),
    /// An integer from 0 up to 2⁸.
    U8(u8),
    /// An integer from -2¹⁵ up to 2¹⁵.
    S16(i16),
    /// An integer from 0 up to 2¹⁶.
    U16(u16),
    /// An integer from -2³¹ up to 2³¹.
    S32(i32),
    /// An integer from 0 up to 2³².
    U32(u32),
    /// An integer from -2⁶³ up to 2⁶³.
    S64(i64),
    /// An integer from 0 up to 2⁶⁴.
    U64(u64),
    /// A floating-point number of 32 bits.
    F32(f32),
    /// A floating-point number of 64 bits.
    F64(f64),
    /// A Unicode scalar value.
    Char(char),
    /// Text.
    String(String),
    /// A list, of a fixed length or not.
    List(Vec<Value>),
    /// The pairs of a map in their order; of two equal keys the last counts.
    Map(Vec<(Value, Value)>),
    /// All fields of a record with their names.
    Record(Vec<(String, Value)>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A case of a variant.
    Variant(String, Option<Box<Value>>),
    /// A case of an enum.
    Enum(String),
    /// `some` or `none`.
    Option(Option<Box<Value>>),
    /// `ok` or `err`.
    Result(Result<Option<Box<Value>>, Option<Box<Value>>>),
    /// The names of the flags that are set.
    Flags(Vec<String>),
    /// A handle to a resource.
    Handle {
        /// The resource's name.
        resource: String,
        /// Tells the handles of one resource apart, beginning with 1.
        number: u32,
        /// Whether it owns the resource or only borrows it.
        owned: bool,
    },
    /// The readable end of a stream, by its number.
    Stream(u32),
    /// The readable end of a future, by its number.
    Future(u32),
    /// An error context, by its number.
    ErrorContext(u32),
}

/// Words that mean a value in WAVE: a case of that name is marked, and nothing is bound to them.
pub(crate) const KEYWORDS: [&str; 8] = ["true", "false", "some", "none", "ok", "err", "inf", "nan"];

impl Value {
    /// The value in WAVE.
    #[must_use]
    pub fn to_wave(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => write!(f, "{value}"),
            Value::S8(value) => write!(f, "{value}"),
            Value::U8(value) => write!(f, "{value}"),
            Value::S16(value) => write!(f, "{value}"),
            Value::U16(value) => write!(f, "{value}"),
            Value::S32(value) => write!(f, "{value}"),
            Value::U32(value) => write!(f, "{value}"),
            Value::S64(value) => write!(f, "{value}"),
            Value::U64(value) => write!(f, "{value}"),
            // Rust writes the rest of them as WAVE does.
            Value::F32(value) if value.is_nan() => f.write_str("nan"),
            Value::F32(value) => write!(f, "{value}"),
            Value::F64(value) if value.is_nan() => f.write_str("nan"),
            Value::F64(value) => write!(f, "{value}"),
            Value::Char(value) => {
                f.write_char('\'')?;
                escape(f, *value)?;
                f.write_char('\'')
            }
            Value::String(value) => {
                f.write_char('"')?;
                value.chars().try_for_each(|c| escape(f, c))?;
                f.write_char('"')
            }
            Value::List(values) => joined(f, "[", values, "]", |f, value| write!(f, "{value}")),
            Value::Map(pairs) => {
                joined(f, "[", pairs, "]", |f, (key, value)| write!(f, "({key}, {value})"))
            }
            Value::Record(fields) => record(f, fields),
            Value::Tuple(values) => joined(f, "(", values, ")", |f, value| write!(f, "{value}")),
            Value::Variant(name, payload) => {
                case(f, name)?;
                payload_of(f, payload.as_deref())
            }
            Value::Enum(name) => case(f, name),
            Value::Option(None) => f.write_str("none"),
            Value::Option(Some(value)) => write!(f, "some({value})"),
            Value::Result(Ok(payload)) => {
                f.write_str("ok")?;
                payload_of(f, payload.as_deref())
            }
            Value::Result(Err(payload)) => {
                f.write_str("err")?;
                payload_of(f, payload.as_deref())
            }
            Value::Flags(names) => joined(f, "{", names, "}", |f, name| f.write_str(name)),
            Value::Handle { resource, number, .. } => write!(f, "{resource}#{number}"),
            Value::Stream(number) => write!(f, "stream#{number}"),
            Value::Future(number) => write!(f, "future#{number}"),
            Value::ErrorContext(number) => write!(f, "error-context#{number}"),
        }
    }
}

fn joined<T>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    f.write_str(close)
}

/// A field that is `none` may be left out, and a record of no fields is told
/// from no flags by a colon.
fn record(f: &mut fmt::Formatter<'_>, fields: &[(String, Value)]) -> fmt::Result {
    let written: Vec<&(String, Value)> =
        fields.iter().filter(|(_, value)| *value != Value::Option(None)).collect();
    if written.is_empty() {
        return f.write_str("{:}");
    }
    joined(f, "{", &written, "}", |f, (name, value)| write!(f, "{name}: {value}"))
}

fn case(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if KEYWORDS.contains(&name) {
        f.write_char('%')?;
    }
    f.write_str(name)
}

fn payload_of(f: &mut fmt::Formatter<'_>, payload: Option<&Value>) -> fmt::Result {
    match payload {
        Some(value) => write!(f, "({value})"),
        None => Ok(()),
    }
}

fn escape(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    match c {
        '\\' | '"' | '\'' | '\t' | '\r' | '\n' => write!(f, "{}", c.escape_default()),
        c if c.is_control() => write!(f, "{}", c.escape_unicode()),
        c => write!(f, "{}", c.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &Value) -> String {
        value.to_wave()
    }

    #[test]
    fn every_kind_of_value_has_a_notation() {
        let one = || Some(Box::new(Value::U32(1)));
        let handle = Value::Handle { resource: "bucket".into(), number: 2, owned: true };
        for (value, expected) in [
            (Value::F32(f32::NAN), "nan"),
            (Value::F64(f64::NEG_INFINITY), "-inf"),
            (Value::F64(-0.0), "-0"),
            (Value::Char('\''), r"'\''"),
            (Value::String("a\"b\u{7}☃\n".into()), r#""a\"b\u{7}☃\n""#),
            (Value::Map(vec![(Value::String("a".into()), Value::U32(1))]), "[(\"a\", 1)]"),
            (Value::Map(vec![]), "[]"),
            (Value::Variant("ok".into(), one()), "%ok(1)"),
            (Value::Enum("nan".into()), "%nan"),
            (Value::Result(Err(None)), "err"),
            (Value::Result(Ok(one())), "ok(1)"),
            (Value::Option(one()), "some(1)"),
            (Value::Tuple(vec![Value::Bool(true), handle]), "(true, bucket#2)"),
            (Value::Stream(1), "stream#1"),
            (Value::Future(3), "future#3"),
            (Value::ErrorContext(4), "error-context#4"),
            (Value::Flags(vec!["read".into(), "run".into()]), "{read, run}"),
        ] {
            assert_eq!(text(&value), expected);
        }
    }

    #[test]
    fn fields_that_are_none_are_left_out() {
        let none = ("a".to_owned(), Value::Option(None));
        assert_eq!(text(&Value::Record(vec![none.clone()])), "{:}");
        assert_eq!(text(&Value::Record(vec![none, ("b".to_owned(), Value::U8(1))])), "{b: 1}");
    }
}
