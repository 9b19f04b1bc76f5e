//! Short names that tell projects apart.

use std::collections::BTreeMap;

/// A label for each root: the project's name; where two would have the same label, as much of the end of their paths as differs.
pub(super) fn labels<'p>(
    projects: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> BTreeMap<&'p str, String> {
    let mut labels: BTreeMap<&str, &str> = projects.into_iter().collect();
    // Whole paths differ, so this ends.
    for components in 1.. {
        let mut roots_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (root, label) in &labels {
            roots_of.entry(label).or_default().push(root);
        }
        let shared: Vec<&str> = roots_of.into_values().filter(|roots| roots.len() > 1).flatten().collect();
        if shared.is_empty() {
            break;
        }
        labels.extend(shared.into_iter().map(|root| (root, end(root, components))));
    }
    labels.into_iter().map(|(root, label)| (root, label.to_owned())).collect()
}

/// The last components of a path; all of it where there are no more.
fn end(path: &str, components: usize) -> &str {
    let separator = path.rmatch_indices(['/', '\\']).nth(components.saturating_sub(1));
    separator.map_or(path, |(at, _)| &path[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_of_one_name_get_the_ends_of_their_paths() {
        let projects = [
            ("/home/dev/first/examples/shop", "shop"),
            ("/home/dev/second/examples/shop", "shop"),
            ("/home/dev/blog", "blog"),
            ("/a/api", "api"),
            ("/a/other", "api"),
            ("old", "old"),
        ];
        let labels: Vec<String> = labels(projects).into_values().collect();
        assert_eq!(labels, ["api", "other", "blog", "first/examples/shop", "second/examples/shop", "old"]);
    }
    #[test]
    fn an_end_of_a_path_is_no_other_projects_name() {
        let projects = [("/a/api", "api"), ("/a/other", "api"), ("/b/other", "other")];
        let labels: Vec<String> = labels(projects).into_values().collect();
        assert_eq!(labels, ["api", "a/other", "b/other"]);
    }
}
