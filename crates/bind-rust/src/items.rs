//! Options for single items, out of `[rust.items."…"]` of a `joggle.toml`. They become the same
//! attributes that the command line can ask for; giving them to types is left to `types`.

use joggle_bind::World;
use joggle_bind::config::{ConfigError, Item};
use joggle_bind::model::{DefId, DefKind, Owner};
use joggle_bind::name::Path;
use joggle_diag::closest;
use serde::{Deserialize, Serialize};

use crate::options::Options;

/// What can be said of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct ItemOptions {
    /// Derives for a record, variant or enum, such as `Hash`.
    pub derive: Vec<String>,
    /// Attributes for one of these, or for a field or case: `#[serde(skip)]`.
    pub attributes: Vec<String>,
}

/// What takes options, and the selector by which `Options` names it.
struct Target {
    path: Path,
    selector: String,
    is_member: bool,
}

impl Options {
    /// Adds what is said of single items of a world. Errors are patterns that fit nothing, and
    /// derives for what cannot have them.
    pub fn add_items(
        &mut self,
        world: &World,
        items: &[Item<ItemOptions>],
        errors: &mut Vec<ConfigError>,
    ) {
        let targets = if items.is_empty() { Vec::new() } else { targets(world) };
        for item in items {
            let fits = |target: &&Target| {
                item.pattern.covers(&target.path)
                    && (!target.is_member || item.options.derive.is_empty())
            };
            let fitting: Vec<&Target> = targets.iter().filter(fits).collect();
            if fitting.is_empty() {
                errors.push(unused(item, &targets));
            }
            for target in fitting {
                self.add_item(target, &item.options);
            }
        }
    }

    fn add_item(&mut self, target: &Target, options: &ItemOptions) {
        let attributes = if target.is_member {
            &mut self.additional_member_attributes
        } else {
            &mut self.additional_type_attributes
        };
        if !options.derive.is_empty() {
            let derive = format!("#[derive({})]", options.derive.join(", "));
            attributes.push((target.selector.clone(), derive));
        }
        let named = options.attributes.iter().map(|text| (target.selector.clone(), text.clone()));
        attributes.extend(named);
    }
}

/// Everything that takes options, in the order of the world.
fn targets(world: &World) -> Vec<Target> {
    let mut targets = Vec::new();
    for (id, def) in world.defs.iter() {
        let members: Vec<&str> = match &def.kind {
            DefKind::Record(fields) => fields.iter().map(|field| field.name.as_str()).collect(),
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                cases.iter().map(|case| case.name.as_str()).collect()
            }
            DefKind::Flags(_)
            | DefKind::Alias(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => continue,
        };
        let (path, selector) = (Path::def(world, id), selector(world, id));
        for member in members {
            targets.push(Target {
                path: path.clone().member(member),
                selector: format!("{selector}.{member}"),
                is_member: true,
            });
        }
        targets.push(Target { path, selector, is_member: false });
    }
    targets
}

/// The name of a type as `additional-type-attributes` has it.
fn selector(world: &World, id: DefId) -> String {
    let def = &world.defs[id];
    let holder = match def.owner {
        Owner::Interface(interface) => &world.interfaces[interface].import_module,
        Owner::World => &world.name,
    };
    format!("{holder}/{}", def.name)
}

fn unused(item: &Item<ItemOptions>, targets: &[Target]) -> ConfigError {
    let pattern = item.pattern.to_string();
    let brief = |target: &Target| target.path.as_brief_as(&item.pattern).to_string();
    let known: Vec<String> = targets.iter().map(brief).collect();
    let is_member = |target: &&Target| target.is_member && item.pattern.covers(&target.path);
    let help = if targets.iter().find(is_member).is_some() {
        "a field or case has `attributes` only: say `derive` of the whole type".to_owned()
    } else if let Some(near) = closest(&pattern, known.iter().map(String::as_str)) {
        format!("did you mean `{near}`?")
    } else {
        "options are for records, variants and enums, and their fields and cases: \
         `interface#type` or `interface#type.member`"
            .to_owned()
    };
    ConfigError::UnusedItem { pattern, text: item.source.clone(), at: item.at, help }
}
