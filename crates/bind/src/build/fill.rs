//! Definitions get their fields, interfaces and the world their functions.

use wit_parser::{
    AccessorKind, Function as Origin, FunctionKind as OriginKind, PackageName, Resolve,
    TypeDefKind, World as OriginWorld, WorldItem, WorldKey,
};

use super::declare::{Declaration, Declared, resource};
use super::interfaces::Site;
use super::intern::{Foreign, Interned};
use super::tables::{docs, package, stability};
use crate::abi;
use crate::model::{
    Accessor, Arena, Case, Def, DefKind, Field, Flag, Function, FunctionId, FunctionKind,
    Interface, Item, Param, Resource, Side, World,
};

/// What all items are made from.
pub(super) struct Parts<'a> {
    pub(super) resolve: &'a Resolve,
    pub(super) flattened: &'a abi::Flattened,
    pub(super) sites: &'a [Site<'a>],
    pub(super) declared: &'a Declared,
    pub(super) types: &'a Interned,
}

/// Puts the world together; what the ABI says of its types is left out.
pub(super) fn world(
    of: &OriginWorld,
    name: &PackageName,
    interfaces: Arena<Interface>,
    parts: &Parts<'_>,
) -> Result<World, Foreign> {
    let mut world = World {
        name: of.name.clone(),
        package: package(name),
        docs: docs(&of.docs),
        stability: stability(&of.stability),
        span: of.span,
        imports: Vec::new(),
        exports: Vec::new(),
        interfaces,
        defs: Arena::new(),
        types: parts.types.types.clone(),
        functions: Arena::new(),
        def_types: parts.types.of_defs(parts.declared.order.len()),
        abi: abi::Tables::default(),
    };
    for site in parts.sites {
        parts.site(&mut world, site)?;
    }
    // Beyond this point every function has its id, and resources can list theirs.
    let mut members = members(&world.functions, parts.declared.order.len());
    for (declaration, members) in parts.declared.order.iter().zip(&mut members) {
        let def = parts.def(declaration, std::mem::take(members))?;
        let id = world.defs.push(def);
        if let Some(interface) = parts.sites[declaration.site].interface {
            world.interfaces[interface].defs.push(id);
        }
    }
    Ok(world)
}

/// The functions of each resource.
fn members(functions: &Arena<Function>, defs: usize) -> Vec<Vec<FunctionId>> {
    let mut members = vec![Vec::new(); defs];
    for (id, function) in functions.iter() {
        if let Some(def) = function.kind.resource() {
            members[def.index()].push(id);
        }
    }
    members
}

impl Parts<'_> {
    /// Adds an item of the world, with its functions.
    fn site(&self, world: &mut World, site: &Site<'_>) -> Result<(), Foreign> {
        let item = match site.item {
            WorldItem::Interface { id, .. } => {
                let Some(interface) = site.interface else { return Ok(()) };
                for function in self.resolve.interfaces[*id].functions.values() {
                    let function = self.function(site, Some(site.key), function)?;
                    let id = world.functions.push(function);
                    world.interfaces[interface].functions.push(id);
                }
                Item::Interface(interface)
            }
            WorldItem::Function(function) => {
                let function = self.function(site, None, function)?;
                Item::Function(world.functions.push(function))
            }
            WorldItem::Type { id, .. } => Item::Def(self.declared.get(*id).ok_or(Foreign(*id))?),
        };
        match site.side {
            Side::Import => world.imports.push(item),
            Side::Export => world.exports.push(item),
        }
        Ok(())
    }

    fn function(
        &self,
        site: &Site<'_>,
        key: Option<&WorldKey>,
        of: &Origin,
    ) -> Result<Function, Foreign> {
        let kind = self.kind(&of.kind)?;
        let params = of.params.iter().map(|param| {
            Ok(Param { name: param.name.clone(), ty: self.types.of(&param.ty)?, span: param.span })
        });
        Ok(Function {
            name: own_name(of).to_owned(),
            wit_name: of.name.clone(),
            kind,
            accessor: of.kind.accessor().map(|kind| match kind {
                AccessorKind::Getter => Accessor::Get,
                AccessorKind::Setter => Accessor::Set,
            }),
            is_async: of.kind.is_async(),
            interface: site.interface,
            side: site.side,
            params: params.collect::<Result<_, _>>()?,
            result: self.types.optional(of.result.as_ref())?,
            docs: docs(&of.docs),
            stability: stability(&of.stability),
            span: of.span,
            core: abi::core(self.flattened, key, of, site.side),
        })
    }

    fn kind(&self, kind: &OriginKind) -> Result<FunctionKind, Foreign> {
        let def = |id| {
            let found = resource(self.resolve, id).and_then(|id| self.declared.get(id));
            found.ok_or(Foreign(id))
        };
        Ok(match kind {
            OriginKind::Freestanding
            | OriginKind::AsyncFreestanding
            | OriginKind::Getter
            | OriginKind::Setter => FunctionKind::Free,
            OriginKind::Method(id)
            | OriginKind::AsyncMethod(id)
            | OriginKind::MethodGetter(id)
            | OriginKind::MethodSetter(id) => FunctionKind::Method(def(*id)?),
            OriginKind::Static(id)
            | OriginKind::AsyncStatic(id)
            | OriginKind::StaticGetter(id)
            | OriginKind::StaticSetter(id) => FunctionKind::Static(def(*id)?),
            OriginKind::Constructor(id) => FunctionKind::Constructor(def(*id)?),
        })
    }

    fn def(&self, declaration: &Declaration, members: Vec<FunctionId>) -> Result<Def, Foreign> {
        let of = &self.resolve.types[declaration.origin];
        Ok(Def {
            name: of.name.clone().unwrap_or_default(),
            owner: declaration.owner,
            kind: self.def_kind(declaration, members)?,
            docs: docs(&of.docs),
            stability: stability(&of.stability),
            span: of.span,
            same_as: None,
        })
    }

    fn def_kind(
        &self,
        declaration: &Declaration,
        functions: Vec<FunctionId>,
    ) -> Result<DefKind, Foreign> {
        let id = declaration.origin;
        Ok(match &self.resolve.types[id].kind {
            TypeDefKind::Record(record) => DefKind::Record(self.fields(record)?),
            TypeDefKind::Variant(variant) => DefKind::Variant(self.cases(variant)?),
            TypeDefKind::Enum(of) => DefKind::Enum(enum_cases(of)),
            TypeDefKind::Flags(flags) => DefKind::Flags(bits(flags)),
            TypeDefKind::Resource => {
                let site = &self.sites[declaration.site];
                let key = site.interface.map(|_| site.key);
                let core = abi::resource(self.resolve, key, id, site.side);
                DefKind::Resource(Resource { functions, core })
            }
            TypeDefKind::Type(_) => match resource(self.resolve, id) {
                Some(found) => {
                    DefKind::ResourceAlias(self.declared.get(found).ok_or(Foreign(found))?)
                }
                None => DefKind::Alias(self.types.target(id)?),
            },
            TypeDefKind::Handle(_)
            | TypeDefKind::Tuple(_)
            | TypeDefKind::Option(_)
            | TypeDefKind::Result(_)
            | TypeDefKind::List(_)
            | TypeDefKind::Map(_, _)
            | TypeDefKind::FixedLengthList(_, _)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_) => DefKind::Alias(self.types.target(id)?),
            TypeDefKind::Unknown => return Err(Foreign(id)),
        })
    }

    fn fields(&self, record: &wit_parser::Record) -> Result<Vec<Field>, Foreign> {
        let fields = record.fields.iter().map(|field| {
            Ok(Field {
                name: field.name.clone(),
                ty: self.types.of(&field.ty)?,
                docs: docs(&field.docs),
                span: field.span,
            })
        });
        fields.collect()
    }

    fn cases(&self, variant: &wit_parser::Variant) -> Result<Vec<Case>, Foreign> {
        let cases = variant.cases.iter().map(|case| {
            Ok(Case {
                name: case.name.clone(),
                ty: self.types.optional(case.ty.as_ref())?,
                docs: docs(&case.docs),
                span: case.span,
            })
        });
        cases.collect()
    }
}

fn enum_cases(of: &wit_parser::Enum) -> Vec<Case> {
    let cases = of.cases.iter().map(|case| Case {
        name: case.name.clone(),
        ty: None,
        docs: docs(&case.docs),
        span: case.span,
    });
    cases.collect()
}

fn bits(of: &wit_parser::Flags) -> Vec<Flag> {
    let flags = of.flags.iter().map(|flag| Flag {
        name: flag.name.clone(),
        docs: docs(&flag.docs),
        span: flag.span,
    });
    flags.collect()
}

/// The name of a function by itself: what stands after brackets and the resource.
fn own_name(of: &Origin) -> &str {
    match &of.kind {
        OriginKind::Constructor(_) => "",
        OriginKind::Freestanding
        | OriginKind::AsyncFreestanding
        | OriginKind::Getter
        | OriginKind::Setter
        | OriginKind::Method(_)
        | OriginKind::AsyncMethod(_)
        | OriginKind::MethodGetter(_)
        | OriginKind::MethodSetter(_)
        | OriginKind::Static(_)
        | OriginKind::AsyncStatic(_)
        | OriginKind::StaticGetter(_)
        | OriginKind::StaticSetter(_) => of.item_name(),
    }
}
