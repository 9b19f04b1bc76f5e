//! A module stands above all that it imports: the order that `lib.rs` states, and no import cycle at any level.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The path of a module from the top of the crate: `["lsp", "server"]`.
type Module = Vec<String>;

/// Modules of the analysis that count as one. A file in one language can hold a file in any other, so the table of the
/// languages and their readers know each other.
const LANGUAGES: &[&str] = &["language", "languages", "embedded"];

/// What each module imports.
struct Imports(BTreeMap<Module, BTreeSet<Module>>);

#[test]
fn a_module_imports_only_what_stands_below_it() {
    let order = stated_order();
    let rank = |name: &str| order.iter().position(|group| group.iter().any(|other| other == name));
    let mut wrong = Vec::new();
    for (from, to) in Imports::of_the_crate().between_children_of(&[]) {
        let (Some(above), Some(below)) = (rank(&from), rank(&to)) else {
            wrong.push(format!("{from} or {to} has no place in the order of lib.rs"));
            continue;
        };
        // Only the vocabulary, at the bottom, is one group whose modules use each other.
        if above < below || above == below && above > 0 {
            wrong.push(format!("{from} imports {to}, which does not stand below it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let imports = Imports::of_the_crate();
    let mut circles = Vec::new();
    for parent in imports.parents() {
        let edges = imports.between_children_of(&parent);
        circles.extend(circle(&edges).map(|names| format!("{}: {}", parent.join("::"), names.join(" -> "))));
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn what_is_imported_is_found_however_it_is_written() {
    let of = |text: &str| imported(text, &["lsp".to_owned(), "hover".to_owned()]);
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    assert_eq!(
        of("use super::{server::Server, text};"),
        [module("lsp::server::Server"), module("lsp::text")]
    );
    assert_eq!(
        of("use crate::a::{self, b::{c, d as e}};"),
        [module("a"), module("a::b::c"), module("a::b::d")]
    );
    assert_eq!(of("let x = super::super::ports::of();"), [module("ports::of")]);
    assert_eq!(of("// use crate::a;\n#[cfg(test)]\nmod tests {\n    use crate::b;\n}"), [[""; 0]; 0]);
}

/// The groups of `lib.rs`, the lowest first.
fn stated_order() -> Vec<Vec<String>> {
    let text = include_str!("lib.rs");
    let stated: String = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! "))
        .skip_while(|line| !line.starts_with('`'))
        .take_while(|line| line.contains('<'))
        .collect();
    let group = |group: &str| group.trim_matches(['`', ' ', '.']).split(", ").map(str::to_owned).collect();
    stated.split('<').map(group).collect()
}

impl Imports {
    fn of_the_crate() -> Self {
        let mut imports = Self(BTreeMap::new());
        imports.read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &[]);
        imports
    }

    fn read(&mut self, directory: &Path, module: &[String]) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let module: Module = module.iter().cloned().chain([name.to_owned()]).collect();
            if name == "tests" || name == "module_order" || name == "main" {
                continue;
            }
            if path.is_dir() {
                self.read(&path, &module);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let own =
                    if matches!(name, "mod" | "lib") { &module[..module.len() - 1] } else { &module[..] };
                let imported = imported(&fs::read_to_string(&path).unwrap(), own);
                self.0.entry(own.to_vec()).or_default().extend(imported);
            }
        }
    }

    /// The modules that have modules.
    fn parents(&self) -> BTreeSet<Module> {
        self.0.keys().flat_map(|module| (0..module.len()).map(|length| module[..length].to_vec())).collect()
    }

    /// Which child of a module imports which other.
    fn between_children_of(&self, parent: &[String]) -> BTreeSet<(String, String)> {
        let child = |module: &[String]| match module.strip_prefix(parent) {
            Some([child, ..]) if parent == ["analysis"] && LANGUAGES.contains(&child.as_str()) => {
                Some(LANGUAGES[0].to_owned())
            }
            Some([child, ..]) => Some(child.clone()),
            _ => None,
        };
        let is_module = |name: &String| {
            let path: Module = parent.iter().chain([name]).cloned().collect();
            self.0.contains_key(&path)
        };
        let edges = self.0.iter().flat_map(|(module, imports)| {
            let from = child(module);
            imports.iter().filter_map(move |import| Some((from.clone()?, child(import)?)))
        });
        edges.filter(|(from, to)| from != to && is_module(to)).collect()
    }
}

/// What a file imports, as paths from the top of the crate; its tests are not looked at.
fn imported(text: &str, module: &[String]) -> Vec<Module> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = ["crate::", "super::", "self::"].iter().filter_map(|start| rest.find(start)).min() {
        let is_path =
            !rest[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | ':'));
        rest = if is_path { tree(&rest[at..], module, &mut found) } else { &rest[at + 1..] };
    }
    found
}

/// Reads a path or a tree of paths and returns what follows it.
fn tree<'a>(text: &'a str, base: &[String], found: &mut Vec<Module>) -> &'a str {
    let mut path = base.to_vec();
    let mut rest = text.trim_start();
    loop {
        let end = rest.find(|at: char| !(at.is_alphanumeric() || at == '_')).unwrap_or(rest.len());
        match &rest[..end] {
            "crate" => path.clear(),
            "super" => drop(path.pop()),
            "self" => {}
            name => path.push(name.to_owned()),
        }
        rest = &rest[end..];
        let Some(below) = rest.strip_prefix("::") else { break };
        rest = below.trim_start();
        if let Some(mut list) = rest.strip_prefix('{') {
            loop {
                list = list.trim_start_matches([',', ' ', '\n']);
                if list.is_empty() || list.starts_with('}') {
                    return list.get(1..).unwrap_or_default();
                }
                list = tree(list, &path, found);
            }
        }
        if rest.starts_with(['*', '<']) {
            break;
        }
    }
    found.push(path);
    match rest.strip_prefix(" as ") {
        Some(alias) => &alias[alias.find([',', ';', '}']).unwrap_or(alias.len())..],
        None => rest.strip_prefix('*').unwrap_or(rest),
    }
}

/// Modules that import each other in a circle, if there are any.
fn circle(edges: &BTreeSet<(String, String)>) -> Option<Vec<String>> {
    let mut left = edges.clone();
    // What imports nothing that is left is in no circle.
    loop {
        let importing: BTreeSet<String> = left.iter().map(|(from, _)| from.clone()).collect();
        let before = left.len();
        left.retain(|(_, to)| importing.contains(to));
        if left.len() == before {
            break;
        }
    }
    let mut way = vec![left.first()?.0.clone()];
    loop {
        let next = left.iter().find(|(from, _)| way.last() == Some(from))?.1.clone();
        if let Some(start) = way.iter().position(|name| *name == next) {
            way.drain(..start);
            way.push(next);
            return Some(way);
        }
        way.push(next);
    }
}
