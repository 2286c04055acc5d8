//! A name for each core type that a value flattens to: the WIT path to what it
//! holds. `CanonicalABI.md`, "Flattening", gives their order.

use std::collections::HashMap;

use crate::model::{DefKind, Type, TypeId, World};

/// A joined payload has the names of all its cases up to this length, then a number.
const LONGEST: usize = 48;

/// The names of one world's types, relative to the value: `.data.ptr`.
pub(super) struct Names<'a> {
    world: &'a World,
    known: HashMap<TypeId, Vec<String>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(world: &'a World) -> Names<'a> {
        Names { world, known: HashMap::new() }
    }

    /// The names of a value called `name`.
    pub(super) fn of(&mut self, name: &str, ty: TypeId) -> Vec<String> {
        self.suffixes(ty).iter().map(|suffix| format!("{name}{suffix}")).collect()
    }

    fn suffixes(&mut self, ty: TypeId) -> Vec<String> {
        if let Some(known) = self.known.get(&ty) {
            return known.clone();
        }
        let found = match self.world.flat(ty) {
            Some(_) => self.find(ty),
            None => Vec::new(),
        };
        self.known.insert(ty, found.clone());
        found
    }

    fn find(&mut self, ty: TypeId) -> Vec<String> {
        let world = self.world;
        match &world.types[ty] {
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
            | Type::Char
            | Type::ErrorContext
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Stream(_)
            | Type::Future(_) => vec![String::new()],
            Type::String | Type::List(_) | Type::Map(_, _) => {
                vec![".ptr".to_owned(), ".len".to_owned()]
            }
            Type::FixedLengthList(element, length) => {
                let names = (0..*length).map(|index| (index.to_string(), *element));
                self.record(names)
            }
            Type::Tuple(parts) => {
                let names = parts.iter().enumerate();
                self.record(names.map(|(index, ty)| (index.to_string(), *ty)))
            }
            Type::Option(some) => self.variant(ty, [("some".to_owned(), *some)]),
            Type::Result { ok, err } => {
                let ok = ok.map(|ty| ("ok".to_owned(), ty));
                let err = err.map(|ty| ("err".to_owned(), ty));
                self.variant(ty, ok.into_iter().chain(err))
            }
            Type::Def(def) => match &world.defs[*def].kind {
                DefKind::Record(fields) => {
                    self.record(fields.iter().map(|field| (field.name.clone(), field.ty)))
                }
                DefKind::Variant(cases) => {
                    let payloads = cases.iter().filter_map(|case| Some((&case.name, case.ty?)));
                    self.variant(ty, payloads.map(|(name, ty)| (name.clone(), ty)))
                }
                DefKind::Flags(_) => match world.flags(ty).map_or(1, |flags| flags.words) {
                    1 => vec![String::new()],
                    words => (0..words).map(|word| format!(".{word}")).collect(),
                },
                DefKind::Enum(_) => vec![String::new()],
                DefKind::Alias(target) => self.suffixes(*target),
                DefKind::ResourceAlias(_) | DefKind::Resource(_) => Vec::new(),
            },
        }
    }

    fn record(&mut self, fields: impl Iterator<Item = (String, TypeId)>) -> Vec<String> {
        let mut names = Vec::new();
        for (name, ty) in fields {
            let suffixes = self.suffixes(ty);
            names.extend(suffixes.iter().map(|suffix| format!(".{name}{suffix}")));
        }
        names
    }

    fn variant(
        &mut self,
        ty: TypeId,
        payloads: impl IntoIterator<Item = (String, TypeId)>,
    ) -> Vec<String> {
        let slots = self.world.flat(ty).map_or(0, <[_]>::len).saturating_sub(1);
        let mut joined: Vec<String> = vec![String::new(); slots];
        for (name, ty) in payloads {
            let suffixes = self.suffixes(ty);
            for (slot, suffix) in joined.iter_mut().zip(&suffixes) {
                let separator = if slot.is_empty() { '.' } else { '|' };
                if slot.len() <= LONGEST {
                    slot.push(separator);
                    slot.push_str(&name);
                    slot.push_str(suffix);
                }
            }
        }
        let mut names = vec![".tag".to_owned()];
        names.extend(
            joined.into_iter().enumerate().map(|(index, slot)| {
                if slot.len() > LONGEST { format!(".*{index}") } else { slot }
            }),
        );
        names
    }
}
