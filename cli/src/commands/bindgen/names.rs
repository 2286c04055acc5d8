//! `bindgen --names`: what every item of the world is called. Settling that is left to
//! `joggle-bind`.

use joggle_bind::name::Named;
use serde::Serialize;

use super::{Bindings, Format};
use crate::render::Screen;

/// The whole list, for machines.
#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    language: &'static str,
    world: &'a str,
    names: Vec<Row<'a>>,
}

/// One item.
#[derive(Serialize)]
struct Row<'a> {
    /// As `[rename]` takes it.
    item: String,
    symbol: &'a str,
    /// Whether the configuration says so.
    renamed: bool,
}

impl<'a> Row<'a> {
    fn of(named: &'a Named) -> Row<'a> {
        Row { item: named.path.to_string(), symbol: &named.symbol, renamed: named.renamed }
    }
}

/// Prints the list.
pub fn show(bindings: &Bindings, format: Format, screen: &Screen) {
    let names: Vec<Row<'_>> = bindings.names.iter().map(Row::of).collect();
    match format {
        Format::Json => screen.json(&Document {
            schema_version: 1,
            language: bindings.language.id,
            world: &bindings.world,
            names,
        }),
        Format::Text => {
            let width = names.iter().map(|row| row.item.len()).max().unwrap_or(0);
            for row in names {
                let renamed = if row.renamed { screen.dim("  renamed") } else { String::new() };
                screen.line(&format!("{:width$}  {}{renamed}", row.item, row.symbol));
            }
        }
    }
}
