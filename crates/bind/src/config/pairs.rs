//! A table of strings as pairs in the order of the file, for options of a language.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};

/// Reads a table whose values are strings; to be named in `#[serde(deserialize_with = "…")]`.
pub fn pairs<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<(String, String)>, D::Error> {
    reader.deserialize_map(Pairs)
}

/// Reads a table whose values are strings or lists of strings; a list is several pairs.
pub fn pairs_of_lists<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<Vec<(String, String)>, D::Error> {
    reader.deserialize_map(PairsOfLists)
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

struct PairsOfLists;

impl<'de> Visitor<'de> for PairsOfLists {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of lists of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, values)) = map.next_entry::<String, Vec<String>>()? {
            pairs.extend(values.into_iter().map(|value| (key.clone(), value)));
        }
        Ok(pairs)
    }
}
