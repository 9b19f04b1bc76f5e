//! Adding an import once, in the right place. Which one that is does not depend on what needs it, so
//! that two fixes of a text bring the same edit.

use std::ops::Range;

use super::edit::Edit;
use super::{Fallback, Site};
use crate::analysis::TopLevel;
use crate::pattern::{Pattern, regex};

/// What a text has to import so that its code can read a variable. It is found once for all places of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct Imports {
    edits: Vec<Edit>,
    /// Where the text imports it already, which helps the places below.
    present: Option<usize>,
}

impl Imports {
    fn adding(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { edits: edits.into_iter().collect(), present: None }
    }

    /// The edits that a place needs.
    pub(super) fn at(&self, place: &Range<usize>) -> &[Edit] {
        if self.present.is_some_and(|import| import < place.start) { &[] } else { &self.edits }
    }
}

/// How the lines of a text end.
fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line behind the byte offset begins; `None` where the text ends without one.
fn next_line(text: &str, from: usize) -> Option<usize> {
    text[from..].find('\n').map(|newline| from + newline + 1)
}

/// Behind the byte order mark, if there is one.
fn begin(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

static PYTHON_OS: Pattern = regex!(r"^import\s+(?:[\w., \t]*,\s*)?os\s*(?:,|;|#|$)");

static DOCSTRING: Pattern = regex!(r#"^[rRuU]?["']"#);

/// `import os`, in its place among the first imports; without any, behind what a program begins with:
/// comments, the docstring, imports from `__future__`.
pub(super) fn python(site: &Site<'_>) -> Imports {
    let nodes = site.language.top_level(site.text);
    let is_os = |node: &&TopLevel| PYTHON_OS.is_match(&site.text[node.span.clone()]);
    let present = nodes.iter().find(is_os).map(|node| node.span.start);
    Imports { edits: python_os(site.text, &nodes).into_iter().collect(), present }
}

fn python_os(text: &str, nodes: &[TopLevel]) -> Option<Edit> {
    let end = line_end(text);
    let mut behind = begin(text);
    let mut is_headed = false;
    let mut last_import: Option<usize> = None;
    for (index, node) in nodes.iter().enumerate() {
        let written = &text[node.span.clone()];
        let line = text[..node.span.start].rfind('\n').map_or(begin(text), |newline| newline + 1);
        match node.kind.as_str() {
            // A comment belongs to what follows it without an empty line.
            "comment" if last_import.is_none() => {
                let follows = nodes.get(index + 1).is_some_and(|next| next.kind == "comment");
                let is_header = written.starts_with("#!")
                    || written.contains("coding")
                    || follows
                    || is_last_of_block(text, node);
                if is_header && !is_headed {
                    behind = next_line(text, node.span.end).unwrap_or(text.len());
                }
            }
            "expression_statement" if !is_headed && DOCSTRING.is_match(written) => {
                behind = next_line(text, node.span.end).unwrap_or(text.len());
                is_headed = true;
            }
            "future_import_statement" => {
                behind = next_line(text, node.span.end).unwrap_or(text.len());
                is_headed = true;
            }
            "import_statement" | "import_from_statement" => {
                let is_plain = node.kind == "import_statement";
                let module = written.trim_start_matches("import").trim_start();
                // One group, in order: up to the first that comes later, or is of another kind.
                if !is_plain || module > "os" {
                    return Some(Edit::insert(last_import.unwrap_or(line), format!("import os{end}")));
                }
                let next = next_line(text, node.span.end)?;
                let is_followed = nodes
                    .get(index + 1)
                    .is_some_and(|other| other.span.start == next && other.kind.starts_with("import"));
                if !is_followed {
                    return Some(Edit::insert(next, format!("import os{end}")));
                }
                last_import = Some(next);
            }
            _ => break,
        }
    }
    let before = if is_headed && behind > 0 { end } else { "" };
    let is_spaced = text[behind..].trim_start_matches('\r').starts_with('\n') || text[behind..].is_empty();
    let after = if is_spaced { "" } else { end };
    let unfinished = if text[..behind].ends_with('\n') || behind == begin(text) { "" } else { end };
    Some(Edit::insert(behind, format!("{unfinished}{before}import os{end}{after}")))
}

/// Whether an empty line follows a comment.
fn is_last_of_block(text: &str, comment: &TopLevel) -> bool {
    next_line(text, comment.span.end)
        .is_none_or(|next| text[next..].trim_start_matches('\r').starts_with('\n'))
}

/// The path of an import without a name of its own.
static GO_IMPORT: Pattern = regex!(r#"(?m)^[ \t]*(?:import[ \t]*\(?[ \t]*)?["`]([^"`\n]+)["`]"#);

/// What a lookup needs, in the order that gofmt keeps in the first group of the import block; without a block imports of
/// their own.
pub(super) fn go(site: &Site<'_>) -> Imports {
    Imports::adding(go_packages(site))
}

fn go_packages(site: &Site<'_>) -> Vec<Edit> {
    let text = site.text;
    let nodes = site.language.top_level(text);
    let imports: Vec<&TopLevel> = nodes.iter().filter(|node| node.kind == "import_declaration").collect();
    let is_imported = |path: &str| {
        imports.iter().any(|node| {
            GO_IMPORT.captures_iter(&text[node.span.clone()]).any(|captures| &captures[1] == path)
        })
    };
    let wanted: &[&str] = if site.fallback == Fallback::Number { &["cmp", "os"] } else { &["os"] };
    let missing: Vec<&str> = wanted.iter().copied().filter(|path| !is_imported(path)).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let end = line_end(text);
    let is_block =
        |node: &&&TopLevel| text[node.span.clone()].contains('(') && text[node.span.clone()].contains('\n');
    if let Some(block) = imports.iter().find(is_block) {
        let lines = missing.into_iter().map(|path| (place_in_block(text, block, path), path));
        return lines.fold(Vec::new(), |mut edits: Vec<Edit>, (at, path)| {
            let line = format!("\t\"{path}\"{end}");
            match edits.last_mut().filter(|edit| edit.span.start == at) {
                Some(edit) => edit.text.push_str(&line),
                None => edits.push(Edit::insert(at, line)),
            }
            edits
        });
    }
    let lines: String = missing.iter().map(|path| format!("import \"{path}\"{end}")).collect();
    let first = imports.first().copied();
    let Some(node) = first.or_else(|| nodes.iter().find(|node| node.kind == "package_clause")) else {
        return Vec::new();
    };
    // An empty line parts the imports from the package.
    let gap = if first.is_none() { end } else { "" };
    vec![match next_line(text, node.span.end) {
        Some(next) => Edit::insert(next, format!("{gap}{lines}")),
        None => Edit::insert(text.len(), format!("{gap}{end}{lines}")),
    }]
}

/// Where a path belongs in the first group of an import block, which ends with an empty line. Imports with a name and
/// comments are passed over.
fn place_in_block(text: &str, block: &TopLevel, path: &str) -> usize {
    let quoted = format!("\"{path}\"");
    let mut at = next_line(text, block.span.start).unwrap_or(block.span.end);
    for line in text[at..block.span.end].split_inclusive('\n') {
        let other = line.trim();
        if other.is_empty() || other == ")" || (other.starts_with('"') && other > quoted.as_str()) {
            break;
        }
        at += line.len();
    }
    at
}

static C_STDLIB: Pattern = regex!(r"(?m)^[ \t]*#[ \t]*include[ \t]*<(?:stdlib\.h|cstdlib)>");
static C_INCLUDE: Pattern = regex!(r"(?m)^[ \t]*#[ \t]*include\b");

/// `#include <stdlib.h>`, before the first that is included, and outside of conditions; where nothing
/// is, behind the comments that the text begins with.
pub(super) fn stdlib(site: &Site<'_>) -> Imports {
    Imports::adding(c_stdlib(site))
}

fn c_stdlib(site: &Site<'_>) -> Option<Edit> {
    let text = site.text;
    let nodes = site.language.top_level(text);
    let is_included = |node: &TopLevel| {
        let written = &text[node.span.clone()];
        C_STDLIB.is_match(written) && (node.kind == "preproc_include" || is_guard(text, node))
    };
    if nodes.iter().any(is_included) {
        return None;
    }
    let first = nodes
        .iter()
        .find(|node| node.kind.starts_with("preproc") && C_INCLUDE.is_match(&text[node.span.clone()]))
        .or_else(|| nodes.iter().find(|node| node.kind != "comment"));
    let at = first.map_or(begin(text), |node| {
        text[..node.span.start].rfind('\n').map_or(begin(text), |newline| newline + 1)
    });
    Some(Edit::insert(at, format!("#include <stdlib.h>{}", line_end(text))))
}

/// Whether a condition is the one around a whole header, which holds once.
fn is_guard(text: &str, node: &TopLevel) -> bool {
    let written = &text[node.span.clone()];
    let mut words = written.split_whitespace();
    words.next() == Some("#ifndef")
        && words.next().is_some_and(|name| written.contains(&format!("#define {name}")))
        && text[node.span.end..].trim().is_empty()
}

/// `import 'dart:io';`. A part of a library has the imports of that.
pub(super) fn dart_io(site: &Site<'_>) -> Imports {
    let is_there = |node: &TopLevel| {
        let written = &site.text[node.span.clone()];
        node.kind.starts_with("part_of")
            || node.kind == "import_or_export" && written.contains("dart:io") && written.starts_with("import")
    };
    before_imports(site, "import_or_export", &["library_name"], "import 'dart:io';", is_there)
}

/// `import Foundation`, which other frameworks of Apple and Vapor import too.
pub(super) fn swift_foundation(site: &Site<'_>) -> Imports {
    let is_there = |node: &TopLevel| {
        let written = &site.text[node.span.clone()];
        node.kind == "import_declaration"
            && ["Foundation", "Vapor"].iter().any(|module| written.ends_with(module))
    };
    before_imports(site, "import_declaration", &[], "import Foundation", is_there)
}

/// An import before the first one of that kind; where there is none, behind comments and `heads`, with an empty line.
fn before_imports(
    site: &Site<'_>,
    kind: &str,
    heads: &[&str],
    import: &str,
    is_there: impl Fn(&TopLevel) -> bool,
) -> Imports {
    let (text, nodes) = (site.text, site.language.top_level(site.text));
    if nodes.iter().any(is_there) {
        return Imports::default();
    }
    let is_head = |node: &&TopLevel| node.kind.contains("comment") || heads.contains(&node.kind.as_str());
    let first = nodes.iter().find(|node| node.kind == kind);
    let found = first.or_else(|| nodes.iter().find(|node| !is_head(node)));
    let at = found.map_or(text.len(), |node| {
        text[..node.span.start].rfind('\n').map_or(begin(text), |newline| newline + 1)
    });
    let end = line_end(text);
    let gap = if first.is_none() { end } else { "" };
    Imports::adding([Edit::insert(at, format!("{import}{end}{gap}"))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;
    use crate::rewrite::apply;

    fn with(language: Language, import: fn(&Site<'_>) -> Imports, text: &str) -> String {
        let site = Site::new("", text, language);
        apply(text, import(&site).at(&(text.len()..text.len()))).unwrap()
    }

    #[test]
    fn python_imports_os_once_and_where_imports_stand() {
        let with = |text| with(Language::Python, python, text);
        assert_eq!(with("import sys\nx = 1\n"), "import os\nimport sys\nx = 1\n");
        assert_eq!(
            with("import json\nimport sys\n\nimport flask\n"),
            "import json\nimport os\nimport sys\n\nimport flask\n"
        );
        assert_eq!(with("import json\nfrom x import y\n"), "import json\nimport os\nfrom x import y\n");
        assert_eq!(with("import json\n\nfrom x import y\n"), "import json\nimport os\n\nfrom x import y\n");
        assert_eq!(with("import os, sys\n"), "import os, sys\n");
        assert_eq!(with("import sys, os\n"), "import sys, os\n");
        assert_eq!(with("import os.path\n"), "import os\nimport os.path\n");
        assert_eq!(
            with("try:\n    import os\nfinally: pass\n"),
            "import os\n\ntry:\n    import os\nfinally: pass\n"
        );
        assert_eq!(with("import sys\r\n"), "import os\r\nimport sys\r\n");
        assert_eq!(with("\u{feff}import sys\n"), "\u{feff}import os\nimport sys\n");
    }

    #[test]
    fn python_leaves_what_a_program_begins_with_at_its_begin() {
        let with = |text| with(Language::Python, python, text);
        assert_eq!(with("#!/usr/bin/python3\nx = 1\n"), "#!/usr/bin/python3\nimport os\n\nx = 1\n");
        assert_eq!(
            with("#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n\nx = 1\n"),
            "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\nimport os\n\nx = 1\n"
        );
        assert_eq!(with("\"\"\"Doc.\"\"\"\nx = 1\n"), "\"\"\"Doc.\"\"\"\n\nimport os\n\nx = 1\n");
        assert_eq!(
            with("\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport sys\n"),
            "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport os\nimport sys\n"
        );
        assert_eq!(with("# what x is\nx = 1\n"), "import os\n\n# what x is\nx = 1\n");
        // A line in a string is no import, and one below is too late for what is above it.
        assert_eq!(with("s = '''\nimport a\n'''\n"), "import os\n\ns = '''\nimport a\n'''\n");
        assert_eq!(with("x = 1\nimport sys\n"), "import os\n\nx = 1\nimport sys\n");
        let late = "x = 1\nimport os\ny = 2\n";
        let imports = python(&Site::new("", late, Language::Python));
        assert_eq!(apply(late, imports.at(&(4..5))).unwrap(), format!("import os\n\n{late}"));
        assert!(imports.at(&(20..21)).is_empty());
        assert_eq!(with("\"\"\"Doc.\"\"\""), "\"\"\"Doc.\"\"\"\n\nimport os\n");
    }

    #[test]
    fn go_imports_each_package_once_and_in_order() {
        let with = |text| with(Language::Go, go, text);
        assert_eq!(
            with("package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n\n\t\"x.org/a\"\n)\n"),
            "package main\n\nimport (\n\t\"cmp\"\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n\n\t\"x.org/a\"\n)\n"
        );
        assert_eq!(
            with("package main\n\nimport (\n\t\"time\"\n)\n"),
            "package main\n\nimport (\n\t\"cmp\"\n\t\"os\"\n\t\"time\"\n)\n"
        );
        assert_eq!(
            with("package main\n\nimport \"fmt\"\n"),
            "package main\n\nimport \"fmt\"\nimport \"cmp\"\nimport \"os\"\n"
        );
        assert_eq!(with("package main\n"), "package main\n\nimport \"cmp\"\nimport \"os\"\n");
        assert_eq!(with("package main"), "package main\n\nimport \"cmp\"\nimport \"os\"\n");
        assert_eq!(
            with("package main\n\nimport \"os\"\n"),
            "package main\n\nimport \"os\"\nimport \"cmp\"\n"
        );
        let complete = "package main\n\nimport (\n\t\"cmp\"\n\t\"os\"\n)\n";
        assert_eq!(with(complete), complete);
        assert_eq!(
            with("// Package main\npackage main\n\n/*\nimport (\n*/\nimport \"C\"\n"),
            "// Package main\npackage main\n\n/*\nimport (\n*/\nimport \"C\"\nimport \"cmp\"\nimport \"os\"\n"
        );
    }

    #[test]
    fn c_includes_stdlib_once_and_outside_of_conditions() {
        let with = |text| with(Language::Cpp, stdlib, text);
        assert_eq!(
            with("/* a */\n#define _GNU_SOURCE\n#include <stdio.h>\n"),
            "/* a */\n#define _GNU_SOURCE\n#include <stdlib.h>\n#include <stdio.h>\n"
        );
        assert_eq!(
            with("#ifdef _WIN32\n#include <stdlib.h>\n#endif\nint x;\n"),
            "#include <stdlib.h>\n#ifdef _WIN32\n#include <stdlib.h>\n#endif\nint x;\n"
        );
        let guarded = "#ifndef A_H\n#define A_H\n#include <stdlib.h>\n#endif\n";
        assert_eq!(with(guarded), guarded);
        assert_eq!(with("// a\nint x;\n"), "// a\n#include <stdlib.h>\nint x;\n");
        assert_eq!(with("#include <cstdlib>\n"), "#include <cstdlib>\n");
    }

    #[test]
    fn an_import_is_added_once_before_the_others() {
        let dart = |text| with(Language::Dart, dart_io, text);
        assert_eq!(
            dart("import 'package:shelf/shelf.dart';\n"),
            "import 'dart:io';\nimport 'package:shelf/shelf.dart';\n"
        );
        assert_eq!(dart("import \"dart:io\" show File;\n"), "import \"dart:io\" show File;\n");
        assert_eq!(
            dart("// The shop.\nvar port = 1;\n"),
            "// The shop.\nimport 'dart:io';\n\nvar port = 1;\n"
        );
        assert_eq!(dart("part of 'shop.dart';\n"), "part of 'shop.dart';\n");
        let swift = |text| with(Language::Swift, swift_foundation, text);
        assert_eq!(swift("import NIO\n"), "import Foundation\nimport NIO\n");
        assert_eq!(swift("import Vapor\n"), "import Vapor\n");
        assert_eq!(swift("let port = 1\n"), "import Foundation\n\nlet port = 1\n");
    }
}
