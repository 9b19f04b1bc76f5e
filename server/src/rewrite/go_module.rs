//! What the Go of a module has, by the `go` line of its `go.mod`.

use std::path::Path;

use crate::files;
use crate::pattern::{Pattern, regex};

/// The first Go with `cmp.Or`: <https://go.dev/doc/go1.22#cmp>.
const CMP_OR: (u32, u32) = (1, 22);

static GO_LINE: Pattern = regex!(r"(?m)^\s*go\s+(\d+)\.(\d+)");

/// `cmp` as a name of the text's own: another package, a variable, a parameter.
static OTHER_CMP: Pattern = regex!(r#"/cmp"|(?-u:\b)cmp(?:\s*(?::?=[^=]|,)|\s+[\w*\[(]|\))"#);

/// Whether the text of the file at `path` can call `cmp.Or`.
pub(super) fn has_cmp_or(text: &str, path: Option<&Path>) -> bool {
    let is_new_enough = || {
        let directories = path.into_iter().flat_map(|path| path.ancestors().skip(1));
        // The nearest `go.mod` is the module's.
        let found = directories
            .filter_map(|directory| files::read_within(directory, "go.mod").ok().flatten())
            .find_map(|text| version(&text));
        found.is_some_and(|version| version >= CMP_OR)
    };
    !OTHER_CMP.is_match(text) && is_new_enough()
}

/// The version of the language that a `go.mod` asks for.
fn version(text: &str) -> Option<(u32, u32)> {
    let captures = GO_LINE.captures(text)?;
    Some((captures.get(1)?.as_str().parse().ok()?, captures.get(2)?.as_str().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_module_says_what_its_go_has() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("go.mod", "module a\n\ngo 1.22.3\n");
        write("old/go.mod", "module b\n\ngo 1.21\n\ntoolchain go1.23.0\n");
        let has = |path: &str, text: &str| has_cmp_or(text, Some(&directory.path().join(path)));
        assert!(has("main.go", ""));
        assert!(has("cmd/shop/main.go", ""));
        assert!(!has("old/main.go", ""));
        assert!(!has_cmp_or("", None));
    }

    #[test]
    fn a_name_of_its_own_is_not_the_package() {
        for text in ["import \"github.com/google/go-cmp/cmp\"", "cmp := f()", "func f(cmp int)", "f(cmp)"] {
            assert!(OTHER_CMP.is_match(text), "{text}");
        }
        for text in ["import \"cmp\"", "cmp.Or(a, b)", "strcmp(a)", "cmpv := 1"] {
            assert!(!OTHER_CMP.is_match(text), "{text}");
        }
    }
}
