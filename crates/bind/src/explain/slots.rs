//! A name for each core type that a value flattens to: the WIT path to what it
//! holds. `CanonicalABI.md`, "Flattening", gives their order.

use crate::model::{DefKind, Type, TypeId, World};

/// A name up to this length is kept; one beyond it is a number.
const LONGEST: usize = 120;

/// The same where cases share a payload, and are named one after another.
const LONGEST_JOINED: usize = 48;

/// The names of one world's types, relative to the value: `.data.ptr`.
pub(super) struct Names<'a> {
    world: &'a World,
    /// By the index of each type; none of a type that is never flat.
    suffixes: Vec<Vec<String>>,
}

impl<'a> Names<'a> {
    /// Parts come before wholes, so that one walk in order is enough.
    pub(super) fn new(world: &'a World) -> Names<'a> {
        let mut names = Names { world, suffixes: Vec::with_capacity(world.types.len()) };
        for id in world.types.ids() {
            let found = match world.flat(id) {
                Some(_) => names.find(id),
                None => Vec::new(),
            };
            names.suffixes.push(found);
        }
        names
    }

    /// The names of a value called `name`.
    pub(super) fn of(&self, name: &str, ty: TypeId) -> Vec<String> {
        self.suffixes(ty).iter().map(|suffix| format!("{name}{suffix}")).collect()
    }

    fn suffixes(&self, ty: TypeId) -> &[String] {
        self.suffixes.get(ty.index()).map(Vec::as_slice).unwrap_or_default()
    }

    fn find(&self, ty: TypeId) -> Vec<String> {
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
                DefKind::Alias(target) => self.suffixes(*target).to_vec(),
                DefKind::ResourceAlias(_) | DefKind::Resource(_) => Vec::new(),
            },
        }
    }

    fn record(&self, fields: impl Iterator<Item = (String, TypeId)>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (name, ty) in fields {
            for suffix in self.suffixes(ty) {
                let slot = names.len();
                let length = name.len() + suffix.len() + 1;
                names.push(if length > LONGEST {
                    format!(".*{slot}")
                } else {
                    format!(".{name}{suffix}")
                });
            }
        }
        names
    }

    fn variant(
        &self,
        ty: TypeId,
        payloads: impl IntoIterator<Item = (String, TypeId)>,
    ) -> Vec<String> {
        let slots = self.world.flat(ty).map_or(0, <[_]>::len).saturating_sub(1);
        let mut joined: Vec<String> = vec![String::new(); slots];
        for (name, ty) in payloads {
            let suffixes = self.suffixes(ty);
            for (slot, suffix) in joined.iter_mut().zip(suffixes) {
                let separator = if slot.is_empty() { '.' } else { '|' };
                if slot.len() <= LONGEST_JOINED {
                    slot.push(separator);
                    slot.push_str(&name);
                    slot.push_str(suffix);
                }
            }
        }
        let mut names = vec![".tag".to_owned()];
        names.extend(joined.into_iter().enumerate().map(|(index, slot)| {
            if slot.len() > LONGEST_JOINED { format!(".*{index}") } else { slot }
        }));
        names
    }
}
