//! What stands between the host and a guest's function: lift the arguments, call, lower the
//! result; and after the return, free what the result holds.

use std::collections::VecDeque;

use joggle_bind::abi::CoreType;
use joggle_bind::model::{DefId, FunctionKind, Type, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{Exported, generic};
use crate::abi::{From, Hold, Memory, Temps, To, Value, Writer, core_type};
use crate::ir::Item;
use crate::shape::{Context, Site};
use crate::spell::Mode;

/// The functions around a function of a guest.
pub fn items(cx: &Context<'_>, at: Site, exported: &Exported) -> Vec<Item> {
    let mut items = vec![Item::new(call(cx, at, exported))];
    items.extend(post_return(cx, at, exported).map(Item::new));
    items
}

/// The trait that has a function.
fn guest(cx: &Context<'_>, kind: FunctionKind) -> TokenStream {
    let of_resource = kind.resource().and_then(|def| cx.names.guest_resource(def));
    let guest = of_resource.unwrap_or_else(|| cx.names.guest());
    quote!(super::#guest)
}

/// `arg0: i32, …`
pub fn parameters(types: &[CoreType]) -> (Vec<Ident>, Vec<TokenStream>) {
    let names = (0..types.len()).map(|index| format_ident!("arg{index}")).collect();
    (names, types.iter().copied().map(core_type).collect())
}

/// `-> i32`
pub fn returned(types: &[CoreType]) -> Option<TokenStream> {
    types.first().map(|ty| {
        let ty = core_type(*ty);
        quote!(-> #ty)
    })
}

fn call(cx: &Context<'_>, at: Site, exported: &Exported) -> TokenStream {
    let function = &cx.world.functions[exported.id];
    let core = &function.core;
    let (names, types) = parameters(&core.params);
    let mut body = Writer::outer(cx, at, Hold::Give, Temps::with(&names));
    let arguments = arguments(&mut body, exported, &names);
    let called = called(&mut body, exported, &arguments);
    let end = match function.result {
        None => {
            body.statements.push(quote!(#called;));
            TokenStream::new()
        }
        Some(ty) => {
            let value = body.temps.fresh("result");
            body.statements.push(quote!(let #value = #called;));
            result(&mut body, ty, &value, core.return_pointer)
        }
    };
    let constructors = (!cx.options.disable_run_ctors_once_workaround).then(|| {
        let rt = &cx.rt;
        quote!(#rt::run_ctors_once();)
    });
    let (name, guest, returned) =
        (&exported.call, guest(cx, function.kind), returned(&core.results));
    let block = body.block(&end, "SAFETY: the host calls this as the canonical ABI says.");
    let (imports, prologue) = (body.imports(), body.prologue());
    let t = generic(cx, at);
    quote! {
        pub unsafe fn #name<#t: #guest>(#(#names: #types),*) #returned {
            #imports
            #constructors
            #prologue
            #block
        }
    }
}

/// Lifts the arguments, and frees the block that they lay in.
fn arguments(body: &mut Writer<'_>, exported: &Exported, names: &[Ident]) -> Vec<TokenStream> {
    let cx = body.cx;
    let function = &cx.world.functions[exported.id];
    let types: Vec<TypeId> = function.params.iter().map(|param| param.ty).collect();
    if !function.core.indirect_params {
        let words: VecDeque<_> = names.iter().map(|name| quote!(#name)).collect();
        return body.lift_parts(&types, &mut From::Flat(words));
    }
    let base = body.temps.fresh("params");
    let (address, free) = (body.rt("address"), body.rt("free"));
    let block = names.iter().map(|name| quote!(#name));
    body.statements.push(quote!(let #base = #address(#(#block),*);));
    let values = body.lift_parts(&types, &mut From::Memory(Memory::at(quote!(#base))));
    let lifted: Vec<_> = values
        .into_iter()
        .map(|value| {
            let name = body.temps.fresh("param");
            body.statements.push(quote!(let #name = #value;));
            quote!(#name)
        })
        .collect();
    let layout = cx.world.record(&types).layout;
    let [size, align] = [layout.size, layout.align].map(Literal::u32_unsuffixed);
    body.statements.push(quote!(#free(#base, #size, #align);));
    lifted
}

/// Calls the guest; a constructor's value becomes a resource.
fn called(body: &mut Writer<'_>, exported: &Exported, arguments: &[TokenStream]) -> TokenStream {
    let cx = body.cx;
    let name = cx.names.function(exported.id);
    let function = &cx.world.functions[exported.id];
    let t = generic(cx, body.at);
    match function.kind {
        FunctionKind::Free | FunctionKind::Static(_) => quote!(#t::#name(#(#arguments),*)),
        FunctionKind::Method(_) => {
            let this = body.temps.fresh("this");
            let (first, rest) = match arguments {
                [first, rest @ ..] => (first.clone(), rest),
                [] => (TokenStream::new(), arguments),
            };
            body.statements.push(quote!(let #this = #first;));
            quote!(#t::#name(#this.get::<#t>() #(, #rest)*))
        }
        FunctionKind::Constructor(def) => {
            let call = quote!(#t::#name(#(#arguments),*));
            constructed(cx, body.at, def, function.result, &call)
        }
    }
}

fn constructed(
    cx: &Context<'_>,
    at: Site,
    def: DefId,
    result: Option<TypeId>,
    call: &TokenStream,
) -> TokenStream {
    let (path, t) = (cx.def_path(at, def), generic(cx, at));
    let can_fail = result
        .is_some_and(|ty| matches!(cx.world.types[cx.world.canonical(ty)], Type::Result { .. }));
    if can_fail { quote!(#call.map(#path::new::<#t>)) } else { quote!(#path::new::<#t>(#call)) }
}

/// Lowers the result; the core value that is returned.
fn result(body: &mut Writer<'_>, ty: TypeId, value: &Ident, in_memory: bool) -> TokenStream {
    let value = Value::place(quote!(#value));
    if in_memory {
        let area = body.temps.fresh("area");
        let (make, word) = (body.abi(&format_ident!("area")), body.rt("word"));
        body.statements.push(quote!(let #area = #make();));
        let mut to = To::Memory(Memory::at(quote!(#area)));
        body.lower(ty, &Mode::owned(), &value, &mut to);
        return quote!(#word(#area));
    }
    let mut to = To::Flat(Vec::new());
    body.lower(ty, &Mode::owned(), &value, &mut to);
    match to {
        To::Flat(words) => quote!(#(#words)*),
        To::Memory(_) => TokenStream::new(),
    }
}

/// Frees what the result holds.
fn post_return(cx: &Context<'_>, at: Site, exported: &Exported) -> Option<TokenStream> {
    let function = &cx.world.functions[exported.id];
    function.core.post_return.as_ref()?;
    let ty = function.result?;
    let mut body = Writer::outer(cx, at, Hold::Give, Temps::default());
    body.free(ty, &Memory::at(quote!(base)));
    let (name, address) = (&exported.post_return, body.rt("address"));
    let block =
        body.block(&TokenStream::new(), "SAFETY: the host hands back what was returned, once.");
    let imports = body.imports();
    Some(quote! {
        pub unsafe fn #name(result: i32) {
            #imports
            let base = #address(result);
            #block
        }
    })
}
