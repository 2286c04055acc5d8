//! How each definition is used: by which functions, in which direction, and as an error. What
//! comes of that for its Rust type is left to `spell`.

use joggle_bind::World;
use joggle_bind::model::{Def, DefId, DefKind, Function, Side, Type, TypeId};

/// How the functions of a world use a definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// It goes into an import.
    pub into_import: bool,
    /// It comes out of a function, or goes into an export: someone owns it.
    pub owned: bool,
    /// A function fails with it.
    pub error: bool,
}

impl Usage {
    /// Whether any function uses it.
    #[must_use]
    pub fn is_used(self) -> bool {
        self.into_import || self.owned
    }
}

/// The usage of each definition, by its index.
#[must_use]
pub fn usage(world: &World) -> Vec<Usage> {
    let mut table = Table { world, usage: vec![Usage::default(); world.defs.len()] };
    for (_, function) in world.functions.iter() {
        table.function(function);
    }
    table.unite();
    table.usage
}

struct Table<'a> {
    world: &'a World,
    usage: Vec<Usage>,
}

impl Table<'_> {
    fn function(&mut self, function: &Function) {
        for param in &function.params {
            self.mark(
                param.ty,
                match function.side {
                    Side::Import => Usage { into_import: true, ..Usage::default() },
                    Side::Export => Usage { owned: true, ..Usage::default() },
                },
            );
        }
        if let Some(result) = function.result {
            self.mark(result, Usage { owned: true, ..Usage::default() });
            if let Type::Result { err: Some(err), .. } = self.world.types[result] {
                self.mark_error(err);
            }
        }
    }

    /// Marks all definitions in a type. Each is entered once for each new fact, so that the work
    /// grows with the number of types.
    fn mark(&mut self, ty: TypeId, how: Usage) {
        match &self.world.types[ty] {
            Type::List(inner)
            | Type::FixedLengthList(inner, _)
            | Type::Option(inner)
            | Type::Stream(Some(inner))
            | Type::Future(Some(inner)) => self.mark(*inner, how),
            Type::Map(key, value) => {
                self.mark(*key, how);
                self.mark(*value, how);
            }
            Type::Tuple(parts) => parts.iter().for_each(|part| self.mark(*part, how)),
            Type::Result { ok, err } => {
                ok.iter().chain(err).for_each(|part| self.mark(*part, how));
            }
            Type::Def(def) | Type::Own(def) | Type::Borrow(def) => self.mark_def(*def, how),
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
            | Type::String
            | Type::ErrorContext
            | Type::Stream(None)
            | Type::Future(None) => {}
        }
    }

    fn mark_def(&mut self, def: DefId, how: Usage) {
        let usage = &mut self.usage[def.index()];
        let before = *usage;
        usage.into_import |= how.into_import;
        usage.owned |= how.owned;
        if before == *usage {
            return;
        }
        match &self.world.defs[def].kind {
            DefKind::Record(fields) => fields.iter().for_each(|field| self.mark(field.ty, how)),
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                cases.iter().filter_map(|case| case.ty).for_each(|ty| self.mark(ty, how));
            }
            DefKind::Alias(ty) => self.mark(*ty, how),
            DefKind::ResourceAlias(target) => self.mark_def(*target, how),
            DefKind::Flags(_) | DefKind::Resource(_) => {}
        }
    }

    /// The definition behind the aliases of an error.
    fn mark_error(&mut self, ty: TypeId) {
        let Type::Def(def) = &self.world.types[ty] else { return };
        self.usage[def.index()].error = true;
        match &self.world.defs[*def].kind {
            DefKind::Alias(target) => self.mark_error(*target),
            DefKind::Record(_)
            | DefKind::Variant(_)
            | DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => {}
        }
    }

    /// United definitions are one Rust type, which is used as all of them are.
    fn unite(&mut self) {
        let same: Vec<(DefId, DefId)> = self.same().collect();
        for (def, target) in &same {
            let from = self.usage[def.index()];
            if from.is_used() {
                // Whatever the target holds is used likewise.
                self.mark_def(*target, from);
            }
            self.usage[target.index()].error |= from.error;
        }
        for (def, target) in same {
            self.usage[def.index()] = self.usage[target.index()];
        }
    }

    fn same(&self) -> impl Iterator<Item = (DefId, DefId)> {
        let of = |(id, def): (DefId, &Def)| def.same_as.map(|target| (id, target));
        self.world.defs.iter().filter_map(of)
    }
}
