//! From core values or memory to Rust values, which own what they hold: parameters of exports and
//! results of imports (`CanonicalABI.md`, "Flat Lifting" and "Loading").

use std::collections::VecDeque;

use joggle_bind::model::{DefId, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::cast;
use super::lower::{refused, word};
use super::plain::{Plain, plain};
use super::shape::{Number, Shape};
use super::shared::Task;
use super::writer::{Memory, Writer};

/// Where a value is lifted from.
#[derive(Debug)]
pub enum From {
    /// Core values, one after another.
    Flat(VecDeque<TokenStream>),
    Memory(Memory),
}

impl Writer<'_> {
    /// The next core value, or a word in memory.
    fn word(&mut self, from: &mut From) -> TokenStream {
        match from {
            // There are as many as the type flattens to.
            From::Flat(words) => words.pop_front().unwrap_or_else(refused),
            From::Memory(memory) => self.read(memory, &quote!(i32)),
        }
    }

    /// Address and length.
    fn address_and_length(&mut self, from: &mut From) -> TokenStream {
        match from {
            From::Flat(_) => {
                let (address, length) = (self.word(from), self.word(from));
                quote!([#address, #length])
            }
            From::Memory(memory) => self.read(memory, &quote!([i32; 2])),
        }
    }

    /// The next word as `u32`.
    fn unsigned(&mut self, from: &mut From) -> TokenStream {
        match from {
            From::Flat(_) => {
                let word = self.word(from);
                quote!(#word as u32)
            }
            From::Memory(memory) => self.read(memory, &quote!(u32)),
        }
    }

    /// Lifts a value; the expression of it.
    pub fn lift(&mut self, ty: TypeId, from: &mut From) -> TokenStream {
        let task = match from {
            From::Memory(_) => Task::Lift,
            From::Flat(_) => Task::LiftFlat,
        };
        if let Some(task) = task.helps(self.cx, ty) {
            return self.lift_by_helper(ty, task, from);
        }
        self.lift_here(ty, from)
    }

    /// Lifts it in this very place, whatever has a helper.
    pub fn lift_here(&mut self, ty: TypeId, from: &mut From) -> TokenStream {
        let is_handle = matches!(Shape::of(self.cx, ty), Shape::Own(_) | Shape::Borrow(_));
        // Places in memory are pointers, and nobody else may own a handle.
        self.is_unsafe |= is_handle || matches!(from, From::Memory(_));
        match Shape::of(self.cx, ty) {
            Shape::Bool => match from {
                From::Flat(_) => {
                    let word = self.word(from);
                    quote!(#word != 0)
                }
                From::Memory(memory) => {
                    let read = self.read(memory, &quote!(u8));
                    quote!(#read != 0)
                }
            },
            Shape::Number(number) => lift_number(self, number, from),
            Shape::Char => {
                let (lift, word) = (self.rt("lift_char"), self.word(from));
                quote!(#lift(#word))
            }
            Shape::String => {
                let raw = self.cx.options.raw_strings;
                let lift = self.rt(if raw { "lift_slice" } else { "lift_string" });
                let pair = self.address_and_length(from);
                quote!(#lift(#pair))
            }
            Shape::List(element) => self.lift_list(element, from),
            Shape::Map(key, value) => self.lift_map(key, value, from),
            Shape::Fixed(element, length) => self.lift_fixed(element, length, from),
            Shape::Tuple(parts) => {
                let parts = self.lift_parts(parts, from);
                quote!((#(#parts,)*))
            }
            Shape::Record(def, fields) => {
                let types: Vec<_> = fields.iter().map(|field| field.ty).collect();
                let values = self.lift_parts(&types, from);
                let names = (0..fields.len()).map(|index| self.cx.names.member(def, index));
                let path = self.cx.def_path(self.at, def);
                quote!(#path { #(#names: #values,)* })
            }
            Shape::Option(_) | Shape::Result(..) | Shape::Variant(..) => self.lift_cases(ty, from),
            Shape::Enum(..) => self.lift_enum(ty, from),
            Shape::Flags(def) => self.lift_flags(ty, def, from),
            Shape::Own(def) => {
                let handle = self.unsigned(from);
                let path = self.cx.def_path(self.at, def);
                quote!(#path::from_handle(#handle))
            }
            Shape::Borrow(def) => self.lift_borrow(def, from),
            Shape::Refused => refused(),
        }
    }

    /// Lifts values that lie one after another.
    pub fn lift_parts(&mut self, types: &[TypeId], from: &mut From) -> Vec<TokenStream> {
        let offsets = self.cx.world.offsets(types);
        let part = |(ty, offset): (&TypeId, u32)| match from {
            From::Flat(_) => self.lift(*ty, from),
            From::Memory(memory) => {
                let mut part = From::Memory(memory.add(offset));
                self.lift(*ty, &mut part)
            }
        };
        types.iter().zip(offsets).map(part).collect()
    }

    fn lift_list(&mut self, element: TypeId, from: &mut From) -> TokenStream {
        let pair = self.address_and_length(from);
        if plain(self.cx, element) == Plain::Bits {
            let lift = self.rt("lift_slice");
            return quote!(#lift(#pair));
        }
        let (lift, size) = (self.rt("lift_list"), self.element(element));
        let item = self.lift_at_base(element);
        quote!(#lift(#pair, #size, |base| #item))
    }

    /// Lifts what `base` points to, as the body of a closure.
    fn lift_at_base(&mut self, ty: TypeId) -> TokenStream {
        let (statements, value) =
            self.apart(|body| body.lift(ty, &mut From::Memory(Memory::at(quote!(base)))));
        block(&statements, &value)
    }

    fn lift_map(&mut self, key: TypeId, value: TypeId, from: &mut From) -> TokenStream {
        let pair = self.address_and_length(from);
        let (lift, (size, offset)) = (self.rt("lift_map"), self.entry(key, value));
        let runtime = self.cx.rt.clone();
        let (statements, (key, value)) = self.apart(|body| {
            let base = Memory::at(quote!(base));
            let key = body.lift(key, &mut From::Memory(base.clone()));
            (key, body.lift(value, &mut From::Memory(base.add(offset))))
        });
        quote! {
            #lift(#pair, #size, #runtime::WitMap::wit_map_new, |map, base| {
                #(#statements)*
                #runtime::WitMap::wit_map_push(map, #key, #value);
            })
        }
    }

    fn lift_fixed(&mut self, element: TypeId, length: u32, from: &mut From) -> TokenStream {
        match from {
            From::Flat(_) => {
                let items: Vec<_> = (0..length).map(|_| self.lift(element, from)).collect();
                quote!([#(#items),*])
            }
            From::Memory(memory) => {
                let address = memory.address();
                let size = Literal::u32_unsuffixed(self.cx.world.layout(element).size);
                let item = self.lift_at_base(element);
                quote! {
                    ::core::array::from_fn(|index| {
                        let base = #address.add(index * #size);
                        #item
                    })
                }
            }
        }
    }

    /// A discriminant, and the payload of its case.
    fn lift_cases(&mut self, ty: TypeId, from: &mut From) -> TokenStream {
        let slots = self.payload_slots(ty);
        let shape = Shape::of(self.cx, ty);
        let payloads = shape.payloads();
        let (tag, words) = match from {
            From::Flat(_) => {
                let tag = self.word(from);
                (tag, slots.iter().map(|_| self.word(from)).collect::<Vec<_>>())
            }
            From::Memory(memory) => {
                let tag = self.tag(ty);
                (self.read(memory, &tag), Vec::new())
            }
        };
        let mut arms = Vec::new();
        for (index, payload) in payloads.into_iter().enumerate() {
            let number = Literal::usize_unsuffixed(index);
            let (statements, item) = self.apart(|body| {
                payload.map(|ty_of| {
                    let mut inner = match from {
                        From::Flat(_) => {
                            let own = body.cx.world.flat(ty_of).unwrap_or_default();
                            let narrow = |((word, slot), own)| cast::narrow(word, slot, own);
                            let slots = slots.iter().copied();
                            From::Flat(
                                words
                                    .iter()
                                    .zip(slots)
                                    .zip(own.iter().copied())
                                    .map(narrow)
                                    .collect(),
                            )
                        }
                        From::Memory(memory) => From::Memory(memory.add(body.payload_offset(ty))),
                    };
                    body.lift(ty_of, &mut inner)
                })
            });
            let case = self.case(&shape, index, item.as_ref());
            let case = block(&statements, &case);
            arms.push(quote!(#number => #case,));
        }
        let invalid = self.rt("invalid");
        quote!(match #tag { #(#arms)* _ => #invalid() })
    }

    /// A case with its payload.
    fn case(&self, shape: &Shape<'_>, index: usize, item: Option<&TokenStream>) -> TokenStream {
        let unit_or = |item: Option<&TokenStream>| item.cloned().unwrap_or_else(|| quote!(()));
        match shape {
            Shape::Option(_) => item.map_or_else(|| quote!(None), |item| quote!(Some(#item))),
            Shape::Result(..) => {
                let item = unit_or(item);
                if index == 0 { quote!(Ok(#item)) } else { quote!(Err(#item)) }
            }
            Shape::Variant(def, _) | Shape::Enum(def, _) => {
                let path = self.cx.def_path(self.at, *def);
                let name = self.cx.names.member(*def, index);
                let item = item.map(|item| quote!((#item)));
                quote!(#path::#name #item)
            }
            Shape::Bool
            | Shape::Number(_)
            | Shape::Char
            | Shape::String
            | Shape::List(_)
            | Shape::Fixed(..)
            | Shape::Map(..)
            | Shape::Tuple(_)
            | Shape::Own(_)
            | Shape::Borrow(_)
            | Shape::Record(..)
            | Shape::Flags(_)
            | Shape::Refused => refused(),
        }
    }

    fn lift_enum(&mut self, ty: TypeId, from: &mut From) -> TokenStream {
        let tag = self.tag(ty);
        let name = self.cx.helpers.want(self.cx, Task::LiftEnum, ty);
        let lift = self.abi(&name);
        match from {
            From::Flat(_) => {
                let word = self.word(from);
                quote!(#lift(#word as #tag))
            }
            From::Memory(memory) => {
                let read = self.read(memory, &tag);
                quote!(#lift(#read))
            }
        }
    }

    /// The body of the helper of an enum: `tag` is its discriminant.
    pub fn lift_tag(&mut self, ty: TypeId) -> TokenStream {
        let shape = Shape::of(self.cx, ty);
        let count = shape.payloads().len();
        let arm = |index| {
            let (number, case) = (Literal::usize_unsuffixed(index), self.case(&shape, index, None));
            quote!(#number => #case,)
        };
        let arms: Vec<_> = (0..count).map(arm).collect();
        let invalid = self.rt("invalid");
        quote!(match tag { #(#arms)* _ => #invalid() })
    }

    fn lift_flags(&mut self, ty: TypeId, def: DefId, from: &mut From) -> TokenStream {
        let path = self.cx.def_path(self.at, def);
        let Some(layout) = self.cx.world.flags(ty) else { return refused() };
        let part = word(layout.word_size);
        if layout.words == 1 {
            let bits = match from {
                From::Flat(_) => {
                    let word = self.word(from);
                    quote!(#word as #part)
                }
                From::Memory(memory) => self.read(memory, &part),
            };
            return quote!(#path::from_bits_retain(#bits));
        }
        let bits = if layout.words == 2 { quote!(u64) } else { quote!(u128) };
        let words = (0..layout.words).map(|index| {
            let shift = Literal::u32_unsuffixed(index * 32);
            let word = match from {
                From::Flat(_) => self.word(from),
                From::Memory(memory) => {
                    let memory = memory.add(index * layout.word_size);
                    self.read(&memory, &quote!(i32))
                }
            };
            quote!((#bits::from(#word as u32) << #shift))
        });
        quote!(#path::from_bits_retain(#(#words)|*))
    }

    /// A handle that was lent: a reference to something that lives as long as the call.
    fn lift_borrow(&mut self, def: DefId, from: &mut From) -> TokenStream {
        if self.cx.is_exported_resource(def) {
            let (path, address) = (self.cx.borrow_path(self.at, def), self.rt("address"));
            let word = self.word(from);
            return quote!(#path::lift(#address(#word)));
        }
        let handle = self.unsigned(from);
        let path = self.cx.def_path(self.at, def);
        if self.is_nested {
            self.uses_lent = true;
            let (keep, lent) = (self.rt("keep"), &self.lent);
            return quote!(#keep(#lent, #path::from_handle(#handle)));
        }
        let name = self.temps.fresh("handle");
        self.statements.push(quote!(let #name = #path::from_handle(#handle);));
        quote!(&#name)
    }

    fn lift_by_helper(&mut self, ty: TypeId, task: Task, from: &mut From) -> TokenStream {
        let name = self.cx.helpers.want(self.cx, task, ty);
        let function = self.abi(&name);
        let lent = self.cx.helpers.needs_lent(self.cx, ty).then(|| {
            self.uses_lent = true;
            let lent = &self.lent;
            quote!(, #lent)
        });
        match from {
            From::Memory(memory) => {
                let address = memory.address();
                quote!(#function(#address #lent))
            }
            From::Flat(_) => {
                let count = 1 + self.payload_slots(ty).len();
                let words = (0..count).map(|_| self.word(from));
                quote!(#function(#(#words),* #lent))
            }
        }
    }
}

/// A value that may need statements before it.
pub fn block(statements: &[TokenStream], value: &TokenStream) -> TokenStream {
    if statements.is_empty() { value.clone() } else { quote!({ #(#statements)* #value }) }
}

fn lift_number(writer: &mut Writer<'_>, number: Number, from: &mut From) -> TokenStream {
    let ty = format_ident!("{}", number.name());
    match from {
        From::Memory(memory) => writer.read(memory, &quote!(#ty)),
        From::Flat(_) => {
            let word = writer.word(from);
            match number {
                Number::U8 | Number::U16 | Number::U32 | Number::U64 | Number::I8 | Number::I16 => {
                    quote!(#word as #ty)
                }
                Number::I32 | Number::I64 | Number::F32 | Number::F64 => word,
            }
        }
    }
}
