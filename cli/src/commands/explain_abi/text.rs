//! The ABI of items on the terminal: WAT for signatures, a table for each
//! layout.

use std::collections::BTreeSet;

use joggle_bind::explain::{
    Block, CaseAbi, Elements, Explained, Form, FunctionAbi, Names, Owned, Part, ResourceAbi, Rule,
    SideName, Slot, TypeAbi,
};

use crate::render::Screen;

/// Prints everything that is known.
pub fn show(explained: &Explained, screen: &Screen) {
    let mut paragraphs = Paragraphs { screen, first: true };
    for resource in &explained.resources {
        paragraphs.next();
        show_resource(resource, screen);
    }
    for function in &explained.functions {
        paragraphs.next();
        show_function(function, screen);
    }
    let ambiguous = ambiguous(&explained.types);
    for ty in &explained.types {
        paragraphs.next();
        show_type(ty, ambiguous.contains(ty.name.as_str()), screen);
    }
}

/// Empty lines between, and none before the first.
struct Paragraphs<'a> {
    screen: &'a Screen,
    first: bool,
}

impl Paragraphs<'_> {
    fn next(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.screen.line("");
        }
    }
}

/// Names that several types have.
fn ambiguous(types: &[TypeAbi]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    types.iter().map(|ty| ty.name.as_str()).filter(|name| !seen.insert(*name)).collect()
}

fn show_function(function: &FunctionAbi, screen: &Screen) {
    screen.line(&screen.bold(&function.path));
    screen.line(&format!("  {}", function.wit));
    for form in &function.forms {
        screen.line("");
        show_form(form, screen);
    }
}

fn show_form(form: &Form, screen: &Screen) {
    let how = match (form.side, form.is_async) {
        (SideName::Import, false) => "imported",
        (SideName::Import, true) => "imported, asynchronously",
        (SideName::Export, false) => "exported",
        (SideName::Export, true) => "exported, asynchronously",
    };
    screen.line(&format!("  {how}"));
    if let Some(import) = &form.import {
        let lines = wat_lines(&form.params, &form.results);
        signature(&format!("import {}", names(import)), &lines, ")", screen);
    }
    if let Some(export) = &form.export {
        let lines = wat_lines(&form.params, &form.results);
        signature(&format!("func (export {})", quoted(export)), &lines, "", screen);
    }
    if let Some(callback) = &form.callback {
        let callback = quoted(callback);
        screen.line(&format!("    (func (export {callback}) (param i32 i32 i32) (result i32))"));
    }
    if let Some(post_return) = &form.post_return {
        let params: Vec<Slot> =
            form.results.iter().map(|ty| Slot { name: "*result".to_owned(), ty }).collect();
        let lines = wat_lines(&params, &[]);
        signature(&format!("func (export {})", quoted(post_return)), &lines, "", screen);
    }
    if let Some(task_return) = &form.task_return {
        let lines = wat_lines(&task_return.params, &[]);
        signature(&format!("import {}", names(&task_return.import)), &lines, ")", screen);
    }
    let blocks = [("*params", &form.params_block), ("*result", &form.result_block)];
    for (name, block) in blocks {
        if let Some(block) = block {
            show_block(name, block, screen);
        }
    }
    show_ownership(&form.ownership, screen);
}

/// `"module" "field"`.
fn names(names: &Names) -> String {
    format!("{} {} (func", quoted(&names.module), quoted(&names.field))
}

/// A string of WAT. The names of WIT need no escapes.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn wat_lines(params: &[Slot], results: &[&str]) -> Vec<String> {
    let params = params.iter().map(|slot| format!("(param ${} {})", slot.name, slot.ty));
    params.chain(results.iter().map(|ty| format!("(result {ty})"))).collect()
}

/// The longest line that a signature takes alone.
const ONE_LINE: usize = 100;

/// A signature on one line if it fits, or else with one line for each parameter.
fn signature(head: &str, lines: &[String], tail: &str, screen: &Screen) {
    let short = [&[format!("    ({head}")], lines].concat().join(" ");
    if short.chars().count() <= ONE_LINE {
        screen.line(&format!("{short}){tail}"));
        return;
    }
    screen.line(&format!("    ({head}"));
    for (index, line) in lines.iter().enumerate() {
        let end = if index + 1 == lines.len() { format!("){tail}") } else { String::new() };
        screen.line(&format!("      {line}{end}"));
    }
}

fn show_block(name: &str, block: &Block, screen: &Screen) {
    let measures = screen.dim(&measures(block.size, block.align));
    if let Some(ty) = &block.ty {
        // Its layout is told where the type is.
        screen.line(&format!("    ${name} points to {ty}, {measures}"));
    } else {
        screen.line(&format!("    ${name} points to the parameters, {measures}"));
        table(&block.parts, block.size, "      ", screen);
    }
}

fn show_ownership(rows: &[Owned], screen: &Screen) {
    if rows.is_empty() {
        return;
    }
    screen.line("");
    screen.line(&screen.dim("    who frees what"));
    // Neighbours of one fate share a line.
    let mut lines: Vec<(Vec<&str>, String, Rule)> = Vec::new();
    for row in rows {
        let held = row.holds.join(", ");
        match lines.last_mut() {
            Some((values, known, rule)) if *known == held && *rule == row.rule => {
                values.push(&row.value);
            }
            Some(_) | None => lines.push((vec![&row.value], held, row.rule)),
        }
    }
    let values: Vec<String> = lines.iter().map(|(values, _, _)| values.join(", ")).collect();
    let value = values.iter().map(String::len).max().unwrap_or(0);
    let width = lines.iter().map(|(_, held, _)| held.chars().count()).max().unwrap_or(0);
    for (values, (_, held, what)) in values.iter().zip(&lines) {
        let rule = screen.dim(rule(*what));
        screen.line(format!("    {values:value$}  {held:width$}  {rule}").trim_end());
    }
}

fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::FreeAfterCall => "stays here: may be freed after the call",
        Rule::FreeOnceStarted => "stays here: may be freed once the call has started",
        Rule::Free => "allocated by cabi_realloc: free it",
        Rule::FreeInPostReturn => "stays here: free it in post-return",
        Rule::FreeAfterTaskReturn => "stays here: may be freed after task.return",
        Rule::Drop => "received: drop it or hand it on",
        Rule::GivenAway => "given away",
        Rule::Shared => "stays here too: drop it",
        Rule::Lent => "lent for the call",
        Rule::DropBeforeReturn => "borrowed: drop it before the call returns",
        Rule::Representation => "the representation itself: nothing to drop",
    }
}

fn show_resource(resource: &ResourceAbi, screen: &Screen) {
    screen.line(&screen.bold(&resource.path));
    screen.line("  resource");
    for side in &resource.sides {
        screen.line("");
        screen.line(match side.side {
            SideName::Import => "  imported",
            SideName::Export => "  exported",
        });
        let intrinsic = |symbol: &Names, param: &str, results: &[&str]| {
            let params = [Slot { name: param.to_owned(), ty: "i32" }];
            let head = format!("import {}", names(symbol));
            signature(&head, &wat_lines(&params, results), ")", screen);
        };
        if let Some(new) = &side.new {
            intrinsic(new, "rep", &["i32"]);
        }
        if let Some(rep) = &side.rep {
            intrinsic(rep, "handle", &["i32"]);
        }
        intrinsic(&side.drop, "handle", &[]);
        if let Some(destructor) = &side.destructor {
            let destructor = quoted(destructor);
            screen.line(&format!("    (func (export {destructor}) (param $rep i32))"));
        }
    }
}

fn show_type(ty: &TypeAbi, with_path: bool, screen: &Screen) {
    let name = match &ty.path {
        Some(path) if with_path => path,
        Some(_) | None => &ty.name,
    };
    // A type without a name says its kind.
    let kind = if ty.path.is_some() { format!("{}, ", ty.kind) } else { String::new() };
    let flat = match &ty.flat {
        Some(flat) => format!("flat [{}]", flat.join(" ")),
        None => "never flat".to_owned(),
    };
    let measures = measures(ty.size, ty.align);
    let facts = screen.dim(&format!("{kind}{measures}, {flat}"));
    screen.line(&format!("{}  {facts}", screen.bold(name)));
    if let Some(of) = &ty.of {
        screen.line(&format!("  the same as {of}"));
    }
    match &ty.elements {
        Some(elements) => show_elements(elements, screen),
        None => table(&ty.parts, ty.size, "  ", screen),
    }
    show_flags(ty, screen);
    show_cases(&ty.cases, screen);
}

fn measures(size: u32, align: u32) -> String {
    let bytes = if size == 1 { "byte" } else { "bytes" };
    format!("{size} {bytes}, align {align}")
}

/// What lies where, gaps included, so that the sizes add up.
fn table(parts: &[Part], size: u32, indent: &str, screen: &Screen) {
    // A tag alone is told by its cases.
    if parts.is_empty() || parts.iter().all(|part| part.name == "tag" && part.ty.is_none()) {
        return;
    }
    screen.line(&screen.dim(&format!("{indent}offset  size  align  field")));
    let width = parts.iter().map(|part| part.name.chars().count()).max().unwrap_or(0);
    let gap = |from: u32, to: u32| {
        if from < to {
            let text = format!("{indent}{from:>6}  {:>4}         (padding)", to - from);
            screen.line(&screen.dim(&text));
        }
    };
    let mut end = 0;
    for part in parts {
        gap(end, part.offset);
        let Part { offset, size, align, name, ty } = part;
        let ty = ty.as_deref().unwrap_or_default();
        let line = format!("{indent}{offset:>6}  {size:>4}  {align:>5}  {name:width$}  {ty}");
        screen.line(line.trim_end());
        end = offset.saturating_add(*size);
    }
    gap(end, size);
}

/// Which bit is which flag.
fn show_flags(ty: &TypeAbi, screen: &Screen) {
    if ty.flags.is_empty() {
        return;
    }
    screen.line(&screen.dim("     bit  flag"));
    for (bit, name) in ty.flags.iter().enumerate() {
        screen.line(&format!("  {bit:>6}  {name}"));
    }
}

fn show_cases(cases: &[CaseAbi], screen: &Screen) {
    if cases.is_empty() {
        return;
    }
    let with_payload = cases.iter().any(|case| case.ty.is_some());
    if !with_payload {
        screen.line(&screen.dim("     tag  case"));
        for case in cases {
            screen.line(&format!("  {:>6}  {}", case.tag, case.name));
        }
        return;
    }
    screen.line(&screen.dim("     tag  size  case"));
    let name = cases.iter().map(|case| case.name.len()).max().unwrap_or(0);
    let types = cases.iter().filter_map(|case| case.ty.as_deref());
    let width = types.map(|ty| ty.chars().count()).max().unwrap_or(0);
    for case in cases {
        let ty = case.ty.as_deref().unwrap_or_default();
        let flat = match (&case.ty, &case.flat) {
            (None, _) => String::new(),
            (Some(_), Some(flat)) => format!("flat [{}]", flat.join(" ")),
            (Some(_), None) => "never flat".to_owned(),
        };
        let flat = screen.dim(&flat);
        let line = format!(
            "  {:>6}  {:>4}  {:name$}  {ty:width$}  {flat}",
            case.tag, case.size, case.name
        );
        screen.line(line.trim_end());
    }
}

fn show_elements(elements: &Elements, screen: &Screen) {
    let measures = measures(elements.size, elements.align);
    let what = match (&elements.count, elements.parts.is_empty()) {
        (Some(count), _) => format!("  {count} elements of {measures}, one after another"),
        (None, true) => format!("  ptr at 0, len at 4: elements of {measures}"),
        (None, false) => format!("  ptr at 0, len at 4: entries of {measures}"),
    };
    screen.line(&what);
    table(&elements.parts, elements.size, "  ", screen);
}
