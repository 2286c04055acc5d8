//! How types are written: owned, or borrowed as an argument of an import. The rules for what
//! borrows are those that wit-bindgen documents, so that sources written for it go on compiling.
//! Which definitions are printed, and where, is left to `shape` and `types`.

use joggle_bind::model::{DefId, DefKind, Type, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Lifetime;

use crate::options::Ownership;
use crate::shape::{Context, Site, Usage};

/// How much of a value is borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `String`, `Vec<T>`, `Record`.
    Owned,
    /// Strings and lists are references however deep they lie: `&[&str]`, `Record<'_>`.
    Deep,
    /// The outermost value is a reference, what it holds is owned: `&[String]`, `&Record`.
    Top,
}

/// How one level of a type is written; the level below follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode {
    /// The lifetime of what is borrowed; without it, nothing is.
    pub lifetime: Option<Lifetime>,
    /// Strings and lists are `&str` and `&[T]`.
    pub borrows_lists: bool,
    pub style: Style,
}

impl Mode {
    /// Nothing is borrowed.
    #[must_use]
    pub fn owned() -> Self {
        Self { lifetime: None, borrows_lists: false, style: Style::Owned }
    }
}

/// One of the Rust types of a definition: most have one, and two if they are asked for.
#[derive(Debug, Clone)]
pub struct Form {
    pub ident: proc_macro2::Ident,
    pub mode: Mode,
}

/// What a definition holds, however deep inside.
#[derive(Debug, Clone, Copy)]
struct Holds {
    own: bool,
    borrow: bool,
    list: bool,
}

/// `'a`, as definitions have it.
#[must_use]
pub fn lifetime_a() -> Lifetime {
    Lifetime::new("'a", proc_macro2::Span::call_site())
}

/// `'_`, as parameters have it.
#[must_use]
pub fn lifetime_elided() -> Lifetime {
    Lifetime::new("'_", proc_macro2::Span::call_site())
}

impl Context<'_> {
    /// A type that owns what it holds: a result, a parameter of an export, a field.
    #[must_use]
    pub fn owned(&self, at: Site, ty: TypeId) -> TokenStream {
        // Types with `borrow` handles have a lifetime even then.
        self.spell(at, ty, &self.mode(ty, Style::Owned, &lifetime_elided()))
    }

    /// A payload that may be missing, owned; `()` when it is.
    #[must_use]
    pub fn owned_or_unit(&self, at: Site, ty: Option<TypeId>) -> TokenStream {
        ty.map_or_else(|| quote!(()), |ty| self.owned(at, ty))
    }

    /// The mode of an argument of an import.
    #[must_use]
    pub fn argument_mode(&self, ty: TypeId) -> Mode {
        self.mode(ty, self.argument_style(), &lifetime_elided())
    }

    /// An argument of an import: `&str`, `&[T]`, `&Record`, and by value what is copied or
    /// handed over.
    #[must_use]
    pub fn argument(&self, at: Site, ty: TypeId) -> TokenStream {
        self.spell(at, ty, &self.argument_mode(ty))
    }

    fn argument_style(&self) -> Style {
        match self.options.ownership {
            Ownership::Owning => Style::Top,
            Ownership::Borrowing | Ownership::BorrowingDuplicateIfNecessary => Style::Deep,
        }
    }

    /// The mode in which a type is written when `style` is asked for.
    #[must_use]
    pub fn mode(&self, ty: TypeId, style: Style, lifetime: &Lifetime) -> Mode {
        let facts = self.world.facts(ty);
        let holds =
            Holds { own: facts.has_own(), borrow: facts.has_borrow(), list: facts.has_heap() };
        let usage = match &self.world.types[ty] {
            Type::Def(def) => self.usage(*def),
            // Anonymous types are no definition that could be owned elsewhere.
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
            | Type::String
            | Type::ErrorContext
            | Type::List(_)
            | Type::FixedLengthList(..)
            | Type::Map(..)
            | Type::Tuple(_)
            | Type::Option(_)
            | Type::Result { .. }
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Stream(_)
            | Type::Future(_) => Usage::default(),
        };
        self.mode_of(holds, usage, style, lifetime)
    }

    fn mode_of(&self, holds: Holds, usage: Usage, style: Style, lifetime: &Lifetime) -> Mode {
        let borrows = if holds.borrow {
            // A `borrow` handle is a reference wherever it stands.
            true
        } else if style == Style::Owned || holds.own || !holds.list {
            // What is handed over is given by value, to show that it is gone; and where there
            // are neither lists nor handles, nothing could be borrowed.
            false
        } else if !usage.owned
            || self.has_two_forms(holds, usage)
            || self.options.ownership == Ownership::Owning
        {
            true
        } else {
            // Someone else owns this type, so that its definition owns what it holds.
            return Mode {
                lifetime: Some(lifetime.clone()),
                borrows_lists: true,
                style: Style::Top,
            };
        };
        Mode {
            lifetime: borrows.then(|| lifetime.clone()),
            borrows_lists: borrows && style != Style::Owned,
            style: if holds.own { Style::Owned } else { style },
        }
    }

    fn has_two_forms(&self, holds: Holds, usage: Usage) -> bool {
        self.options.ownership == Ownership::BorrowingDuplicateIfNecessary
            && usage.into_import
            && usage.owned
            && holds.list
            && !holds.own
    }

    /// The Rust types of a definition that is no resource: none if no function uses it, one
    /// mostly, two if borrowed and owned forms are asked for.
    #[must_use]
    pub fn forms(&self, def: DefId) -> Vec<Form> {
        let usage = self.usage(def);
        if !usage.is_used() && !self.options.generate_unused_types && self.may_be_left_out(def) {
            return Vec::new();
        }
        let holds = self.holds(def);
        let lifetime = lifetime_a();
        let owned = self.mode_of(holds, usage, Style::Owned, &lifetime);
        let deep = self.mode_of(holds, usage, Style::Deep, &lifetime);
        let form = |style, mode| Form { ident: self.form_ident(def, style), mode };
        if self.has_two_forms(holds, usage) {
            vec![form(Style::Owned, owned), form(Style::Deep, deep)]
        } else if owned == deep || usage.owned || self.options.ownership == Ownership::Owning {
            vec![form(Style::Owned, owned)]
        } else {
            vec![form(Style::Deep, deep)]
        }
    }

    /// Enums and flags are always there: they cost nothing, and guests count on them.
    fn may_be_left_out(&self, def: DefId) -> bool {
        match self.world.defs[def].kind {
            DefKind::Record(_) | DefKind::Variant(_) | DefKind::Alias(_) => true,
            DefKind::Enum(_)
            | DefKind::Flags(_)
            | DefKind::ResourceAlias(_)
            | DefKind::Resource(_) => false,
        }
    }

    fn holds(&self, def: DefId) -> Holds {
        let facts = self.facts(def);
        Holds { own: facts.has_own(), borrow: facts.has_borrow(), list: facts.has_heap() }
    }

    /// The name of a definition in the form of this style.
    #[must_use]
    pub fn form_ident(&self, def: DefId, style: Style) -> proc_macro2::Ident {
        let names = if self.has_two_forms(self.holds(def), self.usage(def)) {
            self.names.forms(def)
        } else {
            None
        };
        match (names, style) {
            (Some((owned, _)), Style::Owned) => owned.clone(),
            (Some((_, borrowed)), Style::Deep | Style::Top) => borrowed.clone(),
            (None, Style::Owned | Style::Deep | Style::Top) => self.names.def(def).clone(),
        }
    }

    /// The mode of what lies one level below.
    #[must_use]
    pub fn below(&self, ty: TypeId, mode: &Mode) -> Mode {
        let Some(lifetime) = &mode.lifetime else { return Mode::owned() };
        let style = match mode.style {
            Style::Deep => Style::Deep,
            Style::Owned | Style::Top => Style::Owned,
        };
        self.mode(ty, style, lifetime)
    }

    /// Likewise inside of an option, a tuple or a result, which are not borrowed themselves:
    /// `Option<&Record>`, not `&Option<Record>`.
    #[must_use]
    pub fn inside(&self, ty: TypeId, mode: &Mode) -> Mode {
        match mode.style {
            Style::Top => mode.clone(),
            Style::Owned | Style::Deep => self.below(ty, mode),
        }
    }

    /// Writes a type in a mode.
    #[must_use]
    pub fn spell(&self, at: Site, ty: TypeId, mode: &Mode) -> TokenStream {
        match &self.world.types[ty] {
            Type::Bool => self.primitive(at, "bool"),
            Type::U8 => self.primitive(at, "u8"),
            Type::U16 => self.primitive(at, "u16"),
            Type::U32 => self.primitive(at, "u32"),
            Type::U64 => self.primitive(at, "u64"),
            Type::S8 => self.primitive(at, "i8"),
            Type::S16 => self.primitive(at, "i16"),
            Type::S32 => self.primitive(at, "i32"),
            Type::S64 => self.primitive(at, "i64"),
            Type::F32 => self.primitive(at, "f32"),
            Type::F64 => self.primitive(at, "f64"),
            Type::Char => self.primitive(at, "char"),
            Type::String => self.string(at, mode),
            Type::List(element) => self.list(at, *element, mode),
            Type::FixedLengthList(element, length) => {
                let length = Literal::u32_unsuffixed(*length);
                let element = self.spell(at, *element, &Mode::owned());
                quote!([#element; #length])
            }
            Type::Map(key, value) => self.map(at, *key, *value, mode),
            Type::Tuple(parts) => {
                let parts = parts.iter().map(|ty| self.spell(at, *ty, &self.inside(*ty, mode)));
                quote!((#(#parts,)*))
            }
            Type::Option(some) => {
                let option = self.prelude(at, "Option");
                let some = self.spell(at, *some, &self.inside(*some, mode));
                quote!(#option<#some>)
            }
            Type::Result { ok, err } => {
                let result = self.prelude(at, "Result");
                let payload = |ty: Option<TypeId>| {
                    ty.map_or_else(|| quote!(()), |ty| self.spell(at, ty, &self.inside(ty, mode)))
                };
                let (ok, err) = (payload(*ok), payload(*err));
                quote!(#result<#ok, #err>)
            }
            Type::Own(def) => self.def_path(at, *def),
            Type::Borrow(def) => self.borrow(at, *def, mode),
            Type::Def(def) => self.defined(at, *def, mode),
            // `refuse` has stopped before.
            Type::ErrorContext | Type::Stream(_) | Type::Future(_) => quote!(!),
        }
    }

    fn string(&self, at: Site, mode: &Mode) -> TokenStream {
        let bytes = || {
            let byte = self.primitive(at, "u8");
            let vec = self.prelude(at, "Vec");
            (quote!([#byte]), quote!(#vec<#byte>))
        };
        match (&mode.lifetime, self.options.raw_strings) {
            (Some(lifetime), true) => reference(lifetime, &bytes().0),
            (Some(lifetime), false) => reference(lifetime, &self.primitive(at, "str")),
            (None, true) => bytes().1,
            (None, false) => self.prelude(at, "String"),
        }
    }

    fn list(&self, at: Site, element: TypeId, mode: &Mode) -> TokenStream {
        let inner = self.spell(at, element, &self.below(element, mode));
        match &mode.lifetime {
            Some(lifetime) if mode.borrows_lists => reference(lifetime, &quote!([#inner])),
            Some(_) | None => {
                let vec = self.prelude(at, "Vec");
                quote!(#vec<#inner>)
            }
        }
    }

    fn map(&self, at: Site, key: TypeId, value: TypeId, mode: &Mode) -> TokenStream {
        let path = &self.map_type;
        let [key, value] = [key, value].map(|ty| self.spell(at, ty, &self.below(ty, mode)));
        let map = quote!(#path<#key, #value>);
        match &mode.lifetime {
            Some(lifetime) if mode.borrows_lists => reference(lifetime, &map),
            Some(_) | None => map,
        }
    }

    fn borrow(&self, at: Site, def: DefId, mode: &Mode) -> TokenStream {
        let lifetime = mode.lifetime.clone().unwrap_or_else(lifetime_elided);
        if self.is_exported_resource(def) {
            let path = self.borrow_path(at, def);
            quote!(#path<#lifetime>)
        } else {
            reference(&lifetime, &self.def_path(at, def))
        }
    }

    fn defined(&self, at: Site, def: DefId, mode: &Mode) -> TokenStream {
        // The alias of a list is borrowed as a list is, so that nobody has to make a `Vec`.
        if let Some(lifetime) = &mode.lifetime
            && let Some(target) = self.list_behind(def)
            && mode.borrows_lists
        {
            let mode = Mode { lifetime: Some(lifetime.clone()), ..mode.clone() };
            return self.spell(at, target, &mode);
        }
        let (wrap, mode) = match (&mode.lifetime, mode.style) {
            (Some(lifetime), Style::Top) => {
                (Some(lifetime), self.mode_of_def(def, Style::Owned, lifetime))
            }
            (Some(_), Style::Owned | Style::Deep)
            | (None, Style::Owned | Style::Deep | Style::Top) => (None, mode.clone()),
        };
        let path = self.form_path(at, def, mode.style);
        let path = match &mode.lifetime {
            Some(lifetime) => quote!(#path<#lifetime>),
            None => path,
        };
        wrap.map_or(path.clone(), |lifetime| reference(lifetime, &path))
    }

    fn mode_of_def(&self, def: DefId, style: Style, lifetime: &Lifetime) -> Mode {
        self.mode_of(self.holds(def), self.usage(def), style, lifetime)
    }

    /// The string, list or map that a definition is an alias of.
    fn list_behind(&self, def: DefId) -> Option<TypeId> {
        let DefKind::Alias(target) = self.world.defs[def].kind else { return None };
        match &self.world.types[target] {
            Type::String | Type::List(_) | Type::Map(..) => Some(target),
            Type::Def(def) => self.list_behind(*def),
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
            | Type::ErrorContext
            | Type::FixedLengthList(..)
            | Type::Tuple(_)
            | Type::Option(_)
            | Type::Result { .. }
            | Type::Own(_)
            | Type::Borrow(_)
            | Type::Stream(_)
            | Type::Future(_) => None,
        }
    }
}

/// `&T`, `&'a T`.
fn reference(lifetime: &Lifetime, to: &TokenStream) -> TokenStream {
    if lifetime.ident == "_" { quote!(&#to) } else { quote!(&#lifetime #to) }
}
