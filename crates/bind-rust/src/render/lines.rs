//! From lines with marks to lines: comments and blank lines are put where their marks stand.

use super::marks::{BLANK, COMMENT, Marks};

/// The width that comments are wrapped at.
const WIDTH: usize = 100;

/// The finished text.
pub(super) fn finish(text: &str, marks: &Marks) -> String {
    let blank = format!("{BLANK}!();");
    let mut finished = String::with_capacity(text.len());
    for line in text.lines() {
        let inside = line.trim_start();
        if inside == blank {
            finished.push('\n');
        } else if let Some(comment) = comment(inside, marks) {
            let indent = &line[..line.len() - inside.len()];
            push_comment(&mut finished, indent, comment);
        } else {
            finished.push_str(line);
            finished.push('\n');
        }
    }
    finished
}

/// The comment whose mark a line is.
fn comment<'a>(line: &str, marks: &'a Marks) -> Option<&'a str> {
    let number = line.strip_prefix(COMMENT)?.strip_prefix("!(")?.strip_suffix(");")?;
    marks.comments.get(number.parse::<usize>().ok()?).map(String::as_str)
}

fn push_comment(text: &mut String, indent: &str, comment: &str) {
    let room = WIDTH.saturating_sub(indent.len() + 3);
    for paragraph in comment.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > room {
                push_line(text, indent, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        push_line(text, indent, &line);
    }
}

fn push_line(text: &mut String, indent: &str, line: &str) {
    text.push_str(indent);
    text.push_str("//");
    if !line.is_empty() {
        text.push(' ');
        text.push_str(line);
    }
    text.push('\n');
}
