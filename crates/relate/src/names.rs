//! Two lists of names side by side: what is missing, added, renamed or moved,
//! and which entries belong together.
//!
//! The same rule serves fields, cases, flags and parameters.

use std::collections::HashMap;

use crate::change::PartChange;

/// How two lists of names relate.
pub(crate) struct Matched<'a> {
    /// Entries that belong together: positions in the wanted and the given list.
    pub pairs: Vec<(usize, usize)>,
    /// Why the lists are not the same.
    pub differences: Vec<Difference<'a>>,
}

/// One reason, with the names that it concerns on either side.
pub(crate) struct Difference<'a> {
    pub wanted: Option<&'a str>,
    pub given: Option<&'a str>,
    pub change: PartChange,
}

/// Compares two lists of names.
pub(crate) fn match_names<'a>(wanted: &[&'a str], given: &[&'a str]) -> Matched<'a> {
    let there = positions(given);
    let here = positions(wanted);
    let mut matched = Matched { pairs: Vec::new(), differences: Vec::new() };
    for (i, &name) in wanted.iter().enumerate() {
        // A renamed entry is one that stands alone in a place where the other
        // list has one that stands alone too.
        let opposite = given.get(i).filter(|other| !here.contains_key(*other));
        match (there.get(name), opposite) {
            (Some(&j), _) => matched.pairs.push((i, j)),
            (None, Some(&other)) if wanted.len() == given.len() => {
                matched.pairs.push((i, i));
                matched.differ(Some(name), Some(other), renamed(name, other));
            }
            (None, _) => {
                let change = PartChange::Missing { name: name.to_owned() };
                matched.differ(Some(name), None, change);
            }
        }
    }
    for (j, &name) in given.iter().enumerate() {
        let renamed = wanted.len() == given.len()
            && wanted.get(j).is_some_and(|other| !there.contains_key(other));
        if !here.contains_key(name) && !renamed {
            let change = PartChange::Added { name: name.to_owned() };
            matched.differ(None, Some(name), change);
        }
    }
    matched.order(wanted, given);
    matched
}

impl<'a> Matched<'a> {
    fn differ(&mut self, wanted: Option<&'a str>, given: Option<&'a str>, change: PartChange) {
        self.differences.push(Difference { wanted, given, change });
    }

    /// Adds a difference if the entries that belong together stand in another order.
    fn order(&mut self, wanted: &[&'a str], given: &[&'a str]) {
        if self.pairs.is_sorted_by_key(|(_, j)| *j) {
            return;
        }
        let ours = self.pairs.iter().filter_map(|(i, _)| wanted.get(*i));
        let ours: Vec<String> = ours.map(|name| (*name).to_owned()).collect();
        let mut order: Vec<usize> = self.pairs.iter().map(|(_, j)| *j).collect();
        order.sort_unstable();
        let theirs = order.into_iter().filter_map(|j| given.get(j));
        let theirs: Vec<String> = theirs.map(|name| (*name).to_owned()).collect();
        let change = PartChange::Reordered { wanted: ours, given: theirs };
        self.differ(None, None, change);
    }
}

fn renamed(wanted: &str, given: &str) -> PartChange {
    PartChange::Renamed { wanted: wanted.to_owned(), given: given.to_owned() }
}

fn positions<'a>(names: &[&'a str]) -> HashMap<&'a str, usize> {
    let names = names.iter().enumerate();
    names.map(|(index, name)| (*name, index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(wanted: &str, given: &str) -> String {
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let given: Vec<&str> = given.split_whitespace().collect();
        let matched = match_names(&wanted, &given);
        let texts = matched.differences.iter().map(|d| match &d.change {
            PartChange::Missing { name } => format!("-{name}"),
            PartChange::Added { name } => format!("+{name}"),
            PartChange::Renamed { wanted, given } => format!("{wanted}={given}"),
            PartChange::Reordered { wanted, given } => {
                format!("{}/{}", wanted.join(""), given.join(""))
            }
            PartChange::Payload { .. } => "?".to_owned(),
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lists_of_names() {
        for (wanted, given, found) in [
            ("a b c", "a b c", ""),
            ("", "", ""),
            ("a b c", "a b", "-c"),
            ("a b", "a b c", "+c"),
            ("b c", "a b c", "+a"),
            ("a b c", "a x c", "b=x"),
            ("a b c", "b a c", "abc/bac"),
            ("a b c", "c b x", "-a +x bc/cb"),
            ("a b", "x y", "a=x b=y"),
            ("a b c d", "b a", "-c -d ab/ba"),
            ("a", "", "-a"),
            ("a a", "a a", ""),
        ] {
            assert_eq!(differences(wanted, given), found, "{wanted:?} against {given:?}");
        }
    }
}
