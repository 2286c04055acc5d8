//! Names everything in a world, in the order of its WIT. What is asked for later is in [`Names`].

use std::collections::{BTreeMap, BTreeSet};

use joggle_bind::World;
use joggle_bind::model::{
    Accessor, DefId, DefKind, FunctionId, FunctionKind, InterfaceId, Item, Key, Package, Side,
};
use joggle_bind::name::{self, Case, Name, Path, Scope};
use proc_macro2::Ident;

use super::{Names, rust};

/// Names of locals in the bodies of generated functions, which no parameter may hide.
pub(crate) const LOCALS: &[&str] = &["area", "guest", "handle", "result", "with_area"];

/// Methods that every imported resource has.
const RESOURCE_METHODS: &[&str] = &["from_handle", "handle", "take_handle"];

/// Functions of every fake, beside those of its interface.
const FAKE_FUNCTIONS: &[&str] = &["current", "install"];

/// Constructors that generated code names without a path. Flags become a tuple struct, which
/// would hide them.
const CONSTRUCTORS: &[&str] = &["Err", "None", "Ok", "Some"];

/// What exports bring into the root. A world without them has these names for its imports.
fn made_at_root(world: &World) -> Vec<&'static str> {
    let mut made = BTreeSet::new();
    for item in &world.exports {
        match item {
            Item::Interface(_) => made.insert("exports"),
            Item::Function(_) => made.insert("Guest"),
            Item::Def(_) => false,
        };
    }
    made.into_iter().collect()
}

/// Names everything in a world, in the order of its WIT.
#[must_use]
pub fn names(world: &World, duplicate: bool, names: &mut name::Names) -> Names {
    let mut all = Namer::new(world, duplicate, names);
    all.world_types();
    for item in world.imports.iter().chain(&world.exports) {
        match item {
            Item::Interface(id) => all.interface(*id),
            Item::Function(id) => all.world_function(*id),
            Item::Def(_) => {}
        }
    }
    all.finish()
}

/// A module while it is named: types and modules in one scope, functions in another.
#[derive(Debug)]
struct Place {
    types: Scope,
    values: Scope,
    /// What the trait `Guest` holds.
    guest: Scope,
    declared: BTreeSet<String>,
}

struct Namer<'a> {
    world: &'a World,
    names: &'a mut name::Names,
    duplicate: bool,
    root: Place,
    exports: Scope,
    /// Namespaces by side, with the scope of their packages.
    namespaces: BTreeMap<(Side, String), (Ident, Scope)>,
    packages: BTreeMap<(Side, String), (Ident, Scope)>,
    /// The versions of each package that take part.
    versions: BTreeMap<String, BTreeSet<String>>,
    /// Functions as the scopes named them, for names that follow theirs.
    functions: BTreeMap<FunctionId, name::Ident>,
    resources: BTreeMap<DefId, name::Ident>,
    done: Names,
}

const NOTHING: &str = "_unnamed";

impl<'a> Namer<'a> {
    fn new(world: &'a World, duplicate: bool, names: &'a mut name::Names) -> Self {
        let mut types = Scope::root(&name::RUST);
        let made = made_at_root(world);
        types.reserve(made.iter().copied());
        types.reserve(CONSTRUCTORS.iter().copied());
        let values = types.beside();
        // `exports` is reserved, so that this is no name of the world's.
        let exports = Scope::root(&name::RUST).generated(&Name::new("exports"), Case::Snake);
        let exports = types.inner(&exports);
        let nothing = || rust(NOTHING);
        let interfaces = world.interfaces.len();
        Self {
            world,
            names,
            duplicate,
            exports,
            functions: BTreeMap::new(),
            resources: BTreeMap::new(),
            root: Place {
                guest: types.inner(&guest()),
                types,
                values,
                declared: made.into_iter().map(str::to_owned).collect(),
            },
            namespaces: BTreeMap::new(),
            packages: BTreeMap::new(),
            versions: versions(world),
            done: Names {
                defs: vec![nothing(); world.defs.len()],
                members: vec![Vec::new(); world.defs.len()],
                forms: vec![None; world.defs.len()],
                borrows: vec![None; world.defs.len()],
                guest_resources: vec![None; world.defs.len()],
                functions: vec![nothing(); world.functions.len()],
                params: vec![Vec::new(); world.functions.len()],
                modules: vec![Vec::new(); interfaces],
                elsewhere: vec![nothing(); interfaces],
                guest: rust("Guest"),
                fakes: vec![nothing(); interfaces],
                world_fake: nothing(),
                fake_traits: vec![None; world.defs.len()],
                fake_makers: vec![None; world.defs.len()],
                fake_methods: vec![None; world.functions.len()],
                export_macro: nothing(),
                stub: nothing(),
                alloc: nothing(),
                declared: vec![BTreeSet::new(); interfaces],
                declared_in_root: BTreeSet::new(),
            },
        }
    }

    fn world_types(&mut self) {
        let items = self.world.imports.iter().chain(&self.world.exports);
        let defs: Vec<DefId> = items
            .filter_map(|item| match item {
                Item::Def(id) => Some(*id),
                Item::Interface(_) | Item::Function(_) => None,
            })
            .collect();
        let mut root = self.root.take();
        self.defs(&mut root, &defs);
        self.root = root;
    }

    fn world_function(&mut self, id: FunctionId) {
        let mut root = self.root.take();
        let function = &self.world.functions[id];
        match function.kind {
            // Methods of the world's resources were named with their types.
            FunctionKind::Method(_) | FunctionKind::Static(_) | FunctionKind::Constructor(_) => {}
            FunctionKind::Free => match function.side {
                Side::Import => self.function(&mut root.values, id),
                Side::Export => self.function(&mut root.guest, id),
            },
        }
        self.root = root;
    }

    fn interface(&mut self, id: InterfaceId) {
        let (path, types) = self.module(id);
        let interface = &self.world.interfaces[id];
        let mut place = Place {
            values: types.beside(),
            guest: types.inner(&guest()),
            types,
            declared: BTreeSet::new(),
        };
        place.types.reserve(CONSTRUCTORS.iter().copied());
        // Only what is exported has a trait; in an import the name is the world's to use.
        if interface.side == Side::Export {
            place.types.reserve(["Guest"]);
            place.declared.insert("Guest".to_owned());
        }
        self.defs(&mut place, &interface.defs);
        for function in &interface.functions {
            if self.world.functions[*function].kind == FunctionKind::Free {
                let scope = match interface.side {
                    Side::Import => &mut place.values,
                    Side::Export => &mut place.guest,
                };
                self.function(scope, *function);
            }
        }
        if interface.side == Side::Import {
            let fake = place.types.generated(&Name::new("fake"), Case::Snake);
            self.done.fakes[id.index()] = rust(fake.as_str());
            self.fake(&place.types.inner(&fake), &interface.defs, &interface.functions);
        }
        self.done.modules[id.index()] = path;
        self.done.declared[id.index()] = place.declared;
    }

    /// The module of an interface: its path from the root, and an empty scope.
    fn module(&mut self, id: InterfaceId) -> (Vec<Ident>, Scope) {
        let interface = &self.world.interfaces[id];
        let side = interface.side;
        let path = Path::interface(self.world, id);
        let mut segments = Vec::new();
        if side == Side::Export {
            segments.push(rust("exports"));
        }
        let (ident, scope) = match &interface.key {
            Key::Inline(name) => {
                let scope = match side {
                    Side::Import => &mut self.root.types,
                    Side::Export => &mut self.exports,
                };
                let ident = scope.declare(self.names, &Name::new(name), Case::Snake, path);
                if side == Side::Import {
                    self.root.declared.insert(ident.to_string());
                }
                let inner = scope.inner(&ident);
                (ident, inner)
            }
            Key::Id { package, name } => {
                self.package(side, package, &mut segments);
                let key = (side, package_key(package));
                let scope = self.packages.get_mut(&key).map_or(&mut self.exports, |(_, s)| s);
                let ident = scope.declare(self.names, &Name::new(name), Case::Snake, path);
                let inner = scope.inner(&ident);
                (ident, inner)
            }
        };
        segments.push(rust(ident.as_str()));
        (segments, scope)
    }

    /// Names the modules of a namespace and of a package, once each.
    fn package(&mut self, side: Side, package: &Package, segments: &mut Vec<Ident>) {
        let namespace = (side, package.namespace.clone());
        if !self.namespaces.contains_key(&namespace) {
            let scope = match side {
                Side::Import => &mut self.root.types,
                Side::Export => &mut self.exports,
            };
            let path = Path::namespace(side, &package.namespace);
            let name = Name::new(&package.namespace);
            let ident = scope.declare(self.names, &name, Case::Snake, path);
            if side == Side::Import {
                self.root.declared.insert(ident.to_string());
            }
            let inner = scope.inner(&ident);
            self.namespaces.insert(namespace.clone(), (rust(ident.as_str()), inner));
        }
        let several = self.versions.get(&unversioned(package)).is_some_and(|all| all.len() > 1);
        let Some((ident, scope)) = self.namespaces.get_mut(&namespace) else { return };
        segments.push(ident.clone());
        let entry = self.packages.entry((side, package_key(package))).or_insert_with(|| {
            let name = Name::new(&package.name);
            let name = match &package.version {
                Some(version) if several => name.with_version(version),
                Some(_) | None => name,
            };
            let path = Path::package(side, package);
            let ident = scope.declare(self.names, &name, Case::Snake, path);
            let inner = scope.inner(&ident);
            (rust(ident.as_str()), inner)
        });
        segments.push(entry.0.clone());
    }

    /// Names types, what they consist of, and what goes with them.
    fn defs(&mut self, place: &mut Place, defs: &[DefId]) {
        let mut idents = Vec::new();
        for id in defs {
            let def = &self.world.defs[*id];
            let path = Path::def(self.world, *id);
            let ident = place.types.declare(self.names, &Name::new(&def.name), Case::Pascal, path);
            place.declared.insert(ident.to_string());
            self.done.defs[id.index()] = rust(ident.as_str());
            let mut inner = place.types.inner(&ident);
            self.members(*id, &mut inner);
            idents.push((*id, ident));
        }
        for (id, ident) in idents {
            let guest = self.companions(place, id, &ident);
            if let DefKind::Resource(resource) = &self.world.defs[id].kind {
                let mut scope = place.types.inner(guest.as_ref().unwrap_or(&ident));
                self.methods(id, &resource.functions, &mut scope);
                self.resources.insert(id, ident);
            }
        }
    }

    fn members(&mut self, id: DefId, scope: &mut Scope) {
        let def = &self.world.defs[id];
        let (names, case): (Vec<&str>, Case) = match &def.kind {
            DefKind::Record(fields) => {
                (fields.iter().map(|field| field.name.as_str()).collect(), Case::Snake)
            }
            DefKind::Variant(cases) | DefKind::Enum(cases) => {
                (cases.iter().map(|case| case.name.as_str()).collect(), Case::Pascal)
            }
            DefKind::Flags(flags) => {
                (flags.iter().map(|flag| flag.name.as_str()).collect(), Case::ScreamingSnake)
            }
            // Functions of resources are named once it is known what the trait is called.
            DefKind::Alias(_) | DefKind::ResourceAlias(_) | DefKind::Resource(_) => return,
        };
        let members = names
            .into_iter()
            .map(|name| {
                let path = Path::def(self.world, id).member(name);
                rust(scope.declare(self.names, &Name::new(name), case, path).as_str())
            })
            .collect();
        self.done.members[id.index()] = members;
    }

    fn methods(&mut self, resource: DefId, functions: &[FunctionId], scope: &mut Scope) {
        if self.world.def_side(resource) == Side::Import {
            scope.reserve(RESOURCE_METHODS.iter().copied());
        }
        for id in functions {
            self.function(scope, *id);
        }
    }

    fn function(&mut self, scope: &mut Scope, id: FunctionId) {
        let function = &self.world.functions[id];
        let name = match (function.kind, function.accessor) {
            (FunctionKind::Constructor(_), _) => Name::new("new"),
            (_, Some(Accessor::Set)) => Name::new(&function.name).after("set"),
            (_, Some(Accessor::Get) | None) => Name::new(&function.name),
        };
        let path = Path::function(self.world, id);
        let ident = scope.declare(self.names, &name, Case::Snake, path);
        let mut locals = scope.inner(&ident);
        locals.reserve(LOCALS.iter().copied());
        let is_method = matches!(function.kind, FunctionKind::Method(_));
        let params = function.params.iter().enumerate().map(|(index, param)| {
            if is_method && index == 0 {
                return rust("self");
            }
            let path = Path::function(self.world, id).parameter(&param.name);
            rust(locals.declare(self.names, &Name::new(&param.name), Case::Snake, path).as_str())
        });
        self.done.params[id.index()] = params.collect();
        self.done.functions[id.index()] = rust(ident.as_str());
        self.functions.insert(id, ident);
    }

    /// What stands in the module of a fake: traits, what makes handles, and the methods of the
    /// trait `Fake`, which has constructors and static functions among them.
    fn fake(&mut self, module: &Scope, defs: &[DefId], functions: &[FunctionId]) {
        let mut types = module.clone();
        types.reserve(["Fake"]);
        let mut values = module.beside();
        values.reserve(FAKE_FUNCTIONS.iter().copied());
        let mut methods = module.beside();
        for id in functions {
            if self.world.functions[*id].kind == FunctionKind::Free
                && let Some(ident) = self.functions.get(id)
            {
                let method = methods.derived("", ident, "");
                self.done.fake_methods[id.index()] = Some(rust(method.as_str()));
            }
        }
        for id in defs {
            let def = &self.world.defs[*id];
            let DefKind::Resource(resource) = &def.kind else { continue };
            let Some(ident) = self.resources.get(id) else { continue };
            let fake = types.derived("Fake", ident, "");
            self.done.fake_traits[id.index()] = Some(rust(fake.as_str()));
            let maker = values.generated(&Name::new(&def.name), Case::Snake);
            self.done.fake_makers[id.index()] = Some(rust(maker.as_str()));
            for function in &resource.functions {
                let name = &self.world.functions[*function];
                let name = match name.kind {
                    FunctionKind::Constructor(_) => Name::new(&def.name).after("new"),
                    FunctionKind::Static(_) => Name::new(&name.name).after(&def.name),
                    FunctionKind::Free | FunctionKind::Method(_) => continue,
                };
                let method = methods.generated(&name, Case::Snake);
                self.done.fake_methods[function.index()] = Some(rust(method.as_str()));
            }
        }
    }

    /// `GuestX`, `XBorrow`, `XParam` and `XResult`, which follow the name of `X`.
    fn companions(
        &mut self,
        place: &mut Place,
        id: DefId,
        ident: &name::Ident,
    ) -> Option<name::Ident> {
        let resource = match self.world.defs[id].kind {
            DefKind::Resource(_) => id,
            DefKind::ResourceAlias(target) => target,
            DefKind::Record(_) | DefKind::Variant(_) | DefKind::Alias(_) => {
                if self.duplicate {
                    let owned = place.derived("", ident, "Result");
                    let borrowed = place.derived("", ident, "Param");
                    let forms = (rust(owned.as_str()), rust(borrowed.as_str()));
                    self.done.forms[id.index()] = Some(forms);
                }
                return None;
            }
            DefKind::Enum(_) | DefKind::Flags(_) => return None,
        };
        let exported = self.world.def_side(resource) == Side::Export;
        if !exported {
            return None;
        }
        let borrow = place.derived("", ident, "Borrow");
        self.done.borrows[id.index()] = Some(rust(borrow.as_str()));
        if resource != id {
            return None;
        }
        let guest = place.derived("Guest", ident, "");
        self.done.guest_resources[id.index()] = Some(rust(guest.as_str()));
        Some(guest)
    }

    fn world_fake(&mut self) {
        let fake = self.root.types.generated(&Name::new("fake"), Case::Snake);
        let mut defs = Vec::new();
        let mut functions = Vec::new();
        for item in &self.world.imports {
            match item {
                Item::Def(id) => defs.push(*id),
                Item::Function(id) => functions.push(*id),
                Item::Interface(_) => {}
            }
        }
        self.root.declared.insert(fake.to_string());
        self.done.world_fake = rust(fake.as_str());
        self.fake(&self.root.types.inner(&fake), &defs, &functions);
    }

    /// Names that no item of the world stands behind, and that give way to those that do.
    fn finish(mut self) -> Names {
        let world = self.world;
        for (id, interface) in world.interfaces.iter() {
            let name = match &interface.key {
                Key::Inline(name) => name.clone(),
                Key::Id { package, name } => {
                    format!("{}-{}-{name}", package.namespace, package.name)
                }
            };
            if interface.side == Side::Import {
                self.done.elsewhere[id.index()] =
                    self.root.generated(&Name::new(&name), Case::Snake);
            }
        }
        self.world_fake();
        self.done.stub = self.root.generated(&Name::new("stub"), Case::Pascal);
        self.done.alloc = self.root.generated(&Name::new("alloc-crate"), Case::Snake);
        self.done.export_macro =
            rust(&format!("__export_{}_impl", Name::new(&world.name).spell(Case::Snake)));
        self.done.declared_in_root = self.root.declared;
        self.done
    }
}

impl Place {
    fn take(&mut self) -> Place {
        let nothing = Scope::root(&name::RUST);
        let empty = Place {
            values: nothing.beside(),
            guest: nothing.beside(),
            types: nothing,
            declared: BTreeSet::new(),
        };
        std::mem::replace(self, empty)
    }

    fn generated(&mut self, name: &Name, case: Case) -> Ident {
        let ident = self.types.generated(name, case);
        self.declared.insert(ident.to_string());
        rust(ident.as_str())
    }

    fn derived(&mut self, before: &str, ident: &name::Ident, behind: &str) -> name::Ident {
        let ident = self.types.derived(before, ident, behind);
        self.declared.insert(ident.to_string());
        ident
    }
}

/// The trait of what is exported.
fn guest() -> name::Ident {
    Scope::root(&name::RUST).generated(&Name::new("guest"), Case::Pascal)
}

fn versions(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for interface in world.interfaces.values() {
        if let Key::Id { package, .. } = &interface.key {
            let version = package.version.as_ref().map(ToString::to_string).unwrap_or_default();
            versions.entry(unversioned(package)).or_default().insert(version);
        }
    }
    versions
}

fn unversioned(package: &Package) -> String {
    format!("{}:{}", package.namespace, package.name)
}

fn package_key(package: &Package) -> String {
    let version = package.version.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{}:{}@{version}", package.namespace, package.name)
}
