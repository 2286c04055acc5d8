//! Functions that the component imports: the host's on `wasm32`, a fake's anywhere else. Methods
//! of resources have their bodies from here and are placed by `resources`.

use joggle_bind::abi::CoreType;
use joggle_bind::model::{FunctionId, FunctionKind, InterfaceId, Item as Part, Side, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::abi::{From, Hold, Memory, Temps, To, Value, Writer, core_type};
use crate::ir::Item;
use crate::shape::{Context, Site};
use crate::{native, section};

/// The free functions of an imported interface, or of the world.
#[must_use]
pub fn functions(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<Item> {
    let at = Site::of(interface);
    let ids = free(cx, interface).into_iter();
    let mut items: Vec<Item> = ids.map(|id| Item::new(function(cx, at, id))).collect();
    // The section stands in the root itself.
    if interface.is_some_and(|id| !cx.world.interfaces[id].functions.is_empty()) {
        items.extend(section::reference(cx, at));
    }
    items
}

/// Imported functions that belong to no resource and are not left out.
#[must_use]
pub fn free(cx: &Context<'_>, interface: Option<InterfaceId>) -> Vec<FunctionId> {
    let all: Vec<FunctionId> = match interface {
        Some(id) => cx.world.interfaces[id].functions.clone(),
        None => cx.world.imports.iter().copied().filter_map(of_the_world).collect(),
    };
    let is_free = |id: &FunctionId| {
        let function = &cx.world.functions[*id];
        function.kind == FunctionKind::Free && function.side == Side::Import
    };
    all.into_iter().filter(is_free).filter(|id| !cx.is_skipped(*id)).collect()
}

fn of_the_world(item: Part) -> Option<FunctionId> {
    match item {
        Part::Function(id) => Some(id),
        Part::Interface(_) | Part::Def(_) => None,
    }
}

/// A function with its body.
#[must_use]
pub fn function(cx: &Context<'_>, at: Site, id: FunctionId) -> TokenStream {
    let signature = cx.signature(at, id);
    let (attributes, head) = (&signature.attributes, signature.head());
    let (call, fake) = (call(cx, at, id), native::call(cx, id));
    let chained = cx.chains.get(&id).map(|_| quote!(self));
    quote! {
        #attributes
        pub #head {
            #[cfg(target_arch = "wasm32")]
            { #call }
            #[cfg(not(target_arch = "wasm32"))]
            { #fake }
            #chained
        }
    }
}

/// Calls the host.
fn call(cx: &Context<'_>, at: Site, id: FunctionId) -> TokenStream {
    let function = &cx.world.functions[id];
    let params: Vec<_> = (0..function.params.len()).map(|it| cx.names.param(id, it)).collect();
    let mut temps = Temps::with(params.iter().copied());
    let import = temps.fresh("import");
    let core = &function.core;
    let declaration = declare(&core.import, &import, &core.params, &core.results);
    let mut body = Writer::outer(cx, at, Hold::Lend, temps);

    let mut words = arguments(&mut body, id);
    let result = function.result.filter(|_| core.return_pointer).map(|ty| {
        let area = area(&mut body, cx.world.layout(ty).size, "result");
        let word = body.rt("word");
        words.push(quote!(#word(#area)));
        area
    });
    let call = quote!(#import(#(#words),*));
    let end = match (function.result, result) {
        (Some(ty), Some(area)) => {
            let mut from = From::Memory(Memory::at(area));
            body.statements.push(quote!(#call;));
            body.lift(ty, &mut from)
        }
        (Some(ty), None) if core.results.is_empty() => {
            // A result that flattens to nothing does not exist, so neither does this case.
            body.statements.push(quote!(#call;));
            body.lift(ty, &mut From::Flat([].into()))
        }
        (Some(ty), None) => {
            let word = body.temps.fresh("result");
            body.statements.push(quote!(let #word = #call;));
            body.lift(ty, &mut From::Flat([quote!(#word)].into()))
        }
        (None, _) => quote!(#call;),
    };
    body.is_unsafe = true;
    let (imports, prologue) = (body.imports(), body.prologue());
    let safety = "SAFETY: the import has this signature, and arguments outlive the call.";
    let block = body.block(&end, safety);
    quote!(#imports #declaration #prologue #block)
}

/// Lowers the arguments; the core values that are passed.
fn arguments(body: &mut Writer<'_>, id: FunctionId) -> Vec<TokenStream> {
    let cx = body.cx;
    let function = &cx.world.functions[id];
    let types: Vec<TypeId> = function.params.iter().map(|param| param.ty).collect();
    let indirect = function.core.indirect_params.then(|| {
        let record = cx.world.record(&types);
        (area(body, record.layout.size, "params"), record.offsets)
    });
    let mut flat = To::Flat(Vec::new());
    for (index, ty) in types.iter().enumerate() {
        let name = cx.names.param(id, index);
        let mode = cx.argument_mode(*ty);
        let value = Value::place(quote!(#name));
        match &indirect {
            None => body.lower(*ty, &mode, &value, &mut flat),
            Some((area, offsets)) => {
                let offset = offsets.get(index).copied().unwrap_or_default();
                let mut to = To::Memory(Memory::at(area.clone()).add(offset));
                body.lower(*ty, &mode, &value, &mut to);
            }
        }
    }
    match (indirect, flat) {
        (Some((area, _)), _) => {
            let word = body.rt("word");
            vec![quote!(#word(#area))]
        }
        (None, To::Flat(words)) => words,
        (None, To::Memory(_)) => Vec::new(),
    }
}

/// Room on the stack; its address.
fn area(body: &mut Writer<'_>, size: u32, wish: &str) -> TokenStream {
    let (area, address) = (body.temps.fresh("area"), body.temps.fresh(wish));
    let (ty, size) = (body.rt("Area"), Literal::u32_unsuffixed(size));
    body.statements.push(quote! {
        let mut #area = #ty::<#size>::new();
        let #address = #area.address();
    });
    quote!(#address)
}

/// Declares a core import.
pub fn declare(
    symbol: &joggle_bind::abi::Symbol,
    name: &proc_macro2::Ident,
    params: &[CoreType],
    results: &[CoreType],
) -> TokenStream {
    let (module, field) = (&symbol.module, &symbol.field);
    let params = params.iter().map(|ty| {
        let ty = core_type(*ty);
        quote!(_: #ty)
    });
    let result = results.first().map(|ty| {
        let ty = core_type(*ty);
        quote!(-> #ty)
    });
    quote! {
        #[link(wasm_import_module = #module)]
        unsafe extern "C" {
            #[link_name = #field]
            fn #name(#(#params),*) #result;
        }
    }
}
