//! Freeing what a result of an export holds, after its return (`CanonicalABI.md`, `post-return`).
//! Handles are gone by then: they were handed over.

use joggle_bind::model::TypeId;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::lift::block;
use super::shape::Shape;
use super::shared::Task;
use super::writer::{Memory, Writer, pair};

impl Writer<'_> {
    /// Frees what a value in memory holds.
    pub fn free(&mut self, ty: TypeId, memory: &Memory) {
        if !self.cx.world.facts(ty).has_heap() {
            return;
        }
        if let Some(task) = Task::Free.helps(self.cx, ty) {
            let name = self.cx.helpers.want(self.cx, task, ty);
            let (function, address) = (self.abi(&name), memory.address());
            self.statements.push(quote!(#function(#address);));
            return;
        }
        self.free_here(ty, memory);
    }

    /// Frees it in this very place, whatever has a helper.
    pub fn free_here(&mut self, ty: TypeId, memory: &Memory) {
        self.is_unsafe = true;
        match Shape::of(self.cx, ty) {
            Shape::String => self.free_bytes(&pair(1, 1), memory),
            Shape::List(element) => {
                let size = self.element(element);
                self.free_elements(&size, memory, &[(element, 0)]);
            }
            Shape::Map(key, value) => {
                let (size, offset) = self.entry(key, value);
                self.free_elements(&size, memory, &[(key, 0), (value, offset)]);
            }
            Shape::Fixed(element, length) => self.free_fixed(element, length, memory),
            Shape::Tuple(parts) => self.free_parts(parts, memory),
            Shape::Record(_, fields) => {
                let types: Vec<_> = fields.iter().map(|field| field.ty).collect();
                self.free_parts(&types, memory);
            }
            Shape::Option(_) | Shape::Result(..) | Shape::Variant(..) => {
                self.free_cases(ty, memory);
            }
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Enum(..)
            | Shape::Flags(_)
            | Shape::Refused => {}
        }
    }

    fn free_parts(&mut self, types: &[TypeId], memory: &Memory) {
        for (ty, offset) in types.iter().zip(self.cx.world.offsets(types)) {
            self.free(*ty, &memory.add(offset));
        }
    }

    fn free_bytes(&mut self, size: &TokenStream, memory: &Memory) {
        let (free, list) = (self.rt("free_slice"), self.read(memory, &quote!([i32; 2])));
        self.statements.push(quote!(#free(#list, #size);));
    }

    fn free_elements(&mut self, size: &TokenStream, memory: &Memory, parts: &[(TypeId, u32)]) {
        let (statements, ()) = self.apart(|body| {
            let base = Memory::at(quote!(base));
            for (ty, offset) in parts {
                body.free(*ty, &base.add(*offset));
            }
        });
        if statements.is_empty() {
            return self.free_bytes(size, memory);
        }
        let (free, list) = (self.rt("free_list"), self.read(memory, &quote!([i32; 2])));
        self.statements.push(quote!(#free(#list, #size, |base| { #(#statements)* });));
    }

    fn free_fixed(&mut self, element: TypeId, length: u32, memory: &Memory) {
        let address = memory.address();
        let size = Literal::u32_unsuffixed(self.cx.world.layout(element).size);
        let length = Literal::u32_unsuffixed(length);
        let (statements, ()) = self.apart(|body| body.free(element, &Memory::at(quote!(base))));
        self.statements.push(quote! {
            for index in 0..#length {
                let base = #address.add(index * #size);
                #(#statements)*
            }
        });
    }

    fn free_cases(&mut self, ty: TypeId, memory: &Memory) {
        let tag = {
            let tag = self.tag(ty);
            self.read(memory, &tag)
        };
        let payload = memory.add(self.payload_offset(ty));
        let mut arms = Vec::new();
        for (index, case) in Shape::of(self.cx, ty).payloads().into_iter().enumerate() {
            let number = Literal::usize_unsuffixed(index);
            let (statements, ()) = self.apart(|body| {
                if let Some(ty) = case {
                    body.free(ty, &payload);
                }
            });
            if !statements.is_empty() {
                let body = block(&statements, &TokenStream::new());
                arms.push(quote!(#number => #body));
            }
        }
        self.statements.push(quote!(match #tag { #(#arms)* _ => {} }));
    }
}
