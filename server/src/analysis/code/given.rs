//! Maps that give a program its environment: `env: { PORT: 3000 }` of pm2, `spawn` and Playwright.

use tree_sitter::Node;

use super::{Role, Source};
use crate::analysis::occurrence::{Meaning, Occurrence};
use crate::analysis::tree::Path;
use crate::port::Port;
use crate::variable::Variable;

/// What the maps around a value make of it.
pub(super) enum Given {
    /// Nothing: no environment is given there.
    Nothing,
    /// The whole value is a variable's.
    Variable(Occurrence),
    /// It is for production, which is not this machine's to decide: `env_production` of pm2.
    Production,
}

/// What the maps around the number at the end of a path make of it.
pub(super) fn given(source: &Source<'_>, path: &Path<'_>, port: Port) -> Given {
    let mut child = path.leaf();
    let mut names: Vec<Node<'_>> = Vec::new();
    for parent in path.above(child) {
        if let Some((_, name)) =
            source.syntax.binding(parent, child).filter(|(binding, _)| binding.role == Role::Entry)
        {
            names.push(name);
        }
        child = parent;
    }
    if names.iter().any(|name| source.packs.names.gives_production(bare(source, *name))) {
        return Given::Production;
    }
    match names.as_slice() {
        [name, map, ..]
            if source.packs.names.gives_environment(bare(source, *map)) && is_whole(source, path) =>
        {
            match bare(source, *name).parse::<Variable>() {
                Ok(variable) if source.packs.names.is_port_variable(&variable) => {
                    let meaning = Meaning::Definition { variable, port: Some(port) };
                    Given::Variable(Occurrence::new(name.byte_range(), meaning, "entry.environment"))
                }
                _ => Given::Nothing,
            }
        }
        _ => Given::Nothing,
    }
}

fn bare<'a>(source: &Source<'a>, name: Node<'_>) -> &'a str {
    source.text_of(name).trim_matches(['"', '\'', '`', ':'])
}

/// Whether the number is all that is given, not part of an address.
fn is_whole(source: &Source<'_>, path: &Path<'_>) -> bool {
    let value = source.text_of(path.leaf());
    value.trim_matches(['"', '\'', '`']).bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Language, SyntaxCache, analyze};

    #[test]
    fn entry_environment_needs_a_map_of_variables() {
        let defines = |text: &str| {
            let language = Language::JavaScript;
            let analysis = analyze(text, language, &mut SyntaxCache::default());
            analysis
                .occurrences
                .iter()
                .any(|occurrence| occurrence.decided_by.as_str() == "entry.environment")
        };
        assert!(defines("const a = { env: { PORT: 3000 } }"));
        assert!(!defines("const a = { other: { PORT: 3000 } }"));
        assert!(!defines("const a = { env_production: { PORT: 3000 } }"));
    }
}
