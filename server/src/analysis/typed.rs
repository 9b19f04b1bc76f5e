//! A lookup of a variable that somebody is typing, in a text that need not be finished: `process.env.` with nothing behind
//! it, `os.environ["` without its end.
//!
//! A name is put in, what is open is closed, and the text is read as any other. So whatever reads a variable in a file is a
//! place to complete one, and a comment is none.

use std::ops::Range;

use tree_sitter::Node;

use super::code::Syntax;
use super::decided_by::DecidedBy;
use super::occurrence::Meaning;
use super::packs::{Lookups, Packs};
use super::{Analysis, Language, SyntaxCache, analyze_by};
use crate::pattern::{Pattern, regex};

/// The name that is put in: one of a port, in capitals, that nobody uses.
const NAME: &str = "TYPED_HERE_PORT";

/// How far around the name a lookup is looked for, in bytes.
const REACH: usize = 400;

/// What may be before a lookup in its expression: the path of what is called.
static PATH: Pattern = regex!(r"^[A-Za-z0-9_.:\\/$@(\s]*$");

/// What may be behind it.
static CLOSED: Pattern = regex!(r#"^[\s)\]}"'`]*$"#);

/// A lookup that is being typed.
#[derive(Debug)]
pub struct TypedLookup {
    /// The bytes of the name as far as it is typed; empty before its first letter.
    pub name: Range<usize>,
    /// The text with the lookup finished.
    pub finished: String,
    /// The bytes of the name in the finished text.
    pub finished_name: Range<usize>,
    /// How many bytes close there what the text leaves open.
    closing: usize,
    /// What the finished text says.
    pub analysis: Analysis,
    /// Whether the lookup has a default.
    pub has_default: bool,
    /// What decided that a variable is read there.
    pub decided_by: DecidedBy,
    /// The bytes of the whole lookup in the finished text of a program, where they are in one line.
    pub expression: Option<Range<usize>>,
}

impl TypedLookup {
    /// The lookup around a byte offset of a text; `None` where no variable of the environment is read.
    #[must_use]
    pub fn at(text: &str, offset: usize, language: Language, packs: &Packs) -> Option<Self> {
        let name = word_at(text, offset)?;
        let syntax = language.syntax();
        let lookups = syntax.map(|syntax| packs.environment.lookups(syntax.grammar));
        closings(text, &name).iter().find_map(|closing| {
            let finished = format!("{}{NAME}{closing}{}", &text[..name.start], &text[name.end..]);
            let finished_name = name.start..name.start + NAME.len();
            let whole = match lookups {
                // No parse where no row reads a variable.
                Some(lookups) => Some(lookup_of(&finished, &finished_name, lookups)?),
                None => None,
            };
            let mut cache = SyntaxCache::default();
            let analysis = analyze_by(&finished, language, packs, &mut cache);
            let read = analysis.exactly_at(&finished_name).find_map(|occurrence| match &occurrence.meaning {
                Meaning::Reference { has_default, .. } => Some((*has_default, occurrence.decided_by.clone())),
                _ => None,
            });
            let (has_default, decided_by) = read?;
            let whole = whole.flatten();
            // The text of a string is no code, though a lookup in it may be some program's.
            if let (Some(syntax), Some(whole)) = (syntax, &whole)
                && is_in_string(syntax, &cache, whole.start)
            {
                return None;
            }
            let expression = whole.and_then(|whole| expression(&finished, &whole, &cache));
            Some(Self {
                name: name.clone(),
                closing: closing.len(),
                finished,
                finished_name,
                analysis,
                has_default,
                decided_by,
                expression,
            })
        })
    }

    /// The byte offset of the typed text that one of the finished text is.
    #[must_use]
    pub fn typed(&self, finished: usize) -> usize {
        let end = self.finished_name.end + self.closing;
        if finished <= self.name.start {
            finished
        } else if finished < end {
            self.name.end
        } else {
            finished - end + self.name.end
        }
    }
}

/// The name around a byte offset; `None` where a number is.
fn word_at(text: &str, offset: usize) -> Option<Range<usize>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (before, after) = (text.get(..offset)?, text.get(offset..)?);
    let start = offset - before.bytes().rev().take_while(is_word).count();
    let end = offset + after.bytes().take_while(is_word).count();
    (!text[start..end].starts_with(|first: char| first.is_ascii_digit())).then_some(start..end)
}

/// What may close behind the name what its line leaves open, the likeliest first.
fn closings(text: &str, name: &Range<usize>) -> Vec<String> {
    let before = text[..name.start].rsplit('\n').next().unwrap_or_default();
    let after = text[name.end..].split(['\n', '\r']).next().unwrap_or_default();
    let mut open = Open::default();
    open.read(before);
    let closing = |count: usize| open.0.iter().rev().take(count).collect::<String>();
    let is_closed = |count: &usize| {
        let mut rest = Open(open.0[..open.0.len() - count].to_vec());
        rest.read(after);
        rest.0.is_empty()
    };
    let mut closings = match (0..=open.0.len()).find(is_closed) {
        Some(count) => vec![closing(count)],
        None => vec![String::new(), closing(open.0.len())],
    };
    // `%NAME%`: the same sign on both sides.
    closings.extend(before.chars().next_back().filter(char::is_ascii_punctuation).map(String::from));
    closings.dedup();
    closings
}

/// The quotes and brackets that are open, each by what closes it.
#[derive(Default)]
struct Open(Vec<char>);

impl Open {
    fn read(&mut self, text: &str) {
        let mut before = ' ';
        for character in text.chars() {
            let is_quoted = self.0.last().is_some_and(|last| matches!(last, '"' | '\'' | '`'));
            match character {
                _ if is_quoted && before == '\\' => {}
                closing if self.0.last() == Some(&closing) => drop(self.0.pop()),
                // What is in braces is code in many a string.
                '{' => self.0.push('}'),
                '(' if !is_quoted || before == '$' => self.0.push(')'),
                '[' if !is_quoted => self.0.push(']'),
                quote @ ('"' | '\'' | '`') if !is_quoted => self.0.push(quote),
                _ => {}
            }
            // A backslash behind a backslash escapes nothing.
            before = if before == '\\' && character == '\\' { ' ' } else { character };
        }
    }
}

/// The lookup that has the name, in the text around it: `Some(None)` where the name is taken out of what holds the
/// variables, `{ NAME } = process.env`.
fn lookup_of(text: &str, name: &Range<usize>, lookups: &Lookups) -> Option<Option<Range<usize>>> {
    let mut start = name.start.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = (name.end + REACH).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = &text[start..end];
    let name = name.start - start..name.end - start;
    let whole = lookups.all_in(window).find(|lookup| lookup.name == name).map(|lookup| lookup.whole);
    match whole {
        Some(whole) => Some(Some(start + whole.start..start + whole.end)),
        None => {
            let mut taken = lookups.taken_apart_in(window);
            taken.any(|taken| taken.names.start <= name.start && name.end <= taken.names.end).then_some(None)
        }
    }
}

/// Whether a byte offset lies in a string, and not in an expression in one.
fn is_in_string(syntax: &Syntax, cache: &SyntaxCache, at: usize) -> bool {
    let node = cache.tree().and_then(|tree| tree.root_node().descendant_for_byte_range(at, at + 1));
    let kinds = std::iter::successors(node, Node::parent).map(|node| node.kind());
    let mut ends = kinds.filter(|kind| syntax.strings.contains(kind) || syntax.interpolations.contains(kind));
    ends.next().is_some_and(|kind| syntax.strings.contains(&kind))
}

/// The expression that is the lookup, by the tree: `os.environ["NAME"]` of `environ["NAME"]`.
fn expression(text: &str, whole: &Range<usize>, cache: &SyntaxCache) -> Option<Range<usize>> {
    let root = cache.tree()?.root_node();
    let node = root.descendant_for_byte_range(whole.start, whole.end)?;
    // Of `env.NAME` in `process.env.NAME` the whole is meant.
    let is_same = |node: &Node<'_>| {
        let span = node.byte_range();
        let (before, after) = (text.get(span.start..whole.start), text.get(whole.end..span.end));
        !node.is_error()
            && before.is_some_and(|before| PATH.is_match(before))
            && after.is_some_and(|after| CLOSED.is_match(after))
            && !text[span].contains('\n')
    };
    Some(node).filter(is_same).map(|node| node.byte_range())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What is read where the mark is: the whole lookup, or only the name, with a sign for a default.
    fn typed(path: &str, marked: &str) -> Option<String> {
        let offset = marked.find('‸').unwrap();
        let text = marked.replace('‸', "");
        let language = Language::of_path(Path::new(path)).unwrap();
        let lookup = TypedLookup::at(&text, offset, language, Packs::built_in())?;
        let span = lookup.expression.clone().unwrap_or(lookup.finished_name.clone());
        let default = if lookup.has_default { ":-" } else { "" };
        Some(format!("{}{default}", lookup.finished[span].replace(NAME, "_")))
    }

    fn is_read(path: &str, marked: &str, expected: &str) {
        assert_eq!(typed(path, marked).as_deref(), Some(expected), "{path}: {marked}");
    }

    #[test]
    fn a_lookup_is_known_in_every_form_before_it_is_finished() {
        for (path, marked, expected) in [
            ("a.js", "app.listen(process.env.‸", "process.env._"),
            ("a.js", "app.listen(process.env.WE‸)", "process.env._"),
            ("a.js", "app.listen(process.env['‸", "process.env['_']"),
            ("a.js", "const { ‸ } = process.env", "_"),
            ("a.js", "fetch(`http://localhost:${process.env.‸`)", "process.env._"),
            ("a.ts", "const a = import.meta.env.‸\nconst b = 1\n", "import.meta.env._"),
            ("a.ts", "Deno.env.get(\"‸", "Deno.env.get(\"_\")"),
            ("a.vue", "<script>\nconst a = import.meta.env.‸\n</script>\n", "import.meta.env._"),
            ("a.py", "app.run(port=os.environ[\"‸", "os.environ[\"_\"]"),
            ("a.py", "app.run(port=os.getenv('WEB‸'))", "os.getenv('_')"),
            ("a.py", "url = f\"http://localhost:{os.environ['‸", "os.environ['_']"),
            ("a.rb", "a = ENV[\"‸", "ENV[\"_\"]"),
            ("a.rb", "a = ENV.fetch(\"‸\")", "ENV.fetch(\"_\")"),
            ("a.go", "package a\nvar b = os.Getenv(\"‸", "os.Getenv(\"_\")"),
            ("a.rs", "fn f() { let a = std::env::var(\"‸; }", "std::env::var(\"_\")"),
            ("a.java", "class A { String a = System.getenv(\"‸", "System.getenv(\"_\")"),
            ("a.kt", "val a = System.getenv(\"‸", "System.getenv(\"_\")"),
            ("a.php", "<?php $a = getenv('‸", "getenv('_')"),
            (
                "a.cs",
                "class A { string a = Environment.GetEnvironmentVariable(\"‸",
                "Environment.GetEnvironmentVariable(\"_\")",
            ),
            ("a.exs", "a = System.get_env(\"‸", "System.get_env(\"_\")"),
            ("a.lua", "local a = os.getenv(\"‸", "os.getenv(\"_\")"),
            ("a.pl", "my $a = $ENV{‸", "$ENV{_}"),
            ("a.sh", "curl localhost:$‸", "_"),
            ("a.sh", "curl \"localhost:${WE‸", "_"),
            ("a.ps1", "$a = $env:‸", "_"),
            ("a.bat", "curl localhost:%WE‸", "_"),
            ("Makefile", "run:\n\tcurl localhost:$(‸", "_"),
            ("Makefile", "run:\n\tcurl localhost:$(‸)\n", "_"),
            ("compose.yaml", "services:\n  web:\n    ports:\n      - \"${‸\n", "_"),
            ("compose.yaml", "services:\n  web:\n    ports:\n      - \"${‸}:80\"\n", "_"),
            ("application.properties", "server.port=${‸", "_"),
            ("application.yml", "server:\n  port: ${‸\n", "_"),
            ("Caddyfile", "localhost:{$‸\n", "_"),
            ("Dockerfile", "FROM node\nCMD node . --port $‸\n", "_"),
            ("web.service", "[Service]\nExecStart=/usr/bin/web --port ${‸\n", "_"),
            (".env", "URL=http://localhost:${‸\n", "_"),
            ("package.json", "{\"scripts\": {\"dev\": \"vite --port $‸\"}}", "_"),
            ("A.java", "class A { @Value(\"${‸\") int port; }", "@Value(\"${_}\")"),
        ] {
            is_read(path, marked, expected);
        }
    }

    #[test]
    fn a_default_behind_the_lookup_is_seen() {
        is_read("a.js", "app.listen(process.env.‸ || 8080)", "process.env._:-");
        is_read("a.py", "os.environ.get(\"‸\", 1)", "_:-");
        is_read("a.sh", "curl localhost:${‸:-8080}", "_:-");
    }

    #[test]
    fn nothing_is_read_in_a_comment_or_beside_a_lookup() {
        for (path, marked) in [
            ("a.js", "// process.env.‸"),
            ("a.js", "app.‸"),
            ("a.js", "const a = 'process.‸'"),
            ("a.js", "const a = 'see process.env.‸'"),
            ("a.ts", "const a = `see process.env.‸`"),
            ("a.py", "a = \"see os.environ['‸']\""),
            ("a.py", "# os.environ[\"‸"),
            ("a.py", "a = \"‸\""),
            ("a.sh", "# $‸"),
            ("a.sh", "echo ‸"),
            ("a.sh", "echo \"‸\""),
            ("a.js", "f(80‸80)"),
            ("compose.yaml", "services:\n  ‸\n"),
            ("Makefile", "‸"),
        ] {
            assert_eq!(typed(path, marked), None, "{path}: {marked}");
        }
    }
}
