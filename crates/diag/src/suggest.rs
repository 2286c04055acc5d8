//! "Did you mean": the nearest name in scope, by edit distance.

/// Longer names get no suggestion.
const LONGEST: usize = 256;

/// The candidate that `name` is most likely a misspelling of.
///
/// Ties go to the candidate that comes first, so the answer is deterministic.
/// A candidate that shares less than two thirds of the name is no suggestion, and
/// a name of one letter has none.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = if length < 2 { 0 } else { (length / 3).max(1) };
    // Nobody misspells a name that long, and comparing takes the square of its length.
    if length > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(name, candidate);
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Names in backquotes as an English list: `` `a`, `b` and `c` ``.
pub fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_found_and_a_stranger_is_not() {
        let names = ["calculator", "types", "process"];
        assert_eq!(closest("calculater", names), Some("calculator"));
        assert_eq!(closest("tpyes", names), Some("types"));
        assert_eq!(closest("http-handler", names), None);
        assert_eq!(closest("nothing", ["string"]), None);
        assert_eq!(closest("a", ["b"]), None);
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(quoted_list([]), "");
        assert_eq!(quoted_list(["a"]), "`a`");
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
