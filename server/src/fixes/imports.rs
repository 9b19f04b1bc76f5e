//! Adding an import once, in the right place.

use std::sync::LazyLock;

use regex::Regex;

use super::edit::Edit;

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used)] // only constants are passed
    Regex::new(text).expect("the pattern is constant")
}

static PYTHON_OS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^import[ \t]+(?:[\w., \t]*,[ \t]*)?os[ \t]*(?:,|;|#|\r?$)"));
static PYTHON_IMPORT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^(?:import[ \t]|from[ \t]+[\w.]+[ \t]+import\b)"));
static PYTHON_FUTURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^from[ \t]+__future__[ \t]+import[^\n]*\n?"));
static PYTHON_DOCSTRING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*[rRuU]?(?:"""(?s:.*?)"""|'''(?s:.*?)'''|"[^"\n]*"|'[^'\n]*')[ \t]*\r?\n?"#,
    )
});
static LEADING_COMMENTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\A(?:#[^\n]*\n)*"));

static GO_OS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?m)^[ \t]*(?:import[ \t]+)?"os"[ \t]*(?:\r?$|//)"#));
static GO_BLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^import[ \t]*\(\r?\n"));
static GO_SINGLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?m)^import[ \t]+(?:\w+[ \t]+)?"[^"\n]+"[^\n]*(?:\n|\z)"#));
static GO_PACKAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^package[ \t]+\w+[^\n]*(?:\n|\z)"));

/// How the lines of a text end.
fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// `import os`, before the first import; without any, behind the docstring.
pub(super) fn python(text: &str) -> Option<Edit> {
    if PYTHON_OS.is_match(text) {
        return None;
    }
    let end = line_end(text);
    let docstring = PYTHON_DOCSTRING.find(text).map_or(0, |found| found.end());
    let future = PYTHON_FUTURE.find_iter(text).last().map_or(0, |found| found.end());
    let from = docstring.max(future);
    let first = PYTHON_IMPORT.find_at(text, from).map(|found| found.start());
    Some(match first {
        Some(at) => Edit::insert(at, format!("import os{end}")),
        None if from > 0 => Edit::insert(from, format!("{end}import os{end}")),
        None => {
            let comments = LEADING_COMMENTS.find(text).map_or(0, |found| found.end());
            Edit::insert(comments, format!("import os{end}{end}"))
        }
    })
}

/// `"os"`, in the order that gofmt keeps in the first group of the import block; without a block an
/// import of its own.
pub(super) fn go(text: &str) -> Option<Edit> {
    if GO_OS.is_match(text) {
        return None;
    }
    let end = line_end(text);
    if let Some(block) = GO_BLOCK.find(text) {
        let mut at = block.end();
        for line in text[block.end()..].split_inclusive('\n') {
            let path = line.trim();
            // The first group ends with an empty line; names and comments are passed over.
            if path.is_empty() || path == ")" || (path.starts_with('"') && path > "\"os\"") {
                break;
            }
            at += line.len();
        }
        return Some(Edit::insert(at, format!("\t\"os\"{end}")));
    }
    if let Some(single) = GO_SINGLE.find(text) {
        return Some(Edit::insert(single.end(), format!("import \"os\"{end}")));
    }
    let package = GO_PACKAGE.find(text)?;
    Some(Edit::insert(package.end(), format!("{end}import \"os\"{end}")))
}

static C_STDLIB: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^[ \t]*#[ \t]*include[ \t]*<(?:stdlib\.h|cstdlib)>"));
static C_INCLUDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^#[ \t]*include[^\n]*(?:\n|\z)"));

/// `#include <stdlib.h>`, before the first that is included; where nothing is, at the top.
pub(super) fn stdlib(text: &str) -> Option<Edit> {
    if C_STDLIB.is_match(text) {
        return None;
    }
    let at = C_INCLUDE.find(text).map_or(0, |found| found.start());
    Some(Edit::insert(at, format!("#include <stdlib.h>{}", line_end(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixes::apply;

    fn with(import: fn(&str) -> Option<Edit>, text: &str) -> String {
        match import(text) {
            Some(edit) => apply(text, &[edit]).unwrap(),
            None => text.to_owned(),
        }
    }

    #[test]
    fn python_imports_os_once_and_where_imports_stand() {
        assert_eq!(with(python, "import sys\nx = 1\n"), "import os\nimport sys\nx = 1\n");
        assert_eq!(with(python, "import os, sys\n"), "import os, sys\n");
        assert_eq!(with(python, "import sys, os\n"), "import sys, os\n");
        assert_eq!(with(python, "import os.path\n"), "import os\nimport os.path\n");
        assert_eq!(with(python, "#!/usr/bin/python3\nx = 1\n"), "#!/usr/bin/python3\nimport os\n\nx = 1\n");
        assert_eq!(with(python, "\"\"\"Doc.\"\"\"\nx = 1\n"), "\"\"\"Doc.\"\"\"\n\nimport os\nx = 1\n");
        assert_eq!(
            with(python, "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport sys\n"),
            "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport os\nimport sys\n"
        );
        assert_eq!(with(python, "import sys\r\n"), "import os\r\nimport sys\r\n");
    }

    #[test]
    fn go_imports_os_once_and_in_order() {
        assert_eq!(
            with(go, "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n\n\t\"x.org/a\"\n)\n"),
            "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n\n\t\"x.org/a\"\n)\n"
        );
        assert_eq!(
            with(go, "package main\n\nimport \"fmt\"\n"),
            "package main\n\nimport \"fmt\"\nimport \"os\"\n"
        );
        assert_eq!(with(go, "package main\n"), "package main\n\nimport \"os\"\n");
        assert_eq!(with(go, "package main\n\nimport \"os\"\n"), "package main\n\nimport \"os\"\n");
    }
}
