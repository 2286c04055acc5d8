//! What Rust bindings cannot express yet: async functions, streams, futures and error contexts.
//! All of it is found before anything is built, each item at its place in the WIT, so that
//! whatever comes after this need not think of it.

use joggle_bind::model::{Def, DefKind, Function, FunctionId, FunctionKind, Type, TypeId};
use joggle_bind::{World, name};
use joggle_load::Wit;
use wit_parser::Span;

use crate::depth;
use crate::options::Options;
use crate::problem::Problem;
use crate::sync::Filters;

/// More flags than the widest integer of Rust has bits.
const MOST_FLAGS: usize = 128;

/// Finds everything that cannot be expressed.
pub fn refuse(wit: &Wit, world: &World, options: &Options, problems: &mut Vec<Problem>) {
    let mut sync = Filters::new(&options.sync);
    let mut finder = Finder { wit, world, seen: Vec::new(), found: Vec::new() };
    // Beyond this point types can be gone down into.
    if finder.too_deep() {
        finder.tell(problems);
        return;
    }
    for (_, def) in world.defs.iter() {
        finder.def(def);
    }
    for (id, function) in world.functions.iter() {
        let blocks = sync.fit(&name::Path::function(world, id));
        if !options.skip.contains(&function.wit_name) {
            finder.function(id, function, blocks);
        }
    }
    finder.tell(problems);
    sync.unused(problems);
}

struct Finder<'a> {
    wit: &'a Wit,
    world: &'a World,
    /// An interface on both sides has everything twice.
    seen: Vec<(Span, &'static str)>,
    /// With the place in the WIT, by which problems are put in order.
    found: Vec<(Option<u32>, Problem)>,
}

impl Finder<'_> {
    /// Problems are told in the order in which a reader of the WIT meets them.
    fn tell(mut self, problems: &mut Vec<Problem>) {
        self.found.sort_by_key(|(place, _)| *place);
        problems.extend(self.found.into_iter().map(|(_, problem)| problem));
    }

    /// Whether a type is nested too deep; the first one is told, as all that hold it are.
    fn too_deep(&mut self) -> bool {
        let world = self.world;
        let deep = depth::too_deep(world);
        let is_deep = |ty: TypeId| deep.get(ty.index()).copied().unwrap_or_default();
        let defs = world.defs.iter().filter_map(|(id, def)| {
            let deep = world.def_type(id).is_some_and(is_deep);
            deep.then(|| (def.span, format!("the type `{}`", def.name)))
        });
        let functions = world.functions.values().filter_map(|function| {
            let mut types = function.params.iter().map(|param| param.ty).chain(function.result);
            let deep = types.any(is_deep);
            deep.then(|| (function.span, format!("the function `{}`", function.wit_name)))
        });
        let first = defs.chain(functions).next();
        if let Some((span, what)) = &first {
            let help = format!("nest types {} deep at most", depth::MOST);
            self.problem(*span, what, "types in types in types", &help);
        }
        first.is_some()
    }

    fn def(&mut self, def: &Def) {
        match &def.kind {
            DefKind::Record(fields) => {
                for field in fields {
                    self.ty(field.ty, field.span, &format!("the field `{}`", field.name));
                }
            }
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                for case in cases {
                    if let Some(ty) = case.ty {
                        self.ty(ty, case.span, &format!("the case `{}`", case.name));
                    }
                }
            }
            DefKind::Alias(ty) => self.ty(*ty, def.span, &format!("the type `{}`", def.name)),
            DefKind::Flags(flags) if flags.len() > MOST_FLAGS => self.problem(
                def.span,
                &format!("the flags `{}`", def.name),
                "more than 128 flags",
                "split them into several",
            ),
            DefKind::Flags(_) | DefKind::ResourceAlias(_) | DefKind::Resource(_) => {}
        }
    }

    fn function(&mut self, id: FunctionId, function: &Function, blocks: bool) {
        let path = name::Path::function(self.world, id).to_string();
        let short = path.rsplit('#').next().unwrap_or(&path).to_owned();
        let what = match function.kind {
            FunctionKind::Constructor(_) => format!("the constructor `{short}`"),
            FunctionKind::Free | FunctionKind::Method(_) | FunctionKind::Static(_) => {
                format!("the function `{short}`")
            }
        };
        if function.is_async && !blocks {
            let what = what.replacen("the ", "the async ", 1);
            self.problem(
                function.span,
                &what,
                "async",
                "take `async` away, or bind it as a function that blocks, with --sync",
            );
        }
        for param in &function.params {
            self.ty(param.ty, param.span, &format!("the parameter `{}` of {what}", param.name));
        }
        if let Some(result) = function.result {
            self.ty(result, function.span, &format!("the result of {what}"));
        }
    }

    fn ty(&mut self, ty: TypeId, span: Span, what: &str) {
        let Some(kind) = self.find(ty) else { return };
        self.problem(span, what, kind, "leave it out of the world that is bound");
    }

    /// What of this type cannot be expressed, other than through a name, which is reported where
    /// it stands.
    fn find(&self, ty: TypeId) -> Option<&'static str> {
        match &self.world.types[ty] {
            Type::Stream(_) => Some("a stream"),
            Type::Future(_) => Some("a future"),
            Type::ErrorContext => Some("an error context"),
            Type::List(inner) | Type::FixedLengthList(inner, _) | Type::Option(inner) => {
                self.find(*inner)
            }
            Type::Map(key, value) => self.find(*key).or_else(|| self.find(*value)),
            Type::Tuple(parts) => parts.iter().find_map(|part| self.find(*part)),
            Type::Result { ok, err } => ok.iter().chain(err).find_map(|part| self.find(*part)),
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
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Def(_) => None,
        }
    }

    fn problem(&mut self, span: Span, what: &str, label: &'static str, help: &str) {
        if self.seen.contains(&(span, label)) {
            return;
        }
        self.seen.push((span, label));
        let problem = joggle_bind::Problem::unsupported(self.wit, span, "Rust", what, label, help);
        let place = span.is_known().then(|| span.start());
        self.found.push((place, problem.into()));
    }
}
