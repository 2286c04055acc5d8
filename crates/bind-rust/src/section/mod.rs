//! The component's type, in a custom section that `componentize` reads, and what keeps the linker
//! from dropping it.

use joggle_bind::model::Package;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::Item;
use crate::shape::{Context, Site};

/// How many columns of a line the bytes may take.
const WIDTH: usize = 88;

/// The section, and the function that refers to the allocator.
#[must_use]
pub fn items(cx: &Context<'_>) -> Vec<Item> {
    let rt = &cx.rt;
    let (comment, payload) = match &cx.imports_section {
        // What it exports is said where the macro is called, which may be nowhere.
        Some(imports) => ("What this world imports, for `joggle componentize`.", &imports[..]),
        None => ("What this world imports and exports, for `joggle componentize`.", cx.section),
    };
    let mut items = vec![Item::with_comment(comment, section(cx, payload, "", &quote!(pub)))];
    items.push(Item::new(quote! {
        #[cfg(target_arch = "wasm32")]
        #[doc(hidden)]
        #[inline(never)]
        pub fn __link_custom_section_describing_imports() {
            #rt::maybe_link_cabi_realloc();
        }
    }));
    items
}

/// What makes a linker that takes a module of imports out of a library take the section too.
#[must_use]
pub fn reference(cx: &Context<'_>, at: Site) -> Option<Item> {
    if cx.options.disable_custom_section_link_helpers {
        return None;
    }
    let path = cx.path(at, None);
    Some(Item::with_comment(
        "Who links this module links the component's type with it.",
        quote! {
            #[cfg(target_arch = "wasm32")]
            #[used]
            static _SECTION: fn() = #path __link_custom_section_describing_imports;
        },
    ))
}

/// The section once more, for a crate that calls the macro of another.
#[must_use]
pub fn in_macro(cx: &Context<'_>) -> TokenStream {
    section(cx, cx.section, ":exports", &TokenStream::new())
}

/// Sections of one name would be joined by the linker. The module is part of the name, so that the
/// same world may be generated in several places of a build.
fn section(
    cx: &Context<'_>,
    payload: &[u8],
    use_of_it: &str,
    visibility: &TokenStream,
) -> TokenStream {
    let version = env!("CARGO_PKG_VERSION");
    let suffix = cx.options.type_section_suffix.as_deref().unwrap_or_default();
    let Package { namespace, name, version: of } = &cx.world.package;
    let of = of.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    let world = &cx.world.name;
    let section = format!(
        "component-type:joggle:{version}:{namespace}:{name}/{world}{of}{use_of_it}{suffix}:"
    );
    let length = Literal::usize_unsuffixed(payload.len());
    let bytes = literal(payload);
    quote! {
        #[cfg(target_arch = "wasm32")]
        #[unsafe(link_section = concat!(#section, module_path!()))]
        #[doc(hidden)]
        #[rustfmt::skip]
        #visibility static __JOGGLE_COMPONENT_TYPE: [u8; #length] = *#bytes;
    }
}

/// A byte string over several lines.
fn literal(bytes: &[u8]) -> TokenStream {
    let mut text = String::from("b\"\\\n");
    let mut column = 0;
    for byte in bytes {
        let mut escaped = match byte {
            0 => "\\0".to_owned(),
            byte => byte.escape_ascii().to_string(),
        };
        if column + escaped.len() > WIDTH {
            text.push_str("\\\n");
            column = 0;
        }
        // White space at the start of a line would not count.
        if column == 0 && escaped == " " {
            "\\x20".clone_into(&mut escaped);
        }
        column += escaped.len();
        text.push_str(&escaped);
    }
    text.push('"');
    text.parse().unwrap_or_else(|_| quote!(b""))
}
