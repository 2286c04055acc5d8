//! The ABI of an item, as plain data: what people read WAT for. Signatures with
//! a name for every parameter, core imports and exports, who frees what, and
//! where every part of a value lies.
//!
//! The numbers are those of [`crate::abi`]; drawing them is left to the command
//! line.

mod find;
mod function;
mod owned;
mod problem;
mod slots;
mod spell;
mod stage;
mod types;

use std::collections::BTreeMap;

use joggle_load::Wit;
use serde::Serialize;

pub use problem::ExplainError;

use crate::abi::{CoreType, ResourceCore, Symbol};
use crate::model::{DefId, DefKind, Side, World};
use crate::name::Path;
use find::Found;

/// The ABI of one or several items.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The world that the items were looked up in; none when only an interface counts.
    pub world: Option<String>,
    /// The functions, in the order of the WIT.
    pub functions: Vec<FunctionAbi>,
    /// Resources among the items.
    pub resources: Vec<ResourceAbi>,
    /// The types among the items and those that they and the functions are made of.
    pub types: Vec<TypeAbi>,
}

/// A function.
#[derive(Debug, Clone, Serialize)]
pub struct FunctionAbi {
    /// `ns:pkg/interface#function`.
    pub path: String,
    /// As WIT says it: `resize: func(img: image) -> image`.
    pub wit: String,
    /// How a core module sees it, for each side and form.
    pub forms: Vec<Form>,
}

/// One way to import or export a function.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// Whether it is called or implemented.
    pub side: SideName,
    /// Whether this is the asynchronous form.
    #[serde(rename = "async")]
    pub is_async: bool,
    /// The core import, on the import side.
    pub import: Option<Names>,
    /// The core export, on the export side.
    pub export: Option<String>,
    /// The core parameters.
    pub params: Vec<Slot>,
    /// The core results.
    pub results: Vec<&'static str>,
    /// What `*params` points to, when the parameters lie in memory.
    pub params_block: Option<Block>,
    /// What `*result` points to, when the result lies in memory.
    pub result_block: Option<Block>,
    /// The export that frees what the result holds.
    pub post_return: Option<String>,
    /// The export that an asynchronous task is told its events by.
    pub callback: Option<String>,
    /// The import that takes the result of an asynchronous task.
    pub task_return: Option<TaskReturn>,
    /// Who frees or drops what.
    pub ownership: Vec<Owned>,
}

/// On which side of a component an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SideName {
    /// The component asks for it.
    Import,
    /// The component gives it.
    Export,
}

impl From<Side> for SideName {
    fn from(side: Side) -> SideName {
        match side {
            Side::Import => SideName::Import,
            Side::Export => SideName::Export,
        }
    }
}

/// The two names of a core import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The module.
    pub module: String,
    /// The field.
    pub field: String,
}

impl From<&Symbol> for Names {
    fn from(symbol: &Symbol) -> Names {
        Names { module: symbol.module.clone(), field: symbol.field.clone() }
    }
}

/// A core parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// The WIT path to what it holds: `img.data.ptr`.
    pub name: String,
    /// The core type.
    #[serde(rename = "type")]
    pub ty: &'static str,
}

/// Values in memory that a pointer is passed for.
#[derive(Debug, Clone, Serialize)]
pub struct Block {
    /// The type of the value, in the words of WIT; parameters have none as a whole.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// In bytes.
    pub size: u32,
    /// In bytes.
    pub align: u32,
    /// The values.
    pub parts: Vec<Part>,
}

/// The import that takes the result of an asynchronous task.
#[derive(Debug, Clone, Serialize)]
pub struct TaskReturn {
    /// Its names.
    pub import: Names,
    /// Its parameters.
    pub params: Vec<Slot>,
}

/// What a parameter or the result holds that someone has to free or to drop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owned {
    /// The parameter; `result` for the result, `*params` for the block of parameters.
    pub value: String,
    /// What it holds, in the words of WIT: `list<u8>`.
    pub holds: Vec<String>,
    /// What happens to it.
    pub rule: Rule,
}

/// What happens to memory or to a handle, seen from the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Memory of the component that the callee reads.
    FreeAfterCall,
    /// The same, of an asynchronous call: read when it starts.
    FreeOnceStarted,
    /// Memory that was allocated for the component.
    Free,
    /// Memory that the component hands out and frees in post-return.
    FreeInPostReturn,
    /// Memory of the component that `task.return` reads.
    FreeAfterTaskReturn,
    /// A handle that the component has from now on.
    Drop,
    /// A handle that another component has from now on.
    GivenAway,
    /// An error context: the other component gets a handle of its own.
    Shared,
    /// A handle that the component lends.
    Lent,
    /// A handle that the component was lent.
    DropBeforeReturn,
    /// What stands for one of the component's own resources; not a handle.
    Representation,
}

/// A resource.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceAbi {
    /// `ns:pkg/interface#resource`.
    pub path: String,
    /// What a core module imports and exports for it, for each side.
    pub sides: Vec<ResourceSide>,
}

/// What a core module imports and exports for a resource.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceSide {
    /// Whether it is used or implemented.
    pub side: SideName,
    /// Drops a handle: `(param i32)`.
    pub drop: Names,
    /// A handle for a representation: `(param i32) (result i32)`.
    pub new: Option<Names>,
    /// The representation behind a handle: `(param i32) (result i32)`.
    pub rep: Option<Names>,
    /// The export that is given the representation when the last handle is gone: `(param i32)`.
    pub destructor: Option<String>,
}

/// A type and how its values lie in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct TypeAbi {
    /// As WIT says it: `image`, `option<u32>`.
    pub name: String,
    /// `ns:pkg/interface#image`; types without a name have none.
    pub path: Option<String>,
    /// `record`, `variant` and so on.
    pub kind: &'static str,
    /// What an alias names.
    pub of: Option<String>,
    /// In bytes.
    pub size: u32,
    /// In bytes.
    pub align: u32,
    /// The core types of a value that is not in memory; none when there would be more than 16.
    pub flat: Option<Vec<&'static str>>,
    /// What lies where.
    pub parts: Vec<Part>,
    /// Of a variant, an enum, an option or a result.
    pub cases: Vec<CaseAbi>,
    /// Of flags, the lowest bit first.
    pub flags: Vec<String>,
    /// Of a list or a map, elsewhere in memory; of a fixed-length list, right here.
    pub elements: Option<Elements>,
}

/// A part of a value in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Part {
    /// In bytes from the start.
    pub offset: u32,
    /// In bytes.
    pub size: u32,
    /// In bytes.
    pub align: u32,
    /// The field, or `tag`, `payload`, `ptr`, `len`.
    pub name: String,
    /// In the words of WIT.
    #[serde(rename = "type")]
    pub ty: Option<String>,
}

/// A case and its payload.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct CaseAbi {
    /// The value of the tag.
    pub tag: usize,
    /// Its name.
    pub name: String,
    /// The payload.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Bytes of the payload.
    pub size: u32,
    /// The core types of the payload, which are a prefix of the variant's, bit for bit.
    pub flat: Option<Vec<&'static str>>,
}

/// The elements of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Elements {
    /// Of each, in the words of WIT.
    #[serde(rename = "type")]
    pub ty: String,
    /// Bytes from one to the next.
    pub size: u32,
    /// In bytes.
    pub align: u32,
    /// How many there are, of a fixed-length list.
    pub count: Option<u32>,
    /// What lies where in an entry of a map.
    pub parts: Vec<Part>,
}

/// Looks `item` up and tells its ABI: a function, a type, a resource or everything in an
/// interface or a package.
///
/// With `world`, the item is one of that world. Otherwise it is one of the only world of the WIT,
/// or else of any interface, on the sides on which worlds of the package have it, or on both.
///
/// # Errors
///
/// [`ExplainError`] when `item` is no path, names nothing, or its world cannot be built.
pub fn explain(
    wit: &Wit,
    world: Option<&str>,
    item: &str,
    side: Option<Side>,
) -> Result<Explained, Vec<ExplainError>> {
    let pattern = Path::parse(item).map_err(|error| vec![ExplainError::path(item, &error)])?;
    let stage = stage::find(wit, world, item, &pattern)?;
    let mut found = Found::default();
    for (index, world) in stage.worlds.iter().enumerate() {
        found.add(index, world, &pattern, side);
    }
    match side {
        Some(side) if found.is_empty() => Err(vec![ExplainError::other_side(item, side)]),
        Some(_) | None => Ok(Explained {
            world: stage.name,
            functions: function::all(&stage.worlds, &found),
            resources: resources(&stage.worlds, &found),
            types: types::all(&stage.worlds, &found),
        }),
    }
}

/// Everything in a world, on both sides.
#[must_use]
pub fn everything(world: &World) -> Explained {
    let mut found = Found::default();
    found.add_everything(0, world);
    let worlds = std::slice::from_ref(world);
    Explained {
        world: Some(world.id()),
        functions: function::all(worlds, &found),
        resources: resources(worlds, &found),
        types: types::all(worlds, &found),
    }
}

/// The path of an item, whichever its side.
fn unsided(path: &Path) -> String {
    let text = path.to_string();
    let rest = text.strip_prefix("import ").or_else(|| text.strip_prefix("export "));
    rest.map_or_else(|| text.clone(), str::to_owned)
}

fn wat(types: &[CoreType]) -> Vec<&'static str> {
    types.iter().map(|ty| ty.wat()).collect()
}

fn resources(worlds: &[World], found: &Found) -> Vec<ResourceAbi> {
    let mut order: Vec<String> = Vec::new();
    let mut sides: BTreeMap<String, Vec<ResourceSide>> = BTreeMap::new();
    for (index, id) in found.defs() {
        let world = &worlds[index];
        let Some(side) = resource_side(world, id) else { continue };
        let path = unsided(&Path::def(world, id));
        let known = sides.entry(path.clone()).or_default();
        if known.is_empty() {
            order.push(path);
        }
        known.push(side);
    }
    order
        .into_iter()
        .map(|path| ResourceAbi { sides: sides.remove(&path).unwrap_or_default(), path })
        .collect()
}

fn resource_side(world: &World, id: DefId) -> Option<ResourceSide> {
    let core: &ResourceCore = match &world.defs[id].kind {
        DefKind::Resource(resource) => &resource.core,
        DefKind::Record(_)
        | DefKind::Variant(_)
        | DefKind::Enum(_)
        | DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_) => return None,
    };
    Some(ResourceSide {
        side: world.def_side(id).into(),
        drop: (&core.drop).into(),
        new: core.new.as_ref().map(Names::from),
        rep: core.rep.as_ref().map(Names::from),
        destructor: core.dtor.clone(),
    })
}
