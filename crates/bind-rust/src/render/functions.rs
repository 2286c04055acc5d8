//! Functions: signatures and bodies.

use syn::{Block, FnArg, GenericParam, Generics, Signature, WherePredicate};

use super::attributes;
use super::blocks;
use super::memo;
use super::patterns;
use super::room::{Room, STEP, WIDTH, last_line, line_break, width};
use super::types;

/// A function with a body, or with `;`.
pub(super) fn function(
    head: &str,
    signature: &Signature,
    body: Option<&Block>,
    indent: usize,
) -> Option<String> {
    let clause = where_clause(&signature.generics, indent)?;
    let has_clause = !clause.is_empty();
    let end = match body {
        None => ";",
        Some(block) if block.stmts.is_empty() => " {}",
        Some(_) => " {",
    };
    let tail = if has_clause { 0 } else { end.len() };
    let mut text = self::signature(head, signature, tail, indent)?;
    text.push_str(&clause);
    let Some(block) = body else { return Some(text.trim_end_matches(',').to_owned() + ";") };
    // The brace goes to the next line where the last one is long. rustfmt counts the indentation
    // of a signature of several lines twice, and so does this.
    let start = head.rfind('\n').map_or(0, |at| at + 1 + indent);
    if has_clause || last_line(text.get(start..)?) + 2 > WIDTH - indent {
        text.push_str(&line_break(indent));
    } else {
        text.push(' ');
    }
    text.push_str(&memo::function(|| blocks::block("", block, Room::line(indent), false)));
    Some(text)
}

fn signature(head: &str, signature: &Signature, tail: usize, indent: usize) -> Option<String> {
    let constness = if signature.constness.is_some() { "const " } else { "" };
    let safety = match &signature.safety {
        syn::Safety::Unsafe(_) => "unsafe ",
        syn::Safety::Safe(_) => "safe ",
        syn::Safety::Default => "",
    };
    let abi = match &signature.abi {
        Some(abi) => super::tokens(abi) + " ",
        None => String::new(),
    };
    let start = format!(
        "{head}{constness}{safety}{abi}fn {}{}",
        signature.ident,
        generics(&signature.generics)
    );
    let output = |room| types::result(&signature.output, room);
    let output = output(Room::line(indent)).or_else(|| output(types::wide()))?;
    let inputs: Option<Vec<String>> =
        signature.inputs.iter().map(|input| argument(input, types::wide())).collect();
    let line = format!("{start}({}){output}", inputs?.join(", "));
    // The head may have lines of attributes, and then starts with an indentation.
    let begin = if head.contains('\n') { 0 } else { indent };
    let is_one_line = !line[head.len()..].contains('\n');
    let end = begin + last_line(&line);
    if is_one_line && end + tail <= WIDTH {
        // A result that ends this close to the margin goes below, even where only `;` follows.
        if tail == 1 && end + 2 > WIDTH && !output.is_empty() {
            let start = line.strip_suffix(&output)?;
            return Some(format!("{start}{}{}", line_break(indent), output.trim_start()));
        }
        return Some(line);
    }
    if signature.inputs.is_empty() && !output.contains('\n') && !output.is_empty() {
        return Some(format!("{start}(){}{}", line_break(indent), output.trim_start()));
    }
    vertical(start, begin, signature, &output, indent)
}

/// A signature with one parameter a line, behind its name and its generics.
fn vertical(
    start: String,
    begin: usize,
    signature: &Signature,
    output: &str,
    indent: usize,
) -> Option<String> {
    let below = Room::line(indent + STEP).before(1)?;
    let mut text = start;
    if begin + last_line(&text) + 1 > WIDTH
        && let Some(head) = text.strip_suffix(&generics(&signature.generics))
        && !signature.generics.params.is_empty()
    {
        let params = signature.generics.params.iter();
        let params = params.map(|next| line_break(below.indent) + &param(next) + ",");
        text = format!("{head}<{}{}>", params.collect::<String>(), line_break(indent));
    }
    text.push('(');
    for input in &signature.inputs {
        text.push_str(&line_break(below.indent));
        let argument = |room| argument(input, room);
        text.push_str(&argument(below).or_else(|| argument(types::wide()))?);
        text.push(',');
    }
    if !signature.inputs.is_empty() {
        text.push_str(&line_break(indent));
    }
    text.push(')');
    if output.contains('\n') {
        let used = if text.contains('\n') { last_line(&text) - indent } else { width(&text) };
        let room = Room::line(indent).after(used)?;
        text.push_str(&types::result(&signature.output, room)?);
    } else {
        text.push_str(output);
    }
    Some(text)
}

fn argument(input: &FnArg, room: Room) -> Option<String> {
    match input {
        FnArg::Receiver(receiver) => {
            let text = super::tokens(receiver);
            Some(text.replace("& ", "&").replace(" :", ":"))
        }
        FnArg::Typed(typed) => {
            let head = attributes::inline(&typed.attrs) + &patterns::flat(&typed.pat)? + ":";
            let ty = types::ty(&typed.ty, room.after(width(&head) + 1)?)?;
            Some(format!("{head} {ty}"))
        }
    }
}

/// `<T: Bound>`, or nothing.
pub(super) fn generics(generics: &Generics) -> String {
    let params: Vec<String> = generics.params.iter().map(param).collect();
    if params.is_empty() { String::new() } else { format!("<{}>", params.join(", ")) }
}

fn param(param: &GenericParam) -> String {
    match param {
        GenericParam::Type(param) if param.default.is_none() => {
            match types::bounds(param.bounds.iter()) {
                Some(bounds) if !bounds.is_empty() => format!("{}: {bounds}", param.ident),
                Some(_) | None => param.ident.to_string(),
            }
        }
        GenericParam::Lifetime(param) if param.bounds.is_empty() => param.lifetime.to_string(),
        GenericParam::Const(param) if param.default.is_none() => {
            format!("const {}: {}", param.ident, types::flat(&param.ty).unwrap_or_default())
        }
        other => super::tokens(other),
    }
}

/// `where` and its bounds in lines of their own, or nothing.
pub(super) fn where_clause(generics: &Generics, indent: usize) -> Option<String> {
    let Some(clause) = &generics.where_clause else { return Some(String::new()) };
    if clause.predicates.is_empty() {
        return Some(String::new());
    }
    let mut text = format!("{}where", line_break(indent));
    for predicate in &clause.predicates {
        text.push_str(&line_break(indent + STEP));
        if let WherePredicate::Type(bound) = predicate {
            text.push_str(&types::flat(&bound.bounded_ty)?);
            text.push_str(": ");
            text.push_str(&types::bounds(bound.bounds.iter())?);
        } else {
            text.push_str(&super::tokens(predicate));
        }
        text.push(',');
    }
    // The last bound has a comma, unless the function ends there.
    Some(text)
}
