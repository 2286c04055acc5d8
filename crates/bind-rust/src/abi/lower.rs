//! From Rust values to core values or memory: arguments of imports, which stay with their owner,
//! and results of exports, which are handed over (`CanonicalABI.md`, "Flat Lowering" and
//! "Storing").

use joggle_bind::abi::CoreType;
use joggle_bind::model::{Case, DefId, Field, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Index;

use super::cast;
use super::plain::{Plain, plain};
use super::shape::{Number, Shape};
use super::shared::Task;
use super::writer::{Hold, Memory, Value, Writer};
use crate::spell::{Mode, Style};

/// Where a lowered value goes.
#[derive(Debug)]
pub enum To {
    /// Core values, one after another.
    Flat(Vec<TokenStream>),
    Memory(Memory),
}

/// A case: its pattern, and its payload.
struct Arm {
    pattern: TokenStream,
    payload: Option<(TypeId, Mode)>,
}

impl Writer<'_> {
    /// Lowers a value of a type, which is written in Rust in this mode.
    pub fn lower(&mut self, ty: TypeId, mode: &Mode, value: &Value, to: &mut To) {
        if let Some(task) = self.lower_task(ty, mode, to) {
            self.is_unsafe = true;
            return self.lower_by_helper(ty, task, value, to);
        }
        self.lower_here(ty, mode, value, to);
    }

    /// Lowers it in this very place, whatever has a helper.
    pub fn lower_here(&mut self, ty: TypeId, mode: &Mode, value: &Value, to: &mut To) {
        // Places in memory are pointers.
        self.is_unsafe |= matches!(to, To::Memory(_));
        match Shape::of(self.cx, ty) {
            Shape::Bool => {
                let read = value.read();
                self.put(to, &quote!(i32::from(#read)), &quote!(bool), &read);
            }
            Shape::Number(number) => self.lower_number(number, value, to),
            Shape::Char => {
                let read = value.read();
                self.put(to, &quote!(#read as i32), &quote!(char), &read);
            }
            Shape::String => {
                let list = self.string(value);
                self.put_list(to, &list);
            }
            Shape::List(element) => {
                let list = self.list(element, mode, value);
                self.put_list(to, &list);
            }
            Shape::Map(key, item) => {
                let list = self.map(ty, (key, item), mode, value);
                self.put_list(to, &list);
            }
            Shape::Fixed(element, length) => self.fixed(element, length, value, to),
            Shape::Tuple(parts) => self.tuple(parts, mode, value, to),
            Shape::Record(def, fields) => self.record(def, fields, mode, value, to),
            Shape::Option(some) => {
                let some = Some((some, self.cx.inside(some, mode)));
                let arms = vec![
                    Arm { pattern: quote!(None), payload: None },
                    Arm { pattern: quote!(Some(item)), payload: some },
                ];
                self.cases(ty, arms, value, to);
            }
            Shape::Result(ok, err) => {
                let arms = vec![
                    self.result_arm(&quote!(Ok), ok, mode),
                    self.result_arm(&quote!(Err), err, mode),
                ];
                self.cases(ty, arms, value, to);
            }
            Shape::Variant(def, cases) => {
                let arms = self.variant_arms(def, cases, mode);
                self.cases(ty, arms, value, to);
            }
            Shape::Enum(..) => {
                let (read, tag) = (value.read(), self.tag(ty));
                self.put(to, &quote!(#read as i32), &tag, &quote!(#read as #tag));
            }
            Shape::Flags(_) => self.flags(ty, value, to),
            Shape::Own(_) => self.handle(&quote!(take_handle), value, to),
            Shape::Borrow(_) => self.handle(&quote!(handle), value, to),
            Shape::Refused => self.put(to, &refused(), &quote!(u32), &refused()),
        }
    }

    fn handle(&mut self, method: &TokenStream, value: &Value, to: &mut To) {
        let subject = value.subject();
        let handle = quote!(#subject.#method());
        self.put(to, &quote!(#handle as i32), &quote!(u32), &handle);
    }

    fn tuple(&mut self, parts: &[TypeId], mode: &Mode, value: &Value, to: &mut To) {
        let names: Vec<_> = (0..parts.len())
            .map(|index| {
                let index = Index::from(index);
                quote!(#index)
            })
            .collect();
        let modes: Vec<_> = parts.iter().map(|ty| self.cx.inside(*ty, mode)).collect();
        self.fields(parts, &modes, &names, value, to);
    }

    fn record(&mut self, def: DefId, fields: &[Field], mode: &Mode, value: &Value, to: &mut To) {
        let types: Vec<_> = fields.iter().map(|field| field.ty).collect();
        let modes: Vec<_> = types.iter().map(|ty| self.cx.below(*ty, mode)).collect();
        let names: Vec<_> = (0..fields.len())
            .map(|index| {
                let name = self.cx.names.member(def, index);
                quote!(#name)
            })
            .collect();
        self.fields(&types, &modes, &names, value, to);
    }

    fn result_arm(&self, name: &TokenStream, payload: Option<TypeId>, mode: &Mode) -> Arm {
        let inner = if payload.is_some() { quote!(item) } else { quote!(()) };
        let payload = payload.map(|ty| (ty, self.cx.inside(ty, mode)));
        Arm { pattern: quote!(#name(#inner)), payload }
    }

    /// Lowers values that lie one after another in a Rust value.
    fn fields(
        &mut self,
        types: &[TypeId],
        modes: &[Mode],
        names: &[TokenStream],
        value: &Value,
        to: &mut To,
    ) {
        let subject = value.subject().clone();
        let offsets = self.cx.world.offsets(types);
        for (((ty, mode), name), offset) in types.iter().zip(modes).zip(names).zip(offsets) {
            let field = Value::place(quote!(#subject.#name));
            self.lower_part(*ty, mode, &field, to, offset);
        }
    }

    fn lower_part(&mut self, ty: TypeId, mode: &Mode, value: &Value, to: &mut To, offset: u32) {
        match to {
            To::Flat(_) => self.lower(ty, mode, value, to),
            To::Memory(memory) => {
                let mut part = To::Memory(memory.add(offset));
                self.lower(ty, mode, value, &mut part);
            }
        }
    }

    /// One core value, or one Rust value in memory.
    fn put(&mut self, to: &mut To, core: &TokenStream, ty: &TokenStream, value: &TokenStream) {
        match to {
            To::Flat(words) => words.push(core.clone()),
            To::Memory(memory) => {
                let write = self.write(memory, ty, value);
                self.statements.push(write);
            }
        }
    }

    /// Address and length.
    fn put_list(&mut self, to: &mut To, list: &TokenStream) {
        match to {
            To::Flat(words) => {
                let (address, length) = (self.temps.fresh("ptr"), self.temps.fresh("len"));
                self.statements.push(quote!(let [#address, #length] = #list;));
                words.extend([quote!(#address), quote!(#length)]);
            }
            To::Memory(memory) => {
                let write = self.write(memory, &quote!([i32; 2]), list);
                self.statements.push(write);
            }
        }
    }

    fn lower_number(&mut self, number: Number, value: &Value, to: &mut To) {
        let read = value.read();
        let core = match number {
            Number::U8 | Number::U16 | Number::I8 | Number::I16 => quote!(i32::from(#read)),
            Number::U32 => quote!(#read as i32),
            Number::U64 => quote!(#read as i64),
            Number::I32 | Number::I64 | Number::F32 | Number::F64 => read.clone(),
        };
        let ty = format_ident!("{}", number.name());
        self.put(to, &core, &quote!(#ty), &read);
    }

    fn string(&mut self, value: &Value) -> TokenStream {
        let raw = self.cx.options.raw_strings;
        match self.hold {
            Hold::Lend => {
                let (lower, subject) = (self.rt("lower_slice"), value.subject());
                let lend = value.lend();
                if raw { quote!(#lower(#lend)) } else { quote!(#lower(#subject.as_bytes())) }
            }
            Hold::Give => {
                let give = self.rt(if raw { "give_slice" } else { "give_string" });
                let value = value.read();
                quote!(#give(#value))
            }
        }
    }

    fn list(&mut self, element: TypeId, mode: &Mode, value: &Value) -> TokenStream {
        let is_plain = plain(self.cx, element) != Plain::No;
        match (self.hold, is_plain) {
            (Hold::Lend, true) => {
                let (lower, list) = (self.rt("lower_slice"), value.lend());
                quote!(#lower(#list))
            }
            (Hold::Give, true) => {
                let (give, list) = (self.rt("give_slice"), value.read());
                quote!(#give(#list))
            }
            (Hold::Lend, false) => {
                let (lower, list) = (self.rt("lower_list"), value.lend());
                let (size, outer) = (self.element(element), self.scratch.clone());
                let below = self.cx.below(element, mode);
                let (scratch, statements, ()) = self.closure(|body| {
                    let item = Value::reference(quote!(item));
                    let mut to = To::Memory(Memory::at(quote!(base)));
                    body.lower(element, &below, &item, &mut to);
                });
                self.uses_scratch = true;
                quote!(#lower(#list, #size, #outer, |item, base, #scratch| { #(#statements)* }))
            }
            (Hold::Give, false) => {
                let (give, list) = (self.rt("give_list"), value.read());
                let size = self.element(element);
                let (statements, ()) = self.apart(|body| {
                    let item = Value::place(quote!(item));
                    let mut to = To::Memory(Memory::at(quote!(base)));
                    body.lower(element, &Mode::owned(), &item, &mut to);
                });
                quote!(#give(#list, #size, |item, base| { #(#statements)* }))
            }
        }
    }

    fn map(
        &mut self,
        ty: TypeId,
        (key, item): (TypeId, TypeId),
        mode: &Mode,
        value: &Value,
    ) -> TokenStream {
        let runtime = &self.cx.rt;
        let len = quote!(#runtime::WitMap::wit_map_len);
        let (size, offset) = self.entry(key, item);
        let map = self.temps.fresh("map");
        let is_lent = self.hold == Hold::Lend;
        let entry = |body: &mut Self| {
            let reach = |name: TokenStream| {
                if is_lent { Value::reference(name) } else { Value::place(name) }
            };
            let [key_mode, item_mode] = [key, item].map(|ty| body.cx.below(ty, mode));
            let base = Memory::at(quote!(base));
            body.lower(key, &key_mode, &reach(quote!(key)), &mut To::Memory(base.clone()));
            let mut to = To::Memory(base.add(offset));
            body.lower(item, &item_mode, &reach(quote!(value)), &mut to);
        };
        if is_lent {
            let (lower, outer) = (self.rt("lower_map"), self.scratch.clone());
            // A reference to a reference becomes one where the type is said.
            let canonical = self.cx.world.canonical(ty);
            let owned = Mode { borrows_lists: false, ..mode.clone() };
            let spelled = self.cx.spell(self.at, canonical, &owned);
            let lend = value.lend();
            let (scratch, statements, ()) = self.closure(entry);
            self.uses_scratch = true;
            self.statements.push(quote!(let #map: &#spelled = #lend;));
            quote! {
                #lower((#map, #len(#map)), #size, #outer, |key, value, base, #scratch| {
                    #(#statements)*
                })
            }
        } else {
            let (give, read) = (self.rt("give_map"), value.read());
            let (statements, ()) = self.apart(entry);
            self.statements.push(quote!(let #map = #read;));
            let count = self.temps.fresh("count");
            self.statements.push(quote!(let #count = #len(&#map);));
            quote!(#give((#map, #count), #size, |key, value, base| { #(#statements)* }))
        }
    }

    /// The elements of an array lie in the value itself.
    fn fixed(&mut self, element: TypeId, length: u32, value: &Value, to: &mut To) {
        let is_lent = self.hold == Hold::Lend;
        let reach = |name: TokenStream| {
            if is_lent { Value::reference(name) } else { Value::place(name) }
        };
        match to {
            To::Flat(_) => {
                let items: Vec<_> = (0..length).map(|_| self.temps.fresh("item")).collect();
                let array = if is_lent { value.lend() } else { value.read() };
                self.statements.push(quote!(let [#(#items),*] = #array;));
                for item in items {
                    self.lower(element, &Mode::owned(), &reach(quote!(#item)), to);
                }
            }
            To::Memory(memory) => {
                let (address, subject) = (memory.address(), value.subject());
                let size = Literal::u32_unsuffixed(self.cx.world.layout(element).size);
                let items = if is_lent { quote!(iter) } else { quote!(into_iter) };
                let (statements, ()) = self.apart(|body| {
                    let mut to = To::Memory(Memory::at(quote!(base)));
                    body.lower(element, &Mode::owned(), &reach(quote!(item)), &mut to);
                });
                self.statements.push(quote! {
                    for (index, item) in #subject.#items().enumerate() {
                        let base = #address.add(index * #size);
                        #(#statements)*
                    }
                });
            }
        }
    }

    fn variant_arms(&self, def: DefId, cases: &[Case], mode: &Mode) -> Vec<Arm> {
        let style = if mode.style == Style::Deep { Style::Deep } else { Style::Owned };
        let path = self.cx.form_path(self.at, def, style);
        let arm = |(index, case): (usize, &Case)| {
            let name = self.cx.names.member(def, index);
            let pattern =
                if case.ty.is_some() { quote!(#path::#name(item)) } else { quote!(#path::#name) };
            Arm { pattern, payload: case.ty.map(|ty| (ty, self.cx.below(ty, mode))) }
        };
        cases.iter().enumerate().map(arm).collect()
    }

    /// A discriminant and the payload of one case.
    fn cases(&mut self, ty: TypeId, arms: Vec<Arm>, value: &Value, to: &mut To) {
        let scrutinee = match self.hold {
            Hold::Lend => value.lend(),
            Hold::Give => value.read(),
        };
        match to {
            To::Flat(words) => self.cases_flat(ty, arms, &scrutinee, words),
            To::Memory(memory) => {
                let memory = memory.clone();
                self.cases_in_memory(ty, arms, &scrutinee, &memory);
            }
        }
    }

    fn payload_value(&self) -> Value {
        match self.hold {
            Hold::Lend => Value::reference(quote!(item)),
            Hold::Give => Value::place(quote!(item)),
        }
    }

    fn cases_flat(
        &mut self,
        ty: TypeId,
        arms: Vec<Arm>,
        scrutinee: &TokenStream,
        words: &mut Vec<TokenStream>,
    ) {
        let slots = self.payload_slots(ty);
        let item = self.payload_value();
        let mut written = Vec::new();
        for (index, Arm { pattern, payload }) in arms.into_iter().enumerate() {
            let tag = Literal::usize_unsuffixed(index);
            let (statements, values) = self.apart(|body| {
                let mut to = To::Flat(Vec::new());
                let mut own = &[][..];
                if let Some((ty, mode)) = &payload {
                    body.lower(*ty, mode, &item, &mut to);
                    own = body.cx.world.flat(*ty).unwrap_or_default();
                }
                let values = match to {
                    To::Flat(values) => values,
                    To::Memory(_) => Vec::new(),
                };
                fill(&values, own, &slots)
            });
            let all = if slots.is_empty() { quote!(#tag) } else { quote!((#tag #(, #values)*)) };
            written.push(if statements.is_empty() {
                quote!(#pattern => #all,)
            } else {
                quote!(#pattern => { #(#statements)* #all })
            });
        }
        let names: Vec<_> = std::iter::once("tag")
            .chain(slots.iter().map(|_| "payload"))
            .map(|wish| self.temps.fresh(wish))
            .collect();
        let pattern = if slots.is_empty() { quote!(#(#names)*) } else { quote!((#(#names),*)) };
        self.statements.push(quote!(let #pattern = match #scrutinee { #(#written)* };));
        words.extend(names.iter().map(|name| quote!(#name)));
    }

    fn cases_in_memory(
        &mut self,
        ty: TypeId,
        arms: Vec<Arm>,
        scrutinee: &TokenStream,
        memory: &Memory,
    ) {
        let tag = self.tag(ty);
        let offset = self.payload_offset(ty);
        let item = self.payload_value();
        let mut written = Vec::new();
        for (index, Arm { pattern, payload }) in arms.into_iter().enumerate() {
            let number = Literal::usize_unsuffixed(index);
            let write = self.write(memory, &tag, &quote!(#number));
            let (statements, ()) = self.apart(|body| {
                if let Some((ty, mode)) = &payload {
                    let mut to = To::Memory(memory.add(offset));
                    body.lower(*ty, mode, &item, &mut to);
                }
            });
            written.push(quote!(#pattern => { #write #(#statements)* }));
        }
        self.statements.push(quote!(match #scrutinee { #(#written)* }));
    }

    fn flags(&mut self, ty: TypeId, value: &Value, to: &mut To) {
        let subject = value.subject();
        let Some(layout) = self.cx.world.flags(ty) else { return };
        let word = word(layout.word_size);
        if layout.words == 1 {
            let bits = quote!(#subject.bits());
            return self.put(to, &quote!(#bits as i32), &word, &bits);
        }
        for index in 0..layout.words {
            let shift = Literal::u32_unsuffixed(index * 32);
            let bits = quote!((#subject.bits() >> #shift));
            match to {
                To::Flat(words) => words.push(quote!(#bits as i32)),
                To::Memory(memory) => {
                    let memory = memory.add(index * layout.word_size);
                    let write = self.write(&memory, &word, &quote!(#bits as #word));
                    self.statements.push(write);
                }
            }
        }
    }

    fn lower_task(&self, ty: TypeId, mode: &Mode, to: &To) -> Option<Task> {
        let deep = mode.style == Style::Deep;
        // The helper of a list takes `&Vec<T>`, and what is borrowed at the top is a `&[T]`.
        let is_named = matches!(Shape::of(self.cx, ty), Shape::Record(..) | Shape::Variant(..));
        if mode.style == Style::Top && !is_named {
            return None;
        }
        match (to, self.hold) {
            (To::Memory(_), Hold::Lend) => Task::Lower { deep },
            (To::Memory(_), Hold::Give) => Task::Give,
            (To::Flat(_), Hold::Lend) => Task::LowerFlat { deep },
            (To::Flat(_), Hold::Give) => Task::GiveFlat,
        }
        .helps(self.cx, ty)
    }

    fn lower_by_helper(&mut self, ty: TypeId, task: Task, value: &Value, to: &mut To) {
        let name = self.cx.helpers.want(self.cx, task, ty);
        let function = self.abi(&name);
        let value = match self.hold {
            Hold::Lend => value.lend(),
            Hold::Give => value.read(),
        };
        let scratch =
            (self.hold == Hold::Lend && self.cx.helpers.needs_scratch(self.cx, ty)).then(|| {
                self.uses_scratch = true;
                let scratch = &self.scratch;
                quote!(, #scratch)
            });
        match to {
            To::Memory(memory) => {
                let address = memory.address();
                self.statements.push(quote!(#function(#value, #address #scratch);));
            }
            To::Flat(words) => {
                let slots = self.payload_slots(ty);
                let names: Vec<_> = std::iter::once("tag")
                    .chain(slots.iter().map(|_| "payload"))
                    .map(|wish| self.temps.fresh(wish))
                    .collect();
                let pattern =
                    if slots.is_empty() { quote!(#(#names)*) } else { quote!((#(#names),*)) };
                self.statements.push(quote!(let #pattern = #function(#value #scratch);));
                words.extend(names.iter().map(|name| quote!(#name)));
            }
        }
    }

    /// The Rust type of a discriminant in memory.
    pub fn tag(&self, ty: TypeId) -> TokenStream {
        word(self.cx.world.variant(ty).map_or(4, |variant| variant.tag_size))
    }

    /// Where payloads start.
    pub fn payload_offset(&self, ty: TypeId) -> u32 {
        self.cx.world.variant(ty).map_or(0, |variant| variant.payload_offset)
    }

    /// The core types that hold any payload.
    pub fn payload_slots(&self, ty: TypeId) -> Vec<CoreType> {
        let variant = self.cx.world.variant(ty);
        variant.and_then(|variant| variant.payload_flat.clone()).unwrap_or_default()
    }
}

/// The values of a case in the slots of all.
fn fill(values: &[TokenStream], own: &[CoreType], slots: &[CoreType]) -> Vec<TokenStream> {
    let mut all: Vec<_> = values
        .iter()
        .zip(own)
        .zip(slots)
        .map(|((value, own), slot)| cast::widen(value, *own, *slot))
        .collect();
    all.extend(slots.iter().skip(all.len()).map(|slot| cast::zero(*slot)));
    all
}

/// The unsigned integer with as many bytes.
pub fn word(bytes: u32) -> TokenStream {
    match bytes {
        1 => quote!(u8),
        2 => quote!(u16),
        4 | 0 | 3 | 5.. => quote!(u32),
    }
}

/// Stands where `refuse` should have stopped.
pub fn refused() -> TokenStream {
    quote!(::core::compile_error!("this type cannot be lifted or lowered yet"))
}
