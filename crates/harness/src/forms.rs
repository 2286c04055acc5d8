//! The directives of a script, each by itself, so that one that cannot be read
//! does not take the others along. Reading them is left to `directives`.

use std::ops::Range;

use wast::lexer::{Lexer, TokenKind};

/// One form in parentheses at the top of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub span: Range<usize>,
    /// Its first word: `assert_return`.
    pub word: String,
}

/// A script cannot even be taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub at: usize,
    pub reason: String,
}

/// Words that begin a directive. A script of other forms is one module without its frame.
const DIRECTIVES: [&str; 7] =
    ["module", "component", "register", "invoke", "get", "thread", "wait"];

/// Takes a script apart.
pub(crate) fn forms(text: &str) -> Result<Vec<Form>, Broken> {
    let mut forms = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let mut word: Option<String> = None;
    for token in Lexer::new(text).iter(0) {
        let token =
            token.map_err(|error| Broken { at: error.span().offset(), reason: error.message() })?;
        match token.kind {
            TokenKind::LParen => {
                if depth == 0 {
                    start = token.offset;
                    word = None;
                }
                depth += 1;
            }
            TokenKind::RParen => {
                let Some(outer) = depth.checked_sub(1) else {
                    let reason = "nothing is open here".to_owned();
                    return Err(Broken { at: token.offset, reason });
                };
                depth = outer;
                if depth == 0 {
                    let span = start..token.offset + 1;
                    forms.push(Form { span, word: word.take().unwrap_or_default() });
                }
            }
            TokenKind::Keyword if depth == 1 && word.is_none() => {
                word = Some(token.src(text).to_owned());
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(Broken { at: start, reason: "this form is never closed".to_owned() });
    }
    let directive =
        |form: &Form| DIRECTIVES.contains(&form.word.as_str()) || form.word.starts_with("assert_");
    match forms.first() {
        Some(first) if !directive(first) => {
            Ok(vec![Form { span: 0..text.len(), word: "module".to_owned() }])
        }
        _ => Ok(forms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_taken_apart() {
        let text = ";; a ( comment\n(module (func (export \"(\")))\n(assert_return (invoke \"(\"))";
        let words: Vec<String> =
            forms(text).expect("it is a script").into_iter().map(|f| f.word).collect();
        assert_eq!(words, ["module", "assert_return"]);
        assert_eq!(forms("(func) (func)").expect("a module's fields").len(), 1);
        assert!(forms("(module").is_err());
        assert!(forms("(module))").is_err());
        assert_eq!(forms("").expect("nothing is a script too").len(), 0);
    }
}
