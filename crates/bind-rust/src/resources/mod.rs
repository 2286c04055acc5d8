//! Resources: types that own a handle. What an exported one is made of is the guest's, who
//! implements the trait `GuestX`.

use joggle_bind::abi::Symbol;
use joggle_bind::model::{DefId, DefKind, Resource};
use proc_macro2::TokenStream;
use quote::quote;

use crate::abi::support;
use crate::imports::{self, declare};
use crate::ir::{Item, comment};
use crate::shape::{Context, Site, rust};
use crate::{docs, exports};

/// An imported resource: its type, with its functions.
#[must_use]
pub fn imported(cx: &Context<'_>, def: DefId) -> Vec<Item> {
    let Some(resource) = resource(cx, def) else { return Vec::new() };
    let (at, name) = (cx.home(def), cx.names.def(def));
    let functions = resource.functions.iter().filter(|id| !cx.is_skipped(**id));
    let functions = functions.map(|id| imports::function(cx, at, *id));
    let hidden = hidden(cx, at);
    vec![
        holder(cx, at, def),
        Item::new(quote! {
            impl #name {
                #(#functions)*
                #hidden
            }
        }),
        drop_handle(cx, at, def, &resource.core.drop),
    ]
}

/// An exported resource: its type, the type of its borrows, and the trait that a guest implements.
#[must_use]
pub fn exported(cx: &Context<'_>, def: DefId) -> Vec<Item> {
    let Some(resource) = resource(cx, def) else { return Vec::new() };
    let (Some(guest), Some(borrow)) = (cx.names.guest_resource(def), cx.names.borrow(def)) else {
        return Vec::new();
    };
    let at = cx.home(def);
    let parts = Parts {
        cx,
        at,
        name: cx.names.def(def),
        guest,
        borrow,
        resource,
        t: exports::generic(cx, at),
    };
    vec![
        holder(cx, at, def),
        parts.of_the_guest(),
        drop_handle(cx, at, def, &resource.core.drop),
        parts.borrow(),
        parts.borrow_functions(),
        parts.guest_trait(),
    ]
}

fn resource<'a>(cx: &'a Context<'_>, def: DefId) -> Option<&'a Resource> {
    match &cx.world.defs[def].kind {
        DefKind::Resource(resource) => Some(resource),
        DefKind::Record(_)
        | DefKind::Variant(_)
        | DefKind::Enum(_)
        | DefKind::Flags(_)
        | DefKind::Alias(_)
        | DefKind::ResourceAlias(_) => None,
    }
}

/// The type that owns a handle.
fn holder(cx: &Context<'_>, at: Site, def: DefId) -> Item {
    let (name, of) = (cx.names.def(def), &cx.world.defs[def]);
    let (docs, handle) = (docs::attributes(&of.docs, &of.stability), support(cx, at, "Handle"));
    let is_ours = cx.is_exported_resource(def);
    let deprecated = (!is_ours).then(|| docs::deprecation(&of.stability));
    Item::new(quote! {
        #docs
        #deprecated
        #[derive(Debug)]
        #[repr(transparent)]
        pub struct #name {
            handle: #handle<#name>,
        }
    })
}

/// Functions that other bindings count on: those that `with` names, and those that name these.
fn hidden(cx: &Context<'_>, at: Site) -> TokenStream {
    let handle = support(cx, at, "Handle");
    let safety = comment("SAFETY: the caller owns the handle.");
    quote! {
        #[doc(hidden)]
        pub unsafe fn from_handle(handle: u32) -> Self {
            #safety
            let handle = unsafe { #handle::new(handle) };
            Self { handle }
        }

        #[doc(hidden)]
        pub fn take_handle(&self) -> u32 {
            self.handle.take()
        }

        #[doc(hidden)]
        pub fn handle(&self) -> u32 {
            self.handle.index()
        }
    }
}

fn drop_handle(cx: &Context<'_>, at: Site, def: DefId, drop: &Symbol) -> Item {
    let name = cx.names.def(def);
    let (resource, remove) = (support(cx, at, "WasmResource"), support(cx, at, "remove"));
    let import = rust("drop");
    let declaration = declare(drop, &import, &[joggle_bind::abi::CoreType::I32], &[]);
    let safety = comment("SAFETY: this gives up the handle that it is given, and nothing else.");
    let inner = comment("SAFETY: the caller owns the handle.");
    Item::new(quote! {
        #safety
        unsafe impl #resource for #name {
            unsafe fn drop(handle: u32) {
                #[cfg(target_arch = "wasm32")]
                {
                    #declaration
                    #inner
                    unsafe { drop(handle as i32) }
                }
                #[cfg(not(target_arch = "wasm32"))]
                #remove(handle);
            }
        }
    })
}

/// What the parts of an exported resource have in common.
struct Parts<'a> {
    cx: &'a Context<'a>,
    at: Site,
    name: &'a proc_macro2::Ident,
    guest: &'a proc_macro2::Ident,
    borrow: &'a proc_macro2::Ident,
    resource: &'a Resource,
    /// The type parameter for what implements it.
    t: proc_macro2::Ident,
}

impl Parts<'_> {
    fn support(&self, name: &str) -> TokenStream {
        support(self.cx, self.at, name)
    }

    /// `T::Rep` as what holds a `T`.
    fn rep(&self) -> TokenStream {
        let (rt, t) = (&self.cx.rt, &self.t);
        quote!(<#t::Rep as #rt::ResourceRep<#t>>)
    }

    fn of_the_guest(&self) -> Item {
        let Self { name, guest, t, .. } = self;
        let lend = self.lend();
        let (rep, hidden, check) = (self.rep(), hidden(self.cx, self.at), self.check());
        let live = comment("SAFETY: the value lives as long as this handle, which is not shared.");
        let stored = comment("SAFETY: the value is stored as a resource wants it.");
        let dropped = comment("SAFETY: the host calls this once, with what `new` stored.");
        Item::new(quote! {
            impl #name {
                #[doc = " Makes a resource of a value, which moves to the heap."]
                pub fn new<#t: #guest>(value: #t) -> Self {
                    Self::type_guard::<#t>();
                    let rep = #rep::rep_new(value);
                    #stored
                    unsafe {
                        let memory = #t::resource_into_raw_(rep);
                        Self::from_handle(#t::_resource_new(memory.cast()))
                    }
                }

                #[doc = " The value behind this resource."]
                pub fn get<#t: #guest>(&self) -> &#t {
                    #live
                    unsafe { #rep::rep_as_ref(self.as_ptr::<#t>()) }
                }

                #[doc = " The value behind this resource, to be changed."]
                pub fn get_mut<#t: #guest>(&mut self) -> &mut #t {
                    #live
                    unsafe { #rep::rep_as_mut(self.as_ptr::<#t>()) }
                }

                #[doc = " Takes the value out of this resource."]
                pub fn into_inner<#t: #guest>(self) -> #t {
                    #live
                    unsafe { #rep::rep_take(self.as_ptr::<#t>()) }
                }

                #lend

                #hidden

                #[doc(hidden)]
                pub unsafe fn dtor<#t: #guest>(rep: *mut u8) {
                    Self::type_guard::<#t>();
                    #dropped
                    drop(unsafe { #t::resource_from_raw_(rep.cast()) });
                }

                #check

                fn as_ptr<#t: #guest>(&self) -> *mut #t::Rep {
                    Self::type_guard::<#t>();
                    #t::_resource_rep(self.handle.index()).cast()
                }
            }
        })
    }

    fn lend(&self) -> TokenStream {
        let borrow = self.borrow;
        quote! {
            #[doc = " Lends this resource, as a caller does. For native tests."]
            #[cfg(not(target_arch = "wasm32"))]
            pub fn lend(&self) -> #borrow<'_> {
                let rep = ::core::ptr::without_provenance(self.handle.index() as usize);
                #borrow { rep, resource: ::core::marker::PhantomData }
            }
        }
    }

    /// Two types must not implement one resource. Natively the table of resources checks it.
    fn check(&self) -> TokenStream {
        let (kind, guest, t) = (self.support("Kind"), self.guest, &self.t);
        quote! {
            fn type_guard<#t: #guest>() {
                #[cfg(target_arch = "wasm32")]
                {
                    static KIND: #kind = #kind::new();
                    KIND.check::<#t>();
                }
            }
        }
    }

    fn borrow(&self) -> Item {
        let Self { name, borrow, .. } = self;
        let docs = format!(" A [`{name}`] that is lent for the time of a call.");
        Item::new(quote! {
            #[doc = #docs]
            #[derive(Debug)]
            #[repr(transparent)]
            pub struct #borrow<'a> {
                rep: *const u8,
                resource: ::core::marker::PhantomData<&'a #name>,
            }
        })
    }

    fn borrow_functions(&self) -> Item {
        let Self { name, guest, borrow, t, .. } = self;
        let (rep, memory) = (self.rep(), self.support("rep"));
        let live = comment("SAFETY: the caller holds the resource, so that the value lives.");
        Item::new(quote! {
            impl<'a> #borrow<'a> {
                #[doc = " The value behind the resource."]
                pub fn get<#t: #guest>(&self) -> &'a #t {
                    #live
                    unsafe { #rep::rep_as_ref(self.as_ptr::<#t>()) }
                }

                #[doc(hidden)]
                pub unsafe fn lift(rep: *const u8) -> Self {
                    Self { rep, resource: ::core::marker::PhantomData }
                }

                fn as_ptr<#t: #guest>(&self) -> *const #t::Rep {
                    #name::type_guard::<#t>();
                    #[cfg(target_arch = "wasm32")]
                    let rep = self.rep;
                    #[cfg(not(target_arch = "wasm32"))]
                    let rep = #memory::<#t>(self.rep.addr() as u32);
                    rep.cast()
                }
            }
        })
    }

    fn guest_trait(&self) -> Item {
        let Self { cx, at, name, guest, resource, .. } = self;
        let rt = &cx.rt;
        let methods = resource.functions.iter().filter(|id| !cx.is_skipped(**id));
        let methods = methods.map(|id| exports::required(cx, *at, *id));
        let docs = format!(" What a [`{name}`] is made of.");
        let (new, rep, storage) = (self.resource_new(), self.resource_rep(), self.storage());
        Item::new(quote! {
            #[doc = #docs]
            pub trait #guest: #rt::Resource {
                #(#methods)*
                #new
                #rep
                #storage
            }
        })
    }

    fn resource_new(&self) -> TokenStream {
        let name = self.name;
        let keep = self.support("keep_rep");
        let host = intrinsic(
            self.resource.core.new.as_ref(),
            "new",
            |new| quote!(#new(val as i32) as u32),
        );
        let once = comment("SAFETY: the table calls it once, with what it was given here.");
        quote! {
            #[doc(hidden)]
            unsafe fn _resource_new(val: *mut u8) -> u32 {
                #[cfg(target_arch = "wasm32")]
                { #host }
                #[cfg(not(target_arch = "wasm32"))]
                {
                    #once
                    unsafe { #keep::<Self>(val, #name::dtor::<Self>) }
                }
            }
        }
    }

    fn resource_rep(&self) -> TokenStream {
        let (rep, address) = (self.support("rep"), self.support("address"));
        let host = intrinsic(
            self.resource.core.rep.as_ref(),
            "rep",
            |rep| quote!(#address(#rep(handle as i32))),
        );
        quote! {
            #[doc(hidden)]
            fn _resource_rep(handle: u32) -> *mut u8 {
                #[cfg(target_arch = "wasm32")]
                { #host }
                #[cfg(not(target_arch = "wasm32"))]
                { #rep::<Self>(handle) }
            }
        }
    }

    /// Where values are stored; a guest may store them elsewhere.
    fn storage(&self) -> TokenStream {
        let boxed = self.cx.prelude(self.at, "Box");
        let safety = comment("SAFETY: it was made by `resource_into_raw_`.");
        quote! {
            #[doc(hidden)]
            unsafe fn resource_into_raw_(val: Self::Rep) -> *mut Self::Rep {
                #boxed::into_raw(#boxed::new(val))
            }

            #[doc(hidden)]
            unsafe fn resource_from_raw_(handle: *mut Self::Rep) -> Self::Rep {
                #safety
                *unsafe { #boxed::from_raw(handle) }
            }
        }
    }
}

/// Declares an intrinsic `(i32) -> i32` and calls it.
fn intrinsic(
    symbol: Option<&Symbol>,
    name: &str,
    call: impl FnOnce(&proc_macro2::Ident) -> TokenStream,
) -> TokenStream {
    let name = rust(name);
    let word = joggle_bind::abi::CoreType::I32;
    let declaration = symbol.map(|symbol| declare(symbol, &name, &[word], &[word]));
    let safety = comment("SAFETY: this is a resource of the component's own.");
    let call = call(&name);
    quote! {
        #declaration
        #safety
        unsafe { #call }
    }
}
