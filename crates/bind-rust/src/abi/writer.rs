//! A body that is being written: where it stands, its statements, its names. What goes into it
//! is left to `lower`, `lift` and `free`.

use joggle_bind::model::TypeId;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::temps::Temps;
use crate::ir::comment;
use crate::shape::{Context, Site, rust};

/// Support functions that are unsafe.
const UNSAFE: &[&str] = &[
    "free",
    "free_list",
    "free_slice",
    "invalid",
    "lift_char",
    "lift_list",
    "lift_map",
    "lift_slice",
    "lift_string",
    "read",
    "write",
];

/// The module of helpers, in the root.
pub const ABI: Site = Site { interface: None, depth: 1 };

/// What lowering does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// It stays with its owner, until the call returns: arguments of imports.
    Lend,
    /// It is handed over: results of exports.
    Give,
}

/// How a Rust value is reached.
#[derive(Debug, Clone)]
pub struct Value {
    tokens: TokenStream,
    is_reference: bool,
}

impl Value {
    /// A variable or a field.
    pub fn place(tokens: TokenStream) -> Self {
        Self { tokens, is_reference: false }
    }

    /// A variable that is a reference to it.
    pub fn reference(tokens: TokenStream) -> Self {
        Self { tokens, is_reference: true }
    }

    /// The value itself, which is copied or moved.
    pub fn read(&self) -> TokenStream {
        let tokens = &self.tokens;
        if self.is_reference { quote!(*#tokens) } else { tokens.clone() }
    }

    /// A reference to it.
    pub fn lend(&self) -> TokenStream {
        let tokens = &self.tokens;
        if self.is_reference { tokens.clone() } else { quote!(&#tokens) }
    }

    /// What a method or a field is asked of; Rust follows the reference.
    pub fn subject(&self) -> &TokenStream {
        &self.tokens
    }
}

/// A place in memory.
#[derive(Debug, Clone)]
pub struct Memory {
    pub base: TokenStream,
    pub offset: u32,
}

impl Memory {
    /// Where `base` points to.
    pub fn at(base: TokenStream) -> Self {
        Self { base, offset: 0 }
    }

    /// The place `bytes` behind.
    pub fn add(&self, bytes: u32) -> Self {
        Self { base: self.base.clone(), offset: self.offset + bytes }
    }

    /// Its address, a `*mut u8`.
    pub fn address(&self) -> TokenStream {
        let (base, offset) = (&self.base, Literal::u32_unsuffixed(self.offset));
        if self.offset == 0 { base.clone() } else { quote!(#base.add(#offset)) }
    }

    /// Base and offset, as support functions take them.
    fn place(&self) -> TokenStream {
        let (base, offset) = (&self.base, Literal::u32_unsuffixed(self.offset));
        quote!(#base, #offset)
    }
}

/// A body that is being written.
#[expect(clippy::struct_excessive_bools, reason = "each notes one thing that a body needs")]
pub struct Writer<'a> {
    pub cx: &'a Context<'a>,
    pub at: Site,
    pub hold: Hold,
    pub temps: Temps,
    pub statements: Vec<TokenStream>,
    /// Whether it allocates for the length of the call.
    pub uses_scratch: bool,
    /// What reaches the scratch memory: a variable, or the reference that a helper was handed.
    pub scratch: TokenStream,
    /// Whether it keeps handles that were lent for the length of the call.
    pub uses_lent: bool,
    /// What reaches them.
    pub lent: TokenStream,
    /// Inside of a case or of a list, where a variable would end before the call.
    pub is_nested: bool,
    /// Whether anything in it is unsafe.
    pub is_unsafe: bool,
    /// Whether it calls support functions.
    pub uses_support: bool,
    /// Whether it calls helpers, from outside of their module.
    uses_helpers: bool,
    /// The variables with scratch memory and with lent handles, where they are declared.
    variables: Option<(Ident, Ident)>,
}

impl<'a> Writer<'a> {
    /// The body of a function that the bindings call or are called by.
    pub fn outer(cx: &'a Context<'a>, at: Site, hold: Hold, mut temps: Temps) -> Self {
        let (scratch, lent) = (temps.fresh("scratch"), temps.fresh("lent"));
        let reached = (quote!(&mut #scratch), quote!(&#lent));
        Self { variables: Some((scratch, lent)), ..Self::new(cx, at, hold, temps, reached) }
    }

    /// The imports of an outer body.
    pub fn imports(&self) -> TokenStream {
        let helpers = self.uses_helpers.then(|| {
            let path = self.cx.path(self.at, None);
            let path = if path.is_empty() { quote!(self::) } else { path };
            quote!(use #path _abi;)
        });
        let uses_support = self.uses_support || self.uses_scratch || self.uses_lent;
        let support = uses_support.then(|| use_support(self.cx, self.at));
        quote!(#helpers #support)
    }

    /// The variables that have to stand before the statements of an outer body, and outlive them.
    pub fn prologue(&self) -> TokenStream {
        let Some((scratch, lent)) = &self.variables else { return TokenStream::new() };
        let scratch = self.uses_scratch.then(|| quote!(let mut #scratch = _rt::Scratch::new();));
        let lent = self.uses_lent.then(|| quote!(let #lent = _rt::Lent::new();));
        quote!(#scratch #lent)
    }

    /// The body of a helper, whose parameters are called what they are called in `module`.
    pub fn helper(cx: &'a Context<'a>, hold: Hold, temps: Temps) -> Self {
        let reached = (quote!(scratch), quote!(lent));
        Self { is_nested: true, ..Self::new(cx, ABI, hold, temps, reached) }
    }

    fn new(
        cx: &'a Context<'a>,
        at: Site,
        hold: Hold,
        temps: Temps,
        (scratch, lent): (TokenStream, TokenStream),
    ) -> Self {
        Self {
            cx,
            at,
            hold,
            temps,
            statements: Vec::new(),
            uses_scratch: false,
            scratch,
            uses_lent: false,
            lent,
            is_nested: false,
            is_unsafe: false,
            uses_support: false,
            uses_helpers: false,
            variables: None,
        }
    }

    /// A support function.
    pub fn rt(&mut self, name: &str) -> TokenStream {
        self.is_unsafe |= UNSAFE.contains(&name);
        self.uses_support = true;
        let name = rust(name);
        quote!(_rt::#name)
    }

    /// Reads a Rust value.
    pub fn read(&mut self, memory: &Memory, ty: &TokenStream) -> TokenStream {
        let (read, place) = (self.rt("read"), memory.place());
        quote!(#read::<#ty>(#place))
    }

    /// Writes a Rust value.
    pub fn write(&mut self, memory: &Memory, ty: &TokenStream, value: &TokenStream) -> TokenStream {
        let (write, place) = (self.rt("write"), memory.place());
        quote!(#write::<#ty>(#place, #value);)
    }

    /// The body with the statements that were written, and an expression at the end.
    pub fn block(&self, end: &TokenStream, safety: &str) -> TokenStream {
        let statements = &self.statements;
        if !self.is_unsafe {
            return quote!(#(#statements)* #end);
        }
        let safety = (!safety.is_empty()).then(|| comment(safety));
        quote!(#safety unsafe { #(#statements)* #end })
    }

    /// A helper.
    pub fn abi(&mut self, name: &Ident) -> TokenStream {
        self.is_unsafe |= name != "area";
        let in_helper = self.variables.is_none();
        if in_helper {
            return quote!(#name);
        }
        self.uses_helpers = true;
        quote!(_abi::#name)
    }

    /// Size and alignment of an element, as support functions take them.
    pub fn element(&self, ty: TypeId) -> TokenStream {
        let layout = self.cx.world.layout(ty);
        pair(layout.size, layout.align)
    }

    /// Size and alignment of an entry of a map, and where its value lies.
    pub fn entry(&self, key: TypeId, value: TypeId) -> (TokenStream, u32) {
        let record = self.cx.world.record(&[key, value]);
        let offset = record.offsets.get(1).copied().unwrap_or_default();
        (pair(record.layout.size, record.layout.align), offset)
    }

    /// Writes statements apart, which become a block of their own.
    pub fn apart<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> (Vec<TokenStream>, T) {
        let outer = std::mem::take(&mut self.statements);
        let was_nested = std::mem::replace(&mut self.is_nested, true);
        let answer = write(self);
        self.is_nested = was_nested;
        (std::mem::replace(&mut self.statements, outer), answer)
    }

    /// Writes the body of a closure that is handed the scratch memory; its parameter's name.
    pub fn closure<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> T,
    ) -> (TokenStream, Vec<TokenStream>, T) {
        let outer = std::mem::replace(&mut self.scratch, quote!(scratch));
        let used = std::mem::take(&mut self.uses_scratch);
        let (statements, answer) = self.apart(write);
        let param = if self.uses_scratch { quote!(scratch) } else { quote!(_) };
        self.uses_scratch |= used;
        self.scratch = outer;
        (param, statements, answer)
    }
}

/// `(size, align)`.
pub fn pair(size: u32, align: u32) -> TokenStream {
    let [size, align] = [size, align].map(Literal::u32_unsuffixed);
    quote!((#size, #align))
}

/// The path of the support modules: in the runtime crate, or in the bindings' copy when somebody
/// else's runtime is used.
fn support_module(cx: &Context<'_>, at: Site) -> TokenStream {
    if cx.options.runtime_path.is_none() {
        let rt = &cx.rt;
        return quote!(#rt::support);
    }
    let path = cx.path(at, None);
    let path = if path.is_empty() { quote!(self::) } else { path };
    quote!(#path _rt)
}

/// An item of the support modules, by its path.
pub fn support(cx: &Context<'_>, at: Site, name: &str) -> TokenStream {
    let (module, name) = (support_module(cx, at), rust(name));
    quote!(#module::#name)
}

/// Makes the support modules `_rt`. No name of the WIT starts like that.
pub fn use_support(cx: &Context<'_>, at: Site) -> TokenStream {
    let module = support_module(cx, at);
    if cx.options.runtime_path.is_some() {
        quote!(use #module;)
    } else {
        quote!(use #module as _rt;)
    }
}
