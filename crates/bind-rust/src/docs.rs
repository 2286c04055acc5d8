//! Docs of WIT as docs of Rust. What deserves docs is left to who builds the items.

use joggle_bind::model::Stability;
use proc_macro2::TokenStream;
use quote::quote;

/// `///` lines: the text, and since when the item is there.
#[must_use]
pub fn attributes(text: &str, stability: &Stability) -> TokenStream {
    let mut lines: Vec<String> = lines(text);
    let mut note = |text: String| {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(text);
    };
    if let Some(since) = &stability.since {
        note(format!("Since version {since}."));
    }
    if let Some(feature) = &stability.feature {
        note(format!("Unstable: part of the feature `{feature}`."));
    }
    if let Some(deprecated) = &stability.deprecated {
        note(format!("Deprecated since version {deprecated}."));
    }
    written(&lines)
}

/// `///` lines of a text alone.
#[must_use]
pub fn plain(text: &str) -> TokenStream {
    written(&lines(text))
}

/// `#[deprecated]`, for those who call or name the item.
#[must_use]
pub fn deprecation(stability: &Stability) -> TokenStream {
    match &stability.deprecated {
        Some(version) => {
            let version = version.to_string();
            quote!(#[deprecated(since = #version)])
        }
        None => TokenStream::new(),
    }
}

fn written(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The lines of a text. A block of code that names no language is one of text: rustdoc would take
/// it for Rust and run it.
fn lines(text: &str) -> Vec<String> {
    let mut inside = false;
    let lines = text.trim_end().lines().map(|line| {
        let line = line.trim_end();
        if !line.trim_start().starts_with("```") {
            return line.to_owned();
        }
        inside = !inside;
        if inside && line.trim_start().trim_start_matches('`').is_empty() {
            return format!("{line}text");
        }
        line.to_owned()
    });
    let lines: Vec<String> = lines.collect();
    let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
    lines[first..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_without_a_language_is_no_test() {
        let found = lines("\nA\n\n```\nx\n```\n```rust\ny\n```\n");
        assert_eq!(found, ["A", "", "```text", "x", "```", "```rust", "y", "```"]);
    }
}
