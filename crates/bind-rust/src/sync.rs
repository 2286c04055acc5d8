//! Which async functions are bound as functions that block, as the user says. What becomes of
//! those that stay async is left to `refuse`.

use joggle_bind::name::Path;
use joggle_diag::closest;

use crate::problem::Problem;

/// The user's filters, and which of them fitted.
pub struct Filters<'a> {
    filters: Vec<Filter<'a>>,
    /// Every function that was asked for, as one would write it.
    asked: Vec<Path>,
}

struct Filter<'a> {
    /// As the user wrote it.
    text: &'a str,
    /// What it fits, or why nothing can.
    pattern: Result<Pattern, String>,
    used: bool,
}

enum Pattern {
    All,
    Path(Path),
}

impl<'a> Filters<'a> {
    /// Reads filters: `all`, or the path of a function, with `import:` or `export:` before it for
    /// one side. A name alone is a function of the world.
    pub fn new(texts: &'a [String]) -> Filters<'a> {
        let filter = |text: &'a String| Filter { text, pattern: read(text), used: false };
        Filters { filters: texts.iter().map(filter).collect(), asked: Vec::new() }
    }

    /// Whether this function is to block.
    pub fn fit(&mut self, function: &Path) -> bool {
        let mut fits = false;
        for filter in &mut self.filters {
            let covered = match &filter.pattern {
                Ok(Pattern::All) => true,
                Ok(Pattern::Path(pattern)) => pattern.covers(function),
                Err(_) => false,
            };
            filter.used |= covered;
            fits |= covered;
        }
        self.asked.push(function.clone());
        fits
    }

    /// Reports filters that fitted no function.
    pub fn unused(self, problems: &mut Vec<Problem>) {
        for filter in self.filters {
            let help = match filter.pattern {
                _ if filter.used => continue,
                Ok(Pattern::All) => continue,
                Err(error) => error,
                Ok(Pattern::Path(pattern)) => {
                    let known =
                        self.asked.iter().map(|path| path.as_brief_as(&pattern).to_string());
                    let known: Vec<String> = known.collect();
                    let near = closest(&pattern.to_string(), known.iter().map(String::as_str));
                    near.map_or_else(
                        || {
                            "a filter is `all`, or a function: `ns:pkg/interface#function`"
                                .to_owned()
                        },
                        |near| format!("did you mean `{near}`?"),
                    )
                }
            };
            problems.push(Problem::UnusedSync { filter: filter.text.to_owned(), help });
        }
    }
}

fn read(text: &str) -> Result<Pattern, String> {
    if text == "all" {
        return Ok(Pattern::All);
    }
    let (side, path) = match text.split_once(':') {
        Some((side @ ("import" | "export"), path)) => (format!("{side} "), path),
        Some(_) | None => (String::new(), text),
    };
    let sign = if path.contains('#') { "" } else { "#" };
    Path::parse(&format!("{side}{sign}{path}")).map(Pattern::Path).map_err(|error| error.what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_those_that_people_know() {
        let texts = ["a:b/c#f", "import:a:b/c#[method]r.g", "export:h", "#i"].map(str::to_owned);
        let mut filters = Filters::new(&texts);
        let mut fit = |path: &str| filters.fit(&Path::parse(path).expect("a path"));
        assert!(fit("import a:b/c#f") && fit("export a:b/c@1.0.0#f"));
        assert!(fit("import a:b/c#r.g") && !fit("export a:b/c#r.g"));
        assert!(fit("export #h") && !fit("import #h"));
        assert!(fit("import #i") && !fit("import a:b/c#i"));
        let mut problems = Vec::new();
        filters.unused(&mut problems);
        assert!(problems.is_empty());
    }

    #[test]
    fn what_fits_nothing_is_told() {
        let texts = ["all", "c#fetsch", "c#", "import:d#e"].map(str::to_owned);
        let mut filters = Filters::new(&texts);
        assert!(filters.fit(&Path::parse("import a:b/c#fetch").expect("a path")));
        let mut problems = Vec::new();
        filters.unused(&mut problems);
        let told = |problem: &Problem| {
            let help = miette::Diagnostic::help(problem).map(|help| help.to_string());
            format!("{problem}; {}", help.unwrap_or_default())
        };
        assert_eq!(
            problems.iter().map(told).collect::<Vec<_>>(),
            [
                "`sync` names `c#fetsch`, which is no function of this world; did you mean `c#fetch`?",
                "`sync` names `c#`, which is no function of this world; the name of an item should stand here, but the path ends",
                "`sync` names `import:d#e`, which is no function of this world; a filter is `all`, or a function: `ns:pkg/interface#function`",
            ]
        );
    }
}
