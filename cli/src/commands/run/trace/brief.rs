//! Values in a line of a trace: bytes as the text that they are, and nothing
//! longer than a line bears. JSON has all of it, in WAVE alone.

use joggle_host::Value;

/// Longer values are cut.
const LONGEST: usize = 160;

/// Of longer runs of bytes, this many characters or bytes are shown.
const TEXT: usize = 100;
const BYTES: usize = 16;

/// A value in few words.
pub fn brief(value: &Value) -> String {
    let text = shortened(value).to_wave();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The value without what would be cut anyway: a list may have millions of elements.
fn shortened(value: &Value) -> Value {
    let payload =
        |payload: &Option<Box<Value>>| payload.as_ref().map(|payload| Box::new(shortened(payload)));
    match value {
        Value::List(items) => match bytes(items) {
            Some(bytes) => Value::Enum(described(&bytes)),
            None => Value::List(items.iter().take(LONGEST).map(shortened).collect()),
        },
        Value::Map(pairs) => {
            let pairs = pairs.iter().take(LONGEST);
            Value::Map(pairs.map(|(key, value)| (shortened(key), shortened(value))).collect())
        }
        Value::String(text) => Value::String(text.chars().take(LONGEST).collect()),
        Value::Record(fields) => Value::Record(
            fields.iter().map(|(name, value)| (name.clone(), shortened(value))).collect(),
        ),
        Value::Tuple(items) => Value::Tuple(items.iter().map(shortened).collect()),
        Value::Variant(case, value) => Value::Variant(case.clone(), payload(value)),
        Value::Option(value) => Value::Option(payload(value)),
        Value::Result(Ok(value)) => Value::Result(Ok(payload(value))),
        Value::Result(Err(value)) => Value::Result(Err(payload(value))),
        plain => plain.clone(),
    }
}

/// The elements as bytes, if they are bytes and there are some.
fn bytes(items: &[Value]) -> Option<Vec<u8>> {
    let byte = |item: &Value| if let Value::U8(byte) = item { Some(*byte) } else { None };
    if items.is_empty() { None } else { items.iter().map(byte).collect() }
}

/// `b"text"`, or `x"00ff"` for what is no text.
fn described(bytes: &[u8]) -> String {
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.chars().all(is_text));
    let (shown, whole) = if let Some(text) = text {
        let shown: String = text.chars().take(TEXT).collect();
        let whole = shown.len() == bytes.len();
        (format!("b{}", Value::String(shown).to_wave()), whole)
    } else {
        let digits = bytes.iter().take(BYTES).map(|byte| format!("{byte:02x}"));
        (format!("x\"{}\"", digits.collect::<String>()), bytes.len() <= BYTES)
    };
    if whole { shown } else { format!("{shown}… {} bytes", bytes.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bytes: &[u8]) -> Value {
        Value::List(bytes.iter().map(|byte| Value::U8(*byte)).collect())
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(brief(&Value::U8(7)), "7");
        let long = Value::List(vec![Value::Char('☃'); 1_000]);
        let text = brief(&long);
        assert!(text.starts_with("['☃', '☃'") && text.ends_with('…'), "{text}");
        assert_eq!(text.chars().count(), LONGEST + 1);
        let long = Value::String("☃".repeat(LONGEST + 5));
        assert_eq!(brief(&long), format!("\"{}…", "☃".repeat(LONGEST - 1)));
    }

    #[test]
    fn bytes_are_shown_as_text_if_they_are_text() {
        assert_eq!(brief(&list(b"42\n")), r#"b"42\n""#);
        assert_eq!(brief(&list(b"")), "[]");
        assert_eq!(brief(&list(&[0, 255])), r#"x"00ff""#);
        assert_eq!(brief(&list(&[0x1b, b'[', b'm'])), r#"x"1b5b6d""#, "a terminal must not obey");
        let some = Value::Option(Some(Box::new(list(&[7; 300]))));
        assert_eq!(brief(&some), format!("some(x\"{}\"… 300 bytes)", "07".repeat(BYTES)));
        let long = list("ä".repeat(200).as_bytes());
        assert_eq!(brief(&long), format!("b\"{}\"… 400 bytes", "ä".repeat(TEXT)));
    }
}
