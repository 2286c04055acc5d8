//! Signatures of functions as users see them: what an import takes and gives, and what a guest
//! implements. Bodies are left to `imports`, `exports` and `native`.

use joggle_bind::model::{FunctionId, FunctionKind, Side, Type};
use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Site};
use crate::chain::Chain;
use crate::docs::{attributes, deprecation};

/// The parts of `fn name(params) -> result where …`.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Docs and attributes.
    pub attributes: TokenStream,
    pub ident: proc_macro2::Ident,
    /// All of them, `&self` among them.
    pub params: TokenStream,
    /// `-> T`, or nothing.
    pub result: TokenStream,
    /// `where …`, or nothing.
    pub clause: TokenStream,
}

impl Signature {
    /// `fn name(params) -> result where …`, without docs.
    #[must_use]
    pub fn head(&self) -> TokenStream {
        let Self { attributes: _, ident, params, result, clause } = self;
        quote!(fn #ident(#params) #result #clause)
    }
}

impl Context<'_> {
    /// A function as its side has it: imports borrow their arguments, guests own them.
    #[must_use]
    pub fn signature(&self, at: Site, id: FunctionId) -> Signature {
        let function = &self.world.functions[id];
        let is_method = matches!(function.kind, FunctionKind::Method(_));
        let params = function.params.iter().enumerate().map(|(index, param)| {
            if is_method && index == 0 {
                return match self.chains.get(&id) {
                    Some(Chain::Owned) => quote!(self),
                    Some(Chain::Borrowed) | None => quote!(&self),
                };
            }
            let ident = self.names.param(id, index);
            let ty = match function.side {
                Side::Import => self.argument(at, param.ty),
                Side::Export => self.owned(at, param.ty),
            };
            quote!(#ident: #ty)
        });
        let params = quote!(#(#params),*);
        let (result, clause) = self.result(at, id);
        let docs = attributes(&function.docs, &function.stability);
        let deprecated = match function.side {
            Side::Import => deprecation(&function.stability),
            // Whoever implements a world has to implement all of it.
            Side::Export => TokenStream::new(),
        };
        Signature {
            attributes: quote!(#docs #deprecated),
            ident: self.names.function(id).clone(),
            params,
            result,
            clause,
        }
    }

    /// `-> T` and the `where` of a trait.
    fn result(&self, at: Site, id: FunctionId) -> (TokenStream, TokenStream) {
        let function = &self.world.functions[id];
        let Some(result) = function.result else {
            let result = match self.chains.get(&id) {
                Some(Chain::Owned) => quote!(-> Self),
                Some(Chain::Borrowed) => quote!(-> &Self),
                None => TokenStream::new(),
            };
            return (result, TokenStream::new());
        };
        let FunctionKind::Constructor(_) = function.kind else {
            let result = self.owned(at, result);
            return (quote!(-> #result), TokenStream::new());
        };
        let clause = match function.side {
            Side::Import => TokenStream::new(),
            Side::Export => quote!(where Self: Sized),
        };
        // A constructor that can fail gives a `result` of the resource.
        let target = self.world.canonical(result);
        if let Type::Result { err, .. } = &self.world.types[target] {
            // The error as it is written, under its own name, unless the result has a name.
            let err =
                if let Type::Result { err, .. } = &self.world.types[result] { err } else { err };
            let err = self.owned_or_unit(at, *err);
            let result = self.prelude(at, "Result");
            return (quote!(-> #result<Self, #err>), clause);
        }
        (quote!(-> Self), TokenStream::new())
    }
}
