//! Short names that tell projects apart.

use std::collections::{BTreeMap, BTreeSet};

/// A label for each root: the project's name; of projects with one name, as much of the end of their paths as differs.
pub(super) fn labels<'p>(
    projects: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> BTreeMap<&'p str, String> {
    let mut roots_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (root, name) in projects {
        roots_of.entry(name).or_default().insert(root);
    }
    let mut labels = BTreeMap::new();
    for (name, roots) in roots_of {
        let ends = |length: usize| roots.iter().map(|root| end(root, length)).collect::<BTreeSet<_>>();
        // Whole paths differ, so there is one.
        let length = (1..).find(|length| ends(*length).len() == roots.len()).unwrap_or_default();
        let is_shared = roots.len() > 1;
        let label = |root| if is_shared { end(root, length) } else { name };
        labels.extend(roots.iter().map(|root| (*root, label(root).to_owned())));
    }
    labels
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
}
