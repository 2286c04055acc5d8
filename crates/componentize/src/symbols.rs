//! Every symbol that a world has for a core module, with its type: all out of
//! wit-parser, in each spelling that the encoder reads. Which of them a module has
//! to have is left to `check`.

use indexmap::IndexMap;
use joggle_relate::name::{ExternName, Match};
use wasmparser::ValType;
use wit_parser::{
    Function, FunctionKind, LiftLowerAbi, Mangling, ManglingAndAbi, Resolve, ResourceIntrinsic,
    Type, TypeDefKind, TypeId, WasmExport, WasmExportKind, WasmImport, WorldItem, WorldKey,
    abi::WasmSignature,
};

use crate::signature::Signature;
use crate::world::World;

/// The spellings of imports.
const IMPORTS: [ManglingAndAbi; 3] = [
    ManglingAndAbi::Legacy(LiftLowerAbi::Sync),
    ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback),
    ManglingAndAbi::Standard32,
];

/// The spellings of exports.
const EXPORTS: [ManglingAndAbi; 4] = [
    ManglingAndAbi::Legacy(LiftLowerAbi::Sync),
    ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback),
    ManglingAndAbi::Legacy(LiftLowerAbi::AsyncStackful),
    ManglingAndAbi::Standard32,
];

/// The spelling of what belongs to no function.
const PLAIN: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// What a function needs beside itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Values pass through memory.
    pub memory: bool,
    /// Somebody else allocates in that memory.
    pub realloc: bool,
}

/// One first name of imports, and what is under it.
#[derive(Default)]
pub struct Offer {
    /// The interface; `None` for the world's own functions.
    pub key: Option<WorldKey>,
    /// By their second names.
    pub fields: IndexMap<String, Offered>,
}

/// Something that may be imported.
pub struct Offered {
    /// Its type.
    pub signature: Signature,
    /// The function of WIT that it is, if it is one.
    pub function: Option<String>,
    /// What importing it needs.
    pub needs: Needs,
}

/// Everything that may be imported, by its first name.
pub struct Offers(IndexMap<String, Offer>);

impl Offers {
    /// What a world offers.
    pub fn of(world: &World) -> Offers {
        let mut offers = Offers(IndexMap::new());
        let resolve = &world.resolve;
        for (key, item) in &world.items().imports {
            match item {
                WorldItem::Function(function) => offers.import(resolve, None, function),
                WorldItem::Interface { id, .. } => {
                    let interface = &resolve.interfaces[*id];
                    let functions = interface.functions.values();
                    functions.for_each(|function| offers.import(resolve, Some(key), function));
                    for resource in interface.types.values().copied() {
                        offers.resource(resolve, Some(key), resource, false);
                    }
                    // An interface of types alone is known, too.
                    offers.0.entry(resolve.name_world_key(key)).or_default().key =
                        Some(key.clone());
                }
                WorldItem::Type { id, .. } => offers.resource(resolve, None, *id, false),
            }
        }
        for (key, item) in &world.items().exports {
            match item {
                WorldItem::Function(function) => offers.task_return(resolve, None, function),
                WorldItem::Interface { id, .. } => {
                    let interface = &resolve.interfaces[*id];
                    let functions = interface.functions.values();
                    functions.for_each(|function| offers.task_return(resolve, Some(key), function));
                    for resource in interface.types.values().copied() {
                        offers.resource(resolve, Some(key), resource, true);
                    }
                }
                WorldItem::Type { .. } => {}
            }
        }
        offers
    }

    /// Each first name, with what is under it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Offer)> {
        self.0.iter().map(|(name, offer)| (name.as_str(), offer))
    }

    /// What is under a first name; another version of the track is as good.
    pub fn find(&self, module: &str) -> Option<&Offer> {
        let parts = |name: &str| match name.strip_prefix("[export]") {
            Some(rest) => (true, ExternName::parse(rest)),
            None => (false, ExternName::parse(name)),
        };
        let (exported, wanted) = parts(module);
        let on_track = |name: &str| {
            let (other_exported, other) = parts(name);
            exported == other_exported && wanted.matches(&other) == Some(Match::Track)
        };
        self.0.get(module).or_else(|| {
            let mut offers = self.0.iter();
            offers.find(|(name, _)| on_track(name)).map(|(_, offer)| offer)
        })
    }

    fn add(&mut self, (module, field): (String, String), key: Option<&WorldKey>, offered: Offered) {
        let offer = self.0.entry(module).or_default();
        offer.key = key.cloned();
        offer.fields.insert(field, offered);
    }

    /// A function that is imported.
    fn import(&mut self, resolve: &Resolve, key: Option<&WorldKey>, function: &Function) {
        for mangling in IMPORTS {
            let import = WasmImport::Func { interface: key, func: function };
            let names = resolve.wasm_import_name(mangling, import);
            let signature = resolve.wasm_signature(mangling.import_variant(), function);
            let received = function.result.is_some_and(|ty| in_memory(resolve, ty));
            let sent = function.params.iter().any(|param| in_memory(resolve, param.ty));
            let indirect = signature.retptr || signature.indirect_params;
            let needs = Needs { memory: received || sent || indirect, realloc: received };
            let signature = Signature::of(&signature);
            let function = Some(function.name.clone());
            self.add(names, key, Offered { signature, function, needs });
        }
    }

    /// What there is to do with a resource.
    fn resource(
        &mut self,
        resolve: &Resolve,
        key: Option<&WorldKey>,
        resource: TypeId,
        exported: bool,
    ) {
        if !matches!(resolve.types[resource].kind, TypeDefKind::Resource) {
            return;
        }
        let (one, none) = ([ValType::I32], []);
        let drops = Signature::new(one, none);
        let intrinsics = if exported {
            vec![
                (ResourceIntrinsic::ExportedDrop, drops),
                (ResourceIntrinsic::ExportedNew, Signature::new(one, one)),
                (ResourceIntrinsic::ExportedRep, Signature::new(one, one)),
            ]
        } else {
            vec![(ResourceIntrinsic::ImportedDrop, drops)]
        };
        for (intrinsic, signature) in &intrinsics {
            for mangling in [PLAIN, ManglingAndAbi::Standard32] {
                let intrinsic = match intrinsic {
                    ResourceIntrinsic::ImportedDrop => ResourceIntrinsic::ImportedDrop,
                    ResourceIntrinsic::ExportedDrop => ResourceIntrinsic::ExportedDrop,
                    ResourceIntrinsic::ExportedNew => ResourceIntrinsic::ExportedNew,
                    ResourceIntrinsic::ExportedRep => ResourceIntrinsic::ExportedRep,
                };
                let import = WasmImport::ResourceIntrinsic { interface: key, resource, intrinsic };
                let names = resolve.wasm_import_name(mangling, import);
                let (signature, needs) = (signature.clone(), Needs::default());
                self.add(names, key, Offered { signature, function: None, needs });
            }
        }
    }

    /// What an asynchronous export returns by.
    fn task_return(&mut self, resolve: &Resolve, key: Option<&WorldKey>, function: &Function) {
        let (module, field, signature) =
            function.task_return_import(resolve, key, Mangling::Legacy);
        let memory = function.result.is_some_and(|ty| in_memory(resolve, ty));
        let needs = Needs { memory: memory || signature.indirect_params, realloc: false };
        let signature = Signature::of(&signature);
        let function = Some(function.name.clone());
        self.add((module, field), key, Offered { signature, function, needs });
    }
}

/// A function that a world exports.
pub struct Wanted {
    /// The interface; `None` for the world's own.
    pub key: Option<WorldKey>,
    /// Its name in WIT: `[method]r.f`.
    pub function: String,
    /// The same without brackets and resource: `f`.
    pub item: String,
    /// Whether it makes a resource.
    pub constructor: bool,
    /// The resource it belongs to.
    pub resource: Option<String>,
    /// How it may be exported; the first is how a linker would expect it.
    pub spellings: Vec<Spelling>,
}

/// One way to export a function.
pub struct Spelling {
    /// The symbol.
    pub symbol: String,
    /// Its type.
    pub signature: Signature,
    /// What frees the result, which nobody has to export.
    pub post_return: Option<(String, Signature)>,
    /// What takes up an asynchronous call again, which has to be exported.
    pub callback: Option<(String, Signature)>,
    /// What exporting it needs.
    pub needs: Needs,
}

impl Wanted {
    /// The symbol that a linker would expect.
    pub fn expected(&self) -> Option<&Spelling> {
        self.spellings.first()
    }
}

/// The functions that a module has to export. `standard` says that it spells its
/// symbols as the component model's build target has them.
pub fn wanted(world: &World, standard: bool) -> Vec<Wanted> {
    let resolve = &world.resolve;
    let mut wanted = Vec::new();
    for key in &world.own {
        match world.items().exports.get(key) {
            Some(WorldItem::Function(function)) => {
                wanted.push(function_wanted(resolve, None, function, standard));
            }
            Some(WorldItem::Interface { id, .. }) => {
                let functions = resolve.interfaces[*id].functions.values();
                let of = |function| function_wanted(resolve, Some(key), function, standard);
                wanted.extend(functions.map(of));
            }
            Some(WorldItem::Type { .. }) | None => {}
        }
    }
    wanted
}

fn function_wanted(
    resolve: &Resolve,
    key: Option<&WorldKey>,
    function: &Function,
    standard: bool,
) -> Wanted {
    let mut spellings: Vec<(ManglingAndAbi, Spelling)> =
        EXPORTS.map(|mangling| (mangling, spelling(resolve, key, function, mangling))).into();
    let preferred = match (standard, function.kind.is_async()) {
        (true, _) => ManglingAndAbi::Standard32,
        (false, true) => ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback),
        (false, false) => PLAIN,
    };
    spellings.sort_by_key(|(mangling, _)| *mangling != preferred);
    let resource = function.kind.resource();
    Wanted {
        key: key.cloned(),
        function: function.name.clone(),
        item: function.name.rsplit(['.', ']']).next().unwrap_or_default().to_owned(),
        constructor: matches!(function.kind, FunctionKind::Constructor(_)),
        resource: resource.and_then(|id| resolve.types[id].name.clone()),
        spellings: spellings.into_iter().map(|(_, spelling)| spelling).collect(),
    }
}

fn spelling(
    resolve: &Resolve,
    key: Option<&WorldKey>,
    function: &Function,
    mangling: ManglingAndAbi,
) -> Spelling {
    let name = |kind| {
        let export = WasmExport::Func { interface: key, func: function, kind };
        resolve.wasm_export_name(mangling, export)
    };
    let signature: WasmSignature = resolve.wasm_signature(mangling.export_variant(), function);
    let callback = (mangling == ManglingAndAbi::Legacy(LiftLowerAbi::AsyncCallback)).then(|| {
        let event = [ValType::I32; 3];
        (name(WasmExportKind::Callback), Signature::new(event, [ValType::I32]))
    });
    let post_return = (!mangling.is_async())
        .then(|| (name(WasmExportKind::PostReturn), Signature::of_post_return(&signature)));
    let received = function.params.iter().any(|param| in_memory(resolve, param.ty));
    let sent = function.result.is_some_and(|ty| in_memory(resolve, ty));
    let indirect = signature.retptr || signature.indirect_params;
    let needs = Needs {
        memory: received || sent || indirect,
        realloc: received || signature.indirect_params,
    };
    Spelling {
        symbol: name(WasmExportKind::Normal),
        signature: Signature::of(&signature),
        post_return,
        callback,
        needs,
    }
}

/// The destructors that a module may export, with their interface and resource.
pub fn destructors(world: &World) -> Vec<(String, WorldKey, String)> {
    let resolve = &world.resolve;
    let mut found = Vec::new();
    for key in &world.own {
        let Some(WorldItem::Interface { id, .. }) = world.items().exports.get(key) else {
            continue;
        };
        for (name, resource) in &resolve.interfaces[*id].types {
            if !matches!(resolve.types[*resource].kind, TypeDefKind::Resource) {
                continue;
            }
            for mangling in [PLAIN, ManglingAndAbi::Standard32] {
                let dtor = WasmExport::ResourceDtor { interface: key, resource: *resource };
                let symbol = resolve.wasm_export_name(mangling, dtor);
                found.push((symbol, key.clone(), name.clone()));
            }
        }
    }
    found
}

/// The names under which a module may export its memory, its allocator and its
/// initializer; the first is the usual one.
pub fn own_names(export: fn() -> WasmExport<'static>) -> [String; 2] {
    let resolve = Resolve::default();
    [PLAIN, ManglingAndAbi::Standard32].map(|mangling| resolve.wasm_export_name(mangling, export()))
}

/// Whether values of a type have parts that lie in memory wherever they are passed:
/// strings, lists and maps.
fn in_memory(resolve: &Resolve, ty: Type) -> bool {
    let of = |ty: &Type| in_memory(resolve, *ty);
    let id = match ty {
        Type::String => return true,
        Type::Id(id) => id,
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
        | Type::ErrorContext => return false,
    };
    match &resolve.types[id].kind {
        TypeDefKind::List(_) | TypeDefKind::Map(..) => true,
        TypeDefKind::Record(record) => record.fields.iter().any(|field| of(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().any(of),
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().any(|case| case.ty.as_ref().is_some_and(of))
        }
        TypeDefKind::Result(result) => [&result.ok, &result.err].into_iter().flatten().any(of),
        TypeDefKind::Option(ty) | TypeDefKind::FixedLengthList(ty, _) | TypeDefKind::Type(ty) => {
            of(ty)
        }
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Unknown => false,
    }
}
